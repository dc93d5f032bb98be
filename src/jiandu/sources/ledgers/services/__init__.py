"""Verbs of the ledgers: of one estate, and of a month's coverage in bulk."""
