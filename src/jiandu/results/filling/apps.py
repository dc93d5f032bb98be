"""Django's name for this context."""

from django.apps import AppConfig


class FillingConfig(AppConfig):
    name = "jiandu.results.filling"
    label = "filling"
