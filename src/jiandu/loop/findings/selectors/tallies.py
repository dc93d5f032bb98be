"""The findings of one activity, and how they are spread: over states, over units. Each tally names the filter that lists its rows."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.states import SETTLED, State
from jiandu.net.access.models import Level
from jiandu.sources.activities.models import Activity


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


def by_unit(viewer: Viewer, activity: Activity, size: int) -> list[tuple[str, UUID, int]]:
    """(unit, its uid, findings) of the units with most findings."""
    guard.check_is_actor(viewer)
    rows = Finding.objects.filter(activity=activity, subject__isnull=False).order_by()
    counted = rows.values_list("subject__name", "subject__uid").annotate(n=Count("pk"))
    return list(counted.order_by("-n", "subject__uid")[:size])


def to_feed_back(viewer: Viewer, activity: Activity) -> QuerySet[Finding]:
    """What may stand on a sheet to a unit: in the figures, and of no level above 1."""
    return rows_of(viewer, activity).filter(excluded_on__isnull=True, level__lte=Level.INTERNAL)


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
