"""Parent side: the wrong cells go back to the user, in his own workbook where possible, else as a list."""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from typing import IO, BinaryIO

from .errors import CellProblem, SheetRefused
from .limits import LARGE, SMALL, Limits
from .plan import ERROR_SHEET, ERROR_TITLES, ERROR_WIDTHS, Kind, OutColumn, Plan, error_values
from .process import Child, Source, descriptor, scratch
from .writer import write_xlsx

_MEMORY = "/dev/shm"  # noqa: S108 -- a folder below it, made by mkdtemp(3): in memory, so no clear text reaches a disk


def mark_errors(
    source: Source, problems: Sequence[CellProblem], out: BinaryIO, *, watermark: str = "", limits: Limits = LARGE
) -> bool:
    """Write the user's workbook with its bad cells marked to `out`, a CSV as a workbook; whether that was possible.

    Where it is not (more than 20,000 rows, limits exceeded, a file that is refused), `out` gets the list alone.
    Styles, widths, filters and validations survive; charts and pictures do not, and formulas become their last values.
    """
    with scratch() as marked:
        if _marked(source, problems, marked, watermark=watermark, limits=replace(limits, rows=SMALL.rows)):
            marked.seek(0)
            shutil.copyfileobj(marked, out)
            return True
    write_error_list(out, problems, watermark=watermark)
    return False


def write_places(out: BinaryIO, problems: Sequence[CellProblem]) -> None:
    """The same without what stands in the cells: for a sheet whose content leaves in no file of ours."""
    at = ERROR_TITLES.index("填写的值")
    columns = [
        OutColumn(title, _KINDS.get(title, "text"), width) for title, width in _COLUMNS[:at] + _COLUMNS[at + 1 :]
    ]
    rows = (error_values(number, problem) for number, problem in enumerate(problems, start=1))
    write_xlsx(out, Plan(ERROR_SHEET, columns), (row[:at] + row[at + 1 :] for row in rows))


def write_error_list(out: BinaryIO, problems: Sequence[CellProblem], *, watermark: str = "") -> None:
    """A workbook with one row a problem: sheet, row, column, title, value, reason."""
    columns = [OutColumn(title, _KINDS.get(title, "text"), width) for title, width in _COLUMNS]
    rows = (error_values(at, problem) for at, problem in enumerate(problems, start=1))
    write_xlsx(out, Plan(ERROR_SHEET, columns, watermark=watermark), rows)


_COLUMNS = tuple(zip(ERROR_TITLES, ERROR_WIDTHS, strict=True))
_KINDS: dict[str, Kind] = {"序号": "number", "行": "number"}


def _marked(
    source: Source, problems: Sequence[CellProblem], marked: IO[bytes], *, watermark: str, limits: Limits
) -> bool:
    memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with (
        descriptor(source, limits) as fd,
        scratch() as listed,
        tempfile.TemporaryDirectory(dir=memory) as folder,
    ):
        listed.writelines(f"{json.dumps(problem.as_dict())}\n".encode() for problem in problems)
        listed.flush()
        order = {"job": "mark", "problems": listed.fileno(), "folder": folder, "watermark": watermark}
        child = Child(order, limits, fd, extra=(listed.fileno(),))
        try:
            for block in child.blocks():
                marked.write(block)
                if marked.tell() > limits.unpacked_bytes:
                    return False
            return child.succeeded()
        except SheetRefused:
            return False
        finally:
            child.close()
