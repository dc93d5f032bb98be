"""Pages of 数据比对: the queue of alerts and one alert. Everything here is masked; the page in clear is a page of its own."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.models import Finding
from jiandu.sources.crosscheck import selectors, tables
from jiandu.sources.crosscheck.models import Alert, Dataset, LinkPair, RuleRun, RuleSetting
from jiandu.sources.crosscheck.rule import Basis, Ground, Rule
from jiandu.sources.crosscheck.selectors import Wanted
from jiandu.sources.crosscheck.states import BY_BATCH, Colour, State
from jiandu.surfaces.desk.registers import Batch, Listed, Row, Section, Told, fact, select

COLUMNS = (
    (gettext_lazy("级别"), "state"),
    (gettext_lazy("疑点编号"), "code"),
    (gettext_lazy("疑点说明"), "main"),
    (gettext_lazy("规则"), ""),
    (gettext_lazy("地点"), ""),
    (gettext_lazy("最近命中"), "date"),
    (gettext_lazy("次数"), "num"),
    (gettext_lazy("状态"), "state"),
)
STEPS = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("办理"), ""),
    (gettext_lazy("说明"), "main"),
    (gettext_lazy("级别"), "state"),
    (gettext_lazy("规则版本"), ""),
    (gettext_lazy("办理人"), ""),
)
FINDINGS = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("问题表现"), "main"),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("销号日期"), "date"),
)
TONES = {
    Colour.RED: "danger",
    Colour.YELLOW: "warn",
    Colour.GREEN: "done",
    Colour.CLEARED: "neutral",
    State.WAITING: "warn",
    State.EXCLUDED_RULE: "neutral",
    State.EXCLUDED_DATA: "neutral",
    State.RECTIFIED: "progress",
    State.TAKEN: "progress",
    State.CLUE: "danger",
}
GROUPS = (
    ("open", pgettext_lazy("alert", "待核")),
    ("decided", gettext_lazy("已处置")),
    ("confirmed", gettext_lazy("属实")),
    ("excluded", gettext_lazy("已排除")),
)
HEED = gettext_lazy("疑点不是问题：须核实后处置。身份证号、姓名和账号以星号显示。")
UNLISTED = gettext_lazy("这次比对运行时，系统还没有保存每次比对的命中清单，只存有数量；疑点按规则查看")
KINDS = {"missing": gettext_lazy("未填"), "invalid": gettext_lazy("无效"), "repeated": gettext_lazy("重复")}


def tabs(viewer: Viewer, current: str) -> list[Row]:
    """The rooms of cross-checks side by side."""
    lists: tuple[tuple[str, Any, Any], ...] = (
        ("alerts", pgettext_lazy("tab", "疑点"), Alert),
        ("link-pairs", gettext_lazy("关联认定"), LinkPair),
        ("rules-run", gettext_lazy("比对规则"), RuleSetting),
        ("runs", gettext_lazy("比对记录"), RuleRun),
        ("datasets", pgettext_lazy("tab", "数据集"), Dataset),
        ("data-tables", gettext_lazy("带入数据"), RuleRun),
    )
    return [
        {"label": label, "href": reverse(f"desk:{url}"), "current": url == current}
        for url, label, model in lists
        if guard.allow(viewer, "create" if url == "data-tables" else "view", model)
    ]


def alerts(viewer: Viewer, wanted: Wanted, asked: str = "") -> Listed:
    """The queue: what waits first, the reddest first. `asked`: the filters as the address says them, for what leaves."""
    run = selectors.run_by_uid(viewer, wanted.run) if wanted.run else None
    places = [(place, place) for place in selectors.places(viewer)]
    batch = (
        Batch(reverse("desk:alerts-exclude"), _("排除所选"), "alert", _("核查单"))
        if guard.allow(viewer, "edit", Alert)
        else None
    )
    out = f"{reverse('desk:alerts-export')}?{asked}{'&' if asked else ''}as="
    return Listed(
        title=_("数据比对"),
        columns=COLUMNS,
        rows=selectors.alerts(viewer, wanted),
        row=_alert,
        tabs=tabs(viewer, "alerts"),
        filters=[
            select("group", _("状态"), wanted.group or wanted.state, [*GROUPS, *State.choices]),
            select("colour", _("级别"), wanted.colour, Colour.choices),
            select("place", _("地点"), wanted.place, places),
            select("rule", _("规则"), wanted.rule, selectors.rules_seen(viewer)),
            *([select("version", _("规则版本"), wanted.version, [(wanted.version,) * 2])] if wanted.version else []),
            *([select("run", _("比对编号"), str(run.uid), [(str(run.uid), run.code)])] if run else []),
        ],
        note=UNLISTED if run and not selectors.is_listed(viewer, run) else HEED,
        empty=_("没有疑点"),
        links=[
            *([_to_exclude(viewer, wanted, asked)] if batch and wanted.rule else []),
            *({"label": kind, "href": f"{out}{kind.lower()}", "icon": "download"} for kind in ("CSV", "JSON")),
        ],
        batch=batch,
    )


def _to_exclude(viewer: Viewer, wanted: Wanted, asked: str) -> Row:
    """Of one rule, what waits as filtered: it may go for one reason."""
    return {"label": _("排除筛选出的待核疑点"), "href": f"{reverse('desk:alerts-exclude')}?{asked}"}


def _alert(row: Alert) -> Row:
    cells: list[Any] = [
        {"text": row.get_colour_display(), "tone": TONES[Colour(row.colour)]},
        {"text": row.code, "href": reverse("desk:alert", args=[row.uid])},
        {"text": row.sentence, "sub": _remarks(row)},
        f"{row.rule} {row.rule_name}",
        row.place,
        iso(row.last_on),
        row.times,
        {"text": row.get_state_display(), "tone": TONES[State(row.state)]},
    ]
    return {"href": reverse("desk:alert", args=[row.uid]), "id": str(row.uid), "name": row.code, "cells": cells}


def _remarks(row: Alert) -> str:
    said = [(row.doubts, _("数据存疑")), (row.linked, _("号码由关联补认"))]
    return "，".join(words for holds, words in said if holds)


def alert(viewer: Viewer, one: Alert, found: list[Finding]) -> Told:
    """One alert: what was found, on what basis, what the rule cannot see, the rows behind it, what was made of it."""
    rule = selectors.rule_of(viewer, one)
    links = [{"label": _("规则说明"), "href": reverse("desk:rule-run", args=[one.rule])}] if rule else []
    links.append({"label": _("核查单"), "href": reverse("desk:alert-paper", args=[one.uid])})
    if one.clear and guard.allow(viewer, "reveal", one):
        links.append({"label": _("查看明文"), "href": reverse("desk:alert-clear", args=[one.uid])})
    return Told(
        title=one.code,
        lede=f"{one.rule} {one.rule_name}",
        badge=(one.get_state_display(), TONES[State(one.state)]),
        back=(_("数据比对"), reverse("desk:alerts")),
        links=links,
        facts=[each for each in _facts(one, rule) if each["value"]],
        sections=[
            Section(_("疑点说明"), words=one.sentence),
            *_doubts(one),
            *_linked(one),
            *_findings(one, found),
            values(_("数据项"), one.values),
            *_rows_behind(one.behind),
            Section(_("处置经过"), STEPS, [_step(row) for row in selectors.steps_of(viewer, one)]),
            _neighbours(viewer, one),
        ],
    )


def _facts(one: Alert, rule: Rule | None) -> list[Row]:
    return [
        fact(_("级别"), one.get_colour_display(), tone=TONES[Colour(one.colour)]),
        fact(_("地点"), one.place),
        fact(_("责任单位"), str(one.subject or "")),
        fact(_("疑点对象"), one.key),
        fact(_("首次命中"), iso(one.first_on)),
        fact(_("最近命中"), iso(one.last_on)),
        fact(_("命中次数"), one.times),
        fact(_("规则版本"), one.version),
        fact(_("处置人"), one.handled_by),
        fact(_("处置日期"), iso(one.handled_on)),
        fact(_("依据"), "；".join(basis_words(rule, one.last_on)) if rule else "", wide=True),
        fact(_("看不见什么"), rule.blind if rule else "", wide=True),
    ]


GROUNDS = {
    Ground.LAW: gettext_lazy("法规"),
    Ground.PRACTICE: gettext_lazy("实践参数"),
    Ground.AUDIT: gettext_lazy("审计方法"),
}


def basis_words(rule: Rule, on: date | None = None) -> list[str]:
    """What the rule rests on: of what kind, with its article and from when it holds; of a hit, what was in force on its
    day. Where no article is, or was, it says so."""
    said = [_basis(each) for each in (rule.basis if on is None else rule.basis_on(on))]
    if not rule.lacks_article(on):
        return said
    return [_("无条文") if rule.lacks_article() else _("当时没有施行的条文"), *said]


def _basis(each: Basis) -> str:
    told = {"kind": GROUNDS[each.ground], "title": f"{each.title}{each.article}", "on": iso(each.since)}
    return _("%(kind)s：%(title)s（%(on)s起施行）") % told if each.since else _("%(kind)s：%(title)s") % told


def grounds(rule: Rule) -> str:
    """The kinds of what it rests on, each once, articles first; where there is none, that first."""
    kinds = [str(GROUNDS[kind]) for kind in Ground if any(each.ground == kind for each in rule.basis)]
    return _("、").join([*([_("无条文")] if rule.lacks_article() else []), *kinds])


def _doubts(one: Alert) -> list[Section]:
    """What is wrong with the tables of the run, in words."""
    if not one.doubts:
        return []
    return [Section(_("本次数据存疑，结论须谨慎"), words="\n".join(doubt_words(each) for each in one.doubts))]


def _linked(one: Alert) -> list[Section]:
    """Which numbers behind it came by linkage, and who is sure of it."""
    if not one.linked:
        return []
    return [Section(_("号码由关联补认，须核对本人"), words="\n".join(linked_words(each) for each in one.linked))]


def linked_words(said: dict[str, Any]) -> str:
    """One number that came by linkage, as a sentence."""
    told = {"table": said["table"], "column": said["column"], "score": f"{said['score']:.1%}", "pair": said["pair"]}
    if said["pair"]:
        return _("%(table)s缺%(column)s，由关联补认，相似度%(score)s，经人认定（%(pair)s）") % told
    return _("%(table)s缺%(column)s，由关联补认，相似度%(score)s，程序认定") % told


def doubt_words(fault: dict[str, Any]) -> str:
    """One fault of a table, as a sentence: table and columns by their words."""
    table = tables.named(fault["table"])
    columns = (table.by_name[each].words.split("#")[0].strip() for each in fault["column"].split("+"))
    said = {
        "table": table.words,
        "column": "＋".join(columns),
        "kind": KINDS[fault["kind"]],
        "rows": fault["rows"],
        "of": fault["of"],
    }
    return _("%(table)s的%(column)s：%(rows)s行%(kind)s，共%(of)s行") % said


def _findings(one: Alert, found: list[Finding]) -> list[Section]:
    if one.state != State.TAKEN:
        return []
    rows = [
        {
            "href": reverse("desk:finding", args=[row.uid]),
            "cells": [row.code, row.listed_as(row.problem), row.get_state_display(), iso(row.closed_on)],
        }
        for row in found
    ]
    return [Section(_("转入的问题"), FINDINGS, rows, empty=_("没有可以查看的问题"))]


def values(title: str, pairs: Iterable[Any]) -> Section:
    """What a row or a hit says, item by item."""
    return Section(title, facts=[fact(label, value) for label, value in pairs], is_record=True)


def _rows_behind(behind: Iterable[dict[str, Any]]) -> list[Section]:
    sections = []
    for table in behind:
        columns = tuple((label, "") for label in table["columns"])
        title = _("%(table)s中的记录") % {"table": table["table"]}
        sections.append(Section(title, columns, [{"cells": row} for row in table["rows"]], is_record=True))
    return sections


def _step(row: Any) -> Row:
    colour = {"text": row.get_to_colour_display(), "tone": TONES[Colour(row.to_colour)]}
    return {"cells": [iso(row.on), row.get_verb_display(), row.note, colour, row.version, row.by_name]}


def _neighbours(viewer: Viewer, one: Alert) -> Section:
    rows = [_alert(each) for each in selectors.neighbours(viewer, one)]
    return Section(_("同一地点、同一对象的其他疑点"), COLUMNS, rows, empty=_("没有其他疑点"))


def in_clear(one: Alert, clear: str) -> Told:
    """The same alert with its values as the tables have them: for whoever may, each look logged."""
    said = json.loads(clear)
    return Told(
        title=one.code,
        lede=_("个人信息明文，本次查看已记录"),
        back=(one.code, reverse("desk:alert", args=[one.uid])),
        back_is_name=True,
        sections=[
            Section(_("疑点说明"), words=said["sentence"]),
            values(_("数据项"), said["values"]),
            *_rows_behind(said["behind"]),
        ],
    )


REASONS = [(verb.value, verb.label) for verb in BY_BATCH]
