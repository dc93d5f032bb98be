"""Who wrote often, without any name: items of equal marks (`vault.marks_of`), within the year that ends on a day.

A mark is made while the office's key is unlocked, of a sender who said who he is; other items cannot be compared.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.net.access.standing import Standing
from jiandu.sources.petitions.models import Petition

MANY, ONCE, UNKNOWN = "many", "once", "unknown"
DAYS, LEAST = 365, 2


def often(viewer: Viewer, rows: QuerySet[Petition], first: date, until: date) -> dict[bytes, int]:
    """mark → items of the year that ends on `until`, of senders of whom one came on the days from `first` and LEAST in that year.

    `rows`: of which items, whenever they came. Two statements at most.
    """
    guard.check_is_actor(viewer)
    marked = rows.filter(sender_mark__isnull=False).order_by()
    came = {
        _plain(mark) for mark in marked.filter(received_on__range=(first, until)).values_list("sender_mark", flat=True)
    }
    if not came:
        return {}
    since = min(first, until - timedelta(days=DAYS - 1))
    year = marked.filter(received_on__range=(since, until), sender_mark__in=sorted(came))
    counted = year.values("sender_mark").annotate(count=Count("pk"))
    return {_plain(row["sender_mark"]): row["count"] for row in counted if row["count"] >= LEAST}


def _plain(mark: bytes | memoryview | None) -> bytes:
    """As every database gives it; it is never none here."""
    return bytes(mark or b"")


def sent(viewer: Viewer, rows: QuerySet[Petition], value: str, first: date, until: date) -> Any:
    """The rows behind a figure: of senders who wrote often, once, or of whom nothing can be said."""
    if value == UNKNOWN:
        return rows.filter(sender_mark__isnull=True)
    marks = sorted(often(viewer, rows, first, until))
    if value == MANY:
        return rows.filter(sender_mark__in=marks) if marks else rows.none()
    return rows.filter(Q(sender_mark__isnull=False) & ~Q(sender_mark__in=marks))


def same_sender(viewer: Viewer, rows: QuerySet[Petition], uid: UUID) -> Any:
    """Of the rows those whose sender has the mark of that item's; none where it has none, or is not in scope.

    To the office that registered them alone: a room that handles two does not learn that one hand wrote both.
    """
    guard.check_is_actor(viewer)
    one = Petition.objects.filter(uid=uid, sender_mark__isnull=False).first()
    if one is None or one.sender_mark is None or not _is_theirs(viewer, one):
        return rows.none()
    return rows.filter(owner_office=one.owner_office_id, sender_mark=bytes(one.sender_mark))


def _is_theirs(viewer: Viewer, one: Petition) -> bool:
    mine = viewer.standing.office_ids if isinstance(viewer.standing, Standing) else ()
    return viewer.is_system or one.owner_office_id in mine
