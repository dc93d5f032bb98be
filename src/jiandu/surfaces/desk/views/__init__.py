"""The desk's views by room."""
