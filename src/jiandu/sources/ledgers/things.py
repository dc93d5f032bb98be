"""What kind of thing a contract is about, as far as the ledgers say it: by the thing's own row, else by the end of its name.

A Chinese name says at its end what a thing is: 北山林地 is woodland, 林地看护房 is none. What neither tells stays unknown.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from jiandu.base.core.words import as_recorded
from jiandu.sources.ledgers.collectives import Asset, Kept, LedgerKind, Resource, Use
from jiandu.sources.ledgers.columns import LEDGERS
from jiandu.sources.ledgers.villages import as_of

CHUNK = 2000
Row = dict[str, Any]
Key = tuple[int, str]  # collective, code
OTHER = "其他"
#: Kind → the ends of names that say it.
ENDS = {
    "厂房": ("厂房", "车间"),
    "店面": ("店面", "商铺", "店铺", "铺面", "门面", "门市", "门面房"),
    "仓库": ("仓库", "库房"),
    "耕地": ("耕地", "水田", "旱地", "水浇地", "农田"),
    "林地": ("林地", "山林", "林场"),
    "草地": ("草地", "草场", "草原"),
    "水面": ("水面", "鱼塘", "虾池", "池塘", "水塘", "水库", "滩涂"),
    "四荒": ("四荒", "荒山", "荒沟", "荒丘", "荒滩", "荒地"),
}
#: A number, a measure or a remark behind the name: 店面3号, 水田50亩, 厂房（二层）.
BEHIND = re.compile(
    r"([（(][^（）()]*[）)]|[0-9A-Za-z.．\-－—_#＃、]+|[一二三四五六七八九十百两]+(?=[间幢栋块亩片处座口号]))?[间幢栋块亩片处座口号]?$"
)
#: Uses by which the collective has the thing itself: whoever had a contract for it has left.
BACK = {Use.IN_USE, Use.IDLE}


def kind_by_name(name: str) -> str | None:
    """The kind that the end of a name says; None where it says none."""
    text = name.strip()
    while text:
        for kind, ends in ENDS.items():
            if text.endswith(ends):
                return kind
        short = BEHIND.sub("", text, count=1)
        if short == text:
            return None
        text = short
    return None


def with_things(contracts: Iterable[Kept], on: date) -> Iterator[tuple[Kept, Row]]:
    """Each contract with `thing_kind`, `given_back` (whether the ledger has its thing in the collective's own hands), and
    `thing_is_second`: it is about a resource whose code an asset has too."""
    rows = iter(contracts)
    while chunk := list(islice(rows, CHUNK)):
        known = _things(chunk, on)
        for row in chunk:
            own = known.get((row.collective_id, row.thing_code), []) if row.thing_code else []  # type: ignore[attr-defined]
            thing = _meant(row, own)
            yield (
                row,
                {
                    "thing_kind": _kind(row, thing),
                    "given_back": thing.status in BACK if thing else None,
                    "thing_is_second": len(own) > 1 and isinstance(thing, Resource),
                },
            )


def _things(contracts: list[Kept], on: date) -> dict[Key, list[Any]]:
    """Assets and resources that the contracts name: two, where both ledgers use a code."""
    codes = {row.thing_code for row in contracts if row.thing_code}  # type: ignore[attr-defined]
    owners = {row.collective_id for row in contracts}
    found: dict[Key, list[Any]] = {}
    for kind in (LedgerKind.ASSET, LedgerKind.RESOURCE):
        held = LEDGERS[kind].model.objects.filter(as_of(on), collective_id__in=list(owners), code__in=list(codes))
        for row in held.iterator(chunk_size=CHUNK):
            found.setdefault((row.collective_id, row.code), []).append(row)
    return found


def _meant(contract: Any, own: list[Any]) -> Any | None:
    """The one of that code; of two the one that the contract calls by its name, else neither."""
    if len(own) > 1:
        own = [thing for thing in own if thing.name == contract.thing]
    return own[0] if len(own) == 1 else None


def _kind(row: Any, thing: Any) -> str | None:
    if isinstance(thing, Resource) and thing.kind != Resource.Kind.OTHER:
        return as_recorded(dict(Resource.Kind.choices)[thing.kind])
    said = kind_by_name(row.thing) or (kind_by_name(thing.name) if thing else None)
    return said or (OTHER if isinstance(thing, Asset | Resource) else None)
