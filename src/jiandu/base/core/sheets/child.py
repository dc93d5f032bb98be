"""The process that opens hostile files. It limits itself first, then reads descriptor 0 and answers on descriptor 1.

Started by `process.spawn` as `python -I -S -c …`: no site, no environment, no Django. With no descriptor left to open,
it can neither open a file (XXE) nor a socket, whatever the file makes it do.
"""

import codecs
import gc
import os
import resource
import sys
from contextlib import suppress
from typing import BinaryIO

from .cells import Value
from .delimited import SHEET, read_delimited
from .errors import SheetRefused
from .limits import Limits
from .precheck import inspect, kind_of
from .rows import read_sheet
from .wire import Line, encode, refusal
from .workbook import open_workbook

_HEAD_ROWS = 30  # titles and totals do not count against the limit of rows
_CODECS = ("utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "latin-1", "ascii", "cp437")


def main(order: dict[str, object]) -> None:
    """Carry out `order` ("job", "limits", …); every outcome is a line on standard output, also a refusal."""
    limits = Limits(**order["limits"])  # type: ignore[arg-type]
    answer = Answer(sys.stdout.buffer, limits)
    try:
        if order["job"] == "read":
            confine(limits, descriptors=3)
            read(0, limits, answer)
            answer.send(["end"])
        else:
            from .marking import mark  # noqa: PLC0415 -- slow import: openpyxl

            confine(limits, descriptors=24)
            mark(order, limits)
    except SheetRefused as refused:
        answer.send(refusal(refused))
    except MemoryError:
        answer.send(["refused", "too_much_memory"])
    except BrokenPipeError:  # the parent has lost interest
        os._exit(0)
    except Exception as error:
        answer.send(["refused", "damaged", ["error", type(error).__name__]])
    answer.flush()


def confine(limits: Limits, *, descriptors: int) -> None:
    """Lower this process's own limits for good (setrlimit(2)) and leave the network where that is permitted."""
    for name in _CODECS:  # an import after this point would find no descriptor
        codecs.lookup(name)
    gc.disable()  # rows form no cycles
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds)
    _lower(resource.RLIMIT_NOFILE, descriptors)
    if sys.platform == "linux":  # macOS refuses this one
        _lower(resource.RLIMIT_AS, limits.memory_bytes)


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (ceiling, ceiling))


class Answer:
    """Standard output as lines; counts the rows, because only here all sheets come together."""

    def __init__(self, out: BinaryIO, limits: Limits) -> None:
        self._out, self._limits = out, limits
        self._rows = 0
        self._sheet = ""

    def send(self, line: Line) -> None:
        """Write one line."""
        self._out.write(encode(line))

    def flush(self) -> None:
        """Push out what is buffered; a parent that has gone away is no error."""
        with suppress(BrokenPipeError):
            self._out.flush()

    def sheet(self, title: str) -> None:
        """Begin a sheet."""
        self._sheet = title
        self.send(["sheet", title])

    def row(self, number: int, values: list[Value]) -> None:
        """Write one row of the current sheet; refuses one too many."""
        self._rows += 1
        if self._rows > self._limits.rows + _HEAD_ROWS:
            raise SheetRefused("too_many_rows", limit=self._limits.rows, sheet=self._sheet)
        self.send([number, values])


def read(fd: int, limits: Limits, answer: Answer) -> None:
    """Send the visible sheets of the workbook or CSV file `fd`, row by row."""
    if kind_of(fd, limits) == "text":
        answer.sheet(SHEET)
        for warning in read_delimited(os.pread(fd, limits.file_bytes, 0), limits, answer.row):
            answer.send(["warning", warning])
        return
    book = open_workbook(fd, inspect(fd, limits), limits)
    for sheet in book.sheets:
        if sheet.hidden:
            answer.send(["warning", f"隐藏的工作表“{sheet.title}”未读取"])
            continue
        answer.sheet(sheet.title)
        read_sheet(fd, book, sheet, limits, answer.row)
