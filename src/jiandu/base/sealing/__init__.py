"""Sealing: what only those who hold a key can read. Pure: no tables, no queries.

In: bytes and public keys. Out: envelopes, encrypted streams, receipts, shares of a key, encrypted fields. `suites` holds
the primitives, proved by `vectors` before their first use; everything else is built from a suite.
"""
