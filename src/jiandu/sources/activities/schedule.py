"""上门日程: on which days a unit is visited, inspected or spot-checked. What the bodies plan weighs on one unit together.

That a unit is visited on a day is known to whoever plans visits, of whichever office (docs/decisions/0042): the kind, the
day and the office, and nothing by which the record could be opened. Levels above 内部 appear to nobody.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import Unit, today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import parts_of_row
from jiandu.base.core.tree import subtree_q
from jiandu.base.lexicon.terms import term
from jiandu.net.access.models import Level, Recusal
from jiandu.net.access.standing import Standing
from jiandu.net.subjects.models import in_force
from jiandu.sources.activities.arrangements import Arrangement
from jiandu.sources.activities.models import Activity, Event, LinkedUnit, Visit

STANDING = Q(withdrawn_on__isnull=True)
TERM = "joint-visit"  # how near two visits of a unit are to be joined: a local default of an installation, by date
DAYS = {Unit.DAY: 1, Unit.WORKING_DAY: 1, Unit.MONTH: 30, Unit.YEAR: 365}


class Kind(models.TextChoices):
    """Why somebody comes to a unit, as far as another office is told."""

    VISIT = "visit", _("走访")
    INSPECTION = "inspection", _("检查")
    SPOT_CHECK = "spot_check", _("抽查")
    LOOK_BACK = "look_back", _("回头看")
    TALK = "talk", _("约谈")


OF_ACTIVITY = {
    Activity.Kind.CHECK: Kind.INSPECTION,
    Activity.Kind.CAMPAIGN: Kind.SPOT_CHECK,
    Activity.Kind.LOOK_BACK: Kind.LOOK_BACK,
}


@dataclass(frozen=True)
class Dated:
    """One dated thing at a unit: planned, or held. `opens`: what its page is of, and the uid; None: not the viewer's."""

    on: date
    unit_id: int
    kind: Kind
    is_held: bool
    office_id: int
    opens: tuple[str, UUID] | None = None


@dataclass(frozen=True)
class Span:
    """Of which units (all, those below a path, or these), from the first to the last day, both included."""

    first: date
    last: date
    path: str = ""
    unit_ids: frozenset[int] | None = None

    def of(self, unit: str = "organisation__") -> Q:
        """The condition on the unit of a row; `unit` leads to it, `subject_` names a record's own copy of the path."""
        wanted = subtree_q(f"{unit}path", self.path) if self.path else Q()
        key = "subject_id" if unit == "subject_" else f"{unit}pk"
        return wanted if self.unit_ids is None else wanted & Q(**{f"{key}__in": sorted(self.unit_ids)})


@dataclass(frozen=True)
class Theirs:
    """A planned day as another office is told of it: enough to name it, and nothing to open it by."""

    office_id: int
    kind: str
    on: date


class Row(NamedTuple):
    """One dated part of an activity as the tables have it: it never leaves without the policy having been asked."""

    activity_id: int
    unit_id: int
    on: date
    is_held: bool
    is_quiet: bool
    uid: UUID


Rows = Callable[[Span, Q], "list[QuerySet[models.Model, Row]]"]


def outings(viewer: Viewer, span: Span, *also: Rows) -> list[Dated]:
    """What activities have dated at the units, in order of date: of the viewer's own scope; of all offices for whoever plans
    visits. `also`: tables of other contexts whose rows are parts of activities.

    Units that the viewer keeps away from, and activities that he is recused from, are left out. Three statements at most.
    """
    told = (one for _row, _activity, one in _told(viewer, span, also))
    return sorted(told, key=lambda one: (one.on, one.unit_id, one.kind))


def plan_named(viewer: Viewer, unit_id: int, theirs: Theirs, *, besides: int) -> tuple[Activity, UUID] | None:
    """(the activity, the uid of the planned day) that `theirs` names, as far as the viewer is told of it; none of the
    activity `besides`. For the service that joins two plans: the record goes to nobody who may not read it.
    """
    span = Span(theirs.on, theirs.on, unit_ids=frozenset({unit_id}))
    for row, activity, one in _told(viewer, span, ()):
        if not one.is_held and activity.pk != besides and Theirs(one.office_id, one.kind, one.on) == theirs:
            return activity, row.uid
    return None


def window(on: date) -> tuple[date, date]:
    """The first and the last day on which another visit of the unit is so near that they had better be one."""
    span = term(TERM, on=on)
    days = timedelta(days=span.amount * DAYS[span.unit])
    return on - days, on + days


