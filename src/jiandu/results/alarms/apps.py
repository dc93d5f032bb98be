"""Django's name for this context."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    name = "jiandu.results.alarms"
    label = "alarms"
