"""Supervision projects: the list, one project with its findings by state, and what is done to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
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
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.outcomes import selectors as outcomes
from jiandu.net.access.deciding import Signature
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity, ActivityApproval, ActivityInstruction, Event, Party
from jiandu.sources.activities.project_parts import PlanLine
from jiandu.sources.activities.services import deciding, planning, plans, proposing, urging
from jiandu.sources.activities.services.events import tell, withdraw_event
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import projects as forms
from jiandu.surfaces.desk.forms.approving import DecideActivityForm, TakeBackForm
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.sheeted import sheet
from jiandu.surfaces.desk.told import projects as told
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.desk.views.approving import paper_acts
from jiandu.surfaces.desk.views.instructing import instruction_acts
from jiandu.surfaces.desk.views.queues import paged
from jiandu.surfaces.door.answers import done, page, perform

PROJECT = Activity.Kind.PROJECT
UNITS = 10


def projects(request: HttpRequest) -> HttpResponse:
    """The year's projects: who shares each, how many findings it has and how many are settled."""
    viewer, year = request.viewer, registers.year_of(request)  # type: ignore[attr-defined]
    found = selectors.activities(viewer, kind=PROJECT, year=year)
    if request.GET.get("format") == "xlsx":
        return sheet(request, "desk:projects", told.plans(found))
    shown = paged(request, found)
    rows = _listed(viewer, shown.pop("rows"))
    members = {party.office_id for row in rows for party in row["parties"] if party.role == Party.Role.MEMBER}
    context = {
        "rows": rows,
        "bodies": len(members),
        "year": year or "",
        "may_open": guard.allow(viewer, "create", Activity),
        "may_edit": guard.allow(viewer, "edit", Activity),
    }
    return page(request, "desk/projects/list.html", context | shown)


def _listed(viewer: Viewer, rows: list[Activity]) -> list[dict[str, Any]]:
    """A page of projects: the counts, bodies, state of each, and where it went."""
    keys = [row.pk for row in rows]
    counts = tallies.counts_by_source(viewer, [row.uid for row in rows])
    parties, closing = selectors.members_of(viewer, keys), selectors.in_closing(viewer, keys)
    gone = [row.merged_into_id for row in rows if row.merged_into_id]
    into = {one.pk: one for one in selectors.activities_of(viewer, gone)} if gone else {}
    return [
        {
            "row": row,
            "counts": counts.get(row.uid, (0, 0)),
            "parties": parties[row.pk],
            "status": status_of(row, is_closing=row.pk in closing),
            "into": into.get(row.merged_into_id or 0),
        }
        for row in rows
    ]


def status_of(project: Activity, *, is_closing: bool = False) -> tuple[str, str]:
    """Its state in words, and the tone of it."""
    if project.merged_into_id:
        return _("已并入"), "neutral"
    if project.dropped_on:
        return _("不予立项"), "neutral"
    if project.approved_on is None:
        return _("拟立项"), "warn"
    if project.ended_on is None:
        return (_("待结项"), "warn") if is_closing else (_("跟进中"), "progress")
    return (_("已终止"), "neutral") if project.is_stopped else (_("同意结项"), "done")


def show_project(request: HttpRequest, one: Activity, opened: Opened | None, status: int) -> HttpResponse:
    """The page: who shares it, what it found by state and by unit, what came of it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, ROOM, one)
    rules, fen = outcomes.of_activity(viewer, one)
    signed = list(selectors.approvals_of(viewer, one))
    context = {
        "project": one,
        "status": status_of(
            one, is_closing=any(row.verb in selectors.ENDINGS and row.status in selectors.WAITS for row in signed)
        ),
        "parties": list(one.parties.all()),
        "may_sort": guard.allow(viewer, "edit", Finding),
        "may_write": guard.allow(viewer, "create", Instrument) and one.approved_on is not None,
        "may_register": guard.allow(viewer, "create", Finding) and one.approved_on is not None,
        "acts": may.acts(),
        "opened": opened,
        "rules": rules,
        "fen": fen,
        "sections": registers.as_shown(told.sections(viewer, one, may, signed)),
        "today": today(),
        **_spread(viewer, one),
        **paged(request, tallies.rows_of(viewer, one)),
    }
    return page(request, "desk/projects/project.html", context, status=status)


def show_plan(request: HttpRequest, one: Activity, opened: Opened | None, status: int) -> HttpResponse:
    """The second page: what each body has entered, what it is urged for, how the project is to end."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, PLAN_ROOM, one)
    return registers.show(request, told.progress(viewer, one, may), may, opened, status)


