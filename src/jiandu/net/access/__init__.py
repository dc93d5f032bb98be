"""Roles, assignments, recusals; the only place that decides what a person may see and do."""
