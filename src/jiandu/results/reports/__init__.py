"""The annual review: sentences with measures inside, as page and Word."""
