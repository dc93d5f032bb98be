"""The course of a village, sheet by sheet: pictures and a table, each number opens its rows as of its day."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from jiandu.base.charts.chart import Chart, Line, Point, StackedBar
from jiandu.base.charts.draw import to_svg
from jiandu.base.ui.templatetags.ui import iso, money_fen
from jiandu.sources.ledgers.collectives import Collective, LedgerKind, Use
from jiandu.sources.ledgers.course import Standing
from jiandu.surfaces.desk.registers import Row, Section, Told

FEWEST = 2  # days: one is no course


def door(one: Collective) -> Row:
    """The link to it."""
    return {"label": _("历次走势"), "href": reverse("desk:collective-course", args=[one.uid])}


def told(one: Collective, found: list[Standing]) -> Told:
    """How its assets were used, and what it was owed, at each day on which a sheet came in."""
    return Told(
        title=_("历次走势"),
        lede=one.name,
        back=(one.name, reverse("desk:collective", args=[one.uid])),
        back_is_name=True,
        sections=[*(_pictures(one, found) if len(found) >= FEWEST else []), _table(one, found)],
    )


def _pictures(one: Collective, found: list[Standing]) -> list[Section]:
    charts: list[Chart] = [StackedBar(title=_("资产使用情况"), unit=_("件"), points=tuple(_uses(one, found)))]
    if any(each.owed_fen for each in found):
        charts.append(Line(title=_("欠缴"), unit=_("元"), points=tuple(_owed(one, each) for each in found)))
    return [Section(chart.title, svg=to_svg(chart)) for chart in charts]


def _uses(one: Collective, found: list[Standing]) -> list[Point]:
    used = [use for use in Use if any(each.uses[use] for each in found)]
    return [
        Point(iso(each.on), each.uses[use], str(use.label), _rows(one, LedgerKind.ASSET, use, each.on))
        for each in found
        for use in used
    ]


def _owed(one: Collective, each: Standing) -> Point:
    shown = money_fen(each.owed_fen)
    return Point(iso(each.on), each.owed_fen / 100, href=_rows(one, LedgerKind.DUE, "unpaid", each.on), shown=shown)


def _table(one: Collective, found: list[Standing]) -> Section:
    columns = ((_("数据截止日"), "date"), *((str(use.label), "num") for use in Use), (_("欠缴(元)"), "num"))
    rows = [{"cells": [iso(each.on), *_numbers(one, each)]} for each in reversed(found)]
    return Section(_("历次数据"), columns, rows, empty=_("还没有报送"))


def _numbers(one: Collective, each: Standing) -> list[Any]:
    uses = [
        {"text": each.uses[use], "href": _rows(one, LedgerKind.ASSET, use, each.on)} if each.uses[use] else 0
        for use in Use
    ]
    owed = {"text": money_fen(each.owed_fen), "href": _rows(one, LedgerKind.DUE, "unpaid", each.on)}
    return [*uses, owed if each.owed_fen else money_fen(0)]


def _rows(one: Collective, kind: LedgerKind, only: str, on: date) -> str:
    place = reverse("desk:collective-ledger", args=[one.uid, kind])
    return f"{place}?{urlencode({'only': only, 'on': on.isoformat()})}"
