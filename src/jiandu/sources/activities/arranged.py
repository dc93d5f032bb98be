"""Reads of 上门安排 and 合并开展."""

from uuid import UUID

from django.db.models import Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.net.access.standing import Standing
from jiandu.sources.activities.arrangements import Arrangement, Joint
from jiandu.sources.activities.models import Activity, LinkedUnit, Visit
from jiandu.sources.activities.schedule import Span

STANDING = Q(withdrawn_on__isnull=True)


def arrangements_of(viewer: Viewer, activity: Activity) -> QuerySet[Arrangement]:
    """The arrangements of an activity that stand, in order of date."""
    guard.check_is_actor(viewer)
    return Arrangement.objects.filter(STANDING, activity=activity).select_related("organisation").order_by("on", "pk")


def linked_ahead(viewer: Viewer, activity: Activity) -> QuerySet[LinkedUnit]:
    """The linked units of a round that have not been visited, with a day planned from today on, in order of date."""
    guard.check_is_actor(viewer)
    seen = Visit.objects.filter(STANDING, activity=activity).values("organisation_id")
    rows = LinkedUnit.objects.filter(STANDING, activity=activity, planned_on__gte=today())
    return rows.exclude(organisation_id__in=seen).select_related("organisation").order_by("planned_on", "pk")


def joints_of(viewer: Viewer, activity: Activity) -> QuerySet[Joint]:
    """The joint visits of an activity that stand, whichever side asked."""
    guard.check_is_actor(viewer)
    rows = Joint.objects.filter(Q(source_uid=activity.uid) | Q(other_uid=activity.uid), STANDING)
    return rows.select_related("subject", "owner_office", "other_office").order_by("on", "pk")


def joints_within(viewer: Viewer, span: Span) -> list[Joint]:
    """The joint visits of the viewer's scope in a span that stand, or wait for an answer: for the calendar."""
    guard.check_is_actor(viewer)
    rows = Joint.objects.filter(STANDING, span.of("subject_"), on__range=(span.first, span.last))
    return list(rows.exclude(answer=Joint.Answer.DECLINED).order_by("on", "pk"))


def joint_by_uid(viewer: Viewer, uid: UUID) -> Joint | None:
    """One joint visit, if it is in scope."""
    guard.check_is_actor(viewer)
    return Joint.objects.select_related("subject", "owner_office", "other_office").filter(uid=uid).first()


def joints_waiting(viewer: Viewer) -> QuerySet[Joint]:
    """What other offices ask those of the viewer to join, the next day first."""
    guard.check_is_actor(viewer)
    mine = viewer.standing.office_ids if isinstance(viewer.standing, Standing) else ()
    rows = Joint.objects.filter(Joint.still_open, other_office_id__in=mine)
    return rows.select_related("subject", "owner_office").order_by("on", "pk")
