"""上门安排 of an activity with 撞期 and 合并开展; one joint visit; what waits for an answer on the desk."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.activities import arranged as selectors
from jiandu.sources.activities.arrangements import Arrangement, Joint
from jiandu.sources.activities.models import Activity, LinkedUnit
from jiandu.sources.activities.schedule import Kind
from jiandu.surfaces.desk.activity_pages import href_of
from jiandu.surfaces.desk.registers import Links, Row, Section, Told, fact, headed
from jiandu.surfaces.desk.schedule import Clash, clashes

Plan = LinkedUnit | Arrangement
ARRANGED = (
    (gettext_lazy("计划日期"), "date"),
    (gettext_lazy("单位"), "main"),
    (gettext_lazy("内容"), "wrap"),
    (gettext_lazy("状态"), "state"),
)
NEAR = (
    (gettext_lazy("单位"), "main"),
    (gettext_lazy("计划日期"), "date"),
    (gettext_lazy("另有安排"), "date"),
    (gettext_lazy("类别"), ""),
    (gettext_lazy("室组"), ""),
    (gettext_lazy("状态"), "state"),
)
JOINTS = (
    (gettext_lazy("开展日期"), "code"),
    (gettext_lazy("单位"), "main"),
    (gettext_lazy("提出室组"), ""),
    (gettext_lazy("对方室组"), ""),
    (gettext_lazy("答复"), "state"),
    (gettext_lazy("说明"), "wrap"),
)
ASKED = (
    (gettext_lazy("开展日期"), "code"),
    (gettext_lazy("单位"), "main"),
    (gettext_lazy("提出室组"), ""),
    (gettext_lazy("类别"), ""),
)
TONES = {Joint.Answer.AGREED: "done", Joint.Answer.DECLINED: "neutral"}


def door(one: Activity) -> Row:
    """From the page of an activity to what it plans at units."""
    return {"label": _("上门安排"), "href": reverse("desk:arrangements", args=[one.uid]), "icon": "calendar"}


def arrangements(viewer: Viewer, one: Activity, link: Links) -> Told:
    """What the activity plans at units, what else is near those days, and what is carried out together."""
    if one.kind == Activity.Kind.ROUND:
        plans: list[Plan] = list(selectors.linked_ahead(viewer, one))
        rows = plans
    else:
        rows = list(selectors.arrangements_of(viewer, one))
        plans = [row for row in rows if isinstance(row, Arrangement) and row.held_on is None and row.on >= today()]
    joined = list(selectors.joints_of(viewer, one))
    together = {(row.subject_id, row.on) for row in joined}
    near = _near(viewer, one, [row for row in plans if (row.organisation_id, _day(row)) not in together], link)
    joints = [_joint(row) for row in joined]
    return Told(
        title=f"{one.name} · {_('上门安排')}",
        lede=one.code,
        back=(one.name, href_of(one.kind, one.uid)),
        back_is_name=True,
        sections=[
            *([Section(_("撞期提醒"), NEAR, near)] if near else []),
            *([Section(_("合并开展"), JOINTS, joints)] if joints else []),
            Section(_("上门安排"), ARRANGED, [_arranged(row, link) for row in rows], empty=_("还没有安排")),
        ],
    )


def _near(viewer: Viewer, one: Activity, plans: list[Plan], link: Links) -> list[Row]:
    """The plans from today on, each with what else is dated near it; the first that may be joined has the act."""
    of_unit = {plan.organisation_id: plan for plan in plans}
    days = {plan.organisation: on for plan in plans if (on := _day(plan)) is not None}
    offered: set[int] = set()
    rows = []
    for clash in clashes(viewer, days, besides=one.uid):
        unit = clash.entry.dated.unit_id
        acts = link(of_unit[unit], "join") if clash.value and unit not in offered else []
        offered |= {unit} if clash.value else set()
        rows.append({"cells": _cells(clash), "acts": acts})
    return rows


def _day(plan: Plan) -> date | None:
    return plan.planned_on if isinstance(plan, LinkedUnit) else plan.on


def _cells(clash: Clash) -> list[Any]:
    one = clash.entry
    unit = {
        "text": one.unit.name,
        "href": f"{reverse('desk:unit', args=[one.unit.uid])}?tab=schedule&year={one.on.year}",
    }
    apart = _("同日") if not clash.days else _("相隔%(n)d天") % {"n": abs(clash.days)}
    other = {"text": iso(one.on), "sub": apart, **({"href": one.href} if one.href else {})}
    return [unit, iso(clash.planned), other, one.kind, one.office.name, {"text": one.state, "tone": one.tone}]


def _arranged(row: Plan, link: Links) -> Row:
    state: Any = {"text": _("计划"), "tone": "progress"}
    unit: Any = {"text": row.organisation.name, "href": reverse("desk:unit", args=[row.organisation.uid])}
    if isinstance(row, LinkedUnit):
        return {"cells": [iso(row.planned_on), unit, "", state]}
    if row.held_on:
        state = {"text": _("已开展"), "tone": "done", "sub": iso(row.held_on)}
    if row.is_unannounced:
        unit["sub"] = _("不打招呼")
    acts = [] if row.held_on else link(row, "rearrange", "cancel")
    return {"cells": [iso(row.on), unit, row.note, state], "acts": acts}


def _joint(row: Joint) -> Row:
    href = {"text": iso(row.on), "href": reverse("desk:joint", args=[row.uid])}
    answer = {"text": row.get_answer_display(), "tone": TONES.get(Joint.Answer(row.answer), "warn")}
    cells = [href, str(row.subject), f"{row.owner_office} {_kind(row.kind)}"]
    return {"cells": [*cells, f"{row.other_office} {_kind(row.other_kind)}", answer, row.note]}


def _kind(value: str) -> str:
    return str(Kind(value).label)


def joint(one: Joint) -> Told:
    """One joint visit, as both offices read it."""
    gone = _("已取消：%(reason)s") % {"reason": one.withdrawn_for} if one.withdrawn_on else ""
    answer = gone or one.get_answer_display()
    unit = reverse("desk:unit", args=[one.subject.uid]) if one.subject else ""
    return Told(
        title=_("合并开展"),
        lede=f"{iso(one.on)} {one.subject}",
        back=(_("上门日程"), f"{reverse('desk:schedule')}?month={one.on:%Y-%m}"),
        badge=(answer, "neutral" if gone else TONES.get(Joint.Answer(one.answer), "warn")),
        facts=[
            fact(_("单位"), str(one.subject), href=f"{unit}?tab=schedule&year={one.on.year}"),
            fact(_("开展日期"), iso(one.on)),
            fact(_("提出室组"), str(one.owner_office), sub=_kind(one.kind)),
            fact(_("提出人"), one.by_name, sub=iso(one.asked_on)),
            fact(_("对方室组"), str(one.other_office), sub=_kind(one.other_kind)),
            fact(_("答复人"), one.answered_by, sub=iso(one.answered_on)),
            fact(_("说明"), one.note, wide=True),
        ],
        sections=[],
    )


def to_answer(viewer: Viewer, most: int, count: int) -> dict[str, Any]:
    """What other offices ask to be joined, for the table of the desk; nothing where none of the `count` is left."""
    if not count:
        return {}
    rows = [
        {
            "cells": [
                {"text": iso(row.on), "href": reverse("desk:joint", args=[row.uid])},
                str(row.subject),
                str(row.owner_office),
                _kind(row.kind),
            ]
        }
        for row in selectors.joints_waiting(viewer)[:most]
    ]
    return {"count": count, "columns": headed(ASKED), "rows": rows}
