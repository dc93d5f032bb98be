"""Who holds which key: pairs of offices, by compartment; pairs of their members under a passphrase; escrow.

In: members, a passphrase, envelopes to seal anew. Out: public keys to seal to, and what a member's passphrase unlocks.
The database holds private halves only sealed: to a member (whose own lies under Argon2id of the passphrase) and to escrow.
"""
