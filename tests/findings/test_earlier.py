"""旧账: what is told of a unit's earlier problems while one is typed, and one act that registers and decides."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.findings.test_acts import grant, rule_of
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Approval, Finding, Repeat
from jiandu.loop.findings.selectors import earlier as old
from jiandu.loop.findings.selectors.earlier import Typed, earlier
from jiandu.loop.findings.services.deciding import open_as_repeat
from jiandu.loop.findings.states import State, Verb

DAY = date(2022, 3, 1)
TYPED = "食堂食材采购未按规定招标"


def told(
    world: World, problem: str = TYPED, name: str = "干部甲", *, unit: str = "市教育局", **more: object
) -> list[str]:
    """The problems that the reminder names."""
    with as_(world.viewer(name)) as by:
        typed = replace(Typed(world.units[unit], problem, DAY), **more)  # type: ignore[arg-type]
        return [one.finding.problem for one in earlier(by, typed)]


def test_what_is_put_alike_is_told_the_latest_first(world: World) -> None:
    for problem, on in (("学校食堂采购未招标", date(2021, 5, 6)), ("食材采购未按规定公开招标", date(2022, 1, 5))):
        world.finding(problem=problem, on=on)
    world.finding(problem="公车使用登记不全")
    world.finding(problem="食堂采购未招标", unit="市第一中学")
    assert told(world) == ["食材采购未按规定公开招标", "学校食堂采购未招标"]
    assert told(world, "食堂") == [], "too little has been typed"


def test_the_same_clause_and_the_same_aspect_are_told_whatever_the_words(world: World) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        one, other = items(by, "aspect", DAY.year)[:2]
    world.finding(problem="甲", basis="《政府采购法》第２６条")
    world.finding(problem="乙", aspect=one)
    world.finding(problem="丙", aspect=other)
    assert told(world, "丁", basis="《政府采购法》第26条") == ["甲"]
    assert told(world, "丁", aspect=one) == ["乙"]
    assert told(world, "丁") == [], "no clause and no aspect are not the same clause and aspect"


@pytest.mark.parametrize(
    ("on", "is_told"), [(date(2019, 3, 1), False), (date(2019, 3, 2), True), (date(2022, 3, 2), False)]
)
def test_three_years_up_to_the_day(world: World, on: date, is_told: bool) -> None:
    world.finding(problem=TYPED, on=on)
    assert bool(told(world)) == is_told


def test_only_what_counts_and_what_the_officer_may_see(world: World) -> None:
    world.finding(problem=f"{TYPED}甲")
    world.finding(problem=f"{TYPED}乙", office="第二监督检查室")
    world.finding(problem=f"{TYPED}丙", level=2)
    grant(world, world.rectifying(problem=f"{TYPED}丁"), Verb.WITHDRAW)
    assert told(world) == [f"{TYPED}甲"]
    assert set(told(world, name="书记")) == {f"{TYPED}甲", f"{TYPED}乙"}


@given(st.text("采购招标食堂公开规定未按", max_size=12), st.text("采购招标食堂公开规定未按", max_size=12))
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    first, second = old._pairs(one), old._pairs(other)
    assert old._are_alike(first, second) == old._are_alike(second, first)
    assert old._are_alike(first, first) == (len(first) >= old.LEAST_PAIRS)


def test_registered_and_merged_in_one_act(world: World) -> None:
    before = world.rectifying(problem=TYPED)
    with as_(world.viewer("干部甲")) as by:
        made = open_as_repeat(
            new=world.new(problem=TYPED, on=date(2022, 5, 4)), earlier=before, decision="merge", by=by
        )
        assert made.repeats.get().decision == Repeat.Decision.MERGE
        asked = made.approvals.get()
    assert (asked.verb, asked.status, asked.merge_into_id) == (Verb.MERGE, Approval.Status.WAITING, before.pk)
    assert made.state == State.REGISTERED, "another person decides"


def test_registered_and_the_closed_one_taken_up_again(world: World) -> None:
    before = world.closed(problem=TYPED)
    with as_(world.viewer("主任甲")) as by:
        made = open_as_repeat(
            new=world.new(problem=TYPED, on=date(2022, 5, 4)), earlier=before, decision="reopen", by=by
        )
        assert Finding.objects.get(pk=before.pk).state == State.RECTIFYING
        assert made.approvals.get().merge_into_id == before.pk


def test_what_may_not_be_decided_registers_nothing(world: World) -> None:
    before = world.closed(problem=TYPED)
    new = world.new(problem="新问题", on=date(2022, 5, 4))
    with as_(world.viewer("主任甲")) as by:
        assert rule_of(lambda: open_as_repeat(new=new, earlier=before, decision="merge", by=by)) == "repeat-option"
        assert not Finding.objects.filter(problem="新问题").exists()
