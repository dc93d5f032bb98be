"""同比, 环比: a figure of a period against that of a like one, or a reason why not."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

TENTH = Decimal("0.1")


class Kind(StrEnum):
    """`MONTHS` is January to a month: 1至7月."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    MONTHS = "months"
    YEAR = "year"


LAST = {Kind.MONTH: 12, Kind.QUARTER: 4, Kind.MONTHS: 12, Kind.YEAR: 1}


class Unlike(Exception):
    """Two figures cannot be compared; Chinese and English say why."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese} · {english}")
        self.chinese, self.english = chinese, english


@dataclass(frozen=True)
class Period:
    """The `number`-th of its kind in a year: ISO week, month, quarter, January to that month; of years 1."""

    kind: Kind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self._last():
            raise ValueError(f"{self.kind} {self.number} of {self.year}")

    def _last(self) -> int:
        return LAST.get(self.kind) or date(self.year, 12, 28).isocalendar()[1]

    @property
    def first(self) -> date:
        if self.kind is Kind.WEEK:
            return date.fromisocalendar(self.year, self.number, 1)
        if self.kind is Kind.MONTH:
            return date(self.year, self.number, 1)
        return date(self.year, self.number * 3 - 2 if self.kind is Kind.QUARTER else 1, 1)

    @property
    def last(self) -> date:
        if self.kind is Kind.WEEK:
            return self.first + timedelta(days=6)
        month = {Kind.QUARTER: self.number * 3, Kind.YEAR: 12}.get(self.kind, self.number)
        return date(self.year, month, monthrange(self.year, month)[1])

    def before(self) -> "Period":
        """The one just before it. January to a month has none: Unlike."""
        if self.kind is Kind.MONTHS:
            raise Unlike(
                "1月至某月累计没有环比，只有同比", "January to a month has no period before it, only a year before"
            )
        if self.kind is Kind.YEAR:
            return Period(Kind.YEAR, self.year - 1)
        if self.number > 1:
            return Period(self.kind, self.year, self.number - 1)
        return Period(self.kind, self.year - 1, LAST.get(self.kind) or date(self.year - 1, 12, 28).isocalendar()[1])

    def year_before(self) -> "Period":
        """The like one of the year before. A 53rd week may have none: Unlike."""
        try:
            return Period(self.kind, self.year - 1, self.number)
        except ValueError as error:
            raise Unlike(f"{self.year - 1}年没有第53周", f"{self.year - 1} has no 53rd week") from error


def like(kind: Kind, year: int, number: int) -> Period:
    """The `number`-th of its kind, the last one of the year where it has fewer. Raises ValueError for no year."""
    if not date.min.year < year < date.max.year:
        raise ValueError(f"year {year}")
    return Period(kind, year, max(1, min(number, LAST.get(kind) or date(year, 12, 28).isocalendar()[1])))


@dataclass(frozen=True)
class Figure:
    """What was counted in a period; `until` where it was counted before the period had ended."""

    period: Period
    value: int
    until: date | None = None

    @property
    def days(self) -> int | None:
        """How many days of the period were counted; None for all."""
        if self.until is None or self.until >= self.period.last:
            return None
        return (self.until - self.period.first).days + 1


@dataclass(frozen=True)
class Change:
    """`kind` 同比 or 环比; `percent` to a tenth, None where the base is 0: a rise from nothing has no rate."""

    kind: str
    difference: int
    percent: Decimal | None


def compare(now: Figure, base: Figure) -> Change:
    """The change of one figure to another of the period before or of a year before. Raises Unlike."""
    if now.period.kind is not base.period.kind:
        raise Unlike("期间长短不同，不能比较", "periods of different length are not compared")
    kind = _kind(now.period, base.period)
    if now.days != base.days:
        raise Unlike(
            "一期已满、一期未满，或截止日不对应，不能比较", "one is counted further than the other: not compared"
        )
    return Change(kind, now.value - base.value, rate(now.value, base.value))


def _kind(now: Period, base: Period) -> str:
    if now.kind is Kind.YEAR and base == now.before():
        return "同比"
    if base.year == now.year - 1 and base.number == now.number:
        return "同比"
    if now.kind is not Kind.MONTHS and base == now.before():
        return "环比"
    if now.kind is Kind.WEEK:
        now.year_before()  # says why, where there is none
    raise Unlike(
        "既不是上一期，也不是上年同期，不能比较", "neither the period before nor the like one of the year before"
    )


def rate(now: int | Decimal, base: int | Decimal) -> Decimal | None:
    """The change in percent, to a tenth; None of 0."""
    if not base:
        return None
    return (Decimal(now - base) * 100 / Decimal(base)).quantize(TENTH, ROUND_HALF_UP)
