"""Forms of a superior as they come: 30 × 12 cells under merged heads, totals by formula, styles, a note at the end."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

THIN = Border(*[Side("thin")] * 4)
#: Group, (head, months) of each column; the last column adds up.
COLUMNS = (
    ("项目化监督", (("发现问题数", "本月"), ("发现问题数", "本年累计"), ("发现问题数", "上年同期"), ("督促整改", "本月"),
                    ("督促整改", "本年累计"), ("超期未整改", "累计"), ("挽回金额（万元）", "累计"))),
    ("点题整治", (("发现问题", "本月"), ("发现问题", "1—本月"), ("解决问题", "本月"), ("解决问题", "累计"))),
    ("合计", (("", ""),)),
)  # fmt: skip
TITLES = 4


def save(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def monthly(offices: Sequence[str]) -> bytes:
    """Offices down, figures across: a row of 合计 below, a column of 合计 on the right, both by formula."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = "月报"
    width = 1 + sum(len(heads) for _, heads in COLUMNS)
    _merged(sheet, "附件1  监督工作情况月报表", 1, 1, 1, width)
    _merged(sheet, "填报单位（盖章）：", 2, 1, 2, width)
    _merged(sheet, "单位", 3, 1, 5, 1)
    column = 2
    for group, heads in COLUMNS:
        _merged(sheet, group, 3, column, 3 if heads[0][0] else 5, column + len(heads) - 1)
        for head, months in heads:
            if head:
                sheet.cell(4, column, head)
                sheet.cell(5, column, months)
            column += 1
    last = 5 + len(offices)
    for row, name in enumerate(offices, start=6):
        sheet.cell(row, 1, name)
        sheet.cell(row, width, f"=C{row}+J{row}")
    sheet.cell(last + 1, 1, "合计").font = Font(bold=True)
    for column in range(2, width + 1):
        letter = get_column_letter(column)
        sheet.cell(last + 1, column, f"=SUM({letter}6:{letter}{last})").fill = PatternFill("solid", fgColor="FFDDEBF7")
    for row in sheet.iter_rows(min_row=3, max_row=last + 1, max_col=width):
        for cell in row:
            cell.border, cell.alignment = THIN, Alignment(horizontal="center", wrap_text=True)
    _merged(sheet, "注：本表每月5日前报送。", last + 2, 1, last + 2, width)
    sheet.column_dimensions["A"].width = 32
    sheet.freeze_panes = "B6"
    workbook.create_sheet("填表说明")["A1"] = "一、按月填报。"
    return save(workbook)


def _merged(sheet: Any, text: str, top: int, left: int, bottom: int, right: int) -> None:
    sheet.cell(top, left, text)
    sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def by_months(title: str, offices: Sequence[str]) -> bytes:
    """One figure, which the title names, by offices and the twelve months."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = "分月"
    _merged(sheet, title, 1, 1, 1, 14)
    for column, head in enumerate(("室组", *(f"{number}月" for number in range(1, 13)), "合计"), start=1):
        sheet.cell(2, column, head)
    for row, name in enumerate(offices, start=3):
        sheet.cell(row, 1, name)
        for column in range(2, 14):
            sheet.cell(row, column).border = THIN
        sheet.cell(row, 14, f"=SUM(B{row}:M{row})")
    return save(workbook)
