"""Django's name for this context."""

from django.apps import AppConfig


class TalksConfig(AppConfig):
    name = "jiandu.sources.talks"
    label = "talks"
