"""台账实地核对: the assets of a village's ledger, ticked on the spot while it is inspected."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core.errors import Refused
from jiandu.base.core.persons import shown_name
from jiandu.loop.grassroots import ticks
from jiandu.loop.grassroots.models import Inspection
from jiandu.loop.grassroots.selectors import inspection_by_uid
from jiandu.loop.grassroots.services.ticking import tick_assets
from jiandu.sources.ledgers.collectives import Collective
from jiandu.surfaces.desk.forms.ticks import TicksForm
from jiandu.surfaces.desk.told.holdings import use
from jiandu.surfaces.door.answers import done, page, perform

LEAF = 30  # assets on a sheet


def sheet(request: HttpRequest, uid: UUID, inspection: UUID) -> HttpResponseBase:
    """One sheet of the ledger, ticked."""
    viewer = request.viewer  # type: ignore[attr-defined]
    row, one = _found(viewer, uid, inspection)
    rows = ticks.to_tick(viewer, row, one)
    leaf = _leaf(request, len(rows))
    form = TicksForm(request.POST or None, rows=rows[(leaf - 1) * LEAF : leaf * LEAF])
    if request.method == "POST" and _written(form, row, one, viewer):
        return done(
            request, _("已登记%(count)d件资产的核对结果") % {"count": len(form.told())}, "desk:inspection", uid, row.uid
        )
    context = {"form": form, "row": row, "one": one, "columns": _columns(), "leaves": _leaves(leaf, len(rows))}
    lines = [(_shown(each), fields) for each, fields in form.lines()]
    return page(request, "desk/grassroots/ticks.html", context | {"lines": lines}, status=422 if form.errors else 200)


def _found(viewer: Any, uid: UUID, inspection: UUID) -> tuple[Inspection, Collective]:
    row = inspection_by_uid(viewer, inspection)
    one = ticks.collective_of(viewer, row) if row is not None and row.activity.uid == uid else None
    if row is None or one is None:
        raise Http404
    return row, one


def _shown(each: ticks.Ticked) -> dict[str, Any]:
    asset = each.asset
    return {
        "asset": asset,
        "tick": each.tick,
        "tone": use(asset)["tone"],
        "user": shown_name(asset.user_name, asset.user_mark),
    }


def _written(form: TicksForm, row: Inspection, one: Collective, viewer: Any) -> bool:
    """Whether all was written; a refusal is told at its row where it names one."""
    held: list[Refused] = []

    def act() -> None:
        try:
            tick_assets(inspection=row, collective=one, by=viewer, ticks=form.told())
        except Refused as refused:
            held.append(refused)
            raise

    is_done = perform(form, act)
    for refused in held:
        form.blame(refused)
    return is_done


def _leaf(request: HttpRequest, count: int) -> int:
    text, last = request.GET.get("leaf", ""), max(1, -(-count // LEAF))
    return min(max(int(text), 1), last) if text.isdecimal() and len(text) < 5 else 1


def _leaves(leaf: int, count: int) -> list[dict[str, Any]]:
    found = [
        {"label": _("第%(leaf)d张") % {"leaf": number}, "href": f"?leaf={number}", "current": number == leaf}
        for number in range(1, -(-count // LEAF) + 1)
    ]
    return found if len(found) > 1 else []


def door(viewer: Any, row: Inspection) -> list[dict[str, Any]]:
    """The link to the sheet, where the village's ledger is in scope."""
    if ticks.collective_of(viewer, row) is None:
        return []
    href = reverse("desk:inspection-ticks", args=[row.activity.uid, row.uid])
    return [{"label": _("台账实地核对"), "href": href, "icon": "checks"}]


def _columns() -> list[dict[str, str]]:
    told = ((_("编号"), "code"), (_("资产名称"), "main"), (_("台账所记"), "state"), (_("使用人"), ""), (_("核对结果"), ""), (_("情况"), ""))  # fmt: skip
    return [{"label": label, "kind": kind} for label, kind in told]
