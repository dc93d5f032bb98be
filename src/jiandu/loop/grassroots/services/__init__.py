"""Verbs: checklists by version, checks and inspections, assets looked back at, the grid, meetings and training."""
