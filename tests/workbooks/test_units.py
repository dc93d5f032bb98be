"""Unit sheets: out to a unit without an account, filled in with Excel, and back as the unit's acts."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding, Measure, Step
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.loop.findings.services import moves
from jiandu.loop.workbooks import unit_acts, unit_returns, unit_sheets
from jiandu.loop.workbooks.exporting import let_go
from jiandu.loop.workbooks.returned import Returned
from jiandu.loop.workbooks.row_ids import RowId, parse, row_id

CLERK, ANSWERED = "内勤甲", date(2022, 4, 1)


def sheet_of(world: World, *, by: str = CLERK, **filters: Any) -> bytes:
    out = io.BytesIO()
    with as_(world.viewer(by)) as viewer:
        let_go(viewer, unit_sheets.write_sheets(viewer, Filters(**filters), out))
    return out.getvalue()


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """The block is refused for this rule."""
    with pytest.raises(Refused) as raised:
        yield
    assert raised.value.rule == rule


class Filled:
    """A sheet as the unit has it open in Excel: cells by title, rows from the first finding."""

    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(io.BytesIO(content))
        self.sheet = self.book.worksheets[0]
        self.header = next(row[0].row for row in self.sheet.iter_rows() if row[1].value == "问题编号")
        self.columns = {str(cell.value): cell.column for cell in self.sheet[self.header]}
        self.answer("填报人", "陈经办")
        self.answer("填报日期", ANSWERED.isoformat())

    def answer(self, label: str, value: str) -> None:
        for cell in self.sheet[self.header - 1]:
            if cell.value == f"{label}:":
                self.sheet.cell(cell.row, cell.column + 1).value = value

    def fill(self, number: int, **cells: Any) -> "Filled":
        names = {
            "新措施": "新增整改措施(每行一项)",
            "时限": "新增措施时限",
            "进展": "进展(%)",
            "情况": "整改情况和佐证说明",
        }
        for name, value in cells.items():
            self.sheet.cell(self.header + number, self.columns[names.get(name, name)]).value = value
        return self

    def read(self, number: int, title: str) -> Any:
        return self.sheet.cell(self.header + number, self.columns[title]).value

    def saved(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def looked_at(world: World, content: bytes, folder: Path, *, by: str = CLERK) -> Returned:
    path = folder / "back.xlsx"
    path.write_bytes(content)
    with as_(world.viewer(by)) as viewer:
        return unit_returns.judge_return(viewer, unit_returns.read_return(path))


def taken(world: World, content: bytes, folder: Path, *, by: str = CLERK) -> dict[str, int]:
    path = folder / "back.xlsx"
    path.write_bytes(content)
    with as_(world.viewer(by)) as viewer:
        found = unit_returns.judge_return(viewer, unit_returns.read_return(path))
        return unit_acts.take(viewer, found, tell=lambda done, total: None)


def steps_of(finding: Finding) -> list[tuple[str, date, str, str]]:
    with as_(SYSTEM):
        rows = Step.objects.filter(finding=finding).order_by("seq")
        return [(step.verb, step.on, step.by_name, step.note) for step in rows]


def assigned(world: World, **more: Any) -> Finding:
    finding = world.finding(**more)
    with as_(SYSTEM) as by:
        day = finding.registered_on
        return moves.assign(finding=finding, by=by, on=day, rectification="by_term", due_on=None, note="测试")


@pytest.fixture
def planned(world: World) -> Finding:
    """A finding that the unit is putting right, with one measure."""
    finding = world.rectifying()
    with as_(SYSTEM) as by:
        moves.report_plan(finding=finding, by=by, on=finding.registered_on, measures=[("完善台账", None)], note="测试")
    return finding


def test_a_sheet_shows_open_findings_locks_what_is_ours_and_opens_what_is_theirs(
    world: World, planned: Finding
) -> None:
    world.closed()
    filled = Filled(sheet_of(world))
    assert filled.sheet.protection.sheet
    ours = filled.sheet.cell(filled.header + 1, filled.columns["问题编号"])
    theirs = filled.sheet.cell(filled.header + 1, filled.columns["进展(%)"])
    assert (ours.value, ours.protection.locked, theirs.protection.locked) == (planned.code, True, False)
    assert filled.read(1, "已报整改措施") == "完善台账"
    assert filled.read(2, "问题编号") is None  # the closed one asks nothing
    hidden = filled.sheet.column_dimensions[
        filled.sheet.cell(filled.header, filled.columns["行标识(勿改)"]).column_letter
    ]
    assert hidden.hidden
    rules = {rule.type: str(rule.sqref) for rule in filled.sheet.data_validations.dataValidation}
    assert set(rules) == {"list", "whole", "date"}
    assert filled.sheet.page_setup.orientation == "landscape"
    assert filled.sheet.title == "市教育局问题整改情况反馈表"
    assert filled.book.sheetnames[1] == "填表说明"
    assert "内勤甲" in str(filled.sheet["A1"].value)


def test_an_answer_becomes_the_units_steps_on_its_day(world: World, planned: Finding, tmp_path: Path) -> None:
    filled = Filled(sheet_of(world)).fill(1, 进展=60, 结果="正在整改", 情况="已清理两批", 新措施="开展培训\n每月通报")
    assert taken(world, filled.saved(), tmp_path) == {"plan": 1, "progress": 1}
    assert steps_of(planned)[-2:] == [
        ("plan", ANSWERED, "陈经办", unit_acts.NOTE),
        ("progress", ANSWERED, "陈经办", "已清理两批"),
    ]
    with as_(SYSTEM):
        rows = list(Measure.objects.order_by("pk").values_list("text", "progress_percent", "result"))
        assert Step.objects.latest("pk").entered_by_id == world.users[CLERK].pk
        assert Entry.objects.filter(verb="finding.unit_return").count() == 1
    assert rows == [("完善台账", 60, "under_way"), ("开展培训", 0, "not_begun"), ("每月通报", 0, "not_begun")]


def test_an_application_names_who_answers_and_moves_the_finding(world: World, planned: Finding, tmp_path: Path) -> None:
    filled = Filled(sheet_of(world)).fill(
        1, 结果="已完成", 完成日期="2022-03-20", 责任人="林局长", 申请销号="是", 情况="全部完成"
    )
    assert taken(world, filled.saved(), tmp_path) == {"progress": 1, "apply": 1}
    with as_(SYSTEM):
        finding, measure = Finding.objects.get(pk=planned.pk), Measure.objects.get()
    assert (finding.state, finding.rectifier_name) == ("to_verify", "林局长")
    assert (measure.progress_percent, measure.result, measure.done_on) == (100, "done", date(2022, 3, 20))


def test_an_assigned_finding_is_received_planned_and_begun_in_one_row(world: World, tmp_path: Path) -> None:
    finding = assigned(world)
    filled = Filled(sheet_of(world)).fill(1, 新措施="清理台账", 进展=30, 责任人="林局长")
    assert taken(world, filled.saved(), tmp_path) == {"receive": 1, "plan": 1, "progress": 1}
    assert [verb for verb, *_ in steps_of(finding)] == ["register", "assign", "receive", "plan", "progress"]
    with as_(SYSTEM):
        measure = Measure.objects.get()
    assert (measure.text, measure.progress_percent, measure.result) == ("清理台账", 30, "under_way")


def test_the_same_sheet_again_changes_nothing(world: World, planned: Finding, tmp_path: Path) -> None:
    other = assigned(world)
    filled = Filled(sheet_of(world)).fill(1, 结果="已完成", 申请销号="是", 情况="全部完成", 责任人="林局长")
    content = filled.fill(2, 新措施="清理台账", 进展=30).saved()
    taken(world, content, tmp_path)
    before = steps_of(planned), steps_of(other)
    again = looked_at(world, content, tmp_path)
    assert (again.problems, [group.cells for group in again.groups]) == ([], [[], []])
    assert taken(world, content, tmp_path) == {}
    assert (steps_of(planned), steps_of(other)) == before


def test_an_untouched_sheet_changes_nothing(world: World, planned: Finding, tmp_path: Path) -> None:
    assigned(world)
    assert taken(world, Filled(sheet_of(world)).saved(), tmp_path) == {}


def test_a_finding_that_moved_on_is_a_conflict_and_nothing_is_written(
    world: World, planned: Finding, tmp_path: Path
) -> None:
    other = assigned(world)
    filled = Filled(sheet_of(world)).fill(1, 进展=60).fill(2, 新措施="清理台账")
    with as_(SYSTEM) as by:
        moves.report_progress(finding=planned, by=by, on=ANSWERED, note="电话了解")
    before = steps_of(other)
    found = looked_at(world, filled.saved(), tmp_path)
    (group,) = [group for group in found.groups if group.has_moved]
    assert (group.finding, group.cells) == (planned, [("进展(%)", "0", "60"), ("结果", "尚未整改", "正在整改")])
    assert [problem.reason for problem in found.problems] == [unit_returns.MOVED]
    with refused("return-has-errors"):
        taken(world, filled.saved(), tmp_path)
    assert steps_of(other) == before


def test_a_foreign_row_and_a_forged_one_look_the_same(world: World, planned: Finding, tmp_path: Path) -> None:
    foreign = assigned(world, office="第二监督检查室", unit="市财政局")
    with as_(SYSTEM):
        theirs, mine = str(row_id(foreign, None)), str(row_id(planned, None))
    unknown = str(RowId(type(foreign.uid)(int=7), 0, 1))
    for identity in (theirs, unknown, f"{mine[:-1]}x", mine.replace("-", "_"), "", "=1+1"):
        filled = Filled(sheet_of(world)).fill(1, **{"行标识(勿改)": identity}, 进展=60)
        found = looked_at(world, filled.saved(), tmp_path)
        assert [(problem.title, problem.reason) for problem in found.problems] == [("问题编号", unit_returns.UNKNOWN)]
        assert found.groups == []


def test_moved_rows_are_recognised_and_copied_ones_refused(world: World, planned: Finding, tmp_path: Path) -> None:
    assigned(world)
    filled = Filled(sheet_of(world)).fill(2, 新措施="清理台账")
    sheet, first = filled.sheet, filled.header + 1
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first, max_row=first + 1)]
    for offset, values in enumerate(reversed(rows)):
        for column, value in enumerate(values, start=1):
            sheet.cell(first + offset, column).value = value
    assert [group.acts for group in looked_at(world, filled.saved(), tmp_path).groups if group.acts] == [
        ["receive", "plan"]
    ]
    copy = Filled(filled.saved())
    copy.fill(3, **{title: copy.read(1, title) for title in copy.columns})
    assert [problem.row for problem in looked_at(world, copy.saved(), tmp_path).problems] == [first + 2]
    mixed = Filled(filled.saved()).fill(1, 问题编号=filled.read(2, "问题编号"))
    assert [problem.reason for problem in looked_at(world, mixed.saved(), tmp_path).problems] == [unit_returns.MIXED]


def test_new_measures_have_their_terms_and_the_next_sheet_shows_them(
    world: World, planned: Finding, tmp_path: Path
) -> None:
    """The row's term, that of a line before it; the sheet as it comes out next says the same, and taken back changes nothing."""
    filled = Filled(sheet_of(world)).fill(1, 新措施="开展培训\n每月通报 2022-06-30\n抽查 12", 时限="2022年5月31日")
    assert taken(world, filled.saved(), tmp_path) == {"plan": 1}
    with as_(SYSTEM):
        rows = list(Measure.objects.order_by("pk").values_list("text", "due_on"))
    told = [
        ("完善台账", None),
        ("开展培训", date(2022, 5, 31)),
        ("每月通报", date(2022, 6, 30)),
        ("抽查 12", date(2022, 5, 31)),
    ]
    assert rows == told
    again = Filled(sheet_of(world))
    shown = [(again.read(n, "已报整改措施"), again.read(n, "已报措施时限")) for n in range(1, 5)]
    assert [(text, due and due.date()) for text, due in shown] == told
    assert taken(world, again.saved(), tmp_path) == {}
    assert taken(world, filled.saved(), tmp_path) == {}


