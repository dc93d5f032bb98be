"""Writes of cross-checks: what a run said, what officers make of alerts, how an office runs a rule."""
