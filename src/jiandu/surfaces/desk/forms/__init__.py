"""The desk's forms by room."""
