"""Evidence files: hash, versions, type check, export and job files on the way out."""
