"""An office's own ledger as it comes: title and note rows, the header of the reference year, widths, A3 landscape, a total."""

import io
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

REFERENCE = Path(__file__).parents[1] / "data" / "project_ledger_2022.xlsx"
THIN = Border(*[Side("thin")] * 4)
HEADER = 3


def titles() -> list[str]:
    """The header of the reference ledger."""
    book: Any = load_workbook(REFERENCE, read_only=True)
    rows = list(book.worksheets[0].iter_rows(min_row=1, max_row=10, values_only=True))
    book.close()
    return [str(one) for one in next(row for row in rows if "责任单位" in [str(cell) for cell in row])[1:] if one]


def own_book(*, rows: int = 3, total: bool = True, more: tuple[str, ...] = ("分管领导签字",)) -> bytes:
    """The layout rebuilt: a serial number first, in 万元, unknown columns last; some rows of an old year, a total by formula."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "问题台账"
    heads = ["序号", *(one.replace("(元)", "(万元)") if one.startswith("涉及金额") else one for one in titles()), *more]
    sheet["A1"] = "厦海市纪委监委第一监督检查室2022年度问题整改台账"
    sheet["A1"].font = Font(name="方正小标宋简体", size=22)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(heads))
    sheet.row_dimensions[1].height = 36
    sheet["A2"] = "填报单位：第一监督检查室"
    for column, head in enumerate(heads, 1):
        cell = sheet.cell(HEADER, column, head)
        cell.font, cell.fill, cell.border = Font(name="黑体", bold=True), PatternFill("solid", fgColor="FFDDEBF7"), THIN
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(column)].width = 6 if column == 1 else 12 + column % 5
        for row in range(HEADER + 1, HEADER + 1 + rows):
            old = sheet.cell(row, column, "旧" if column > 1 else row - HEADER)
            old.font, old.border = Font(name="仿宋_GB2312", size=11), THIN
            old.alignment = Alignment(vertical="top", wrap_text=True)
    if total:
        at, money = HEADER + 1 + rows, get_column_letter(1 + heads.index("涉及金额(万元)"))
        sheet.cell(at, 1, "合计").font = Font(bold=True)
        sheet[f"{money}{at}"] = f"=SUM({money}{HEADER + 1}:{money}{at - 1})"
        sheet.cell(at + 1, 1, "说明：本台账每月5日前报送。")
        sheet.merge_cells(start_row=at + 1, start_column=1, end_row=at + 1, end_column=len(heads))
        other = book.create_sheet("统计")
        other["A1"] = f"=SUM(问题台账!{money}{HEADER + 1}:{money}{at - 1})"
    sheet.page_setup.paperSize, sheet.page_setup.orientation = 8, "landscape"
    sheet.print_title_rows, sheet.print_area = (
        f"{HEADER}:{HEADER}",
        f"A1:{get_column_letter(len(heads))}{sheet.max_row}",
    )
    sheet.freeze_panes = f"C{HEADER + 1}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
