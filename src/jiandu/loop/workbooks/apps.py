"""Django's name for this context."""

from django.apps import AppConfig


class WorkbooksConfig(AppConfig):
    name = "jiandu.loop.workbooks"
    label = "workbooks"
