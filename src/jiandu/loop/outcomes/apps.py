"""Django's name for this context."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "jiandu.loop.outcomes"
    label = "outcomes"
