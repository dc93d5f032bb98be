"""Finds the table in a sheet that people made: titles above, merged two-row headers, units in brackets, totals below."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, islice
from typing import NamedTuple

from jiandu.base.core.text import normal

from .cells import Value, shown
from .errors import CellProblem, SheetRefused
from .headers import Column, Header, Placed, find_header, metadata
from .plan import ERROR_SHEET, ROW_ID_TITLE
from .reader import RawRow

HEAD = 30  # filled rows of a sheet among which the header is looked for
_ROW_ID = Column("_jiandu_id", (ROW_ID_TITLE, "行标识", "_jiandu_id"))
_TOTAL = re.compile(r"(本页|本表|总)?(合计|总计|小计|共计|累计)([:(].*)?")
_FOOTER = re.compile(r"(填表|制表|填报|审核|审批|复核|负责|经办|联系|说明|注)[^:]{0,8}:.*", re.DOTALL)

_Groups = Iterator[tuple[str, Iterator[RawRow]]]


class Cell(NamedTuple):
    """A value as the file has it (None when empty), where it stands, and the header's words above it."""

    value: Value
    column: str
    title: str

    @property
    def text(self) -> str:
        """The value as trimmed text, empty for nothing; a day as 2022-03-22."""
        return shown(self.value).strip()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data: a cell for each column that was found, by key, and the hidden stable id where the file has one."""

    sheet: str
    number: int
    cells: dict[str, Cell]
    row_id: str = ""

    def problem(self, key: str, reason: str) -> CellProblem:
        """What is wrong with the cell of `key`; a column that the sheet lacks has no letter and goes by its key."""
        cell = self.cells.get(key) or Cell(None, "", key)
        return CellProblem(self.sheet, self.number, cell.column, cell.title, cell.text, reason)


class Skipped(NamedTuple):
    """A row below the header that is no data: "total" or "footer"; its words, shortened."""

    number: int
    kind: str
    text: str


@dataclass(slots=True)
class Table:
    """One table of an upload. Iterate once; `skipped` and `also` are complete only afterwards.

    `placed`: the columns found, by key, with letter, title and unit (a sheet in 万元 says so here). `missing`: required
    columns that are not there; such a table gives no rows. `unknown`: (letter, title) that no column wants. `facts`:
    键:值 above the header. `also`: later sheets with the same header; they are not read, so say so to the user.
    """

    sheet: str
    header_row: int
    title: str
    facts: Mapping[str, str]
    placed: Mapping[str, Placed]
    unknown: Sequence[tuple[str, str]]
    missing: Sequence[Column]
    header_bottom: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    _rows: Iterator[RawRow] = field(default_factory=lambda: iter(()))
    _later: _Groups = field(default_factory=lambda: iter(()))
    _wanted: Sequence[Column] = ()

    def __iter__(self) -> Iterator[Row]:
        for raw in self._rows:
            texts = [text for value in raw.values if (text := shown(value).strip())]
            kind = _kind(raw.values, texts)
            if kind:
                self.skipped.append(Skipped(raw.number, kind, " ".join(texts)[:100]))
            elif texts:
                yield self._row(raw)
        for sheet, group in self._later:  # to the end, so that every sheet is checked
            header = _header(sheet, list(islice(group, HEAD)), self._wanted)
            if header and not header.missing:
                self.also.append(sheet)

    def _row(self, raw: RawRow) -> Row:
        values, count = raw.values, len(raw.values)
        cells = {
            key: Cell(values[place.index] if place.index < count else None, place.letter, place.title)
            for key, place in self.placed.items()
        }
        identity = cells.pop(_ROW_ID.key, None)
        return Row(raw.sheet, raw.number, cells, identity.text if identity else "")


def find_table(rows: Iterable[RawRow], columns: Sequence[Column]) -> Table:
    """The first sheet with a header that has all required columns, else the best match, with `missing` and no rows.

    The header is looked for in the first 30 filled rows. Titles match without regard to width, case, blanks, line breaks,
    marks like * and (必填), and a unit in brackets at the end; a header of two rows matches by group and title.
    Raises `SheetRefused("no_header")` where no row names two of the columns (or the only one).
    """
    groups: _Groups = groupby(rows, key=lambda row: row.sheet)
    wanted = [*columns, _ROW_ID]
    best: tuple[str, Header] | None = None
    for sheet, group in groups:
        head = list(islice(group, HEAD))
        header = _header(sheet, head, wanted)
        if header and not header.missing:
            table = _table(sheet, header)
            table._rows = chain(head[header.last + 1 :], group)  # noqa: SLF001 -- its own maker
            table._later, table._wanted = groups, wanted  # noqa: SLF001
            return table
        if header and (best is None or len(header.placed) > len(best[1].placed)):
            best = sheet, header
    if best is None:
        raise SheetRefused("no_header", titles="、".join(column.titles[0] for column in columns if column.required))
    return _table(*best)


def _header(sheet: str, head: Sequence[RawRow], wanted: Sequence[Column]) -> Header | None:
    least = min(2, len(wanted) - 1)  # the row id alone makes no header
    return find_header(head, wanted, least=least) if sheet != ERROR_SHEET else None


def _table(sheet: str, header: Header) -> Table:
    title, facts = metadata(header.above)
    return Table(sheet, header.number, title, facts, header.placed, header.unknown, header.missing, header.bottom)


def _kind(values: Sequence[Value], texts: Sequence[str]) -> str:
    """What a row below the header is if it is no data: "total", "footer", else nothing."""
    if any(isinstance(value, str) and _TOTAL.fullmatch("".join(normal(value).split())) for value in values[:3]):
        return "total"
    first = next((value for value in values if value is not None), None)
    if isinstance(first, str) and len(texts) <= 4 and _FOOTER.fullmatch("".join(normal(first).split())):
        return "footer"
    return ""
