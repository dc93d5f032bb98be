"""Pages of the ledger in any of its orders, by keyset: the deepest page costs what the first costs.

A narrow scope is sought, its rows are few. In a wide one the list is walked in its order, a bounded number of rows at a
time: where the scope is dense, the first of them fill the page. Only where they do not, and more rows follow, is the
scope sought as well. So no page costs more than a few thousand rows, or what the scope holds (docs/decisions/0023).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import count_within_first, how_many_of_all, narrow, within_first
from jiandu.base.core.vendor import grams, row_security
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.ledger import Filters, asked, has_few, holding
from jiandu.loop.findings.services.searching import INDEX

NEWEST = "-registered_on"
#: What the ledger can be ordered by, besides the newest registration first.
ORDERS = ("registered_on", "due_on", "-due_on", "closed_on", "-closed_on")
PAGE, CAP = 25, 1_000
#: How many rows are looked at for a page, in scope or not; if they do not fill it, then how many. And for words.
STEPS = (1_000, 8_000), (200, 2_000)
#: Where the database passes over what is out of scope, the rows that it gives are nearly all in scope: each costs the
#: walk to it, twenty rows in a district.
STEPS_WITHIN = (30, CAP + 1), (30, 101)
PASSED = 400, 8_000  # on how many rows in scope or not a common word is tested
SHORT = 40_000
RELATED = ("subject", "owner_office", "aspect")


@dataclass(frozen=True)
class Part:
    """A part of a list that an index holds in order: its ORDER BY, and the condition that bounds it."""

    by: tuple[str, ...]
    bound: Q


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
    """A date column, up or down; rows without the date come last either way; equal dates by key.

    Each is read in at most two parts, the dated rows and then the others, each along an index.
    """

    field: str
    is_down: bool

    def parts(self, beyond: tuple[date | None, int] | None, *, backwards: bool) -> list[Part]:
        """What is read one after the other to get what comes after a row, onwards or backwards."""
        down = self.is_down != backwards
        sign, side = ("-", "lt") if down else ("", "gt")
        is_always = self.field == NEWEST.removeprefix("-")  # every finding has this date
        empty = Q(**{f"{self.field}__isnull": True})
        dated = Part((f"{sign}{self.field}", f"{sign}id"), Q() if is_always else ~empty)
        others = [] if is_always else [Part((f"{sign}id",), empty)]
        if beyond is None:
            return [dated, *others]
        on, pk = beyond
        if on is None:
            here = Part((f"{sign}id",), empty & Q(**{f"id__{side}": pk}))
            return [here, dated] if backwards else [here]
        within = Q(**{f"{self.field}__{side}": on}) | Q(**{self.field: on, f"id__{side}": pk})
        here = Part(dated.by, Q(**{f"{self.field}__{side}e": on}) & within)
        return [here] if backwards else [here, *others]


LATEST = Order("registered_on", is_down=True)
LATEST_BY = ("-registered_on", "-id")


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
        _list_of(viewer, filters),
    )
    beyond = _read(key, told)
    found = list_.first(told.parts(beyond, backwards=backwards), size + 1)
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
    return _list_of(viewer, filters).first(LATEST.parts(None, backwards=False), size)


def first_in(viewer: Viewer, condition: Q, order: str, size: int) -> list[Finding]:
    """The first findings in scope that meet a condition, in one of the orders."""
    guard.check_is_actor(viewer)
    told = Order(order.removeprefix("-"), order.startswith("-"))
    return _List(viewer, condition).first(told.parts(None, backwards=False), size)


def _list_of(viewer: Viewer, filters: Filters) -> "_List":
    text = filters.text.strip()
    is_wide = not viewer.is_system and not has_few(viewer)
    if text and is_wide and not row_security.hides_rows() and grams.is_common(INDEX, text):
        return _Words(viewer, filters.condition(), text)
    return _List(viewer, asked(viewer, filters), is_text=bool(text))


class _List:
    """What is asked for, in scope, in the form that suits how wide the scope is."""

    def __init__(self, viewer: Viewer, condition: Q, *, is_text: bool = False) -> None:
        self.condition = condition
        self.steps: tuple[int, ...] = (STEPS_WITHIN if row_security.hides_rows() else STEPS)[is_text]
        self.is_told_apart = not is_text and not row_security.hides_rows()
        self.is_system = viewer.is_system
        self.is_sought = has_few(viewer)

    def first(self, parts: list[Part], size: int) -> list[Finding]:
        """The first rows of the parts, read one after the other until there are enough."""
        rows: list[Finding] = []
        for part in parts:
            if len(rows) < size:
                rows += self._first_of(part, size - len(rows))
        return rows

    def _first_of(self, part: Part, size: int) -> list[Finding]:
        condition = self.condition & part.bound

        def taken(found: Any) -> list[Finding]:
            return self._in_order(found, part.by, size)

        if self.is_sought:
            return taken(narrow(Finding, condition))
        if self.is_system:
            return taken(Finding.objects.filter(condition))
        if self.is_told_apart and not how_many_of_all(Finding, condition, 0):
            return []  # two filters that exclude each other cost a walk: once, not twice
        for most in (max(step, size + size // 2) for step in self.steps):
            rows = taken(within_first(Finding.objects.all(), condition, part.by, most))
            if len(rows) == size or how_many_of_all(Finding, condition, most) <= most:
                return rows
        return taken(self._whole(condition))

    def _in_order(self, found: Any, by: tuple[str, ...], size: int) -> list[Finding]:
        return list(found.select_related(*RELATED).order_by(*by)[:size])

    def _whole(self, condition: Q) -> Any:
        """Every row in scope: out of all that meet the condition where those are not too many, else out of the scope."""
        is_short = how_many_of_all(Finding, condition, SHORT) <= SHORT
        return Finding.objects.filter(condition) if is_short or self.is_system else narrow(Finding, condition)

    def count(self, cap: int) -> tuple[int, bool]:
        """(how many, whether there are more): counted up to `cap`, or as far as looking goes."""
        if not self.is_sought and not self.is_system:
            count, is_all = self._count_first(self.steps[-1], cap)
            if is_all or count > PAGE:
                return min(count, cap), not is_all
        found = narrow(Finding, self.condition) if self.is_sought else self._whole(self.condition)
        count = found.order_by()[: cap + 1].count()
        return min(count, cap), count > cap

    def _count_first(self, most: int, cap: int) -> tuple[int, bool]:
        """(how many of the first `most` are in scope, up to one more than the cap; whether these are all).

        Where the database passes over rows, one walk tells both, along whichever index is shortest. Elsewhere two are
        cheaper: an index alone answers the second, and the first ends at the cap.
        """
        if row_security.hides_rows():
            count, is_all = count_within_first(Finding, self.condition, most)
            return count, is_all and count <= cap
        count = within_first(Finding.objects.all(), self.condition, LATEST_BY, most)[: cap + 1].count()
        return count, count <= cap and how_many_of_all(Finding, self.condition, most) <= most


class _Words(_List):
    """Common words in a wide scope: tested on the first rows in scope, which fill a page where both are dense.

    Where they do not, the rows that hold the words are looked up, if not too many, or else the scope is walked. Where
    the database passes over what is out of scope, only rows in scope are tested anyway.
    """

    def __init__(self, viewer: Viewer, plain: Q, text: str) -> None:
        super().__init__(viewer, plain, is_text=True)
        self.text = text
        self.steps = PASSED

    def _first_of(self, part: Part, size: int) -> list[Finding]:
        condition = self.condition & part.bound
        for most in self.steps:
            rows = self._in_order(self._among(condition, part.by, most), part.by, size)
            if len(rows) == size or how_many_of_all(Finding, condition, most) <= most:
                return rows
        return self._in_order(self._whole(condition), part.by, size)

    def _among(self, condition: Q, by: tuple[str, ...], most: int) -> Any:
        return within_first(Finding.objects.filter(holding(self.text, is_sought=False)), condition, by, most)

    def _whole(self, condition: Q) -> Any:
        if grams.how_many(INDEX, self.text, SHORT) <= SHORT:
            return Finding.objects.filter(condition & holding(self.text, is_sought=True))
        return narrow(Finding, condition & holding(self.text, is_sought=False))

    def _count_first(self, most: int, cap: int) -> tuple[int, bool]:
        count = self._among(self.condition, LATEST_BY, most)[: cap + 1].count()
        return count, count <= cap and how_many_of_all(Finding, self.condition, most) <= most


def _key(sign: str, row: Finding, field: str) -> str:
    on = getattr(row, field)
    return f"{sign}{on.isoformat() if on else ''}_{row.pk}"


def _read(key: str, order: Order) -> tuple[date | None, int] | None:
    day, _sep, pk = key[1:].partition("_")
    try:
        return (date.fromisoformat(day) if day or order == LATEST else None), int(pk)
    except ValueError:
        return None
