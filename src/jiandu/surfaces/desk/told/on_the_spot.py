"""What was seen of a village's ledger on the spot, beside what the ledger says."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.grassroots.models import AssetTick
from jiandu.loop.grassroots.ticks import seen_in
from jiandu.sources.ledgers.collectives import Collective
from jiandu.surfaces.desk.registers import Section
from jiandu.surfaces.desk.told.grassroots import TICKS, tick

SHOWN = 20
SEEN = ((gettext_lazy("检查日期"), "date"), *TICKS)


def of_village(viewer: Viewer, one: Collective) -> list[Section]:
    """Panels of the village's page: what an inspection found otherwise than the ledger says."""
    rows = seen_in(viewer, one)
    if not rows:
        return []
    other = [row for row in rows if row.result != AssetTick.Result.SEEN]
    title = _("实地核对（最近%(day)s，核对%(count)d件次，不符%(other)d件次）") % {
        "day": iso(rows[0].on),
        "count": len(rows),
        "other": len(other),
    }
    return [Section(title, SEEN, [_row(row) for row in other[:SHOWN]], empty=_("实地核对的资产均账实相符"))]


def _row(row: AssetTick) -> dict[str, Any]:
    return {"cells": [iso(row.on), *tick(row)["cells"]]}
