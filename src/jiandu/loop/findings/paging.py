"""Pages of the ledger in any of its orders, by keyset: the deepest page costs what the first costs."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import PAGE, Page, page_of

NEWEST = "-registered_on"
#: What the ledger can be ordered by, besides the newest registration first.
ORDERS = ("registered_on", "due_on", "-due_on", "closed_on", "-closed_on")


@dataclass(frozen=True)
class Order:
    """A date column, up or down; rows without the date come last either way; equal dates by key."""

    field: str
    is_down: bool

    def by(self, *, backwards: bool) -> tuple[OrderBy, OrderBy]:
        """The ORDER BY, for reading onwards or backwards."""
        down = self.is_down != backwards
        where = {"nulls_first": True} if backwards else {"nulls_last": True}
        column, key = F(self.field), F("id")
        return (column.desc(**where), key.desc()) if down else (column.asc(**where), key.asc())

    def beyond(self, on: date | None, pk: int, *, backwards: bool) -> Q:
        """What comes after that row, reading onwards or backwards."""
        side = "lt" if self.is_down != backwards else "gt"
        empty = Q(**{f"{self.field}__isnull": True})
        if on is None:
            rest = empty & Q(**{f"id__{side}": pk})
            return rest | ~empty if backwards else rest
        beyond = Q(**{f"{self.field}__{side}": on}) | Q(**{self.field: on, f"id__{side}": pk})
        return beyond if backwards else beyond | empty


def page_in(found: QuerySet[Finding], *, order: str = NEWEST, key: str = "", size: int = PAGE, cap: int = 1000) -> Page:
    """A page in one of the orders; an unknown one is the newest registration first.

    `key` is "-<date>_<id>" for what comes after that row, "+<date>_<id>" for what comes before it; no date: "-_<id>".
    """
    if order not in ORDERS:
        return page_of(found, key=key, size=size, cap=cap)
    told, backwards = Order(order.removeprefix("-"), order.startswith("-")), key.startswith("+")
    beyond = _read(key)
    bound = told.beyond(*beyond, backwards=backwards) if beyond else Q()
    rows = list(found.filter(bound).order_by(*told.by(backwards=backwards))[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    count = found.order_by()[: cap + 1].count()
    has_older, has_newer = (more or backwards, beyond is not None) if not backwards else (True, more)
    return Page(
        rows=rows,
        older=_key("-", rows[-1], told.field) if rows and has_older else None,
        newer=_key("+", rows[0], told.field) if rows and has_newer else None,
        count=min(count, cap),
        is_capped=count > cap,
    )


def _key(sign: str, row: Finding, field: str) -> str:
    on = getattr(row, field)
    return f"{sign}{on.isoformat() if on else ''}_{row.pk}"


def _read(key: str) -> tuple[date | None, int] | None:
    day, _sep, pk = key[1:].partition("_")
    try:
        return (date.fromisoformat(day) if day else None), int(pk)
    except ValueError:
        return None
