"""Django's name for this context."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "jiandu.base.files"
    label = "files"
