"""Verbs of petitions: registering, proposing and routing, handling, telling, and the registers beside them."""
