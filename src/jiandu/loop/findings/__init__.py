"""The heart: problems, their dated steps, measures, evidence, look-backs."""
