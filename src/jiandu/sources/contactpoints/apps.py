"""Django's name for this context."""

from django.apps import AppConfig


class ContactpointsConfig(AppConfig):
    name = "jiandu.sources.contactpoints"
    label = "contactpoints"

    def ready(self) -> None:
        from jiandu.base.books.known import come_by_sheet  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.hands import when_left  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.contactpoints.leaving import POINTS as KEPT_IN_TOUCH  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.contactpoints.problem_sheet import PROBLEMS  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.contactpoints.sheet import POINTS  # noqa: PLC0415 -- models are ready only now

        come_by_sheet(POINTS, PROBLEMS)
        when_left(KEPT_IN_TOUCH)
