"""The page of 常住人口数: what 每万人信访举报 rests on, each figure with its day and source."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.net.subjects.models import Population
from jiandu.net.subjects.populations import listed
from jiandu.surfaces.desk.registers import Links, Row, Section, Told

COLUMNS = (
    (gettext_lazy("属地"), "main"),
    (gettext_lazy("统计时点"), "date"),
    (gettext_lazy("常住人口"), "num"),
    (gettext_lazy("数据来源"), ""),
)


def populations(viewer: Viewer, link: Links) -> Told:
    """Every figure that stands, by division."""
    rows = [_line(row, link) for row in listed(viewer)]
    return Told(
        title=_("常住人口数"),
        lede=_("用于计算每万人信访举报；取统计期末以前最近的时点，没有登记的属地不计算。"),
        back=(_("情况分析"), reverse("desk:petitions-bulletin")),
        sections=[Section(_("常住人口数"), COLUMNS, rows, empty=_("还没有登记常住人口数"))],
    )


def _line(row: Population, link: Links) -> Row:
    cells = [{"text": row.region.name, "sub": row.region.code}, iso(row.on), f"{row.people:,}", row.source]
    return {"cells": cells, "acts": link(row, "withdraw")}
