"""Django's name for this context."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "jiandu.sources.activities"
    label = "activities"

    def ready(self) -> None:
        from jiandu.base.books.known import come_by_sheet  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.handing import when_handed  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.hands import when_left  # noqa: PLC0415 -- models are ready only now
        from jiandu.net.access.instructing import handed  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.activities.handing import follow, told  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.activities.leaving import LINES, TEAMS  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.activities.models import ActivityInstruction  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.activities.plan_sheet import PLAN_SHEET  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.activities.sheet import DIVISION  # noqa: PLC0415 -- models are ready only now
        from jiandu.sources.activities.visit_sheet import VISITS  # noqa: PLC0415 -- models are ready only now

        when_handed(follow, told)
        when_handed(*handed(ActivityInstruction))
        when_left(TEAMS, LINES)
        come_by_sheet(DIVISION, PLAN_SHEET, VISITS)
