"""The page of one run: what each rule said, which could not judge, and how far the columns are filled that decide."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.crosscheck import selectors, tables
from jiandu.sources.crosscheck.models import RuleRun
from jiandu.surfaces.desk.registers import Row, Section, Told, fact
from jiandu.surfaces.desk.told.crosscheck import UNLISTED
from jiandu.surfaces.desk.told.crosscheck_runs import count

RAN = (
    (gettext_lazy("规则"), "code"),
    (gettext_lazy("名称"), "main"),
    (gettext_lazy("版本"), "code"),
    (gettext_lazy("命中"), "num"),
    (gettext_lazy("新疑点"), "num"),
    (gettext_lazy("再次命中"), "num"),
    (gettext_lazy("秒"), "num"),
    (gettext_lazy("说明"), ""),
)
FILLS = (
    (gettext_lazy("数据表"), ""),
    (gettext_lazy("数据项"), "main"),
    (gettext_lazy("已填行数"), "num"),
    (gettext_lazy("行数"), "num"),
    (gettext_lazy("占比"), "num"),
    (gettext_lazy("据以判断的规则"), "wrap"),
)


def run(viewer: Viewer, one: RuleRun) -> Told:
    """One run: what each rule said, and how good the tables were."""
    seconds = (one.finished_at - one.started_at).total_seconds()
    lists = selectors.is_listed(viewer, one)
    silent = sum(not _is_conclusive(each) for each in one.rules)
    return Told(
        title=one.code,
        lede=str(one.dataset),
        back=(_("比对记录"), reverse("desk:runs")),
        links=[{"label": _("数据集"), "href": reverse("desk:dataset", args=[one.dataset.uid])}],
        stats=[
            {"label": _("命中"), "value": one.hits, "href": f"{reverse('desk:alerts')}?run={one.uid}" if lists else ""},
            {"label": _("新疑点"), "value": one.fresh},
            {"label": _("再次命中"), "value": one.again},
            *([{"label": _("未判断的规则"), "value": silent}] if silent else []),
        ],
        facts=[
            fact(_("判断日期"), iso(one.on)),
            fact(_("引擎"), one.engine),
            fact(_("用时"), _("%(seconds).1f秒") % {"seconds": seconds}),
            fact(_("运行人"), one.by_name),
            fact(_("承办室组"), str(one.owner_office)),
            *([] if lists else [fact(_("命中清单"), UNLISTED, wide=True)]),
        ],
        sections=[Section(_("规则"), RAN, [_ran(one, each, lists=lists) for each in one.rules]), *_fills(one)],
    )


def _ran(one: RuleRun, said: dict[str, Any], *, lists: bool) -> Row:
    notes, judged = [], _is_conclusive(said)
    if said["missing"]:
        missing = "、".join(tables.named(name).words for name in said["missing"])
        notes.append(_("缺少数据表：%(tables)s") % {"tables": missing})
    lacks = [] if judged else [_empty(group) for group in said.get("lacks", [])]
    notes += [_("未判断：%(what)s") % {"what": "；".join(lacks)}] if lacks else []
    if said["left"]:
        notes.append(_("另有%(left)s条未列为疑点") % {"left": said["left"]})
    if said["doubts"]:
        notes.append(_("数据存疑"))
    hits = count(said["hits"], rule=said["id"], run=str(one.uid)) if lists else said["hits"]
    hits = hits if judged else {"text": _("未判断"), "tone": "warn"}
    cells = [said["id"], said["name"], said["version"], hits, said["new"], said["again"], f"{said['seconds']:.2f}"]
    return {"cells": [*cells, "；".join(notes)]}


def _is_conclusive(said: dict[str, Any]) -> bool:
    """Of a run from before that was told, only a table that is not there is known."""
    return bool(said.get("judged", not said["missing"]))


def _empty(group: list[dict[str, Any]]) -> str:
    """What is empty, so that the rule could find nothing: a table, a column, or two of which one would be enough."""
    table = tables.named(group[0]["table"])
    if not group[0]["column"]:
        return _("%(table)s没有一行") % {"table": table.words}
    named = _("、").join(_item(each) for each in group)
    return (_("%(items)s没有一行填写") if len(group) == 1 else _("%(items)s都没有一行填写")) % {"items": named}


def _item(said: dict[str, Any]) -> str:
    return _("%(table)s的%(column)s") % {"table": tables.named(said["table"]).words, "column": _column(said)}


def _column(said: dict[str, Any]) -> str:
    return tables.named(said["table"]).by_name[said["column"]].words.split("#")[0].strip()


def _fills(one: RuleRun) -> list[Section]:
    """The columns that decide and are not filled in every row, the emptiest first, with the rules that rest on them."""
    told: dict[tuple[str, str], tuple[dict[str, Any], list[str]]] = {}
    for rule in one.rules:
        for each in rule.get("fills", []):
            if each["column"] and each["filled"] < each["rows"]:
                told.setdefault((each["table"], each["column"]), (each, []))[1].append(rule["id"])
    rows = [_fill(*each) for each in sorted(told.values(), key=lambda pair: pair[0]["filled"] / pair[0]["rows"])]
    return [Section(_("关键数据项的填写情况"), FILLS, rows, is_folded=True, is_wide=True)] if rows else []


def _fill(said: dict[str, Any], rules: list[str]) -> Row:
    share = f"{said['filled'] / said['rows']:.1%}"
    cells = [tables.named(said["table"]).words, _column(said), said["filled"], said["rows"], share, _("、").join(rules)]
    return {"cells": cells}
