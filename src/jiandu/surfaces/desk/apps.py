"""Django's name for this context."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "jiandu.surfaces.desk"
    label = "desk"
