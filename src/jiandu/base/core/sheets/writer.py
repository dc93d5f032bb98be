"""Writes tables for Excel and WPS, and CSV, row by row in constant memory and without a temporary file.

Own XML instead of openpyxl's write-only mode, which spools the sheet in clear to a temporary file (security.md F8) and is
several times slower. No cell can become a formula: text is typed as text, and gets an apostrophe where a program that
opens it as CSV later might still guess (ASVS 5.0, 1.2.10).
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO, BinaryIO

from .cells import Fault, printable, protected, shown
from .markup import after_rows, before_rows, fixed_parts, notes_sheet, row, styles_of
from .plan import NOTES_SHEET, OutValue, Plan

_LAST_ROW = 1_048_576
_QUOTED = re.compile('[",;\t\r\n]')


def write_xlsx(out: BinaryIO, plan: Plan, rows: Iterable[Sequence[OutValue]]) -> int:
    """Write one table to `out` (it need not be seekable) and give the number of rows.

    Each row has one value a column. Numbers are int, float or Decimal in the unit that the title names; dates are naive.
    A text in a money or number column stays text; a number of more than 15 digits becomes text.
    Raises `ValueError` for a row of another length, and beyond 1,048,576 rows.
    """
    return write_book(out, [(plan, rows)])


def write_book(out: BinaryIO, tables: Sequence[tuple[Plan, Iterable[Sequence[OutValue]]]]) -> int:
    """Write several tables, a sheet each, and their notes together on one behind them; gives the number of rows in all.

    Each as `write_xlsx`; the sheets go by `Plan.sheet`, which differ.
    """
    count, headers = 0, []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for at, (plan, rows) in enumerate(tables, start=1):
            before, header = before_rows(plan)
            with archive.open(f"xl/worksheets/sheet{at}.xml", "w") as part:
                part.write(before.encode())
                last = _write_rows(part, plan, header, rows)
                part.write(after_rows(plan, header, last).encode())
            headers.append(header)
            count += last - header
        titles = [plan.sheet or plan.title for plan, _ in tables]
        notes = [note for plan, _ in tables for note in plan.notes]
        if notes:
            archive.writestr(f"xl/worksheets/sheet{len(tables) + 1}.xml", notes_sheet(notes))
            titles.append(NOTES_SHEET)
        for name, text in fixed_parts(titles, headers).items():
            archive.writestr(name, text)
    return count


def _write_rows(part: IO[bytes], plan: Plan, header: int, rows: Iterable[Sequence[OutValue]]) -> int:
    """The rows below the header; gives the number of the last."""
    styles, number = styles_of(plan), header
    for values in rows:
        number += 1
        if number > _LAST_ROW:
            raise ValueError("a sheet holds 1,048,576 rows")
        part.write(row(number, values, styles).encode())
    return number


def write_csv(out: BinaryIO, plan: Plan, rows: Iterable[Sequence[OutValue]]) -> int:
    """Write the table as UTF-8 with BOM, which Excel needs to see that it is UTF-8; gives the number of rows.

    Watermark, title and facts stand above the header as in the workbook. Raises as `write_xlsx`.
    """
    text = io.TextIOWrapper(out, "utf-8-sig", newline="")
    text.writelines(_line([above]) for above in plan.above if above)
    text.write(_line([column.title for column in plan.columns]))
    number = 1
    for values in rows:
        number += 1
        if len(values) != len(plan.columns):
            raise ValueError("a row has another number of values than the plan has columns")
        text.write(_line(values))
    text.detach()
    return number - 1


def _line(values: Sequence[OutValue]) -> str:
    """One record (RFC 4180). Tabs and semicolons are quoted too, since readers guess the delimiter."""
    fields = (_safe(value) for value in values)
    return (
        ",".join('"' + field.replace('"', '""') + '"' if _QUOTED.search(field) else field for field in fields) + "\r\n"
    )


def _safe(value: OutValue) -> str:
    """Numbers and dates are themselves; whatever may hold words cannot be a formula."""
    return protected(printable(shown(value))) if isinstance(value, str | Fault) else shown(value)
