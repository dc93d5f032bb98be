"""Django's name for this context."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "jiandu.surfaces.portal"
    label = "portal"
