"""The time, the working calendar and the statutory terms. Every due date of the platform is computed here.

Counting follows 监察法实施条例 (2021) art. 284–285: the day a period starts is not counted; a period of months or years
ends on the corresponding day, or on the last day of a month that has none; where the last day is a 法定休假日, the
period ends on the first day after the rest.

Decision: for that roll-over each day off in the State Council's yearly notice counts as 法定休假日, and so does each
weekend day that the notice does not make a working day (调休上班). Decision: a year whose notice is not in the table is
no error: its weekends are days off, its other days are not, and `is_provisional` says so. A term that ends there is
shown marked, and counted again once the notice is in; until then it is rather too short than too long.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATURDAY = 5
DAY = timedelta(days=1)


def now() -> datetime:
    """The moment, aware, in Asia/Shanghai. The only place that reads the time."""
    return datetime.now(SHANGHAI)


def today() -> date:
    """The date in Asia/Shanghai."""
    return now().date()


def add_months(start: date, months: int) -> date:
    """The corresponding day `months` later (earlier if negative), or the month's last; not rolled over."""
    month = start.year * 12 + start.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    last = (first.replace(day=28) + 4 * DAY).replace(day=1) - DAY
    return first.replace(day=min(start.day, last.day))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked. Built from data (base.lexicon.calendar), so a new year is a new file, not a release.

    `off`: published days off, weekends among them or not. `makeup`: weekend days worked instead (调休上班).
    `years`: the years whose notice is in the data. A day in both sets is worked.
    """

    off: frozenset[date]
    makeup: frozenset[date]
    years: frozenset[int]

    def is_provisional(self, year: int) -> bool:
        """Whether the year's notice is unknown, so that only its weekends are days off."""
        return year not in self.years

    def working_day(self, day: date) -> bool:
        """Whether the day is worked."""
        return day in self.makeup or (day.weekday() < SATURDAY and day not in self.off)

    def roll_over(self, day: date) -> date:
        """The day itself, or the first worked day after the rest that it falls into."""
        while not self.working_day(day):
            day += DAY
        return day

    def add_working_days(self, start: date, count: int) -> date:
        """The last day of a term of `count` working days; the start is not counted. Raises ValueError below 0.

        A term of 0 working days ends on its start, worked or not.
        """
        _not_negative(count)
        day = start
        while count:
            day = self.roll_over(day + DAY)
            count -= 1
        return day

    def add_days(self, start: date, count: int) -> date:
        """The last day of a term of `count` calendar days, rolled over. Raises ValueError below 0."""
        _not_negative(count)
        return self.roll_over(start + count * DAY)

    def add_months(self, start: date, count: int) -> date:
        """The last day of a term of `count` months, rolled over. Raises ValueError below 0."""
        _not_negative(count)
        return self.roll_over(add_months(start, count))

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.working_day(start + n * DAY) for n in range(1, (end - start).days + 1))


class Unit(StrEnum):
    """What a term is counted in."""

    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Term:
    """A statutory term: so many units, by that article (a lexicon key), in force on those days.

    Both days of force are included; `effective_to` None means still in force.
    Raises ValueError for an amount below 1 or a force that ends before it starts.
    """

    amount: int
    unit: Unit
    article: str
    effective_from: date
    effective_to: date | None = None

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError(f"期限应为正数：{self.article}")
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError(f"施行日期晚于失效日期：{self.article}")

    def in_force(self, on: date) -> bool:
        """Whether the term applied on that day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


def due(term: Term, start: date, calendar: Calendar) -> date:
    """The last day on which the duty is still met in time; `start` is the day of the event and is not counted.

    Where `calendar.is_provisional` holds for the year of the result, it may move once that year's notice is published.
    """
    count: Callable[[date, int], date] = {
        Unit.WORKING_DAY: calendar.add_working_days,
        Unit.DAY: calendar.add_days,
        Unit.MONTH: calendar.add_months,
        Unit.YEAR: lambda day, years: calendar.add_months(day, 12 * years),
    }[term.unit]
    return count(start, term.amount)


def days_left(term: Term, due_on: date, on: date, calendar: Calendar) -> int:
    """Days that remain after `on`, the due day included: working days for a working-day term, else calendar days.

    0 on the due day and ever after: lateness is `overdue_days`.
    """
    if on >= due_on:
        return 0
    if term.unit is Unit.WORKING_DAY:
        return calendar.working_days_between(on, due_on)
    return (due_on - on).days


def overdue_days(due_on: date, on: date) -> int:
    """Calendar days since the due day, 0 while in time. Not working days: Saturday after a missed Friday is late."""
    return max(0, (on - due_on).days)


def _not_negative(count: int) -> None:
    if count < 0:
        raise ValueError("期限不能为负数")
