"""Reads of planned work."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import parts_of_row
from jiandu.base.core.tree import subtree_q
from jiandu.net.access.selectors import of_queue
from jiandu.net.access.standing import Standing
from jiandu.sources.activities.models import (
    Activity,
    ActivityApproval,
    ActivityInstruction,
    Event,
    LinkedUnit,
    Material,
    Party,
    SelfCheck,
    Team,
    Visit,
)
from jiandu.sources.activities.project_parts import Closing, PlanLine, Urge

STANDING = Q(withdrawn_on__isnull=True)
WAITS = (ActivityApproval.Status.WAITING, ActivityApproval.Status.ON_PAPER)
ENDINGS = (ActivityApproval.Verb.END, ActivityApproval.Verb.PUT_OFF, ActivityApproval.Verb.STOP)


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


def told_on(rows: QuerySet[Activity]) -> QuerySet[Any]:
    """Each with `is_instructed`: whether a leader wrote on it. Where none did, nothing more is asked for."""
    return rows.annotate(is_instructed=Exists(parts_of_row(ActivityInstruction)))


def activity_by_uid(viewer: Viewer, uid: UUID) -> Activity | None:
    """The activity with its field, if it is in scope."""
    guard.check_is_actor(viewer)
    return told_on(Activity.objects.select_related("owner_office", "field")).filter(uid=uid).first()


def project_by_uid(viewer: Viewer, uid: UUID) -> Activity | None:
    """The project, if it is one and in scope, with the offices that share it, the lead first, and where it was merged."""
    guard.check_is_actor(viewer)
    parties = Prefetch("parties", Party.objects.select_related("office").order_by("role", "office__path"))
    main = Activity.objects.filter(pk=OuterRef("merged_into_id"))
    into = {f"into_{column}": Subquery(main.values(column)[:1]) for column in ("uid", "code", "name")}
    found = Activity.objects.select_related("owner_office").prefetch_related(parties).annotate(**into)
    return told_on(found).filter(uid=uid, kind=Activity.Kind.PROJECT).first()


def round_by_uid(viewer: Viewer, uid: UUID) -> Activity | None:
    """The round, if it is one and in scope, with its turns fetched: what may be done next depends on them."""
    guard.check_is_actor(viewer)
    turns = Prefetch("events", Event.objects.order_by("on", "pk"))
    found = Activity.objects.select_related("owner_office").prefetch_related(turns)
    return told_on(found).filter(uid=uid, kind=Activity.Kind.ROUND).first()


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
    return Event.objects.filter(activity=activity).select_related("office").order_by("on", "pk")


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


def times_visited(viewer: Viewer, visits: list[Visit]) -> dict[int, int]:
    """Visit's key → the how-manieth visit of a round to its unit in that calendar year it is, as far as they are in scope."""
    guard.check_is_actor(viewer)
    rounds = Activity.objects.filter(kind=Activity.Kind.ROUND).values("pk")
    units, years = {row.organisation_id for row in visits}, {row.on.year for row in visits}
    rows = Visit.objects.filter(STANDING, activity__in=rounds, organisation_id__in=units, on__year__in=years)
    days: dict[tuple[int, int], list[tuple[date, int]]] = {}
    for unit, on, key in rows.values_list("organisation_id", "on", "pk"):
        days.setdefault((unit, on.year), []).append((on, key))
    order = {key: sorted(found) for key, found in days.items()}
    return {row.pk: order[row.organisation_id, row.on.year].index((row.on, row.pk)) + 1 for row in visits}


def self_checks_of(viewer: Viewer, activity: Activity) -> QuerySet[SelfCheck]:
    """What the units of a campaign found by themselves, in order of date."""
    guard.check_is_actor(viewer)
    return SelfCheck.objects.filter(STANDING, activity=activity).select_related("organisation").order_by("on", "pk")


def visits_of(viewer: Viewer, activity: Activity) -> QuerySet[Visit]:
    """The visits (of a campaign: spot-checks) that stand, in order of date."""
    guard.check_is_actor(viewer)
    return Visit.objects.filter(STANDING, activity=activity).select_related("organisation").order_by("on", "pk")