def test_without_a_term_a_new_measure_has_none(world: World, planned: Finding, tmp_path: Path) -> None:
    taken(world, Filled(sheet_of(world)).fill(1, 新措施="开展培训").saved(), tmp_path)
    with as_(SYSTEM):
        assert Measure.objects.get(text="开展培训").due_on is None


WRONG = [
    ({"时限": "2022-06-30"}, "新增措施时限", "请先在“新增整改措施”填写措施"),
    ({"时限": "下月", "新措施": "开展培训"}, "新增措施时限", "不是可识别的日期"),
    ({"新措施": "2022-06-30"}, "新增整改措施(每行一项)", "请填写整改措施，不能只有日期"),
    ({"进展": "大半"}, "进展(%)", "应为 0 到 100 的整数"),
    ({"进展": 101}, "进展(%)", "应为 0 到 100 的整数"),
    ({"进展": 0.5}, "进展(%)", "应为 0 到 100 的整数"),
    ({"结果": "差不多"}, "结果", "应为已完成"),
    ({"结果": "已完成", "进展": 80}, "进展(%)", "结果为已完成时进展应为 100"),
    ({"完成日期": "下月"}, "完成日期", "不是可识别的日期"),
    ({"完成日期": "2022-03-10"}, "完成日期", "填写了完成日期"),
    ({"结果": "已完成", "完成日期": "2022-04-02"}, "完成日期", "完成日期晚于填报日期"),
    ({"申请销号": "可以"}, "申请销号", "应为是或否"),
    ({"申请销号": "是"}, "整改情况和佐证说明", "申请销号须填写整改情况"),
]


