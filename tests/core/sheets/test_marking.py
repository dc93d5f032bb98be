"""The user's own workbook comes back with its wrong cells marked; where that is not possible, the list of errors does."""

import io

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from tests.core.sheets.hostile import HOSTILE

from jiandu.base.core.sheets import CellProblem, mark_errors

RED = "FFFFC7CE"


def problem(row: int, column: str, reason: str = "不对 · wrong", sheet: str = "台账") -> CellProblem:
    return CellProblem(sheet, row, column, "栏目", "值", reason)


def own() -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "台账"
    sheet.append(["编号", "金额"])
    sheet.append(["A1", "=1+2"])
    sheet.append(["A2", "若干"])
    sheet["A1"].font = Font(bold=True)
    sheet.column_dimensions["B"].width = 33
    workbook.create_sheet("别的")["A1"] = "不动"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def marked(data: bytes, *problems: CellProblem, watermark: str = "") -> tuple[bool, Workbook]:
    out = io.BytesIO()
    done = mark_errors(data, problems, out, watermark=watermark)
    return done, load_workbook(io.BytesIO(out.getvalue()))


def test_wrong_cells_are_red_with_their_reason_and_all_else_stays() -> None:
    done, workbook = marked(own(), problem(3, "B", "不是金额"), watermark="张三")
    assert (done, workbook.sheetnames) == (True, ["错误清单", "台账", "别的"])
    sheet = workbook["台账"]
    assert (sheet["B3"].value, sheet["B3"].fill.fgColor.rgb, sheet["B3"].comment.text) == ("若干", RED, "不是金额")
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == RED] == ["B3"]
    assert (sheet["A1"].font.bold, sheet.column_dimensions["B"].width) == (True, 33)
    assert workbook["别的"]["A1"].value == "不动"
    listed = [[cell.value for cell in row] for row in workbook["错误清单"].iter_rows()]
    assert (listed[0][0], listed[2][1:7]) == ("水印:张三", ["台账", 3, "B", "栏目", "值", "不是金额"])
    assert workbook["错误清单"]["D3"].hyperlink.location == "'台账'!B3"


def test_a_formula_comes_back_as_its_value_and_none_is_left() -> None:
    _, workbook = marked(own(), problem(2, "B", "=cmd|calc"))
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []


def test_two_reasons_share_a_cell_and_an_earlier_round_is_taken_back() -> None:
    out = io.BytesIO()
    assert mark_errors(own(), [problem(3, "B", "甲"), problem(3, "B", "乙"), problem(2, "A", "丙")], out)
    assert load_workbook(out)["台账"]["B3"].comment.text == "甲\n乙"
    _, again = marked(out.getvalue(), problem(2, "A", "丁"))
    assert (again["台账"]["B3"].comment, again["台账"]["A2"].comment.text) == (None, "丁")
    assert again.sheetnames == ["错误清单", "台账", "别的"]
    assert again["台账"]["B3"].fill.fgColor.rgb != RED


def test_a_problem_without_a_place_stands_in_the_list_alone() -> None:
    done, workbook = marked(own(), problem(3, ""), problem(3, "B", sheet="没有这张表"))
    assert done
    assert [row[1].value for row in workbook["错误清单"].iter_rows(min_row=2)] == ["台账", "没有这张表"]


def test_a_csv_comes_back_as_a_workbook() -> None:
    done, workbook = marked("编号,金额\nA1,=1+1\nA2,若干\n".encode("gb18030"), problem(3, "B", sheet="CSV"))
    assert (done, workbook["CSV"]["B3"].fill.fgColor.rgb, workbook["CSV"]["B2"].value) == (True, RED, "'=1+1")


def test_a_file_that_may_not_be_opened_gives_the_list() -> None:
    for name in ("sparse", "string_of_300_mib"):
        done, workbook = marked(HOSTILE[name][0](), problem(3, "B"))
        assert (done, workbook.sheetnames) == (False, ["错误清单"])
