"""Figures: each is its rows, none drifts when later things happen, a frozen one keeps what was known."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.ids import new_uid
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import approvals, moves, parts
from jiandu.loop.findings.services.approvals import Request
from jiandu.loop.findings.services.parts import Looked
from jiandu.loop.findings.states import Verb
from jiandu.loop.outcomes.services import NewMoney, NewRule, record_recovery, record_rule, reverse_recovery
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who
from jiandu.results.analysis.frozen import (
    as_published,
    changed_since,
    frozen_rows,
    is_whole,
    keys_of,
    may_open_rows,
    packed,
    shares_as_published,
    snapshot_of,
    snapshots_of,
)
from jiandu.results.analysis.measures.registry import Ask, Rate, all_measures, all_rates, find, measure, yuan
from jiandu.results.analysis.selectors import Figure, _ratio, figure, figures, figures_at, ratios, rows_of, shares
from jiandu.results.analysis.services import freeze_figure
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.deciding import merge_activity

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
    assert {key: value for key, (value, _) in values(END).items() if value} == {
        "projects": 1,
        "project_bodies": 1,
        "project_findings": 5,
        "project_findings_rectified": 3,
        "project_rules_made": 1,
        "project_money_recovered": 2000,
        "project_findings_overdue": 1,
        "project_findings_looked_back": 2,
        "project_findings_rebound": 1,
        "project_findings_excluded": 1,
        "project_findings_not_looked_back": 1,
        "rules_made": 1,
    }


def test_value_is_its_rows(year: World) -> None:
    for key, day in product(all_measures(), (date(2022, 1, 1), MARCH, JUNE, YEAR_END, today())):
        ask = Ask(2022, day)
        with as_(SYSTEM) as by:
            one, rows = figure(by, key, ask), list(rows_of(by, key, ask))
            wanted = yuan(sum(row.amount_fen for row in rows)) if one.measure.total else len(rows)
        assert (key, day, one.value, one.rows) == (key, day, wanted, len(rows))
        assert len({row.pk for row in rows}) == len(rows), (key, day)


def test_many_questions_are_one_statement_and_say_what_each_says(year: World) -> None:
    asks = (END, Ask(2022, MARCH), Ask(2021, date(2021, 12, 31)), Ask(2022, JUNE, first=1, last=6))
    wanted = [(key, ask) for key, one in all_measures().items() for ask in asks if one.can_tell(ask)]
    for by in (SYSTEM, year.viewer("干部乙")):
        with as_(by) as viewer:
            each = {(key, ask): figure(viewer, key, ask) for key, ask in wanted}
            with CaptureQueriesContext(connection) as asked:
                assert figures_at(viewer, wanted) == each
            assert figures_at(viewer, []) == {}
        assert len(asked) < len(wanted) / 10


def test_value_is_of_the_viewers_scope(year: World) -> None:
    with as_(year.viewer("干部乙")) as by:
        found = {key: figure(by, key, END) for key in all_measures()}
    assert {key: (one.value, one.rows) for key, one in found.items()} == dict.fromkeys(found, (0, 0))


LATER: dict[str, Callable[[World, Finding, date], object]] = {
    "extend": lambda w, f, day: grant(w, f, Verb.EXTEND, day, new_due_on=today() + timedelta(days=400)),
    "transfer": lambda w, f, day: grant(w, f, Verb.TRANSFER, day, receiver="市公安局"),
    "pass clue": lambda w, f, day: grant(w, f, Verb.PASS_CLUE, day, receiver="案管室"),
    "withdraw": lambda w, f, day: grant(w, f, Verb.WITHDRAW, day),
    "suspend": lambda w, f, day: grant(w, f, Verb.SUSPEND, day),
    "close": lambda w, f, day: close(w, f, day),
    "merge": lambda w, f, day: grant(w, f, Verb.MERGE, day, merge_into=w.finding(activity=project_of(f), on=day)),
    "rule": lambda w, f, day: record_as_system(record_rule, f, NewRule("后来的办法", "市教育局", day)),
    "money": lambda w, f, day: record_as_system(record_recovery, f, NewMoney(100, day)),
    "new finding": lambda w, f, day: w.finding(activity=project_of(f), on=day),
}


def project_of(finding: Finding) -> Activity:
    with as_(SYSTEM):
        assert finding.activity is not None
        return finding.activity


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
        told = {
            ratio.rate.key: (ratio.numerator.value, ratio.denominator.value, ratio.excluded.value, ratio.percent)
            for ratio in ratios(by, END)
        }
    about = {key: said for key, said in told.items() if key.startswith("project_")}
    assert about == {"project_rectification_rate": (3, 5, 1, None), "project_rebound_rate": (1, 2, 1, None)}
    one = find("projects")
    parts = [Figure(one, value, value) for value in (3, 5, 1)]
    none = [Figure(one, 0, 0)] * 3
    assert _ratio(Rate("x", "x", "", "", "", "", floor=5), *parts).percent == Decimal("60.0")
    assert _ratio(Rate("x", "x", "", "", "", "", floor=6), *parts).percent is None
    assert _ratio(Rate("x", "x", "", "", "", "", floor=0), *none).percent is None


def test_rates_name_measures_that_exist() -> None:
    for rate in all_rates().values():
        assert tuple(find(key).key for key in rate.parts) == (rate.numerator, rate.denominator, rate.excluded)


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


@pytest.fixture
def frozen(year: World) -> tuple[World, Any]:
    """The year with two figures frozen by the secretary of the city's commission."""
    text = new_uid()
    with as_(year.viewer("书记")) as by:
        for key in ("project_findings", "project_money_recovered"):
            freeze_figure(key=key, ask=Ask(2022, YEAR_END, now()), by=by, published_in=text)
    return year, text


