"""What came of a finding follows it: opened with it by assignment, closed with it by recusal, on both databases."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from tests.world import SYSTEM, World, as_

from jiandu.base.core import guard, guarded
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Evidence, Finding, Measure, Step
from jiandu.loop.outcomes.models import MoneyRecovered, PersonTalked, RuleMade, RuleOrigin
from jiandu.loop.outcomes.services import (
    NewMoney,
    NewRule,
    record_recovery,
    record_rule,
    record_talked,
    reverse_recovery,
)
from jiandu.net.access import policy
from jiandu.net.access.models import Level
from jiandu.net.access.services import assign_record, end_assignment, recuse

DAY = date(2022, 6, 1)
KINDS: tuple[Any, ...] = (Step, Measure, Evidence, RuleMade, RuleOrigin, MoneyRecovered, PersonTalked)
RULE = NewRule(title="差旅费管理办法", issuer="市教育局", issued_on=DAY)


def outcomes(finding: Finding) -> MoneyRecovered:
    """Parts and outcomes of every kind."""
    with as_(SYSTEM) as by:
        record_rule(finding=finding, by=by, new=RULE)
        money = record_recovery(finding=finding, by=by, new=NewMoney(amount_fen=500, received_on=DAY))
        reverse_recovery(money=money, by=by, on=DAY, amount_fen=100, proof="")
        record_talked(finding=finding, by=by, row=PersonTalked(kind="talk", name="陈局长", on=DAY))
        Measure(finding=finding, text="清退").save(force_insert=True)
        Evidence(finding=finding, name="凭证", sha256="0" * 64, size_bytes=1, on=DAY, given_by="甲").save(
            force_insert=True
        )
    return money


def counts(world: World, name: str) -> tuple[int, ...]:
    with as_(world.viewer(name)):
        return tuple(kind.objects.count() for kind in KINDS)


NONE = (0, 0, 0, 0, 0, 0, 0)
ALL = (
    1,
    1,
    1,
    1,
    1,
    2,
    1,
)  # a finding's: one step, measure, file, rule and its origin, money and its reversal, a person


@pytest.mark.parametrize("whom", ["office", "user"])
def test_an_assigned_finding_opens_with_what_came_of_it(world: World, whom: str) -> None:
    finding = world.finding(office="第一监督检查室", unit="市财政局")
    outcomes(finding)
    outcomes(world.finding(office="第一监督检查室", unit="市财政局"))  # stays closed: the control
    assert (counts(world, "干部乙"), counts(world, "干部丙")) == (NONE, (2, 2, 2, 1, 2, 4, 2))
    to = {"office": world.offices["第二监督检查室"]} if whom == "office" else {"user": world.users["干部乙"]}
    with as_(world.viewer("主任甲")) as by:
        row = assign_record(thing=finding, by=by, **to)
    opened = (1, 1, 1, 1, 2, 2, 1)  # the rule with both of its origins, which are keys
    assert (counts(world, "干部乙"), counts(world, "街道干部")) == (opened, NONE)
    with as_(world.viewer("主任甲")) as by:
        end_assignment(thing=finding, assignment=row, by=by)
    assert counts(world, "干部乙") == NONE


def test_a_rule_is_opened_by_a_later_finding_too(world: World) -> None:
    first, later = (world.finding(office="第一监督检查室") for _ in range(2))
    with as_(SYSTEM) as by:
        assert record_rule(finding=first, by=by, new=RULE) == record_rule(finding=later, by=by, new=RULE)
        assign_record(thing=later, by=by, user=world.users["干部乙"])
    with as_(world.viewer("干部乙")):
        assert (RuleMade.objects.count(), guarded.narrow(RuleMade).count(), Finding.objects.count()) == (1, 1, 1)


def test_whoever_is_assigned_a_finding_enters_what_came_of_it(world: World) -> None:
    finding, other = (world.finding(office="第一监督检查室", unit="市财政局") for _ in range(2))
    with as_(SYSTEM) as by:
        record_rule(finding=other, by=by, new=RULE)
        assign_record(thing=finding, by=by, user=world.users["干部乙"])
    with as_(world.viewer("干部乙")) as by:
        record_recovery(finding=finding, by=by, new=NewMoney(amount_fen=1, received_on=DAY))
        rule = record_rule(finding=finding, by=by, new=RULE)  # known to the office, not seen until now: linked
        assert (rule.owner_office, RuleMade.objects.get()) == (world.offices["第一监督检查室"], rule)
        record_rule(finding=finding, by=by, new=NewRule(title="新办法", issuer="市财政局", issued_on=DAY))
        assert (RuleMade.objects.count(), MoneyRecovered.objects.count()) == (2, 1)
        with pytest.raises(Refused, match="职责范围以外"):
            record_recovery(finding=other, by=by, new=NewMoney(amount_fen=1, received_on=DAY))


def hidden(world: World) -> Finding:
    """A finding raised above the officer's clearance after outcomes had been written at a lower level."""
    finding = world.finding(office="第一监督检查室")
    outcomes(finding)
    with as_(SYSTEM):
        Finding.objects.filter(pk=finding.pk).update(level=Level.NAMED, source_uid=None)
    return Finding(pk=finding.pk, uid=finding.uid)


def recused(world: World, finding: Finding) -> None:
    with as_(SYSTEM) as by:
        thing = Finding.objects.get(pk=finding.pk)
        recuse(thing=thing, user=world.users["干部甲"], by=by)


def came_of(world: World, name: str) -> tuple[int, ...]:
    with as_(world.viewer(name)):
        return tuple(kind.objects.count() for kind in (Finding, RuleMade, MoneyRecovered, PersonTalked))


def test_a_recusal_bars_what_came_of_a_finding_that_the_officer_cannot_see(world: World) -> None:
    finding = hidden(world)
    assert came_of(world, "干部甲") == (0, 1, 2, 1)  # by their own level: the rows that could leak
    recused(world, finding)
    assert (came_of(world, "干部甲"), came_of(world, "干部丙")) == ((0, 0, 0, 0), (0, 1, 2, 1))


def test_control_a_bar_that_reads_the_finding_leaks_under_row_level_security(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the bar was: by the keys of the findings recused, of which row-level security shows those within the level."""
    finding = hidden(world)
    recused(world, finding)

    def by_reading(model: type[Any], things: Any) -> list[Q]:
        if not hasattr(model, "finding_id"):
            return []
        viewer = guard.require_actor()
        return [Q(finding__in=guarded.judged(Finding, viewer).filter(uid__in=things).values("pk"))]

    monkeypatch.setattr(policy, "coming_of", by_reading)
    guard.scopes.cache_clear()
    try:
        leaked = 2 if connection.vendor == "postgresql" else 0
        assert came_of(world, "干部甲")[2] == leaked
    finally:
        guard.scopes.cache_clear()


def test_every_outcome_carries_the_uid_of_its_finding(world: World) -> None:
    outcomes(world.finding())
    with as_(SYSTEM):
        for kind in (RuleOrigin, MoneyRecovered, PersonTalked):
            rows = list(kind.objects.all())
            uids = dict(Finding.objects.values_list("pk", "uid"))
            assert [row.finding_uid for row in rows] == [uids[row.finding_id] for row in rows] != []
