"""委领导挂钩监督: what a round checks, which team goes to which unit, the visits, and the papers asked for."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.overseers.models import Link
from jiandu.net.subjects.models import Organisation, Person, in_force
from jiandu.sources.activities.models import Activity, LinkedUnit, Material, Team, Visit
from jiandu.sources.activities.services.arranging import carry_out, leave_joints, not_carried_out
from jiandu.sources.activities.services.events import may, not_later
from jiandu.sources.activities.services.finishing import check_goes_on


@atomic
def set_points(*, activity: Activity, by: Viewer, texts: list[str]) -> Activity:
    """监督要点, one sentence each; empty lines are passed over. The old ones stay in the log."""
    may(by, "edit", activity)
    said = [text.strip()[:500] for text in texts if text.strip()]
    before, activity.points = activity.points, said
    activity.save(update_fields=["points"])
    record(by, "activity.points", activity, payload={"before": before, "points": said})
    return activity


@atomic
def form_team(*, activity: Activity, by: Viewer, name: str, leader: Person, members: str = "") -> Team:
    """A team with the commission leader who leads it. Raises Refused (team-name, round-finished)."""
    may(by, "edit", activity)
    check_goes_on(activity)
    name = name.strip()
    if not name or Team.objects.filter(activity=activity, name=name).exists():
        raise Refused("team-name", "请填写组别名称，同一轮次内不能重复：%(name)s", name=name)
    team = Team(activity=activity, name=name[:64], leader=leader, members=members.strip()[:300])
    team.save(force_insert=True)
    record(by, "activity.team", activity, payload={"team": name, "leader": str(leader)})
    return team


@atomic
def link_unit(*, team: Team, by: Viewer, organisation: Organisation, planned_on: date | None = None) -> LinkedUnit:
    """挂钩: this team goes to that unit. A unit of the round belongs to one team. Raises Refused (unit-linked, round-finished)."""
    activity = team.activity
    may(by, "edit", activity)
    check_goes_on(activity)
    taken = LinkedUnit.objects.filter(activity=activity, organisation=organisation, withdrawn_on__isnull=True)
    held = taken.first()
    if held is not None:
        raise Refused("unit-linked", "%(unit)s已由%(team)s挂钩", unit=str(organisation), team=str(held.team))
    row = LinkedUnit(activity=activity, team=team, organisation=organisation, planned_on=planned_on)
    row.save(force_insert=True)
    record(by, "activity.link", activity, payload={"team": team.name, "unit": str(organisation.uid)})
    return row


@atomic
def unlink_unit(*, linked: LinkedUnit, by: Viewer, reason: str, on: date | None = None) -> LinkedUnit:
    """The unit leaves the plan; a unit already visited stays. Raises Refused (unit-visited, round-finished)."""
    activity = linked.activity
    may(by, "edit", activity)
    check_goes_on(activity)
    visits = Visit.objects.filter(activity=activity, organisation_id=linked.organisation_id, withdrawn_on__isnull=True)
    if visits.exists():
        raise Refused("unit-visited", "该单位本轮已走访，不能移出")
    take_back(linked, reason, on)
    leave_joints(linked.uid)
    record(by, "activity.unlink", activity, payload={"unit": linked.organisation_id, "reason": reason})
    return linked


@dataclass(frozen=True)
class NewVisit:
    """Where a team was, when, with whom: our people, the unit's people, what was learned."""

    organisation: Organisation
    on: date
    place: str = ""
    members: str = ""
    attendees: str = ""
    note: str = ""


@atomic
def visit(*, activity: Activity, by: Viewer, new: NewVisit) -> Visit:
    """走访: goes to the team that the unit is linked to. Raises Refused (not-linked, visit-twice, step-date, round-finished)."""
    may(by, "edit", activity)
    not_later(new.on)
    check_goes_on(activity, new.on)
    linked = LinkedUnit.objects.filter(activity=activity, organisation=new.organisation, withdrawn_on__isnull=True)
    held = linked.first()
    if activity.kind == Activity.Kind.ROUND and held is None:
        raise Refused("not-linked", "%(unit)s不在本轮挂钩单位中，请先分组", unit=str(new.organisation))
    same = Visit.objects.filter(activity=activity, organisation=new.organisation, on=new.on, withdrawn_on__isnull=True)
    if same.exists():
        raise Refused("visit-twice", "%(unit)s当日的走访已登记", unit=str(new.organisation))
    team = held.team if held else None
    row = Visit(
        activity=activity,
        team=team,
        organisation=new.organisation,
        on=new.on,
        place=new.place.strip()[:128],
        members=(new.members.strip() or (team.members if team else ""))[:300],
        attendees=new.attendees.strip()[:300],
        note=new.note.strip(),
    )
    row.save(force_insert=True)
    carry_out(activity, new.organisation, new.on)
    record(by, "activity.visit", activity, payload={"unit": str(new.organisation.uid), "on": new.on.isoformat()})
    return row


