"""Planned work: a shared project counts once, counts from approval, and no longer once it is merged."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.selectors import activities, parties_of
from jiandu.sources.activities.services.deciding import approve_activity, end_activity, merge_activity
from jiandu.sources.activities.services.planning import NewActivity, join, open_activity

DAY = date(2022, 1, 5)
BODY = "驻市教育局纪检监察组"


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def value(key: str, on: date = date(2022, 12, 31)) -> object:
    with as_(SYSTEM) as by:
        return figure(by, key, Ask(2022, on)).value


def test_open_activity_admits_lead_and_members_and_counts_once(world: World) -> None:
    project = world.project(members=(BODY, BODY, "第二监督检查室"))
    with as_(SYSTEM) as by:
        told = [(party.office.name, party.role) for party in parties_of(by, project)]
    assert told[0] == ("第一监督检查室", "lead")
    assert sorted(told[1:]) == sorted([(BODY, "member"), ("第二监督检查室", "member")])
    assert (value("projects"), value("project_bodies")) == (1, 1)


def test_member_reaches_the_project_and_its_findings(world: World) -> None:
    project = world.project(members=("第二监督检查室",))
    finding = world.finding(activity=project)
    alone = world.project()
    with as_(world.viewer("干部乙")) as by:
        assert list(activities(by, kind="project")) == [project]
        assert list(Finding.objects.all()) == [finding]
    with as_(world.viewer("干部甲")) as by:
        assert list(activities(by, kind="project", year=2022)) == [project, alone]
        assert list(activities(by, kind="project", year=2021)) == []


def test_join_counts_the_body_from_its_date(world: World) -> None:
    project = world.project()
    with as_(world.viewer("主任甲")) as by:
        join(activity=project, by=by, office=world.offices[BODY], since=date(2022, 6, 1))
        join(activity=project, by=by, office=world.offices[BODY], since=date(2022, 7, 1))
        assert parties_of(by, project).count() == 2
    assert [value("project_bodies", day) for day in (date(2022, 5, 31), date(2022, 6, 1))] == [0, 1]


def test_who_proposed_takes_part_from_the_day_of_an_approval_that_is_entered_later(world: World) -> None:
    project = world.project(approved_on=None, members=(BODY,))
    later = today() - timedelta(days=1)
    with as_(world.viewer("主任甲")) as by:
        join(activity=project, by=by, office=world.offices["思明区纪委监委"], since=later)
        approve_activity(activity=project, by=by, on=DAY)
        since = {str(party.office): party.since for party in parties_of(by, project)}
    assert since == {"第一监督检查室": DAY, BODY: DAY, "思明区纪委监委": later}
    assert [value("project_bodies", day) for day in (DAY - timedelta(days=1), DAY)] == [0, 1]


def test_proposed_activity_counts_once_approved(world: World) -> None:
    project = world.project(approved_on=None)
    assert value("projects") == 0
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: approve_activity(activity=project, by=by, on=DAY)) == "not-allowed"
    with as_(world.viewer("主任甲")) as by:
        late = today() + timedelta(days=1)
        assert rule_of(lambda: approve_activity(activity=project, by=by, on=late)) == "step-date"
        approve_activity(activity=project, by=by, on=DAY)
        assert rule_of(lambda: approve_activity(activity=project, by=by, on=DAY)) == "already-decided"
    assert [value("projects", day) for day in (DAY - timedelta(days=1), DAY)] == [0, 1]


def test_open_activity_as_approved_refused_without_the_right(world: World) -> None:
    def new(code: str, on: date | None, **more: object) -> NewActivity:
        return NewActivity("project", 2022, code, "甲", world.offices["第一监督检查室"], on, **more)  # type: ignore[arg-type]

    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: open_activity(new=new("A1", DAY), by=by)) == "approval-not-yours"
        assert Activity.objects.count() == 0
        assert open_activity(new=new("A1", None), by=by).approved_on is None
        assert open_activity(new=new("A2", DAY, approved_is_derived=True), by=by).approved_on == DAY  # a ledger's
    with as_(world.viewer("主任甲")) as by:
        assert rule_of(lambda: open_activity(new=new("A3", today() + timedelta(days=1)), by=by)) == "step-date"
        assert open_activity(new=new("A3", DAY), by=by).approved_on == DAY


def test_projects_notes_how_many_had_ended_by_then(world: World) -> None:
    ended, stopped, _open = world.evaluated(world.project()), world.project(), world.project()
    with as_(world.viewer("主任甲")) as by:
        end_activity(activity=ended, by=by, on=date(2022, 11, 1), note="完")
        end_activity(activity=stopped, by=by, on=date(2022, 12, 1), note="停", is_stopped=True)
    days = (date(2022, 10, 31), date(2022, 11, 1), date(2022, 12, 31))
    with as_(SYSTEM) as by:
        told = [figure(by, "projects", Ask(2022, day)) for day in days]
    assert [(one.value, one.note) for one in told] == [
        (3, ""),
        (3, "其中已结项、已终止1个"),
        (3, "其中已结项、已终止2个"),
    ]


def test_merged_activity_no_longer_counts_but_earlier_figures_keep_it(world: World) -> None:
    one, two = world.project(members=(BODY,)), world.project()
    with as_(world.viewer("主任甲")) as by:
        merge_activity(activity=one, by=by, into=two, reason="内容相同")
        assert [party.office.name for party in parties_of(by, two)] == ["第一监督检查室", BODY]
        for activity, into, reason in ((one, two, "又并"), (two, two, "自并"), (two, one, "倒并"), (two, one, " ")):
            refused = rule_of(
                lambda a=activity, i=into, r=reason: merge_activity(activity=a, by=by, into=i, reason=r)  # type: ignore[misc]
            )
            assert refused == "merge-main"
    assert (value("projects"), value("projects", today())) == (2, 1)


def test_ended_activity_still_counts(world: World) -> None:
    project = world.evaluated(world.project())
    with as_(world.viewer("主任甲")) as by:
        for on in (DAY - timedelta(days=1), today() + timedelta(days=1)):
            assert rule_of(lambda d=on: end_activity(activity=project, by=by, on=d, note="完")) == "step-date"  # type: ignore[misc]
        assert end_activity(activity=project, by=by, on=date(2022, 11, 1), note="完").ended_on == date(2022, 11, 1)
    assert value("projects") == 1


def test_open_activity_refused_without_name_or_right(world: World) -> None:
    new = NewActivity("project", 2022, " ", "甲", world.offices["第一监督检查室"], DAY)
    with as_(SYSTEM) as by:
        assert rule_of(lambda: open_activity(new=new, by=by)) == "name-needed"
    with as_(world.viewer("书记")) as by:
        assert rule_of(lambda: open_activity(new=new, by=by)) == "not-allowed"
        assert Activity.objects.count() == 0
