"""委领导挂钩监督: the rounds of a year; one round with its teams, units, visits, talks, findings and report."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity, ActivityInstruction, Event
from jiandu.sources.activities.services import events, finishing, planning, rounds, visits
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import rounds as forms
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import rounds as told
from jiandu.surfaces.desk.views.approving import paper_acts
from jiandu.surfaces.desk.views.arranging import join_one, units_of
from jiandu.surfaces.desk.views.instructing import instruction_acts

ROUND, Verb = Activity.Kind.ROUND, Event.Verb
Said = dict[str, Any]


def show_rounds(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The rounds, newest year first; on tabs of their own which team goes where, and the visits."""
    tell = {"division": told.division, "visits": told.visits}.get(request.GET.get("tab", ""), told.rounds)
    listed = tell(viewer, registers.year_of(request))
    return registers.show_list(request, ROUNDS_ROOM, listed, opened, status)


def show_round(request: HttpRequest, one: Activity, opened: Opened | None, status: int) -> HttpResponse:
    """One round."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, ROUND_ROOM, one)
    return registers.show(request, told.round_(viewer, one, may), may, opened, status)


def _open(_viewer: Viewer, said: Said, by: Viewer) -> Activity:
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    period = {name: said.pop(name) for name in PERIOD}
    one = planning.open_activity(new=planning.NewActivity(kind=ROUND, lead=office, **said), by=by)
    return finishing.set_period(activity=one, by=by, **period)


PERIOD = ("period_from", "period_to")


def _amend(one: Activity, said: Said, by: Viewer) -> None:
    finishing.set_period(activity=one, by=by, **{name: said.pop(name) for name in PERIOD})
    planning.amend_activity(activity=one, by=by, **said)


def _link(team: Any, said: Said, by: Viewer) -> None:
    planned_on = said["planned_on"]
    made = [rounds.link_unit(team=team, by=by, organisation=unit, planned_on=planned_on) for unit in units_of(said, by)]
    join_one(made, said["join"], by)


def _visit(linked: Any, said: Said, by: Viewer) -> Any:
    new = rounds.NewVisit(organisation=linked.organisation, **said)
    return rounds.visit(activity=linked.activity, by=by, new=new)


def _amend_visit(row: Any, said: Said, by: Viewer) -> None:
    visits.amend_visit(visit=row, by=by, reason=said.pop("reason"), said=said)


def _ask(linked: Any, said: Said, by: Viewer) -> None:
    for name in (line.strip() for line in said["names"].splitlines() if line.strip()):
        rounds.ask_material(activity=linked.activity, by=by, organisation=linked.organisation, name=name, on=said["on"])


def _copy(one: Activity, said: Said, by: Viewer) -> Any:
    source = selectors.activity_by_uid(by, UUID(said["source"]))
    if source is None:
        raise Refused("unknown-round", "请选择要复制的轮次")
    return rounds.copy_round(source=source, target=one, by=by, on=today())


def _row(name: str) -> Any:
    """A row of the round's own list by key, while it stands."""

    def find(one: Activity, key: int) -> Any:
        rows = getattr(one, name).filter(pk=key)
        fields = {field.name for field in rows.model._meta.get_fields()}
        return rows.filter(withdrawn_on__isnull=True).first() if "withdrawn_on" in fields else rows.first()

    return find


def _not_yet(*verbs: str) -> Callable[[Activity], bool]:
    """Whether none of these has happened: what happens once is not offered again."""
    return lambda one: not any(event.verb in verbs and event.withdrawn_on is None for event in one.events.all())


def _at_work(one: Activity) -> bool:
    """Started, and not ended."""
    return _not_yet(Verb.FINISH)(one) and not _not_yet(Verb.START)(one)


def tells(slug: str, label: Any, verb: str, word: str = "", form: Any = forms.EventForm, **more: Any) -> Act:
    """The act that records a turn."""
    return Act(
        slug, label, form, lambda one, s, by: events.tell(activity=one, by=by, verb=verb, **s), verb=word, **more
    )


ROUNDS_ROOM = Room(
    "desk:rounds",
    lambda viewer: viewer,
    show_rounds,
    Activity,
    (Act("open", gettext_lazy("新建轮次"), forms.NewRoundForm, _open),),
    keep="create",
)
ROUND_ROOM = Room(
    "desk:round",
    selectors.round_by_uid,
    show_round,
    Activity,
    (
        tells("start", pgettext_lazy("act", "印发方案并启动"), Verb.START, fits=_not_yet(Verb.START)),
        Act("finish", pgettext_lazy("act", "结束本轮"), forms.FinishForm, lambda one, s, by: finishing.finish_round(activity=one, by=by, **s), fits=_at_work),
        Act("points", pgettext_lazy("act", "监督要点"), forms.PointsForm, lambda one, s, by: rounds.set_points(activity=one, by=by, texts=s["texts"].splitlines())),
        Act("team", gettext_lazy("设立监督组"), forms.TeamForm, lambda one, s, by: rounds.form_team(activity=one, by=by, **s), fits=_not_yet(Verb.FINISH)),
        Act("from-links", gettext_lazy("按挂钩关系分组"), forms.ReceivedForm, lambda one, s, by: rounds.teams_from_links(activity=one, by=by, on=s["on"]), fits=_not_yet(Verb.FINISH)),
        Act("copy", gettext_lazy("复制上轮"), forms.CopyForm, _copy, fits=_not_yet(Verb.FINISH)),
        tells("report", pgettext_lazy("act", "报送报告"), Verb.REPORT, fits=_not_yet(Verb.APPROVE_REPORT)),
        tells("approve-report", gettext_lazy("审定报告"), Verb.APPROVE_REPORT, "approve", fits=_not_yet(Verb.APPROVE_REPORT)),
        *paper_acts(_not_yet(Verb.APPROVE_REPORT)),
        *instruction_acts(ActivityInstruction),
        tells("note", pgettext_lazy("act", "记事"), Verb.NOTE, form=forms.NoteForm),
        Act("edit", gettext_lazy("编辑"), forms.AmendRoundForm, _amend),
        Act("link", gettext_lazy("添加挂钩单位"), forms.LinkForm, _link, _row("teams"), fits=_not_yet(Verb.FINISH)),
        Act("visit", gettext_lazy("登记走访"), forms.VisitForm, _visit, _row("linked_units")),
        Act("material", pgettext_lazy("act", "调取材料"), forms.MaterialForm, _ask, _row("linked_units")),
        Act("unlink", gettext_lazy("移出"), forms.ReasonForm, lambda row, s, by: rounds.unlink_unit(linked=row, by=by, **s), _row("linked_units"), fits=_not_yet(Verb.FINISH)),
        Act("withdraw-visit", gettext_lazy("撤下走访"), forms.ReasonForm, lambda row, s, by: rounds.withdraw_visit(visit=row, by=by, **s), _row("visits")),
        Act("amend-visit", gettext_lazy("更正走访"), forms.AmendVisitForm, _amend_visit, _row("visits")),
        Act("received", gettext_lazy("登记收到"), forms.ReceivedForm, lambda row, s, by: rounds.receive_material(material=row, by=by, **s), _row("materials")),
        Act("withdraw-event", gettext_lazy("撤下"), forms.ReasonForm, lambda row, s, by: events.withdraw_event(event=row, by=by, **s), _row("events")),
    ),
)  # fmt: skip
