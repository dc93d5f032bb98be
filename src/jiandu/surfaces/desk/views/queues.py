"""Queues: what waits for verification, approval, a second person, a look-back, an answer; and what came of it."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import queues
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.net.access.selectors import Sought
from jiandu.surfaces.desk.told.instructed import Instructed
from jiandu.surfaces.desk.told.signed import Register
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.desk.views.filtering import filters_of
from jiandu.surfaces.door.answers import page

SIZE = 50


@dataclass(frozen=True)
class Tab:
    """One list of a queue: its key in the query, its label, its rows, and the words for when it is empty."""

    key: str
    label: str
    rows: QuerySet[Any] | Register | Instructed
    empty: str


def paged(request: HttpRequest, rows: QuerySet[Any] | Register | Instructed, size: int = SIZE) -> dict[str, Any]:
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
    rows = current.rows
    if kind != "findings" and not isinstance(rows, Register | Instructed):
        rows = queues.about(viewer, rows, asked)
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
    """What I may decide or confirm, what waits at all, and the register of decisions, of whatever kind: online or on paper.

    Conditions on the finding leave its approvals alone.
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    said = (
        ("", "mine", _("待我签批"), _("没有等待您签批或确认的事项。")),
        ("all", "all", _("全部待签批"), _("没有等待签批的事项。")),
        ("done", "done", _("签批登记"), _("还没有签批过的事项。")),
    )
    if filters_of(request.GET) == Filters():
        tabs = [Tab(key, label, Register(viewer, which), empty) for key, which, label, empty in said]
        return listed(request, "signed", _("待签批"), tabs)
    tabs = [Tab(key, label, queues.approvals(viewer, which), empty) for key, which, label, empty in said]
    return listed(request, "approvals", _("待签批"), tabs)


def instructions(request: HttpRequest) -> HttpResponse:
    """批示件 given to my offices, all of them, those answered: on findings, letters and activities.

    Who gives them and answers none (a leader, his secretary) begins with all that are open.
    """
    viewer, asked = request.viewer, filters_of(request.GET)  # type: ignore[attr-defined]
    sought = Sought(asked.text, units=asked.units, office=asked.office)
    said = [
        ("mine", _("本室组承办"), _("没有交给本室组办理的批示件。")),
        ("all", _("全部在办"), _("没有在办的批示件。")),
        ("done", _("已办结"), _("还没有办结的批示件。")),
    ][0 if guard.allow(viewer, "edit", Finding) else 1 :]
    tabs = [
        Tab(which if place else "", label, Instructed(viewer, which, sought), empty)
        for place, (which, label, empty) in enumerate(said)
    ]
    return listed(request, "instructions", _("批示件办理"), tabs)


def breaches(request: HttpRequest) -> HttpResponse:
    """数据预警: the rules that recorded history broke, by rule."""
    viewer, none = request.viewer, _("没有数据预警。导入的历史与规则不符的，会列在这里。")  # type: ignore[attr-defined]
    said = {
        "": _("全部"),
        "verify-independent": _("核验人与责任人同名"),
        "approve-other-person": _("审批人与核验人或责任人同名"),
        "verifier-missing": _("没有核验人"),
        "dates-in-order": _("日期先后不符"),
    }
    tabs = [Tab(rule, label, queues.breaches(viewer, rule), none) for rule, label in said.items()]
    return listed(request, "breaches", _("数据预警"), tabs)


def repeats(request: HttpRequest) -> HttpResponse:
    """Proposals to decide, and what was decided."""
    viewer = request.viewer  # type: ignore[attr-defined]
    tabs = [
        Tab("", _("待研判"), queues.waiting_repeats(viewer), _("没有等待研判的重复提示。")),
        Tab("done", _("已研判"), queues.repeats_decided(viewer), _("还没有研判过的重复提示。")),
    ]
    return listed(request, "repeats", _("重复提示"), tabs)
