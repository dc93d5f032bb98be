"""The chained log: every act and every sensitive look, append-only, verifiable offline.

In: what services record in their own transaction. Out: the audit administrator's pages, an outbox that followers read
with a cursor, a verdict on the whole chain. Each file is one step: hashes → chain, anchors → services, selectors.
"""
