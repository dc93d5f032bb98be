"""The sections of a project's page: what each body has entered, what it is urged for, how the project is to end; and of the desk."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.selectors import tallies
from jiandu.loop.instruments import selectors as instruments
from jiandu.loop.instruments.models import Instrument
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity, Event, Party
from jiandu.sources.activities.plan_sheet import BOOK, rows_of
from jiandu.sources.activities.project_parts import Closing, PlanLine, Urge
from jiandu.sources.activities.services.events import leads, office_of
from jiandu.surfaces.desk.activity_pages import href_of
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact, headed
from jiandu.surfaces.desk.sheeted import Out
from jiandu.surfaces.desk.told import approving
from jiandu.surfaces.desk.told.instruments import made as made_sheets

#: What a body tells of its own accord, and may take back.
NOTES = (Event.Verb.FOLLOW_UP, Event.Verb.NO_CHANGE, Event.Verb.NOTE)
PLAN = (
    (gettext_lazy("内容"), "main"),
    (gettext_lazy("责任室组(人)"), ""),
    (gettext_lazy("完成时限"), "date"),
    (gettext_lazy("完成情况"), "wrap"),
)
JOINED = ((gettext_lazy("编号"), "code"), (gettext_lazy("名称"), "main"), (gettext_lazy("并入日期"), "date"))
CLOSING = (
    (gettext_lazy("评价内容"), "main"),
    (gettext_lazy("结论"), ""),
    (gettext_lazy("登记情况"), ""),
    (gettext_lazy("说明"), "wrap"),
)
BODIES = (
    (gettext_lazy("机构"), "main"),
    (gettext_lazy("分工"), ""),
    (gettext_lazy("登记问题"), "num"),
    (gettext_lazy("已销号"), "num"),
    (gettext_lazy("最近登记"), "date"),
    (gettext_lazy("最近跟进"), "date"),
)
URGES = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("催报机构"), ""),
    (gettext_lazy("催报内容"), "main"),
    (gettext_lazy("催报人"), ""),
    (gettext_lazy("回复"), "wrap"),
)
URGED = ((gettext_lazy("项目"), "main"), (gettext_lazy("催报内容"), "wrap"), (gettext_lazy("日期"), "date"))
DECISIONS = (
    (gettext_lazy("事项"), "code"),
    (gettext_lazy("名称"), "main"),
    (gettext_lazy("说明"), "wrap"),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("提请日期"), "date"),
)
EVENTS = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("事项"), ""),
    (gettext_lazy("说明"), "main"),
    (gettext_lazy("室组"), ""),
    (gettext_lazy("办理人"), ""),
)


def sections(viewer: Viewer, one: Activity, link: Links, signed: list[Any]) -> list[Section]:
    """Of the first page, in the order in which they are read: what was told, issued and signed."""
    events = [_event(row, link) for row in selectors.events_of(viewer, one)]
    return [
        *([Section(_("跟进情况"), EVENTS, events)] if events else []),
        *_sheets(viewer, one),
        *approving.of_rows(viewer, one, signed, link),
    ]


def plans(rows: QuerySet[Activity]) -> Listed:
    """The plans of the projects, to leave as the sheet by which they come in."""
    return Listed(BOOK.label, PLAN, rows, lambda _row: {}, out=Out(BOOK, rows_of))


def progress(viewer: Viewer, one: Activity, link: Links) -> Told:
    """The second page: what each body has entered, what it is urged for, how the project is to end."""
    happened = list(selectors.events_of(viewer, one))
    urges = [_urge(viewer, row, link) for row in selectors.urges_of(viewer, one)]
    joined = [_joined(row) for row in selectors.merged_into(viewer, one)]
    return Told(
        title=f"{one.name} · {_('方案和推进')}",
        lede=one.code,
        back=(one.name, reverse("desk:project", args=[one.uid])),
        back_is_name=True,
        facts=[
            fact(_("牵头室组"), str(one.owner_office)),
            fact(_("立项日期"), iso(one.approved_on)),
            fact(_("计划结项日期"), iso(one.due_on)),
        ],
        links=_papers(one),
        sections=[
            *_plan(viewer, one, link),
            *_bodies(viewer, one, happened, link),
            *([Section(_("催报"), URGES, urges)] if urges else []),
            *(_closing(row, link) for row in selectors.closings_of(viewer, one)),
            *([Section(_("并入本项目的项目"), JOINED, joined)] if joined else []),
        ],
    )


def _papers(one: Activity) -> list[Row]:
    """The papers: the plan, and the sheet of the closing evaluation."""
    said = (("project-plan-word", _("项目方案")), ("project-closing-word", _("结项评价表")))
    return [{"label": label, "href": reverse(f"desk:{url}", args=[one.uid]), "icon": "download"} for url, label in said]


def _plan(viewer: Viewer, one: Activity, link: Links) -> list[Section]:
    """Targets, steps, the three lists."""
    rows: dict[str, list[Row]] = {kind: [] for kind in PlanLine.Kind}
    for row in selectors.plan_of(viewer, [one])[one.pk]:
        done: Any = {"text": row.result, "sub": iso(row.done_on)} if row.done_on else ""
        late = row.done_on is None and row.due_on is not None and row.due_on < today()
        due: Any = {"text": iso(row.due_on), "tone": "warn"} if late else iso(row.due_on)
        acts = link(row, "finish-line", "amend-line", "withdraw-line")
        rows[row.kind].append({"cells": [row.aim, row.who, due, done], "acts": acts})
    return [Section(kind.label, PLAN, rows[kind], empty=_("还没有填写"), is_even=True) for kind in PlanLine.Kind]


def _joined(row: Activity) -> Row:
    href = reverse("desk:project", args=[row.uid])
    return {"cells": [row.code, {"text": row.name, "href": href}, iso(row.merged_on)]}


def _bodies(viewer: Viewer, one: Activity, happened: list[Event], link: Links) -> list[Section]:
    """What each body has entered, in the order of the directory: for whoever leads several."""
    parties = list(one.parties.all())
    if len(parties) < 2 or not leads(viewer, one):
        return []
    found, spoken = tallies.by_office(viewer, one), {}
    for row in happened:
        if row.withdrawn_on is None and row.verb in NOTES:
            spoken[row.office_id] = row.on
    rows: list[Row] = []
    for party in parties:
        count, settled, last = found.get(party.office_id, (0, 0, None))
        cells = [
            str(party.office),
            party.get_role_display(),
            count,
            settled,
            iso(last),
            iso(spoken.get(party.office_id)),
        ]
        acts = link(party, "urge") if party.role == Party.Role.MEMBER else []
        rows.append({"cells": cells, "acts": acts})
    return [Section(_("各机构登记情况"), BODIES, rows)]


def _sheets(viewer: Viewer, one: Activity) -> list[Section]:
    """What was issued in the project or about its findings."""
    rows = list(instruments.under(viewer, one)) if guard.allow(viewer, "view", Instrument) else []
    return [made_sheets(rows)] if rows else []


def _urge(viewer: Viewer, row: Urge, link: Links) -> Row:
    """What a body was urged for, and what it answered."""
    said: Any = {"text": _("待回复"), "tone": "warn"}
    if row.withdrawn_on:
        said = _("已撤下：%(reason)s") % {"reason": row.withdrawn_for}
    elif row.answered_on:
        said = {"text": row.answer, "sub": iso(row.answered_on)}
    waits = not row.withdrawn_on and not row.answered_on
    slugs = (
        ["answer-urge"]
        if row.office_id == office_of(viewer)
        else ["withdraw-urge"]
        if leads(viewer, row.activity)
        else []
    )
    return {
        "cells": [iso(row.on), str(row.office), row.note, row.by_name, said],
        "acts": link(row, *slugs) if waits else [],
    }


def urged(viewer: Viewer, most: int, count: int) -> dict[str, Any]:
    """What the viewer's body is urged for, for the table of his desk; nothing where none of the `count` is left."""
    if not count:
        return {}
    rows = list(selectors.urged(viewer)[:most])
    known = {one.pk: one for one in selectors.activities_of(viewer, [row.activity_id for row in rows])}
    told = []
    for row in rows:
        one = known.get(row.activity_id)
        if one is not None:
            name = {"text": str(one), "href": reverse("desk:project-plan", args=[one.uid])}
            told.append({"cells": [name, row.note, iso(row.on)]})
    return {"count": count, "columns": headed(URGED), "rows": told}


