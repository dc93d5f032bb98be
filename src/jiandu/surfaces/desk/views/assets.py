"""资产回头看 by sheet: printed ten assets a page, and typed in as it comes back, in the order of the paper."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core.errors import Refused
from jiandu.base.core.words import as_recorded
from jiandu.loop.grassroots.asset_sheet import BOOK, rows_of
from jiandu.loop.grassroots.asset_word import LEAF, assets_docx
from jiandu.loop.grassroots.models import AssetLookBack
from jiandu.loop.grassroots.selectors import AssetAsked, assets_asked, check_by_uid, findings_of
from jiandu.loop.grassroots.services.looking import look_at_assets
from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.forms.assets import AssetsForm
from jiandu.surfaces.desk.handing_out import Paper, hand_out
from jiandu.surfaces.desk.registers import Listed
from jiandu.surfaces.desk.sheeted import Out
from jiandu.surfaces.desk.sheeted import sheet as sheeted
from jiandu.surfaces.door.answers import done, page, perform

Stage = AssetLookBack.Stage


def sheet(request: HttpRequest, uid: UUID, stage: str) -> HttpResponseBase:
    """One sheet, typed in."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _check(viewer, uid, stage)
    if request.GET.get("format") == "xlsx":
        return _workbook(request, one, stage)
    rows = assets_asked(viewer, one, stage)
    leaf = _leaf(request, len(rows))
    form = AssetsForm(request.POST or None, rows=rows[(leaf - 1) * LEAF : leaf * LEAF], stage=stage)
    if request.method == "POST" and _written(form, viewer):
        count = len(form.told())
        return done(request, _("已登记%(count)d件资产的回头看") % {"count": count}, "desk:check", one.uid)
    context = {"form": form, "one": one, "lines": form.lines(), **_around(one, stage, leaf, rows)}
    return page(request, "desk/grassroots/assets.html", context, status=422 if form.errors else 200)


def _workbook(request: HttpRequest, one: Activity, stage: str) -> HttpResponse:
    """The assets as a sheet that comes back filled in, for whoever has just proved who he is."""
    out = Out(BOOK, lambda viewer, _findings: rows_of(viewer, one, stage))
    viewer = request.viewer  # type: ignore[attr-defined]
    title = _("资产回头看登记表")
    return sheeted(request, "check-assets", Listed(title, (), findings_of(viewer, one), lambda _one: {}, out=out))


def word(request: HttpRequest, uid: UUID, stage: str) -> HttpResponse:
    """All sheets of a stage as Word."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _check(viewer, uid, stage)
    name = f"资产{as_recorded(Stage(stage).label)}表_{one.code}"
    paper = Paper(f"assets-{stage}", name, lambda mark: assets_docx(viewer, one, stage, mark=mark), is_inner=True)
    return hand_out(request, "activity.paper", one, paper)


def _check(viewer: Any, uid: UUID, stage: str) -> Activity:
    one = check_by_uid(viewer, uid)
    if one is None or stage not in Stage:
        raise Http404
    return one


def _leaf(request: HttpRequest, count: int) -> int:
    """Which sheet: the first where none is named, none beyond the last."""
    text = request.GET.get("leaf", "")
    last = max(1, -(-count // LEAF))
    return min(max(int(text), 1), last) if text.isdecimal() and len(text) < 5 else 1


def _written(form: AssetsForm, viewer: Any) -> bool:
    """Whether all rows were written; each refused one is told beside it."""
    wrong: dict[int, Any] = {}

    def act() -> None:
        try:
            look_at_assets(rows=form.told(), by=viewer)
        except Refused as refused:
            wrong.update(refused.details.get("rows", {}))  # type: ignore[call-overload]
            raise

    is_done = perform(form, act)
    form.blame(wrong)
    return is_done


def _around(one: Activity, stage: str, leaf: int, rows: list[AssetAsked]) -> dict[str, Any]:
    """The stages as tabs, the sheets, the paper."""
    places = {each: reverse("desk:check-assets", args=[one.uid, each]) for each in Stage}
    leaves = [
        {"label": _("第%(leaf)d张") % {"leaf": number}, "href": f"{places[Stage(stage)]}?leaf={number}", "current": number == leaf}
        for number in range(1, -(-len(rows) // LEAF) + 1)
    ]  # fmt: skip
    tabs = [{"label": each.label, "href": places[each], "current": each == stage} for each in Stage]
    said = [{"label": str(label), "kind": kind} for label, kind in _columns()]
    return {"tabs": tabs, "leaves": leaves if len(leaves) > 1 else [], "columns": said, "stage": stage}


def _columns() -> list[tuple[str, str]]:
    return [
        (_("序号"), "num"),
        (_("问题"), "code"),
        (_("资产名称"), "wrap"),
        (_("结果"), ""),
        (_("日期"), "date"),
        (_("情况"), ""),
    ]
