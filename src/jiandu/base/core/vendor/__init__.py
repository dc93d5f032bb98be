"""The only vendor SQL, by subject: `triggers`, `grams`, `row_security`, `bulk` … Each asks the connection which database it is."""
