"""问题归类: the board of an activity or a year. Findings are ticked and given an aspect, all of them or none."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import items
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import board, reading
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.loop.findings.services.sorting import sort_findings
from jiandu.loop.findings.states import State, Verb, is_legal
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.selectors import activity_by_uid
from jiandu.surfaces.desk.forms.board import SortForm
from jiandu.surfaces.desk.registers import year_of
from jiandu.surfaces.desk.wording import said
from jiandu.surfaces.door.answers import done, page, perform


@dataclass(frozen=True)
class Asked:
    """Whose findings: of an activity, or of a year; withdrawn and merged ones are not sorted."""

    activity: Activity | None
    year: int

    @property
    def filters(self) -> Filters:
        if self.activity is not None:
            return Filters(state="counted", activity=self.activity.pk)
        return Filters(state="counted", year=self.year)


def _asked(request: HttpRequest) -> Asked:
    text = request.GET.get("activity", "")
    try:
        activity = activity_by_uid(request.viewer, UUID(text)) if text else None  # type: ignore[attr-defined]
    except ValueError as error:
        raise Http404 from error
    if text and activity is None:
        raise Http404
    return Asked(activity, activity.year if activity else year_of(request) or today().year)


def sorting(request: HttpRequest) -> HttpResponse:
    """The board."""
    asked = _asked(request)
    return _page(request, asked, _form(request, asked))


def _form(request: HttpRequest, asked: Asked) -> SortForm:
    offered = items(request.viewer, "aspect", asked.year)  # type: ignore[attr-defined]
    return SortForm(request.POST or None, aspects=[("", _("请选择")), *((item.pk, said(item)) for item in offered)])


def _page(request: HttpRequest, asked: Asked, form: SortForm) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    columns = board.columns(viewer, asked.filters, asked.year)
    chosen = next((one for one in columns if _slug(one) == request.GET.get("column")), None)
    shown = board.page_of(viewer, asked.filters, chosen, request.GET.get("key", "")) if chosen else None
    if chosen is not None and shown is not None:
        chosen.rows = shown.rows
    else:
        board.fill(viewer, asked.filters, columns)
    ticked = request.POST.getlist("finding")
    context = {
        "asked": asked,
        "form": form,
        "tabs": _tabs(asked, columns, chosen),
        "columns": [_told(one, asked, ticked) for one in ([chosen] if chosen else columns)],
        "chosen": chosen,
        "shown": shown,
        "action": f"{reverse('desk:findings-sort')}?{request.GET.urlencode()}",
        "may_merge": guard.allow(viewer, "edit", Item),
    }
    return page(request, "desk/findings/board.html", context, status=422 if form.errors else 200)


def _slug(column: board.Column) -> str:
    return str(column.aspect.pk) if column.aspect else "none"


def _name(column: board.Column) -> str:
    return said(column.aspect) or _("未归类")


def _tabs(asked: Asked, columns: list[board.Column], chosen: board.Column | None) -> list[dict[str, Any]]:
    """The whole board, and each column by itself with how many it holds."""
    whole = {"label": _("全部"), "href": _here(asked), "current": chosen is None, "count": None}
    return [whole, *(_tab(asked, one, chosen) for one in columns)]


def _tab(asked: Asked, one: board.Column, chosen: board.Column | None) -> dict[str, Any]:
    return {
        "label": _name(one),
        "href": f"{_here(asked)}&column={_slug(one)}",
        "current": one is chosen,
        "count": one.count,
    }


def _here(asked: Asked) -> str:
    of = f"activity={asked.activity.uid}" if asked.activity else f"year={asked.year}"
    return f"{reverse('desk:findings-board')}?{of}"


def _told(column: board.Column, asked: Asked, ticked: list[str]) -> dict[str, Any]:
    """A column as the page shows it: its findings, each with what it was called when that is another word now."""
    rows = [
        {
            "finding": row,
            "earlier": said(row.aspect) if row.aspect and row.aspect_id != getattr(column.aspect, "pk", None) else "",
            "is_open": is_legal(Verb.CORRECT, State(row.state)),
            "is_ticked": str(row.uid) in ticked,
        }
        for row in column.rows
    ]
    return {"name": _name(column), "count": column.count, "rows": rows, "href": _tab(asked, column, None)["href"]}


def sort(request: HttpRequest) -> HttpResponseBase:
    """归类 of the ticked findings. A refusal names the finding and leaves the choice as it was."""
    viewer, asked, moved = request.viewer, _asked(request), []  # type: ignore[attr-defined]
    form = _form(request, asked)
    chosen = reading.findings_by_uid(viewer, request.POST.getlist("finding"))
    if perform(form, lambda: moved.extend(_sort(viewer, asked, chosen, form.cleaned_data))):
        words = _("已归类 %(count)d 个问题") % {"count": len(moved)}
        return done(request, words, f"{reverse('desk:findings-board')}?{request.GET.urlencode()}")
    return _page(request, asked, form)


def _sort(viewer: Viewer, asked: Asked, chosen: list[Finding], said: dict[str, Any]) -> list[Finding]:
    aspect = items(viewer, "aspect", asked.year).filter(pk=int(said["aspect"])).first()
    if aspect is None:
        raise Refused("aspect-not-in-use", "请选择方面")
    return sort_findings(findings=chosen, aspect=aspect, by=viewer, note=said["note"])