@pytest.mark.parametrize(
    ("cells", "title", "reason"), WRONG, ids=[f"{each[1]}-{number}" for number, each in enumerate(WRONG)]
)
def test_a_wrong_cell_is_named(
    world: World, planned: Finding, tmp_path: Path, cells: dict[str, Any], title: str, reason: str
) -> None:
    filled = Filled(sheet_of(world)).fill(1, **cells)
    (problem,) = looked_at(world, filled.saved(), tmp_path).problems
    assert (problem.row, problem.title, problem.reason[: len(reason)]) == (filled.header + 1, title, reason)
    assert " · " in problem.reason


def test_who_answered_and_when_must_be_said_on_the_sheet_or_by_the_typist(
    world: World, planned: Finding, tmp_path: Path
) -> None:
    filled = Filled(sheet_of(world)).fill(1, 进展=60)
    filled.answer("填报人", "")
    filled.answer("填报日期", "")
    content = filled.saved()
    assert [problem.column or problem.title for problem in looked_at(world, content, tmp_path).problems] == [
        "填报日期",
        "填报人",
    ]
    path = tmp_path / "back.xlsx"
    with as_(world.viewer(CLERK)) as viewer:
        said = unit_returns.read_return(path, people="陈经办", on=ANSWERED)
        assert unit_acts.take(viewer, unit_returns.judge_return(viewer, said), tell=lambda done, total: None) == {
            "progress": 1
        }
    filled.answer("填报人", "陈经办")
    filled.answer("填报日期", (today() + timedelta(days=1)).isoformat())
    assert "日期晚于今天" in looked_at(world, filled.saved(), tmp_path).problems[0].reason


