"""Django's name for this context."""

from django.apps import AppConfig


class PortraitsConfig(AppConfig):
    name = "jiandu.results.portraits"
    label = "portraits"

    def ready(self) -> None:
        from jiandu.base.books.known import come_by_sheet  # noqa: PLC0415 -- models are ready only now
        from jiandu.results.portraits.sheet import PORTRAITS  # noqa: PLC0415 -- models are ready only now

        come_by_sheet(PORTRAITS)
