"""Django's name for this context."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "jiandu.base.audit"
    label = "audit"
