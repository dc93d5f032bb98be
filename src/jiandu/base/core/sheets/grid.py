"""Child side: a form as it stands, cell by cell: words, numbers, which cells a formula gives, which are empty, merges.

Reading rows drops empty cells and formulas; a form to be filled in is made of these.
"""

from dataclasses import dataclass
from typing import Protocol

from .cells import clean_xml
from .errors import SheetRefused
from .limits import Limits
from .package import Package
from .parts import Attributes, feed, parser, unpack
from .precheck import inspect, kind_of
from .splice import bounds, place_in_row
from .wire import Line
from .workbook import Sheet, Workbook, open_workbook

ROWS = 2_000  # a form is not a ledger; what is styled but empty below is not looked at
CELLS = 200_000


class Sink(Protocol):
    """Takes lines."""

    def send(self, line: Line) -> None:
        """One line."""


@dataclass(slots=True)
class _Cell:
    column: int
    kind: str
    text: str = ""
    has_formula: bool = False


class _Cells:
    """Sends ["cell", row, column, kind, text] and ["merge", top, left, bottom, right]."""

    def __init__(self, book: Workbook, limits: Limits, sink: Sink) -> None:
        self._book, self._limits, self._sink = book, limits, sink
        self._row = self._sent = 0
        self._column = 0
        self._cell: _Cell | None = None
        self._takes = self._phonetic = False
        self.parser = parser()
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._take

    def _start(self, name: str, said: Attributes) -> None:
        local = name.rpartition(":")[2]
        if local == "row":
            self._row, self._column = int(said.get("r", self._row + 1)), 0
        elif local == "c":
            self._column = place_in_row(said.get("r"), self._column)
            self._cell = _Cell(self._column, said.get("t", "n"))
        elif local == "f" and self._cell:
            self._cell.has_formula = True
        elif local == "rPh":
            self._phonetic = True
        elif local == "mergeCell":
            self._sink.send(["merge", *bounds(said.get("ref", ""))])
        self._takes = local in ("v", "t") and self._cell is not None and not self._phonetic

    def _take(self, data: str) -> None:
        if self._takes and self._cell:
            self._cell.text += data
            if len(self._cell.text) > self._limits.cell_characters:
                raise SheetRefused("long_cell", limit=self._limits.cell_characters)

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        self._takes = False
        if local == "rPh":
            self._phonetic = False
        elif local == "c" and self._cell:
            self._tell(self._cell)
            self._cell = None

    def _tell(self, cell: _Cell) -> None:
        kind, text = self._said(cell)
        if self._row > ROWS or cell.column > self._limits.columns:
            if kind != "empty":
                limit, code = (
                    (ROWS, "too_many_rows") if self._row > ROWS else (self._limits.columns, "too_many_columns")
                )
                raise SheetRefused(code, limit=limit)
            return
        self._sent += 1
        if self._sent > CELLS:
            raise SheetRefused("too_many_rows", limit=ROWS)
        self._sink.send(["cell", self._row, cell.column, kind, text])

    def _said(self, cell: _Cell) -> tuple[str, str]:
        if cell.has_formula:
            return "formula", clean_xml(cell.text)
        if not cell.text:
            return "empty", ""
        if cell.kind == "s":
            return "text", self._shared(cell.text)
        return ("number" if cell.kind == "n" else "text"), clean_xml(cell.text)

    def _shared(self, text: str) -> str:
        index = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not 0 <= index < len(self._book.strings):
            raise SheetRefused("damaged")
        return self._book.strings[index]


def read_grid(fd: int, limits: Limits, sink: Sink) -> None:
    """Send each visible worksheet's title, cells and merges, and what the workbook carries of ours."""

    if kind_of(fd, limits) == "text":
        raise SheetRefused("not_a_workbook")
    parts = inspect(fd, limits)
    book = open_workbook(fd, parts, limits)
    for sheet in book.sheets:
        if not sheet.hidden:
            sink.send(["sheet", sheet.title])
            _read(fd, book, sheet, limits, sink)
    sink.send(["kept", Package(fd, parts).kept()])


def _read(fd: int, book: Workbook, sheet: Sheet, limits: Limits, sink: Sink) -> None:
    cells = _Cells(book, limits, sink)
    try:
        feed(cells.parser, unpack(fd, sheet.part))
    except SheetRefused as refused:
        raise SheetRefused(refused.code, **{"sheet": sheet.title, **refused.detail}) from refused
