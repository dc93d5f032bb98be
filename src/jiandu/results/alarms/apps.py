"""Django's name for this context."""

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    name = "jiandu.results.alarms"
    label = "alarms"

    def ready(self) -> None:
        from jiandu.net.vaults.resealing import register_resealer  # noqa: PLC0415 -- models are ready only now
        from jiandu.results.alarms.words import sealed_under  # noqa: PLC0415 -- models are ready only now

        register_resealer("alarms", sealed_under)
