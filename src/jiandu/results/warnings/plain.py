"""The plain rules of 苗头性、倾向性问题 that need no model: rows in, hits out, nothing asked of anyone.

Each hit says what was counted and what was allowed, so that a page can tell why. A person, a sender or a word is whatever key
the caller gives; this module never sees a name.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

SENDERS, WITHIN_DAYS = 3, 90
UNITS = 3
SHARE_LEAST = 10  # petitions, below which a rate of repeats says nothing
JUMP, JUMP_LEAST = 1.5, 5


@dataclass(frozen=True)
class Told:
    """One petition on one person: who sent it and when; `sender` none where nobody is named."""

    person: Hashable
    sender: Hashable | None
    day: date


@dataclass(frozen=True)
class Said:
    """A word of a text on a unit."""

    word: str
    unit: Hashable
    day: date


@dataclass(frozen=True)
class Hit:
    """`key`: the person, word or unit; from `since` to `until` `count` were found where `bound` sufficed."""

    key: Hashable
    count: float
    bound: float
    since: date
    until: date


def many_senders(rows: Iterable[Told], *, senders: int = SENDERS, days: int = WITHIN_DAYS) -> list[Hit]:
    """Persons on whom so many distinct senders wrote within so many days: the span with most of them, the latest of equals.

    Unsigned petitions count for nobody: two of them may be one hand.
    """
    of: defaultdict[Hashable, list[Told]] = defaultdict(list)
    for row in rows:
        if row.sender is not None:
            of[row.person].append(row)
    hits = []
    for person, told in of.items():
        count, since, until = _fullest([(row.day, row.sender) for row in told], days)
        if count >= senders:
            hits.append(Hit(person, count, senders, since, until))
    return hits


def shared_words(rows: Iterable[Said], *, units: int = UNITS, days: int = WITHIN_DAYS) -> list[Hit]:
    """Words that turned up in so many units within so many days."""
    of: defaultdict[str, list[tuple[date, Hashable]]] = defaultdict(list)
    for row in rows:
        of[row.word].append((row.day, row.unit))
    hits = []
    for word, said in of.items():
        count, since, until = _fullest(said, days)
        if count >= units:
            hits.append(Hit(word, count, units, since, until))
    return hits


def _fullest(rows: list[tuple[date, Hashable | None]], days: int) -> tuple[int, date, date]:
    """The most distinct keys within `days` days, the first and the last of them: the days of a span count both ends."""
    ordered = sorted(rows, key=lambda row: row[0])
    inside: defaultdict[Hashable | None, int] = defaultdict(int)
    best = (0, date.min, date.min)
    begin = 0
    for day, key in ordered:
        inside[key] += 1
        while ordered[begin][0] <= day - timedelta(days=days):
            gone = ordered[begin][1]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            begin += 1
        if len(inside) >= best[0]:
            best = (len(inside), ordered[begin][0], day)
    return best


def repeat_rates(
    counted: Mapping[Hashable, tuple[int, int]], bound: float, since: date, until: date, *, least: int = SHARE_LEAST
) -> list[Hit]:
    """Units whose share of repeated petitions (repeated, all) is above `bound`; with fewer than `least` no share is told."""
    for unit, (repeated, whole) in counted.items():
        if not 0 <= repeated <= whole:
            raise ValueError(f"{unit}: {repeated} of {whole}")
    return [
        Hit(unit, repeated / whole, bound, since, until)
        for unit, (repeated, whole) in counted.items()
        if whole >= max(least, 1) and repeated > bound * whole
    ]


def jumps(
    counted: Mapping[Hashable, tuple[int, int]],
    since: date,
    until: date,
    *,
    times: float = JUMP,
    least: int = JUMP_LEAST,
) -> list[Hit]:
    """Units whose over-level petitions (越级: now, in the like period before) rose to `times` as many or more, `least` at least.

    `count` is the number now, `bound` the one that sufficed.
    """
    hits = []
    for unit, (now, before) in counted.items():
        bound = max(before * times, before + 1, least)
        if now >= bound:
            hits.append(Hit(unit, now, bound, since, until))
    return hits
