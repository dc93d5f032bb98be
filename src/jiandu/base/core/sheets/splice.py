"""Child side: changes named places of an XML part and leaves every other byte as it was.

expat tells where each element stands in the bytes, so nothing is written anew but what is replaced. Cells: ECMA-376
part 1, 18.3.1.4 (c), 18.3.1.73 (row), 18.3.1.13 (col), 18.3.1.55 (mergeCell).
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from .cells import column_index, letters
from .errors import SheetRefused
from .parts import Attributes, feed, parser

_BLOCK = 65_536
_TYPE = re.compile(rb"""\s+t\s*=\s*("[^"]*"|'[^']*')""")
_STYLE = re.compile(rb"""\s+s\s*=\s*("[^"]*"|'[^']*')""")
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LAST_ROW = 1_048_576
_AFTER_DRAWING = frozenset(
    ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")
)

Edit = tuple[int, int, bytes]  # from, to, what stands there instead


def place(reference: str) -> tuple[int, int]:
    """(row, column) of a cell such as B3, both from 1; raises `ValueError` on anything else."""
    match = _PLACE.fullmatch(reference)
    if not match or int(match[2]) > _LAST_ROW:
        raise ValueError(reference)
    return int(match[2]), column_index(match[1])


def edited(raw: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with the edits done; of several at one place the earlier stands first."""
    pieces, at = [], 0
    for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [raw[at:start], text]
        at = end
    return b"".join([*pieces, raw[at:]])


@dataclass(slots=True)
class Element:
    """Where an element stands: start of its tag, start of its closing tag, end; the last two are one for an empty tag."""

    name: str
    said: Attributes
    start: int
    close: int = 0
    end: int = 0
    depth: int = 0
    is_filled: bool = False

    @property
    def is_empty_tag(self) -> bool:
        return self.close == self.end


class Walk:
    """Gives each element when it ends, names without prefix. `prefix` is that of the root."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._open: list[Element] = []
        self.prefix = ""

    def elements(self) -> Iterator[Element]:
        """Every element, inner ones first. Raises `SheetRefused` for another encoding than UTF-8."""
        ended: list[Element] = []
        made = parser()

        def declared(_version: str, encoding: str | None, _alone: int) -> None:
            if encoding and encoding.casefold() not in ("utf-8", "us-ascii"):
                raise SheetRefused("damaged")

        def start(name: str, said: Attributes) -> None:
            prefix, _, local = name.rpartition(":")
            if not self._open:
                self.prefix = f"{prefix}:" if prefix else ""
            else:
                self._open[-1].is_filled = True
            self._open.append(Element(local, said, made.CurrentByteIndex, depth=len(self._open)))

        def text(_: str) -> None:
            self._open[-1].is_filled = True

        def end(_: str) -> None:
            one, at = self._open.pop(), made.CurrentByteIndex
            is_empty = not one.is_filled and self._raw[one.start : at].endswith(b"/>")
            one.close = at
            one.end = at if is_empty else self._raw.index(b">", at) + 1
            ended.append(one)

        made.XmlDeclHandler = declared
        made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, text
        if self._raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise SheetRefused("damaged")
        feed(made, (self._raw[at : at + _BLOCK] for at in range(0, len(self._raw), _BLOCK)))
        yield from ended


@dataclass(slots=True)
class Cell:
    """A cell that is there: where it stands, its style, whether a formula gives its value."""

    column: int
    element: Element
    has_formula: bool
    style: str
    last: Element | None = None  # what holds the value that its formula gave when somebody last computed it


@dataclass(slots=True)
class Row:
    """A row that is there, with its cells in order."""

    number: int
    element: Element
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a cell: its number as text ("" empties it, None leaves what it holds), another style or none."""

    row: int
    column: int
    value: str | None
    style: str | None = None

    @property
    def reference(self) -> str:
        return f"{letters(self.column)}{self.row}"


class SheetPart:
    """One worksheet's XML: its rows with their places, and what a change of cells needs to know."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.rows: dict[int, Row] = {}
        self.merged: list[tuple[int, int, int, int]] = []
        self.notes_link = ""  # the relation of the drawing that holds its comments
        self._columns: list[tuple[int, int, str]] = []
        self._data: Element | None = None
        self._tail: int | None = None
        self._read()
        if self._data is None:
            raise SheetRefused("damaged")

    def _read(self) -> None:
        walk = Walk(self.raw)
        cells: list[Cell] = []
        formula = value = None
        number = column = 0
        for one in walk.elements():
            if one.name == "f":
                formula = one
            elif one.name == "v":
                value = one
            elif one.name == "c":
                column = place_in_row(one.said.get("r"), column)
                cells.append(Cell(column, one, formula is not None, one.said.get("s", ""), value))
                formula = value = None
            elif one.name == "row":
                number = int(one.said.get("r", number + 1))
                self.rows[number] = Row(number, one, cells)
                cells, column = [], 0
            else:
                self._other(one)
        self.prefix = walk.prefix

    def _other(self, one: Element) -> None:
        if one.name == "sheetData":
            self._data = one
        elif one.name == "mergeCell":
            self.merged.append(bounds(one.said.get("ref", "")))
        elif one.name == "col" and "style" in one.said:
            self._columns.append((int(one.said["min"]), int(one.said["max"]), one.said["style"]))
        elif one.depth == 1 and one.name == "legacyDrawing":
            self.notes_link = next((said for key, said in one.said.items() if key.rpartition(":")[2] == "id"), "")
        elif self._tail is None and (one.depth == 0 or (one.depth == 1 and one.name in _AFTER_DRAWING)):
            self._tail = one.start if one.depth else one.close

    def style_of(self, row: int, column: int) -> str:
        """The style of a cell: its own, else that of its row, else that of its column."""
        there = self.rows.get(row)
        own = next((cell.style for cell in there.cells if cell.column == column), None) if there else None
        if own is not None:
            return own
        if there and there.element.said.get("customFormat") in ("1", "true"):
            return there.element.said.get("s", "")
        return next((style for low, high, style in self._columns if low <= column <= high), "")

    def changed(self, changes: Iterable[Change], notes_link: str = "") -> bytes:
        """The part with the changes done and, where given, a relation to the drawing of its comments.

        Raises `SheetRefused` for a cell that a formula gives or that another cell covers.
        """
        edits: list[Edit] = []
        by_row: dict[int, list[Change]] = {}
        for change in sorted(changes, key=lambda one: (one.row, one.column)):
            self._check(change)
            by_row.setdefault(change.row, []).append(change)
        if self._data is not None and self._data.is_empty_tag and by_row:
            rows = b"".join(self._new_row(number, those) for number, those in by_row.items())
            edits.append((self._data.start, self._data.end, self._opened(self._data, rows)))
        else:
            edits += [edit for number, those in by_row.items() for edit in self._row_edits(number, those)]
        if notes_link and not self.notes_link:
            at = self._tail if self._tail is not None else len(self.raw)
            edits.append((at, at, self._link(notes_link)))
        return edited(self.raw, edits)

    def forgotten(self) -> bytes:
        """The part without the last values of formulas: a program that computes nothing on opening shows none."""
        there = (cell for row in self.rows.values() for cell in row.cells)
        return edited(self.raw, (edit for cell in there if cell.has_formula for edit in self._forget(cell)))

    def _forget(self, cell: Cell) -> Iterator[Edit]:
        if cell.last is None or not cell.last.is_filled:
            return
        start = cell.element.start
        end = self.raw.index(b">", start) + 1
        yield start, end, _TYPE.sub(b"", self.raw[start:end])
        yield cell.last.start, cell.last.end, b""

    def _check(self, change: Change) -> None:
        there = self.rows.get(change.row)
        cell = next((one for one in there.cells if one.column == change.column), None) if there else None
        if cell and cell.has_formula:
            raise SheetRefused("cell_formula", cell=change.reference)
        for top, left, bottom, right in self.merged:
            inside = top <= change.row <= bottom and left <= change.column <= right
            if inside and (change.row, change.column) != (top, left):
                raise SheetRefused("cell_merged", cell=change.reference)

    def _row_edits(self, number: int, changes: list[Change]) -> Iterator[Edit]:
        row = self.rows.get(number)
        if row is None:
            at = self._before_row(number)
            yield at, at, self._new_row(number, changes)
            return
        if row.element.is_empty_tag:
            inner = b"".join(self._new_cell(change) for change in changes)
            yield row.element.start, row.element.end, self._opened(row.element, inner)
            return
        columns = [cell.column for cell in row.cells]
        for change in changes:
            at = bisect_left(columns, change.column)
            if at < len(columns) and columns[at] == change.column:
                element = row.cells[at].element
                yield element.start, element.end, self._old_cell(change, element)
            else:
                where = row.cells[at].element.start if at < len(columns) else row.element.close
                yield where, where, self._new_cell(change)

    def _before_row(self, number: int) -> int:
        later = [other for other in self.rows if other > number]
        if later:
            return self.rows[min(later)].element.start
        return self._data.close if self._data is not None else 0

    def _new_row(self, number: int, changes: list[Change]) -> bytes:
        inner = b"".join(self._new_cell(change) for change in changes)
        name = f"{self.prefix}row"
        return f'<{name} r="{number}">'.encode() + inner + f"</{name}>".encode()

    def _new_cell(self, change: Change) -> bytes:
        style = self.style_of(change.row, change.column) if change.style is None else change.style
        said = f' s="{style}"' if style else ""
        return self._cell(f'<{self.prefix}c r="{change.reference}"{said}'.encode(), change.value or "")

    def _old_cell(self, change: Change, element: Element) -> bytes:
        whole = self.raw[element.start : element.end]
        tag, rest = whole[: whole.index(b">") + 1], whole[whole.index(b">") + 1 :]
        if change.style is not None:
            tag = _STYLE.sub(b"", tag)
            name = f"<{self.prefix}c".encode()
            tag = name + f' s="{change.style}"'.encode() + tag[len(name) :]
        if change.value is None:
            return tag + rest
        begin = _TYPE.sub(b"", tag).removesuffix(b">").removesuffix(b"/").rstrip()
        return self._cell(begin, change.value)

    def _cell(self, begin: bytes, value: str) -> bytes:
        if not value:
            return begin + b"/>"
        v, c = f"{self.prefix}v", f"{self.prefix}c"
        return begin + f"><{v}>{value}</{v}></{c}>".encode()

    def _opened(self, element: Element, inner: bytes) -> bytes:
        """An empty tag with something in it."""
        tag = self.raw[element.start : element.end].removesuffix(b"/>").rstrip()
        return tag + b">" + inner + f"</{self.prefix}{element.name}>".encode()

    def _link(self, relation: str) -> bytes:
        is_strict = b"http://purl.oclc.org/ooxml/" in self.raw[:4096]
        space = f"{STRICT if is_strict else LOOSE}/officeDocument/2006/relationships"
        space = space.replace("/2006", "") if is_strict else space
        return f'<{self.prefix}legacyDrawing xmlns:r="{space}" r:id={quoteattr(relation)}/>'.encode()


LOOSE, STRICT = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"


def place_in_row(reference: str | None, before: int) -> int:
    """The column of a cell; one that does not say its place stands behind the one before."""
    if reference is None:
        return before + 1
    try:
        return place(reference)[1]
    except ValueError:
        raise SheetRefused("damaged") from None


def bounds(reference: str) -> tuple[int, int, int, int]:
    """(top, left, bottom, right) of a range such as A1:C2."""
    first, _, last = reference.partition(":")
    try:
        (top, left), (bottom, right) = place(first), place(last or first)
    except ValueError:
        raise SheetRefused("damaged") from None
    return top, left, bottom, right
