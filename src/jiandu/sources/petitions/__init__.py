"""信访件: letters, visits, calls and reports come in sealed; tags, dates and steps come out as counts, never who wrote."""
