"""Child side: a ledger's own workbook with other rows below its header; title, styles, widths, print set-up, totals stay.

Rows are written in the styles of the first row that stood there. What stood below the table moves; ranges, formulas,
merged cells and the printed area follow (ECMA-376 part 1, 18.3.1). Every part that none of this concerns stays as it was.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from datetime import date
from html import unescape
from io import BytesIO
from typing import IO, TypedDict
from xml.sax.saxutils import escape, quoteattr

from .cells import letters
from .dates import to_serial
from .errors import SheetRefused
from .limits import Limits
from .markup import lines_of, points_of, text_in_cell
from .package import Package, rels_of
from .precheck import inspect, kind_of
from .shifting import Shift
from .splice import Edit, Element, SheetPart, Walk, bounds, edited
from .workbook import Workbook, open_workbook
from .yellow import Styles

_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_WIDTH, _MOST_COLUMNS = 8.43, 1_000
_RANGED = {"conditionalFormatting": "sqref", "dataValidation": "sqref", "autoFilter": "ref", "hyperlink": "ref"}
# What may stand behind headerFooter in a worksheet (CT_Worksheet).
_AFTER_FOOT = (
    *("rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing"),
    *("legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems"),
    *("tableParts", "extLst"),
)


class Asked(TypedDict):
    """The table: its sheet, its first row, the row that stays below (0: none), its width, columns left open, the mark."""

    sheet: str
    first: int
    tail: int
    columns: int
    open: list[int]
    mark: str
    count: int


def extend(fd: int, orders: int, limits: Limits) -> bytes:
    """The workbook `fd` with the rows that descriptor `orders` lists, a JSON line each behind the line that says where.

    A cell is null, a text, a number {"n": "12.5"} or a day {"d": "2022-03-01"}. Raises `SheetRefused` for a file that cannot be trusted, or a sheet that is
    not there or holds a list object (表格), whose rows are counted elsewhere.
    """
    os.lseek(orders, 0, os.SEEK_SET)
    if kind_of(fd, limits) == "text":
        raise SheetRefused("not_a_sheet", kind="CSV")
    parts = inspect(fd, limits)
    book, package = open_workbook(fd, parts, limits), Package(fd, parts)
    with os.fdopen(orders, "r", encoding="utf-8", closefd=False) as lines:
        asked: Asked = json.loads(lines.readline())
        _write(package, book, asked, lines)
    out = BytesIO()
    package.write(out)
    return out.getvalue()


def _write(package: Package, book: Workbook, asked: Asked, lines: IO[str]) -> None:
    sheets = {sheet.title: sheet.part.name for sheet in book.sheets if not sheet.hidden}
    if asked["sheet"] not in sheets:
        raise SheetRefused("no_sheet", sheet=asked["sheet"])
    name = sheets[asked["sheet"]]
    part = SheetPart(package.read(name))
    shift = Shift(asked["sheet"], asked["first"], asked["tail"] or None, asked["count"])
    styles = _styles(package)
    rows = b"".join(_rows(part, _Model(part, styles[1] if styles else None, asked, book), asked, lines))
    package.put(name, _Extended(part, shift, asked["mark"]).made(rows))
    if styles:
        package.put(styles[0], styles[1].changed())
    for sheet in book.sheets:
        raw = package.read(sheet.part.name)
        raw = raw if sheet.part.name == name else _formulas(raw, shift)
        package.put(sheet.part.name, SheetPart(raw).forgotten())
    _names(package, shift)
    _forget_chain(package)
    package.recalculate()


def _styles(package: Package) -> tuple[str, Styles] | None:
    main = package.main()
    name = next((target for kind, target in package.related(main).values() if kind == "styles"), "")
    return (name, Styles(package.read(name))) if name else None


# --- the rows ---


class _Model:
    """How a row of the table looks: the style of each column, and how wide its texts may be before they break."""

    def __init__(self, part: SheetPart, styles: Styles | None, asked: Asked, book: Workbook) -> None:
        self._sheet_styles, self._book = styles, book
        numbers = range(1, asked["columns"] + 1)
        is_table = asked["tail"] != asked["first"]  # else the total stands below the header: its row is no model
        self.styles = [part.style_of(asked["first"], number) if is_table else "" for number in numbers]
        widths = _widths(part.raw)
        self.breaks = [
            widths.get(number, _WIDTH) if styles and styles.wraps(style) else None
            for number, style in zip(numbers, self.styles, strict=True)
        ]
        for number in asked["open"] if styles else ():
            self.styles[number - 1] = styles.yellow(self.styles[number - 1]) if styles else ""
        row = part.rows.get(asked["first"]) if is_table else None
        own = row.element.said.get("ht", "") if row and row.element.said.get("customHeight") in ("1", "true") else ""
        self.least = float(own) if _NUMBER.fullmatch(own) else 0.0

    def cell(self, p: str, reference: str, at: int, value: object) -> str:
        """A cell of a row; a day is Excel's number, in the column's own format where that shows days."""
        style = self.styles[at]
        if isinstance(value, dict) and "d" in value:
            day = date.fromisoformat(str(value["d"]))
            number = to_serial(day, since_1904=self._book.since_1904)
            if number is None or self._sheet_styles is None:
                return _cell(p, reference, style, day.isoformat())
            style = style if (style or "0") in self._book.date_styles else self._sheet_styles.dated(style)
            return _cell(p, reference, style, {"n": str(number)})
        return _cell(p, reference, style, value)

    def height(self, values: list[object]) -> str:
        """The attribute of a row whose texts take several lines: programs do not find that out by themselves."""
        texts = (
            (one, width) for one, width in zip(values, self.breaks, strict=False) if isinstance(one, str) and width
        )
        lines = max((lines_of(text, width) for text, width in texts), default=1)
        points = max(points_of(lines) if lines > 1 else 0, self.least)
        return f' ht="{points:g}" customHeight="1"' if points else ""


def _widths(raw: bytes) -> dict[int, float]:
    found: dict[int, float] = {}
    for one in Walk(raw).elements():
        if one.name == "col" and _NUMBER.fullmatch(one.said.get("width", "")[:20]):
            span = range(int(one.said["min"]), min(int(one.said["max"]), _MOST_COLUMNS) + 1)
            found |= dict.fromkeys(span, float(one.said["width"][:20]))
    return found


def _rows(part: SheetPart, model: _Model, asked: Asked, lines: Iterable[str]) -> Iterator[bytes]:
    p, width = part.prefix, asked["columns"]
    columns = [letters(column) for column in range(1, width + 1)]
    for number, line in enumerate(lines, asked["first"]):
        values = json.loads(line)[:width]
        cells = (model.cell(p, f"{columns[at]}{number}", at, value) for at, value in enumerate(values))
        yield f'<{p}row r="{number}"{model.height(values)}>{"".join(cells)}</{p}row>'.encode()


def _cell(p: str, reference: str, style: str, value: object) -> str:
    begin = f'<{p}c r="{reference}"' + (f' s="{style}"' if style else "")
    if isinstance(value, dict) and _NUMBER.fullmatch(str(value.get("n", ""))):
        return f"{begin}><{p}v>{value['n']}</{p}v></{p}c>"
    if value is None or value == "":
        return f"{begin}/>"
    text = text_in_cell(str(value))
    return f'{begin} t="inlineStr"><{p}is><{p}t xml:space="preserve">{text}</{p}t></{p}is></{p}c>'


# --- what stands around them ---


class _Extended:
    """The part of the sheet around its new rows."""

    def __init__(self, part: SheetPart, shift: Shift, mark: str) -> None:
        self._part, self._raw, self._shift, self._mark = part, part.raw, shift, mark
        walk = Walk(self._raw)
        self._there = list(walk.elements())
        old = [row.element for number, row in part.rows.items() if not shift.is_kept(number)]
        self._gone = [(min(one.start for one in old), max(one.end for one in old))] if old else []
        if any(one.name == "tablePart" for one in self._there):
            raise SheetRefused("list_object", sheet=shift.sheet)

    def made(self, rows: bytes) -> bytes:
        """The part with the rows."""
        edits = [*self._table(rows), *self._below(), *self._merges(), *self._ranges(), *self._foot()]
        return edited(self._raw, edits)

    def _table(self, rows: bytes) -> Iterator[Edit]:
        """The rows of before go, the new ones stand in their place."""
        old = [row.element for number, row in self._part.rows.items() if not self._shift.is_kept(number)]
        data = next(one for one in self._there if one.name == "sheetData")
        below = [row.element.start for number, row in self._part.rows.items() if number >= self._shift.first]
        if data.is_empty_tag:
            raise SheetRefused("damaged")
        at = min(below, default=data.close)
        yield at, at, rows + self._last(data)
        yield from ((one.start, one.end, b"") for one in old)

    def _last(self, data: Element) -> bytes:
        """The mark as the last row of a sheet whose table is its last; else it stands behind what is below."""
        return b"" if self._shift.tail is not None else self._marked(self._shift.first + self._shift.count)

    def _marked(self, number: int) -> bytes:
        if not self._mark:
            return b""
        p = self._part.prefix
        return f'<{p}row r="{number}">{_cell(p, f"A{number}", "", f"说明:水印 {self._mark}")}</{p}row>'.encode()

    def _below(self) -> Iterator[Edit]:
        """Rows below move, with their cells and what their formulas add up; the formulas above follow."""
        last = 0
        for number, row in self._part.rows.items():
            if number >= (self._shift.tail or number + 1):
                last = max(last, number)
                yield self._renamed(row.element, "r", str(self._shift.row(number)))
                for cell in row.cells:
                    yield self._renamed(cell.element, "r", f"{letters(cell.column)}{self._shift.row(number)}")
        for one in self._there:
            if one.name == "f" and self._stays(one):
                yield from self._formula(one)
        if last and self._mark:
            data = next(one for one in self._there if one.name == "sheetData")
            yield data.close, data.close, self._marked(self._shift.row(last) + 1)

    def _stays(self, one: Element) -> bool:
        return not any(start < one.start < end for start, end in self._gone)

    def _formula(self, one: Element) -> Iterator[Edit]:
        yield from _moved_formula(self._raw, one, self._shift, is_here=True)
        if "ref" in one.said:
            yield self._renamed(one, "ref", self._shift.range(one.said["ref"]))

    def _merges(self) -> Iterator[Edit]:
        """Merged cells among the rows that went are merged no more; a list of none is not allowed."""
        around = next((one for one in self._there if one.name == "mergeCells"), None)
        if around is None:
            return
        merged = [one for one in self._there if one.name == "mergeCell"]
        kept = [one for one in merged if all(map(self._shift.is_kept, bounds(one.said.get("ref", ""))[::2]))]
        if not kept:
            yield around.start, around.end, b""
            return
        yield from ((one.start, one.end, b"") for one in merged if one not in kept)
        yield from (self._renamed(one, "ref", self._both(one.said["ref"])) for one in kept)
        if "count" in around.said:
            yield self._renamed(around, "count", str(len(kept)))

    def _both(self, reference: str) -> str:
        """A merged range whose rows are kept: each end moves by itself."""
        first, _, last = reference.partition(":")
        return ":".join(self._shift.range(one) for one in (first, last) if one)

    def _ranges(self) -> Iterator[Edit]:
        for one in self._there:
            name = _RANGED.get(one.name)
            if name and name in one.said:
                yield self._renamed(one, name, " ".join(map(self._shift.range, one.said[name].split())))
            elif one.name == "dimension" and "ref" in one.said:
                yield one.start, one.end, b""  # Excel finds it out by itself
            elif one.name == "brk" and one.depth > 1 and int(one.said.get("id", 0)) >= self._shift.first:
                yield from self._break(one)

    def _break(self, one: Element) -> Iterator[Edit]:
        """A page that was ended by hand below the header ends elsewhere now."""
        around = next(each for each in self._there if each.name in ("rowBreaks", "colBreaks") and each.start < one.start < each.close)  # fmt: skip
        if around.name == "rowBreaks":
            yield self._renamed(one, "id", str(self._shift.row(int(one.said["id"]))))

    def _foot(self) -> Iterator[Edit]:
        """The mark on every printed page, where the header of the page has room for it."""
        if not self._mark:
            return
        p, said = self._part.prefix, escape(self._mark[:120].replace("&", "&&"))
        there = next((one for one in self._there if one.name == "headerFooter"), None)
        head = next((one for one in self._there if one.name == "oddHeader"), None)
        if there is None:
            later = [one.start for one in self._there if one.depth == 1 and one.name in _AFTER_FOOT]
            at = min(later, default=self._there[-1].close)
            yield at, at, f"<{p}headerFooter><{p}oddHeader>&amp;R{said}</{p}oddHeader></{p}headerFooter>".encode()
        elif head is not None and not head.is_empty_tag and b"&amp;R" not in self._raw[head.start : head.close]:
            yield head.close, head.close, f"&amp;R{said}".encode()
        elif head is None and not there.is_empty_tag:
            at = self._raw.index(b">", there.start) + 1
            yield at, at, f"<{p}oddHeader>&amp;R{said}</{p}oddHeader>".encode()

    def _renamed(self, one: Element, name: str, value: str) -> Edit:
        return _renamed(self._raw, one, name, value)


def _renamed(raw: bytes, one: Element, name: str, value: str) -> Edit:
    """One attribute of an element says something else."""
    end = raw.index(b">", one.start)
    there = re.compile(rb"(\s" + name.encode() + rb"\s*=\s*)(\"[^\"]*\"|'[^']*')").search(raw, one.start, end)
    if there is None:
        return one.start, one.start, b""
    return there.start(2), there.end(2), quoteattr(value).encode()


def _moved_formula(raw: bytes, one: Element, shift: Shift, *, is_here: bool) -> Iterator[Edit]:
    if one.is_empty_tag:
        return
    begin = raw.index(b">", one.start) + 1
    text = unescape(raw[begin : one.close].decode())
    moved = shift.formula(text, is_here=is_here)
    if moved != text:
        yield begin, one.close, escape(moved).encode()


def _formulas(raw: bytes, shift: Shift) -> bytes:
    """Another sheet, whose formulas may look at the table."""
    there = (one for one in Walk(raw).elements() if one.name == "f")
    return edited(raw, (edit for one in there for edit in _moved_formula(raw, one, shift, is_here=False)))


def _names(package: Package, shift: Shift) -> None:
    """Named ranges: the printed area reaches to the new end."""
    name = package.main()
    raw = package.read(name)
    there = (one for one in Walk(raw).elements() if one.name == "definedName")
    package.put(name, edited(raw, (edit for one in there for edit in _moved_formula(raw, one, shift, is_here=False))))


def _forget_chain(package: Package) -> None:
    """The order in which formulas were last computed names cells that have moved: programs make it anew."""
    main = package.main()
    target = next((target for kind, target in package.related(main).values() if kind == "calcChain"), "")
    if not target:
        return
    for part, name, key in ((rels_of(main), "Relationship", "Target"), ("[Content_Types].xml", "Override", "PartName")):  # fmt: skip
        raw = package.read(part)
        gone = [
            one for one in Walk(raw).elements() if one.name == name and one.said.get(key, "").endswith("calcChain.xml")
        ]
        package.put(part, edited(raw, ((one.start, one.end, b"") for one in gone)))
