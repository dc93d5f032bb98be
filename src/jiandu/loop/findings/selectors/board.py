"""问题归类: the findings of an activity or a year in columns, those without an aspect first, then one column an aspect.

What carries an aspect that was merged into another stands in the other's column, and still says what it was called.
"""

from dataclasses import dataclass, field, replace
from itertools import islice

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import current, items
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import paging
from jiandu.loop.findings.selectors.ledger import Filters, ledger

SHOWN = 6
#: A merged aspect is read with what it was merged into, and that with its own: further merges are read as they come.
REPLACED = "replaced_by__replaced_by"


@dataclass
class Column:
    """An aspect (None: without any), the keys of what counts with it, how many findings, the newest of them."""

    aspect: Item | None
    keys: list[int | None]
    count: int = 0
    rows: list[Finding] = field(default_factory=list)


def columns(viewer: Viewer, filters: Filters, year: int) -> list[Column]:
    """Every column with its count: the year's aspects in their order, then those that only records still carry."""
    guard.check_is_actor(viewer)
    found = ledger(viewer, filters).order_by()
    counts: dict[int | None, int] = dict(
        found.values("aspect_id").annotate(n=Count("pk")).values_list("aspect_id", "n")
    )
    carried = Item.objects.filter(pk__in=[key for key in counts if key]).select_related(REPLACED)
    offered = list(items(viewer, "aspect", year))
    by_key: dict[int | None, Column] = {None: Column(None, [None], counts.get(None, 0))}
    by_key |= {item.pk: Column(item, [item.pk], counts.get(item.pk, 0)) for item in offered}
    for item in carried:
        if item.pk not in by_key:
            at = current(item)
            column = by_key.setdefault(at.pk, Column(at, []))
            column.keys.append(item.pk)
            column.count += counts[item.pk]
    return list(by_key.values())


def fill(viewer: Viewer, filters: Filters, told: list[Column]) -> None:
    """The newest findings of each column, all columns in one statement."""
    guard.check_is_actor(viewer)
    place = Window(RowNumber(), partition_by=F("aspect_id"), order_by=("-registered_on", "-id"))
    first = ledger(viewer, filters).annotate(place=place).filter(place__lte=SHOWN)
    rows = sorted(first.select_related("subject", "aspect"), key=lambda row: (row.registered_on, row.pk), reverse=True)
    for column in told:
        column.rows = list(islice((row for row in rows if row.aspect_id in column.keys), SHOWN))


def page_of(viewer: Viewer, filters: Filters, column: Column, key: str) -> paging.Page:
    """One column by itself, page by page."""
    return paging.page_in(viewer, replace(filters, aspects=tuple(column.keys)), key=key)
