"""The page of 本周话题: which words rose against the year before, with items that hold them."""

from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.results.warnings.plain import UNITS
from jiandu.sources.petitions.topics import EXAMPLES, Topic, Week
from jiandu.surfaces.desk.registers import Row, Section, Told, fact
from jiandu.surfaces.desk.told.petitions import tabs

COLUMNS = (
    (gettext_lazy("话题"), "main"),
    (gettext_lazy("本周件数"), "num"),
    (gettext_lazy("上年件数"), "num"),
    (gettext_lazy("显著程度"), "num"),
    (gettext_lazy("涉及单位"), "num"),
    *((gettext_lazy("例件"), ""),) * EXAMPLES,
)


def topics(viewer: Viewer, said: Week, *, may_propose: bool = False) -> Told:
    """The week, and the doors to its neighbours."""
    rows = [_topic(said, place, one, may_propose) for place, one in enumerate(said.topics, start=1)]
    page, step = reverse("desk:petitions-topics"), timedelta(days=7)
    links = [{"label": _("上一周"), "href": f"{page}?week={(said.first - step).isoformat()}"}]
    if said.first + step <= today():
        links.append({"label": _("下一周"), "href": f"{page}?week={(said.first + step).isoformat()}"})
    read = said.read + said.read_before
    return Told(
        title=_("本周话题"),
        lede=f"{iso(said.first)} – {iso(said.first + timedelta(days=6))}",
        tabs=tabs(viewer, "petitions-topics"),
        links=links,
        facts=[
            fact(_("本周件数"), said.read),
            fact(_("上年件数"), said.read_before, sub=_("之前52周")),
            *([fact(_("不能打开"), said.in_scope - read)] if said.in_scope > read else []),
        ],
        sections=[Section(_("话题"), COLUMNS, rows, empty=_("没有明显上升的话题"))],
    )


def _topic(said: Week, place: int, one: Topic, may_propose: bool) -> Row:
    items = [{"text": row.code, "href": reverse("desk:petition", args=[row.uid])} for row in one.examples]
    none = [""] * (EXAMPLES - len(items))
    many = {"text": one.units, "tone": "warn", "title": _("同一关键词涉及三个以上单位")}
    units = many if one.units >= UNITS else one.units
    row: Row = {"cells": [one.rise.term, one.rise.now, one.rise.before, f"{one.rise.z:.1f}", units, *items, *none]}
    if may_propose and one.units >= UNITS:
        query = {"act": "propose", "on": place, "week": said.first.isoformat(), "item": one.items[0].uid}
        row["acts"] = [{"label": _("提出预警"), "href": f"?{urlencode(query)}"}]
    return row
