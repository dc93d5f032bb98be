"""Parent side of reading: the rows of an upload as an iterator that holds one block of them at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, cast

from .cells import Value
from .errors import SheetRefused
from .limits import SMALL, Limits
from .process import Child, Source, descriptor
from .wire import decode, refused


class RawRow(NamedTuple):
    """A row with a value: sheet title, true row number from 1, values from column A to the last filled one."""

    sheet: str
    number: int
    values: list[Value]


class Rows:
    """The rows of all visible sheets, once, in order. `warnings` (Chinese) is complete when the rows are used up."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._rows = self._read()
        self.warnings: list[str] = []

    def __iter__(self) -> Iterator[RawRow]:
        return self

    def __next__(self) -> RawRow:
        return next(self._rows)

    def _read(self) -> Iterator[RawRow]:
        sheet = ""
        for line in self._child.lines():
            try:
                head, *rest = decode(line)
            except (ValueError, RecursionError) as error:
                raise SheetRefused("crashed") from error
            if isinstance(head, int):
                yield RawRow(sheet, head, cast("list[Value]", rest[0]))
            elif head == "sheet":
                sheet = str(rest[0])
            elif head == "warning":
                self.warnings.append(str(rest[0]))
            elif head == "refused":
                raise refused(*rest)
            elif head == "end":
                return
        raise self._child.verdict()


@contextmanager
def read_first(source: Source, *, limits: Limits = SMALL) -> Iterator[Rows]:
    """The words at the beginning of a Word file or workbook, as rows; otherwise as `read_rows`."""
    with _child("first", source, limits) as rows:
        yield rows


@contextmanager
def read_words(source: Source, *, limits: Limits = SMALL) -> Iterator[Rows]:
    """Every paragraph of a Word file as a row of one text, empty ones as well; otherwise as `read_rows`."""
    with _child("words", source, limits) as rows:
        yield rows


@contextmanager
def read_pdf(source: Source, *, limits: Limits = SMALL) -> Iterator[Rows]:
    """The lines on the first page of a PDF, as rows."""
    with _child("pdf", source, limits) as rows:
        yield rows


@contextmanager
def read_rows(source: Source, *, limits: Limits = SMALL) -> Iterator[Rows]:
    """The rows of an .xlsx or .csv, whatever its name says: a path, bytes, or a binary stream.

    The file is opened in a child process that is confined to `limits`; leaving the block ends it. Iterating raises
    `SheetRefused` at the first reason not to trust the file, also after many rows: import all of it or nothing.
    Without `resource` limits (Windows) nothing is read.
    """
    with _child("read", source, limits) as rows:
        yield rows


@contextmanager
def _child(job: str, source: Source, limits: Limits) -> Iterator[Rows]:
    with descriptor(source, limits) as fd:
        child = Child({"job": job}, limits, fd)
        try:
            yield Rows(child)
        finally:
            child.close()
