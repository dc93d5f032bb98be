"""A round has its time: it ends with its report, and then nothing more is planned in it; no leader is shown as late."""

import re
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError
from django.db.transaction import atomic
from django.test import Client
from tests.activities.test_rounds import DAY, go, manned, rule_of
from tests.talks.test_talks import new, staff
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.sources.activities.models import Activity, LinkedUnit
from jiandu.sources.activities.selectors import events_of, happened_on, progress_of_rounds, teams_of
from jiandu.sources.activities.services.division import replan_unit
from jiandu.sources.activities.services.events import tell, withdraw_event
from jiandu.sources.activities.services.finishing import finish_round, set_period
from jiandu.sources.activities.services.rounds import form_team, link_unit, unlink_unit
from jiandu.sources.talks.services import hold_talk

__all__ = ["staff"]
END = date(2022, 4, 30)


def finish(world: World, activity: Activity, *, on: date = END, note: str = "", by: str = "干部甲") -> object:
    with as_(world.viewer(by)) as viewer:
        return finish_round(activity=activity, by=viewer, on=on, note=note)


def turns(world: World, activity: Activity) -> list[tuple[str, date]]:
    with as_(SYSTEM) as by:
        return [(row.verb, row.on) for row in events_of(by, activity) if row.withdrawn_on is None]


def test_a_round_ends_with_its_report(world: World) -> None:
    activity = manned(world, "市教育局")
    go(world, activity, "市教育局")
    finish(world, activity)
    assert turns(world, activity) == [("start", date(2022, 3, 1)), ("report", END), ("finish", END)]
    assert rule_of(lambda: finish(world, activity)) == "already-decided"
    with as_(world.viewer("主任甲")) as by:
        tell(activity=activity, by=by, verb="approve_report", on=date(2022, 5, 9))  # an ended round's report is decided


def test_a_report_that_was_handed_in_stays_as_it_was(world: World) -> None:
    activity = manned(world)
    with as_(world.viewer("干部甲")) as by:
        tell(activity=activity, by=by, verb="report", on=date(2022, 4, 20))
    finish(world, activity)
    assert turns(world, activity)[1:] == [("report", date(2022, 4, 20)), ("finish", END)]


def test_finishing_refuses(world: World) -> None:
    activity = manned(world, "市教育局", "市财政局")
    go(world, activity, "市教育局")
    assert rule_of(lambda: finish(world, activity)) == "not-visited"
    assert rule_of(lambda: finish(world, activity, note="另行安排", on=DAY - timedelta(1))) == "visited-later"
    assert rule_of(lambda: finish(world, activity, note="另行安排", on=today() + timedelta(1))) == "step-date"
    assert rule_of(lambda: finish(world, activity, note="另行安排", by="干部乙")) == "not-allowed"
    assert rule_of(lambda: finish(world, world.round(started_on=None))) == "event-order"
    assert rule_of(lambda: finish(world, world.project())) == "not-a-round"
    finish(world, activity, note="市财政局机构改革，另行安排")


def test_an_ended_round_plans_nothing_more_and_keeps_its_progress(world: World, staff: dict[str, object]) -> None:
    activity = manned(world, "市教育局", "市财政局")
    finish(world, activity, note="市财政局另行安排")
    with as_(world.viewer("干部甲")) as by:
        team = teams_of(by, activity)[0]
        linked = team.units[1].linked
        for act in (
            lambda: form_team(activity=activity, by=by, name="第二组", leader=world.persons["书记"]),
            lambda: link_unit(team=team.team, by=by, organisation=world.units["市第一中学"]),
            lambda: unlink_unit(linked=linked, by=by, reason="分工调整"),
            lambda: replan_unit(linked=linked, by=by, planned_on=date(2022, 6, 1)),
            lambda: go(world, activity, "市教育局", END + timedelta(1)),
            lambda: hold_talk(new=new(world, [staff["局长"]], activity=activity, on=END + timedelta(1)), by=by),
        ):
            assert rule_of(act) == "round-finished"
        assert progress_of_rounds(by, [activity]) == {activity.pk: (2, 0)}
    go(world, activity, "市教育局", END)  # entered late, but it was then
    with as_(world.viewer("干部甲")) as by:
        hold_talk(new=new(world, [staff["局长"]], activity=activity, on=END), by=by)
        assert progress_of_rounds(by, [activity]) == {activity.pk: (2, 1)}


def test_an_end_that_is_taken_back_opens_the_round_again(world: World) -> None:
    activity = manned(world, "市教育局")
    event = finish(world, activity, note="未走访")
    with as_(world.viewer("干部甲")) as by:
        withdraw_event(event=event, by=by, reason="尚有走访")
        assert happened_on(by, [activity], "finish") == {}
    go(world, activity, "市教育局", END + timedelta(1))


def test_a_period_has_two_days_in_order(world: World) -> None:
    activity = world.round()
    with as_(world.viewer("干部甲")) as by:
        for days in ((DAY, None), (None, DAY), (DAY, DAY - timedelta(1))):
            wrong = partial(set_period, activity=activity, by=by, period_from=days[0], period_to=days[1])
            assert rule_of(wrong) == "period-order"
        set_period(activity=activity, by=by, period_from=DAY, period_to=END)
        project = world.project()
        assert rule_of(partial(set_period, activity=project, by=by, period_from=DAY, period_to=END)) == "not-a-round"
    with as_(world.viewer("书记")) as by:
        assert rule_of(lambda: set_period(activity=activity, by=by, period_from=None, period_to=None)) == "not-allowed"
    with as_(SYSTEM):
        for days in ((DAY, None), (None, DAY), (END, DAY)):
            with pytest.raises(IntegrityError), atomic():
                Activity.objects.filter(pk=activity.pk).update(period_from=days[0], period_to=days[1])


def page(world: World, place: str) -> str:
    client = Client()
    client.force_login(world.users["干部甲"])
    return client.get(place).content.decode()


def test_the_round_and_its_officers_are_late_and_never_a_leader(world: World) -> None:
    activity = manned(world, "市教育局", "市财政局")
    with as_(world.viewer("干部甲")) as by:
        set_period(activity=activity, by=by, period_from=date(2022, 3, 1), period_to=END)
        for row in LinkedUnit.objects.filter(activity=activity):
            replan_unit(linked=row, by=by, planned_on=DAY)
    go(world, activity, "市教育局")
    place = f"/desk/rounds/{activity.uid}/"
    shown = page(world, place)
    panels = {
        re.sub("<[^>]+>", "", part.split("</h", 1)[0]).strip(): part for part in re.split(r"<h2[^>]*>", shown)[1:]
    }
    late = panels["计划日期已过、尚未走访"]
    assert ("市财政局" in late, "干部甲、干部丙" in late, "市教育局" in late, "书记" in late) == (
        True,
        True,
        False,
        False,
    )
    with_leader = [name for name, part in panels.items() if "书记" in part]
    assert with_leader == ["监督组"]
    assert [word for word in ("warn", "danger", "超期", "已过") if word in panels["监督组"]] == []
    assert "时段已过，待结束" in panels["基本情况"]
    assert "时段已过，待结束" in page(world, "/desk/rounds/?year=2022")
    finish(world, activity, note="市财政局另行安排")
    after = page(world, place)
    assert ("计划日期已过" in after, "已结束，报告待审定" in after, "act=finish" in after, "act=link" in after) == (
        False, True, False, False,
    )  # fmt: skip
