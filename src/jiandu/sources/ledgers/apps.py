"""Django's name for this context."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "jiandu.sources.ledgers"
    label = "ledgers"

    def ready(self) -> None:
        from jiandu.base.books.known import come_by_sheet  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.ledgers.collective_sheet import REGISTERS  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.ledgers.statement_sheet import STATEMENTS  # noqa: PLC0415 -- models are ready only now

        come_by_sheet(STATEMENTS, *REGISTERS)
