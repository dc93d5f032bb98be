"""Pages of 点题整治: the year's topics, one year's work, the topics themselves with their chain of years."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.selectors import tallies
from jiandu.loop.findings.states import SETTLED
from jiandu.loop.outcomes.selectors import rules_of_activity
from jiandu.sources.activities import selectors as activities
from jiandu.sources.activities.models import Activity, Event
from jiandu.sources.topics import month_sheet, selectors
from jiandu.sources.topics.models import Evaluation, MonthlyCount, Topic
from jiandu.sources.topics.selectors import TopicWork
from jiandu.sources.topics.sheet import BOOK, rows_of
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.sheeted import Out
from jiandu.surfaces.desk.told import approving
from jiandu.surfaces.desk.told.rules import made as made_rules

Verb = Event.Verb
WORKS = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("点题事项"), "main"),
    (gettext_lazy("年度"), "num"),
    (gettext_lazy("答题部门"), ""),
    (gettext_lazy("承办室组"), ""),
    (gettext_lazy("年度去向"), "state"),
    (gettext_lazy("立题日期"), "date"),
)
TOPICS = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("点题事项"), "main"),
    (gettext_lazy("层级"), ""),
    (gettext_lazy("选题来源"), ""),
    (gettext_lazy("承办室组"), ""),
    (gettext_lazy("开展年度"), ""),
)
DEPARTMENTS = ((gettext_lazy("部门"), "main"), (gettext_lazy("分工"), ""))
TARGETS = (
    (gettext_lazy("目标"), "main"),
    (gettext_lazy("目标值"), "num"),
    (gettext_lazy("单位"), ""),
    (gettext_lazy("累计完成值"), "num"),
    (gettext_lazy("截至"), "date"),
    (gettext_lazy("完成时限"), "date"),
)
PROGRESS = ((gettext_lazy("月份"), "code"), (gettext_lazy("进展"), "main"), (gettext_lazy("填报人"), ""))
COUNTS = (
    (gettext_lazy("月份"), "code"),
    (gettext_lazy("群众留言受理"), "num"),
    (gettext_lazy("群众留言办结"), "num"),
    (gettext_lazy("部门自查受理"), "num"),
    (gettext_lazy("部门自查办结"), "num"),
)
EVALUATIONS = (
    (gettext_lazy("评价日期"), "date"),
    (gettext_lazy("评价单位"), "main"),
    (gettext_lazy("样本量"), "num"),
    (gettext_lazy("知晓率"), "num"),
    (gettext_lazy("满意率"), "num"),
    (gettext_lazy("支持率"), "num"),
)
RESULTS = ((gettext_lazy("日期"), "date"), (gettext_lazy("成果"), "main"))
EVENTS = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("事项"), ""),
    (gettext_lazy("说明"), "main"),
    (gettext_lazy("办理人"), ""),
)


def tabs(current: str) -> list[Row]:
    """The work of the years, and the topics themselves."""
    said = (("topics", _("年度点题")), ("topic-names", _("点题事项")))
    return [{"label": label, "href": reverse(f"desk:{url}"), "current": url == current} for url, label in said]


def works(viewer: Viewer, year: int | None, *, by_month: bool = False) -> Listed:
    """What was worked on, newest year first; as a sheet the years, or their months."""
    known: dict[str, Any] = {}

    def fetch(rows: list[Activity]) -> None:
        known["departments"] = selectors.departments_of(viewer, rows)
        known["decided"] = {verb: activities.happened_on(viewer, rows, verb) for verb in (Verb.CARRY_ON, Verb.CONCLUDE)}

    def told(row: Activity) -> Row:
        names = "、".join(known["departments"][row.pk])
        label, tone = _status([verb for verb, days in known["decided"].items() if row.pk in days])
        cells = [row.code, row.name, row.year, names, str(row.owner_office), {"text": label, "tone": tone}]
        return {"href": reverse("desk:topic-work", args=[row.uid]), "cells": [*cells, iso(row.approved_on)]}

    rows = activities.activities(viewer, kind=Activity.Kind.TOPIC, year=year).select_related("owner_office")
    return Listed(
        title=month_sheet.BOOK.label if by_month else _("点题整治"),
        columns=WORKS,
        rows=rows,
        row=told,
        tabs=tabs("topics"),
        filters=[{"name": "year", "label": _("年度"), "type": "number", "value": year or ""}],
        more=fetch,
        empty=_("还没有点题整治项目"),
        links=[{"label": _("导出月报"), "href": f"?year={year or ''}&format=xlsx&months=1", "icon": "download"}],
        out=Out(month_sheet.BOOK, month_sheet.rows_of) if by_month else Out(BOOK, rows_of),
        intake="topics-sheet",
    )


def _status(verbs: list[str]) -> tuple[str, str]:
    if Verb.CONCLUDE in verbs:
        return _("结题完成"), "done"
    return (_("深化推进"), "warn") if Verb.CARRY_ON in verbs else (_("进行中"), "progress")


def topics(viewer: Viewer) -> Listed:
    """The topics, newest first, each with its years."""
    years: dict[int, list[int]] = {}

    def fetch(rows: list[Topic]) -> None:
        years.update(selectors.years_of(viewer, rows))

    def told(row: Topic) -> Row:
        said = "、".join(map(str, years[row.pk]))
        cells = [row.code, row.name, row.get_tier_display(), row.chosen_by, str(row.owner_office), said]
        return {"href": reverse("desk:topic", args=[row.uid]), "cells": cells}

    return Listed(
        title=_("点题整治"),
        columns=TOPICS,
        rows=selectors.topics(viewer),
        row=told,
        tabs=tabs("topic-names"),
        more=fetch,
        empty=_("还没有点题事项"),
    )


def topic(viewer: Viewer, one: Topic) -> Told:
    """One topic: the years in which it was worked on."""
    chain = [row.activity for row in selectors.chain_of(viewer, one) if row.activity]
    decided = {verb: activities.happened_on(viewer, chain, verb) for verb in (Verb.CARRY_ON, Verb.CONCLUDE)}
    columns = ((_("年度"), "num"), (_("编号"), "code"), (_("年度去向"), "state"), (_("立题日期"), "date"))
    rows = []
    for row in chain:
        label, tone = _status([verb for verb, days in decided.items() if row.pk in days])
        code = {"text": row.code, "href": reverse("desk:topic-work", args=[row.uid])}
        rows.append({"cells": [row.year, code, {"text": label, "tone": tone}, iso(row.approved_on)]})
    return Told(
        title=one.name,
        lede=one.code,
        badge=(_("已撤下"), "danger") if one.withdrawn_on else ("", "neutral"),
        back=(_("点题事项"), reverse("desk:topic-names")),
        facts=[
            fact(_("层级"), one.get_tier_display()),
            fact(_("承办室组"), str(one.owner_office)),
            fact(_("选题来源"), one.chosen_by),
        ],
        sections=[Section(_("开展年度"), columns, rows, empty=_("还没有立题"))],
    )


def work(viewer: Viewer, one: Activity, link: Links) -> Told:
    """A year's work on a topic."""
    all_of_it = selectors.work_of(viewer, one)
    happened = list(activities.events_of(viewer, one))
    decided = [event.verb for event in happened if event.withdrawn_on is None]
    results = {"label": _("评价和成果"), "href": reverse("desk:topic-results", args=[one.uid])}
    new = {"label": _("登记问题"), "href": f"{reverse('desk:finding-new')}?source=activity:{one.uid}", "icon": "plus"}
    return Told(
        title=one.name,
        lede=one.code,
        badge=_status(decided),
        back=(_("点题整治"), f"{reverse('desk:topics')}?year={one.year}"),
        links=[results, {**new, "primary": True}],
        stats=_stats(viewer, one, all_of_it),
        facts=_facts(one, all_of_it),
        sections=[
            *_plan(all_of_it, link),
            *_months(all_of_it, link),
            *approving.of_activity(viewer, one, link),
            Section(_("记事"), EVENTS, [_event(row) for row in happened]),
        ],
    )


