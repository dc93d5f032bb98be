"""Single records opened to an office or a person, and closed to one: who may do it, to whom, and when it acts."""

from datetime import timedelta

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding
from jiandu.loop.outcomes.models import MoneyRecovered
from jiandu.loop.outcomes.services import NewMoney, record_recovery
from jiandu.net.access.models import Assignment, Recusal
from jiandu.net.access.selectors import assignments_of, can_take, recusals_of
from jiandu.net.access.services import assign_record, end_assignment, end_recusal, recuse, recuse_from_unit


def sees(world: World, name: str) -> set[str]:
    with as_(world.viewer(name)):
        return set(Finding.objects.values_list("problem", flat=True))


def refused(world: World, name: str, service, **arguments) -> str:  # type: ignore[no-untyped-def]
    with as_(world.viewer(name)) as by, pytest.raises(Refused) as caught:
        service(by=by, **arguments)
    return caught.value.rule


def verbs_of(thing: Finding) -> list[str]:
    """The log's words on access to the record."""
    entries = Entry.objects.filter(obj=f"findings.finding:{thing.uid}").order_by("seq").values_list("verb", flat=True)
    return [verb for verb in entries if verb.startswith(("assignment", "recusal"))]


def test_a_record_is_opened_to_an_office_and_to_a_person_and_closed_again(world: World) -> None:
    finding = world.finding(problem="甲", office="第一监督检查室")
    other, person = world.offices["第二监督检查室"], world.users["街道干部"]
    assert (sees(world, "主任乙"), sees(world, "街道干部")) == (set(), set())
    with as_(world.viewer("主任甲")) as by:
        opened = assign_record(thing=finding, by=by, office=other)
        named = assign_record(thing=finding, by=by, user=person)
        assert assign_record(thing=finding, by=by, office=other) == opened
        assert list(assignments_of(by, finding)) == [opened, named]
    assert (sees(world, "主任乙"), sees(world, "街道干部")) == ({"甲"}, {"甲"})
    with as_(world.viewer("主任甲")) as by:
        end_assignment(thing=finding, assignment=opened, by=by)
        end_assignment(thing=finding, assignment=named, by=by)
        assert list(assignments_of(by, finding)) == []
    assert (sees(world, "主任乙"), sees(world, "街道干部")) == (set(), set())
    assert verbs_of(finding) == ["assignment.give", "assignment.give", "assignment.end", "assignment.end"]
    with as_(world.viewer("主任甲")) as by:  # again on the same day
        assign_record(thing=finding, by=by, office=other)
    assert sees(world, "主任乙") == {"甲"}


def test_an_assignment_ends_by_itself(world: World) -> None:
    finding = world.finding(problem="甲", office="第一监督检查室")
    with as_(SYSTEM) as by:
        row = assign_record(thing=finding, by=by, office=world.offices["第二监督检查室"], until=today())
    assert sees(world, "主任乙") == {"甲"}
    Assignment.objects.filter(pk=row.pk).update(since=today() - timedelta(days=9), until=today() - timedelta(days=1))
    assert sees(world, "主任乙") == set()


def test_who_may_not_assign_and_who_cannot_take(world: World) -> None:
    finding = world.finding(problem="甲", office="第一监督检查室", unit="市教育局")
    other = world.offices["第二监督检查室"]
    assert refused(world, "主任乙", assign_record, thing=finding, office=other) == "not-allowed"
    assert refused(world, "书记", assign_record, thing=finding, office=other) == "not-allowed"
    rules = {
        "assign-whom": {},
        "period-in-order": {"office": other, "until": today() - timedelta(days=1)},
        "assign-no-role": {"user": world.users["安全管理员"]},
    }
    assert [refused(world, "主任甲", assign_record, thing=finding, **more) for more in rules.values()] == list(rules)
    with as_(world.viewer("安全管理员")) as by:
        recuse_from_unit(organisation=world.units["市教育局"], user=world.users["干部乙"], by=by)
    with as_(world.viewer("主任甲")) as by:
        recuse(thing=finding, user=world.users["干部丙"], by=by)
    for name in ("干部乙", "干部丙"):
        assert refused(world, "主任甲", assign_record, thing=finding, user=world.users[name]) == "recused"
    assert Assignment.objects.filter(thing_uid=finding.uid).count() == 0
    with as_(world.viewer("主任甲")) as by:
        choices = set(can_take(by, "finding").values_list("name", flat=True))
    assert {"干部丙", "书记"} <= choices
    assert choices.isdisjoint({"系统管理员", "安全管理员", "审计管理员", "经办人丁"})


def test_a_recused_person_sees_neither_the_record_nor_what_came_of_it(world: World) -> None:
    finding = world.finding(problem="甲", office="第一监督检查室")
    with as_(SYSTEM) as by:
        record_recovery(finding=finding, by=by, new=NewMoney(amount_fen=100, received_on=finding.registered_on))

    def money(name: str) -> int:
        with as_(world.viewer(name)):
            return MoneyRecovered.objects.count()

    assert (money("干部甲"), money("干部丙")) == (1, 1)
    with as_(world.viewer("干部甲")) as by:  # everybody may recuse oneself
        first = recuse(thing=finding, user=world.users["干部甲"], by=by, reason="亲属在该单位任职")
    assert (sees(world, "干部甲"), money("干部甲")) == (set(), 0)
    assert (sees(world, "干部丙"), money("干部丙")) == ({"甲"}, 1)
    with as_(world.viewer("主任甲")) as by:
        assert recuse(thing=finding, user=world.users["干部甲"], by=by) == first
        assert list(recusals_of(by, finding)) == [first]
    with as_(world.viewer("干部丙")) as by:  # a colleague without the right reads nothing of it
        assert list(recusals_of(by, finding)) == []
    assert refused(world, "干部丙", recuse, thing=finding, user=world.users["主任甲"]) == "not-allowed"
    assert refused(world, "干部乙", recuse, thing=finding, user=world.users["干部乙"]) == "not-allowed"
    assert refused(world, "干部甲", end_recusal, recusal=first) == "not-allowed"
    with as_(world.viewer("安全管理员")) as by:
        end_recusal(recusal=Recusal.objects.get(pk=first.pk), by=by)
    assert (sees(world, "干部甲"), money("干部甲")) == ({"甲"}, 1)
    assert verbs_of(finding) == ["recusal.give"]