def _told(viewer: Viewer, span: Span, also: Iterable[Rows]) -> Iterator[tuple[Row, Activity, Dated]]:
    """What may be told, each with the row and the activity behind it."""
    guard.check_is_actor(viewer)
    away = kept_away(viewer)
    with _reading(viewer):
        first, *others = (rows for source in (_of_activities, *also) for rows in source(span, away))
        rows = [Row(*values) for values in first.union(*others, all=True)]
        known = _activities(viewer, {row.activity_id for row in rows}) if rows else {}
    mine = _openable(viewer, known)
    for row in rows:
        one = _dated(row, known[row.activity_id], mine) if row.activity_id in known else None
        if one is not None:
            yield row, known[row.activity_id], one


def knows_of_others(viewer: Viewer) -> bool:
    """Whether the viewer plans visits, and so is told on which days other bodies come to a unit."""
    return guard.allow(viewer, "edit", Activity)


def kept_away(viewer: Viewer) -> Q:
    """The units that the viewer may read of: none that he must keep away from."""
    paths = viewer.standing.barred_paths if isinstance(viewer.standing, Standing) else ()
    away = Q()
    for path in paths:
        away &= ~subtree_q("organisation__path", path)
    return away


def _reading(viewer: Viewer) -> AbstractContextManager[object]:
    """Everybody's dates as the system, for whoever is told of others; else the viewer's own scope."""
    return guard.acting(guard.system("days of other offices")) if knows_of_others(viewer) else nullcontext()


def _of_activities(span: Span, away: Q) -> "list[QuerySet[models.Model, Row]]":
    """Visits that stand, the planned days of linked units that their round has not visited, and open arrangements."""
    seen = Visit.objects.filter(STANDING, activity=OuterRef("activity"), organisation=OuterRef("organisation"))
    planned = LinkedUnit.objects.filter(~Exists(seen), planned_on__range=(span.first, span.last))
    held = Visit.objects.filter(on__range=(span.first, span.last))
    arranged = Arrangement.objects.filter(Arrangement.still_open, on__range=(span.first, span.last))
    return [
        dated(held, "on", span, away, is_held=True),
        dated(planned, "planned_on", span, away, is_held=False),
        dated(arranged, "on", span, away, is_held=False, quiet="is_unannounced"),
    ]


def dated(
    rows: "QuerySet[models.Model]", day: str, span: Span, away: Q, *, is_held: bool, quiet: str = ""
) -> "QuerySet[models.Model, Row]":
    """Parts of activities as `Row`: those that stand, at units of the span. `quiet`: which column keeps it to its own."""
    named = rows.filter(STANDING, span.of(), away).order_by()
    hidden = Cast(quiet, IntegerField()) if quiet else Value(0, output_field=IntegerField())
    told = named.annotate(day=F(day), held=Value(int(is_held), output_field=IntegerField()), hidden=hidden)
    return told.values_list("activity_id", "organisation_id", "day", "held", "hidden", "uid")


def _activities(viewer: Viewer, keys: Iterable[int]) -> dict[int, Activity]:
    """Those of them that may be told of at all; each with whether its work is over (`is_over`)."""
    recused = Recusal.objects.filter(in_force(today()), user_id=viewer.user_id or 0, thing_uid__isnull=False)
    over = Exists(parts_of_row(Event).filter(STANDING, verb=Event.Verb.FINISH))
    rows = Activity.objects.filter(pk__in=sorted(keys), level__lte=Level.INTERNAL, dropped_on__isnull=True)
    return {row.pk: row for row in rows.exclude(uid__in=recused.values("thing_uid")).annotate(is_over=over)}


def _openable(viewer: Viewer, known: dict[int, Activity]) -> frozenset[int]:
    """Which of them the viewer may open."""
    if not known or not knows_of_others(viewer):
        return frozenset(known)
    return frozenset(Activity.objects.filter(pk__in=sorted(known)).values_list("pk", flat=True))


def _dated(row: Row, activity: Activity, mine: frozenset[int]) -> Dated | None:
    """The row as it is told; a planned day of an activity that has ended is none, an unannounced one is told to its own."""
    is_over = activity.is_over or activity.ended_on is not None  # type: ignore[attr-defined]
    if not row.is_held and (is_over or (row.is_quiet and activity.pk not in mine)):
        return None
    kind = OF_ACTIVITY.get(Activity.Kind(activity.kind), Kind.VISIT)
    opens = (activity.kind, activity.uid) if activity.pk in mine else None
    return Dated(row.on, row.unit_id, kind, bool(row.is_held), activity.owner_office_id, opens)
