"""Django's name for this context."""

from django.apps import AppConfig


class OverseersConfig(AppConfig):
    name = "jiandu.net.overseers"
    label = "overseers"

    def ready(self) -> None:
        from jiandu.net.overseers.services import follow_endings  # noqa: PLC0415 -- models are ready only now

        follow_endings()
