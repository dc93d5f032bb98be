"""The audit administrator's desk: the log, and its verification."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from jiandu.base.audit import selectors
from jiandu.base.audit.chain import Verdict, verify_chain
from jiandu.surfaces.door.answers import page

PAGE = 50


def entries(request: HttpRequest) -> HttpResponse:
    """The log, newest first, filtered; pages by number of entry."""
    return _shown(request, None)


def verify(request: HttpRequest) -> HttpResponse:
    """Reads the whole chain and says whether it holds."""
    return _shown(request, verify_chain())


def _shown(request: HttpRequest, verdict: Verdict | None) -> HttpResponse:
    said = {name: request.GET.get(name, "").strip()[:64] for name in ("actor", "verb", "obj")}
    found = selectors.entries(request.viewer, **said)  # type: ignore[attr-defined]
    before = request.GET.get("before", "")
    if before.isdigit() and len(before) < 19:
        found = found.filter(seq__lt=int(before))
    rows = list(found[: PAGE + 1])
    older = rows[PAGE - 1].seq if len(rows) > PAGE else None
    words = (verdict.reason_en if get_language() == "en" else verdict.reason_zh) if verdict else ""
    context = {"rows": rows[:PAGE], "older": older, "said": said, "verdict": verdict, "words": words}
    return page(request, "desk/offices/audit.html", context)
