"""The plain rules of 苗头性、倾向性问题 that need no model: rows in, hits out, nothing asked of anyone.

Each hit says what was counted and what was allowed, so that a page can tell why. A person, a sender or a word is whatever key
the caller gives; this module never sees a name.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, stdev

SENDERS, WITHIN_DAYS = 3, 90
UNITS = 3
SPREAD_DAYS, WINDOWS, LEAST_WINDOWS, WEEK, DEVIATIONS = 30, 12, 3, 7, 2.0
SHARE_LEAST = 10  # petitions, below which a rate of repeats says nothing
JUMP, JUMP_LEAST = 1.5, 5


def digits(usual: float) -> str:
    """A mean for reading: with a further digit where it is below 1, so that what is a multiple of it can be followed."""
    return "0" if usual < 0.005 else f"{usual:.2f}" if usual < 1 else f"{usual:.1f}"


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


@dataclass(frozen=True)
class Spread:
    """A matter that `units` were reported for in the days that end with `until`; `usual` in as many days before, `bound` of that.

    `usual` None: there is no history to tell it by.
    """

    key: str
    units: int
    usual: float | None
    bound: float
    since: date
    until: date


def spreads(
    rows: Iterable[Said], until: date, *, units: int = UNITS, days: int = SPREAD_DAYS, windows: int = WINDOWS
) -> list[Spread]:
    """Matters on so many units within the last `days` days, more than mean and two deviations of as many days before.

    Only where a unit came to it in the week that ends with `until`: what was told a week ago is not told again.
    """
    counted: defaultdict[str, list[set[Hashable]]] = defaultdict(lambda: [set() for _ in range(windows + 1)])
    week: defaultdict[str, set[Hashable]] = defaultdict(set)
    before: defaultdict[str, set[Hashable]] = defaultdict(set)  # the week, in the window now
    first = until
    for row in rows:
        first = min(first, row.day)
        place = (until - row.day).days // days
        if row.day <= until and place <= windows:
            counted[row.word][place].add(row.unit)
        if row.day <= until and not place:
            (week if (until - row.day).days < WEEK else before)[row.word].add(row.unit)
    whole = min(windows, ((until - first).days + 1) // days - 1)  # windows of the past that the rows reach over
    found = []
    for word, each in counted.items():
        usual, bound = _usual([len(one) for one in each[1 : whole + 1]])
        if len(each[0]) >= units and len(each[0]) > bound and week[word] - before[word]:
            found.append(Spread(word, len(each[0]), usual, bound, until - timedelta(days=days - 1), until))
    return found


def _usual(counts: list[int]) -> tuple[float | None, float]:
    """(mean, mean and two deviations); of fewer than LEAST_WINDOWS counts no mean, and any number is beyond."""
    if len(counts) < LEAST_WINDOWS:
        return None, 0.0
    usual = mean(counts)
    return usual, usual + DEVIATIONS * stdev(counts)


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
