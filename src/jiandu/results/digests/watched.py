"""What a week's bulletin watches: urgent and sensitive items, senders who write often, what is overdue; a month's the last alone.

The first two are of the items that came, and add up to them. What is overdue waits on the day of counting, whenever it came.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db.models import Count, QuerySet

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.results.digests.dimensions import OVERDUE, SENDER, SENDERS, URGENT, Dimension, labels_of
from jiandu.results.digests.periods import Kind, Period
from jiandu.results.digests.shares import percentages
from jiandu.results.digests.tables import Row, Table
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.senders import MANY, ONCE, UNKNOWN, often
from jiandu.sources.petitions.timeliness import overdue

WATCHES = {Kind.WEEK: True, Kind.MONTH: False}  # whether the items of the period are looked at one by one


def watched(viewer: Viewer, rows: QuerySet[Petition], period: Period, until: date) -> tuple[Table, ...]:
    """The tables of a period, of the items in `rows`; none for one that watches nothing."""
    if period.kind not in WATCHES:
        return ()
    late = _late(viewer, rows, until)
    return (*_of_items(viewer, rows, period.first, until), late) if WATCHES[period.kind] else (late,)


def _of_items(viewer: Viewer, rows: QuerySet[Petition], first: date, until: date) -> tuple[Table, ...]:
    came = rows.filter(received_on__range=(first, until)).order_by("received_on", "pk")
    listed = list(came.values_list("uid", "is_urgent", "sender_mark"))
    many = often(viewer, rows, first, until)
    urgent = sum(is_urgent for _uid, is_urgent, _mark in listed)
    marks = [bytes(mark) if mark is not None else None for _uid, _is_urgent, mark in listed]
    kinds = Counter(UNKNOWN if mark is None else MANY if mark in many else ONCE for mark in marks)
    writers = Counter(mark for mark in marks if mark is not None and mark in many)
    items = {mark: uid for mark, (uid, _is_urgent, _mark) in zip(marks, listed, strict=True)}
    lines = [(f"{number}.{items[mark]}", count) for number, (mark, count) in enumerate(writers.most_common(), start=1)]
    return (
        _table(URGENT, [("urgent", urgent), ("plain", len(listed) - urgent)]),
        _table(SENDER, [(key, kinds[key]) for key in (MANY, ONCE, UNKNOWN)]),
        _table(SENDERS, lines),
    )


def _late(viewer: Viewer, rows: QuerySet[Petition], until: date) -> Table:
    """By the office that must take them further."""
    found = overdue(viewer, rows.filter(received_on__lte=until), today())
    counted = Counter[str]()
    for handler, owner, count in found.values_list("handler__name", "owner_office__name").annotate(count=Count("pk")):
        counted[handler or owner] += count
    return _table(OVERDUE, sorted(counted.items(), key=lambda line: (-line[1], line[0])))


def _table(one: Dimension, lines: Sequence[tuple[str, int]]) -> Table:
    lines = [line for line in lines if line[1]]
    keys, counts = [key for key, _count in lines], [count for _key, count in lines]
    told = zip(keys, labels_of(one, keys), counts, percentages(counts) or (), strict=True)
    return Table(one.key, one.title, tuple(Row(*line) for line in told), sum(counts))
