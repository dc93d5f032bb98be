"""Supervision projects: the list, one project with its findings by state, and what is done to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.charts.chart import Bar, Point
from jiandu.base.charts.draw import to_svg
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import tallies
from jiandu.loop.findings.states import EXCLUDED, SETTLED, State
from jiandu.loop.outcomes import selectors as outcomes
from jiandu.net.access.policy import verbs
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity, Event, Party
from jiandu.sources.activities.services import planning as services
from jiandu.sources.activities.services.events import tell
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.surfaces.desk.forms import projects as forms
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.desk.views.queues import paged
from jiandu.surfaces.door.answers import done, page, perform
from jiandu.surfaces.door.routes import View

PROJECT = Activity.Kind.PROJECT
UNITS = 10


def projects(request: HttpRequest) -> HttpResponse:
    """The year's projects: who shares each, how many findings it has and how many are settled."""
    viewer, said = request.viewer, request.GET.get("year", "")  # type: ignore[attr-defined]
    year = int(said) if said.isdigit() and len(said) == 4 else None
    shown = paged(request, selectors.activities(viewer, kind=PROJECT, year=year))
    rows = shown.pop("rows")
    counts = tallies.counts_by_source(viewer, [row.uid for row in rows])
    parties = selectors.members_of(viewer, [row.pk for row in rows])
    bodies = {party.office_id for row in rows for party in parties[row.pk] if party.role == Party.Role.MEMBER}
    context = {
        "rows": [
            {"row": row, "counts": counts.get(row.uid, (0, 0)), "parties": parties[row.pk], "status": status_of(row)}
            for row in rows
        ],
        "bodies": len(bodies),
        "year": year or "",
        "may_open": guard.allow(viewer, "create", Activity),
    }
    return page(request, "desk/projects/list.html", context | shown)


def status_of(project: Activity) -> tuple[str, str]:
    """Its state in words, and the tone of it."""
    if project.merged_into_id:
        return _("已并入"), "neutral"
    if project.approved_on is None:
        return _("拟立项"), "warn"
    if project.ended_on is None:
        return _("跟进中"), "progress"
    return (_("已终止"), "neutral") if project.is_stopped else (_("同意结项"), "done")


def _found(request: HttpRequest, uid: UUID) -> Activity:
    one = selectors.activity_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if one is None or one.kind != PROJECT:
        raise Http404
    return one


