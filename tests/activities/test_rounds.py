"""委领导挂钩监督: one team a unit, visits dated, a unit once a year; findings count when the report is approved."""

from collections.abc import Callable
from datetime import date

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.net.overseers.services import link_leader
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure, rows_of
from jiandu.sources.activities.models import Activity, Event
from jiandu.sources.activities.selectors import happened_on, progress_of_rounds, teams_of
from jiandu.sources.activities.services.events import tell, withdraw_event
from jiandu.sources.activities.services.rounds import (
    NewVisit,
    ask_material,
    copy_round,
    form_team,
    link_unit,
    receive_material,
    set_points,
    teams_from_links,
    unlink_unit,
    visit,
    withdraw_visit,
)

DAY, YEAR_END = date(2022, 3, 10), date(2022, 12, 31)
END = Ask(2022, YEAR_END)


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def value(key: str, ask: Ask = END) -> object:
    with as_(SYSTEM) as by:
        return figure(by, key, ask).value


def manned(world: World, *names: str, started_on: date = date(2022, 3, 1)) -> Activity:
    """A round with one team that goes to the units."""
    activity = world.round(started_on=started_on)
    with as_(world.viewer("干部甲")) as by:
        team = form_team(
            activity=activity, by=by, name="第一组", leader=world.persons["书记"], members="干部甲、干部丙"
        )
        for name in names:
            link_unit(team=team, by=by, organisation=world.units[name])
    return activity


def go(world: World, activity: Activity, name: str, on: date = DAY) -> object:
    with as_(world.viewer("干部甲")) as by:
        return visit(activity=activity, by=by, new=NewVisit(world.units[name], on))


def test_a_unit_visited_twice_counts_once_and_two_visits(world: World) -> None:
    first, second = manned(world, "市教育局"), manned(world, "市教育局", "市财政局", started_on=date(2022, 6, 1))
    go(world, first, "市教育局")
    go(world, first, "市教育局", date(2022, 4, 2))
    go(world, second, "市教育局", date(2022, 6, 20))
    assert (value("linked_rounds"), value("linked_units_visited"), value("linked_visits")) == (2, 1, 3)
    go(world, second, "市财政局", date(2022, 7, 1))
    assert (value("linked_units_visited"), value("linked_visits")) == (2, 4)
    with as_(SYSTEM) as by:
        opened = list(rows_of(by, "linked_units_visited", END))
    assert opened == sorted([world.units["市教育局"], world.units["市财政局"]], key=lambda unit: unit.pk)


def test_a_visit_needs_a_team_and_a_day_that_has_come(world: World) -> None:
    activity = manned(world, "市教育局")
    assert rule_of(lambda: go(world, activity, "市财政局")) == "not-linked"
    assert rule_of(lambda: go(world, activity, "市教育局", date(2999, 1, 1))) == "step-date"
    go(world, activity, "市教育局")
    assert rule_of(lambda: go(world, activity, "市教育局")) == "visit-twice"


def test_a_withdrawn_visit_counts_no_more_but_did_then(world: World) -> None:
    activity = manned(world, "市教育局")
    made = go(world, activity, "市教育局")
    with as_(world.viewer("干部甲")) as by:
        withdraw_visit(visit=made, by=by, reason="登记有误")
    assert value("linked_units_visited", Ask(2022, today())) == 0
    assert value("linked_units_visited") == 1
    go(world, activity, "市教育局")
    assert value("linked_units_visited", Ask(2022, today())) == 1


def test_one_team_a_unit(world: World) -> None:
    activity = manned(world, "市教育局")
    with as_(world.viewer("干部甲")) as by:
        other = form_team(activity=activity, by=by, name="第二组", leader=world.persons["书记"])
        again = world.units["市教育局"]
        assert rule_of(lambda: link_unit(team=other, by=by, organisation=again)) == "unit-linked"
        linked = teams_of(by, activity)[0].units[0].linked
        unlink_unit(linked=linked, by=by, reason="分工调整")
        link_unit(team=other, by=by, organisation=again)
        assert [[unit.linked.organisation.name for unit in team.units] for team in teams_of(by, activity)] == [
            [],
            ["市教育局"],
        ]


def test_a_visited_unit_stays_in_the_round(world: World) -> None:
    activity = manned(world, "市教育局")
    go(world, activity, "市教育局")
    with as_(world.viewer("干部甲")) as by:
        linked = teams_of(by, activity)[0].units[0].linked
        assert rule_of(lambda: unlink_unit(linked=linked, by=by, reason="分工调整")) == "unit-visited"
        assert progress_of_rounds(by, [activity]) == {activity.pk: (1, 1)}


