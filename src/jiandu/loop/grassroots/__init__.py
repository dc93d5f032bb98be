"""Supervision at the grassroots: checks of villages and their checklist, look-backs on assets, the grid, training."""
