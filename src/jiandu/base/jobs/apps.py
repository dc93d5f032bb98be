"""Django's name for this context."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jiandu.base.jobs"
    label = "jobs"
