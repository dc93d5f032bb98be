"""The portal's notices: rows that hold nothing but what is public. Whoever reads them is as unknown as whoever reports."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse

from jiandu.base.published.models import NoticeKind
from jiandu.base.published.selectors import notice as notice_of
from jiandu.base.published.selectors import notices
from jiandu.surfaces.portal.pages import show

A_PAGE = 20
GONE = 410


def listed(request: HttpRequest) -> HttpResponse:
    """The latest first, all or of one kind."""
    kind = request.GET.get("kind", "") if request.GET.get("kind") in NoticeKind else ""
    shown = Paginator(notices(kind), A_PAGE).get_page(request.GET.get("page"))
    kinds: list[dict[str, Any]] = [{"key": key, "label": label} for key, label in NoticeKind.choices]
    return show(request, "notices", {"shown": shown, "kinds": kinds, "kind": kind})


def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A notice; withdrawn, that it was and when."""
    found = notice_of(uid)
    if found is None:
        raise Http404
    lines = [line for line in found.text.splitlines() if line.strip()]
    status = 200 if found.withdrawn_on is None else GONE
    return show(request, "notice", {"notice": found, "lines": lines}, status=status)
