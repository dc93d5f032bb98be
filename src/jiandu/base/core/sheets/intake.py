"""Child side: a whole file, sheet by sheet, to a sink. Here workbook and CSV become the same thing."""

import os
from typing import Protocol

from .cells import Value
from .delimited import SHEET, read_delimited
from .errors import SheetRefused
from .limits import Limits
from .precheck import inspect, kind_of
from .rows import read_sheet
from .workbook import open_workbook

_HEAD_ROWS = 30  # titles and totals do not count against the limit of rows


class Sink(Protocol):
    """Takes what a file holds, in order."""

    def sheet(self, title: str) -> None:
        """A sheet begins."""

    def row(self, number: int, values: list[Value]) -> None:
        """A filled row of the current sheet, numbered from 1."""

    def warning(self, text: str) -> None:
        """Something that the user should know, in Chinese."""


class _Counted:
    """Refuses one row too many, over all sheets together."""

    def __init__(self, sink: Sink, title: str, limit: int) -> None:
        self._sink, self.title, self._limit = sink, title, limit
        self.rows = 0

    def __call__(self, number: int, values: list[Value]) -> None:
        self.rows += 1
        if self.rows > self._limit + _HEAD_ROWS:
            raise SheetRefused("too_many_rows", limit=self._limit, sheet=self.title)
        self._sink.row(number, values)


def read(fd: int, limits: Limits, sink: Sink) -> str:
    """Send the visible sheets of the file `fd`; gives "zip" or "text". Raises `SheetRefused`, maybe after many rows."""
    kind = kind_of(fd, limits)
    emit = _Counted(sink, SHEET, limits.rows)
    if kind == "text":
        sink.sheet(SHEET)
        for warning in read_delimited(os.pread(fd, limits.file_bytes, 0), limits, emit):
            sink.warning(warning)
        return kind
    book = open_workbook(fd, inspect(fd, limits), limits)
    for sheet in book.sheets:
        if sheet.hidden:
            sink.warning(f"隐藏的工作表“{sheet.title}”未读取")
            continue
        sink.sheet(sheet.title)
        emit.title = sheet.title
        read_sheet(fd, book, sheet, limits, emit)
    return kind
