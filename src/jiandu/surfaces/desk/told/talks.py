"""Pages of talks: the list by kind, whom nobody has talked to yet, one talk."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.models import Finding, TalkPointer
from jiandu.loop.findings.selectors.talked import pointers_of
from jiandu.sources.activities.selectors import activity_by_uid
from jiandu.sources.talks import selectors
from jiandu.sources.talks.models import ClueHandover, Talk, TalkPlan
from jiandu.sources.talks.sheet import BOOK, rows_of
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact, many_papers
from jiandu.surfaces.desk.sheeted import Out

COLUMNS = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("主题"), "main"),
    (gettext_lazy("谈话种类"), ""),
    (gettext_lazy("谈话日期"), "date"),
    (gettext_lazy("单位"), ""),
    (gettext_lazy("人数"), "num"),
    (gettext_lazy("承办室组"), ""),
)
NOT_YET = (
    (gettext_lazy("单位"), "main"),
    (gettext_lazy("姓名"), ""),
    (gettext_lazy("职务"), ""),
    (gettext_lazy("类别"), ""),
)


def talks(viewer: Viewer, kind: str, year: int | None) -> Listed:
    """The talks of a kind, newest first."""
    return Listed(
        title=_("谈话登记"),
        columns=COLUMNS,
        rows=selectors.talks(viewer, kind=kind if kind in Talk.Kind else "", year=year),
        links=[many_papers("record", _("批量谈话记录表")), *_sealed(viewer)],
        row=_talk,
        tabs=_tabs(""),
        filters=[
            {"name": "kind", "label": _("谈话种类"), "type": "select", "value": kind, "options": KINDS},
            {"name": "year", "label": _("年度"), "type": "number", "value": year or ""},
        ],
        empty=_("没有登记的谈话"),
        out=Out(BOOK, rows_of),
        intake="talks-sheet",
    )


def _sealed(viewer: Viewer) -> list[Row]:
    """Where the sealed hand-overs stand, for whoever keeps or receives them."""
    may = guard.allow(viewer, "view", ClueHandover)
    return [{"label": _("线索密封移交"), "href": reverse("desk:clues")}] if may else []


def not_yet(viewer: Viewer) -> Listed:
    """应谈未谈: key people and holders of key posts without a 主动约谈 this year."""
    rows = selectors.not_yet_talked(viewer, since=date(today().year, 1, 1), on=today())
    note = _("今年尚未主动约谈的关键少数和重点岗位人员，按单位列出，供安排使用，不作排名。")
    return Listed(_("主动约谈"), NOT_YET, rows, _post, tabs=_tabs("not-yet"), note=note, empty=_("都谈过了"))


def _tabs(current: str) -> list[Row]:
    named = (("", _("谈话登记")), ("plans", _("谈话计划")), ("not-yet", _("应谈未谈")))
    return [{"label": label, "href": f"?tab={tab}" if tab else "?", "current": tab == current} for tab, label in named]


PLANS = (
    (gettext_lazy("主题"), "main"),
    (gettext_lazy("谈话种类"), ""),
    (gettext_lazy("计划日期"), "date"),
    (gettext_lazy("谈话对象"), "wrap"),
    (gettext_lazy("约谈人"), "wrap"),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("承办室组"), ""),
)


def plans(viewer: Viewer, *, is_open: bool) -> Listed:
    """The talks that are planned, the next one first; what was held or given up behind a link."""
    known: dict[str, Any] = {}

    def fetch(rows: list[TalkPlan]) -> None:
        known["people"] = selectors.invited_to(viewer, rows)

    def told(row: TalkPlan) -> Row:
        label, tone = _how_far(row)
        people = "、".join(row.person.name for row in known["people"][row.pk])
        cells = [row.theme, row.get_kind_display(), iso(row.on), people, "、".join(row.officers)]
        href = reverse("desk:talk-plan", args=[row.uid])
        return {"href": href, "cells": [*cells, {"text": label, "tone": tone}, str(row.owner_office)]}

    other = (_("已谈话和已取消"), "?tab=plans-closed") if is_open else (_("待谈话"), "?tab=plans")
    return Listed(
        title=_("谈话计划"),
        columns=PLANS,
        rows=selectors.plans(viewer, is_open=is_open),
        row=told,
        more=fetch,
        tabs=_tabs("plans"),
        links=[
            {"label": other[0], "href": other[1]},
            *([many_papers("outline", _("批量谈话提纲"))] if is_open else []),
        ],
        note=_("计划的谈话在登记为已谈话以前，不计入任何统计。"),
        empty=_("没有计划中的谈话") if is_open else _("没有已谈话或已取消的计划"),
    )


def _how_far(row: TalkPlan) -> tuple[str, str]:
    if row.withdrawn_on:
        return _("已取消"), "neutral"
    if row.talk_id:
        return _("已谈话"), "done"
    return (_("日期已过，待登记"), "warn") if row.on < today() else (_("待谈话"), "progress")


INVITED = (
    (gettext_lazy("姓名"), "main"),
    (gettext_lazy("单位"), ""),
    (gettext_lazy("职务"), ""),
    (gettext_lazy("类别"), ""),
)


def plan(viewer: Viewer, one: TalkPlan, _link: Links) -> Told:
    """The plan of a talk: with whom, the outline, the talk that was held on it."""
    people = selectors.invited_to(viewer, [one])[one.pk]
    paper = reverse("desk:talk-plan-outline", args=[one.uid])
    held = selectors.talk_by_pk(viewer, one.talk_id) if one.talk_id else None
    facts = [
        fact(_("谈话种类"), one.get_kind_display()),
        fact(_("计划日期"), iso(one.on)),
        fact(_("地点"), one.place),
        fact(_("约谈人"), "、".join(one.officers)),
        fact(_("记录人"), one.recorder),
        fact(_("承办室组"), str(one.owner_office)),
        *_in_round(viewer, one),
    ]
    if held:
        facts.append(fact(_("谈话"), held.code, href=reverse("desk:talk", args=[held.uid])))
    if one.withdrawn_on:
        facts.append(fact(_("取消原因"), one.withdrawn_for, wide=True))
    seats = [[row.person.name, row.organisation.name, row.title, row.get_category_display()] for row in people]
    return Told(
        title=one.theme,
        lede=_("谈话计划"),
        badge=_how_far(one),
        back=(_("谈话计划"), f"{reverse('desk:talks')}?tab=plans"),
        links=_paper(paper, _("谈话提纲")),
        facts=facts,
        sections=[
            Section(_("谈话对象"), INVITED, [{"cells": cells} for cells in seats]),
            Section(_("提纲"), words=one.outline, empty=_("没有写提纲，谈话提纲印通用内容")),
        ],
        ahead=[("held", None, "")] if one.on <= today() else (),
    )


KINDS = [("", "—"), *Talk.Kind.choices]


def _talk(row: Talk) -> Row:
    unit = str(row.subject or _("多个单位"))
    cells = [row.code, row.theme, row.get_kind_display(), iso(row.on), unit, row.heads, str(row.owner_office)]  # type: ignore[attr-defined]
    return {"href": reverse("desk:talk", args=[row.uid]), "cells": cells}


def _post(row: Any) -> Row:
    href = reverse("desk:unit", args=[row.organisation.uid])
    cells = [{"text": row.organisation.name, "href": href}, row.person.name, row.title, row.get_kind_display()]
    return {"cells": cells}


ATTENDEES = (
    (gettext_lazy("姓名"), "main"),
    (gettext_lazy("单位"), ""),
    (gettext_lazy("职务"), ""),
    (gettext_lazy("类别"), ""),
    (gettext_lazy("表态承诺"), "wrap"),
)
PROBLEMS = (
    (gettext_lazy("问题编号"), "code"),
    (gettext_lazy("问题表现"), "main"),
    (gettext_lazy("责任单位"), ""),
    (gettext_lazy("状态"), ""),
)
FOLLOW_UPS = ((gettext_lazy("日期"), "date"), (gettext_lazy("回访人"), ""), (gettext_lazy("回访结果"), "main"))


def talk(viewer: Viewer, one: Talk, link: Links) -> Told:
    """One talk: who talked with whom, what was said, the follow-up."""
    whole = selectors.whole(viewer, one)
    words = [(_("提纲"), one.outline), (_("了解到的情况"), one.learned), (_("指出的问题"), one.pointed_out)]
    problems = [_problem(row, link) for row in pointers_of(viewer, one)]
    after = [{"cells": [iso(row.on), row.by_name, row.note]} for row in whole.follow_ups]
    return Told(
        title=one.theme,
        lede=one.code,
        badge=(_("已撤下"), "danger") if one.withdrawn_on else (_("已登记"), "done"),
        back=(_("谈话登记"), reverse("desk:talks")),
        links=_links(viewer, one),
        facts=_facts(viewer, one, whole),
        sections=[
            Section(_("谈话对象"), ATTENDEES, [_seat(row, link) for row in whole.attendees]),
            *[Section(title, words=said) for title, said in words if said],
            Section(_("台账问题"), PROBLEMS, problems, empty=_("没有关联台账中的问题")),
            Section(_("回访"), FOLLOW_UPS, after),
        ],
    )


def _links(viewer: Viewer, one: Talk) -> list[Row]:
    """The papers; where a problem that was pointed out is registered, for whoever may."""
    papers = [*_papers(one, "outline", _("谈话提纲")), *_papers(one, "record", _("谈话记录表"))]
    if guard.allow(viewer, "view", ClueHandover):
        papers.append({"label": _("线索密封移交"), "href": reverse("desk:talk-clues", args=[one.uid])})
    if one.withdrawn_on or not guard.allow(viewer, "create", Finding) or not guard.allow(viewer, "edit", Talk):
        return papers
    href = f"{reverse('desk:finding-new')}?source=talk:{one.uid}"
    return [*papers, {"label": _("登记问题"), "href": href, "icon": "plus", "primary": True}]


def _problem(row: TalkPointer, link: Links) -> Row:
    found = row.finding
    code = {"text": found.code, "href": reverse("desk:finding", args=[found.uid])}
    cells = [code, found.listed, str(found.subject or "—"), found.get_state_display()]
    return {"cells": cells, "acts": link(row, "unpoint")}


def _papers(one: Talk, slug: str, label: str) -> list[Row]:
    return _paper(reverse("desk:talk-paper", args=[one.uid, slug]), label)


def _paper(url: str, label: str) -> list[Row]:
    """A paper as Word, and for print."""
    pdf = {"label": f"{label} PDF", "href": f"{url}?format=pdf", "icon": "download"}
    return [{"label": label, "href": url, "icon": "download"}, pdf]


def _facts(viewer: Viewer, one: Talk, whole: selectors.Whole) -> list[Row]:
    facts = [
        fact(_("谈话种类"), one.get_kind_display()),
        fact(_("谈话日期"), iso(one.on)),
        fact(_("地点"), one.place),
        fact(_("约谈人"), "、".join(row.name for row in whole.talkers)),
        fact(_("记录人"), "、".join(row.name for row in whole.talkers if row.is_recorder)),
        fact(_("承办室组"), str(one.owner_office)),
        fact(_("回访时限"), iso(one.follow_up_due_on)),
    ]
    if clues := selectors.clues_of(viewer, one):
        facts.append(fact(_("线索密封移交"), _("%(n)d件") % {"n": clues}))
    return [*facts, *_in_round(viewer, one)]


def _in_round(viewer: Viewer, one: Talk | TalkPlan) -> list[Row]:
    activity = activity_by_uid(viewer, one.source_uid) if one.source_uid else None
    if activity is None:
        return []
    return [fact(_("挂钩监督轮次"), str(activity), href=reverse("desk:round", args=[activity.uid]), wide=True)]


def _seat(row: Any, link: Links) -> Row:
    promise = {"text": row.promise or "—", "sub": _("对象已签字")} if row.has_signed else row.promise
    cells = [row.person.name, row.organisation.name, row.title, row.get_category_display(), promise]
    slugs = ["correct", "drop"] if row.promise or row.has_signed else ["promise", "correct", "drop"]
    return {"cells": cells, "acts": link(row, *slugs)}