def test_freeze_keeps_value_rows_and_parts(frozen: tuple[World, Any]) -> None:
    year, text = frozen
    with as_(year.viewer("书记")) as by:
        snapshot, money = snapshots_of(by, text)
        assert (snapshot.value, snapshot.row_count, snapshot.scope) == (5, 5, "市纪委监委")
        assert list(frozen_rows(by, snapshot)) == list(rows_of(by, "project_findings", END))
        assert list(frozen_rows(by, snapshot, start=3)) == list(rows_of(by, "project_findings", END))[3:]
        assert money.rows == packed(keys_of(rows_of(by, "project_money_recovered", END), "amount_fen"))
        assert (is_whole(snapshot), is_whole(money)) == (True, True)
        assert [as_published(row).value for row in (snapshot, money)] == [5, 2000]
        assert shares_as_published(money, "month") == shares(by, "project_money_recovered", END, by="month")
        assert shares_as_published(money, "nothing") == []
        assert snapshot_of(by, text, "projects") is None


def test_a_frozen_figure_whose_rows_were_touched_is_not_whole(frozen: tuple[World, Any]) -> None:
    year, text = frozen
    with as_(year.viewer("书记")) as by:
        snapshot = snapshots_of(by, text)[0]
        snapshot.rows = packed([[number] for number in range(900, 905)])
        assert not is_whole(snapshot)


def test_changed_since_names_what_came_and_what_was_corrected_away(frozen: tuple[World, Any]) -> None:
    year, text = frozen
    with as_(year.viewer("书记")) as by:
        snapshot = snapshots_of(by, text)[0]
        assert not changed_since(by, snapshot).has_changed
        gone = frozen_rows(by, snapshot)[0]
    late = year.finding(on=JUNE)
    grant(year, gone, Verb.WITHDRAW, YEAR_END)
    with as_(year.viewer("书记")) as by:
        since = changed_since(by, snapshot)
        assert (since.now_value, since.figure.value) == (5, 5)
        assert (since.added, since.removed) == ([late.pk], [gone.pk])
        assert since.has_changed  # the same number over other rows is a change
        assert frozen_rows(by, snapshot)[0] == gone


def test_a_frozen_figure_opens_for_those_who_cover_its_scope(frozen: tuple[World, Any]) -> None:
    year, text = frozen
    with as_(year.viewer("书记")) as by:
        snapshot = snapshots_of(by, text)[0]
        assert may_open_rows(by, snapshot)
    for name in ("干部乙", "区纪委书记"):
        with as_(year.viewer(name)) as by:
            assert (may_open_rows(by, snapshot), list(frozen_rows(by, snapshot))) == (False, [])


def test_freeze_refused_without_a_moment(world: World) -> None:
    with as_(SYSTEM) as by, pytest.raises(ValueError, match="moment"):
        freeze_figure(key="projects", ask=END, by=by, published_in=new_uid())


# --- parts of a figure ---

SPLITS = [(key, split.key) for key, one in all_measures().items() for split in one.splits]


def test_shares_add_up_and_open_their_rows(year: World) -> None:
    year.rectifying(on=date(2022, 7, 31), unit="市财政局")
    for (key, by), day in product(SPLITS, (MARCH, YEAR_END, today())):
        ask = Ask(2022, day)
        with as_(SYSTEM) as viewer:
            whole, parts = figure(viewer, key, ask), shares(viewer, key, ask, by=by)
            opened = [list(rows_of(viewer, key, ask, by=by, of=part.of)) for part in parts]
        told = (key, by, day)
        assert (*told, sum(part.value for part in parts)) == (*told, whole.value)
        assert (*told, [len(rows) for rows in opened]) == (*told, [part.rows for part in parts])
        assert (*told, len({row.pk for rows in opened for row in rows})) == (*told, whole.rows)


def test_shares_are_named_and_in_order(year: World) -> None:
    year.rectifying(on=date(2022, 7, 31), unit="市财政局", activity=year.project())
    with as_(SYSTEM) as by:
        units = [(part.name, part.value) for part in shares(by, "project_findings", END, by="unit")]
        months = [(part.of, part.value) for part in shares(by, "project_findings", END, by="month")]
        aspects = [(part.name, part.of, part.value) for part in shares(by, "project_findings", END, by="aspect")]
    assert (units, months) == ([("市教育局", 5), ("市财政局", 1)], [("2022-03", 5), ("2022-07", 1)])
    assert aspects == [("", "", 6)]


@pytest.mark.parametrize(
    ("by", "of"), [("nothing", ""), ("month", "2022-13"), ("month", "x"), ("unit", "1 or 1"), ("unit", "-1")]
)
def test_rows_refuse_a_part_that_cannot_be(world: World, by: str, of: str) -> None:
    with as_(SYSTEM) as viewer, pytest.raises(Refused) as refused:
        rows_of(viewer, "project_findings", END, by=by, of=of)
    assert refused.value.rule == "unknown-split"
