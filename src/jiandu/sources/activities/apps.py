"""Django's name for this context."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "jiandu.sources.activities"
    label = "activities"
