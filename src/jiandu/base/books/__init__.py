"""Registers as sheets, in and out: what a kind of sheet asks, how a file of it is looked at and taken in, how it leaves.

A mechanism declares its `Book` (columns by the words that offices use) and its `Register` (who takes a row in, by which
verb of which service); preview, all or nothing, errors in place and the empty sheet are said once, here.
"""
