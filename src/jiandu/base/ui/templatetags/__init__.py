"""Template tags of the look: formats and small helpers."""
