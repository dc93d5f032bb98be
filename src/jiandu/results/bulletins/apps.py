"""Django's name for this context."""

from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "jiandu.results.bulletins"
    label = "bulletins"

    def ready(self) -> None:
        from jiandu.net.access.handing import when_handed  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.instructing import handed  # noqa: PLC0415 -- models are ready only now
        from jiandu.results.bulletins.models import BulletinInstruction  # noqa: PLC0415 -- models are ready only now

        when_handed(*handed(BulletinInstruction))
