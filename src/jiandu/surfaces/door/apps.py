"""Django's name for this context."""

from django.apps import AppConfig


class DoorConfig(AppConfig):
    name = "jiandu.surfaces.door"
    label = "door"
