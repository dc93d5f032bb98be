"""Django's name for this context."""

from django.apps import AppConfig


class SubjectsConfig(AppConfig):
    name = "jiandu.net.subjects"
    label = "subjects"
