"""Regions, organisations, persons, posts: who is supervised, and who leads whom since when."""
