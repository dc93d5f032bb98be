"""Django's name for this context."""

from django.apps import AppConfig


class VaultsConfig(AppConfig):
    name = "jiandu.net.vaults"
    label = "vaults"
