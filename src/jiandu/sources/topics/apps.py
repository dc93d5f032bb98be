"""Django's name for this context."""

from django.apps import AppConfig


class TopicsConfig(AppConfig):
    name = "jiandu.sources.topics"
    label = "topics"
