"""Django's name for this context."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "jiandu.results.analysis"
    label = "analysis"
