"""Somebody leaves: in the teams of rounds that go on, and in the lines of plans that are not done, his successor stands."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from jiandu.base.core.errors import Refused
from jiandu.base.core.words import as_recorded
from jiandu.net.access.hands import Hands, Held, Leaver, has_namesake, in_names, renamed
from jiandu.sources.activities.models import Activity, Event, LinkedUnit, Party, Team, Visit
from jiandu.sources.activities.project_parts import PlanLine


def _going_on(leaver: Leaver) -> dict[int, Activity]:
    """The activities that go on; where he has a namesake, only those in which his offices take part."""
    finished = Event.objects.filter(verb="finish", withdrawn_on__isnull=True).values_list("activity_id", flat=True)
    rows = Activity.objects.filter(Activity.still_open).exclude(pk__in=list(finished))
    if has_namesake(leaver.user):
        shared = Party.objects.filter(office_id__in=leaver.office_ids).values("activity_id")
        rows = rows.filter(pk__in=list(shared.values_list("activity_id", flat=True)))
    return {row.pk: row for row in rows}


def _teams(leaver: Leaver) -> list[tuple[Team, Activity]]:
    """The teams that he leads, or is named in."""
    person = leaver.person.pk if leaver.person else 0
    named = Q(leader_id=person) | Q(members__contains=leaver.user.name)
    found, teams = _going_on(leaver), Team.objects.filter(named).order_by("pk")
    return [
        (row, found[row.activity_id])
        for row in teams
        if row.activity_id in found and (row.leader_id == person or in_names(leaver.user.name, row.members))
    ]


def _list_teams(leaver: Leaver) -> list[Held]:
    teams = _teams(leaver)
    ahead = _visits_ahead([team.pk for team, _one in teams])
    return [
        Held(
            "team",
            as_recorded(TEAMS.label),
            team.uid,
            code=one.code,
            title=as_recorded(one.listed_as(f"{one.name} {team.name}")),
            unit=f"待走访{len(ahead.get(team.pk, []))}个",
            next_on=min((day for day in ahead.get(team.pk, []) if day), default=None),
        )
        for team, one in teams
    ]


def _visits_ahead(teams: list[int]) -> dict[int, list[date | None]]:
    """By team the planned days of the units that nobody has visited."""
    linked = list(LinkedUnit.objects.filter(team_id__in=teams, withdrawn_on__isnull=True)) if teams else []
    rounds = {row.activity_id for row in linked}
    visited = set(
        Visit.objects.filter(activity_id__in=rounds, withdrawn_on__isnull=True).values_list(
            "activity_id", "organisation_id"
        )
        if rounds
        else []
    )
    found: dict[int, list[date | None]] = {}
    for row in linked:
        if (row.activity_id, row.organisation_id) not in visited:
            found.setdefault(row.team_id, []).append(row.planned_on)
    return found


def _give_teams(leaver: Leaver) -> list[str]:
    """The successor leads, or is a member, in his place. Raises Refused (hand-over-leader)."""
    rows, to = [team for team, _one in _teams(leaver) if leaver.gives(team.uid)], leaver.to.name if leaver.to else ""
    for row in rows:
        if leaver.person is not None and row.leader_id == leaver.person.pk:
            if leaver.to_person is None:
                raise Refused("hand-over-leader", _("“%(name)s”没有在任职务，不能带队，请另选承接人"), name=to)
            row.leader = leaver.to_person
        row.members = _members(row.members, leaver.user.name, to)
        row.save(update_fields=["leader", "members"])
    return [str(row.uid) for row in rows]


def _members(said: str, old: str, new: str) -> str:
    """A line that does not name him stays as it was typed."""
    return renamed(said, old, new) if in_names(old, said) else said


def _lines(leaver: Leaver) -> Iterable[tuple[PlanLine, Activity]]:
    """The lines of plans that are not done and name him."""
    rows = PlanLine.objects.filter(done_on__isnull=True, withdrawn_on__isnull=True, who__contains=leaver.user.name)
    found = _going_on(leaver)
    for row in rows.order_by("pk"):
        if row.activity_id in found and in_names(leaver.user.name, row.who):
            yield row, found[row.activity_id]


def _list_lines(leaver: Leaver) -> list[Held]:
    return [
        Held(
            "plan_line",
            as_recorded(LINES.label),
            row.uid,
            code=one.code,
            title=as_recorded(one.listed_as(row.text)),
            state=as_recorded(row.get_kind_display()),
            next_on=row.due_on,
        )
        for row, one in _lines(leaver)
    ]


def _give_lines(leaver: Leaver) -> list[str]:
    rows = [row for row, _one in _lines(leaver) if leaver.gives(row.uid)]
    for row in rows:
        row.who = _members(row.who, leaver.user.name, leaver.to.name if leaver.to else "")
        row.save(update_fields=["who"])
    return [str(row.uid) for row in rows]


TEAMS = Hands("team", _("挂钩监督组"), _list_teams, _give_teams, said=gettext_noop("%(kind)s%(count)d个"))
LINES = Hands("plan_line", _("未完成的方案条目"), _list_lines, _give_lines, said=gettext_noop("%(kind)s%(count)d条"))
