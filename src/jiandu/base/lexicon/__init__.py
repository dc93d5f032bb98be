"""Dictionaries by year, statutes, terms with their article, the holiday table."""
