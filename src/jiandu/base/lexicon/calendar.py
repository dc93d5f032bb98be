"""The State Council's holiday table as a `Calendar`. Each November an operator adds a year, or replaces the file."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from jiandu.base.core.clock import SATURDAY, Calendar

HOLIDAYS = Path(__file__).parent / "data" / "holidays-cn.json"


@lru_cache(maxsize=8)
def load_calendar(path: Path = HOLIDAYS) -> Calendar:
    """The calendar in a file of the form of data/holidays-cn.json, read once a process.

    Raises OSError where the file cannot be read, ValueError with the year and the reason in Chinese where it is wrong.
    """
    off: set[date] = set()
    makeup: set[date] = set()
    years = _years(path)
    for year, entry in years.items():
        try:
            rests, worked = _days_of(entry["holidays"])
            _check(int(year), rests, worked)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"节假日表 {year} 年有误：{error}") from error
        off |= rests
        makeup |= worked
    return Calendar(off=frozenset(off), makeup=frozenset(makeup), years=frozenset(map(int, years)))


def _years(path: Path) -> dict[str, Any]:
    try:
        years: dict[str, Any] = dict(json.loads(path.read_text(encoding="utf-8"))["years"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"节假日表 {path.name} 不是约定的格式：{error}") from error
    return years


def _days_of(holidays: list[dict[str, Any]]) -> tuple[set[date], set[date]]:
    rests = {day for holiday in holidays for day in _span(holiday["from"], holiday["to"])}
    worked = {date.fromisoformat(text) for holiday in holidays for text in holiday["work"]}
    return rests, worked


def _span(first: str, last: str) -> Iterator[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    if end < start:
        raise ValueError(f"{first} 晚于 {last}")
    return (start + timedelta(days=n) for n in range((end - start).days + 1))


def _check(year: int, rests: set[date], worked: set[date]) -> None:
    """Slips of the hand that would move due dates: a wrong year, a make-up day that is no weekend or is also off."""
    for day in sorted(rests | worked):
        # New Year's rest may begin in the last days of the year before (31 December 2022).
        if day.year != year and (day.year, day.month) != (year - 1, 12):
            raise ValueError(f"{day} 不属于该年")
    for day in sorted(worked):
        if day.weekday() < SATURDAY:
            raise ValueError(f"调休上班日 {day} 不是周末")
        if day in rests:
            raise ValueError(f"{day} 既放假又上班")
