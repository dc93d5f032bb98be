"""Figures: each is its rows, none drifts when later things happen, a frozen one keeps what was known."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.ids import new_uid
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.rules import Who
from jiandu.loop.findings.services import approvals, moves, parts
from jiandu.loop.findings.services.approvals import Request, Signature
from jiandu.loop.findings.services.parts import Looked
from jiandu.loop.findings.states import Verb
from jiandu.loop.outcomes.services import NewMoney, NewRule, record_recovery, record_rule, reverse_recovery
from jiandu.results.analysis.measures.registry import Ask, Rate, all_measures, all_rates, find, measure, yuan
from jiandu.results.analysis.models import Snapshot
from jiandu.results.analysis.selectors import (
    _ratio,
    changed_since,
    digest_of,
    figure,
    figures,
    frozen_figures,
    may_open_rows,
    ratios,
    rows_of,
    snapshots_of,
)
from jiandu.results.analysis.services import freeze_figure
from jiandu.sources.activities.services import merge_activity

MARCH, JUNE, YEAR_END = date(2022, 3, 1), date(2022, 6, 1), date(2022, 12, 31)
END = Ask(2022, YEAR_END)
BODY = "驻市教育局纪检监察组"


def values(ask: Ask) -> dict[str, Any]:
    with as_(SYSTEM) as by:
        return {one.measure.key: (one.value, one.rows) for one in figures(by, ask)}


@pytest.fixture
def year(world: World) -> World:
    """A year with one of everything: settled, staged, overdue, withdrawn, merged, rebound; rules and money."""
    project = world.project(members=(BODY,))
    world.project(approved_on=None)
    world.project(year=2021)
    closed, rebound = world.closed(activity=project), world.closed(activity=project)
    world.closed(activity=project, lasting=True)
    late, gone, passed = (world.rectifying(activity=project) for _ in range(3))
    with as_(SYSTEM) as by:
        parts.look_back(finding=closed, by=by, looked=Looked(JUNE, "held", "到位", Who("核验人乙")))
        parts.look_back(finding=rebound, by=by, looked=Looked(JUNE, "rebound", "反弹", Who("核验人乙")))
        record_rule(finding=closed, by=by, new=NewRule("采购办法", "市教育局", JUNE))
        money = record_recovery(finding=closed, by=by, new=NewMoney(200_050, MARCH))
        reverse_recovery(money=money, by=by, on=JUNE, amount_fen=50, proof="退")
    grant(world, gone, Verb.WITHDRAW, MARCH)
    grant(world, passed, Verb.TRANSFER, MARCH, receiver="市公安局")
    world.closed(activity=world.project(year=2021), on=date(2021, 5, 1))
    assert late.due_on
    return world


def grant(world: World, finding: Finding, verb: Verb, on: date, **more: Any) -> None:
    with as_(SYSTEM) as by:
        approval = approvals.ask(finding=finding, by=by, request=Request(verb, "理由", on, **more))
    with as_(world.viewer("主任甲")) as by:
        approvals.decide(approval=approval, by=by, signature=Signature(is_granted=True, on=on, opinion="同意"))


def test_figures_count_the_year(year: World) -> None:
    assert {key: value for key, (value, _) in values(END).items()} == {
        "projects": 1,
        "project_bodies": 1,
        "project_findings": 5,
        "project_findings_rectified": 3,
        "project_rules_made": 1,
        "project_money_recovered": 2000,
        "project_findings_overdue": 1,
        "project_findings_looked_back": 2,
        "project_findings_rebound": 1,
    }


@pytest.mark.parametrize("key", all_measures())
def test_value_is_its_rows(year: World, key: str) -> None:
    for day in (date(2022, 1, 1), MARCH, JUNE, YEAR_END, today()):
        ask = Ask(2022, day)
        with as_(SYSTEM) as by:
            one, rows = figure(by, key, ask), list(rows_of(by, key, ask))
            wanted = yuan(sum(row.amount_fen for row in rows)) if one.measure.total else len(rows)
        assert (one.value, one.rows) == (wanted, len(rows))
        assert len({row.pk for row in rows}) == len(rows)


@pytest.mark.parametrize("key", all_measures())
def test_value_is_of_the_viewers_scope(year: World, key: str) -> None:
    with as_(year.viewer("干部乙")) as by:
        one = figure(by, key, END)
    assert (one.value, one.rows) == (0, 0)


LATER: dict[str, Callable[[World, Finding, date], object]] = {
    "extend": lambda w, f, day: grant(w, f, Verb.EXTEND, day, new_due_on=today() + timedelta(days=400)),
    "transfer": lambda w, f, day: grant(w, f, Verb.TRANSFER, day, receiver="市公安局"),
    "pass clue": lambda w, f, day: grant(w, f, Verb.PASS_CLUE, day, receiver="案管室"),
    "withdraw": lambda w, f, day: grant(w, f, Verb.WITHDRAW, day),
    "suspend": lambda w, f, day: grant(w, f, Verb.SUSPEND, day),
    "close": lambda w, f, day: close(w, f, day),
    "merge": lambda w, f, day: grant(w, f, Verb.MERGE, day, merge_into=w.finding(activity=f.activity, on=day)),
    "rule": lambda w, f, day: record_as_system(record_rule, f, NewRule("后来的办法", "市教育局", day)),
    "money": lambda w, f, day: record_as_system(record_recovery, f, NewMoney(100, day)),
    "new finding": lambda w, f, day: w.finding(activity=f.activity, on=day),
}


def record_as_system(record: Callable[..., object], finding: Finding, new: object) -> None:
    with as_(SYSTEM) as by:
        record(finding=finding, by=by, new=new)


def close(world: World, finding: Finding, day: date) -> None:
    with as_(SYSTEM) as by:
        moves.apply_to_close(finding=finding, by=by, on=day, note="请", rectifier=Who("责任人甲"))
        moves.verify(finding=finding, by=by, on=day, method="field", note="核", verifier=Who("核验人乙"))
        approval = finding.approvals.get(status="waiting")
    with as_(world.viewer("主任甲")) as by:
        approvals.decide(approval=approval, by=by, signature=Signature(is_granted=True, on=day, opinion="同意"))


@given(acts=st.lists(st.tuples(st.sampled_from(sorted(LATER)), st.integers(1, 60)), min_size=1, max_size=3))
@settings(
    max_examples=15, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
def test_what_happens_later_changes_no_earlier_figure(year: World, acts: list[tuple[str, int]]) -> None:
    """An open, overdue finding; whatever happens to it after the as-of date leaves every figure of that date alone."""
    finding = year.rectifying()
    before = values(END)
    day = YEAR_END
    for name, gap in acts:
        day += timedelta(days=gap)
        try:
            LATER[name](year, finding, day)
        except Refused:
            continue  # the finding has left the loop
    assert values(END) == before


def test_reopening_later_changes_no_earlier_figure(year: World) -> None:
    finding = year.closed()
    before = values(END)
    with as_(SYSTEM) as by:
        day = YEAR_END + timedelta(days=1)
        parts.look_back(finding=finding, by=by, looked=Looked(day, "rebound", "反弹", Who("核验人乙")))
        moves.reopen(finding=finding, by=by, on=day, note="反弹")
    assert values(END) == before
    after = values(Ask(2022, YEAR_END + timedelta(days=1)))
    assert after["project_findings_rectified"][0] == before["project_findings_rectified"][0] - 1


def test_what_is_entered_later_changes_no_frozen_figure(year: World) -> None:
    """补录: dated before the as-of date but entered after the moment; seen now, not in the figure as it was known."""
    late = year.rectifying()
    drawn = year.closed()
    with as_(SYSTEM) as by:
        parts.plan_look_back(finding=drawn, by=by)
    moment = now()
    frozen = Ask(2022, YEAR_END, moment)
    before = values(frozen)
    assert before == values(END)
    with as_(SYSTEM) as by:
        parts.look_back(finding=drawn, by=by, looked=Looked(JUNE, "rebound", "补录", Who("核验人乙")))
        record_rule(finding=drawn, by=by, new=NewRule("补录的办法", "市教育局", JUNE))
        record_recovery(finding=drawn, by=by, new=NewMoney(100, JUNE))
    close(year, late, JUNE)
    grant(year, drawn, Verb.WITHDRAW, JUNE)
    year.finding(on=JUNE)
    one = year.project(members=("第二监督检查室",))
    with as_(year.viewer("主任甲")) as by:
        merge_activity(activity=one, by=by, into=year.project(), reason="相同")
    assert values(frozen) == before
    assert values(END) != before


def test_overdue_reads_the_due_date_that_held_then(world: World) -> None:
    finding = world.rectifying()
    assert finding.due_on
    grant(world, finding, Verb.EXTEND, MARCH, new_due_on=date(2022, 10, 1))
    days = [finding.due_on, finding.due_on + timedelta(days=1), date(2022, 10, 1), date(2022, 10, 2)]
    assert [values(Ask(2022, day))["project_findings_overdue"][0] for day in days] == [0, 0, 0, 1]


def test_rectified_notes_what_is_settled_in_stages(year: World) -> None:
    with as_(SYSTEM) as by:
        assert figure(by, "project_findings_rectified", END).note == "其中阶段性销号1个"
        assert figure(by, "project_findings_rectified", Ask(2022, date(2022, 1, 1))).note == ""


# --- rates, registry ---


def test_rates_show_their_parts_and_none_below_the_floor(year: World) -> None:
    with as_(SYSTEM) as by:
        told = {ratio.rate.key: (ratio.numerator, ratio.denominator, ratio.percent) for ratio in ratios(by, END)}
        low = _ratio(Rate("x", "x", "project_findings_rectified", "project_findings", "", floor=5), END)
        none = _ratio(
            Rate("x", "x", "project_findings_rectified", "project_findings", "", floor=0), Ask(1999, YEAR_END)
        )
    assert told == {"project_rectification_rate": (3, 5, None), "project_rebound_rate": (1, 2, None)}
    assert low.percent == Decimal("60.0")
    assert none.percent is None


def test_rates_name_measures_that_exist() -> None:
    for rate in all_rates().values():
        assert (find(rate.numerator).key, find(rate.denominator).key) == (rate.numerator, rate.denominator)


def test_registry_refuses_an_unknown_and_a_second_measure() -> None:
    with pytest.raises(Refused) as refused:
        find("nothing")
    assert refused.value.rule == "unknown-measure"
    one = find("projects")
    with pytest.raises(ValueError, match="registered twice"):
        measure(key="projects", label="", unit="", basis=one.basis, definition="")(one.rows)
    assert all(each.definition and each.label and each.unit and each.basis.label for each in all_measures().values())


@pytest.mark.parametrize(("fen", "value"), [(0, 0), (100, 1), (150, Decimal("1.5")), (-50, Decimal("-0.5"))])
def test_yuan_stays_whole_where_it_is(fen: int, value: Any) -> None:
    assert yuan(fen) == value
    assert isinstance(yuan(fen), int) == (fen % 100 == 0)


# --- frozen figures ---


def test_freeze_keeps_the_value_and_tells_what_changed_since(year: World) -> None:
    text = new_uid()
    with as_(year.viewer("书记")) as by:
        ask = Ask(2022, YEAR_END, now())
        freeze_figure(key="project_findings", ask=ask, by=by, published_in=text)
        freeze_figure(key="project_money_recovered", ask=ask, by=by, published_in=text)
        snapshot, money = snapshots_of(by, text)
        assert (snapshot.value, snapshot.row_count, snapshot.scope) == (5, 5, "市纪委监委")
        assert money.rows_digest == digest_of(rows_of(by, "project_money_recovered", ask), "amount_fen")
        assert not changed_since(by, snapshot).has_changed
    late = year.finding(on=JUNE)
    with as_(year.viewer("书记")) as by:
        since = changed_since(by, Snapshot.objects.get(pk=snapshot.pk))
        assert (since.has_changed, since.now_value, list(since.added), list(since.removed)) == (True, 6, [late], [])
        published = frozen_figures(by, text)
        assert {key: one.value for key, one in published.items()} == {
            "project_findings": 5,
            "project_money_recovered": 2000,
        }
        assert may_open_rows(by, snapshot)
    with as_(year.viewer("干部乙")) as by:
        assert not may_open_rows(by, snapshot)


def test_freeze_refused_without_a_moment(world: World) -> None:
    with as_(SYSTEM) as by, pytest.raises(ValueError, match="moment"):
        freeze_figure(key="projects", ask=END, by=by, published_in=new_uid())
