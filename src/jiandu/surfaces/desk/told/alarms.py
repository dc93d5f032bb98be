"""Pages of 苗头预警: what rose, from what expectation, how sure, which items; what was made of it; how often each rule was right."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.instruments.course import with_course
from jiandu.loop.instruments.models import Instrument
from jiandu.results.alarms import selectors
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.selectors import Precision
from jiandu.results.digests.dimensions import is_english
from jiandu.results.warnings.plain import digits
from jiandu.sources.petitions.categories import named
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact, select
from jiandu.surfaces.desk.told import advisories
from jiandu.surfaces.desk.told.instruments import made
from jiandu.surfaces.desk.told.petitions import COLUMNS as ITEMS
from jiandu.surfaces.desk.told.petitions import linked, tabs
from jiandu.surfaces.desk.wording import said

COLUMNS = (
    (gettext_lazy("预警编号"), "code"),
    (gettext_lazy("周起"), "date"),
    (gettext_lazy("规则"), ""),
    (gettext_lazy("单位"), ""),
    (gettext_lazy("领域、分类"), ""),
    (gettext_lazy("属地"), ""),
    (gettext_lazy("本期"), "num"),
    (gettext_lazy("预期"), "num"),
    (gettext_lazy("状态"), "state"),
)
PRECISION = (
    (gettext_lazy("规则"), "main"),
    (gettext_lazy("已研判"), "num"),
    (pgettext_lazy("alarm state", "确认"), "num"),
    (gettext_lazy("准确率"), "num"),
    (gettext_lazy("95%区间"), "num"),
    (gettext_lazy("待研判"), "num"),
)
TONES = {"waiting": "warn", "confirmed": "danger", "dismissed": "neutral"}
SHOWN = 50


def alarms(viewer: Viewer, state: str, rule: str) -> Listed:
    """The alarms, the newest week first."""
    return Listed(
        title=_("苗头预警"),
        columns=COLUMNS,
        rows=selectors.alarms(viewer, state=state, rule=rule),
        row=_alarm,
        tabs=tabs(viewer, "alarms"),
        filters=[
            select("state", _("状态"), state, Alarm.State.choices),
            select("rule", _("规则"), rule, Alarm.Rule.choices),
        ],
        links=[{"label": _("规则准确率"), "href": reverse("desk:alarms-precision")}],
        note=_("预警只是提示：由信访干部研判确认或排除，确认前不通知任何单位和个人。"),
        empty=_("没有预警"),
    )


def _alarm(row: Alarm) -> Row:
    state = {"text": row.get_state_display(), "tone": TONES[row.state]}
    cells = [row.code, iso(row.week), row.get_rule_display(), str(row.subject or ""), matter(row)]
    number = digits(row.expected) if row.expected is not None else ""
    return {
        "href": reverse("desk:alarm", args=[row.uid]),
        "cells": [*cells, str(row.region or ""), observed(row), number, state],
    }


def matter(row: Alarm) -> str:
    """Its domain and class."""
    classed = named(row.category, english=is_english()) if row.category else ""
    return " · ".join(filter(None, (said(row.domain), classed)))


def observed(row: Alarm) -> str:
    """What was counted, with what it is a number of: items, senders, units, or a share."""
    number = {"count": row.observed}
    return {
        Alarm.Rule.SENDERS: _("%(count)s人"),
        Alarm.Rule.REPEATS: _("%(count)s%%"),
        Alarm.Rule.SHARED: _("%(count)s个单位"),
        Alarm.Rule.WORD: _("%(count)s个单位"),
    }.get(Alarm.Rule(row.rule), _("%(count)s件")) % number


def alarm(viewer: Viewer, one: Alarm, word: str | None = None) -> Told:
    """One alarm in words, with the items behind it; `word`: its keyword, where a key at hand opens it."""
    why = one.why_en if get_language() == "en" else one.why
    facts = [
        fact(_("规则"), one.get_rule_display()),
        fact(_("周起"), iso(one.week)),
        fact(_("统计期起"), iso(one.since)),
        fact(_("单位"), str(one.subject or "")),
        fact(_("领域、分类"), matter(one)),
        fact(_("属地"), str(one.region or "")),
        *([fact(_("关键词"), word or _("密封中，解锁后显示"))] if one.rule == Alarm.Rule.WORD else []),
        fact(_("研判日期"), iso(one.decided_on)),
        fact(_("研判人"), one.decided_by),
        fact(_("排除原因"), one.get_reason_display()),
        fact(_("研判意见"), one.note, wide=True),
    ]
    items = list(selectors.behind(viewer, one)[:SHOWN])
    is_waiting = one.state == Alarm.State.WAITING
    return Told(
        title=one.code,
        lede=_("苗头预警"),
        badge=(one.get_state_display(), TONES[one.state]),
        back=(_("苗头预警"), reverse("desk:alarms")),
        links=[{"label": _("专题分析"), "href": _theme(one)}],
        ahead=[("confirm", None, "")] if is_waiting else [("letter", None, ""), ("send", None, "")],
        facts=[each for each in facts if each["value"]],
        sections=[
            Section(_("说明"), words=why),
            *([] if is_waiting else letters(selectors.letters_of(viewer, one))),
            *advisories.section(viewer, one),
            Section(_("涉及信访件"), ITEMS, [linked(row) for row in items], empty=_("没有可以查看的信访件")),
        ],
    )


def letters(rows: QuerySet[Instrument]) -> list[Section]:
    """The letters that came of it."""
    listed = list(with_course(rows))
    return [made(listed)] if listed else []


def _theme(one: Alarm) -> str:
    """The bulletin of the week's month on the alarm's domain, class and unit."""
    said = {
        "domain": one.domain.code if one.domain else "",
        "category": one.category,
        "unit": str(one.subject.uid) if one.subject else "",
    }
    month = {"kind": "month", "year": one.week.year, "number": one.week.month}
    query = urlencode({**month, **{name: value for name, value in said.items() if value}})
    return f"{reverse('desk:petitions-bulletin')}?{query}"


def precision(viewer: Viewer) -> Told:
    """How often each rule was right, with the bounds of that."""
    rows = [_precision(row) for row in selectors.precision(viewer)]
    return Told(
        title=_("规则准确率"),
        back=(_("苗头预警"), reverse("desk:alarms")),
        sections=[Section(_("规则准确率"), PRECISION, rows, empty=_("没有预警"))],
    )


def _precision(row: Precision) -> Row:
    bounds = row.interval
    share = f"{row.confirmed / row.decided:.0%}" if row.decided else ""
    between = f"{bounds[0]:.0%}–{bounds[1]:.0%}" if bounds else ""
    return {"cells": [str(Alarm.Rule(row.rule).label), row.decided, row.confirmed, share, between, row.waiting]}
