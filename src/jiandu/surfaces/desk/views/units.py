"""单位档案: everything about one unit."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse

from jiandu.base.core.clock import today
from jiandu.loop.findings import selectors as findings
from jiandu.loop.outcomes import selectors as outcomes
from jiandu.net.overseers import selectors as overseers
from jiandu.net.subjects import selectors as subjects
from jiandu.surfaces.door.answers import page

PAGE = 50
NEWEST = 10


def units(request: HttpRequest) -> HttpResponse:
    """Units by name."""
    viewer, text = request.viewer, request.GET.get("q", "").strip()[:50]  # type: ignore[attr-defined]
    if text:
        rows = subjects.search_organisations(viewer, text, on=today(), limit=PAGE)
        return page(request, "desk/offices/units.html", {"text": text, "rows": rows})
    paged = Paginator(subjects.organisations(viewer, on=today()), PAGE).get_page(request.GET.get("page"))
    return page(request, "desk/offices/units.html", {"text": "", "rows": paged.object_list, "paged": paged})


def unit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One unit: names, posts, leaders, who supervises it, its findings and what came of them."""
    viewer, day = request.viewer, today()  # type: ignore[attr-defined]
    organisation = subjects.organisation_by_uid(uid)
    if organisation is None:
        raise Http404
    of_unit = findings.Filters(subject=organisation)
    context = {
        "unit": organisation,
        "history": subjects.history(viewer, organisation),
        "posts": subjects.posts_on(viewer, organisation, day).select_related("person"),
        "charged": subjects.leaders_in_charge(viewer, organisation, day),
        "linked": overseers.leaders_linked(viewer, organisation, day),
        "supervisors": overseers.supervisors_of(viewer, organisation, day),
        "counts": findings.counts_of(viewer, of_unit),
        "newest": findings.ledger(viewer, of_unit).order_by("-registered_on", "-id")[:NEWEST],
        "outcomes": outcomes.of_unit(viewer, organisation),
    }
    return page(request, "desk/offices/unit.html", context)
