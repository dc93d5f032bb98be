"""Pages of 营商环境监督联系点: problems, one problem, the points, suggestions. A name stands only where the point is seen."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.outcomes.selectors import rules_of_contact_problem
from jiandu.sources.contactpoints import problem_sheet, selectors
from jiandu.sources.contactpoints.models import (
    ContactPoint,
    ContactProblem,
    ContactSuggestion,
    PointTurn,
    ProblemStep,
    Reflection,
)
from jiandu.sources.contactpoints.selectors import Wanted
from jiandu.sources.contactpoints.sheet import BOOK, rows_of
from jiandu.sources.contactpoints.states import OPEN, State, Verb
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact, headed, many_papers
from jiandu.surfaces.desk.sheeted import Out
from jiandu.surfaces.desk.told.rules import made as made_rules
from jiandu.surfaces.desk.wording import said

PROBLEMS = (
    (gettext_lazy("问题编号"), "code"),
    (gettext_lazy("反映问题"), "main"),
    (gettext_lazy("反映方面"), ""),
    (gettext_lazy("责任单位"), ""),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("登记日期"), "date"),
    (gettext_lazy("答复时限"), "date"),
)
POINTS = (
    (gettext_lazy("联系点编号"), "code"),
    (gettext_lazy("企业（商协会）名称"), "main"),
    (gettext_lazy("联系点级别"), ""),
    (gettext_lazy("所在区"), ""),
    (gettext_lazy("行业"), ""),
    (gettext_lazy("指定联系人"), ""),
    (gettext_lazy("任期起"), "date"),
    (gettext_lazy("任期止"), "date"),
)
SUGGESTIONS = (
    (gettext_lazy("建议编号"), "code"),
    (gettext_lazy("建议内容"), "main"),
    (gettext_lazy("承办室组"), ""),
    (gettext_lazy("提出日期"), "date"),
    (gettext_lazy("纳入日期"), "date"),
)
STEPS = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("事项"), ""),
    (gettext_lazy("说明"), "main"),
    (gettext_lazy("办理人"), ""),
)
TOLD = (
    (gettext_lazy("反映日期"), "date"),
    (gettext_lazy("代号"), ""),
    (gettext_lazy("企业（商协会）名称"), ""),
    (gettext_lazy("反映原话"), "main"),
)
TOLD_OF_PROBLEM = (*TOLD, (gettext_lazy("答复反馈单"), ""), (gettext_lazy("打印（PDF）"), ""))
TOLD_BY = ((gettext_lazy("反映日期"), "date"), (gettext_lazy("事项"), "main"), (gettext_lazy("反映原话"), "wrap"))
TURNS = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("事项"), ""),
    (gettext_lazy("续聘至"), "date"),
    (gettext_lazy("说明"), "main"),
)
#: What waits first, of what may follow now: an answer before another assignment, an assignment before settling without one.
NEXT = ("study", "answer", "assign", "settle")
TONES = {State.SETTLED: "done", State.MERGED: "neutral", State.REGISTERED: "warn"}


def tabs(viewer: Viewer, current: str) -> list[Row]:
    """The three lists, as far as the viewer may go there."""
    lists = (
        ("contact-problems", _("反映问题"), ContactProblem),
        ("contact-points", _("联系点"), ContactPoint),
        ("contact-suggestions", _("建议"), ContactSuggestion),
    )
    return [
        {"label": label, "href": reverse(f"desk:{url}"), "current": url == current}
        for url, label, model in lists
        if guard.allow(viewer, "view", model)
    ]


def problems(viewer: Viewer, wanted: Wanted) -> Listed:
    """The problems, newest first."""
    states = [("", "—"), *State.choices]
    return Listed(
        title=_("营商环境监督联系点"),
        columns=PROBLEMS,
        rows=selectors.problems(viewer, wanted),
        row=_problem,
        tabs=tabs(viewer, "contact-problems"),
        links=[many_papers("handing", _("批量交办单"))],
        filters=[
            {"name": "text", "label": _("反映问题"), "value": wanted.text},
            {"name": "state", "label": _("状态"), "type": "select", "value": wanted.state, "options": states},
            _year(wanted.year),
        ],
        empty=_("没有登记的问题"),
        out=Out(problem_sheet.BOOK, problem_sheet.rows_of),
        intake="contact-problems-sheet",
    )


def to_act(viewer: Viewer, most: int, count: int) -> dict[str, Any]:
    """The problems on which the viewer must act, for the table of his desk; nothing where none of the `count` is left."""
    if not count:
        return {}
    rows = selectors.waiting(viewer).select_related("owner_office", "subject", "aspect")[:most]
    return {"count": count, "columns": headed(PROBLEMS), "rows": [_problem(row) for row in rows]}


def _year(year: int | None) -> Row:
    return {"name": "year", "label": _("年度"), "type": "number", "value": year or ""}


def _problem(row: ContactProblem) -> Row:
    late = row.due_on is not None and row.due_on < today() and row.state == State.WORKING
    due = {"text": iso(row.due_on), "tone": "danger"} if late else iso(row.due_on)
    cells = [row.code, row.problem, said(row.aspect), str(row.subject or ""), _standing(row), iso(row.registered_on)]
    return {"href": reverse("desk:contact-problem", args=[row.uid]), "cells": [*cells, due]}


def _standing(row: ContactProblem) -> Row:
    """The result once there is one, else where it stands."""
    return {
        "text": row.get_result_display() or row.get_state_display(),
        "tone": TONES.get(State(row.state), "progress"),
    }


def problem(viewer: Viewer, one: ContactProblem, link: Links) -> Told:
    """One problem: what was done, and who told it, where the viewer sees that."""
    steps = list(selectors.steps_of(viewer, one))
    told = selectors.who_told(viewer, one)
    rules = list(rules_of_contact_problem(viewer, one))
    badge = (_("已撤下"), "danger") if one.withdrawn_on else tuple(_standing(one).values())
    last = next((step.pk for step in reversed(steps) if step.withdrawn_on is None), None)
    who = [Section(_("反映的联系点"), TOLD_OF_PROBLEM, [_with_reply(one, row) for row in told])] if told else []
    return Told(
        title=one.problem,
        lede=one.code,
        badge=(str(badge[0]), str(badge[1])),
        back=(_("营商环境监督联系点"), reverse("desk:contact-problems")),
        links=_papers(one),
        ahead=[(slug, None, "") for slug in NEXT] if is_open(one) else [],
        facts=_facts(viewer, one),
        sections=[
            Section(_("具体情况"), words=one.facts),
            *who,
            Section(_("办理过程"), STEPS, [_step(step, link, is_last=step.pk == last) for step in steps]),
            made_rules(_("推动建章立制"), rules, _("还没有推动出台的制度")),
            *_suggested(viewer, one),
        ],
    )


def _facts(viewer: Viewer, one: ContactProblem) -> list[Row]:
    facts = [
        fact(_("登记日期"), iso(one.registered_on)),
        fact(_("反映方面"), said(one.aspect)),
        fact(_("研判类别"), one.get_nature_display()),
        fact(_("责任单位"), str(one.subject or "")),
        fact(_("承办室组"), str(one.owner_office)),
        fact(_("答复时限"), iso(one.due_on)),
    ]
    main = selectors.problem_by_pk(viewer, one.merged_into_id)
    if main is not None:
        facts.append(fact(_("合并至"), str(main), href=reverse("desk:contact-problem", args=[main.uid]), wide=True))
    return facts


def _teller(row: Reflection) -> Row:
    point = row.point
    name = {"text": point.name, "href": reverse("desk:contact-point", args=[point.uid])} if point else ""
    return {"cells": [iso(row.on), row.alias, name, row.words]}


def _papers(one: ContactProblem) -> list[Row]:
    """The sheet to the department, unless the problem goes with another or was taken back."""
    if one.withdrawn_on or one.merged_into_id:
        return []
    url = reverse("desk:contact-handing", args=[one.uid])
    return [
        {"label": _("交办单 Word"), "href": url, "icon": "download"},
        {"label": _("交办单 PDF"), "href": f"{url}?format=pdf", "icon": "download"},
    ]


def _with_reply(one: ContactProblem, row: Reflection) -> Row:
    """The teller, with the answer to be brought to it."""
    url = reverse("desk:contact-reply", args=[one.uid, row.uid])
    papers = [{"text": "Word", "href": url}, {"text": "PDF", "href": f"{url}?format=pdf"}]
    return {"cells": [*_teller(row)["cells"], *papers]}


def _step(step: ProblemStep, link: Links, *, is_last: bool) -> Row:
    gone = _("已撤下：%(reason)s") % {"reason": step.withdrawn_for} if step.withdrawn_on else ""
    more = [step.get_result_display(), step.get_satisfaction_display(), str(step.office or ""), gone]
    sub = " · ".join(filter(None, more))
    may = is_last and step.verb not in {Verb.TAKE_IN, Verb.JOIN}
    acts = link(step, "withdraw-step") if may else []
    note = {"text": step.note, "sub": sub} if step.note else sub
    return {"cells": [iso(step.on), step.get_verb_display(), note, step.by_name], "acts": acts}


def _suggested(viewer: Viewer, one: ContactProblem) -> list[Section]:
    if not guard.allow(viewer, "view", ContactSuggestion):
        return []
    rows = list(selectors.suggestions(viewer, problem=one))
    return [Section(_("建议"), SUGGESTIONS, _suggestions(viewer, rows), empty=_("没有建议"))]


def points(viewer: Viewer, tier: str, text: str) -> Listed:
    """The points, by level and number."""
    tiers = [("", "—"), *ContactPoint.Tier.choices]
    return Listed(
        title=_("营商环境监督联系点"),
        columns=POINTS,
        rows=selectors.points(viewer, tier=tier if tier in ContactPoint.Tier else "", text=text),
        row=_point,
        tabs=tabs(viewer, "contact-points"),
        filters=[
            {"name": "text", "label": _("名称或编号"), "value": text},
            {"name": "tier", "label": _("联系点级别"), "type": "select", "value": tier, "options": tiers},
        ],
        links=[{"label": _("名单 Word"), "href": reverse("desk:contact-points-word"), "icon": "download"}],
        note=_("企业名称只对联系该企业的室组公开，不出现在责任单位可以看到的任何地方。"),
        empty=_("没有登记的联系点"),
        out=Out(BOOK, rows_of),
        intake="points-sheet",
    )


def _point(row: ContactPoint) -> Row:
    place = [row.get_tier_display(), str(row.district or ""), said(row.industry), str(row.officer or "")]
    ends = {"text": iso(row.left_on), "sub": _("已退出")} if row.left_on else iso(row.until)
    href = reverse("desk:contact-point", args=[row.uid])
    return {"href": href, "cells": [row.code, row.name, *place, iso(row.since), ends]}


def point(viewer: Viewer, one: ContactPoint, link: Links) -> Told:
    """One point: its term, what it told."""
    turns = list(selectors.turns_of(viewer, one))
    told = selectors.told_by(viewer, one)
    return Told(
        title=one.name,
        lede=one.code,
        badge=_valid(one),
        back=(_("营商环境监督联系点"), reverse("desk:contact-points")),
        links=[
            {
                "label": pgettext("act", "登记问题"),
                "href": f"{reverse('desk:contact-problems')}?act=take-in&point={one.uid}",
                "icon": "plus",
                "primary": True,
            }
        ],
        facts=[
            fact(_("联系点级别"), one.get_tier_display()),
            fact(_("联系点类别"), one.get_kind_display()),
            fact(_("所在区"), str(one.district or "")),
            fact(_("行业"), said(one.industry)),
            fact(_("指定联系人"), str(one.officer or "")),
            fact(_("企业联络员"), one.liaison),
            fact(_("承办室组"), str(one.owner_office)),
            fact(_("任期起"), iso(one.since)),
            fact(_("任期止"), iso(one.until)),
        ],
        sections=[
            Section(_("反映的问题和建议"), TOLD_BY, [_told(row) for row in told]),
            Section(_("任期变动"), TURNS, [_turn(row, link) for row in turns]),
        ],
    )


def _valid(one: ContactPoint) -> tuple[str, str]:
    if one.withdrawn_on:
        return _("已撤下"), "danger"
    return (_("已退出"), "neutral") if one.left_on else (_("在任期内"), "done")


def _told(row: Reflection) -> Row:
    if row.problem:
        thing = {"text": str(row.problem), "href": reverse("desk:contact-problem", args=[row.problem.uid])}
    elif row.suggestion:
        thing = {"text": str(row.suggestion), "href": reverse("desk:contact-suggestion", args=[row.suggestion.uid])}
    else:
        thing = {"text": row.alias}
    return {"cells": [iso(row.on), thing, row.words]}


def _turn(row: PointTurn, link: Links) -> Row:
    gone = _("已撤下：%(reason)s") % {"reason": row.withdrawn_for} if row.withdrawn_on else ""
    note = {"text": row.note or gone, "sub": gone if row.note else ""}
    acts = [] if gone else link(row, "withdraw-turn")
    return {"cells": [iso(row.on), row.get_verb_display(), iso(row.until), note], "acts": acts}


def suggestions(viewer: Viewer, year: int | None) -> Listed:
    """The suggestions, newest first."""
    adopted: dict[int, Any] = {}

    def fetch(rows: list[ContactSuggestion]) -> None:
        adopted.update(selectors.adoptions_of(viewer, [row.pk for row in rows]))

    return Listed(
        title=_("营商环境监督联系点"),
        columns=SUGGESTIONS,
        rows=selectors.suggestions(viewer, year=year),
        row=lambda row: _suggestion(row, adopted),
        tabs=tabs(viewer, "contact-suggestions"),
        filters=[_year(year)],
        more=fetch,
        empty=_("没有建议"),
    )


def _suggestions(viewer: Viewer, rows: list[ContactSuggestion]) -> list[Row]:
    adopted = selectors.adoptions_of(viewer, [row.pk for row in rows])
    told = [_suggestion(row, adopted) for row in rows]
    return [
        {"cells": [row["cells"][0], {"text": row["cells"][1], "href": row["href"]}, *row["cells"][2:]]} for row in told
    ]


def _suggestion(row: ContactSuggestion, adopted: dict[int, Any]) -> Row:
    on = adopted[row.pk].on if row.pk in adopted else None
    href = reverse("desk:contact-suggestion", args=[row.uid])
    return {"href": href, "cells": [row.code, row.text, str(row.owner_office), iso(row.raised_on), iso(on)]}


def suggestion(viewer: Viewer, one: ContactSuggestion, link: Links) -> Told:
    """One suggestion: who made it, beside which problem, what it was taken up for."""
    adopted = selectors.adoptions_of(viewer, [one.pk]).get(one.pk)
    told = selectors.who_told(viewer, one)
    facts = [fact(_("提出日期"), iso(one.raised_on)), fact(_("承办室组"), str(one.owner_office))]
    if one.problem:
        href = reverse("desk:contact-problem", args=[one.problem.uid])
        facts.append(fact(_("反映问题"), str(one.problem), href=href, wide=True))
    columns = ((_("纳入日期"), "date"), (_("纳入何项监督参考"), "main"), (_("办理人"), ""))
    cells = [iso(adopted.on), adopted.used_for, adopted.by_name] if adopted else []
    rows = [{"cells": cells, "acts": link(adopted, "withdraw-adoption")}] if adopted else []
    return Told(
        title=one.text,
        lede=one.code,
        badge=(_("已撤下"), "danger")
        if one.withdrawn_on
        else (_("已纳入"), "done")
        if adopted
        else (_("已登记"), "warn"),
        back=(_("建议"), reverse("desk:contact-suggestions")),
        facts=facts,
        sections=[
            Section(_("纳入监督参考"), columns, rows, empty=_("还没有纳入监督参考")),
            *([Section(_("反映的联系点"), TOLD, [_teller(row) for row in told])] if told else []),
        ],
    )


def is_open(one: ContactProblem) -> bool:
    """Whether something is still to be done about it."""
    return one.withdrawn_on is None and one.state in OPEN
