"""Django's name for this context."""

from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "jiandu.sources.petitions"
    label = "petitions"
