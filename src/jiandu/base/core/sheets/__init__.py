"""Excel and CSV rows in and out; no domain, no Django.

In: `read_rows` gives the rows of an upload from a confined child process, `find_table` finds the table among them. A file
that cannot be trusted raises `SheetRefused` (code, Chinese and English sentence); a wrong cell is a `CellProblem`.

    with read_rows(path, limits=LARGE) as rows:
        table = find_table(rows, [Column("code", ("问题编号", "编号"), required=True), …])
        for row in table:                       # row.cells["code"].value, .text, .column; row.row_id
            problems.append(row.problem("code", "编号重复"))
    mark_errors(path, problems, out)            # the user's own workbook, marked

A form that somebody else has made: `read_form` gives it as it stands, `fill_form` fills named cells of it and touches
nothing else.

Out: `write_xlsx` and `write_csv` write a `Plan` and its rows, whatever their number, in constant memory.

Words: 工作表 sheet · 表头 header · 栏目 title · 行 row · 列 column · 合计 total · 行标识 row id · 错误清单 error list ·
填表说明 notes · 水印 watermark.
"""

from .bundle import Member, is_bundle, unpack_bundle
from .cells import Fault, Value
from .errors import CellProblem, SheetRefused
from .filling import Filled, FormCell, FormRead, FormSheet, Put, fill_form, read_form, reference
from .headers import Column, Placed
from .layout import Cell, Row, Table, find_table
from .limits import LARGE, SMALL, Limits
from .plan import OutColumn, OutValue, Plan
from .problems import mark_errors, write_error_list, write_places
from .reader import RawRow, Rows, read_rows
from .writer import write_book, write_csv, write_xlsx

__all__ = [
    "LARGE",
    "SMALL",
    "Cell",
    "CellProblem",
    "Column",
    "Fault",
    "Filled",
    "FormCell",
    "FormRead",
    "FormSheet",
    "Limits",
    "Member",
    "OutColumn",
    "OutValue",
    "Placed",
    "Plan",
    "Put",
    "RawRow",
    "Row",
    "Rows",
    "SheetRefused",
    "Table",
    "Value",
    "fill_form",
    "find_table",
    "is_bundle",
    "mark_errors",
    "read_form",
    "read_rows",
    "reference",
    "unpack_bundle",
    "write_book",
    "write_csv",
    "write_error_list",
    "write_places",
    "write_xlsx",
]
