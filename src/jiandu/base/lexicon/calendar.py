"""The State Council's holiday table as a `Calendar`: the shipped years, and those that the installation has entered.

Each November the notice for the next year comes out; the system administrator enters it (services.enter_holidays), which
writes `holidays.json` in the data folder. Its years stand before the shipped ones.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from jiandu.base.core.clock import SATURDAY, Calendar

HOLIDAYS = Path(__file__).parent / "data" / "holidays-cn.json"


@dataclass(frozen=True)
class Holiday:
    """One holiday of a notice: off from the first to the last day, and the weekend days worked instead."""

    name: str
    first: date
    last: date
    worked: tuple[date, ...] = ()


def local_file() -> Path:
    """Where the installation's own years stand."""
    return Path(settings.DATA) / "holidays.json"


def load_calendar(path: Path = HOLIDAYS) -> Calendar:
    """The calendar in a file of the form of data/holidays-cn.json, with the installation's own years; read when changed.

    Raises OSError where the file cannot be read, ValueError with the year and the reason in Chinese where it is wrong.
    """
    return _calendar(path, local_file(), _stamp(local_file()))


def holidays_of(year: int) -> tuple[tuple[Holiday, ...], str]:
    """(the year's holidays, the numbers of its notices); nothing for a year whose notice is not in the table."""
    own = local_file()
    entry = (_years(own) if own.exists() else {}).get(str(year)) or _years(HOLIDAYS).get(str(year))
    if entry is None:
        return (), ""
    rows = tuple(
        Holiday(
            row["name"],
            date.fromisoformat(row["from"]),
            date.fromisoformat(row["to"]),
            tuple(map(date.fromisoformat, row["work"])),
        )
        for row in entry["holidays"]
    )
    return rows, "、".join(notice["number"] for notice in entry.get("notices", []))


def check_year(year: int, holidays: list[Holiday]) -> None:
    """Raises ValueError, in Chinese, for slips of the hand that would move due dates."""
    rests: set[date] = set()
    for holiday in holidays:
        span = set(_span(holiday.first, holiday.last))
        if span & rests:
            raise ValueError(f"{holiday.name}的放假日期与其他节日重复")
        rests |= span
    _check(year, rests, {day for holiday in holidays for day in holiday.worked})


def with_year(year: int, holidays: list[Holiday], notice: str) -> str:
    """The text of the installation's file with this year in it, as JSON."""
    own = local_file()
    years = _years(own) if own.exists() else {}
    rows = [
        {
            "name": one.name,
            "from": one.first.isoformat(),
            "to": one.last.isoformat(),
            "work": [day.isoformat() for day in one.worked],
        }
        for one in holidays
    ]
    years[str(year)] = {"notices": [{"number": notice}] if notice else [], "holidays": rows}
    return json.dumps({"years": years}, ensure_ascii=False, indent=1)


def _stamp(path: Path) -> int:
    """When the file was written, 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@lru_cache(maxsize=8)
def _calendar(path: Path, own: Path, stamp: int) -> Calendar:
    years = _years(path) | (_years(own) if stamp else {})
    off: set[date] = set()
    makeup: set[date] = set()
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
    rests = {day for holiday in holidays for day in _span(*map(date.fromisoformat, (holiday["from"], holiday["to"])))}
    worked = {date.fromisoformat(text) for holiday in holidays for text in holiday["work"]}
    return rests, worked


def _span(start: date, end: date) -> Iterator[date]:
    if end < start:
        raise ValueError(f"{start} 晚于 {end}")
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
