"""Pages of the ledger in any of its orders, by keyset: the deepest page costs what the first costs.

A narrow scope is sought, its rows are few. In a wide one the list is walked in its order, a bounded number of rows at a
time: where the scope is dense, the first of them fill the page. Only where they do not, and more rows follow, is the
scope sought as well. So no page costs more than a few thousand rows, or what the scope holds (docs/decisions/0026).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import how_many_of_all, narrow, within_first
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import Filters, asked, has_few

NEWEST = "-registered_on"
#: What the ledger can be ordered by, besides the newest registration first.
ORDERS = ("registered_on", "due_on", "-due_on", "closed_on", "-closed_on")
PAGE, CAP = 25, 1_000
#: How many rows are looked at for a page, in scope or not; if they do not fill it, then how many.
STEPS, STEPS_IN_TEXT = (1_000, 8_000), (200, 2_000)
SHORT = 40_000
RELATED = ("subject", "owner_office", "aspect")


NOTHING = Q()


@dataclass(frozen=True)
class Page:
    """One page of a list: rows, and the keys that lead to the newer and older page (None where there is none).

    `count` is exact unless `is_capped`: then there are more.
    """

    rows: list[Finding]
    older: str | None
    newer: str | None
    count: int
    is_capped: bool

    @property
    def total(self) -> int:
        """The count, and one above it where there are more: shown with `count` as its cap."""
        return self.count + self.is_capped


@dataclass(frozen=True)
class Order:
    """A date column, up or down; rows without the date come last either way; equal dates by key."""

    field: str
    is_down: bool

    @property
    def is_indexed(self) -> bool:
        """Every finding has this date, and an index holds its order."""
        return self.field == "registered_on"

    def by(self, *, backwards: bool) -> tuple[Any, ...]:
        """The ORDER BY, for reading onwards or backwards."""
        down = self.is_down != backwards
        if self.is_indexed:
            return (f"-{self.field}", "-id") if down else (self.field, "id")
        where = {"nulls_first": True} if backwards else {"nulls_last": True}
        column, key = F(self.field), F("id")
        return (column.desc(**where), key.desc()) if down else (column.asc(**where), key.asc())

    def beyond(self, on: date | None, pk: int, *, backwards: bool) -> Q:
        """What comes after that row, reading onwards or backwards."""
        side = "lt" if self.is_down != backwards else "gt"
        same = Q(**{self.field: on, f"id__{side}": pk})
        if self.is_indexed:
            return Q(**{f"{self.field}__{side}e": on}) & (Q(**{f"{self.field}__{side}": on}) | same)
        empty = Q(**{f"{self.field}__isnull": True})
        if on is None:
            rest = empty & Q(**{f"id__{side}": pk})
            return rest | ~empty if backwards else rest
        beyond = Q(**{f"{self.field}__{side}": on}) | same
        return beyond if backwards else beyond | empty


LATEST = Order("registered_on", is_down=True)


def page_in(
    viewer: Viewer, filters: Filters, *, order: str = NEWEST, key: str = "", size: int = PAGE, cap: int = CAP
) -> Page:
    """A page in one of the orders; an unknown one is the newest registration first.

    `key` is "-<date>_<id>" for what comes after that row, "+<date>_<id>" for what comes before it; no date: "-_<id>".
    """
    guard.check_is_actor(viewer)
    said = order if order in ORDERS else NEWEST
    told, backwards, list_ = (
        Order(said.removeprefix("-"), said.startswith("-")),
        key.startswith("+"),
        _List(viewer, filters),
    )
    beyond = _read(key, told)
    bound = told.beyond(*beyond, backwards=backwards) if beyond else Q()
    found = list_.first(told, size + 1, bound, backwards=backwards)
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()
    count, is_capped = (len(rows), False) if beyond is None and not more else list_.count(cap)
    has_older, has_newer = (more or backwards, beyond is not None) if not backwards else (True, more)
    return Page(
        rows=rows,
        older=_key("-", rows[-1], told.field) if rows and has_older else None,
        newer=_key("+", rows[0], told.field) if rows and has_newer else None,
        count=count,
        is_capped=is_capped,
    )


def newest(viewer: Viewer, filters: Filters, size: int) -> list[Finding]:
    """The newest that match."""
    guard.check_is_actor(viewer)
    return _List(viewer, filters).first(LATEST, size)


class _List:
    """What is asked for, in scope, in the form that suits how wide the scope is."""

    def __init__(self, viewer: Viewer, filters: Filters) -> None:
        self.condition = asked(filters)
        self.steps = STEPS_IN_TEXT if filters.text.strip() else STEPS
        self.is_system = viewer.is_system
        self.is_sought = has_few(viewer)

    def first(self, order: Order, size: int, bound: Q = NOTHING, *, backwards: bool = False) -> list[Finding]:
        """The first rows, in this order."""
        by, condition = order.by(backwards=backwards), self.condition & bound

        def taken(found: Any) -> list[Finding]:
            return list(found.select_related(*RELATED).order_by(*by)[:size])

        if self.is_sought:
            return taken(narrow(Finding, condition))
        if self.is_system or not order.is_indexed:
            return taken(Finding.objects.filter(condition))
        for most in self.steps:
            rows = taken(within_first(Finding.objects.all(), condition, by, most))
            if len(rows) == size or how_many_of_all(Finding, condition, most) <= most:
                return rows
        return taken(self._whole(condition))

    def _whole(self, condition: Q) -> Any:
        """Every row in scope: out of all that meet the condition where those are not too many, else out of the scope."""
        is_short = how_many_of_all(Finding, condition, SHORT) <= SHORT
        return Finding.objects.filter(condition) if is_short or self.is_system else narrow(Finding, condition)

    def count(self, cap: int) -> tuple[int, bool]:
        """(how many, whether there are more): counted up to `cap`, or as far as looking goes."""
        if not self.is_sought and not self.is_system:
            most = self.steps[-1]
            found = within_first(Finding.objects.all(), self.condition, LATEST.by(backwards=False), most)
            count = found[: cap + 1].count()
            is_all = count <= cap and how_many_of_all(Finding, self.condition, most) <= most
            if is_all or count > PAGE:
                return min(count, cap), not is_all
        found = narrow(Finding, self.condition) if self.is_sought else self._whole(self.condition)
        count = found.order_by()[: cap + 1].count()
        return min(count, cap), count > cap


def _key(sign: str, row: Finding, field: str) -> str:
    on = getattr(row, field)
    return f"{sign}{on.isoformat() if on else ''}_{row.pk}"


def _read(key: str, order: Order) -> tuple[date | None, int] | None:
    day, _sep, pk = key[1:].partition("_")
    try:
        return (date.fromisoformat(day) if day or order.is_indexed else None), int(pk)
    except ValueError:
        return None
