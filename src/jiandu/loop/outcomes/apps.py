"""Django's name for this context."""

from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "jiandu.loop.outcomes"
    label = "outcomes"

    def ready(self) -> None:
        from jiandu.base.books.known import come_by_sheet  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.outcomes.sheet import RULES  # noqa: PLC0415 -- models are ready only now

        come_by_sheet(RULES)
