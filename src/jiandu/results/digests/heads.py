"""人均: items for each ten thousand people, of places whose population somebody has written down with its source and day.

A place counts what is registered in it and in what lies within it. Where no population is known, nothing is told.
"""

from collections.abc import Iterable

from jiandu.base.core.guard import Viewer
from jiandu.net.subjects.populations import populations
from jiandu.results.digests.dimensions import Item
from jiandu.results.digests.periods import Kind, Period
from jiandu.results.digests.tables import Head


def heads(viewer: Viewer, items: Iterable[Item], period: Period) -> tuple[Head, ...]:
    """The places with a population known for the period and an item in it, most for their people first; of a week none.

    `items`: counted by place, as `region_path`.
    """
    if period.kind is Kind.WEEK:
        return ()
    counted = [(item["region_path"], item["now"]) for item in items if item["region_path"] and item["now"]]
    found = []
    for row in populations(viewer, on=period.last) if counted else ():
        count = sum(now for path, now in counted if path.startswith(row.region.path))
        if count:
            found.append(Head(row.region.code, row.region.name, count, row.people, row.on, row.source))
    return tuple(sorted(found, key=lambda head: (-head.rate, head.key)))