@atomic
def withdraw_visit(*, visit: Visit, by: Viewer, reason: str, on: date | None = None) -> Visit:
    """撤下 a visit that was entered by mistake."""
    may(by, "edit", visit.activity)
    take_back(visit, reason, on)
    not_carried_out(visit.activity, visit.organisation, visit.on)
    record(by, "activity.withdraw_visit", visit.activity, payload={"visit": str(visit.uid), "reason": reason})
    return visit


@atomic
def ask_material(*, activity: Activity, by: Viewer, organisation: Organisation, name: str, on: date) -> Material:
    """调取材料: a paper that the unit is to bring."""
    may(by, "edit", activity)
    not_later(on)
    name = name.strip()[:200]
    if not name or Material.objects.filter(activity=activity, organisation=organisation, name=name).exists():
        raise Refused("material-name", "请填写材料名称，同一单位不能重复：%(name)s", name=name)
    row = Material(activity=activity, organisation=organisation, name=name, asked_on=on)
    row.save(force_insert=True)
    record(by, "activity.material", activity, payload={"unit": str(organisation.uid), "name": name})
    return row


@atomic
def receive_material(*, material: Material, by: Viewer, on: date) -> Material:
    """The paper has come."""
    may(by, "edit", material.activity)
    not_later(on)
    if material.received_on is not None or on < material.asked_on:
        raise Refused("step-date", "收到日期应不早于调取日期，且只登记一次")
    material.received_on = on
    material.save(update_fields=["received_on"])
    record(by, "activity.material_received", material.activity, payload={"name": material.name, "on": on.isoformat()})
    return material


@atomic
def copy_round(*, source: Activity, target: Activity, by: Viewer, on: date) -> tuple[int, int]:
    """复制上轮: its points, teams and linked units, as far as the units still exist. Gives (teams, units)."""
    may(by, "edit", target)
    if Team.objects.filter(activity=target).exists() or source.pk == target.pk:
        raise Refused("round-begun", "本轮已分组，不能再复制")
    if source.points and not target.points:
        set_points(activity=target, by=by, texts=source.points)
    teams = units = 0
    for old in Team.objects.filter(activity=source).select_related("leader").order_by("pk"):
        team = form_team(activity=target, by=by, name=old.name, leader=old.leader, members=old.members)
        teams += 1
        rows = LinkedUnit.objects.filter(team=old, withdrawn_on__isnull=True).select_related("organisation")
        for row in rows.order_by("pk"):
            if row.organisation.until is None or row.organisation.until >= on:
                link_unit(team=team, by=by, organisation=row.organisation)
                units += 1
    record(by, "activity.copy_round", target, payload={"from": str(source.uid), "teams": teams, "units": units})
    return teams, units


@atomic
def teams_from_links(*, activity: Activity, by: Viewer, on: date) -> tuple[int, int]:
    """按挂钩关系分组: one team a leader who is linked to units on that day. Gives (teams, units)."""
    may(by, "edit", activity)
    if Team.objects.filter(activity=activity).exists():
        raise Refused("round-begun", "本轮已分组，不能再复制")
    links = Link.objects.filter(in_force(on)).select_related("leader", "organisation").order_by("leader_id", "pk")
    teams: dict[int, Team] = {}
    units = 0
    for link in links:
        if link.leader_id not in teams:
            name = f"第{len(teams) + 1}组"
            teams[link.leader_id] = form_team(activity=activity, by=by, name=name, leader=link.leader)
        held = LinkedUnit.objects.filter(activity=activity, organisation=link.organisation, withdrawn_on__isnull=True)
        if not held.exists():
            link_unit(team=teams[link.leader_id], by=by, organisation=link.organisation)
            units += 1
    if not teams:
        raise Refused("no-links", "当日没有登记挂钩关系，请在单位档案登记或逐组填写")
    return len(teams), units
