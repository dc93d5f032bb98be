"""校数: every number of a draft with its noun, against the measures, what was published, and the sentence itself."""
