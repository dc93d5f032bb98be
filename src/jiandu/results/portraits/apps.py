"""Django's name for this context."""

from django.apps import AppConfig


class PortraitsConfig(AppConfig):
    name = "jiandu.results.portraits"
    label = "portraits"