def test_findings_count_when_the_report_is_approved(world: World) -> None:
    activity = manned(world, "市教育局")
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        aspects = list(items(by, "aspect", 2022))[:2]
    for aspect in (aspects[0], aspects[0], aspects[1]):
        world.finding(activity=activity, aspect=aspect, on=date(2022, 4, 1))
    assert (value("linked_findings"), value("linked_finding_aspects")) == (0, 0)
    with as_(world.viewer("主任甲")) as by:
        tell(activity=activity, by=by, verb="report", on=date(2022, 5, 1))
        tell(activity=activity, by=by, verb="approve_report", on=date(2022, 5, 9))
    assert (value("linked_findings"), value("linked_finding_aspects")) == (3, 2)
    assert value("linked_findings", Ask(2022, date(2022, 5, 8))) == 0
    assert value("project_findings") == 0
    world.finding(activity=activity, aspect=aspects[1], on=date(2022, 4, 2))
    assert value("linked_findings") == 4


def test_an_officer_cannot_approve_the_report_and_a_report_is_approved_once(world: World) -> None:
    activity = manned(world, "市教育局")
    with as_(world.viewer("干部甲")) as by:
        act = {"activity": activity, "verb": "approve_report", "on": DAY}
        assert rule_of(lambda: tell(by=by, **act)) == "not-allowed"
    with as_(world.viewer("主任甲")) as by:
        event = tell(by=by, **act)
        assert rule_of(lambda: tell(by=by, **act)) == "already-decided"
        withdraw_event(event=event, by=by, reason="日期有误")
        tell(activity=activity, by=by, verb="approve_report", on=date(2022, 3, 12))
        assert happened_on(by, [activity], Event.Verb.APPROVE_REPORT) == {activity.pk: date(2022, 3, 12)}


def test_a_report_comes_after_the_start(world: World) -> None:
    activity = world.round(started_on=None)
    with as_(world.viewer("主任甲")) as by:
        assert rule_of(lambda: tell(activity=activity, by=by, verb="report", on=DAY)) == "event-order"
        tell(activity=activity, by=by, verb="start", on=DAY)
        assert rule_of(lambda: tell(activity=activity, by=by, verb="report", on=date(2022, 3, 9))) == "event-order"
    assert value("linked_rounds") == 1


def test_a_round_started_in_january_belongs_to_the_next_year(world: World) -> None:
    world.round(started_on=date(2023, 1, 3))
    assert value("linked_rounds", Ask(2022, date(2023, 3, 31))) == 0
    assert value("linked_rounds", Ask(2023, date(2023, 3, 31))) == 1


def test_copy_round_brings_points_teams_and_units_that_still_exist(world: World) -> None:
    first, second = manned(world, "市教育局", "市财政局"), world.round(started_on=date(2022, 6, 1))
    with as_(world.viewer("干部甲")) as by:
        set_points(activity=first, by=by, texts=["贯彻决策部署", " ", "破解难题旧账"])
        assert copy_round(source=first, target=second, by=by, on=date(2022, 6, 1)) == (1, 2)
        assert second.points == ["贯彻决策部署", "破解难题旧账"]
        assert rule_of(lambda: copy_round(source=first, target=second, by=by, on=DAY)) == "round-begun"


def test_teams_from_links_follow_the_leaders_of_the_day(world: World) -> None:
    with as_(SYSTEM) as by:
        for name in ("市教育局", "市财政局"):
            unit = world.units[name]
            link_leader(leader=world.persons["书记"], organisation=unit, since=date(2022, 1, 1), by=by)
    activity = world.round()
    with as_(world.viewer("干部甲")) as by:
        assert teams_from_links(activity=activity, by=by, on=DAY) == (1, 2)
        assert [team.team.leader.name for team in teams_of(by, activity)] == ["书记"]
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: teams_from_links(activity=world.round(), by=by, on=date(2021, 1, 1))) == "no-links"


def test_materials_are_asked_and_received_in_order(world: World) -> None:
    activity = manned(world, "市教育局")
    with as_(world.viewer("干部甲")) as by:
        unit = world.units["市教育局"]
        paper = ask_material(activity=activity, by=by, organisation=unit, name="“三重一大”会议记录", on=DAY)
        assert rule_of(lambda: receive_material(material=paper, by=by, on=date(2022, 3, 9))) == "step-date"
        receive_material(material=paper, by=by, on=date(2022, 3, 15))
        kept = teams_of(by, activity)[0].units[0].materials
        assert [(row.name, row.received_on) for row in kept] == [("“三重一大”会议记录", date(2022, 3, 15))]


def test_another_office_sees_neither_round_nor_visits(world: World) -> None:
    activity = manned(world, "市教育局")
    go(world, activity, "市教育局")
    with as_(world.viewer("干部乙")) as by:
        assert teams_of(by, activity) == []
        assert figure(by, "linked_units_visited", END).value == 0
    with as_(world.viewer("书记")) as by:
        assert figure(by, "linked_units_visited", END).value == 1
