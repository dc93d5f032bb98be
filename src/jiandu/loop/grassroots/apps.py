"""Django's name for this context."""

from django.apps import AppConfig


class GrassrootsConfig(AppConfig):
    name = "jiandu.loop.grassroots"
    label = "grassroots"
