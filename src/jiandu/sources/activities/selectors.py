"""Reads of planned work."""

from uuid import UUID

from django.db.models import QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.sources.activities.models import Activity, Party


def activities(viewer: Viewer, *, kind: str, year: int | None = None) -> QuerySet[Activity]:
    """The activities of a kind in scope, newest year first."""
    guard.check_is_actor(viewer)
    found = Activity.objects.filter(kind=kind)
    if year is not None:
        found = found.filter(year=year)
    return found.order_by("-year", "code")


def parties_of(viewer: Viewer, activity: Activity) -> QuerySet[Party]:
    """The offices that share it, the lead first."""
    guard.check_is_actor(viewer)
    return Party.objects.filter(activity=activity).select_related("office").order_by("role", "office__path")


def activity_by_uid(viewer: Viewer, uid: UUID) -> Activity | None:
    """The activity, if it is in scope."""
    guard.check_is_actor(viewer)
    return Activity.objects.select_related("owner_office").filter(uid=uid).first()
