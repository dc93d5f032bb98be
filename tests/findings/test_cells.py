"""Cells of the ledger: written only where they say what the officer saw; each by itself; no edit of two officers is lost."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.loop.findings.models import Finding, Repeat, Step
from jiandu.loop.findings.services import cells, levels, moves
from jiandu.loop.findings.services.cells import Edit, Outcome, Result, cell_text, correct_cells
from jiandu.net.access.persons import Who


def corrected(world: World, name: str, *edits: Edit, **more: Any) -> list[Result]:
    with as_(world.viewer(name)) as by:
        return correct_cells(by=by, edits=edits, **more)


def fresh(finding: Finding) -> Finding:
    with as_(SYSTEM):
        return Finding.objects.get(pk=finding.pk)


def texts(finding: Finding, *names: str) -> list[str]:
    row = fresh(finding)
    return [cell_text(row, name) for name in names]


def steps(finding: Finding) -> list[tuple[str, str, str, str]]:
    with as_(SYSTEM):
        found = Step.objects.filter(finding=finding, verb="correct").order_by("seq")
        return list(found.values_list("by_name", "note", "columns", "to_state"))


def said(results: list[Result]) -> list[tuple[str, str]]:
    return [(result.outcome.value, result.why.rule if result.why else result.now) for result in results]


def test_cells_of_two_findings_are_one_act_with_a_step_each(world: World) -> None:
    one, other = world.finding(problem="台账不清", unit="市教育局"), world.finding(unit="市财政局")
    before = Entry.objects.count()
    results = corrected(
        *(world, "干部甲"),
        Edit(other.uid, "rectifier_name", "", Who("王小明")),
        Edit(one.uid, "problem", "台账不清", "台账管理混乱"),
        Edit(one.uid, "due_on", "", date(2022, 6, 1)),
        Edit(one.uid, "amount_fen", "", 370000),
        note="集中补录",
    )
    assert said(results) == [(Outcome.WRITTEN, now) for now in ("王小明", "台账管理混乱", "2022-06-01", "3700.00")]
    assert texts(one, "problem", "due_on", "amount_fen") == ["台账管理混乱", "2022-06-01", "3700.00"]
    assert fresh(one).first_due_on == date(2022, 6, 1)
    assert steps(one) == [("干部甲", "集中补录", "problem +due_on +amount_fen", "registered")]
    assert steps(other) == [("干部甲", "集中补录", "+rectifier_name", "registered")]
    entry = Entry.objects.latest("seq")
    assert (Entry.objects.count() - before, entry.verb, entry.actor_name) == (1, "finding.cells", "干部甲")
    told = json.loads(entry.payload.body)
    assert [(each["code"], each["before"], each["after"]) for each in told["steps"]] == [
        (
            one.code,
            {"problem": "台账不清", "due_on": "", "amount_fen": ""},
            {"problem": "台账管理混乱", "due_on": "2022-06-01", "amount_fen": "3700.00"},
        ),
        (other.code, {"rectifier_name": ""}, {"rectifier_name": "王小明"}),
    ]


def test_what_somebody_changed_since_is_a_conflict_that_names_who_and_changes_nothing(world: World) -> None:
    finding = world.finding(basis="旧条款")
    assert said(corrected(world, "干部丙", Edit(finding.uid, "basis", "旧条款", "丙的条款"))) == [
        ("written", "丙的条款")
    ]
    corrected(world, "主任甲", Edit(finding.uid, "lead_leader", "", "李副书记"))  # later, in another cell
    before = Entry.objects.count()
    (mine,) = corrected(world, "干部甲", Edit(finding.uid, "basis", "旧条款", "甲的条款"))
    assert (mine.outcome, mine.now) == (Outcome.CONFLICT, "丙的条款")
    assert mine.step is not None
    assert mine.step.by_name == "干部丙"
    assert (texts(finding, "basis"), Entry.objects.count() - before) == (["丙的条款"], 0)
    again = corrected(world, "干部甲", Edit(finding.uid, "basis", "丙的条款", "甲的条款"))
    assert said(again) == [("written", "甲的条款")]


def test_a_conflict_with_an_act_of_the_loop_names_who_did_it(world: World) -> None:
    finding = world.rectifying(rectifier=Who("责任人甲"))
    results = corrected(
        *(world, "干部甲"),
        Edit(finding.uid, "rectifier_name", "", Who("王小明")),
        Edit(finding.uid, "rectification", "at_once", "lasting"),
        Edit(finding.uid, "problem", "别的话", "新的话"),
    )
    assert [result.outcome for result in results] == [Outcome.CONFLICT] * 3
    assert [result.step.verb if result.step else None for result in results] == ["receive", "assign", None]


def test_the_same_value_is_no_conflict_and_no_step(world: World) -> None:
    finding = world.finding(basis="条款")
    results = corrected(world, "干部甲", Edit(finding.uid, "basis", "别的", "条款"), Edit(finding.uid, "facts", "", ""))
    assert (said(results), steps(finding)) == ([("unchanged", "条款"), ("unchanged", "")], [])


def test_line_ends_are_no_change(world: World) -> None:
    finding = world.finding(facts="一\r\n二")
    assert said(corrected(world, "干部甲", Edit(finding.uid, "facts", "一\n二", "三"))) == [("written", "三")]


def test_each_cell_is_refused_by_itself_with_the_rule_of_a_correction(world: World) -> None:
    applied, closed = world.applied(due_on=date(2022, 6, 1)), world.closed()
    edits = [
        Edit(applied.uid, "due_on", texts(applied, "due_on")[0], date(2023, 1, 1)),
        Edit(applied.uid, "rectifier_name", "责任人甲", Who("另一人")),
        Edit(applied.uid, "rectification", "by_term", "lasting"),
        Edit(applied.uid, "problem", applied.problem, " "),
        Edit(applied.uid, "state", "to_verify", "closed"),
        Edit(applied.uid, "facts", "", "抽查"),
        Edit(closed.uid, "facts", "", "抽查"),
        Edit(uuid4(), "facts", "", "抽查"),
    ]
    results = said(corrected(world, "干部甲", *edits))
    assert results == [
        *(("refused", rule) for rule in ("stands", "stands", "stands", "problem-needed", "not-correctable")),
        *(("written", "抽查"), ("written", "抽查"), ("refused", "not-there")),
    ]
    assert steps(applied) == [("干部甲", cells.NOTE, "+facts", "to_verify")]


def test_who_verified_is_not_named_in_a_cell(world: World) -> None:
    finding = world.closed(lasting=True)
    name = texts(finding, "rectifier_name")[0]
    refused = corrected(world, "干部甲", Edit(finding.uid, "rectifier_name", name, Who("核验人乙")))
    assert said(refused) == [("refused", "verify-independent")]


def test_who_may_not_correct_it_writes_no_cell(world: World) -> None:
    finding = world.finding()
    edit = Edit(finding.uid, "facts", "", "抽查")
    assert said(corrected(world, "干部乙", edit)) == [("refused", "not-there")]  # another office's
    assert said(corrected(world, "书记", edit)) == [("refused", "not-allowed")]
    assert said(corrected(world, "干部甲", edit)) == [("written", "抽查")]


def test_what_is_kept_to_a_few_is_corrected_on_its_page(world: World) -> None:
    finding = world.finding()
    with as_(world.viewer("主任甲")) as by:
        levels.restrict(finding=finding, by=by, level=2, note="敏感")
    results = corrected(world, "主任甲", Edit(finding.uid, "facts", "不知道", "抽查"))
    assert (said(results), results[0].now) == ([("refused", "on-its-page")], "")


def test_two_edits_of_one_cell_follow_each_other(world: World) -> None:
    finding = world.finding(basis="甲")
    edits = [
        Edit(finding.uid, "basis", "甲", "乙"),
        Edit(finding.uid, "basis", "甲", "丙"),
        Edit(finding.uid, "basis", "乙", "丁"),
    ]
    assert said(corrected(world, "干部甲", *edits)) == [("written", "乙"), ("conflict", "乙"), ("written", "丁")]
    assert texts(finding, "basis") == ["丁"]


def test_another_problem_is_proposed_as_a_repeat(world: World) -> None:
    world.finding(problem="台账不清", on=date(2022, 1, 5))
    finding = world.finding(problem="别的")
    corrected(world, "干部甲", Edit(finding.uid, "problem", "别的", "台账不清"))
    with as_(SYSTEM):
        assert Repeat.objects.filter(finding=finding).count() == 1


def undone(world: World, name: str, finding: Finding, column: str, seen: str, value: Any) -> tuple[str, str]:
    return said(corrected(world, name, Edit(finding.uid, column, seen, value), is_undo=True))[0]


def test_an_undo_takes_back_what_was_filled_in(world: World) -> None:
    finding = world.finding()
    corrected(
        *(world, "干部甲"),
        Edit(finding.uid, "due_on", "", date(2022, 6, 1)),
        Edit(finding.uid, "rectification", "", "by_term"),
    )
    results = corrected(
        *(world, "干部甲"),
        Edit(finding.uid, "due_on", "2022-06-01", None),
        Edit(finding.uid, "rectification", "by_term", ""),
        is_undo=True,
    )
    row = fresh(finding)
    assert (said(results), row.first_due_on, row.due_on) == ([("written", "")] * 2, None, None)
    assert [note for _, note, _, _ in steps(finding)] == [cells.NOTE, cells.UNDONE]


def test_an_undo_is_no_way_around_what_stands(world: World) -> None:
    """Only by whoever filled it in, only back to nothing, only while it is the last that was done."""
    finding = world.finding()
    corrected(world, "干部甲", Edit(finding.uid, "due_on", "", date(2022, 6, 1)))
    assert undone(world, "干部丙", finding, "due_on", "2022-06-01", None) == ("refused", "stands")
    assert undone(world, "干部甲", finding, "due_on", "2022-06-01", date(2023, 6, 1)) == ("refused", "stands")
    assert undone(world, "干部甲", finding, "due_on", "2022-05-01", None) == ("conflict", "2022-06-01")
    corrected(world, "干部甲", Edit(finding.uid, "facts", "", "抽查"))
    assert undone(world, "干部甲", finding, "due_on", "2022-06-01", None) == ("refused", "stands")
    typed = world.finding(rectification="by_term")
    corrected(world, "干部甲", Edit(typed.uid, "rectification", "by_term", "lasting"))
    assert undone(world, "干部甲", typed, "rectification", "lasting", "") == ("refused", "type-needed")
    assert undone(world, "干部甲", typed, "rectification", "lasting", "by_term") == ("written", "by_term")


def test_an_undo_leaves_what_somebody_changed_since(world: World) -> None:
    finding = world.finding(basis="甲")
    corrected(world, "干部甲", Edit(finding.uid, "basis", "甲", "乙"), Edit(finding.uid, "facts", "", "事实"))
    corrected(world, "干部丙", Edit(finding.uid, "basis", "乙", "丙"))
    results = corrected(
        world, "干部甲", Edit(finding.uid, "basis", "乙", "甲"), Edit(finding.uid, "facts", "事实", ""), is_undo=True
    )
    assert said(results) == [("conflict", "丙"), ("written", "")]


def test_the_form_tells_its_columns_as_well(world: World) -> None:
    """So that a conflict names who corrected the cell on the page of the finding, or sorted it."""
    finding = world.finding()
    with as_(world.viewer("干部丙")) as by:
        moves.correct(finding=finding, by=by, note="补录", basis="条款", facts="事实")
    assert steps(finding)[0][2] == "+basis +facts"
    (mine,) = corrected(world, "干部甲", Edit(finding.uid, "basis", "", "甲的条款"))
    assert mine.step is not None
    assert (mine.outcome, mine.step.by_name) == (Outcome.CONFLICT, "干部丙")


# --- two officers on the same rows ---

ACTS = st.lists(
    st.tuples(st.integers(0, 1), st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True), st.booleans()),
    min_size=4,
    max_size=14,
)
QUIET = settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))


class Desk:
    """Two officers, each with the page as it was when loaded; what each was told is written stands in `written`."""

    def __init__(self, world: World) -> None:
        self.world, self.findings = world, [world.finding(basis="起始") for _ in range(6)]
        self.pages: list[dict[UUID, str]] = [{}, {}]
        self.written: list[tuple[UUID, str, str]] = []
        self.load(0)
        self.load(1)

    def load(self, officer: int) -> None:
        self.pages[officer] = {finding.uid: texts(finding, "basis")[0] for finding in self.findings}

    def act(self, officer: int, rows: list[int]) -> None:
        page, name = self.pages[officer], ("干部甲", "干部丙")[officer]
        word = f"{name}{len(self.written)}"
        edits = [Edit(uid, "basis", page[uid], f"{word}-{row}") for row in rows for uid in [self.findings[row].uid]]
        for result in corrected(self.world, name, *edits):
            if result.outcome == Outcome.WRITTEN:
                self.written.append((result.edit.uid, result.edit.seen, result.now))
                page[result.edit.uid] = result.now

    def lost(self) -> list[str]:
        """Edits that were told as written and are neither what stands nor what a later edit saw and replaced."""
        stands = {finding.uid: texts(finding, "basis")[0] for finding in self.findings}
        return [
            value
            for place, (uid, _, value) in enumerate(self.written)
            if stands[uid] != value and not any(u == uid and seen == value for u, seen, _ in self.written[place + 1 :])
        ]


def played(world: World, acts: list[tuple[int, list[int], bool]]) -> Desk:
    desk = Desk(world)
    for officer, rows, loads in acts:
        if loads:
            desk.load(officer)
        desk.act(officer, rows)
    return desk


@QUIET
@given(acts=ACTS)
def test_no_edit_of_two_officers_is_lost(world: World, acts: list[tuple[int, list[int], bool]]) -> None:
    assert played(world, acts).lost() == []


@contextmanager
def careless(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(cells, "still_says", lambda now, seen: True)
        yield


def test_without_looking_at_what_was_seen_edits_are_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both have the page as it was; the second writes over the first."""
    acts = [(0, [0, 1], False), (1, [1, 2], False)]
    with careless(monkeypatch):
        assert played(world, acts).lost() == ["干部甲0-1"]
    assert played(world, acts).lost() == []
