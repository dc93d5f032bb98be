"""Identifiers, clocks, text, trees, sheets, the guard: plain code without a domain."""
