"""The findings of one activity, and how they are spread: over states, over units. Each tally names the filter that lists its rows."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.states import SETTLED, UNFINISHED, State
from jiandu.net.access.models import Level
from jiandu.sources.activities.models import Activity, Visit
from jiandu.sources.activities.selectors import visits_of


def rows_of(viewer: Viewer, activity: Activity) -> QuerySet[Finding]:
    """The activity's findings in scope, the newest first."""
    guard.check_is_actor(viewer)
    return Finding.objects.filter(activity=activity).select_related("subject").order_by("-registered_on", "-id")


def by_state(viewer: Viewer, activity: Activity) -> dict[State, int]:
    """How many findings stand in each state, in the order of the way; states without any are left out."""
    guard.check_is_actor(viewer)
    rows = Finding.objects.filter(activity=activity).order_by().values_list("state").annotate(n=Count("pk"))
    counts = dict(rows)
    return {state: counts[state] for state in State if state in counts}


def spread(viewer: Viewer, activity: Activity, size: int) -> tuple[dict[State, int], list[tuple[str, UUID, int]]]:
    """(by state as `by_state` gives it; the units with most findings: name, uid, findings). One statement for both."""
    guard.check_is_actor(viewer)
    rows = Finding.objects.filter(activity=activity).order_by().values_list("state", "subject__name", "subject__uid")
    states: Counter[str] = Counter()
    units: Counter[tuple[str, UUID]] = Counter()
    for state, name, uid, count in rows.annotate(n=Count("pk")):
        states[state] += count
        if uid is not None:
            units[name, uid] += count
    most = sorted(units.items(), key=lambda item: (-item[1], str(item[0][1])))[:size]
    return {state: states[state] for state in State if state in states}, [(*unit, n) for unit, n in most]


def by_office(viewer: Viewer, activity: Activity) -> dict[int, tuple[int, int, date | None]]:
    """Office's key → (its findings that count, settled ones of them, the day of the last one registered)."""
    guard.check_is_actor(viewer)
    rows = Finding.objects.filter(activity=activity, excluded_on__isnull=True).order_by().values("owner_office_id")
    is_settled = Q(state__in=sorted(SETTLED))
    said = rows.annotate(n=Count("pk"), done=Count("pk", filter=is_settled), last=Max("registered_on"))
    return {row["owner_office_id"]: (row["n"], row["done"], row["last"]) for row in said}


def to_feed_back(viewer: Viewer, activity: Activity) -> QuerySet[Finding]:
    """What may stand on a sheet to a unit: in the figures, and of no level above 1."""
    return rows_of(viewer, activity).filter(excluded_on__isnull=True, level__lte=Level.INTERNAL)


def found_at(viewer: Viewer, visit: Visit) -> QuerySet[Finding]:
    """What a visit found, as it may stand on its record: the round's findings at that unit from the day of the visit up to
    the next one there; the first visit has also what was registered before it.
    """
    rows = to_feed_back(viewer, visit.activity).filter(subject_id=visit.organisation_id)
    at_unit = visits_of(viewer, visit.activity).filter(organisation_id=visit.organisation_id)
    days = sorted({visit.on, *at_unit.values_list("on", flat=True)})
    if visit.on != days[0]:
        rows = rows.filter(registered_on__gte=visit.on)
    if visit.on != days[-1]:
        rows = rows.filter(registered_on__lt=days[days.index(visit.on) + 1])
    return rows.order_by("registered_on", "pk")


def feedable_by_unit(viewer: Viewer, activity: Activity) -> dict[int, int]:
    """Unit's key → how many of the activity's findings its sheet would have."""
    rows = to_feed_back(viewer, activity).filter(subject__isnull=False).order_by()
    return dict(rows.values_list("subject_id").annotate(n=Count("pk")))


def counts_by_source(viewer: Viewer, uids: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """(findings, settled ones) of each activity or signal: derived, never stored there."""
    guard.check_is_actor(viewer)
    is_settled = Q(state__in=sorted(SETTLED))
    rows = Finding.objects.filter(source_uid__in=uids, excluded_on__isnull=True).order_by().values("source_uid")
    said = rows.annotate(total=Count("pk"), settled=Count("pk", filter=is_settled))
    return {row["source_uid"]: (row["total"], row["settled"]) for row in said}


def open_by_unit(viewer: Viewer, units: Collection[int]) -> dict[int, int]:
    """Unit's key → how many findings about it in scope, of level ≤ 1, are not yet settled. One statement."""
    guard.check_is_actor(viewer)
    rows = Finding.objects.filter(subject_id__in=list(units), state__in=sorted(UNFINISHED), level__lte=Level.INTERNAL)
    return dict(rows.order_by().values_list("subject_id").annotate(n=Count("pk")))
