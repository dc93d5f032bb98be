"""The net itself: who is supervised, who supervises, who may see."""
