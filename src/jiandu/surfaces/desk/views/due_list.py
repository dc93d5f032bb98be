"""催办清单: what is overdue or due soon, office by office, to be printed for the week."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from jiandu.base.core.clock import today
from jiandu.loop.findings.due_word import due_docx
from jiandu.loop.findings.selectors.due_list import MOST, WINDOWS, OfOffice, due_list
from jiandu.surfaces.desk.handing_out import Paper, hand_out
from jiandu.surfaces.door.answers import page


def show(request: HttpRequest) -> HttpResponse:
    """The list for the coming days, one section an office."""
    days, office = _asked(request)
    found = due_list(request.viewer, days, office=office)  # type: ignore[attr-defined]
    totals = {"overdue": sum(one.overdue for one in found), "due": sum(one.due for one in found)}
    context: dict[str, Any] = {
        "days": days,
        "windows": list(WINDOWS),
        "office": office,
        "sections": [{"said": one, **_links(one, days)} for one in found],
        "totals": totals,
        "most": MOST if sum(len(one.rows) for one in found) < sum(totals.values()) else 0,
        "today": today(),
    }
    return page(request, "desk/queues/due_list.html", context)


def word(request: HttpRequest) -> HttpResponse:
    """The list as Word or PDF."""
    viewer, (days, office) = request.viewer, _asked(request)  # type: ignore[attr-defined]
    name = f"催办清单_{today():%Y%m%d}"
    paper = Paper("due_list", name, lambda mark: due_docx(viewer, days, office=office, mark=mark), is_inner=True)
    return hand_out(request, "list.paper", None, paper)


def _asked(request: HttpRequest) -> tuple[int, int | None]:
    """The days ahead (one of the windows) and the office, if one is asked for."""
    days, office = request.GET.get("days", ""), request.GET.get("office", "")
    known = int(days) if days.isdigit() and len(days) < 3 and int(days) in WINDOWS else next(iter(WINDOWS))
    return known, int(office) if office.isdigit() and len(office) < 10 else None


def _links(one: OfOffice, days: int) -> dict[str, str]:
    """Where the rows behind the numbers of an office open; and the list of that office alone."""
    ledger = reverse("desk:findings")
    return {
        "overdue_href": f"{ledger}?{urlencode({'office': one.office.pk, 'due': 'overdue', 'sort': 'due_on'})}",
        "due_href": f"{ledger}?{urlencode({'office': one.office.pk, 'due': WINDOWS[days], 'sort': 'due_on'})}",
        "alone": f"?{urlencode({'days': days, 'office': one.office.pk})}",
    }
