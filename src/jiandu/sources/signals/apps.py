"""Django's name for this context."""

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "jiandu.sources.signals"
    label = "signals"
