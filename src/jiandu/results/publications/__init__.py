"""公开稿: what an office tells the public, drafted by one and confirmed by another, then frozen as a notice of the portal.

In: a title and a text, looked through for personal data. Out: numbered notices in `base.published`, which alone leave the
house; a withdrawal is by two as well and leaves a tombstone.
"""
