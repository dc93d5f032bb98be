"""Django's name for this context."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "jiandu.results.reports"
    label = "reports"
