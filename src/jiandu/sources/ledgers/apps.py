"""Django's name for this context."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "jiandu.sources.ledgers"
    label = "ledgers"
