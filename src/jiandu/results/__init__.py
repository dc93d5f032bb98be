"""What is told, counted and written."""
