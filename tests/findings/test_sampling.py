"""Look-back rounds: the same seed draws the same findings, all of them are planned or none, the round says how it was drawn."""

from datetime import date, timedelta

import pytest
from django.db.models import Q
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import LookBack
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.loop.findings.services.sampling import NewRound, Sample, draw, plan_round
from jiandu.sources.activities.models import Activity

DAY = date(2022, 3, 1)


def settled(world: World, count: int, **more: object) -> list[str]:
    project = world.project()
    return [world.closed(on=DAY, activity=project, **more).code for _ in range(count)]


def test_the_same_seed_draws_the_same_and_the_share_is_rounded_up(world: World) -> None:
    codes = settled(world, 7)
    world.finding(on=DAY)
    with as_(SYSTEM) as by:
        drawn = [draw(by, Sample(Q(), percent, seed)) for percent, seed in ((30, 5), (30, 5), (100, 1), (1, 1))]
    assert [each.total for each in drawn] == [7, 7, 7, 7]
    assert [len(each.findings) for each in drawn] == [3, 3, 7, 1]
    assert drawn[0].findings == drawn[1].findings
    assert [each.code for each in drawn[2].findings] == codes
    with as_(SYSTEM) as by:
        others = {tuple(row.code for row in draw(by, Sample(Q(), 30, seed)).findings) for seed in range(30)}
    assert len(others) > 10, "the seed decides"


def test_only_the_asked_for_settled_ones_without_a_waiting_look_back_are_drawn_from(world: World) -> None:
    school = settled(world, 2, unit="市第一中学")
    bureau = settled(world, 1, unit="市教育局")
    settled(world, 1, unit="市财政局")
    early = world.closed(on=date(2021, 1, 1), unit="市教育局").code
    with as_(world.viewer("干部甲")) as by:
        below = Filters(subject=world.units["市教育局"], is_below=True).condition()
        everything = Sample(below, 100, 1)
        assert [row.code for row in draw(by, everything).findings] == sorted([*school, *bureau, early])
        late = Sample(below, 100, 1, since=DAY, until=DAY)
        assert [row.code for row in draw(by, late).findings] == sorted([*school, *bureau])
        assert draw(by, Sample(below, 100, 1, since=DAY + timedelta(days=1))).findings == []
        office = world.offices["第一监督检查室"]
        plan_round(new=NewRound("第一轮", office, today(), late), by=by)
        assert [row.code for row in draw(by, everything).findings] == [early]
    with as_(world.viewer("干部乙")) as by:
        assert draw(by, everything).total == 0, "another office's are not its own to draw from"


def test_a_round_says_how_it_was_drawn_and_plans_each(world: World) -> None:
    settled(world, 5)
    office = world.offices["第一监督检查室"]
    with as_(world.viewer("干部甲")) as by:
        new = NewRound("三月回头看", office, today(), Sample(Q(), 40, 77), "市教育局")
        activity, rows = plan_round(new=new, by=by)
        drawn = draw(by, Sample(Q(), 100, 1)).total
    with as_(SYSTEM):
        assert (activity.kind, activity.code) == ("look_back", f"HTK{today().year}-{office.pk}-001")
        assert activity.plan == "范围:市教育局;总体5个,抽取40%计2个;种子77"
        assert {row.planned_on for row in rows} == {today()}
        assert LookBack.objects.filter(activity=activity).count() == 2
    assert drawn == 3


@pytest.mark.parametrize(
    ("name", "percent", "planned", "rule"),
    [
        ("干部甲", 0, 0, "percent"),
        ("干部甲", 101, 0, "percent"),
        ("干部甲", 50, -1, "planned-past"),
        ("干部乙", 50, 0, "nothing-drawn"),
        ("内勤甲", 50, 0, "not-allowed"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(world: World, name: str, percent: int, planned: int, rule: str) -> None:
    settled(world, 2)
    new = NewRound("一轮", world.offices["第一监督检查室"], today() + timedelta(days=planned), Sample(Q(), percent, 1))
    with pytest.raises(Refused) as refused, as_(world.viewer(name)) as by:
        plan_round(new=new, by=by)
    assert refused.value.rule == rule
    with as_(SYSTEM):
        assert not Activity.objects.filter(kind="look_back").exists()
        assert not LookBack.objects.exists()
