"""问题台账: the findings in scope, filtered, in the columns that the reader wants; many of them assigned at once."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings import selectors
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import moves
from jiandu.loop.findings.states import State
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.desk.views.filtering import filters_of
from jiandu.surfaces.door.answers import done, page, words_of


def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger in scope, filtered, newest first."""
    return _page(request)


def _page(request: HttpRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    viewer = request.viewer  # type: ignore[attr-defined]
    filters = filters_of(request.GET)
    found = selectors.ledger(viewer, filters).select_related("subject", "owner_office", "aspect")
    context: dict[str, Any] = {
        "shown": selectors.page_of(found, key=request.GET.get("key", "")),
        "filters": filters,
        "said": request.GET,
        "aspects": choices.aspects(viewer, filters.year or today().year),
        "offices": choices.all_offices(viewer),
        "states": State.choices,
        "types": Finding.Rectification.choices,
        "urgings": Finding.Urging.choices,
        "today": today(),
        "refused": refused,
        "chosen": request.POST.getlist("finding"),
    }
    return page(request, "desk/findings/ledger.html", context, status=status)


def assign_many(request: HttpRequest) -> HttpResponseBase:
    """交办 of the chosen findings: all of them or none. A refusal names the finding and leaves the choice as it was."""
    viewer, said = request.viewer, request.POST  # type: ignore[attr-defined]
    chosen = selectors.findings_by_uid(viewer, said.getlist("finding"))
    kind = said.get("rectification", "")
    kind = kind if kind in Finding.Rectification.values else Finding.Rectification.BY_TERM
    code = ""
    try:
        with transaction.atomic():
            for each in chosen:
                code = each.code
                moves.assign(finding=each, by=viewer, on=today(), rectification=kind, due_on=None)
    except Refused as refused:
        return _page(request, refused=f"{code}:{words_of(refused)}", status=422)
    return done(request, _("已交办 %(count)d 个问题") % {"count": len(chosen)}, "desk:findings")
