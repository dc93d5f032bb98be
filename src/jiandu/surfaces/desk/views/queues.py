"""Queues: what waits for verification, approval, a second person, a look-back, an answer; and what came of it."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.loop.findings.selectors import queues
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.desk.views.filtering import filters_of
from jiandu.surfaces.door.answers import page

SIZE = 50


@dataclass(frozen=True)
class Tab:
    """One list of a queue: its key in the query, its label, its rows, and the words for when it is empty."""

    key: str
    label: str
    rows: QuerySet[Any]
    empty: str


def paged(request: HttpRequest, rows: QuerySet[Any], size: int = SIZE) -> dict[str, Any]:
    """A page by its number, without counting: whether there is one before and after it."""
    said = request.GET.get("page", "")
    number = int(said) if said.isdigit() and 0 < int(said) <= 10_000 else 1
    shown = list(rows[(number - 1) * size : number * size + 1])
    return {
        "rows": shown[:size],
        "newer_page": number - 1 if number > 1 else None,
        "older_page": number + 1 if len(shown) > size else None,
    }


def listed(request: HttpRequest, kind: str, title: str, tabs: list[Tab], **more: Any) -> HttpResponse:
    """A queue's page: its tabs, the conditions on the finding, one page of rows."""
    viewer, filters = request.viewer, filters_of(request.GET)  # type: ignore[attr-defined]
    current = next((tab for tab in tabs if tab.key == request.GET.get("tab")), tabs[0])
    asked = replace(filters, state="")
    rows = current.rows if kind == "findings" else queues.about(viewer, current.rows, asked)
    context = {
        "title": title,
        "kind": kind,
        "row_template": f"desk/queues/_{kind}.html",
        "tabs": [{"label": tab.label, "href": f"?tab={tab.key}", "current": tab == current} for tab in tabs],
        "tab": current,
        "label": current.label,
        "said": request.GET,
        "filters": filters,
        "offices": choices.all_offices(viewer),
        "today": today(),
    }
    return page(request, "desk/queues/list.html", context | paged(request, rows) | more)


def to_verify(request: HttpRequest) -> HttpResponse:
    rows = queues.findings_to_verify(request.viewer, filters_of(request.GET))  # type: ignore[attr-defined]
    tab = Tab("", _("待核验"), rows, _("没有等待核验的问题。责任单位申请销号后会出现在这里。"))
    return listed(request, "findings", _("待核验"), [tab])


def approvals(request: HttpRequest) -> HttpResponse:
    """What I may decide, what waits at all, and the register of decisions: online or on paper."""
    viewer = request.viewer  # type: ignore[attr-defined]
    tabs = [
        Tab("", _("待我签批"), queues.my_approvals(viewer), _("没有等待您签批或确认的事项。")),
        Tab("all", _("全部待签批"), queues.waiting_approvals(viewer), _("没有等待签批的事项。")),
        Tab("done", _("签批登记"), queues.approvals_decided(viewer), _("还没有签批过的事项。")),
    ]
    return listed(request, "approvals", _("待签批"), tabs)


def instructions(request: HttpRequest) -> HttpResponse:
    """批示件 given to my offices, all of them, those answered."""
    viewer = request.viewer  # type: ignore[attr-defined]
    mine = queues.open_instructions(viewer, office_ids=queues.offices_of(viewer))
    tabs = [
        Tab("", _("本室组承办"), mine, _("没有交给本室组办理的批示件。")),
        Tab("all", _("全部在办"), queues.open_instructions(viewer), _("没有在办的批示件。")),
        Tab("done", _("已办结"), queues.instructions_answered(viewer), _("还没有办结的批示件。")),
    ]
    return listed(request, "instructions", _("批示件办理"), tabs)


def repeats(request: HttpRequest) -> HttpResponse:
    """Proposals to decide, and what was decided."""
    viewer = request.viewer  # type: ignore[attr-defined]
    tabs = [
        Tab("", _("待研判"), queues.waiting_repeats(viewer), _("没有等待研判的重复提示。")),
        Tab("done", _("已研判"), queues.repeats_decided(viewer), _("还没有研判过的重复提示。")),
    ]
    return listed(request, "repeats", _("重复提示"), tabs)
