"""Reads of ledgers checked on the spot: the sheets of an inspection, what was seen in a village, a thing's last findings."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.loop.grassroots.models import Inspection, LedgerTick
from jiandu.sources.ledgers import villages
from jiandu.sources.ledgers.collectives import Collective, LedgerKind

#: The ledgers whose things can be seen on the spot; dues and receipts are papers of a contract.
TICKABLE = (LedgerKind.ASSET, LedgerKind.RESOURCE, LedgerKind.CONTRACT, LedgerKind.FUND, LedgerKind.WORKS)


@dataclass(frozen=True)
class Ticked:
    """A row of a ledger as a row of the sheet: its number there, and what this inspection saw of it."""

    number: int
    thing: Any
    tick: LedgerTick | None


@dataclass(frozen=True)
class Progress:
    """How many things of a ledger there are, and how many of them this inspection has ticked."""

    kind: LedgerKind
    things: int
    ticked: int


def collective_of(viewer: Viewer, inspection: Inspection) -> Collective | None:
    """The collective of the inspected village, if its ledgers are in scope."""
    return villages.of_village(viewer, inspection.organisation_id)


def to_tick(viewer: Viewer, inspection: Inspection, collective: Collective, kind: LedgerKind) -> list[Ticked]:
    """The rows of a ledger by code, each with its tick. Two statements."""
    said = {row.code: row for row in ticks_of(viewer, inspection) if row.kind == kind}
    rows = villages.rows_on(viewer, collective, kind, today())
    return [Ticked(number, row, said.get(row.code)) for number, row in enumerate(rows, 1)]


def progress(viewer: Viewer, inspection: Inspection, collective: Collective) -> list[Progress]:
    """How far each ledger that is not empty has been ticked. Two statements."""
    keys = list(LedgerTick.objects.filter(inspection=inspection).order_by("pk").values_list("kind", flat=True))
    counts, ticked = villages.sizes(viewer, collective, TICKABLE, today()), Counter(keys)
    return [Progress(kind, counts[kind], ticked[kind]) for kind in TICKABLE if counts[kind]]


def ticks_of(viewer: Viewer, inspection: Inspection) -> list[LedgerTick]:
    """What the inspection saw, ledger by ledger and by code, each with its finding as far as that is in scope."""
    guard.check_is_actor(viewer)
    rows = LedgerTick.objects.filter(inspection=inspection).prefetch_related("finding").order_by("code", "pk")
    order = {str(kind): place for place, kind in enumerate(TICKABLE)}
    return sorted(rows, key=lambda row: order[row.kind])


def tick_standing(inspection: Inspection, key: int) -> LedgerTick | None:
    """One of the inspection's ticks that may still become a finding."""
    rows = LedgerTick.objects.filter(pk=key, inspection=inspection, finding__isnull=True)
    return rows.exclude(result=LedgerTick.Result.SEEN).first()


def seen_in(viewer: Viewer, collective: Collective) -> list[LedgerTick]:
    """All that was ever ticked in a collective's ledgers, the latest first, each with its finding. Two statements."""
    guard.check_is_actor(viewer)
    rows = LedgerTick.objects.filter(collective=collective).prefetch_related("finding")
    return list(rows.order_by("-on", "-pk"))
