"""Django's name for this context."""

from django.apps import AppConfig


class OverseersConfig(AppConfig):
    name = "jiandu.net.overseers"
    label = "overseers"
