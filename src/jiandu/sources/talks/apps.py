"""Django's name for this context."""

from django.apps import AppConfig


class TalksConfig(AppConfig):
    name = "jiandu.sources.talks"
    label = "talks"

    def ready(self) -> None:
        from jiandu.base.books.known import come_by_sheet  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.hands import when_left  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.talks.leaving import PLANS  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.talks.sheet import TALKS  # noqa: PLC0415 -- models are ready only now

        come_by_sheet(TALKS)
        when_left(PLANS)
