"""Django's name for this context."""

from django.apps import AppConfig


class TopicsConfig(AppConfig):
    name = "jiandu.sources.topics"
    label = "topics"

    def ready(self) -> None:
        from jiandu.base.books.known import come_by_sheet  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.topics.month_sheet import MONTHS  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.topics.sheet import TOPICS  # noqa: PLC0415 -- models are ready only now

        come_by_sheet(TOPICS, MONTHS)
