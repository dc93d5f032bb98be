"""单位档案: everything about one unit, on tabs; who keeps the directory keeps it here."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.net.overseers import selectors as overseers
from jiandu.net.subjects import selectors as subjects
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.directory import UNIT, UNITS, acts_for
from jiandu.surfaces.desk.forms.directory import AsOfForm
from jiandu.surfaces.desk.rooms import Opened, Room
from jiandu.surfaces.desk.views.schedule import unit_tab
from jiandu.surfaces.desk.views.unit_file import findings_tab, outcomes_tab
from jiandu.surfaces.door.answers import page

PAGE = 50
MOST = 2_000  # rows of a list in print


def show_units(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Units in the order of the tree, or those that a name, an earlier name or a credit code finds."""
    text, kind = request.GET.get("q", "").strip()[:50], request.GET.get("kind", "")[:16]
    with_closed = bool(request.GET.get("closed"))
    if text:
        rows, paged = subjects.find_units(viewer, text, limit=PAGE), None
    else:
        paged = Paginator(subjects.units_listed(viewer, with_closed=with_closed, kind=kind), PAGE).get_page(
            request.GET.get("page")
        )
        rows = list(paged.object_list)
    context = {
        "said": {"q": text, "kind": kind, "closed": with_closed},
        "rows": rows,
        "paged": paged,
        "earlier": subjects.earlier_names(viewer, rows) if text else {},
        "kinds": [("", "—"), *Organisation.Kind.choices],
        "acts": acts_for(UNITS, viewer) if guard.allow(viewer, "edit", Organisation) else [],
        "opened": opened,
    }
    return page(request, "desk/offices/units.html", context, status=status)


def show_unit(request: HttpRequest, unit: Organisation, opened: Opened | None, status: int) -> HttpResponse:
    """One unit; what it says depends on the tab."""
    viewer = request.viewer  # type: ignore[attr-defined]
    sees_business = guard.allow(viewer, "view", Finding)
    tabs = {"history": _history, **({"findings": findings_tab, "outcomes": outcomes_tab} if sees_business else {})}
    if guard.allow(viewer, "view", Activity):
        tabs["schedule"] = unit_tab
    tabs["all"] = _whole
    tab = request.GET.get("tab", "")
    context = {
        "unit": unit,
        "tab": tab if tab in tabs else "facts",
        "sees_business": sees_business,
        "sees_schedule": "schedule" in tabs,
        "may_export": guard.allow(viewer, "export", Finding) and guard.allow(viewer, "report", Finding),
        "keeps": guard.allow(viewer, "edit", Organisation),
        "acts": acts_for(UNIT, unit) if guard.allow(viewer, "edit", Organisation) else [],
        "opened": opened,
        "today": today(),
        **tabs.get(tab, _facts)(request, viewer, unit),
    }
    return page(request, "desk/offices/unit.html", context, status=status)


def _whole(request: HttpRequest, viewer: Viewer, unit: Organisation) -> dict[str, Any]:
    """All sections one after another, each with all its rows: for print."""
    sections: list[tuple[Any, str, dict[str, Any]]] = [(_("概况"), "facts", _facts(request, viewer, unit))]
    if guard.allow(viewer, "view", Finding):
        sections.append((_("问题"), "findings", findings_tab(request, viewer, unit, MOST)))
        sections.append((_("成效与项目"), "outcomes", outcomes_tab(request, viewer, unit, MOST)))
    sections.append((_("沿革与任职"), "history", _history(request, viewer, unit)))
    shared = {"unit": unit, "whole": True, "today": today()}
    pages = [
        (title, render_to_string(f"desk/offices/_unit_{name}.html", {**said, **shared}, request))
        for title, name, said in sections
    ]
    return {"sections": pages, "is_below": request.GET.get("below", "") == "1", "has_below": unit.children.exists()}


def _facts(_request: HttpRequest, viewer: Viewer, unit: Organisation) -> dict[str, Any]:
    """Who leads it, who is in charge of it, who watches it; the units below."""
    return {
        "posts": [post for post in subjects.posts_ever(viewer, unit) if post.until is None or post.until >= today()],
        "charges": _now(subjects.charges_ever(viewer, organisation=unit)),
        "links": _now(overseers.links_ever(viewer, organisation=unit)),
        "watched": _now(overseers.watched_ever(viewer, organisation=unit)),
        "above": overseers.supervisors_of(viewer, unit, today()),
        "children": subjects.children_of(viewer, unit),
    }


def _now(rows: Any) -> list[Any]:
    return [row for row in rows if row.until is None or row.until >= today()]


def _history(request: HttpRequest, viewer: Viewer, unit: Organisation) -> dict[str, Any]:
    """Its names and places, all posts and ties that ever held; and how it stood on any day."""
    form = AsOfForm(request.GET if request.GET.get("on") else None)
    day = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    then = subjects.organisation_as_of(viewer, unit, day) if day else None
    return {
        "form": form,
        "day": day,
        "then": then,
        "then_posts": subjects.posts_on(viewer, unit, day) if then and day else [],
        "versions": subjects.history(viewer, unit),
        "merged": unit.merged.order_by("pk"),
        "posts": subjects.posts_ever(viewer, unit),
        "charges": subjects.charges_ever(viewer, organisation=unit),
        "links": overseers.links_ever(viewer, organisation=unit),
        "watched": overseers.watched_ever(viewer, organisation=unit),
    }


def _found(_viewer: Viewer, uid: UUID) -> Organisation | None:
    return subjects.organisation_by_uid(uid)


UNITS_ROOM = Room("desk:units", lambda viewer: viewer, show_units, Organisation, UNITS)
UNIT_ROOM = Room("desk:unit", _found, show_unit, Organisation, UNIT)
