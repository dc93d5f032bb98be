"""Django's name for this context."""

from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "jiandu.loop.instruments"
    label = "instruments"
