"""Pages of 关联认定: pairs that linkage is not sure of, and one of them with both rows side by side. All of it masked."""

import json
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import spoken
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.crosscheck import linked, selectors, tables
from jiandu.sources.crosscheck.models import LinkPair
from jiandu.sources.crosscheck.states import LinkState
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact, select
from jiandu.surfaces.desk.told.crosscheck import tabs, values

COLUMNS = (
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("关联编号"), "code"),
    (gettext_lazy("两条记录"), "main"),
    (gettext_lazy("比较结果"), "wrap"),
    (gettext_lazy("相似度"), "num"),
    (gettext_lazy("地点"), ""),
    (gettext_lazy("认定日期"), "date"),
    (gettext_lazy("认定人"), ""),
)
TONES = {LinkState.WAITING: "warn", LinkState.SAME: "done", LinkState.ANOTHER: "neutral", LinkState.UNKNOWN: "progress"}
KINDS = {"persons": pgettext_lazy("link", "自然人"), "companies": pgettext_lazy("link", "单位")}
MOST_ODDS = 20  # bits, beyond which nobody reads the factor


def pairs(viewer: Viewer, state: str, place: str) -> Listed:
    """The queue: what waits first, the likeliest first."""
    places = [(each, each) for each in selectors.link_places(viewer)]
    return Listed(
        title=_("关联认定"),
        columns=COLUMNS,
        rows=selectors.link_pairs(viewer, state, place),
        row=_pair,
        tabs=tabs(viewer, "link-pairs"),
        filters=[
            select("state", _("状态"), state, LinkState.choices),
            select("place", _("地点"), place, places),
        ],
        note=_(
            "数据表中缺号码的记录，按姓名、地点等找到的可能对象。程序有把握的直接采用，其余由人认定一次，以后比对照此办理。"
        ),
        empty=_("没有待认定的关联"),
    )


def _pair(row: LinkPair) -> Row:
    place = reverse("desk:link-pair", args=[row.uid])
    return {
        "href": place,
        "cells": [
            {"text": row.get_state_display(), "tone": TONES[LinkState(row.state)]},
            {"text": row.code, "href": place},
            {"text": f"{_table(row)}「{_name(row, 'left')}」—{_roster(row)}「{_name(row, 'right')}」", "sub": ""},
            "，".join(_words(each) for each in row.compared if each["weight"]),
            f"{row.probability:.1%}",
            row.place,
            iso(row.decided_on),
            row.decided_by,
        ],
    }


def _name(row: LinkPair, side: str) -> str:
    return str(row.compared[0][side]) if row.compared else ""


def _table(row: LinkPair) -> str:
    return tables.named(row.table).words


def _roster(row: LinkPair) -> str:
    return tables.named(linked.ROSTERS[row.kind].table).words


def _words(compared: dict[str, Any]) -> str:
    """How a comparison came out, in the reader's language."""
    return str(compared["words"] if str(get_language()).startswith("zh") else compared["english"])


def pair(viewer: Viewer, one: LinkPair) -> Told:
    """Both rows side by side, each comparison with what it adds in words, and what was said of them."""
    links = []
    if one.clear and guard.allow(viewer, "reveal", one):
        links.append({"label": _("查看明文"), "href": reverse("desk:link-pair-clear", args=[one.uid])})
    return Told(
        title=one.code,
        lede=_("这两条记录是同一对象吗？"),
        badge=(one.get_state_display(), TONES[LinkState(one.state)]),
        back=(_("关联认定"), reverse("desk:link-pairs")),
        links=links,
        facts=[each for each in _facts(one) if each["value"]],
        sections=_sections(one, one.compared, one.left, one.right),
    )


def _facts(one: LinkPair) -> list[Row]:
    column = tables.named(one.table).by_name[one.column].words
    said = {"table": _table(one), "column": column.split("#")[0].strip()}
    return [
        fact(_("对象"), str(KINDS[one.kind])),
        fact(_("相似度"), f"{one.probability:.1%}"),
        fact(_("地点"), one.place),
        fact(_("缺少的号码"), _("%(table)s的%(column)s") % said),
        fact(_("最近比对"), one.last_run.code, href=reverse("desk:run", args=[one.last_run.uid])),
        fact(_("待认定原因"), spoken(one.reason), wide=True),
        fact(_("认定人"), one.decided_by),
        fact(_("认定日期"), iso(one.decided_on)),
        fact(_("认定理由"), one.note, wide=True),
    ]


def _sections(one: LinkPair, compared: list[dict[str, Any]], left: list[Any], right: list[Any]) -> list[Section]:
    mine, theirs = _table(one), _roster(one)
    columns = (
        (_("缺号码的记录"), ""),
        (_("对照的记录"), ""),
        (_("比较结果"), "main"),
        (_("说明什么"), "wrap"),
    )
    rows: list[Row] = [
        {"cells": [each["left"], each["right"], _words(each), weighed(each["weight"])]} for each in compared
    ]
    rows.append(
        {"cells": ["", "", _("事先（不看内容）"), _("约每%(many)s对中有1对同一") % {"many": _odds(-one.start)}]}
    )
    rows.append({"cells": ["", "", _("合计"), _("相似度%(share)s") % {"share": f"{one.probability:.1%}"}]})
    return [
        Section(_("逐项比较"), columns, rows),
        values(_("%(table)s中的记录") % {"table": mine}, left),
        values(_("%(table)s中的记录") % {"table": theirs}, right),
    ]


def weighed(bits: float) -> str:
    """What a comparison adds, in words: how many times likelier the same, or less likely. Bits: one more doubles the odds."""
    if not bits:
        return _("没有内容可比，不计")
    many = {"many": _odds(abs(bits))}
    return _("同一的可能增至约%(many)s倍") % many if bits > 0 else _("同一的可能降至约%(many)s分之一") % many


def _odds(bits: float) -> str:
    odds = 2 ** min(max(bits, 0.0), MOST_ODDS)
    return f"{odds:,.1f}" if odds < 10 else f"{round(odds, -1 if odds < 1000 else -2):,.0f}"


def in_clear(one: LinkPair, clear: str) -> Told:
    """The same with the values as the tables have them: for whoever may, each look logged."""
    said = json.loads(clear)
    return Told(
        title=one.code,
        lede=_("个人信息明文，本次查看已记录"),
        back=(one.code, reverse("desk:link-pair", args=[one.uid])),
        back_is_name=True,
        sections=_sections(one, said["compared"], said["left"], said["right"]),
    )
