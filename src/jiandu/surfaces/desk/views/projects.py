"""Supervision projects: the list, one project with its findings, a new one."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings import selectors as findings
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services import NewActivity, open_activity
from jiandu.surfaces.desk.forms.findings import ProjectForm
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.door.answers import done, page, perform


def projects(request: HttpRequest) -> HttpResponse:
    """The year's projects, each with how many findings it has and how many are settled."""
    viewer = request.viewer  # type: ignore[attr-defined]
    said = request.GET.get("year", "")
    year = int(said) if said.isdigit() and len(said) == 4 else None
    rows = list(
        selectors.activities(viewer, kind=Activity.Kind.PROJECT, year=year).select_related("owner_office")[:500]
    )
    counts = findings.counts_by_source(viewer, [row.uid for row in rows])
    listed = [{"row": row, "counts": counts.get(row.uid, (0, 0))} for row in rows]
    return page(request, "desk/projects/list.html", {"rows": listed, "year": year or ""})


def project(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One project: who shares it, what it found."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = selectors.activity_by_uid(viewer, uid)
    if one is None:
        raise Http404
    rows = (
        findings.ledger(viewer, findings.Filters(activity=one.pk))
        .select_related("subject")
        .order_by("-registered_on", "-id")
    )
    context = {
        "project": one,
        "parties": selectors.parties_of(viewer, one),
        "rows": rows[:500],
        "today": today(),
        "counts": findings.counts_of(viewer, findings.Filters(activity=one.pk)),
    }
    return page(request, "desk/projects/project.html", context)


def new(request: HttpRequest) -> HttpResponseBase:
    """立项."""
    viewer = request.viewer  # type: ignore[attr-defined]
    options = {"lead": choices.own_offices(viewer), "members": choices.all_offices(viewer)}
    form = ProjectForm(request.POST or None, choices=options, initial={"year": today().year})
    made: list[Activity] = []
    if request.method == "POST" and perform(form, lambda: made.append(_open(viewer, form.cleaned_data))):
        return done(request, _("已立项"), "desk:project", made[0].uid)
    return page(request, "desk/projects/new.html", {"form": form}, status=422 if form.errors else 200)


def _open(viewer: Viewer, said: dict[str, Any]) -> Activity:
    lead = office_by_pk(int(said["lead"]))
    members = [office for pk in said["members"] if (office := office_by_pk(int(pk)))]
    if lead is None:
        raise Refused("unknown-office", "请选择承办室组")
    values = {name: said[name] for name in ("year", "code", "name", "approved_on")}
    return open_activity(new=NewActivity(kind=Activity.Kind.PROJECT, lead=lead, **values), by=viewer, members=members)