def _spread(viewer: Viewer, one: Activity) -> dict[str, Any]:
    """The findings by state and unit, as figures and as pictures whose marks open the rows."""
    ledger = f"{reverse('desk:findings')}?activity={one.pk}"
    states, units = tallies.spread(viewer, one, UNITS)
    bars = tuple(Point(str(state.label), count, href=f"{ledger}&state={state}") for state, count in states.items())
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
    may_approve = guard.allow(viewer, "approve", Activity)
    begun = {"year": today().year}
    form = forms.ProjectForm(request.POST or None, choices=options, initial=begun, may_approve=may_approve)
    made: list[Activity] = []
    if request.method == "POST" and perform(form, lambda: made.append(_open(viewer, form.cleaned_data))):
        words = _("已立项") if made[0].approved_on else _("已登记为拟立项")
        return done(request, words, "desk:project", made[0].uid)
    context = {"form": form, "may_approve": may_approve}
    return page(request, "desk/projects/new.html", context, status=422 if form.errors else 200)


def _open(viewer: Viewer, said: dict[str, Any]) -> Activity:
    lead = office_by_pk(int(said["lead"]))
    members = [office for pk in said["members"] if (office := office_by_pk(int(pk)))]
    if lead is None:
        raise Refused("unknown-office", "请选择承办室组")
    names = ("year", "code", "name", "approved_on", "due_on", "plan")  # the date only where it was asked
    values: dict[str, Any] = {name: said[name] for name in names if name in said}
    return open_activity(new=NewActivity(kind=PROJECT, lead=lead, **values), by=viewer, members=members)


def _amend(one: Activity, said: dict[str, Any], by: Viewer) -> None:
    planning.amend_activity(activity=one, by=by, name=said["name"], plan=said["plan"], due_on=said["due_on"])
    for pk in said["members"]:
        office = office_by_pk(int(pk))
        if office is not None:
            planning.join(activity=one, by=by, office=office, since=said["since"])


def _merge(one: Activity, said: dict[str, Any], by: Viewer) -> None:
    into = _main(said, by)
    deciding.merge_activity(activity=one, by=by, into=into, reason=said["reason"], on=said["on"])


def _main(said: dict[str, Any], by: Viewer) -> Activity:
    """The project that another goes into, by its number. Raises Refused (merge-main)."""
    into = selectors.activity_by_code(by, PROJECT, said["code"].strip())
    if into is None:
        raise Refused("merge-main", "请选择另一个未并入的项目,并写明原因")
    return into


def _propose(one: Activity, said: dict[str, Any], by: Viewer) -> None:
    into = _main(said, by) if said["verb"] == deciding.Verb.MERGE else None
    proposing.propose(activity=one, by=by, verb=said["verb"], reason=said["reason"], into=into)


def _evaluate(one: Activity, said: dict[str, Any], by: Viewer) -> None:
    values: dict[str, Any] = said | forms.counted(by, one)
    new = proposing.NewClosing(**values)
    proposing.evaluate(activity=one, by=by, new=new)


def _decide(row: ActivityApproval, said: dict[str, Any], by: Viewer) -> None:
    proposing.decide(approval=row, by=by, signature=Signature(said["is_granted"] == "yes", said["on"], said["opinion"]))


def _row(name: str) -> Any:
    """A row of the project's own list by key."""
    return lambda one, key: getattr(one, name).filter(pk=key).first()


def _no_change(one: Activity, said: dict[str, Any], by: Viewer) -> None:
    tell(activity=one, by=by, verb=Event.Verb.NO_CHANGE, on=said["on"] or today())


def _note(one: Activity, key: int) -> Event | None:
    """A note of the follow-up while it stands: what was decided is not taken back here."""
    return one.events.filter(pk=key, verb__in=told.NOTES, withdrawn_on__isnull=True).first()


def _line(one: Activity, key: int) -> PlanLine | None:
    """A line of the plan while it stands."""
    return one.plan_lines.filter(pk=key, withdrawn_on__isnull=True).first()


