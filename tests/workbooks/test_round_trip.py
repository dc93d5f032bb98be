"""What goes out is recognised when it comes back: an export imported again changes nothing, whatever state its rows are in."""

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.workbooks.books import book, closed, line
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding, LookBack
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.loop.findings.services import moves, parts
from jiandu.loop.workbooks import exporting, importing
from jiandu.loop.workbooks.exporting import Export, let_go, still_in_scope, write_export
from jiandu.loop.workbooks.fields import FIELDS
from jiandu.net.access.persons import Who

CLERK = "内勤甲"
TEXTS = (
    "=1+1",
    "'=1+1",
    "@某某",
    "－减号开头",
    "无",
    "/",
    " 两端空白 ",
    "第一行\n第二行",
    "𠮷𫠝筼筜",
    "2022-03-01",
    "0012",
    "-5",
)


@pytest.fixture
def net(world: World) -> World:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    return world


def exported(net: World, path: Path, *, by: str = CLERK, **asked: Any) -> exporting.Leaving:
    with as_(net.viewer(by)) as viewer, path.open("wb") as out:
        export = Export(Filters(), path.suffix[1:], **asked)
        leaving = write_export(viewer, export, out, tell=lambda done, total: None)
        let_go(viewer, leaving)
    return leaving


def seen(net: World, path: Path, *, by: str = CLERK) -> importing.Preview:
    with as_(net.viewer(by)) as viewer:
        return importing.preview(viewer, path)


def populate(net: World, seed: int) -> None:
    """Findings in every state, with awkward texts, amounts, aspects, outcomes and look-backs."""
    chance = random.Random(seed)
    makers = (net.finding, net.rectifying, net.applied, lambda **more: net.verified(**more)[0], net.closed)
    with as_(SYSTEM) as by:
        aspects = list(items(by, "aspect", 2022))
    for number in range(15):
        more = {
            "facts": chance.choice(TEXTS),
            "problem": f"{chance.choice(TEXTS)}问题{number}",
            "aspect": chance.choice([*aspects, None]),
            "amount_fen": chance.choice([None, 0, 1, 370_000, 123_456_789]),
            "found_by": chance.choice(["", "驻市教育局纪检监察组", "王二、驻市教育局纪检监察组", "李四"]),
            "due_on": chance.choice([None, date(2022, 9, 1)]),
        }
        finding = makers[number % len(makers)](**more)
        if number % len(makers) == 4:
            _come_out(finding, chance)


def _come_out(finding: Finding, chance: random.Random) -> None:
    with as_(SYSTEM) as by:
        finding = Finding.objects.get(pk=finding.pk)
        day = finding.registered_on
        looked = parts.Looked(on=day, result=chance.choice(LookBack.Result.values), checker=Who("核查人"), note="测试")
        parts.look_back(finding=finding, by=by, looked=looked)
        if chance.random() < 0.5:
            moves.reopen(finding=Finding.objects.get(pk=finding.pk), by=by, on=day, note="再次发现")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("seed", [1, 2])
def test_an_export_imported_again_is_unchanged(net: World, tmp_path: Path, kind: str, seed: int) -> None:
    populate(net, seed)
    path = tmp_path / f"out.{kind}"
    leaving = exported(net, path)
    found = seen(net, path)
    assert [problem.as_dict() for problem in found.problems] == []
    assert [(each.line.text("code"), each.cells) for each in found.update] == []
    assert [cell.as_dict() for cell in found.left] == []
    assert [(row.text("code"), changed) for row, changed in found.conflicts] == []
    assert (len(found.unchanged), found.create) == (leaving.rows, [])
    assert leaving.rows == 15


def test_an_imported_ledger_exported_comes_back_unchanged_and_a_changed_cell_is_found(
    net: World, tmp_path: Path
) -> None:
    path = tmp_path / "in.xlsx"
    path.write_bytes(
        book(
            line(1, **{"涉及金额(元)": "0.37万元"}),
            closed(2, **{"建章立制(制度名称)": "《甲办法》、《乙办法》", "挽回金额(元)": 1200.5}),
            closed(3, 核验结论="阶段性销号", 回头看日期="2022-09-01", 回头看结论="问题反弹"),
        )
    )
    with as_(net.viewer(CLERK)) as viewer:
        importing.commit(viewer, importing.preview(viewer, path))
    out = tmp_path / "out.xlsx"
    exported(net, out)
    assert len(seen(net, out).unchanged) == 3
    workbook = load_workbook(out)
    sheet = workbook.active
    header = next(row for row in sheet.iter_rows() if row[0].value == "问题编号")
    column = next(cell.column for cell in header if cell.value == "具体事实")
    sheet.cell(header[0].row + 1, column).value = "改过的事实"
    workbook.save(out)
    (changed,) = seen(net, out).update
    assert changed.cells == {"facts": ("", "改过的事实")}


def test_chosen_columns_leave_and_those_that_identify_always_do(net: World, tmp_path: Path) -> None:
    net.finding()
    path = tmp_path / "out.xlsx"
    leaving = exported(net, path, columns=("state", "facts"))
    fixed = [field.title for field in FIELDS if field.is_fixed]
    assert sorted(leaving.said["columns"]) == sorted([*fixed, "状态", "具体事实"])
    sheet = load_workbook(path).active
    assert str(sheet["A1"].value).startswith("水印:内勤甲")


def test_no_cell_of_an_export_is_a_formula(net: World, tmp_path: Path) -> None:
    populate(net, 3)
    exported(net, tmp_path / "out.xlsx")
    cells = [cell for row in load_workbook(tmp_path / "out.xlsx").active.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    exported(net, tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in text.decode("utf-8-sig")


def test_rows_of_other_offices_are_counted_against_the_day(
    net: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "FOREIGN_A_DAY", 3)
    net.finding()
    for _ in range(2):
        net.finding(office="第二监督检查室")
    assert exported(net, tmp_path / "a.xlsx", by="书记", reason="汇报").said["foreign"] == 3
    with pytest.raises(Refused) as refused:
        exported(net, tmp_path / "b.xlsx", by="书记", reason="汇报")
    assert refused.value.rule == "export-quota"
    assert exported(net, tmp_path / "c.xlsx").said["foreign"] == 0  # one's own office: without limit
    with as_(SYSTEM):
        assert Entry.objects.filter(verb="finding.export").count() == 2


def test_sensitive_rows_never_leave(net: World, tmp_path: Path) -> None:
    net.finding(level=2)
    kept = net.finding()
    assert list(exported(net, tmp_path / "a.xlsx").keys) == [kept.pk]


def test_a_row_that_left_the_scope_keeps_the_result_back(net: World, tmp_path: Path) -> None:
    finding = net.finding()
    leaving = exported(net, tmp_path / "a.xlsx")
    with as_(net.viewer(CLERK)) as viewer:
        assert still_in_scope(viewer, leaving.keys)
    with as_(SYSTEM):
        Finding.objects.filter(pk=finding.pk).update(level=2)
    with as_(net.viewer(CLERK)) as viewer:
        assert not still_in_scope(viewer, leaving.keys)


def test_a_thousand_rows_of_as_many_sources_leave_and_come_back(net: World, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    head = "问题编号,登记日期,来源类型,牵头监督检查室,责任单位,问题表现"
    rows = [f"K{number},2022-03-01,信访,第一监督检查室,市教育局,问题{number}" for number in range(1100)]
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    with as_(net.viewer(CLERK)) as viewer:
        importing.commit(viewer, importing.preview(viewer, path))
    out = tmp_path / "out.csv"
    assert exported(net, out).rows == 1100
    assert len(seen(net, out).unchanged) == 1100
