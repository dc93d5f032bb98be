"""Work that takes longer than a request: in goes what was asked and by whom, out come a result and how far it has come."""
