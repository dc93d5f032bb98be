"""委领导挂钩监督: the rounds of a year; one round with its teams, units, visits, talks, findings and report."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.selectors import tallies
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.net.subjects.selectors import find_organisation
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity, Event
from jiandu.sources.activities.services import events, planning, rounds
from jiandu.sources.talks import selectors as talks
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import rounds as forms
from jiandu.surfaces.desk.registers import Listed, Section, Told, fact
from jiandu.surfaces.desk.rooms import Act, Opened, Room

ROUND, Verb = Activity.Kind.ROUND, Event.Verb
Said = dict[str, Any]


def show_rounds(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The rounds, newest year first: how far each has come."""
    year = registers.year_of(request)
    extra: dict[str, Any] = {}

    def fetch(rows: list[Activity]) -> None:
        extra["units"] = selectors.progress_of_rounds(viewer, rows)
        extra["days"] = {verb: selectors.happened_on(viewer, rows, verb) for verb in (Verb.START, Verb.APPROVE_REPORT)}

    def told(row: Activity) -> registers.Row:
        linked, visited = extra["units"][row.pk]
        started, reported = (extra["days"][verb].get(row.pk) for verb in (Verb.START, Verb.APPROVE_REPORT))
        label, tone = _status(started, reported)
        cells = [row.code, row.name, str(row.owner_office), {"text": label, "tone": tone}, iso(started)]
        return {"href": reverse("desk:round", args=[row.uid]), "cells": [*cells, f"{visited}/{linked}", iso(reported)]}

    listed = Listed(
        title=_("委领导挂钩监督"),
        columns=COLUMNS,
        rows=selectors.activities(viewer, kind=ROUND, year=year).select_related("owner_office"),
        row=told,
        filters=[{"name": "year", "label": _("年度"), "type": "number", "value": year or ""}],
        more=fetch,
        empty=_("还没有挂钩监督轮次"),
    )
    return registers.show_list(request, ROUNDS_ROOM, listed, opened, status)


COLUMNS = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("监督主题"), "main"),
    (gettext_lazy("承办室组"), ""),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("启动日期"), "date"),
    (gettext_lazy("已走访/挂钩"), "num"),
    (gettext_lazy("报告审定"), "date"),
)


def _status(started: date | None, reported: date | None) -> tuple[str, str]:
    if reported:
        return _("报告已审定"), "done"
    return (_("进行中"), "progress") if started else (_("拟定方案"), "warn")


def show_round(request: HttpRequest, one: Activity, opened: Opened | None, status: int) -> HttpResponse:
    """One round."""
    viewer = request.viewer  # type: ignore[attr-defined]
    link = registers.row_acts(viewer, ROUND_ROOM, one)
    happened = list(selectors.events_of(viewer, one))
    days = {event.verb: event.on for event in happened if event.withdrawn_on is None}
    teams = selectors.teams_of(viewer, one)
    units = [unit for team in teams for unit in team.units]
    seats = list(talks.of_activity(viewer, one))
    states = tallies.by_state(viewer, one)
    ledger = f"{reverse('desk:findings')}?activity={one.pk}"
    told = Told(
        title=one.name,
        lede=one.code,
        badge=_status(days.get(Verb.START), days.get(Verb.APPROVE_REPORT)),
        back=(_("委领导挂钩监督"), f"{reverse('desk:rounds')}?year={one.year}"),
        links=_doors(one),
        stats=[
            {"label": _("挂钩单位"), "value": len(units)},
            {"label": _("已走访"), "value": sum(bool(unit.visits) for unit in units)},
            {"label": _("约谈人次"), "value": len(seats)},
            {"label": _("发现问题"), "value": sum(states.values()), "href": ledger},
        ],
        facts=[
            fact(_("承办室组"), str(one.owner_office)),
            fact(_("启动日期"), iso(days.get(Verb.START))),
            fact(_("报告审定"), iso(days.get(Verb.APPROVE_REPORT))),
            fact(_("方案"), one.plan, wide=True),
        ],
        sections=[
            Section(_("监督要点"), words="\n".join(_numbered(viewer, one)), empty=_("还没有监督要点")),
            *[_team(team, link) for team in teams],
            Section(_("约谈"), TALKED, [_seat(seat) for seat in seats], empty=_("本轮还没有登记约谈")),
            Section(_("记事"), EVENTS, [_event(event, link) for event in happened]),
        ],
    )
    return registers.show(request, ROUND_ROOM, one, told, opened, status)


def _numbered(viewer: Viewer, one: Activity) -> list[str]:
    return [f"{point.seq}. {point.text}" for point in selectors.points_of(viewer, one)]


def _doors(one: Activity) -> list[registers.Row]:
    new = f"{reverse('desk:finding-new')}?source=activity:{one.uid}"
    talk = f"{reverse('desk:talks')}?act=hold&kind=proactive&activity={one.uid}"
    return [
        {"label": _("登记约谈"), "href": talk, "icon": "plus"},
        {"label": _("登记问题"), "href": new, "icon": "plus", "primary": True},
    ]


TEAM = (
    (gettext_lazy("单位"), "main"),
    (gettext_lazy("计划走访"), "date"),
    (gettext_lazy("已走访"), "date"),
    (gettext_lazy("调取材料"), "wrap"),
)
TALKED = (
    (gettext_lazy("日期"), "code"),
    (gettext_lazy("姓名"), "main"),
    (gettext_lazy("单位"), ""),
    (gettext_lazy("职务"), ""),
    (gettext_lazy("类别"), ""),
)
EVENTS = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("事项"), ""),
    (gettext_lazy("说明"), "main"),
    (gettext_lazy("办理人"), ""),
)


