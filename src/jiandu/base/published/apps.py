"""Django's name for this context."""

from django.apps import AppConfig


class PublishedConfig(AppConfig):
    name = "jiandu.base.published"
    label = "published"
