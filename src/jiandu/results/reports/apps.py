"""Django's name for this context."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "jiandu.results.reports"
    label = "reports"

    def ready(self) -> None:
        from jiandu.net.access.handing import when_handed  # noqa: PLC0415 -- models are ready only now
        from jiandu.results.reports.handing import follow, told  # noqa: PLC0415 -- models are ready only now

        when_handed(follow, told)
