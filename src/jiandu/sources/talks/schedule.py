"""约谈 in the 上门日程: of the viewer's own scope alone. Whoever may not open a talk learns of none, not even of the day."""

from typing import Any
from uuid import UUID

from django.db.models import IntegerField, OuterRef, Subquery, Value

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.net.access.models import Level
from jiandu.sources.activities.schedule import STANDING, Dated, Kind, Span, kept_away
from jiandu.sources.talks.models import Attendee, Invitee, Talk, TalkPlan


def talked(viewer: Viewer, span: Span, *, besides: UUID | None = None) -> list[Dated]:
    """The talks and planned talks with people of the units, one a unit and talk, without a person. One statement.

    `besides`: not the talks of this round. Sealed clues know no unit and are not here; a talk above 内部 is none of anybody's calendar.
    """
    guard.check_is_actor(viewer)
    days, of_units = (span.first, span.last), span.of() & kept_away(viewer)
    talks = Talk.objects.filter(STANDING, level__lte=Level.INTERNAL, on__range=days)
    plans = TalkPlan.objects.filter(TalkPlan.still_open, level__lte=Level.INTERNAL, on__range=days)
    if besides is not None:
        talks, plans = (rows.exclude(source_uid=besides) for rows in (talks, plans))
    told = []
    for model, root, kept, held in ((Attendee, "talk", talks, 1), (Invitee, "plan", plans, 0)):
        of_root = kept.filter(pk=OuterRef(f"{root}_id"))
        seats = model.objects.filter(STANDING, of_units, **{f"{root}__in": kept.values("pk")}).order_by()
        said: dict[str, Any] = {name: Subquery(of_root.values(column)[:1]) for name, column in COLUMNS}
        said["held"] = Value(held, output_field=IntegerField())
        told.append(seats.annotate(**said).values_list("organisation_id", "day", "office", "thing", "held"))
    rows = set(told[0].union(told[1], all=True))
    return [
        Dated(on, unit, Kind.TALK, bool(held), office, ("talk" if held else "talk-plan", uid))
        for unit, on, office, uid, held in sorted(rows, key=lambda row: (row[1], row[0], str(row[3])))
    ]


COLUMNS = (("day", "on"), ("office", "owner_office_id"), ("thing", "uid"))
