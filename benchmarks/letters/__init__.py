"""Made-up petition letters whose repeats are known: two generators with different words, templates and kinds of error."""
