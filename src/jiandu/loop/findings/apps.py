"""Django's name for this context."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "jiandu.loop.findings"
    label = "findings"

    def ready(self) -> None:
        from jiandu.loop.findings.services.handing import follow, told  # noqa: PLC0415 -- models are ready only now
        from jiandu.loop.findings.services.leaving import VIEWS  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.handing import when_handed  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.hands import when_left  # noqa: PLC0415 -- models are ready only now

        when_handed(follow, told)
        when_left(VIEWS)
