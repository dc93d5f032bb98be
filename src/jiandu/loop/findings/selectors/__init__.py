"""Reads of findings: each module one way of looking, the viewer first; only what is in his scope."""
