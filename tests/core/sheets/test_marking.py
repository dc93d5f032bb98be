"""The user's own workbook comes back with its bad cells marked, or at least the list does."""

import io
import os
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from tests.core.sheets.forge import book
from tests.core.sheets.hostile import HOSTILE

from jiandu.base.core.sheets import LARGE, CellProblem, mark_errors, read_rows, write_error_list
from jiandu.base.core.sheets.problems import write_error_list as listed

RED = "FFFFC7CE"
TITLES = ["序号", "工作表", "行", "列", "栏目", "填写的值", "原因"]


def _ledger() -> io.BytesIO:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "台账 '甲'"
    sheet["A1"] = "二〇二二年台账"
    sheet.merge_cells("A1:C1")
    sheet.append(["编号", "日期", "金额"])
    sheet.append(["A-1", "昨天", 5])
    sheet["A3"].font = Font(bold=True, color="FF00FF00")
    sheet["A3"].comment = Comment("自己写的", "张三")
    sheet["C4"] = "=1+1"
    sheet["B4"].value, sheet["B4"].data_type = "=1+1", "s"
    sheet.column_dimensions["A"].width = 33
    workbook.create_sheet("别的")
    out = io.BytesIO()
    workbook.save(out)
    return out


PROBLEMS = [
    CellProblem("台账 '甲'", 3, "B", "日期", "昨天", "不是可识别的日期"),
    CellProblem("台账 '甲'", 3, "B", "日期", "昨天", "=早于登记日期"),
    CellProblem("台账 '甲'", 1, "C", "标题", "", "合并单元格"),
    CellProblem("台账 '甲'", 9, "", "责任单位", "", "缺少这一列"),
    CellProblem("没有", 1, "A", "编号", "=1", "没有这张表"),
]


def _marked(source: io.BytesIO, problems: list[CellProblem], **more: object) -> tuple[bool, io.BytesIO]:
    out = io.BytesIO()
    return mark_errors(source, problems, out, **more), out  # type: ignore[arg-type]


def test_marks_the_cells_and_lists_the_problems() -> None:
    done, out = _marked(_ledger(), PROBLEMS, watermark="张三")
    assert done
    workbook = openpyxl.load_workbook(out)
    assert workbook.sheetnames == ["错误清单", "台账 '甲'", "别的"]
    errors, sheet = workbook["错误清单"], workbook["台账 '甲'"]
    rows = [[cell.value for cell in row] for row in errors.iter_rows()]
    assert rows[0][0] == "水印:张三"
    assert rows[1] == TITLES
    assert rows[2] == [1, "台账 '甲'", 3, "B", "日期", "昨天", "不是可识别的日期"]
    assert [row[6] for row in rows[3:]] == ["'=早于登记日期", "合并单元格", "缺少这一列", "没有这张表"]
    assert errors["D3"].hyperlink.location == "'台账 ''甲'''!B3"
    assert sheet["B3"].fill.fgColor.rgb == sheet["A1"].fill.fgColor.rgb == RED
    assert sheet["B3"].comment.text == "不是可识别的日期\n=早于登记日期"
    assert sheet["A1"].comment.text == "合并单元格"


def test_keeps_what_the_user_made_but_formulas() -> None:
    _, out = _marked(_ledger(), PROBLEMS)
    sheet = openpyxl.load_workbook(out)["台账 '甲'"]
    assert sheet["A3"].font.color.rgb == "FF00FF00"
    assert sheet["A3"].comment.text == "自己写的"
    assert sheet.column_dimensions["A"].width == 33
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:C1"]
    kinds = {cell.data_type for book in openpyxl.load_workbook(out) for row in book.iter_rows() for cell in row}
    assert kinds == {"n", "s"}
    assert (sheet["B4"].value, sheet["C4"].value) == ("=1+1", None)


def test_takes_back_the_marks_of_an_earlier_round() -> None:
    _, first = _marked(_ledger(), PROBLEMS)
    _, second = _marked(first, PROBLEMS[2:3])
    workbook = openpyxl.load_workbook(second)
    sheet = workbook["台账 '甲'"]
    assert workbook.sheetnames.count("错误清单") == 1
    assert workbook["错误清单"].max_row == 2
    assert sheet["B3"].comment is None
    assert sheet["B3"].fill.fill_type is None
    assert sheet["A1"].fill.fgColor.rgb == RED
    assert sheet["A3"].comment.text == "自己写的"


def test_comes_back_readable() -> None:
    _, out = _marked(_ledger(), PROBLEMS)
    with read_rows(out) as rows:
        assert {row.sheet for row in rows} == {"错误清单", "台账 '甲'"}


def test_makes_a_workbook_of_a_csv() -> None:
    source = io.BytesIO("编号,日期\nA-1,昨天\n=1+1,\n".encode("gb18030"))
    done, out = _marked(source, [CellProblem("CSV", 2, "B", "日期", "昨天", "不是可识别的日期")])
    assert done
    sheet = openpyxl.load_workbook(out)["CSV"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["编号", "日期"],
        ["A-1", "昨天"],
        ["'=1+1", None],
    ]
    assert sheet["B2"].fill.fgColor.rgb == RED


@pytest.mark.parametrize("name", ["string_of_300_mib", "xxe_in_sheet", "dde_link", "rows_21000", "truncated", "xls"])
def test_gives_the_list_alone_for_a_file_that_cannot_be_marked(name: str) -> None:
    done, out = _marked(io.BytesIO(HOSTILE[name][0]()), PROBLEMS)
    assert not done
    workbook = openpyxl.load_workbook(out)
    assert workbook.sheetnames == ["错误清单"]
    assert [cell.value for cell in workbook.active[2]] == TITLES
    assert workbook.active.max_row == 2 + len(PROBLEMS)


def test_gives_the_list_alone_when_marking_takes_too_long_or_grows_too_large() -> None:
    assert not _marked(_ledger(), PROBLEMS, limits=replace(LARGE, wall_seconds=0))[0]
    assert not _marked(_ledger(), PROBLEMS, limits=replace(LARGE, unpacked_bytes=1000))[0]


def test_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jiandu.base.core.sheets.problems._MEMORY", str(tmp_path))
    assert _marked(_ledger(), PROBLEMS)[0]
    assert not _marked(io.BytesIO(HOSTILE["truncated"][0]()), PROBLEMS)[0]
    assert os.listdir(tmp_path) == []


def test_marks_no_more_than_2000_cells_with_a_comment() -> None:
    source = io.BytesIO(book("".join(f'<row r="{at}"><c r="A{at}"><v>1</v></c></row>' for at in range(1, 2101))))
    done, out = _marked(source, [CellProblem("表一", at, "A", "编号", "1", "重复") for at in range(1, 2101)])
    sheet = openpyxl.load_workbook(out)["表一"]
    assert done
    assert sum(1 for cell in sheet["A"] if cell.comment) == 2000
    assert sum(1 for cell in sheet["A"] if cell.fill.fgColor.rgb == RED) == 2100


def test_lists_problems_from_the_front_door() -> None:
    assert write_error_list is listed
