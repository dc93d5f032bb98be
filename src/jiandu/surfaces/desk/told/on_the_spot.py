"""What was seen of a village's ledgers on the spot, beside what they say; what a sheet for ticking shows of each row."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.persons import shown_name
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.grassroots.models import LedgerTick
from jiandu.loop.grassroots.ticks import Ticked, seen_in
from jiandu.sources.ledgers.collectives import Collective, LedgerKind
from jiandu.surfaces.desk.registers import Row, Section
from jiandu.surfaces.desk.told.grassroots import TICKS, tick
from jiandu.surfaces.desk.told.holdings import agrees, area, money, stage, term, use

SHOWN = 20
SEEN = ((gettext_lazy("检查日期"), "date"), *TICKS)


def of_village(viewer: Viewer, one: Collective) -> list[Section]:
    """Panels of the village's page: what an inspection found otherwise than the ledgers say."""
    rows = seen_in(viewer, one)
    if not rows:
        return []
    other = [row for row in rows if row.result != LedgerTick.Result.SEEN]
    title = _("实地核对（最近%(day)s，核对%(count)d项次，不符%(other)d项次）") % {
        "day": iso(rows[0].on),
        "count": len(rows),
        "other": len(other),
    }
    return [Section(title, SEEN, [_row(row) for row in other[:SHOWN]], empty=_("实地核对的均与台账相符"))]


def _row(row: LedgerTick) -> Row:
    return {"cells": [iso(row.on), *tick(row)["cells"]]}


def as_kept(each: Ticked, kind: LedgerKind) -> Row:
    """What the ledger says of a row, as one who stands before it needs it."""
    row = each.thing
    name, mark, who = _said(kind, row)
    more = " · ".join(filter(None, _more(kind, row)))
    return {"code": row.code, "name": name, "more": more, "mark": mark, "who": who, "tick": each.tick}


def _said(kind: LedgerKind, row: Any) -> tuple[str, Row, str]:
    """Its name, its state, who has it or how much it is."""
    if kind == LedgerKind.CONTRACT:
        return row.thing, term(row, today()), shown_name(row.lessee, row.lessee_mark)
    if kind == LedgerKind.FUND:
        return row.get_kind_display(), agrees(row), money(row.book_fen)
    if kind == LedgerKind.WORKS:
        return row.name, stage(row), shown_name(row.contractor, row.contractor_mark)
    return row.name, use(row), shown_name(row.user_name, row.user_mark)


def _more(kind: LedgerKind, row: Any) -> list[str]:
    """What else tells whether it is the same thing."""
    if kind == LedgerKind.CONTRACT:
        rent = _("年租金%(amount)s") % {"amount": money(row.rent_fen)} if row.rent_fen else ""
        return [f"{iso(row.start_on)} – {iso(row.end_on)}", rent]
    if kind == LedgerKind.FUND:
        return [row.bank, row.holder]
    if kind == LedgerKind.WORKS:
        price = _("合同价%(amount)s") % {"amount": money(row.contract_fen)} if row.contract_fen else ""
        return [row.get_kind_display(), price]
    size = _("%(area)s亩") % {"area": area(row.area_mu)} if row.area_mu else ""
    return [row.place, size, getattr(row, "bounds", "")]
