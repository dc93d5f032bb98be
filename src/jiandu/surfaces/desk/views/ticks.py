"""台账实地核对: what stands in a village's ledgers, ticked on the spot while it is inspected, a ledger a sheet."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core.errors import Refused
from jiandu.loop.grassroots import ticks
from jiandu.loop.grassroots.models import Inspection
from jiandu.loop.grassroots.selectors import inspection_by_uid
from jiandu.loop.grassroots.services.ticking import Sheet, tick_ledger
from jiandu.loop.grassroots.ticks import Progress
from jiandu.sources.ledgers.collectives import Collective, LedgerKind
from jiandu.surfaces.desk.forms.ticks import TicksForm
from jiandu.surfaces.desk.told.on_the_spot import as_kept
from jiandu.surfaces.door.answers import done, page, perform

LEAF = 30  # things on a sheet


def sheet(request: HttpRequest, uid: UUID, inspection: UUID) -> HttpResponseBase:
    """One sheet of a ledger, ticked."""
    viewer = request.viewer  # type: ignore[attr-defined]
    row, one = _found(viewer, uid, inspection)
    far = ticks.progress(viewer, row, one)
    kind = _kind(request, far)
    rows = ticks.to_tick(viewer, row, one, kind)
    leaf = _leaf(request, len(rows))
    form = TicksForm(request.POST or None, rows=rows[(leaf - 1) * LEAF : leaf * LEAF])
    if request.method == "POST" and _written(form, Sheet(row, one, kind), viewer):
        said = _("已登记%(count)d项的核对结果") % {"count": len(form.told())}
        return done(request, said, _next(row, far, kind, leaf + 1 if leaf * LEAF < len(rows) else 0))
    context = {"form": form, "row": row, "one": one, "columns": _columns(), "ledgers": _ledgers(far, kind)}
    lines = [(as_kept(each, kind), fields) for each, fields in form.lines()]
    context |= {"lines": lines, "leaves": _leaves(kind, leaf, len(rows))}
    return page(request, "desk/grassroots/ticks.html", context, status=422 if form.errors else 200)


def _next(row: Inspection, far: list[Progress], kind: LedgerKind, leaf: int) -> str:
    """Where one goes on: the next sheet of the ledger, the next ledger that is not through, else the inspection."""
    here = reverse("desk:inspection-ticks", args=[row.activity.uid, row.uid])
    if leaf:
        return f"{here}?ledger={kind}&leaf={leaf}"
    kinds = [each.kind for each in far]
    after = far[kinds.index(kind) + 1 :] if kind in kinds else []
    left = next((each.kind for each in after if each.ticked < each.things), None)
    return f"{here}?ledger={left}" if left else reverse("desk:inspection", args=[row.activity.uid, row.uid])


def _found(viewer: Any, uid: UUID, inspection: UUID) -> tuple[Inspection, Collective]:
    row = inspection_by_uid(viewer, inspection)
    one = ticks.collective_of(viewer, row) if row is not None and row.activity.uid == uid else None
    if row is None or one is None:
        raise Http404
    return row, one


def _kind(request: HttpRequest, far: list[Progress]) -> LedgerKind:
    """Which ledger: the first that is not empty where none is asked for."""
    asked = request.GET.get("ledger", "")
    known = [each.kind for each in far]
    return next((kind for kind in known if kind == asked), known[0] if known else LedgerKind.ASSET)


def _written(form: TicksForm, where: Sheet, viewer: Any) -> bool:
    """Whether all was written; a refusal is told at its row where it names one."""
    held: list[Refused] = []

    def act() -> None:
        try:
            tick_ledger(sheet=where, by=viewer, ticks=form.told())
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


def _ledgers(far: list[Progress], kind: LedgerKind) -> list[dict[str, Any]]:
    """The ledgers as tabs, each with how far it is."""
    return [
        {"label": f"{each.kind.label} {each.ticked}/{each.things}", "href": f"?ledger={each.kind}", "current": each.kind == kind}
        for each in far
    ]  # fmt: skip


def _leaves(kind: LedgerKind, leaf: int, count: int) -> list[dict[str, Any]]:
    found = [
        {"label": _("第%(leaf)d张") % {"leaf": number}, "href": f"?ledger={kind}&leaf={number}", "current": number == leaf}
        for number in range(1, -(-count // LEAF) + 1)
    ]  # fmt: skip
    return found if len(found) > 1 else []


def door(viewer: Any, row: Inspection) -> list[dict[str, Any]]:
    """The link to the sheet, where the village's ledger is in scope."""
    if ticks.collective_of(viewer, row) is None:
        return []
    href = reverse("desk:inspection-ticks", args=[row.activity.uid, row.uid])
    return [{"label": _("台账实地核对"), "href": href, "icon": "checks"}]


def _columns() -> list[dict[str, str]]:
    told = ((_("编号"), "code"), (_("名称"), "main"), (_("台账所记"), "state"), (_("使用人、承租方或余额"), ""), (_("核对结果"), ""), (_("情况"), ""))  # fmt: skip
    return [{"label": label, "kind": kind} for label, kind in told]
