"""Reads of ledgers checked on the spot: the sheet of an inspection, what was seen in a village, an asset's last findings."""

from dataclasses import dataclass

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.loop.grassroots.models import AssetTick, Inspection
from jiandu.sources.ledgers import villages
from jiandu.sources.ledgers.collectives import Asset, Collective, LedgerKind


@dataclass(frozen=True)
class Ticked:
    """An asset of the ledger as a row of the sheet: its number there, and what this inspection saw of it."""

    number: int
    asset: Asset
    tick: AssetTick | None


def collective_of(viewer: Viewer, inspection: Inspection) -> Collective | None:
    """The collective of the inspected village, if its ledgers are in scope."""
    return villages.of_village(viewer, inspection.organisation_id)


def to_tick(viewer: Viewer, inspection: Inspection, collective: Collective) -> list[Ticked]:
    """The assets of the ledger by code, each with its tick. Two statements."""
    said = {row.asset_code: row for row in ticks_of(viewer, inspection)}
    rows = villages.rows_on(viewer, collective, LedgerKind.ASSET, today())
    return [Ticked(number, row, said.get(row.code)) for number, row in enumerate(rows, 1)]


def ticks_of(viewer: Viewer, inspection: Inspection) -> list[AssetTick]:
    """What the inspection saw, by code, each with its finding as far as that is in scope."""
    guard.check_is_actor(viewer)
    return list(
        AssetTick.objects.filter(inspection=inspection).prefetch_related("finding").order_by("asset_code", "pk")
    )


def tick_standing(inspection: Inspection, key: int) -> AssetTick | None:
    """One of the inspection's ticks that may still become a finding."""
    rows = AssetTick.objects.filter(pk=key, inspection=inspection, finding__isnull=True)
    return rows.exclude(result=AssetTick.Result.SEEN).first()


def seen_in(viewer: Viewer, collective: Collective) -> list[AssetTick]:
    """All that was ever ticked of a collective's assets, the latest first, each with its finding. Two statements."""
    guard.check_is_actor(viewer)
    rows = AssetTick.objects.filter(collective=collective).prefetch_related("finding")
    return list(rows.order_by("-on", "-pk"))
