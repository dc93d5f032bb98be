"""Django's name for this context."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "jiandu.loop.findings"
    label = "findings"
