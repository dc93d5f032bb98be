"""Django's name for this context."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "jiandu.base.ui"
    label = "ui"
