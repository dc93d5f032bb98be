"""Django's name for this context."""

from django.apps import AppConfig


class ContactpointsConfig(AppConfig):
    name = "jiandu.sources.contactpoints"
    label = "contactpoints"
