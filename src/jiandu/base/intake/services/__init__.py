"""Writes of the intake: tickets, caps, keys to seal to, reports and the dialogue."""
