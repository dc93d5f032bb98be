"""Child side: the rows of one worksheet, straight from its XML; a <dimension> record is never believed.

Own events instead of openpyxl's cells: several times faster, and a text is refused while it grows, not after it has
filled the memory. Cells: ECMA-376 part 1, 18.3.1.4 (c) and 18.18.11 (ST_CellType).
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from math import isfinite, nan

from .cells import Fault, Value, clean_xml, column_index, letters
from .dates import from_serial
from .errors import SheetRefused
from .limits import Limits
from .parts import Attributes, feed, parser, unpack
from .workbook import Sheet, Workbook

_DDE = re.compile(r"\s*[\w.]+\|")  # =cmd|'/c calc'!A0
_LAST_ROW = 1_048_576
_EXACT = 1e15  # Excel keeps 15 digits

Emit = Callable[[int, list[Value]], None]


def read_sheet(fd: int, book: Workbook, sheet: Sheet, limits: Limits, emit: Emit) -> None:
    """Call `emit(row number, values from column A on)` for each row with a value; raises `SheetRefused` with the place."""
    rows = _Rows(book, limits, emit)
    try:
        feed(rows.parser, unpack(fd, sheet.part))
    except SheetRefused as refused:
        raise SheetRefused(refused.code, **{"sheet": sheet.title, "cell": rows.place(), **refused.detail}) from refused


class _Rows:
    """The state between two XML events. Attributes instead of arguments, because there are millions of events."""

    def __init__(self, book: Workbook, limits: Limits, emit: Emit) -> None:
        self._book, self._limits, self._emit = book, limits, emit
        self._longest, self._widest = limits.cell_characters, limits.columns
        self._columns: dict[str, int] = {}
        self._number, self._row_text = 0, ""
        self._column = self._characters = 0
        self._values: list[Value] = []
        self._type = self._text = self._formula = ""
        self._style: str | None = None
        self._in_value = self._in_formula = self._has_formula = self._phonetic = False
        self._c = self._v = self._t = self._f = self._row = self._rph = ""
        self.parser = parser()
        self.parser.StartElementHandler = self._root

    def place(self) -> str:
        """The cell that is being read, as A1; empty before the first row."""
        return f"{letters(self._column)}{self._number}" if self._column and self._number else ""

    def _root(self, name: str, _: Attributes) -> None:
        prefix = name[: name.rfind(":") + 1]  # some writers say <x:row>
        self._c, self._v, self._t, self._f, self._row, self._rph = (
            prefix + tag for tag in ("c", "v", "t", "f", "row", "rPh")
        )
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._take

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == self._c:
            self._type, self._style = attributes.get("t", "n"), attributes.get("s")
            self._column = self._located(attributes.get("r"))
        elif name == self._v or (name == self._t and not self._phonetic):
            self._in_value = True
        elif name == self._row:
            self._open_row(attributes.get("r"))
        elif name == self._f:
            self._in_formula = self._has_formula = True
        elif name == self._rph:
            self._phonetic = True

    def _end(self, name: str) -> None:
        if name == self._c:
            self._close_cell(self._text)
        elif name == self._v or name == self._t:
            self._in_value = False
        elif name == self._row:
            if self._values:
                self._emit(self._number, self._values)
        elif name == self._f:
            self._in_formula = False
            if _DDE.match(self._formula):
                raise SheetRefused("external_link")
        elif name == self._rph:
            self._phonetic = False

    def _take(self, data: str) -> None:
        if self._in_value:
            self._text = self._text + data if self._text else data
            if len(self._text) > self._longest:
                raise SheetRefused("long_cell", limit=self._longest)
        elif self._in_formula and len(self._formula) < 200:
            self._formula = (self._formula + data)[:200]

    def _open_row(self, number: str | None) -> None:
        following = int(number) if number else self._number + 1
        if not self._number < following <= _LAST_ROW:
            raise SheetRefused("damaged")
        self._number, self._row_text = following, str(following)
        self._column = self._characters = 0
        self._values = []

    def _located(self, reference: str | None) -> int:
        """The column number of a cell; its row must be the row that it stands in."""
        if reference is None:
            return self._column + 1
        name = reference.removesuffix(self._row_text)
        index = self._columns.get(name)
        if index is None:
            try:
                index = self._columns[name] = column_index(name)
            except ValueError:
                raise SheetRefused("damaged") from None
        return index

    def _close_cell(self, text: str) -> None:
        if not text and not self._has_formula:
            return
        value = self._value(text)
        self._text = self._formula = ""
        self._has_formula = False
        if value == "":
            return
        if self._column > self._widest:
            raise SheetRefused("too_many_columns", limit=self._widest)
        if type(value) is str:
            self._characters += len(value)
            if self._characters > self._limits.row_characters:
                raise SheetRefused("long_row", limit=self._limits.row_characters)
        values, missing = self._values, self._column - len(self._values)
        if missing == 1:
            values.append(value)
            return
        if missing > 0:
            values.extend([None] * missing)
        values[self._column - 1] = value

    def _value(self, text: str) -> Value:
        kind = self._type
        if kind == "inlineStr" or kind == "str":
            return clean_xml(text)
        if not text:
            return Fault("formula", f"={self._formula}")
        if kind == "s":
            return self._shared(text)
        if kind == "n":
            return self._numeric(text)
        if kind == "e":
            return Fault("error", clean_xml(text)[:40])
        if kind == "b":
            return text.strip() in ("1", "true")
        return _iso(text) if kind == "d" else clean_xml(text)

    def _shared(self, text: str) -> str:
        index = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if not 0 <= index < len(self._book.strings):
            raise SheetRefused("damaged")
        return self._book.strings[index]

    def _numeric(self, text: str) -> Value:
        try:
            number = float(text)
        except ValueError:
            number = nan
        if not isfinite(number) or "_" in text:
            return Fault("number", clean_xml(text)[:40])
        if self._style in self._book.date_styles:
            return from_serial(number, since_1904=self._book.since_1904)
        if abs(number) < _EXACT:
            return int(number) if number.is_integer() else number
        return int(text) if text.isdigit() and len(text) <= 20 else number  # an 18-digit number typed by a program


def _iso(text: str) -> Value:
    """An ISO 8601 cell of a "strict" workbook; a zone is dropped, since Excel knows none."""
    try:
        if ":" not in text:
            return date.fromisoformat(text)
        if "-" not in text:
            return time.fromisoformat(text).replace(tzinfo=None)
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return Fault("date", clean_xml(text)[:40])