def results(viewer: Viewer, one: Activity, link: Links) -> Told:
    """What came of a year's work: what the public says, the list of results, the list of rules."""
    evaluations = [_evaluation(row, link) for row in selectors.evaluations_of(viewer, one)]
    achieved = [_achievement(row, link) for row in selectors.achievements_of(viewer, one)]
    word = {"label": _("成果和制度清单"), "href": reverse("desk:topic-word", args=[one.uid]), "icon": "download"}
    return Told(
        title=one.name,
        lede=f"{one.code} · {_('评价和成果')}",
        back=(_("四定和进展"), reverse("desk:topic-work", args=[one.uid])),
        links=[word],
        sections=[
            Section(_("社会评价"), EVALUATIONS, evaluations, empty=_("还没有社会评价")),
            Section(_("成果清单"), RESULTS, achieved, empty=_("还没有登记成果")),
            made_rules(_("制度清单"), rules_of_activity(viewer, one)),
        ],
    )


def _stats(viewer: Viewer, one: Activity, all_of_it: TopicWork) -> list[Row]:
    states = tallies.by_state(viewer, one)
    messages, own = (all_of_it.total(kind) for kind in (MonthlyCount.Kind.MESSAGES, MonthlyCount.Kind.OWN_LIST))
    findings = f"{reverse('desk:findings')}?activity={one.pk}"
    return [
        {"label": _("发现问题"), "value": sum(states.values()), "href": findings},
        {"label": _("已解决问题"), "value": sum(states.get(state, 0) for state in SETTLED)},
        {"label": _("群众留言办结"), "value": f"{messages.closed}/{messages.received} {messages.percent}"},
        {"label": _("部门自查办结"), "value": f"{own.closed}/{own.received} {own.percent}"},
    ]


