"""Django's name for this context."""

from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "jiandu.results.publications"
    label = "publications"
