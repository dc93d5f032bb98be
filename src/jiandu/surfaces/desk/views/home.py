"""工作台: what waits for me, what runs, what is due, what is overdue, what is done."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.loop.findings import selectors
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import Filters
from jiandu.loop.findings.states import State
from jiandu.surfaces.door.answers import page

SHOWN = 15


def home(request: HttpRequest) -> HttpResponse:
    """The desk; an administrator, who sees no business, gets the door to his own room."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if not guard.allow(viewer, "view", Finding):
        return page(request, "desk/home/plain.html")
    tab = request.GET.get("tab", "todo")
    context: dict[str, Any] = {"tab": tab, "counts": selectors.desk_counts(viewer), "today": today()}
    if tab in {"running", "soon", "overdue", "done"}:
        context["rows"] = _rows(viewer, tab)
    else:
        context["tab"] = "todo"
        context["approvals"] = selectors.waiting_approvals(viewer)[:SHOWN]
        context["verifying"] = selectors.to_verify(viewer)[:SHOWN] if guard.allow(viewer, "verify", Finding) else []
        context["repeats"] = selectors.waiting_repeats(viewer)[:SHOWN] if guard.allow(viewer, "edit", Finding) else []
        context["instructions"] = selectors.open_instructions(viewer)[:SHOWN]
        context["assigned"] = (
            selectors.ledger(viewer, Filters(state=State.ASSIGNED)).select_related("subject").order_by("due_on")[:SHOWN]
        )
    return page(request, "desk/home/home.html", context)


def _rows(viewer: guard.Viewer, tab: str) -> list[Finding]:
    filters = {
        "running": Filters(state=State.RECTIFYING),
        "soon": Filters(due="soon"),
        "overdue": Filters(due="overdue"),
        "done": Filters(state=State.CLOSED),
    }
    order = ("-closed_on", "-id") if tab == "done" else ("due_on", "id")
    return list(selectors.ledger(viewer, filters[tab]).select_related("subject", "owner_office").order_by(*order)[:50])
