"""The stretch of time that the words of a column name: 2024年, 2023年1-6月, 2024年第一季度件数, 2024年3月."""

import re

from jiandu.results.digests.periods import Kind, Period, Unlike

_WORDS = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})年?(?:全年|年度|度|(?P<half>上半年)|前(?P<quarters>[二两三])季度?|"
    r"1月?[-—–~～至到](?P<until>1[0-2]|[2-9])月份?|第?(?P<quarter>[一二三四1-4])季度?|[Qq](?P<q>[1-4])|"
    r"(?P<month>1[0-2]|0?[1-9])月份?|第(?P<week>[0-9]{1,2})周)?(?:信访)?(?:件数|件次|总?数?量|总?数|件)?"
)
_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4}


def stretch(words: str) -> Period | None:
    """The period that the words name, and nothing but that; None for all others."""
    found = _WORDS.fullmatch(re.sub(r"\s", "", words))
    if found is None:
        return None
    year, said = int(found["year"]), found.groupdict()
    if said["half"]:
        return Period(Kind.MONTHS, year, 6)
    if said["quarters"]:
        return Period(Kind.MONTHS, year, 3 * _NUMBERS[said["quarters"]])
    if said["until"]:
        return Period(Kind.MONTHS, year, int(said["until"]))
    named = ((Kind.QUARTER, said["quarter"] or said["q"]), (Kind.MONTH, said["month"]), (Kind.WEEK, said["week"]))
    return _numbered(year, next(((kind, text) for kind, text in named if text), (Kind.YEAR, "1")))


def _numbered(year: int, named: tuple[Kind, str]) -> Period | None:
    kind, text = named
    try:
        return Period(kind, year, _NUMBERS.get(text) or int(text))
    except ValueError:
        return None


def is_like(change: str, now: Period, base: Period) -> bool:
    """Whether a 同比 is told from the same stretch a year before, a 环比 from the one just before, else from either."""
    year, last = _year_before(now), _before(now)
    if "同比" in change:
        return _same(base, year)
    return _same(base, last) if "环比" in change else _same(base, year) or _same(base, last)


def _year_before(now: Period) -> Period | None:
    try:
        return now.year_before()
    except Unlike:
        return None


def _before(now: Period) -> Period | None:
    try:
        return now.before()
    except Unlike:
        return None


def _same(one: Period, other: Period | None) -> bool:
    """The same days, however they are called: 一季度 and 1-3月."""
    return other is not None and (one.first, one.last) == (other.first, other.last)
