"""What stands on the pages of the registers: facts and sections out of the records, without a request."""
