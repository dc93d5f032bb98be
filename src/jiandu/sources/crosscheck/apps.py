"""Django's name for this context."""

from django.apps import AppConfig


class CrosscheckConfig(AppConfig):
    name = "jiandu.sources.crosscheck"
    label = "crosscheck"
