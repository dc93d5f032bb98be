"""Django's name for this context."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jiandu.base.accounts"
    label = "accounts"
