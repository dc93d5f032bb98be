"""Queues: what waits for verification, approval, a second person, a look-back, an answer."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.loop.findings import queues
from jiandu.surfaces.door.answers import page

MOST = 200


def to_verify(request: HttpRequest) -> HttpResponse:
    rows = queues.to_verify(request.viewer)[:MOST]  # type: ignore[attr-defined]
    return page(request, "desk/queues/findings.html", {"rows": rows, "title": _("待核验"), "today": today()})


def approvals(request: HttpRequest) -> HttpResponse:
    rows = queues.waiting_approvals(request.viewer)[:MOST]  # type: ignore[attr-defined]
    return page(request, "desk/queues/approvals.html", {"rows": rows})


def look_backs(request: HttpRequest) -> HttpResponse:
    rows = queues.look_back_plan(request.viewer)[:MOST]  # type: ignore[attr-defined]
    return page(request, "desk/queues/look_backs.html", {"rows": rows, "today": today()})


def instructions(request: HttpRequest) -> HttpResponse:
    rows = queues.open_instructions(request.viewer)[:MOST]  # type: ignore[attr-defined]
    return page(request, "desk/queues/instructions.html", {"rows": rows, "today": today()})


def repeats(request: HttpRequest) -> HttpResponse:
    rows = queues.waiting_repeats(request.viewer)[:MOST]  # type: ignore[attr-defined]
    return page(request, "desk/queues/repeats.html", {"rows": rows})
