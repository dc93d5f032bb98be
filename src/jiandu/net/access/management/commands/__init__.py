"""Django commands that this context changes."""