def visit_by_uid(viewer: Viewer, uid: UUID) -> Visit | None:
    """The visit while it stands, with its activity, if that is in scope."""
    guard.check_is_actor(viewer)
    return Visit.objects.filter(STANDING, uid=uid).prefetch_related("activity").first()


def linked_by_uid(viewer: Viewer, uid: UUID) -> LinkedUnit | None:
    """The unit that a round goes to, while it stands, with its round, if that is in scope."""
    guard.check_is_actor(viewer)
    rows = LinkedUnit.objects.filter(STANDING, uid=uid).select_related("organisation")
    return rows.prefetch_related("activity").first()


def approvals_of(viewer: Viewer, activity: Activity) -> QuerySet[ActivityApproval]:
    """What was decided about it and what waits for a second person, in order of date."""
    guard.check_is_actor(viewer)
    main = Activity.objects.filter(pk=OuterRef("merge_into_id"))
    rows = ActivityApproval.objects.filter(activity=activity).annotate(into=Subquery(main.values("code")[:1]))
    return rows.order_by("asked_on", "pk")


def approval_scanned(viewer: Viewer, activity: Activity, uid: UUID) -> ActivityApproval | None:
    """The paper with its scan, if that is the activity's."""
    guard.check_is_actor(viewer)
    return ActivityApproval.objects.filter(activity=activity, uid=uid).exclude(scan_sha256="").first()


def approvals(viewer: Viewer, which: str) -> QuerySet[ActivityApproval]:
    """What is signed about activities: see `of_queue`. Who only takes part in one decides nothing about it."""
    rows = ActivityApproval.objects.all()
    if which == "mine" and isinstance(viewer.standing, Standing):
        led = Q(owner_office_id__in=viewer.standing.office_ids)
        for path in viewer.standing.paths:
            led |= subtree_q("owner_path", path)
        rows = rows.filter(
            ~Q(status=ActivityApproval.Status.WAITING)
            | Exists(Activity.objects.filter(led, pk=OuterRef("activity_id")))
        )
    return of_queue(viewer, rows, which, Activity)


def closings_of(viewer: Viewer, activity: Activity) -> QuerySet[Closing]:
    """The closing evaluations of a project that stand, in order of date."""
    guard.check_is_actor(viewer)
    return Closing.objects.filter(STANDING, activity=activity).order_by("on", "pk")


def plan_of(viewer: Viewer, activities: list[Activity]) -> dict[int, list[PlanLine]]:
    """Activity key → the lines of its plan that stand, in the order in which they were written."""
    guard.check_is_actor(viewer)
    found: dict[int, list[PlanLine]] = {one.pk: [] for one in activities}
    for row in PlanLine.objects.filter(STANDING, activity_id__in=found).order_by("pk"):
        found[row.activity_id].append(row)
    return found


def urges_of(viewer: Viewer, activity: Activity) -> QuerySet[Urge]:
    """What the bodies of a project were urged for, in order of date; what was taken back stands too, marked."""
    guard.check_is_actor(viewer)
    return Urge.objects.filter(activity=activity).select_related("office").order_by("on", "pk")


def urged(viewer: Viewer) -> QuerySet[Urge]:
    """What waits for an answer of the bodies in which the viewer serves, the longest waiting first."""
    guard.check_is_actor(viewer)
    mine = viewer.standing.office_ids if isinstance(viewer.standing, Standing) else ()
    return Urge.objects.filter(STANDING, office_id__in=mine, answered_on__isnull=True).order_by("on", "pk")


def merged_into(viewer: Viewer, activity: Activity) -> QuerySet[Activity]:
    """The projects that went into this one, as far as they are in scope, in order of date."""
    guard.check_is_actor(viewer)
    return Activity.objects.filter(merged_into=activity).order_by("merged_on", "pk")


def in_closing(viewer: Viewer, keys: list[int]) -> set[int]:
    """Of these projects, those whose end has been put to the leader and waits."""
    guard.check_is_actor(viewer)
    rows = ActivityApproval.objects.filter(activity_id__in=keys, verb__in=ENDINGS, status__in=WAITS)
    return set(rows.values_list("activity_id", flat=True))


def activities_of(viewer: Viewer, keys: list[int]) -> QuerySet[Activity]:
    """The activities with these keys, as far as they are in scope."""
    guard.check_is_actor(viewer)
    return Activity.objects.filter(pk__in=keys).select_related("subject")