def project(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One project."""
    return _show(request, _found(request, uid))


def _show(request: HttpRequest, one: Activity, opened: Any = None, *, status: int = 200) -> HttpResponse:
    """The page: who shares it, what it found by state and by unit, what came of it. A refused act's form stands open."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = verbs(viewer, one)
    parties = list(selectors.parties_of(viewer, one))
    rules, fen = outcomes.of_activity(viewer, one)
    context = {
        "project": one,
        "status": status_of(one),
        "parties": parties,
        "may_sort": guard.allow(viewer, "edit", Finding),
        "may_register": guard.allow(viewer, "create", Finding) and one.approved_on is not None,
        "acts": [act for act in ACTS if act.permission in may and act.fits(one)],
        "opened": opened or _asked(request, one, may, parties),
        "rules": rules,
        "fen": fen,
        "today": today(),
        "events": selectors.events_of(viewer, one),
        **_spread(viewer, one),
        **paged(request, tallies.rows_of(viewer, one)),
    }
    return page(request, "desk/projects/project.html", context, status=status)


def _spread(viewer: Viewer, one: Activity) -> dict[str, Any]:
    """The findings by state and unit, as figures and as pictures whose marks open the rows."""
    ledger = f"{reverse('desk:findings')}?activity={one.pk}"
    states = tallies.by_state(viewer, one)
    bars = tuple(Point(str(state.label), count, href=f"{ledger}&state={state}") for state, count in states.items())
    units = tallies.by_unit(viewer, one, UNITS)
    points = tuple(Point(name, count, href=f"{ledger}&subject={uid}") for name, uid, count in units)
    return {
        "total": sum(count for state, count in states.items() if state not in EXCLUDED),
        "settled": sum(states.get(State(state), 0) for state in SETTLED),
        "ledger": ledger,
        "by_state": to_svg(Bar(title=_("按状态"), unit=_("个"), points=bars, width=600)) if bars else "",
        "by_unit": to_svg(Bar(title=_("按责任单位"), unit=_("个"), points=points, width=600)) if points else "",
    }


def new(request: HttpRequest) -> HttpResponseBase:
    """立项, or only proposed."""
    viewer = request.viewer  # type: ignore[attr-defined]
    options = {"lead": choices.own_offices(viewer), "members": choices.bodies(viewer)}
    form = forms.ProjectForm(request.POST or None, choices=options, initial={"year": today().year})
    made: list[Activity] = []
    if request.method == "POST" and perform(form, lambda: made.append(_open(viewer, form.cleaned_data))):
        return done(request, _("已立项"), "desk:project", made[0].uid)
    return page(request, "desk/projects/new.html", {"form": form}, status=422 if form.errors else 200)


def _open(viewer: Viewer, said: dict[str, Any]) -> Activity:
    lead = office_by_pk(int(said["lead"]))
    members = [office for pk in said["members"] if (office := office_by_pk(int(pk)))]
    if lead is None:
        raise Refused("unknown-office", "请选择承办室组")
    values = {name: said[name] for name in ("year", "code", "name", "approved_on", "plan")}
    return open_activity(new=NewActivity(kind=PROJECT, lead=lead, **values), by=viewer, members=members)


@dataclass(frozen=True)
class ProjectAct:
    """What may be done to a project: the word in roles.csv, when it fits, its form, the service."""

    slug: str
    label: Any
    permission: str
    fits: Callable[[Activity], bool]
    form: Callable[..., Form]
    do: Callable[[Activity, Viewer, dict[str, Any]], Any]


def _amend(one: Activity, by: Viewer, said: dict[str, Any]) -> None:
    services.amend_activity(activity=one, by=by, name=said["name"], plan=said["plan"])
    for pk in said["members"]:
        office = office_by_pk(int(pk))
        if office is not None:
            services.join(activity=one, by=by, office=office, since=said["since"])


def _approve(one: Activity, by: Viewer, said: dict[str, Any]) -> None:
    services.approve_activity(activity=one, by=by, **said)


def _end(one: Activity, by: Viewer, said: dict[str, Any]) -> None:
    services.end_activity(activity=one, by=by, **said)


def _stop(one: Activity, by: Viewer, said: dict[str, Any]) -> None:
    services.end_activity(activity=one, by=by, is_stopped=True, **said)


def _tells(verb: str) -> Callable[[Activity, Viewer, dict[str, Any]], Any]:
    """The act that writes into the project's timeline."""
    return lambda one, by, said: tell(activity=one, by=by, verb=verb, **said)


def _merge(one: Activity, by: Viewer, said: dict[str, Any]) -> None:
    into = selectors.activity_by_code(by, PROJECT, said["code"].strip())
    if into is None:
        raise Refused("merge-main", "请选择另一个未并入的项目,并写明原因")
    services.merge_activity(activity=one, by=by, into=into, reason=said["reason"], on=said["on"])


def _is_live(one: Activity) -> bool:
    return one.merged_into_id is None and one.ended_on is None


def _is_approved(one: Activity) -> bool:
    return _is_live(one) and one.approved_on is not None


ACTS = (
    ProjectAct("follow-up", gettext_lazy("跟进"), "edit", _is_approved, forms.FollowUpForm, _tells(Event.Verb.FOLLOW_UP)),
    ProjectAct("no-change", gettext_lazy("本月无变化"), "edit", _is_approved, forms.NoChangeForm, _tells(Event.Verb.NO_CHANGE)),
    ProjectAct("edit", gettext_lazy("编辑、增加机构"), "edit", _is_live, forms.AmendForm, _amend),
    ProjectAct("approve", gettext_lazy("立项"), "approve", lambda one: _is_live(one) and one.approved_on is None, forms.ApproveForm, _approve),
    ProjectAct("end", pgettext_lazy("act", "同意结项"), "approve", _is_approved, forms.EndForm, _end),
    ProjectAct("put-off", gettext_lazy("延期结项"), "approve", _is_approved, forms.FollowUpForm, _tells(Event.Verb.PUT_OFF)),
    ProjectAct("stop", gettext_lazy("终止"), "approve", _is_approved, forms.EndForm, _stop),
    ProjectAct("merge", gettext_lazy("并入其他项目"), "approve", _is_live, forms.MergeForm, _merge),
)  # fmt: skip


def _form(viewer: Viewer, act: ProjectAct, one: Activity, parties: list[Party], data: Any = None) -> Form:
    """The act's form; bodies that take part already are not offered again."""
    if act.slug != "edit":
        return act.form(data)
    inside = {party.office_id for party in parties}
    others = [pair for pair in choices.bodies(viewer) if pair[0] not in inside]
    return act.form(data, choices={"members": others}, initial={"name": one.name, "plan": one.plan})


def _asked(request: HttpRequest, one: Activity, may: frozenset[str], parties: list[Party]) -> dict[str, Any] | None:
    """The act whose form is asked for (`?act=`), if it may be done now."""
    act = next((act for act in ACTS if act.slug == request.GET.get("act")), None)
    if act is None or act.permission not in may or not act.fits(one):
        return None
    return {"act": act, "form": _form(request.viewer, act, one, parties)}  # type: ignore[attr-defined]


def act(one: ProjectAct) -> View:
    """The view that performs an act; what is refused comes back on the page with all that was typed."""

    def view(request: HttpRequest, uid: UUID) -> HttpResponseBase:
        viewer, target = request.viewer, _found(request, uid)  # type: ignore[attr-defined]
        form = _form(viewer, one, target, list(selectors.parties_of(viewer, target)), request.POST)
        if perform(form, lambda: one.do(target, viewer, form.cleaned_data)):
            return done(request, _("已办理：%(act)s") % {"act": one.label}, "desk:project", uid)
        return _show(request, _found(request, uid), {"act": one, "form": form}, status=422)

    return view
