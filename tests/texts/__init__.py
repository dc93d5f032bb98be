"""Near-duplicates of texts."""
