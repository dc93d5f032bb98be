"""Weekly counts of an office's petitions by unit × domain × place, each of them or any: what the detector judges. Asks the database once."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING

from jiandu.net.overseers.models import Office
from jiandu.sources.petitions.models import Petition

if TYPE_CHECKING:
    from jiandu.results.warnings.tables import Table

YEARS, WEEK = 6, timedelta(days=7)  # five of baseline, and the window beside them
LEAST = 3  # items in the week, below which nothing is judged: two letters point at their writers


@dataclass(frozen=True)
class Of:
    """Which series: of this unit, domain, region; None: of any."""

    subject_id: int | None = None
    domain_id: int | None = None
    region_id: int | None = None

    @property
    def key(self) -> str:
        """As the table keeps it: equal for the same series."""
        return "-".join(str(each or "") for each in (self.subject_id, self.domain_id, self.region_id))

    def is_within(self, other: "Of") -> bool:
        """Whether each item of this series is one of the other, which is wider."""
        mine, its = astuple(self), astuple(other)
        return self != other and all(theirs in (None, own) for own, theirs in zip(mine, its, strict=True))


@dataclass(frozen=True)
class Item:
    """A petition as far as warnings look at it."""

    received_on: date
    subject_id: int | None
    domain_id: int | None
    region_id: int | None
    is_repeat: bool
    is_over_level: bool
    person: bytes | None
    sender: bytes | None
    category: str = ""

    def series(self) -> set[Of]:
        """Those in which it counts; what is not said counts in none of that kind."""
        told = (self.subject_id, self.domain_id, self.region_id)
        return {Of(*each) for each in product(*((one, None) for one in told))}


def monday(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def items(office: Office, week: date) -> list[Item]:
    """What the office received until the end of the week, six years back; repeats count, what was taken back does not."""
    first, last = week - YEARS * 53 * WEEK, week + timedelta(days=6)
    rows = Petition.objects.filter(owner_office=office, withdrawn_on__isnull=True, received_on__range=(first, last))
    columns = (
        "received_on",
        "subject_id",
        "domain_id",
        "region_id",
        "is_repeat",
        "is_over_level",
        "person_mark",
        "sender_mark",
        "category",
    )
    return [
        Item(*row[:6], *map(_mark, row[6:8]), *row[8:])
        for row in rows.order_by("received_on", "pk").values_list(*columns)
    ]


def _mark(mark: bytes | memoryview | None) -> bytes | None:
    """As every database gives it."""
    return bytes(mark) if mark is not None else None


def table_of(found: Iterable[Item], week: date) -> "tuple[Table, list[Of]]":
    """The series in which at least LEAST items came in the week, each from its own first week to this one; and which they are."""
    import numpy as np  # noqa: PLC0415 -- where a week is judged alone

    from jiandu.results.warnings.tables import Table  # noqa: PLC0415

    counts: defaultdict[Of, Counter[date]] = defaultdict(Counter)
    for item in found:
        for of in item.series():
            counts[of][monday(item.received_on)] += 1
    chosen = [of for of, weekly in counts.items() if weekly[week] >= LEAST]
    begins, first, values = [0], [], []
    for of in chosen:
        start = min(counts[of])
        length = (week - start).days // 7 + 1
        first.append((start.toordinal() - 1) // 7)
        values += [counts[of][start + place * WEEK] for place in range(length)]
        begins.append(begins[-1] + length)
    table = Table(
        [str(place) for place in range(len(chosen))],
        np.array(first, np.int64),
        np.array(begins, np.int64),
        np.array(values, np.float64),
        "day",
    )
    return table, chosen