def _facts(one: Activity, all_of_it: TopicWork) -> list[Row]:
    named = {"href": reverse("desk:topic", args=[all_of_it.topic])} if all_of_it.topic else {}
    return [
        fact(_("年度"), one.year),
        fact(_("点题事项"), one.name, **named),
        fact(_("承办室组"), str(one.owner_office)),
        fact(_("立题日期"), iso(one.approved_on)),
        fact(_("方案"), one.plan, wide=True),
    ]


def _plan(all_of_it: TopicWork, link: Links) -> list[Section]:
    """四定: 定主体, 定目标, 定措施, 定进度."""
    year = all_of_it.year
    departments = [
        {"cells": [str(row), row.get_role_display()], "acts": link(row, "withdraw-department")}
        for row in all_of_it.departments
    ]
    targets = [_target(row, link) for row in all_of_it.targets]
    return [
        Section(_("定主体：答题部门"), DEPARTMENTS, departments, empty=_("还没有答题部门")),
        Section(_("定目标：量化目标"), TARGETS, targets, empty=_("还没有量化目标")),
        Section(_("定措施"), words=year.measures if year else ""),
        Section(_("定进度"), words=year.schedule if year else ""),
    ]


def _target(row: Any, link: Links) -> Row:
    came: Any = (
        "" if row.came is None else {"text": row.came, "tone": "done" if row.came >= row.planned else "progress"}
    )
    cells = [row.name, row.planned, row.unit, came, iso(row.came_on), iso(row.due_on)]
    slugs = ("reach", "withdraw-target") if row.came is None else ("reach", "withdraw-reached", "withdraw-target")
    return {"cells": cells, "acts": link(row, *slugs)}


def _months(all_of_it: TopicWork, link: Links) -> list[Section]:
    progress = [
        {"cells": [f"{row.month:%Y-%m}", row.text, row.by_name], "acts": link(row, "withdraw-progress")}
        for row in all_of_it.progress
    ]
    months: dict[Any, dict[str, MonthlyCount]] = {}
    for row in all_of_it.counts:
        months.setdefault(row.month, {})[row.kind] = row
    counts = [_month(month, rows, link) for month, rows in sorted(months.items())]
    return [
        Section(_("月度进展"), PROGRESS, progress, empty=_("还没有填报进展")),
        Section(_("群众留言和部门自查"), COUNTS, counts, empty=_("还没有填报件数")),
    ]


def _month(month: Any, rows: dict[str, MonthlyCount], link: Links) -> Row:
    """A month's messages and own lists side by side."""
    told = [rows.get(kind) for kind in (MonthlyCount.Kind.MESSAGES, MonthlyCount.Kind.OWN_LIST)]
    cells = [number for row in told for number in ((row.received, row.closed) if row else ("", ""))]
    slugs = ("withdraw-messages", "withdraw-own-list")
    acts = [one for row, slug in zip(told, slugs, strict=True) if row for one in link(row, slug)]
    return {"cells": [f"{month:%Y-%m}", *cells], "acts": acts}


def _evaluation(row: Evaluation, link: Links) -> Row:
    rates = [f"{rate / 100:.2f}%" for rate in (row.known, row.satisfied, row.supported)]
    return {"cells": [iso(row.on), row.evaluator, row.sample, *rates], "acts": link(row, "withdraw-evaluation")}


def _achievement(row: Any, link: Links) -> Row:
    return {"cells": [iso(row.on), row.text], "acts": link(row, "withdraw-achievement")}


def _event(row: Event) -> Row:
    gone = _("已撤下：%(reason)s") % {"reason": row.withdrawn_for} if row.withdrawn_on else ""
    note = {"text": row.note or gone, "sub": gone if row.note else ""}
    return {"cells": [iso(row.on), row.get_verb_display(), note, row.by_name]}
