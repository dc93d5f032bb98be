"""What came of findings: a rule counts once, money never falls below nothing, each on its own date."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.outcomes import selectors
from jiandu.loop.outcomes.models import MoneyRecovered, PersonTalked, RuleMade, RuleOrigin
from jiandu.loop.outcomes.services import (
    NewMoney,
    NewRule,
    record_recovery,
    record_rule,
    record_talked,
    reverse_recovery,
)
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure

DAY = date(2022, 3, 1)
LATER = date(2022, 6, 1)
ISSUED = date(2022, 5, 1)
END = Ask(2022, date(2022, 12, 31))


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def test_rule_counts_once_though_two_findings_led_to_it(world: World) -> None:
    one, two = world.finding(), world.finding()
    with as_(world.viewer("干部甲")) as by:
        first = record_rule(finding=one, by=by, new=NewRule("《采购管理办法》", "市教育局", ISSUED))
        second = record_rule(finding=two, by=by, new=NewRule("采购管理办法", "市教育局", ISSUED))
        record_rule(finding=two, by=by, new=NewRule(" 采购管理办法 ", "市教育局", ISSUED))
        assert first == second
        assert (RuleMade.objects.count(), RuleOrigin.objects.count()) == (1, 2)
        assert figure(by, "project_rules_made", END).value == 1
        for finding in (one, two):
            assert [str(rule) for rule in selectors.of_finding(by, finding).rules] == ["《采购管理办法》"]


def test_rule_of_another_issuer_or_number_is_another_rule(world: World) -> None:
    finding = world.finding()
    with as_(SYSTEM) as by:
        for issuer, number in (("市教育局", ""), ("市财政局", ""), ("市教育局", "厦教〔2022〕1号")):
            record_rule(finding=finding, by=by, new=NewRule("采购管理办法", issuer, ISSUED, number))
        assert RuleMade.objects.count() == 3


def test_rule_refused_without_title_or_in_the_future(world: World) -> None:
    finding = world.finding()
    with as_(SYSTEM) as by:
        assert (
            rule_of(lambda: record_rule(finding=finding, by=by, new=NewRule("《》", "市教育局", ISSUED)))
            == "rule-title"
        )
        tomorrow = today() + timedelta(days=1)
        assert rule_of(lambda: record_rule(finding=finding, by=by, new=NewRule("甲", "乙", tomorrow))) == "step-date"
        assert RuleMade.objects.count() == 0


def test_rule_counts_from_the_day_it_was_issued(world: World) -> None:
    finding = world.finding()
    with as_(SYSTEM) as by:
        record_rule(finding=finding, by=by, new=NewRule("甲", "乙", ISSUED))
        values = [
            figure(by, "project_rules_made", Ask(2022, day)).value for day in (ISSUED - timedelta(days=1), ISSUED)
        ]
    assert values == [0, 1]


def test_money_counts_on_the_day_it_came_and_a_reversal_on_its_own(world: World) -> None:
    finding = world.finding()
    with as_(SYSTEM) as by:
        money = record_recovery(finding=finding, by=by, new=NewMoney(10_050, DAY, "财政专户", "凭证1"))
        back = reverse_recovery(money=money, by=by, on=LATER, amount_fen=50, proof="退回")
        found = selectors.of_finding(by, finding)
        days = (DAY - timedelta(days=1), DAY, LATER)
        values = [str(figure(by, "project_money_recovered", Ask(2022, day)).value) for day in days]
        assert (
            rule_of(lambda: reverse_recovery(money=back, by=by, on=LATER, amount_fen=1, proof="x")) == "reverse-amount"
        )
    assert (found.recovered_fen, [row.amount_fen for row in found.money]) == (10_000, [10_050, -50])
    assert values == ["0", "100.5", "100"]


@pytest.mark.parametrize(("amount", "on"), [(0, LATER), (-1, LATER), (101, LATER), (1, DAY - timedelta(days=1))])
def test_reversal_refused_beyond_what_is_left_or_before_it_came(world: World, amount: int, on: date) -> None:
    finding = world.finding()
    with as_(SYSTEM) as by:
        money = record_recovery(finding=finding, by=by, new=NewMoney(100, DAY))
        refused = rule_of(lambda: reverse_recovery(money=money, by=by, on=on, amount_fen=amount, proof="x"))
        assert (refused, MoneyRecovered.objects.count()) == ("reverse-amount", 1)


def test_recovery_refused_unless_positive(world: World) -> None:
    finding = world.finding()
    with as_(SYSTEM) as by:
        for amount in (0, -5):
            refused = rule_of(lambda a=amount: record_recovery(finding=finding, by=by, new=NewMoney(a, DAY)))  # type: ignore[misc]
            assert refused == "money-positive"


@given(came=st.integers(1, 1000), back=st.lists(st.integers(-10, 600), max_size=6))
@settings(
    max_examples=25, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_reversals_never_take_more_than_came(world: World, came: int, back: list[int]) -> None:
    finding = world.finding()
    left = came
    with as_(SYSTEM) as by:
        money = record_recovery(finding=finding, by=by, new=NewMoney(came, DAY))
        for amount in back:
            if 0 < amount <= left:
                reverse_recovery(money=money, by=by, on=LATER, amount_fen=amount, proof="退回")
                left -= amount
            else:
                refused = rule_of(
                    lambda a=amount: reverse_recovery(money=money, by=by, on=LATER, amount_fen=a, proof="退回")  # type: ignore[misc]
                )
                assert refused == "reverse-amount"
            total = MoneyRecovered.objects.filter(finding=finding).aggregate(total=Sum("amount_fen"))["total"]
            assert (total, left >= 0) == (left, True)


def test_talked_stands_where_its_finding_stands(world: World) -> None:
    finding = world.finding()
    with as_(world.viewer("干部甲")) as by:
        row = record_talked(finding=finding, by=by, row=PersonTalked(kind="talk", name="陈局长", title="局长", on=DAY))
        assert (row.owner_office, row.subject_path, row.source_uid) == (
            finding.owner_office,
            finding.subject_path,
            finding.source_uid,
        )
        assert selectors.of_unit(by, world.units["市教育局"])[0].talked == [row]
        nameless = PersonTalked(kind="talk", name=" ", on=DAY)
        assert rule_of(lambda: record_talked(finding=finding, by=by, row=nameless)) == "name-needed"


def test_outcomes_refused_for_a_unit_operator(world: World) -> None:
    finding = world.rectifying()
    with as_(world.viewer("经办人丁")) as by:
        assert rule_of(lambda: record_recovery(finding=finding, by=by, new=NewMoney(1, DAY))) == "not-allowed"
