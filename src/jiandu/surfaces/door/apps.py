"""Django's name for this context; when it is ready it listens to sign-ins and registers its start-up checks."""

from django.apps import AppConfig


class DoorConfig(AppConfig):
    name = "jiandu.surfaces.door"
    label = "door"

    def ready(self) -> None:
        from jiandu.surfaces.door import checks, events  # noqa: PLC0415 -- models are ready only now

        events.connect()
        checks.register_all()
