"""How a village went from sheet to sheet: how its assets were used on each day, and what it was owed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.sources.ledgers.arrears import unpaid
from jiandu.sources.ledgers.collectives import Asset, Collective, Due, Receipt

DAYS = 12  # the latest: a picture holds no more


@dataclass(frozen=True)
class Standing:
    """What the ledgers say on one day: assets by their use, what is overdue in fen."""

    on: date
    uses: Counter[str]
    owed_fen: int


def course(viewer: Viewer, one: Collective, days: Sequence[date]) -> list[Standing]:
    """The standing on each of the days, the earliest first, the last twelve of them. Three statements whatever the days."""
    guard.check_is_actor(viewer)
    assets = list(Asset.objects.filter(collective=one).values_list("since", "until", "status"))
    dues, receipts = (list(model.objects.filter(collective=one)) for model in (Due, Receipt))
    return [
        Standing(
            day,
            Counter(status for since, until, status in assets if _says(since, until, day)),
            sum(row.fen for row in unpaid(_on(dues, day), _on(receipts, day), day)),
        )
        for day in sorted(set(days))[-DAYS:]
    ]


def _on(rows: list[Any], day: date) -> list[Any]:
    return [row for row in rows if _says(row.since, row.until, day)]


def _says(since: date, until: date | None, day: date) -> bool:
    return since <= day and (until is None or until > day)
