"""Do the figures of a bulletin add up? Each pair that does not is named, with what would be right.

What a figure is, its words say: 合计 the sum of its fellows, 其中… a part of them, 占比 a share of the count beside it, 上年同期 and
上期 what it was before, 增减 and 同比, 环比 how it changed. A figure that no rule reaches is told as unchecked.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

HUNDRED = Decimal(100)
_TOTAL = re.compile(r"^(?:合计|总计|总数|总量|共计|全部|total)|(?:合计|总计|总数|总量|共计|total)$", re.IGNORECASE)
_SUBTOTAL = re.compile(r"小计|subtotal", re.IGNORECASE)
_PART = re.compile(r"(?:其中|含|of which|including)", re.IGNORECASE)
_APART = re.compile(r"率|均|排名|名次|第几")  # no part of any sum
_YEAR = re.compile(r"^(?:上年|去年)(?:同期|同月|同季)?数?$|同期|a year before|last year", re.IGNORECASE)
_BEFORE = re.compile(r"^上(?:期|月|季度?|周)数?$|^before$", re.IGNORECASE)
_CHANGE = re.compile(r"增减|增长|上升|下降|减少|升降|变化|同比|环比|change|growth", re.IGNORECASE)
_DOWN = re.compile(r"下降|减少")
_SHARE = re.compile(r"占比|比重|占(?:总|全|其)|share", re.IGNORECASE)


class Role(Enum):
    """What a column holds."""

    COUNT = "count"
    TOTAL = "total"
    SHARE = "share"
    YEAR = "year"
    BEFORE = "before"
    CHANGE = "change"


@dataclass(frozen=True)
class Cell:
    """A figure as typed: `places` after the point; `percent` where it stands with a %; `line` of the file."""

    table: str
    row: str
    column: str
    figure: Decimal
    percent: bool
    line: int

    @property
    def unit(self) -> Decimal:
        """One in its last digit."""
        return Decimal(1).scaleb(int(self.figure.as_tuple().exponent))

    @property
    def text(self) -> str:
        return f"{self.figure:f}{'%' if self.percent else ''}"

    @property
    def place(self) -> str:
        return f"{self.row}·{self.column}"


@dataclass(frozen=True)
class Fault:
    """`rule`: sum, part, share, shares, change or rate; the `cells` that do not agree; what was `said` and what it `should` be.
    `rounding`: each figure may be rounded right, but the whole is not 100.
    """

    rule: str
    cells: tuple[Cell, ...]
    said: str
    should: str
    chinese: str
    english: str
    rounding: bool = False


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
        return Role.SHARE
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


@dataclass(frozen=True)
class _Pair:
    """Figures that were held against each other."""

    cells: tuple[Cell, ...]
    fault: Fault | None


class _Table:
    """The cells of one table by row and by column."""

    def __init__(self, cells: list[Cell]) -> None:
        self.rows: defaultdict[str, list[Cell]] = defaultdict(list)
        self.columns: defaultdict[str, list[Cell]] = defaultdict(list)
        for cell in cells:
            self.rows[cell.row].append(cell)
            self.columns[cell.column].append(cell)

    def pairs(self) -> Iterator[_Pair]:
        for column in self.columns.values():
            yield from self._down(column)
        for row in self.rows.values():
            yield from self._across(row)
            yield from self._changes(row)
            yield from self._share(row)

    def _down(self, column: list[Cell]) -> Iterator[_Pair]:
        """A total and subtotals below their parts; parts of them; shares that make a hundred."""
        kind = role(column[0])
        if kind is Role.SHARE:
            if len(parts := _parts(column)) > 1 and all(cell.percent for cell in parts):
                yield _hundred(tuple(parts))
            return
        column = [cell for cell in column if not cell.percent]
        totals = [cell for cell in column if _TOTAL.search(cell.row)]
        if len(totals) == 1:
            yield from _added(totals[0], column)
        for cell in (cell for cell in column if _PART.match(cell.row)):
            if whole := totals[:1] or _parts(column)[:1]:
                yield _part(cell, whole[0])

    def _across(self, row: list[Cell]) -> Iterator[_Pair]:
        """A total beside its parts."""
        totals = [cell for cell in row if role(cell) is Role.TOTAL]
        some = [cell for cell in row if role(cell) is Role.COUNT and _PART.match(cell.column)]
        parts = [
            cell for cell in row if role(cell) is Role.COUNT and cell not in some and not _APART.search(cell.column)
        ]
        if len(totals) == 1 and len(parts) > 1:
            yield _sum(totals[0], tuple(parts))
        for cell in some:
            if whole := totals or parts[:1]:
                yield _part(cell, whole[0])

    def _changes(self, row: list[Cell]) -> Iterator[_Pair]:
        """Differences and rates, of the count in the row to what it was."""
        now = self._now(row)
        for cell in row:
            base = self._base(row, cell) if role(cell) is Role.CHANGE else None
            if now and base:
                yield _rate(cell, now, base) if cell.percent else _difference(cell, now, base)

    def _share(self, row: list[Cell]) -> Iterator[_Pair]:
        """The share of the count in the row in that of all rows."""
        now = self._now(row)
        shares = [cell for cell in row if role(cell) is Role.SHARE]
        if now is None or len(shares) != 1 or _TOTAL.search(now.row):
            return
        column = self.columns[now.column]
        totals = [cell for cell in column if _TOTAL.search(cell.row)]
        whole = totals[0].figure if len(totals) == 1 else sum((cell.figure for cell in _parts(column)), Decimal(0))
        if whole > 0:
            yield _shared(shares[0], now, whole)

    @staticmethod
    def _now(row: list[Cell]) -> Cell | None:
        """The count of which the row tells: the total where there are several."""
        totals = [cell for cell in row if role(cell) is Role.TOTAL]
        counts = [cell for cell in row if role(cell) is Role.COUNT and not _PART.match(cell.column)]
        found = totals or counts
        return found[0] if len(found) == 1 else None

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


def _parts(column: list[Cell]) -> list[Cell]:
    """The rows that make up a whole."""
    others = (_TOTAL, _SUBTOTAL, _APART)
    return [
        cell for cell in column if not any(other.search(cell.row) for other in others) and not _PART.match(cell.row)
    ]


def _added(total: Cell, column: list[Cell]) -> Iterator[_Pair]:
    """The total of all parts, and each subtotal of those between it and the one before; one part alone is only no more."""
    parts = _parts(column)
    if len(parts) == 1:
        yield _part(parts[0], total)
    elif parts:
        yield _sum(total, tuple(parts))
    group: list[Cell] = []
    for cell in sorted(column, key=lambda cell: cell.line):
        if _SUBTOTAL.search(cell.row):
            if group:
                yield _sum(cell, tuple(group))
            group = []
        elif cell in parts:
            group.append(cell)


def _sum(total: Cell, parts: tuple[Cell, ...]) -> _Pair:
    added = sum((cell.figure for cell in parts), Decimal(0))
    if added == total.figure:
        return _Pair((total, *parts), None)
    sign = "+".join(cell.text for cell in parts)
    words = (
        f"“{total.place}”写{total.text}，各部分相加为{added:f}：{sign}",
        f"“{total.place}” says {total.text}, its parts make {added:f}: {sign}",
    )
    return _Pair((total, *parts), Fault("sum", (total, *parts), total.text, f"{added:f}", *words))


def _part(some: Cell, whole: Cell) -> _Pair:
    if some.figure <= whole.figure:
        return _Pair((some, whole), None)
    words = (
        f"“{some.place}”写{some.text}，多于全部“{whole.place}”的{whole.text}",
        f"“{some.place}” says {some.text}, more than all of “{whole.place}”, {whole.text}",
    )
    return _Pair((some, whole), Fault("part", (some, whole), some.text, f"<= {whole.text}", *words))


def _hundred(parts: tuple[Cell, ...]) -> _Pair:
    added = sum((cell.figure for cell in parts), Decimal(0))
    if added == HUNDRED:
        return _Pair(parts, None)
    rounding = abs(added - HUNDRED) <= sum((cell.unit for cell in parts), Decimal(0)) / 2
    why = (
        ("，各数四舍五入所致，可用最大余数法调整", ": each is rounded; use largest remainders")
        if rounding
        else ("", "")
    )
    column = parts[0].column
    words = (f"“{column}”各项相加为{added:f}%，不是100%{why[0]}", f"“{column}” makes {added:f}%, not 100%{why[1]}")
    return _Pair(parts, Fault("shares", parts, f"{added:f}%", "100%", *words, rounding=rounding))


def _shared(share: Cell, count: Cell, whole: Decimal) -> _Pair:
    true = count.figure * HUNDRED / whole
    if abs(share.figure - true) < share.unit:  # a largest remainder may take a whole last digit
        return _Pair((share, count), None)
    should = f"{true.quantize(share.unit, ROUND_HALF_UP):f}%"
    words = (
        f"“{share.place}”写{share.text}，{count.text}占{whole:f}的{should}",
        f"“{share.place}” says {share.text}, {count.text} is {should} of {whole:f}",
    )
    return _Pair((share, count), Fault("share", (share, count), share.text, should, *words))


def _difference(change: Cell, now: Cell, base: Cell) -> _Pair:
    true = now.figure - base.figure
    if _signed(change) == true:
        return _Pair((change, now, base), None)
    words = (
        f"“{change.place}”写{change.text}，{base.text}到{now.text}应为{true:+f}",
        f"“{change.place}” says {change.text}, from {base.text} to {now.text} it is {true:+f}",
    )
    return _Pair((change, now, base), Fault("change", (change, now, base), change.text, f"{true:+f}", *words))


def _rate(change: Cell, now: Cell, base: Cell) -> _Pair:
    cells = (change, now, base)
    if not base.figure:
        words = (
            f"“{change.place}”写{change.text}，但基数为0，没有增幅",
            f"“{change.place}” says {change.text}, but there is no rate from 0",
        )
        return _Pair(cells, Fault("rate", cells, change.text, "–", *words))
    true = (now.figure - base.figure) * HUNDRED / base.figure
    if abs(_signed(change) - true) <= change.unit / 2:
        return _Pair(cells, None)
    should = f"{true.quantize(change.unit, ROUND_HALF_UP):+f}%"
    words = (
        f"“{change.place}”写{change.text}，{base.text}到{now.text}应为{should}",
        f"“{change.place}” says {change.text}, from {base.text} to {now.text} it is {should}",
    )
    return _Pair(cells, Fault("rate", cells, change.text, should, *words))


def _signed(change: Cell) -> Decimal:
    """A fall that its column names is written without a sign."""
    return -change.figure if _DOWN.search(change.column) and not re.search("增|升", change.column) else change.figure
