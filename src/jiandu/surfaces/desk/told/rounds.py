"""Pages of 委领导挂钩监督: the rounds, one round with its teams, units, visits, talks and turns."""

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
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity, Event
from jiandu.sources.activities.sheet import BOOK, divisions, rows_of
from jiandu.sources.talks import selectors as talks
from jiandu.sources.talks.models import Talk
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.sheeted import Out

ROUND, Verb = Activity.Kind.ROUND, Event.Verb


def rounds(viewer: Viewer, year: int | None) -> Listed:
    """The rounds, newest year first: how far each has come."""
    known: dict[str, Any] = {}

    def fetch(rows: list[Activity]) -> None:
        known["units"] = selectors.progress_of_rounds(viewer, rows)
        known["days"] = {verb: selectors.happened_on(viewer, rows, verb) for verb in (Verb.START, Verb.APPROVE_REPORT)}

    def told(row: Activity) -> Row:
        linked, visited = known["units"][row.pk]
        started, reported = (known["days"][verb].get(row.pk) for verb in (Verb.START, Verb.APPROVE_REPORT))
        label, tone = _status(started, reported)
        cells = [row.code, row.name, str(row.owner_office), {"text": label, "tone": tone}, iso(started)]
        return {"href": reverse("desk:round", args=[row.uid]), "cells": [*cells, f"{visited}/{linked}", iso(reported)]}

    return Listed(
        title=_("委领导挂钩监督"),
        columns=COLUMNS,
        rows=selectors.activities(viewer, kind=ROUND, year=year).select_related("owner_office"),
        row=told,
        filters=[{"name": "year", "label": _("年度"), "type": "number", "value": year or ""}],
        more=fetch,
        empty=_("还没有挂钩监督轮次"),
        tabs=_tabs(divided=False),
        intake="division",
    )


def _tabs(*, divided: bool) -> list[Row]:
    return [
        {"label": _("轮次"), "href": "?", "current": not divided},
        {"label": _("挂钩分工"), "href": "?tab=division", "current": divided},
    ]


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
        tabs=_tabs(divided=True),
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


def _status(started: date | None, reported: date | None) -> tuple[str, str]:
    if reported:
        return _("报告已审定"), "done"
    return (_("进行中"), "progress") if started else (_("拟定方案"), "warn")


def round_(viewer: Viewer, one: Activity, link: Links) -> Told:
    """One round."""
    happened = list(selectors.events_of(viewer, one))
    days = {event.verb: event.on for event in happened if event.withdrawn_on is None}
    teams = selectors.teams_of(viewer, one)
    seats = list(talks.of_activity(viewer, one))
    return Told(
        title=one.name,
        lede=one.code,
        badge=_status(days.get(Verb.START), days.get(Verb.APPROVE_REPORT)),
        back=(_("委领导挂钩监督"), f"{reverse('desk:rounds')}?year={one.year}"),
        links=_doors(viewer, one),
        stats=_stats(viewer, one, [unit for team in teams for unit in team.units], len(seats)),
        facts=[
            fact(_("承办室组"), str(one.owner_office)),
            fact(_("启动日期"), iso(days.get(Verb.START))),
            fact(_("报告审定"), iso(days.get(Verb.APPROVE_REPORT))),
            fact(_("方案"), one.plan, wide=True),
        ],
        sections=[
            Section(
                _("监督要点"),
                words="\n".join(f"{n}. {point}" for n, point in enumerate(one.points, 1)),
                empty=_("还没有监督要点"),
            ),
            *[_team(one, team, link) for team in teams],
            Section(_("约谈"), TALKED, [_seat(seat) for seat in seats], empty=_("本轮还没有登记约谈")),
            Section(_("记事"), EVENTS, [_event(event, link) for event in happened]),
        ],
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
    doors: list[Row] = [papers]
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


def _team(one: Activity, team: selectors.TeamOfRound, link: Links) -> Section:
    title = f"{team.team.name} · {team.team.leader}"
    if team.team.members:
        title += f"（{team.team.members}）"
    rows = [_unit(one, unit, link) for unit in team.units]
    first = {"cells": ["", "", "", ""], "acts": link(team.team, "link")}
    return Section(title, TEAM, [*rows, first] if first["acts"] else rows, empty=_("还没有挂钩单位"), is_even=True)


def _unit(one: Activity, unit: selectors.UnitOfRound, link: Links) -> Row:
    came = sum(paper.received_on is not None for paper in unit.materials)
    papers = _("%(came)d/%(all)d 份") % {"came": came, "all": len(unit.materials)} if unit.materials else ""
    visits = "、".join(iso(visit.on) for visit in unit.visits)
    overdue = not unit.visits and unit.linked.planned_on is not None and unit.linked.planned_on < today()
    planned = {"text": iso(unit.linked.planned_on), "tone": "warn"} if overdue else iso(unit.linked.planned_on)
    name = {"text": unit.linked.organisation.name, "href": reverse("desk:unit", args=[unit.linked.organisation.uid])}
    slugs = ("visit", "material") if unit.visits else ("visit", "material", "unlink")
    acts = link(unit.linked, *slugs) + [one for visit in unit.visits for one in link(visit, "withdraw-visit")]
    waiting = [one for paper in unit.materials if paper.received_on is None for one in link(paper, "received")]
    visited = {"text": visits, **_found_at(one, unit)} if visits and acts else visits
    return {"cells": [name, planned, visited, papers], "acts": acts + waiting[:1]}


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