def to_decide(viewer: Viewer, most: int, count: int) -> dict[str, Any]:
    """What was put to the viewer about activities, and papers that he may confirm; nothing where none is left."""
    if not count:
        return {}
    rows = list(selectors.approvals(viewer, "mine")[:most])
    known = {one.pk: one for one in selectors.activities_of(viewer, [row.activity_id for row in rows])}
    told = []
    for row in rows:
        state = {"text": row.get_status_display(), "tone": "warn"}
        one = known[row.activity_id]
        name = {"text": str(one), "href": href_of(one.kind, one.uid)}
        told.append({"cells": [row.get_verb_display(), name, row.note, state, iso(row.asked_on)]})
    return {"count": count, "columns": headed(DECISIONS), "rows": told}


def _closing(row: Closing, link: Links) -> Section:
    """One evaluation: the four answers with what the records said of each, and what it proposes."""
    found = _("发现%(found)d个，已销号%(settled)d个") % {"found": row.found, "settled": row.settled}
    made = _("%(rules_made)d项") % {"rules_made": row.rules_made}
    aim = _("延期至%(day)s") % {"day": iso(row.until)} if row.until else ""
    rows: list[Row] = [
        {"cells": [_("工作目标是否达成"), row.get_targets_display(), "", row.targets_note]},
        {"cells": [_("发现问题是否整改到位"), row.get_findings_display(), found, row.findings_note]},
        {"cells": [_("制度机制是否健全"), row.get_rules_display(), made, row.rules_note]},
        {"cells": [_("材料是否归档"), row.get_materials_display(), "", row.materials_note]},
        {"cells": [_("评价意见"), row.get_proposes_display(), aim, row.note], "acts": link(row, "withdraw-closing")},
    ]
    title = _("结项评价（%(on)s，%(name)s）") % {"on": iso(row.on), "name": row.by_name}
    return Section(title, CLOSING, rows)


def _event(row: Event, link: Links) -> Row:
    gone = _("已撤下：%(reason)s") % {"reason": row.withdrawn_for} if row.withdrawn_on else ""
    note = {"text": row.note or gone, "sub": gone if row.note else ""}
    cells = [iso(row.on), row.get_verb_display(), note, str(row.office or ""), row.by_name]
    may_go = row.verb in NOTES and not gone
    return {"cells": cells, "acts": link(row, "withdraw-event") if may_go else []}
