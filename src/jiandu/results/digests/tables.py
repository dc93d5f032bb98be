"""What a bulletin is made of: rows in tables, rates with their two numbers, items a head, the bulletin itself. Plain values."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from jiandu.results.digests.periods import Change, Period
from jiandu.results.digests.shares import percentages

HEADS = 10_000  # of how many people 人均 tells
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Row:
    """One line of a table. `count` None: hidden. `share` in percent of the table's sum, None of 0 or beside hidden cells.

    `parts`: the level below, where the dictionary has one; their counts and shares add up to those of the line.
    """

    key: str
    label: str
    count: int | None
    share: Decimal | None
    year_before: int | None = None
    parts: tuple["Row", ...] = ()


@dataclass(frozen=True)
class Table:
    """A dimension counted: its rows, most first, and their sum, now and a year before (None where that is not compared)."""

    key: str
    title: Any
    rows: tuple[Row, ...]
    total: int
    year_before: int | None = None


@dataclass(frozen=True)
class Rate:
    """A share of one count in another, in percent to a tenth; None of 0."""

    title: Any
    part: int
    whole: int
    key: str = ""

    @property
    def percent(self) -> Decimal | None:
        said = percentages([self.part, self.whole - self.part]) if self.whole else None
        return said[0] if said else None


@dataclass(frozen=True)
class Head:
    """人均: the items of a place and of those within it, beside the people who lived there on a day, by which source."""

    key: str  # the code of the division
    label: str
    count: int
    people: int
    on: date
    source: str

    @property
    def rate(self) -> Decimal:
        """Items for each ten thousand people, to a hundredth."""
        return (Decimal(self.count * HEADS) / self.people).quantize(HUNDREDTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Bulletin:
    """What came in a period, counted until a day; its changes, where the periods can be compared; its tables and rates."""

    period: Period
    until: date
    total: int
    people: int
    changes: tuple[Change, ...]
    incomparable: tuple[str, ...]
    tables: tuple[Table, ...]
    rates: tuple[Rate, ...]
    heads: tuple[Head, ...] = ()  # of places whose population is known
    is_for_outside: bool = False
    about: str = ""  # 专题: the domain and unit that it is about

    @property
    def is_running(self) -> bool:
        """Whether the period was not over on that day."""
        return self.until < self.period.last
