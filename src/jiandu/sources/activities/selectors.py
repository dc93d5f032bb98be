"""Reads of planned work."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.sources.activities.models import Activity, Event, LinkedUnit, Material, Party, SelfCheck, Team, Visit

STANDING = Q(withdrawn_on__isnull=True)


def activities(viewer: Viewer, *, kind: str, year: int | None = None) -> QuerySet[Activity]:
    """The activities of a kind in scope, newest year first."""
    guard.check_is_actor(viewer)
    found = Activity.objects.filter(kind=kind)
    if year is not None:
        found = found.filter(year=year)
    return found.order_by("-year", "code")


def any_activity(viewer: Viewer, said: str) -> Activity | None:
    """The one activity in scope, of whatever kind, with this number or name; None where there is none, or several."""
    guard.check_is_actor(viewer)
    found = list(Activity.objects.filter(Q(code=said) | Q(name=said))[:2])
    return found[0] if len(found) == 1 else None


def parties_of(viewer: Viewer, activity: Activity) -> QuerySet[Party]:
    """The offices that share it, the lead first."""
    guard.check_is_actor(viewer)
    return Party.objects.filter(activity=activity).select_related("office").order_by("role", "office__path")


def activity_by_uid(viewer: Viewer, uid: UUID) -> Activity | None:
    """The activity, if it is in scope."""
    guard.check_is_actor(viewer)
    return Activity.objects.select_related("owner_office").filter(uid=uid).first()


def round_by_uid(viewer: Viewer, uid: UUID) -> Activity | None:
    """The round, if it is one and in scope, with its turns fetched: what may be done next depends on them."""
    guard.check_is_actor(viewer)
    found = Activity.objects.select_related("owner_office").prefetch_related("events")
    return found.filter(uid=uid, kind=Activity.Kind.ROUND).first()


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


def events_of(viewer: Viewer, activity: Activity) -> QuerySet[Event]:
    """What happened in it, in order of date; what was taken back stands too, marked."""
    guard.check_is_actor(viewer)
    return Event.objects.filter(activity=activity).order_by("on", "pk")


def happened_on(viewer: Viewer, activities: QuerySet[Activity] | list[Activity], verb: str) -> dict[int, date]:
    """Activity key → the day of that turn, where it happened."""
    guard.check_is_actor(viewer)
    keys = [one.pk for one in activities]
    rows = Event.objects.filter(STANDING, activity_id__in=keys, verb=verb).order_by("on")
    return dict(rows.values_list("activity_id", "on"))


@dataclass(frozen=True)
class UnitOfRound:
    """A linked unit with its visits and the papers asked of it."""

    linked: LinkedUnit
    visits: list[Visit]
    materials: list[Material]


@dataclass(frozen=True)
class TeamOfRound:
    """A team and the units that it goes to."""

    team: Team
    units: list[UnitOfRound]

    @property
    def visited(self) -> int:
        return sum(bool(unit.visits) for unit in self.units)


def teams_of(viewer: Viewer, activity: Activity) -> list[TeamOfRound]:
    """The teams of a round, each with its units, their visits and papers: five statements, however many there are."""
    guard.check_is_actor(viewer)
    visits = _by_unit(Visit.objects.filter(STANDING, activity=activity).order_by("on", "pk"))
    materials = _by_unit(Material.objects.filter(activity=activity).order_by("pk"))
    units: dict[int, list[UnitOfRound]] = {}
    linked = LinkedUnit.objects.filter(STANDING, activity=activity).select_related("organisation")
    for row in linked.order_by("planned_on", "organisation__path"):
        key = row.organisation_id
        units.setdefault(row.team_id, []).append(UnitOfRound(row, visits.get(key, []), materials.get(key, [])))
    teams = Team.objects.filter(activity=activity).select_related("leader").order_by("pk")
    return [TeamOfRound(team, units.get(team.pk, [])) for team in teams]


def _by_unit(rows: QuerySet[Visit] | QuerySet[Material]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.organisation_id, []).append(row)
    return found


def progress_of_rounds(viewer: Viewer, activities: list[Activity]) -> dict[int, tuple[int, int]]:
    """Activity key → (units linked, units visited)."""
    guard.check_is_actor(viewer)
    keys = [one.pk for one in activities]
    seen = Visit.objects.filter(STANDING, activity=OuterRef("activity"), organisation=OuterRef("organisation"))
    rows = LinkedUnit.objects.filter(STANDING, activity_id__in=keys).annotate(seen=Exists(seen))
    found = dict.fromkeys(keys, (0, 0))
    for key, visited in rows.values_list("activity_id", "seen"):
        linked, done = found[key]
        found[key] = (linked + 1, done + bool(visited))
    return found


def self_checks_of(viewer: Viewer, activity: Activity) -> QuerySet[SelfCheck]:
    """What the units of a campaign found by themselves, in order of date."""
    guard.check_is_actor(viewer)
    return SelfCheck.objects.filter(STANDING, activity=activity).select_related("organisation").order_by("on", "pk")


def visits_of(viewer: Viewer, activity: Activity) -> QuerySet[Visit]:
    """The visits (of a campaign: spot-checks) that stand, in order of date."""
    guard.check_is_actor(viewer)
    return Visit.objects.filter(STANDING, activity=activity).select_related("organisation").order_by("on", "pk")
