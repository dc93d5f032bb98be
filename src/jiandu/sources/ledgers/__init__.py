"""Ledgers that others keep and we check: revenue of residential estates (小区公共收益)."""
