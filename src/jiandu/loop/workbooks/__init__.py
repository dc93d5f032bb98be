"""An office's ledger in Excel: in comes what the sheet says, out goes what the records say. Composes findings and outcomes."""
