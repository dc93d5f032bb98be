"""Django's name for this context; when it is ready, it becomes the policy that the guard asks."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "jiandu.net.access"
    label = "access"

    def ready(self) -> None:
        from jiandu.base.core import guard, tripwire  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.closing import follow_endings  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.leaving import known_here  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.policy import Decider  # noqa: PLC0415 -- models are ready only now

        guard.register(Decider())
        tripwire.install()
        follow_endings()
        known_here()
