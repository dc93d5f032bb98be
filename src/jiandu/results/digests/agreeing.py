"""Figures held against each other: a total and its parts, shares and their whole, a change and what it is told from."""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from jiandu.results.digests.stretches import is_like, stretch

HUNDRED = Decimal(100)
_DOWN = re.compile(r"下降|减少")


@dataclass(frozen=True)
class Cell:
    """A figure as typed: `percent` where it stands with a %, `points` with 个百分点; `line` of the file."""

    table: str
    row: str
    column: str
    figure: Decimal
    percent: bool
    line: int
    points: bool = False

    @property
    def unit(self) -> Decimal:
        """One in its last digit."""
        return Decimal(1).scaleb(int(self.figure.as_tuple().exponent))

    @property
    def text(self) -> str:
        return f"{self.figure:f}{'%' if self.percent else '个百分点' if self.points else ''}"

    @property
    def place(self) -> str:
        return f"{self.row}·{self.column}"


@dataclass(frozen=True)
class Fault:
    """`rule`: sum, part, share, shares, change, rate or period; the `cells` that do not agree; what was `said` and what it `should` be.
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
class Pair:
    """Figures that were held against each other."""

    cells: tuple[Cell, ...]
    fault: Fault | None


def of_one(rate: Cell, some: Cell, other: Cell) -> Pair:
    """A rate of the counts beside it: of the other one (应办), or of both where that is the rest (匿名)."""
    found = [shared(rate, some, whole) for whole in (other.figure, some.figure + other.figure)]
    pair = next((each for each in found if each.fault is None), found[0])
    return Pair((rate, some, other), pair.fault and replace(pair.fault, cells=(rate, some, other)))


def added_up(total: Cell, parts: tuple[Cell, ...]) -> Pair:
    added = sum((cell.figure for cell in parts), Decimal(0))
    if added == total.figure:
        return Pair((total, *parts), None)
    sign = "+".join(cell.text for cell in parts)
    words = (
        f"“{total.place}”写{total.text}，各部分相加为{added:f}：{sign}",
        f"“{total.place}” says {total.text}, its parts make {added:f}: {sign}",
    )
    return Pair((total, *parts), Fault("sum", (total, *parts), total.text, f"{added:f}", *words))


def no_more(some: Cell, whole: Cell) -> Pair:
    if some.figure <= whole.figure:
        return Pair((some, whole), None)
    words = (
        f"“{some.place}”写{some.text}，多于全部“{whole.place}”的{whole.text}",
        f"“{some.place}” says {some.text}, more than all of “{whole.place}”, {whole.text}",
    )
    return Pair((some, whole), Fault("part", (some, whole), some.text, f"<= {whole.text}", *words))


def hundred(parts: tuple[Cell, ...]) -> Pair:
    added = sum((cell.figure for cell in parts), Decimal(0))
    if added == HUNDRED:
        return Pair(parts, None)
    rounding = abs(added - HUNDRED) <= sum((cell.unit for cell in parts), Decimal(0)) / 2
    why = (
        ("，各数四舍五入所致，可用最大余数法调整", ": each is rounded; use largest remainders")
        if rounding
        else ("", "")
    )
    column = parts[0].column
    words = (f"“{column}”各项相加为{added:f}%，不是100%{why[0]}", f"“{column}” makes {added:f}%, not 100%{why[1]}")
    return Pair(parts, Fault("shares", parts, f"{added:f}%", "100%", *words, rounding=rounding))


def whole(total: Cell) -> Pair:
    if total.figure == HUNDRED:
        return Pair((total,), None)
    words = (f"“{total.place}”写{total.text}，应为100%", f"“{total.place}” says {total.text}, it is 100%")
    return Pair((total,), Fault("shares", (total,), total.text, "100%", *words))


def shared(share: Cell, count: Cell, whole: Decimal) -> Pair:
    true = count.figure * HUNDRED / whole
    if abs(share.figure - true) < share.unit:  # a largest remainder may take a whole last digit
        return Pair((share, count), None)
    should = f"{true.quantize(share.unit, ROUND_HALF_UP):f}%"
    words = (
        f"“{share.place}”写{share.text}，{count.text}占{whole:f}的{should}",
        f"“{share.place}” says {share.text}, {count.text} is {should} of {whole:f}",
    )
    return Pair((share, count), Fault("share", (share, count), share.text, should, *words))


def _difference(change: Cell, now: Cell, base: Cell) -> Pair:
    true = now.figure - base.figure
    if _signed(change) == true:
        return Pair((change, now, base), None)
    words = (
        f"“{change.place}”写{change.text}，{base.text}到{now.text}应为{true:+f}",
        f"“{change.place}” says {change.text}, from {base.text} to {now.text} it is {true:+f}",
    )
    return Pair((change, now, base), Fault("change", (change, now, base), change.text, f"{true:+f}", *words))


def _unlike(change: Cell, now: Cell, base: Cell) -> Pair:
    cells = (change, now, base)
    words = (
        f"“{change.place}”把“{now.column}”与“{base.column}”相比，不是可比的时段",
        f"“{change.place}” tells “{now.column}” from “{base.column}”: no like periods",
    )
    return Pair(cells, Fault("period", cells, change.text, "–", *words))


def _pointed(change: Cell, now: Cell, base: Cell) -> Pair:
    """A change of percentages in points; with a % it may be the rate as well. Both ends may be rounded."""
    cells = (change, now, base)
    true, said = now.figure - base.figure, _signed(change)
    if abs(said - true) <= (now.unit + base.unit) / 2:
        return Pair(cells, None)
    if change.percent and base.figure and _rate(change, now, base).fault is None:
        return Pair(cells, None)
    should = f"{true:+f}个百分点"
    words = (
        f"“{change.place}”写{change.text}，{base.text}到{now.text}应为{should}",
        f"“{change.place}” says {change.text}, from {base.text} to {now.text} it is {true:+f} points",
    )
    return Pair(cells, Fault("change", cells, change.text, should, *words))


def changed(change: Cell, now: Cell, base: Cell) -> Pair:
    """A change against what it is told from: of like stretches of time; points, a rate, or a difference."""
    one, other = stretch(now.column), stretch(base.column)
    if one and other and not is_like(change.column, one, other):
        return _unlike(change, now, base)
    if base.percent and now.percent:
        return _pointed(change, now, base)
    return _rate(change, now, base) if change.percent else _difference(change, now, base)


def _rate(change: Cell, now: Cell, base: Cell) -> Pair:
    cells = (change, now, base)
    if not base.figure:
        words = (
            f"“{change.place}”写{change.text}，但基数为0，没有增幅",
            f"“{change.place}” says {change.text}, but there is no rate from 0",
        )
        return Pair(cells, Fault("rate", cells, change.text, "–", *words))
    true = (now.figure - base.figure) * HUNDRED / base.figure
    if abs(_signed(change) - true) <= change.unit / 2:
        return Pair(cells, None)
    should = f"{true.quantize(change.unit, ROUND_HALF_UP):+f}%"
    words = (
        f"“{change.place}”写{change.text}，{base.text}到{now.text}应为{should}",
        f"“{change.place}” says {change.text}, from {base.text} to {now.text} it is {should}",
    )
    return Pair(cells, Fault("rate", cells, change.text, should, *words))


def falls(column: str) -> bool:
    """Whether a column tells of falls alone, so that they are written without a sign."""
    return bool(_DOWN.search(column)) and not re.search("增|升", column)


def _signed(change: Cell) -> Decimal:
    return -change.figure if falls(change.column) else change.figure
