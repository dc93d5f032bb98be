"""Work that is planned and done: projects with their owners; look-backs."""
