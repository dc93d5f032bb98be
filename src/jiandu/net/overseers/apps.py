"""Django's name for this context."""

from django.apps import AppConfig


class OverseersConfig(AppConfig):
    name = "jiandu.net.overseers"
    label = "overseers"

    def ready(self) -> None:
        from jiandu.base.books.known import come_by_sheet  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.overseers.rosters.taking import REGISTERS  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.overseers.services import follow_endings  # noqa: PLC0415 -- models are ready only now

        follow_endings()
        come_by_sheet(*REGISTERS)
