"""The public face of petitions: report, keep the receipt, ask later. Without sign-in, cookies, scripts that must run, or keys that open.

It may use the base, the door's routes and published results; what the inside holds it does not know (pyproject.toml).
"""
