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


def members_of(viewer: Viewer, keys: list[int]) -> dict[int, list[Party]]:
    """The offices that share each of these activities, the lead first."""
    guard.check_is_actor(viewer)
    found: dict[int, list[Party]] = {key: [] for key in keys}
    rows = Party.objects.filter(activity_id__in=keys).select_related("office").order_by("role", "office__path")
    for party in rows:
        found[party.activity_id].append(party)
    return found


def activity_by_code(viewer: Viewer, kind: str, code: str) -> Activity | None:
    """The activity with this number in scope; None where there is none, or several offices use it."""
    guard.check_is_actor(viewer)
    found = list(Activity.objects.filter(kind=kind, code=code)[:2])
    return found[0] if len(found) == 1 else None
