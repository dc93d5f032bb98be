"""Django's name for this context."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "jiandu.base.intake"
    label = "intake"
