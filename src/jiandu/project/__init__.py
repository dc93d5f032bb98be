"""Composition root: settings, databases, the URL map."""
