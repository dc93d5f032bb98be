"""Collectives by place: of each town, and summed up of each district, what its villages own, let, are owed and run out of."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from jiandu.base.core.guard import Viewer
from jiandu.net.subjects.models import Region
from jiandu.sources.ledgers.collectives import Collective
from jiandu.sources.ledgers.villages import Narrowed, collectives, owed_by

SUMMED = ("collectives", "assets", "occupied", "contracts", "ending", "owed_fen")


@dataclass(frozen=True)
class Placed:
    """One place's collectives: how many, their assets, how many of these others hold, contracts, what is owed; whose they are.

    `place` is a town or a district; None: the ledgers do not say where.
    """

    place: Region | None
    district: Region | None
    collectives: int = 0
    assets: int = 0
    occupied: int = 0
    contracts: int = 0
    ending: int = 0
    owed_fen: int = 0
    villages: tuple[int, ...] = field(default=())  # keys of the villages' units

    @property
    def key(self) -> int | None:
        return self.place.pk if self.place else None

    def with_more(self, other: "Placed") -> "Placed":
        """Both together."""
        sums = {name: getattr(self, name) + getattr(other, name) for name in SUMMED}
        return replace(self, villages=(*self.villages, *other.villages), **sums)


def by_town(viewer: Viewer, on: date, *, district: int | None = None) -> list[Placed]:
    """By district and town, those in scope, in the order of codes. Three statements."""
    rows: list[Any] = list(collectives(viewer, on, Narrowed(district=district)))
    owed = owed_by(viewer, rows, on)
    return _summed((row.street, _told(row, owed.get(row.pk, 0))) for row in rows)


def by_district(towns: Iterable[Placed]) -> list[Placed]:
    """The same, town by town, summed up by district."""
    return _summed((row.district, row) for row in towns)


def _told(row: Any, owed: int) -> Placed:
    one: Collective = row
    return Placed(
        one.street,
        one.district,
        1,
        row.n_assets,
        row.n_occupied,
        row.n_contracts,
        row.n_ending,
        owed,
        (one.subject_id,) if one.subject_id else (),
    )


def _summed(rows: Iterable[tuple[Region | None, Placed]]) -> list[Placed]:
    found: dict[tuple[int | None, int | None], Placed] = {}
    for place, row in rows:
        key = (row.district.pk if row.district else None, place.pk if place else None)
        begun = found.setdefault(key, Placed(place, row.district))
        found[key] = begun.with_more(row)
    return list(found.values())
