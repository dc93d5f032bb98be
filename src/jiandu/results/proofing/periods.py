"""Which period and day a sentence speaks of: 截至11月底, 1—11月, 上半年, 2021年, 去年以来; and what no measure can be asked."""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.proofing.reading import NARROW

_TO = r"[-—–~～－至到]{1,2}"
_PHRASE = re.compile(
    rf"""
    截[至止]到?\s*(?:(?P<until_year>\d{{4}})年)?(?P<until_month>\d{{1,2}})月(?:(?P<until_day>\d{{1,2}})日|份?[底末])?
    |截[至止]到?\s*(?P<until_end>\d{{4}})年[底末]
    |\d{{4}}年?{_TO}\d{{4}}年|近\S{{1,2}}年|[一二两三四五六七八九十]年来|\d+年来|大以来|换届以来|任期以来|(?P<long>)(?!)
    |(?:(?P<span_year>\d{{4}})年)?1月?{_TO}(?P<span>\d{{1,2}})月份?
    |(?:(?P<part_year>\d{{4}})年)?(?P<part>上半年|前三季度|第?[一1]季度|前两个季度)
    |(?:\d{{4}}年)?(?P<piece>下半年|第?[二三四2-4]季度|\d{{1,2}}月{_TO}\d{{1,2}}月|\d{{1,2}}月(?:\d{{1,2}}日)?以来|\d{{1,2}}月份)
    |(?P<since>\d{{4}})年以来
    |(?P<year>\d{{4}})年(?!\d{{1,2}}月)
    |(?P<last_since>[去上]年以来)|(?P<last>去年|上年)|(?P<this>今年|本年)
    """,
    re.VERBOSE,
)
_CHANGE = re.compile(r"(?:同比|环比|[较比与](?:上|去)年\S{0,6})$|(?:增加|增长|减少|下降|上升|提高|增|降)(?:了|至|到)?$")
_YEAR = re.compile(r"((?:19|20)\d{2})年")
_AS_OF = re.compile(r"统计截止日[:：为是]?\s*(\d{4})\D(\d{1,2})\D(\d{1,2})")
_PARTS = {"上半年": 6, "前两个季度": 6, "前三季度": 9}


class Note(StrEnum):
    """What has to be said of a period."""

    NONE = ""
    CLOSED = "closed"  # 去年以来 after the year's end
    PIECE = "piece"  # no measure is asked for a single month, or for several years
    CHANGE = "change"  # how much more or less, not how much


@dataclass(frozen=True)
class Period:
    """The question that a number answers, and other readings of the same words; none: no measure can be asked."""

    asks: tuple[Ask, ...]
    said: str = ""
    note: Note = Note.NONE


def guess(paragraphs: Iterable[str], today: date) -> Ask:
    """What a draft says of itself: the first year that it names, and its 统计截止日; else the year's end, or today."""
    text = "\n".join(paragraphs).translate(NARROW)
    named, until = _YEAR.search(text), _AS_OF.search(text)
    year = int(named[1]) if named else today.year
    if until is not None:
        try:
            return Ask(year, min(date(*map(int, until.groups())), today))
        except ValueError:
            pass
    return Ask(year, min(date(year, 12, 31), today))


def end_of(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def closed(year: int, until: date) -> Ask:
    """A year to its end, or as far as the text goes."""
    return Ask(year, min(date(year, 12, 31), until) if until.year == year else date(year, 12, 31))


def period_of(before: str, near: str, default: Ask) -> Period:
    """The period of a number after these words of its paragraph; the last phrase counts. `near`: the words next to it."""
    if _CHANGE.search(near):
        return Period((), near[-4:], Note.CHANGE)
    found = Period((default,))
    for said in _PHRASE.finditer(before):
        told = _told(said, found, default)
        found = found if told is None else told
    return found


def _told(said: "re.Match[str]", so_far: Period, default: Ask) -> Period | None:
    words, named = said[0], said.lastgroup
    base = so_far.asks[0] if so_far.asks else default
    if said["until_month"] or said["until_end"] or said["span"] or said["part"]:
        return _until(said, base)
    if named in ("piece", None):
        return Period((), words, Note.PIECE)
    if named == "since":
        year = int(said["since"])
        return Period((default,), words) if year == default.year else Period((), words, Note.PIECE)
    if named == "year":
        year = int(said["year"])
        return Period((default if year == default.year else closed(year, default.as_of),), words)
    return _relative(words, named or "", default)


def _until(said: "re.Match[str]", base: Ask) -> Period | None:
    month = int(said["until_month"] or said["span"] or (_PARTS.get(said["part"], 3) if said["part"] else 12))
    year = int(said["until_year"] or said["until_end"] or said["span_year"] or said["part_year"] or base.year)
    try:
        day = date(year, month, int(said["until_day"])) if said["until_day"] else end_of(year, month)
    except ValueError:
        return None
    if not said["until_month"] and not said["until_end"]:
        return Period(
            (Ask(year, day), Ask(year, max(day, base.as_of))), said[0]
        )  # the latter: written later, asked now
    is_later = day > date(base.year, 12, 31) and not said["span"]
    return Period((Ask(base.year if is_later else year, day),), said[0])


def _relative(words: str, named: str, default: Ask) -> Period:
    """今年, 去年: from the year in which the text is written."""
    is_over = default.as_of >= date(default.year, 12, 31)
    if named == "this":
        return Period((default,), words)
    before = replace(default, year=default.year - 1, as_of=date(default.year - 1, 12, 31))
    if named == "last":
        return Period((before, default) if is_over else (before,), words)
    if is_over:  # a review is written after the year's end
        return Period((default,), words, Note.CLOSED)
    return Period((), words, Note.PIECE)
