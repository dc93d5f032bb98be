"""回头看核查包 of a village: printed out of its ledger, typed in as it comes back, or as a sheet that returns."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.persons import shown_name
from jiandu.base.core.words import as_recorded
from jiandu.base.ui.templatetags.ui import money_fen
from jiandu.loop.grassroots.models import AssetLookBack
from jiandu.loop.grassroots.pack import Packed, pack
from jiandu.loop.grassroots.pack_sheet import BOOK, rows_of
from jiandu.loop.grassroots.pack_word import LEAF, pack_docx
from jiandu.loop.grassroots.selectors import AssetAsked
from jiandu.loop.grassroots.services.instalments import take_pack
from jiandu.sources.ledgers import villages
from jiandu.sources.ledgers.collectives import Collective
from jiandu.surfaces.desk.forms.assets import PackForm
from jiandu.surfaces.desk.handing_out import Paper, hand_out
from jiandu.surfaces.desk.registers import Listed
from jiandu.surfaces.desk.sheeted import Out
from jiandu.surfaces.desk.sheeted import sheet as sheeted
from jiandu.surfaces.door.answers import done, page, perform

Stage = AssetLookBack.Stage


def sheet(request: HttpRequest, uid: UUID, stage: str) -> HttpResponseBase:
    """One sheet of the pack, typed in."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _one(viewer, uid, stage)
    if request.GET.get("format") == "xlsx":
        return _workbook(request, one, stage)
    rows = pack(viewer, one)
    leaf = _leaf(request, len(rows))
    own = rows[(leaf - 1) * LEAF : leaf * LEAF]
    asked = {row.number: row for row in own}
    form = PackForm(request.POST or None, rows=[_asked(row) for row in own if row.finding], stage=stage)
    if request.method == "POST" and _written(form, viewer):
        return done(request, _said(form), "desk:collective", one.uid)
    lines = [(row, fields, asked[row.number], form.money(row)) for row, fields in form.lines()]
    bare = [_bare(row) for row in own if row.finding is None]
    context = {"form": form, "one": one, "lines": lines, "bare": bare, "sums": _sums(rows)}
    context |= _around(one, stage, leaf, len(rows))
    return page(request, "desk/grassroots/pack.html", context, status=422 if form.errors else 200)


def _said(form: PackForm) -> str:
    """What was recorded, in words."""
    looks, parts = len([line for line in form.packed() if line.look]), sum(len(line.paid) for line in form.packed())
    return _("已登记%(looks)d件资产的回头看、%(parts)d笔到账") % {"looks": looks, "parts": parts}


def _sums(rows: list[Packed]) -> list[dict[str, Any]]:
    """Of the whole pack, each finding once: what is owed, what has come back, in how many parts."""
    once = {row.finding.pk: row for row in rows if row.finding is not None}
    said = (
        (_("欠缴(元)"), money_fen(sum(row.owed_fen for row in rows))),
        (_("已收回(元)"), money_fen(sum(row.recovered_fen for row in once.values()))),
        (_("到账笔数"), sum(one.amount_fen > 0 for row in once.values() for one in row.recovered)),
    )
    return [{"label": label, "value": value} for label, value in said]


def word(request: HttpRequest, uid: UUID, stage: str) -> HttpResponse:
    """The pack as Word."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _one(viewer, uid, stage)
    name = f"资产回头看核查包_{one.name}_{as_recorded(Stage(stage).label)}"
    paper = Paper(f"pack-{stage}", name, lambda mark: pack_docx(viewer, one, stage, mark=mark), is_inner=True)
    return hand_out(request, "collective.paper", one, paper)


def _one(viewer: Viewer, uid: UUID, stage: str) -> Collective:
    one = villages.collective_by_uid(viewer, uid)
    if one is None or stage not in Stage:
        raise Http404
    return one


def _workbook(request: HttpRequest, one: Collective, stage: str) -> HttpResponse:
    """The pack as a sheet that comes back, for whoever has just proved who he is."""
    out = Out(BOOK, lambda viewer, _rows: rows_of(viewer, one, stage))
    rows = villages.collectives(request.viewer, today()).filter(pk=one.pk)  # type: ignore[attr-defined]
    return sheeted(request, "collective-pack", Listed(_("资产回头看核查包"), (), rows, lambda _one: {}, out=out))


def _asked(row: Packed) -> AssetAsked:
    assert row.finding is not None  # noqa: S101 -- the caller leaves the others out
    return AssetAsked(row.number, row.finding, row.called, is_named=True, last=row.last)


def _bare(row: Packed) -> dict[str, Any]:
    held: Any = row.held
    user = shown_name(held.user_name, held.user_mark)
    owed = _("欠缴%(amount)s") % {"amount": money_fen(row.owed_fen)} if row.owed_fen else ""
    said = "，".join(filter(None, [str(held.get_status_display()), user, owed]))
    return {"number": row.number, "code": row.code, "name": held.name, "said": said}


def _leaf(request: HttpRequest, count: int) -> int:
    text, last = request.GET.get("leaf", ""), max(1, -(-count // LEAF))
    return min(max(int(text), 1), last) if text.isdecimal() and len(text) < 5 else 1


def _written(form: PackForm, viewer: Viewer) -> bool:
    """Whether all rows were written; each refused one is told beside it."""
    wrong: dict[int, Any] = {}

    def act() -> None:
        try:
            take_pack(lines=form.packed(), by=viewer)
        except Refused as refused:
            wrong.update(refused.details.get("rows", {}))  # type: ignore[call-overload]
            raise

    is_done = perform(form, act)
    form.blame(wrong)
    return is_done


def _around(one: Collective, stage: str, leaf: int, count: int) -> dict[str, Any]:
    """The stages as tabs, the sheets, the columns."""
    places = {each: reverse("desk:collective-pack", args=[one.uid, each]) for each in Stage}
    leaves = [
        {"label": _("第%(leaf)d张") % {"leaf": number}, "href": f"{places[Stage(stage)]}?leaf={number}", "current": number == leaf}
        for number in range(1, -(-count // LEAF) + 1)
    ]  # fmt: skip
    tabs = [{"label": each.label, "href": places[each], "current": each == stage} for each in Stage]
    labels = ((_("序号"), "num"), (_("问题"), "code"), (_("资产名称"), "wrap"), (_("结果"), ""), (_("日期"), "date"), (_("情况"), ""))  # fmt: skip
    columns = [{"label": label, "kind": kind} for label, kind in labels]
    return {"tabs": tabs, "leaves": leaves if len(leaves) > 1 else [], "columns": columns, "stage": stage}


def door(viewer: Viewer, one: Collective) -> list[dict[str, Any]]:
    """The link to the pack, for whoever may look back at assets."""
    if one.withdrawn_on or not guard.allow(viewer, "create", AssetLookBack):
        return []
    href = reverse("desk:collective-pack", args=[one.uid, Stage.TOWN])
    return [{"label": _("回头看核查包"), "href": href, "icon": "printer"}]
