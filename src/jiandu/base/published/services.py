"""A copy is put up, or emptied; and what another installation tells is taken over. In the transaction of who decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.transaction import atomic

from jiandu.base.core.errors import Refused
from jiandu.base.published.models import Notice, NoticeCount


@dataclass(frozen=True)
class NewNotice:
    """What is put up."""

    uid: UUID
    kind: str
    title: str
    text: str
    issuer: str
    on: date


@atomic
def put_up(*, new: NewNotice) -> Notice:
    """The frozen copy, with the next number of its year that no notice bears. The caller decides, and records the act."""
    NoticeCount.objects.get_or_create(year=new.on.year)
    count = NoticeCount.objects.select_for_update().get(year=new.on.year)
    count.last = _free(new.on.year, count.last + 1)
    count.save(update_fields=["last"])
    row = Notice(**vars(new), year=new.on.year, number=count.last)
    row.save(force_insert=True)
    return row


def _free(year: int, number: int) -> int:
    """The number, or the first after it that none has: notices taken over from elsewhere may stand in the way of ours."""
    borne = set(Notice.objects.filter(year=year, number__gte=number).values_list("number", flat=True))
    while number in borne:
        number += 1
    return number


@atomic
def empty(*, uid: UUID, on: date) -> Notice:
    """Its words are gone; that there was one, and since when it is not, stays."""
    row = Notice.objects.select_for_update().get(uid=uid)
    row.title = row.text = row.issuer = ""
    row.withdrawn_on = on
    row.save(update_fields=["title", "text", "issuer", "withdrawn_on"])
    return row


def told() -> list[dict[str, Any]]:
    """Every notice and tombstone, as a bundle carries them."""
    return [
        {
            "uid": str(row.uid),
            "year": row.year,
            "number": row.number,
            "kind": row.kind,
            "title": row.title,
            "text": row.text,
            "issuer": row.issuer,
            "on": row.on.isoformat(),
            "withdrawn_on": row.withdrawn_on.isoformat() if row.withdrawn_on else None,
        }
        for row in Notice.objects.order_by("year", "number")
    ]


@atomic
def take_over(*, told: Iterable[dict[str, Any]]) -> int:
    """How many are new or newly withdrawn here. In any order, and twice as once: a tombstone never becomes a notice again.

    What is there already keeps its words, whatever is told later. Raises Refused (number-taken): two houses publish here.
    """
    known = dict(Notice.objects.values_list("uid", "withdrawn_on"))
    numbers = set(Notice.objects.values_list("year", "number"))
    changed = 0
    for said in told:
        row = _row(said)
        if row.uid not in known:
            if (row.year, row.number) in numbers:
                raise Refused("number-taken", "公告编号%(number)s在本机已用于另一公告，未导入任何内容", number=str(row))
            row.save(force_insert=True)
            numbers.add((row.year, row.number))
        elif row.withdrawn_on is not None and known[row.uid] is None:
            empty(uid=row.uid, on=row.withdrawn_on)
        else:
            continue
        known[row.uid] = row.withdrawn_on
        changed += 1
    return changed


def _row(said: dict[str, Any]) -> Notice:
    gone = date.fromisoformat(said["withdrawn_on"]) if said["withdrawn_on"] else None
    words = {name: said[name] if gone is None else "" for name in ("title", "text", "issuer")}
    return Notice(
        uid=UUID(said["uid"]),
        year=said["year"],
        number=said["number"],
        kind=said["kind"],
        on=date.fromisoformat(said["on"]),
        withdrawn_on=gone,
        **words,
    )
