"""问题台账: the findings in scope, filtered, in the columns that the reader wants; many of them assigned at once."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding, SavedView
from jiandu.loop.findings.selectors import paging, reading, viewing
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.loop.findings.services import moves
from jiandu.loop.findings.services import viewing as views
from jiandu.surfaces.desk import columns as cols
from jiandu.surfaces.desk.forms.ledger import BulkForm, ViewForm
from jiandu.surfaces.desk.views.filtering import chips, filters_of, kept, options
from jiandu.surfaces.door.answers import done, page, perform, words_of

YEAR = 365 * 86400
COOKIE = "columns"


def ledger(request: HttpRequest) -> HttpResponseBase:
    """The ledger; asked for without any condition, the reader's own first view."""
    mine = list(viewing.views_of(request.viewer))  # type: ignore[attr-defined]
    first = next((view for view in mine if view.is_default), None)
    if first is not None and not request.GET:
        return HttpResponseRedirect(f"{reverse('desk:findings')}?{query_of(first)}")
    return _page(request, mine)


def query_of(view: SavedView) -> str:
    return f"{view.query}&view={view.uid}".lstrip("&")


def _page(request: HttpRequest, mine: list[SavedView], *, status: int = 200, **more: Any) -> HttpResponse:
    """The page; `more` is what a refused act puts on it."""
    viewer, said = request.viewer, request.GET  # type: ignore[attr-defined]
    filters = filters_of(said)
    known = options(viewer, filters)
    view = next((one for one in mine if str(one.uid) == said.get("view")), None)
    context = {
        "filters": filters,
        "known": known,
        "chips": chips(said, filters, known),
        "said": said,
        "kept": kept(said),
        "views": tabs(reverse("desk:findings"), mine, view),
        "view": view,
        "view_form": ViewForm(initial={"name": view.name, "is_default": view.is_default} if view else None),
        "bulk_form": BulkForm(),
        "may": {
            verb
            for verb in ("create", "verify", "edit", "assign", "import", "export")
            if guard.allow(viewer, verb, Finding)
        },
        **_rows(request, filters, view),
    }
    return page(request, "desk/findings/ledger.html", context | more, status=status)


def _rows(request: HttpRequest, filters: Filters, view: SavedView | None) -> dict[str, Any]:
    """One page of rows in their order, in the columns of the view or the browser."""
    said = request.GET
    sort = said.get("sort", "") if said.get("sort") in paging.ORDERS else paging.NEWEST
    shown = paging.page_in(request.viewer, filters, order=sort, key=said.get("key", ""))  # type: ignore[attr-defined]
    columns = cols.chosen((view.columns if view else request.COOKIES.get(COOKIE, "")).split(","))
    return {
        "shown": shown,
        "sort": sort,
        "table": cols.table(shown.rows, columns, today(), request.POST.getlist("finding")),
        "all_columns": [{"column": one, "is_on": one in columns} for one in cols.COLUMNS],
    }


def tabs(place: str, mine: list[SavedView], current: SavedView | None) -> list[dict[str, Any]]:
    """The whole ledger and the reader's own views, at one of the places that show it."""
    whole: dict[str, Any] = {"label": _("全部"), "href": f"{place}?all=1", "current": current is None}
    return [whole] + [
        {"label": one.name, "href": f"{place}?{query_of(one)}", "current": one == current} for one in mine
    ]


def _here(request: HttpRequest) -> str:
    """The ledger as it was looked at: the conditions stand in the address of the act."""
    query = request.GET.urlencode()
    return reverse("desk:findings") + (f"?{query}" if query else "")


def assign_many(request: HttpRequest) -> HttpResponseBase:
    """交办 of the chosen findings: all of them or none. A refusal names the finding and leaves the choice as it was."""
    viewer, form = request.viewer, BulkForm(request.POST)  # type: ignore[attr-defined]
    chosen = reading.findings_by_uid(viewer, request.POST.getlist("finding"))
    if not chosen:
        form.add_error(None, _("请先在台账中勾选问题"))
    code = ""
    try:
        with transaction.atomic():
            for each in chosen if form.is_valid() else []:
                code = each.code
                moves.assign(finding=each, by=viewer, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, _("%(code)s 不能交办:%(reason)s") % {"code": code, "reason": words_of(refused)})
    if form.errors:
        return _page(request, list(viewing.views_of(viewer)), bulk_form=form, status=422)
    return done(request, _("已交办 %(count)d 个问题") % {"count": len(chosen)}, _here(request))


def columns(request: HttpRequest) -> HttpResponseBase:
    """Which columns to show: for the view that is open, else for this browser."""
    viewer = request.viewer  # type: ignore[attr-defined]
    keys = [column.key for column in cols.chosen(request.POST.getlist("column"))]
    view = viewing.view_by_uid(viewer, request.GET.get("view", ""))
    response = HttpResponseRedirect(_here(request), status=303)
    if view is None:
        response.set_cookie(COOKIE, ",".join(keys), max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
    else:
        views.save_view(by=viewer, name=view.name, query=view.query, columns=keys, is_default=view.is_default)
    return response


def save(request: HttpRequest) -> HttpResponseBase:
    """Keeps the conditions and columns of the page under a name."""
    viewer, form = request.viewer, ViewForm(request.POST)  # type: ignore[attr-defined]
    view = viewing.view_by_uid(viewer, request.GET.get("view", ""))
    keys = (view.columns if view else request.COOKIES.get(COOKIE, "")).split(",")
    wanted = [column.key for column in cols.chosen(keys)]
    made: list[SavedView] = []
    act = lambda: made.append(views.save_view(by=viewer, query=kept(request.GET), columns=wanted, **form.cleaned_data))  # noqa: E731
    if perform(form, act):
        return done(request, _("已保存视图"), f"{reverse('desk:findings')}?{query_of(made[0])}")
    return _page(request, list(viewing.views_of(viewer)), view_form=form, status=422)


def drop(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """A view is wanted no more."""
    viewer = request.viewer  # type: ignore[attr-defined]
    view = viewing.view_by_uid(viewer, str(uid))
    if view is None:
        raise Http404
    views.drop_view(view=view, by=viewer)
    return done(request, _("已删除视图"), f"{reverse('desk:findings')}?all=1")
