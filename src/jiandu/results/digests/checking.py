"""Do the figures of a bulletin add up? Each pair that does not is named, with what would be right.

What a figure is, its words say: 合计 the sum of its fellows, 其中… a part of them, 占比 a share of the count beside it, 上年同期 and
上期, or the year before (2023年 beside 2024年), what it was before, 增减 and 同比, 环比 how it changed; a 率 is no share. A figure
that no rule reaches is told as unchecked.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from jiandu.results.digests.agreeing import (
    Cell,
    Fault,
    Pair,
    added_up,
    changed,
    hundred,
    no_more,
    of_one,
    shared,
    whole,
)
from jiandu.results.digests.stretches import stretch

_TOTAL = re.compile(r"^(?:合计|总计|总数|总量|共计|全部|total)|(?:合计|总计|总数|总量|共计|total)$", re.IGNORECASE)
_SUBTOTAL = re.compile(r"小计|subtotal", re.IGNORECASE)
_PART = re.compile(r"(?:其中|含|of which|including)", re.IGNORECASE)
_APART = re.compile(r"率|均|排名|名次|第几")  # no part of any sum
_YEAR = re.compile(r"^(?:上年|去年)(?:同期|同月|同季)?数?$|同期|a year before|last year", re.IGNORECASE)
_BEFORE = re.compile(r"^上(?:期|月|季度?|周)数?$|^before$", re.IGNORECASE)
_CHANGE = re.compile(r"增减|增长|上升|下降|减少|升降|变化|同比|环比|change|growth", re.IGNORECASE)
_SHARE = re.compile(r"占比|比重|占(?:总|全|其)|share", re.IGNORECASE)
_RATE = re.compile(r"率|度$|rate", re.IGNORECASE)  # 办结率, 满意度: each of its own whole, together of none


class Role(Enum):
    """What a column holds."""

    COUNT = "count"
    TOTAL = "total"
    SHARE = "share"
    RATE = "rate"
    YEAR = "year"
    BEFORE = "before"
    CHANGE = "change"


@dataclass(frozen=True)
class Checked:
    """`faults` in the order of the file, how many `pairs` were compared, the cells that no rule reached."""

    faults: list[Fault]
    pairs: int
    unchecked: list[Cell]


def role(cell: Cell) -> Role:
    """What the column of a cell holds, by its words."""
    words = cell.column
    if _CHANGE.search(words):
        return Role.CHANGE
    if _SHARE.search(words):
        return Role.SHARE
    if _YEAR.search(words):
        return Role.YEAR
    if _BEFORE.search(words):
        return Role.BEFORE
    if cell.percent:
        return Role.RATE if _RATE.search(words) or _RATE.search(cell.row) else Role.SHARE
    return Role.TOTAL if _TOTAL.search(words) else Role.COUNT


def check(cells: list[Cell]) -> Checked:
    """Every figure against the others of its table; each cell stands on a line of its own."""
    tables: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        tables[cell.table].append(cell)
    compared = [pair for each in tables.values() for pair in _Table(_upright(each)).pairs()]
    lines = {cell.line: cell for cell in cells}
    reached = {cell.line for pair in compared for cell in pair.cells}
    faults = [
        replace(pair.fault, cells=tuple(lines[cell.line] for cell in pair.cells)) for pair in compared if pair.fault
    ]
    faults.sort(key=lambda fault: min(cell.line for cell in fault.cells))
    return Checked(faults, len(compared), [cell for cell in cells if cell.line not in reached])


def _upright(cells: list[Cell]) -> list[Cell]:
    """A table whose rows, and not its columns, are 本期, 上年同期, 占比 … is turned."""
    turned = [replace(cell, row=cell.column, column=cell.row) for cell in cells]
    special = {Role.YEAR, Role.BEFORE, Role.CHANGE, Role.SHARE}
    upright, other = (any(role(replace(cell, percent=False)) in special for cell in each) for each in (cells, turned))
    return turned if other and not upright else cells


class _Table:
    """The cells of one table by row and by column."""

    def __init__(self, cells: list[Cell]) -> None:
        self.rows: defaultdict[str, list[Cell]] = defaultdict(list)
        self.columns: defaultdict[str, list[Cell]] = defaultdict(list)
        for cell in cells:
            self.rows[cell.row].append(cell)
            self.columns[cell.column].append(cell)

    def pairs(self) -> Iterator[Pair]:
        for column in self.columns.values():
            yield from self._down(column)
        for row in self.rows.values():
            yield from self._across(row)
            yield from self._changes(row)
            yield from self._share(row)
            yield from _rates(row)

    def _down(self, column: list[Cell]) -> Iterator[Pair]:
        """A total and subtotals below their parts; parts of them; shares that make a hundred."""
        kind = role(column[0])
        if kind is Role.SHARE:
            yield from _shares(column)
            return
        column = [cell for cell in column if not cell.percent and not cell.points]
        totals = [cell for cell in column if _TOTAL.search(cell.row)]
        if kind is Role.CHANGE:  # a part may rise by more than the whole
            if len(totals) == 1 and len(_parts(column)) > 1:
                yield from _added(totals[0], column)
            return
        if len(totals) == 1:
            yield from _added(totals[0], column)
        for cell in (cell for cell in column if _PART.match(cell.row)):
            if whole := totals[:1] or _parts(column)[:1]:
                yield no_more(cell, whole[0])

    def _across(self, row: list[Cell]) -> Iterator[Pair]:
        """A total beside its parts."""
        totals = [cell for cell in row if role(cell) is Role.TOTAL]
        some = [cell for cell in row if role(cell) is Role.COUNT and _PART.match(cell.column)]
        parts = [
            cell for cell in row if role(cell) is Role.COUNT and cell not in some and not _APART.search(cell.column)
        ]
        if len(totals) == 1 and len(parts) > 1:
            yield added_up(totals[0], tuple(parts))
        for cell in some:
            if whole := totals or parts[:1]:
                yield no_more(cell, whole[0])

    def _changes(self, row: list[Cell]) -> Iterator[Pair]:
        """Differences and rates, of the figure in the row to what it was."""
        now = self._now(row) or _rated(row)
        for cell in row:
            if now is None or role(cell) is not Role.CHANGE:
                continue
            base = self._base(row, cell) or _dated_base(row, now, cell)
            if base is not None:
                yield changed(cell, now, base)

    def _share(self, row: list[Cell]) -> Iterator[Pair]:
        """The share of the count in the row in that of all rows."""
        now = self._now(row)
        shares = [cell for cell in row if role(cell) is Role.SHARE]
        if now is None or len(shares) != 1 or _TOTAL.search(now.row):
            return
        column = self.columns[now.column]
        totals = [cell for cell in column if _TOTAL.search(cell.row)]
        all_of_it = totals[0].figure if len(totals) == 1 else sum((cell.figure for cell in _parts(column)), Decimal(0))
        if all_of_it > 0:
            yield shared(shares[0], now, all_of_it)

    @staticmethod
    def _now(row: list[Cell]) -> Cell | None:
        """The count of which the row tells: the total where there are several."""
        totals = [cell for cell in row if role(cell) is Role.TOTAL]
        counts = [cell for cell in row if role(cell) is Role.COUNT and not _PART.match(cell.column)]
        found = totals or counts
        return found[0] if len(found) == 1 else _latest(found)

    @staticmethod
    def _base(row: list[Cell], change: Cell) -> Cell | None:
        """What a change is told from: a year before for 同比, the period before for 环比, else whichever stands there alone."""
        wanted = (
            {Role.YEAR}
            if "同比" in change.column
            else {Role.BEFORE}
            if "环比" in change.column
            else {Role.YEAR, Role.BEFORE}
        )
        found = [cell for cell in row if role(cell) in wanted]
        return found[0] if len(found) == 1 else None


def _rates(row: list[Cell]) -> Iterator[Pair]:
    """办结率 beside 办结 and the one other count of its row: the one in the other, or in both."""
    counts = [cell for cell in row if role(cell) in {Role.COUNT, Role.TOTAL}]
    for cell in (cell for cell in row if role(cell) is Role.RATE and cell.column.endswith("率")):
        named = {start + cell.column[:-1] + end for start in ("", "其中", "其中：") for end in ("", "数", "件数")}
        some = [each for each in counts if each.column in named]
        others = [each for each in counts if each not in some]
        if len(some) == len(others) == 1 and 0 < others[0].figure >= some[0].figure:
            yield of_one(cell, some[0], others[0])


def _rated(row: list[Cell]) -> Cell | None:
    """The share or rate of which a row of percentages tells, where it is the only one, or the latest."""
    found = [cell for cell in row if role(cell) in {Role.SHARE, Role.RATE} and not _SHARE.search(cell.column)]
    return found[0] if len(found) == 1 else _latest(found)


def _latest(cells: list[Cell]) -> Cell | None:
    """The figure of the latest of two stretches of time that the columns name, else none."""
    dated = [(when, cell) for cell in cells if (when := stretch(cell.column))]
    if len(cells) != 2 or len(dated) != 2:
        return None
    (one, first), (other, second) = dated
    return first if one.last > other.last else second if other.last > one.last else None


def _dated_base(row: list[Cell], now: Cell, change: Cell) -> Cell | None:
    """The figure beside it under another stretch of time: 2023年1-6月 beside 2024年1-6月."""
    if stretch(now.column) is None or {role(cell) for cell in row} & {Role.YEAR, Role.BEFORE}:
        return None
    found = [cell for cell in row if cell is not now and role(cell) is role(now) and stretch(cell.column)]
    return found[0] if len(found) == 1 else None


def _shares(column: list[Cell]) -> Iterator[Pair]:
    """Shares that make a hundred, and the hundred beside the total."""
    parts = _parts(column)
    if len(parts) > 1 and all(cell.percent for cell in parts):
        yield hundred(tuple(parts))
        for total in (cell for cell in column if _TOTAL.search(cell.row) and cell.percent):
            yield whole(total)


def _parts(column: list[Cell]) -> list[Cell]:
    """The rows that make up a whole."""
    others = (_TOTAL, _SUBTOTAL, _APART)
    return [
        cell for cell in column if not any(other.search(cell.row) for other in others) and not _PART.match(cell.row)
    ]


def _added(total: Cell, column: list[Cell]) -> Iterator[Pair]:
    """The total of all parts, and each subtotal of those between it and the one before; one part alone is only no more."""
    parts = _parts(column)
    if len(parts) == 1:
        yield no_more(parts[0], total)
    elif parts:
        yield added_up(total, tuple(parts))
    group: list[Cell] = []
    for cell in sorted(column, key=lambda cell: cell.line):
        if _SUBTOTAL.search(cell.row):
            if group:
                yield added_up(cell, tuple(group))
            group = []
        elif cell in parts:
            group.append(cell)