def _is_live(one: Activity) -> bool:
    return one.merged_into_id is None and one.ended_on is None and one.dropped_on is None


def _is_proposed(one: Activity) -> bool:
    return _is_live(one) and one.approved_on is None


def _is_approved(one: Activity) -> bool:
    return _is_live(one) and one.approved_on is not None


ROOM = Room(
    "desk:project",
    selectors.project_by_uid,
    show_project,
    Activity,
    (
        Act("follow-up", gettext_lazy("跟进"), forms.FollowUpForm, lambda one, s, by: tell(activity=one, by=by, verb=Event.Verb.FOLLOW_UP, **s), fits=_is_approved),
        Act("no-change", gettext_lazy("本月无变化"), forms.NoChangeForm, _no_change, fits=_is_approved, is_one_click=True),
        Act("propose", gettext_lazy("提请签批"), forms.ProposeForm, _propose, fits=_is_live),
        Act("edit", gettext_lazy("编辑、增加机构"), forms.AmendForm, _amend, fits=_is_live),
        Act("approve", gettext_lazy("立项"), forms.ApproveForm, lambda one, s, by: deciding.approve_activity(activity=one, by=by, **s), verb="approve", fits=_is_proposed),
        Act("drop", gettext_lazy("不予立项"), forms.DropForm, lambda one, s, by: deciding.drop_activity(activity=one, by=by, **s), verb="approve", fits=_is_proposed),
        Act("end", pgettext_lazy("act", "同意结项"), forms.EndForm, lambda one, s, by: deciding.end_activity(activity=one, by=by, **s), verb="approve", fits=_is_approved),
        Act("put-off", gettext_lazy("延期结项"), forms.PutOffForm, lambda one, s, by: deciding.put_off_activity(activity=one, by=by, **s), verb="approve", fits=_is_approved),
        Act("stop", gettext_lazy("终止"), forms.EndForm, lambda one, s, by: deciding.end_activity(activity=one, by=by, is_stopped=True, **s), verb="approve", fits=_is_approved),
        Act("merge", gettext_lazy("并入其他项目"), forms.MergeForm, _merge, verb="approve", fits=_is_live),
        *paper_acts(),
        Act("decide", pgettext_lazy("act", "签批"), DecideActivityForm, _decide, _row("approvals"), verb="approve"),
        Act("take-back", gettext_lazy("撤回提请"), TakeBackForm, lambda row, s, by: proposing.take_back_proposal(approval=row, by=by, **s), _row("approvals")),
        *instruction_acts(ActivityInstruction, lambda one: one.merged_into_id is None),
        Act("withdraw-event", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: withdraw_event(event=row, by=by, **s), _note),
    ),
)  # fmt: skip
PLAN_ROOM = Room(
    "desk:project-plan",
    selectors.project_by_uid,
    show_plan,
    Activity,
    (
        Act("line", gettext_lazy("添加方案条目"), forms.LineForm, lambda one, s, by: plans.add_line(activity=one, by=by, new=plans.NewLine(**s)), fits=_is_live),
        Act("finish-line", gettext_lazy("登记完成情况"), forms.FinishForm, lambda row, s, by: plans.finish_line(row=row, by=by, **s), _line, fits=_is_live),
        Act("amend-line", gettext_lazy("修改"), forms.LineForm, lambda row, s, by: plans.amend_line(row=row, by=by, new=plans.NewLine(**s)), _line, fits=_is_live),
        Act("withdraw-line", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: plans.withdraw_line(row=row, by=by, **s), _line, fits=_is_live),
        Act("evaluate", gettext_lazy("结项评价"), forms.ClosingForm, _evaluate, fits=_is_approved),
        Act("urge", gettext_lazy("催报"), forms.UrgeForm, lambda row, s, by: urging.urge(activity=row.activity, by=by, office=row.office, **s), _row("parties"), fits=_is_approved),
        Act("answer-urge", gettext_lazy("回复催报"), forms.AnswerUrgeForm, lambda row, s, by: urging.answer_urge(row=row, by=by, **s), _row("urges")),
        Act("withdraw-urge", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: urging.withdraw_urge(row=row, by=by, **s), _row("urges")),
        Act("withdraw-closing", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: proposing.withdraw_closing(closing=row, by=by, **s), _row("closings")),
    ),
)  # fmt: skip
