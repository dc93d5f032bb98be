"""Django's name for this context."""

from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "jiandu.loop.instruments"
    label = "instruments"

    def ready(self) -> None:
        from jiandu.base.books.known import come_by_sheet  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.instruments.sheet import LETTERS  # noqa: PLC0415 -- models are ready only now

        come_by_sheet(LETTERS)
