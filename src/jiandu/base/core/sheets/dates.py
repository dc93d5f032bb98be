"""Excel's day numbers as dates, and which number formats mean a date (ECMA-376 part 1, 18.8.30 and 18.17.4)."""

import re
from datetime import date, datetime, time, timedelta

from .cells import Fault

_BUILT_IN = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))  # 27–36 and 50–58: CJK locales
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_DATE_LETTER = re.compile(r"[dmyhse年月日时分秒]", re.IGNORECASE)
_LAST = 2_958_465  # 9999-12-31 in the 1900 system
_SHIFT = 1_462  # the 1904 system counts this many days less
_DAY = 86_400_000  # milliseconds


def is_date_format(number: int, code: str | None) -> bool:
    """Whether number format `number` with format code `code` (None for a built-in one) shows a date or time of day.

    Elapsed time ([h]:mm, built-in 46) does not count: its cells stay numbers of days.
    """
    if code is None:
        return number in _BUILT_IN
    first = _LITERAL.sub("", code.split(";")[0])
    if _ELAPSED.search(code) or first.casefold() == "general" or re.search(r"#|(?<![.0])0", first):
        return False
    return bool(_DATE_LETTER.search(first))


def from_serial(serial: float, *, since_1904: bool) -> date | datetime | time | Fault:
    """The moment that Excel shows for a day number, rounded to milliseconds.

    A whole number is a `date`, below 1 a `time`, else a naive `datetime`. In the 1900 system day 60 is the
    29 February 1900 that never was: a `Fault`, like anything outside 0 … 9999-12-31.
    """
    if not 0 <= serial < _LAST + 1 - _SHIFT * since_1904:
        return Fault("date", f"{serial:g}")
    days, milliseconds = divmod(round(serial * _DAY), _DAY)
    if days == 0 and (milliseconds or not since_1904):
        return _time_of_day(milliseconds)
    if days == 60 and not since_1904:
        return Fault("date", f"{serial:g}")
    day = _epoch(days, since_1904=since_1904) + timedelta(days=days)
    if not milliseconds:
        return day
    return datetime.combine(day, _time_of_day(milliseconds))


def to_serial(day: date, *, since_1904: bool) -> int | None:
    """The inverse for a whole day: Excel's number; None for a day that it does not know."""
    first = date(1904, 1, 1) if since_1904 else date(1900, 3, 1)  # before it Excel counts a day that never was
    return None if day < first else (day - _epoch(60, since_1904=since_1904)).days


def _time_of_day(milliseconds: int) -> time:
    seconds, rest = divmod(milliseconds, 1000)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, rest * 1000)


def _epoch(days: int, *, since_1904: bool) -> date:
    if since_1904:
        return date(1904, 1, 1)
    return date(1899, 12, 31) if days < 60 else date(1899, 12, 30)
