"""Child side: marks the wrong cells in the user's own workbook; the one place where openpyxl opens a hostile file.

Formulas come back as their last values: what we hand out calculates nothing and calls nobody.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink

from .cells import Value, column_index, printable, protected, shown
from .confine import leave_network
from .errors import CellProblem
from .intake import read
from .limits import Limits
from .plan import ERROR_SHEET, ERROR_TITLES, ERROR_WIDTHS, error_values

_AUTHOR = "jiandu"
_COMMENTS = 2_000  # beyond, colour and list must do: each comment is a drawing
_RED = PatternFill("solid", fgColor="FFFFC7CE")
_NONE = PatternFill()
_BOLD, _LINK = Font(bold=True), Font(color="FF0563C1", underline="single")


def mark(limits: Limits, problems: int, *, folder: str, watermark: str) -> bytes:
    """The workbook on descriptor 0 with each bad cell red and commented, and a first sheet 错误清单.

    `problems` is a descriptor of JSON lines; temporary files go to `folder`. Raises whatever goes wrong.
    """
    leave_network()
    tempfile.tempdir = folder
    copy = _Copy()
    kind = read(0, limits, copy)  # all checks first
    if kind == "zip":
        copy.book = load_workbook(os.fdopen(0, "rb", closefd=False), data_only=True, keep_links=False)
    _unmark(copy.book)
    found = list(_problems(problems))
    for problem in found:
        _mark_cell(copy.book, problem)
    for problem in islice(found, _COMMENTS):
        _comment(copy.book, problem)
    _list(copy.book, found, watermark)
    out = BytesIO()
    copy.book.save(out)
    return out.getvalue()


class _Copy:
    """The sink of a marking child: keeps the cells of a CSV, which has no workbook to mark, and drops all others."""

    def __init__(self) -> None:
        self.book = Workbook()
        self._target: Any = None

    def sheet(self, title: str) -> None:
        """A sheet begins."""
        self._target = self.book.active if title == "CSV" else None
        if self._target is not None:
            self._target.title = title

    def row(self, number: int, values: list[Value]) -> None:
        """A row of the current sheet."""
        if self._target is not None:
            for column, value in enumerate(values, start=1):
                _write(self._target.cell(number, column), shown(value))

    def warning(self, text: str) -> None:
        """Nothing: the user has read it before."""


def _write(cell: Any, text: str) -> None:
    cell.value = protected(printable(text)) or None
    cell.data_type = "s"  # openpyxl takes a text that begins with = for a formula


def _problems(descriptor: int) -> Iterator[CellProblem]:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(descriptor, encoding="utf-8") as lines:
        for line in lines:
            yield CellProblem.from_dict(json.loads(line))


def _unmark(book: Any) -> None:
    """Take back the marks of an earlier round, which the user has corrected since."""
    if ERROR_SHEET in book.sheetnames:
        del book[ERROR_SHEET]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment and cell.comment.author == _AUTHOR:
                    cell.comment, cell.fill = None, _NONE


def _cell(book: Any, problem: CellProblem) -> Any:
    """The cell that a problem means: of a merged range, the first one; None for a column or sheet that is not there."""
    if problem.sheet not in book.sheetnames or not problem.column or problem.row < 1:
        return None
    sheet = book[problem.sheet]
    cell = sheet.cell(problem.row, column_index(problem.column))
    if not isinstance(cell, MergedCell):
        return cell
    merged = next(found for found in sheet.merged_cells.ranges if cell.coordinate in found)
    return sheet.cell(merged.min_row, merged.min_col)


def _mark_cell(book: Any, problem: CellProblem) -> None:
    cell = _cell(book, problem)
    if cell is not None:
        cell.fill = _RED


def _comment(book: Any, problem: CellProblem) -> None:
    cell = _cell(book, problem)
    if cell is None:
        return
    before = f"{cell.comment.text}\n" if cell.comment and cell.comment.author == _AUTHOR else ""
    comment = Comment(printable(f"{before}{problem.reason}")[:1000], _AUTHOR)
    comment.width, comment.height = 260, 90
    cell.comment = comment


def _list(book: Any, problems: Sequence[CellProblem], watermark: str) -> None:
    sheet = book.create_sheet(ERROR_SHEET, 0)
    book.active = 0
    rows = [error_values(at, problem) for at, problem in enumerate(problems, start=1)]
    above = [[f"水印:{watermark}"]] if watermark else []
    for number, values in enumerate([*above, ERROR_TITLES, *rows], start=1):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(number, column)
            if isinstance(value, int):
                cell.value = value
            else:
                _write(cell, value)
    header = len(above) + 1
    for cell in sheet[header]:
        cell.font, cell.fill = _BOLD, _RED
    _link(sheet, problems, header + 1)
    sheet.freeze_panes = f"A{header + 1}"
    for letter, width in zip("ABCDEFG", ERROR_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width


def _link(sheet: Any, problems: Sequence[CellProblem], first: int) -> None:
    for number, problem in enumerate(islice(problems, _COMMENTS), start=first):
        if problem.column and problem.sheet in sheet.parent.sheetnames:
            cell = sheet.cell(number, 4)
            quoted = problem.sheet.replace("'", "''")
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{problem.column}{problem.row}")
            cell.font = _LINK
        sheet.cell(number, 7).alignment = Alignment(wrap_text=True)