def _team(team: selectors.TeamOfRound, link: Any) -> Section:
    title = f"{team.team.name} · {team.team.leader}"
    if team.team.members:
        title += f"({team.team.members})"
    rows = [_unit(unit, link) for unit in team.units]
    first = {"cells": ["", "", "", ""], "acts": link(team.team, "link")}
    return Section(title, TEAM, [*rows, first] if first["acts"] else rows, empty=_("还没有挂钩单位"))


def _unit(unit: selectors.UnitOfRound, link: Any) -> registers.Row:
    came = sum(paper.received_on is not None for paper in unit.materials)
    papers = _("%(came)d/%(all)d 份") % {"came": came, "all": len(unit.materials)} if unit.materials else ""
    visits = "、".join(iso(visit.on) for visit in unit.visits)
    overdue = not unit.visits and unit.linked.planned_on is not None and unit.linked.planned_on < today()
    planned = {"text": iso(unit.linked.planned_on), "tone": "warn"} if overdue else iso(unit.linked.planned_on)
    name = {"text": unit.linked.organisation.name, "href": reverse("desk:unit", args=[unit.linked.organisation.uid])}
    slugs = ("visit", "material") if unit.visits else ("visit", "material", "unlink")
    acts = link(unit.linked, *slugs) + [one for visit in unit.visits for one in link(visit, "withdraw-visit")]
    waiting = [one for paper in unit.materials if paper.received_on is None for one in link(paper, "received")]
    return {"cells": [name, planned, visits, papers], "acts": acts + waiting[:1]}


def _seat(seat: Any) -> registers.Row:
    cells = [iso(seat.on), seat.person.name, seat.organisation.name, seat.title, seat.get_category_display()]
    return {"cells": [{"text": cells[0], "href": reverse("desk:talk", args=[seat.talk.uid])}, *cells[1:]]}


def _event(event: Event, link: Any) -> registers.Row:
    gone = _("已撤下：%(reason)s") % {"reason": event.withdrawn_for} if event.withdrawn_on else ""
    cells = [iso(event.on), event.get_verb_display(), {"text": event.note or gone, "sub": gone if event.note else ""}]
    return {"cells": [*cells, event.by_name], "acts": [] if gone else link(event, "withdraw-event")}


def _open(_viewer: Viewer, said: Said, by: Viewer) -> Activity:
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return planning.open_activity(new=planning.NewActivity(kind=ROUND, lead=office, **said), by=by)


def _link(team: Any, said: Said, by: Viewer) -> None:
    for name in (line.strip() for line in said["units"].splitlines() if line.strip()):
        unit = find_organisation(by, name, on=today())
        if unit is None:
            raise Refused("unknown-unit", "没有登记过这个单位：%(name)s", name=name)
        rounds.link_unit(team=team, by=by, organisation=unit, planned_on=said["planned_on"])


def _visit(linked: Any, said: Said, by: Viewer) -> Any:
    new = rounds.NewVisit(organisation=linked.organisation, **said)
    return rounds.visit(activity=linked.activity, by=by, new=new)


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


def tells(slug: str, label: Any, verb: str, word: str = "", form: Any = forms.EventForm) -> Act:
    """The act that records a turn."""
    return Act(slug, label, form, lambda one, s, by: events.tell(activity=one, by=by, verb=verb, **s), verb=word)


def _found(viewer: Viewer, uid: UUID) -> Activity | None:
    one = selectors.activity_by_uid(viewer, uid)
    return one if one is not None and one.kind == ROUND else None


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
    _found,
    show_round,
    Activity,
    (
        tells("start", gettext_lazy("印发方案并启动"), Verb.START),
        Act("points", gettext_lazy("添加监督要点"), forms.PointsForm, lambda one, s, by: rounds.add_points(activity=one, by=by, texts=s["texts"].splitlines())),
        Act("team", gettext_lazy("设立监督组"), forms.TeamForm, lambda one, s, by: rounds.form_team(activity=one, by=by, **s)),
        Act("from-links", gettext_lazy("按挂钩关系分组"), forms.ReceivedForm, lambda one, s, by: rounds.teams_from_links(activity=one, by=by, on=s["on"])),
        Act("copy", gettext_lazy("复制上轮"), forms.CopyForm, _copy),
        tells("report", gettext_lazy("报送报告"), Verb.REPORT),
        tells("approve-report", gettext_lazy("审定报告"), Verb.APPROVE_REPORT, "approve"),
        tells("note", gettext_lazy("记事"), Verb.NOTE, form=forms.NoteForm),
        Act("edit", gettext_lazy("编辑"), forms.AmendForm, lambda one, s, by: planning.amend_activity(activity=one, by=by, **s)),
        Act("link", gettext_lazy("添加挂钩单位"), forms.LinkForm, _link, _row("teams")),
        Act("visit", gettext_lazy("登记走访"), forms.VisitForm, _visit, _row("linked_units")),
        Act("material", gettext_lazy("调取材料"), forms.MaterialForm, _ask, _row("linked_units")),
        Act("unlink", gettext_lazy("移出"), forms.ReasonForm, lambda row, s, by: rounds.unlink_unit(linked=row, by=by, **s), _row("linked_units")),
        Act("withdraw-visit", gettext_lazy("撤下走访"), forms.ReasonForm, lambda row, s, by: rounds.withdraw_visit(visit=row, by=by, **s), _row("visits")),
        Act("received", gettext_lazy("登记收到"), forms.ReceivedForm, lambda row, s, by: rounds.receive_material(material=row, by=by, **s), _row("materials")),
        Act("withdraw-event", gettext_lazy("撤下"), forms.ReasonForm, lambda row, s, by: events.withdraw_event(event=row, by=by, **s), _row("events")),
    ),
)  # fmt: skip
