"""A fictional installation to try: built through services, never by hand."""
