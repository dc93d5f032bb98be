"""Django's name for this context."""

from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "jiandu.loop.instruments"
    label = "instruments"

    def ready(self) -> None:
        from jiandu.base.books.known import come_by_sheet  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.findings.models import Finding  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.instruments.models import InstrumentInstruction  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.instruments.report_sheet import COPY_REPORTS  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.instruments.services.rising import follow  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.instruments.sheet import LETTERS  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.handing import when_handed  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.instructing import handed  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.levels import when_closed  # noqa: PLC0415 -- models are ready only now

        come_by_sheet(LETTERS)
        come_by_sheet(COPY_REPORTS)
        when_handed(*handed(InstrumentInstruction))
        when_closed(Finding, follow)