def test_many_units_come_as_a_zip_with_a_sheet_each(world: World, planned: Finding) -> None:
    assigned(world, unit="市财政局")
    archive = zipfile.ZipFile(io.BytesIO(sheet_of(world)))
    names = [name.split("_")[0] for name in archive.namelist()]
    assert names == ["市教育局", "市财政局"]
    rows = [[row[1].value for row in Filled(archive.read(name)).sheet.iter_rows()][-1] for name in archive.namelist()]
    with as_(SYSTEM):
        assert rows == [planned.code, Finding.objects.get(subject=world.units["市财政局"]).code]
        assert Entry.objects.filter(verb="finding.unit_sheets").count() == 1


def test_units_with_nothing_to_answer_get_no_sheet(world: World) -> None:
    world.closed()
    with refused("nothing-to-answer"):
        sheet_of(world)


def test_a_units_operator_takes_its_own_sheet_back_and_no_others(
    world: World, planned: Finding, tmp_path: Path
) -> None:
    filled = Filled(sheet_of(world)).fill(1, 进展=60)
    assert taken(world, filled.saved(), tmp_path, by="经办人丁") == {"progress": 1}
    foreign = assigned(world, unit="市财政局")
    with as_(SYSTEM):
        other = Filled(sheet_of(world, subject=world.units["市财政局"])).fill(1, 新措施="清理")
    assert looked_at(world, other.saved(), tmp_path, by="经办人丁").problems[0].reason == unit_returns.UNKNOWN
    assert len(steps_of(foreign)) == 2


def test_an_officer_without_the_right_to_report_takes_nothing(world: World, planned: Finding, tmp_path: Path) -> None:
    content = Filled(sheet_of(world)).fill(1, 进展=60).saved()
    with refused("not-allowed"):
        looked_at(world, content, tmp_path, by="审计管理员")


def test_a_row_id_survives_only_as_we_wrote_it(world: World, planned: Finding) -> None:
    text = str(RowId(planned.uid, 5, 7))
    assert parse(text) == RowId(planned.uid, 5, 7)
    for at in range(len(text)):
        changed = text[:at] + ("a" if text[at] != "a" else "b") + text[at + 1 :]
        assert parse(changed) is None
