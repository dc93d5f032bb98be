"""挂钩监督分工表 in and out: which team, led by whom, goes to which unit on which day; also to change a copied round."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.net.access.cells import needed, unit_of
from jiandu.net.overseers.selectors import find_officer
from jiandu.net.subjects.models import Person
from jiandu.sources.activities.models import Activity, LinkedUnit, Team, Visit
from jiandu.sources.activities.selectors import activities
from jiandu.sources.activities.services.division import amend_team, move_unit, replan_unit
from jiandu.sources.activities.services.rounds import form_team, link_unit

BOOK = Book(
    "division",
    _("挂钩监督分工表"),
    (
        Column("round", ("轮次", "挂钩监督轮次", "轮次编号")),
        Column("team", ("组别", "监督组", "小组"), required=True),
        Column("leader", ("带队委领导", "组长", "带队领导", "委领导")),
        Column("members", ("成员", "组员", "小组成员", "参加人员")),
        Column("unit", ("挂钩单位", "单位", "走访单位", "单位名称"), required=True),
        Column("planned", ("计划走访日期", "走访时间", "计划走访时间", "走访日期")),
    ),
    ("GG2022-01", "第一组", "书记", "王二、李三", "市教育局", "2022-03-10"),
    days=frozenset({"planned"}),
    carried=("round", "team", "leader", "members"),
    notes=(_("轮次填编号或名称，也可以在表头上方写“轮次：…”。表中没有的组和单位保持不变"),),
)


def round_of(line: Line, key: str, by: Viewer) -> Activity:
    """The round of that number or name. Raises CellRefused."""
    needed(line, key)
    said = line.text(key)
    found = [one for one in activities(by, kind=Activity.Kind.ROUND) if said in {one.code, one.name}]
    with at(key, line):
        if len(found) != 1:
            raise Refused("no-round", _("没有编号或名称为“%(name)s”的轮次，或有几个"), name=said)
    return found[0]


def take_division(line: Line, by: Viewer) -> Taken:
    """A unit with its team: formed, linked, or brought to what the sheet says."""
    activity = round_of(line, "round", by)
    if not guard.allow(by, "edit", activity):
        raise CellRefused("round", Refused("not-allowed", _("您没有办理该轮次的权限")))
    unit = unit_of(line, "unit", by)
    team, cells = _team(line, activity, by)
    rows = LinkedUnit.objects.filter(activity=activity, organisation=unit, withdrawn_on__isnull=True)
    linked, planned = rows.first(), line.on("planned")
    if linked is None:
        link_unit(team=team, by=by, organisation=unit, planned_on=planned)
        return Taken("create", tuple(cells))
    day = linked.planned_on
    differs = planned is not None and planned != day
    if differs:
        cells.append(("planned", str(day or ""), str(planned)))
    if linked.team_id != team.pk:
        cells.append(("team", Team.objects.get(pk=linked.team_id).name, team.name))
        if Visit.objects.filter(activity=activity, organisation=unit, withdrawn_on__isnull=True).exists():
            return Taken("conflict", tuple(cells))
        move_unit(linked=linked, by=by, team=team, planned_on=planned)
    elif planned is not None and differs:
        replan_unit(linked=linked, by=by, planned_on=planned)
    return Taken("update" if cells else "unchanged", tuple(cells))


def _team(line: Line, activity: Activity, by: Viewer) -> tuple[Team, list[tuple[str, str, str]]]:
    """The team of that name, formed or corrected, and what was corrected."""
    name, members = line.text("team"), line.text("members")
    team = Team.objects.filter(activity=activity, name=name).select_related("leader").first()
    leader = _leader(line, by) if team is None or line.text("leader") else team.leader
    if team is None:
        return form_team(activity=activity, by=by, name=name, leader=leader, members=members), []
    cells = [("leader", str(team.leader), str(leader))] if leader.pk != team.leader_id else []
    if members and members != team.members:
        cells.append(("members", team.members, members))
    if cells:
        amend_team(team=team, by=by, leader=leader, members=members or team.members)
    return team, cells


def _leader(line: Line, by: Viewer) -> Person:
    needed(line, "leader")
    with at("leader", line):
        officer = find_officer(by, line.text("leader"), office=None, on=today())
        if officer is None:
            raise Refused("no-officer", _("没有叫“%(name)s”的在任干部"), name=line.text("leader"))
        return officer.person


def divisions(viewer: Viewer, *, year: int | None = None) -> QuerySet[LinkedUnit]:
    """The units of the rounds in scope, newest round first, in order of team and day."""
    guard.check_is_actor(viewer)
    keys = activities(viewer, kind=Activity.Kind.ROUND, year=year).order_by().values_list("pk", flat=True)
    found = LinkedUnit.objects.filter(activity_id__in=list(keys), withdrawn_on__isnull=True)
    return found.select_related("organisation").order_by("-activity_id", "team_id", "planned_on", "pk")


def rows_of(viewer: Viewer, linked: Iterable[LinkedUnit]) -> Iterator[tuple[OutValue, ...]]:
    """The division as rows of the sheet."""
    held = list(linked)
    rounds = {one.pk: one.code for one in activities(viewer, kind=Activity.Kind.ROUND)}
    teams = {one.pk: one for one in Team.objects.filter(activity_id__in=list(rounds)).select_related("leader")}
    for one in held:
        team: Any = teams[one.team_id]
        who = (team.name, team.leader.name, team.members, one.organisation.name)
        yield (rounds[one.activity_id], *who, one.planned_on)


DIVISION = Register(BOOK, Activity, singly(take_division), "unit", "activity", verb="edit")
