"""Pages of 委领导挂钩监督: the rounds, one round with its teams, units, visits, talks and turns."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import tallies
from jiandu.sources.activities import selectors, visit_sheet
from jiandu.sources.activities.models import Activity, Event
from jiandu.sources.activities.sheet import BOOK, divisions, rows_of
from jiandu.sources.talks import selectors as talks
from jiandu.sources.talks.models import Talk
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.sheeted import Out
from jiandu.surfaces.desk.told import approving, schedule

ROUND, Verb = Activity.Kind.ROUND, Event.Verb


def rounds(viewer: Viewer, year: int | None) -> Listed:
    """The rounds, newest year first: how far each has come."""
    known: dict[str, Any] = {}

    def fetch(rows: list[Activity]) -> None:
        known["units"] = selectors.progress_of_rounds(viewer, rows)
        known["days"] = {verb: selectors.happened_on(viewer, rows, verb) for verb in TURNS}

    def told(row: Activity) -> Row:
        linked, visited = known["units"][row.pk]
        days = {verb: known["days"][verb].get(row.pk) for verb in TURNS}
        label, tone = _status(row, days)
        name = {"text": row.name, "sub": _period(row)} if row.period_from else row.name
        cells = [row.code, name, str(row.owner_office), {"text": label, "tone": tone}, iso(days[Verb.START])]
        after = [f"{visited}/{linked}", iso(days[Verb.APPROVE_REPORT])]
        return {"href": reverse("desk:round", args=[row.uid]), "cells": [*cells, *after]}

    return Listed(
        title=_("委领导挂钩监督"),
        columns=COLUMNS,
        rows=selectors.activities(viewer, kind=ROUND, year=year).select_related("owner_office"),
        row=told,
        filters=[{"name": "year", "label": _("年度"), "type": "number", "value": year or ""}],
        more=fetch,
        empty=_("还没有挂钩监督轮次"),
        tabs=_tabs(""),
        intake="division",
    )


def _tabs(current: str) -> list[Row]:
    named = (("", _("轮次")), ("division", _("挂钩分工")), ("visits", _("走访登记")))
    return [{"label": label, "href": f"?tab={tab}" if tab else "?", "current": tab == current} for tab, label in named]


VISITS = (
    (gettext_lazy("走访日期"), "date"),
    (gettext_lazy("走访单位"), "main"),
    (gettext_lazy("轮次"), "code"),
    (gettext_lazy("本年第几次"), "num"),
    (gettext_lazy("地点"), ""),
    (gettext_lazy("参加人员"), "wrap"),
    (gettext_lazy("单位参加人员"), "wrap"),
)


def visits(viewer: Viewer, year: int | None) -> Listed:
    """The visits of the rounds, the latest first, each with how often its unit had been visited in the year by then."""
    known: dict[str, Any] = {}

    def fetch(rows: list[Any]) -> None:
        known["rounds"] = {one.pk: one for one in selectors.activities_of(viewer, [row.activity_id for row in rows])}
        known["times"] = selectors.times_visited(viewer, rows)

    def told(row: Any) -> Row:
        one = known["rounds"][row.activity_id]
        unit = {"text": row.organisation.name, "href": reverse("desk:unit", args=[row.organisation.uid])}
        of = {"text": one.code, "href": reverse("desk:round", args=[one.uid])}
        return {"cells": [iso(row.on), unit, of, known["times"][row.pk], row.place, row.members, row.attendees]}

    return Listed(
        title=_("委领导挂钩监督"),
        columns=VISITS,
        rows=visit_sheet.visits(viewer, year=year),
        row=told,
        filters=[{"name": "year", "label": _("年度"), "type": "number", "value": year or ""}],
        more=fetch,
        tabs=_tabs("visits"),
        empty=_("还没有登记走访"),
        out=Out(visit_sheet.BOOK, visit_sheet.rows_of),
        intake="division",
    )


DIVISION = (
    (gettext_lazy("轮次"), "code"),
    (gettext_lazy("组别"), ""),
    (gettext_lazy("带队委领导"), ""),
    (gettext_lazy("成员"), "wrap"),
    (gettext_lazy("单位"), "main"),
    (gettext_lazy("计划走访"), "date"),
)


def division(viewer: Viewer, year: int | None) -> Listed:
    """Which team goes to which unit, round by round; it leaves and comes in as the sheet of the division of work."""
    known: dict[int, tuple[Any, ...]] = {}

    def fetch(rows: list[Any]) -> None:
        known.update(zip((row.pk for row in rows), rows_of(viewer, rows), strict=True))

    def told(row: Any) -> Row:
        *words, name, planned = known[row.pk]
        unit = {"text": name, "href": reverse("desk:unit", args=[row.organisation.uid])}
        return {"cells": [*words, unit, iso(planned)]}

    return Listed(
        title=_("委领导挂钩监督"),
        columns=DIVISION,
        rows=divisions(viewer, year=year),
        row=told,
        filters=[{"name": "year", "label": _("年度"), "type": "number", "value": year or ""}],
        more=fetch,
        tabs=_tabs("division"),
        empty=_("还没有挂钩单位"),
        out=Out(BOOK, rows_of),
        intake="division",
    )


COLUMNS = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("监督主题"), "main"),
    (gettext_lazy("承办室组"), ""),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("启动日期"), "date"),
    (gettext_lazy("已走访/挂钩"), "num"),
    (gettext_lazy("报告审定"), "date"),
)


TURNS = (Verb.START, Verb.FINISH, Verb.APPROVE_REPORT)
Days = Mapping[Any, date | None]


def _status(one: Activity, days: Days) -> tuple[str, str]:
    """How far it has come. That its time is over is said of the round, which an office keeps, never of a leader."""
    if days.get(Verb.APPROVE_REPORT):
        return _("报告已审定"), "done"
    if days.get(Verb.FINISH):
        return _("已结束，报告待审定"), "progress"
    if not days.get(Verb.START):
        return _("拟定方案"), "warn"
    return (_("时段已过，待结束"), "warn") if _is_over(one) else (_("进行中"), "progress")


def _is_over(one: Activity) -> bool:
    return one.period_to is not None and one.period_to < today()


def _period(one: Activity) -> str:
    said = {"since": iso(one.period_from), "until": iso(one.period_to)}
    return _("%(since)s 至 %(until)s") % said if one.period_from else ""


def round_(viewer: Viewer, one: Activity, link: Links) -> Told:
    """One round."""
    happened = list(one.events.all())
    days = {event.verb: event.on for event in happened if event.withdrawn_on is None}
    teams = selectors.teams_of(viewer, one)
    seats = list(talks.of_activity(viewer, one))
    return Told(
        title=one.name,
        lede=one.code,
        badge=_status(one, days),
        back=(_("委领导挂钩监督"), f"{reverse('desk:rounds')}?year={one.year}"),
        links=_doors(viewer, one),
        stats=_stats(viewer, one, [unit for team in teams for unit in team.units], len(seats)),
        facts=[
            fact(_("承办室组"), str(one.owner_office)),
            fact(_("监督时段"), _period(one)),
            fact(_("启动日期"), iso(days.get(Verb.START))),
            fact(_("报告报送"), iso(days.get(Verb.REPORT))),
            fact(_("结束日期"), iso(days.get(Verb.FINISH))),
            fact(_("报告审定"), iso(days.get(Verb.APPROVE_REPORT))),
            fact(_("方案"), one.plan, wide=True),
        ],
        sections=[
            Section(
                _("监督要点"),
                words="\n".join(f"{n}. {point}" for n, point in enumerate(one.points, 1)),
                empty=_("还没有监督要点"),
            ),
            Section(_("监督组"), LED, [_led(team) for team in teams], empty=_("还没有设立监督组")),
            *([] if days.get(Verb.FINISH) else _late(one, teams)),
            *[_team(one, team, link) for team in teams],
            Section(_("走访"), VISITED, _visited(teams, link), empty=_("还没有登记走访")),
            Section(_("约谈"), TALKED, [_seat(seat) for seat in seats], empty=_("本轮还没有登记约谈")),
            *approving.of_activity(viewer, one, link),
            Section(_("记事"), EVENTS, [_event(event, link) for event in happened]),
        ],
        ahead=[("finish", None, "")] if _is_over(one) else (),
    )


def _stats(viewer: Viewer, one: Activity, units: list[selectors.UnitOfRound], talked: int) -> list[Row]:
    found = sum(tallies.by_state(viewer, one).values())
    return [
        {"label": _("挂钩单位"), "value": len(units)},
        {"label": _("已走访"), "value": sum(bool(unit.visits) for unit in units)},
        {"label": _("约谈人次"), "value": talked},
        {"label": _("发现问题"), "value": found, "href": f"{reverse('desk:findings')}?activity={one.pk}"},
    ]


def _doors(viewer: Viewer, one: Activity) -> list[Row]:
    """The papers; where a talk or a finding of the round is registered, for whoever may."""
    papers = {"label": _("文书"), "href": reverse("desk:round-papers", args=[one.uid]), "icon": "file-text"}
    doors: list[Row] = [papers, schedule.door(one)]
    if guard.allow(viewer, "create", Talk):
        href = f"{reverse('desk:talks')}?act=hold&kind=proactive&activity={one.uid}"
        doors.append({"label": _("登记约谈"), "href": href, "icon": "plus"})
    if guard.allow(viewer, "edit", Finding):
        doors.append({"label": _("问题归类"), "href": f"{reverse('desk:findings-board')}?activity={one.uid}"})
    if guard.allow(viewer, "create", Finding):
        href = f"{reverse('desk:finding-paste')}?source=activity:{one.uid}"
        doors.append({"label": _("粘贴录入"), "href": href, "icon": "plus"})
        href = f"{reverse('desk:finding-new')}?source=activity:{one.uid}"
        doors.append({"label": _("登记问题"), "href": href, "icon": "plus", "primary": True})
    return doors


LED = (
    (gettext_lazy("组别"), "code"),
    (gettext_lazy("带队委领导"), ""),
    (gettext_lazy("成员"), "main"),
    (gettext_lazy("挂钩单位"), "num"),
)
LATE = ((gettext_lazy("单位"), "main"), (gettext_lazy("计划走访"), "date"), (gettext_lazy("承办"), "wrap"))
TEAM = (
    (gettext_lazy("单位"), "main"),
    (gettext_lazy("计划走访"), "date"),
    (gettext_lazy("已走访"), "date"),
    (gettext_lazy("调取材料"), "wrap"),
)
VISITED = (
    (gettext_lazy("走访日期"), "date"),
    (gettext_lazy("走访单位"), "main"),
    (gettext_lazy("参加人员"), "wrap"),
    (gettext_lazy("单位参加人员"), "wrap"),
    (gettext_lazy("了解到的情况"), "wrap"),
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


def _led(team: selectors.TeamOfRound) -> Row:
    return {"cells": [team.team.name, str(team.team.leader), team.team.members, len(team.units)]}


def _late(one: Activity, teams: list[selectors.TeamOfRound]) -> list[Section]:
    """Visits whose day has passed, with the officers who arrange them: no leader is ever shown as late."""
    waiting = [(team.team, unit) for team in teams for unit in team.units if not unit.visits]
    late = [
        (team, unit.linked) for team, unit in waiting if unit.linked.planned_on and unit.linked.planned_on < today()
    ]
    rows = [
        {"cells": [row.organisation.name, iso(row.planned_on), team.members or str(one.owner_office)]}
        for team, row in sorted(late, key=lambda each: each[1].planned_on or today())
    ]
    return [Section(_("计划日期已过、尚未走访"), LATE, rows)] if rows else []


def _team(one: Activity, team: selectors.TeamOfRound, link: Links) -> Section:
    title = f"{team.team.name}（{team.team.members}）" if team.team.members else team.team.name
    rows = [_unit(one, unit, link) for unit in team.units]
    first = {"cells": ["", "", "", ""], "acts": link(team.team, "link")}
    return Section(title, TEAM, [*rows, first] if first["acts"] else rows, empty=_("还没有挂钩单位"), is_even=True)


def _unit(one: Activity, unit: selectors.UnitOfRound, link: Links) -> Row:
    came = sum(paper.received_on is not None for paper in unit.materials)
    papers = _("%(came)d/%(all)d 份") % {"came": came, "all": len(unit.materials)} if unit.materials else ""
    visits = "、".join(iso(visit.on) for visit in unit.visits)
    name = {"text": unit.linked.organisation.name, "href": reverse("desk:unit", args=[unit.linked.organisation.uid])}
    slugs = ("visit", "material") if unit.visits else ("visit", "material", "unlink")
    acts = link(unit.linked, *slugs)
    waiting = [one for paper in unit.materials if paper.received_on is None for one in link(paper, "received")]
    times = {"sub": _("走访%(n)d次") % {"n": len(unit.visits)}} if len(unit.visits) > 1 else {}
    visited = {"text": visits, **times, **(_found_at(one, unit) if acts else {})} if visits else visits
    return {"cells": [name, iso(unit.linked.planned_on), visited, papers], "acts": acts + waiting[:1]}


def _visited(teams: list[selectors.TeamOfRound], link: Links) -> list[Row]:
    """Each visit by itself, so that it is plain which of several is put right or taken back; from the second on it says so."""
    rows = []
    for unit in (unit for team in teams for unit in team.units):
        for time, visit in enumerate(unit.visits, 1):
            name = unit.linked.organisation.name
            said = {"text": name, "sub": _("本轮第%(n)d次") % {"n": time}} if time > 1 else name
            cells = [iso(visit.on), said, visit.members, visit.attendees, visit.note]
            acts = link(visit, "amend-visit", "withdraw-visit")
            rows.append((visit.on, visit.pk, {"cells": cells, "acts": acts}))
    return [row for _on, _key, row in sorted(rows, key=lambda each: each[:2])]


def _found_at(one: Activity, unit: selectors.UnitOfRound) -> Row:
    """Where what the latest visit found is pasted in: the round, the unit and the day are known."""
    known = {"source": f"activity:{one.uid}", "subject": unit.linked.organisation.name}
    query = urlencode({**known, "registered_on": iso(unit.visits[-1].on)})
    return {"href": f"{reverse('desk:finding-paste')}?{query}", "title": _("粘贴录入走访发现的问题")}


def _seat(seat: Any) -> Row:
    cells = [iso(seat.on), seat.person.name, seat.organisation.name, seat.title, seat.get_category_display()]
    return {"cells": [{"text": cells[0], "href": reverse("desk:talk", args=[seat.talk_uid])}, *cells[1:]]}


def _event(event: Event, link: Links) -> Row:
    gone = _("已撤下：%(reason)s") % {"reason": event.withdrawn_for} if event.withdrawn_on else ""
    cells = [iso(event.on), event.get_verb_display(), {"text": event.note or gone, "sub": gone if event.note else ""}]
    return {"cells": [*cells, event.by_name], "acts": [] if gone else link(event, "withdraw-event")}
