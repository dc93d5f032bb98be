"""The pictures of a bulletin, of its own tables, with the year before beside them. They count nothing themselves."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jiandu.base.charts.chart import Bar, Line, Point
from jiandu.results.digests.tables import Bulletin, Table

DRAWN = ("time", "nature", "region")
MOST, FEWEST = 10, 2


def charts(said: Bulletin, *, width: int, link: Callable[[str, str], str] | None = None) -> list[Bar | Line]:
    """Those of tables with something to compare, and with no hidden cell. `link`: table, row → where its figure leads."""
    tables = {table.key: table for table in said.tables}
    shown = [tables[key] for key in DRAWN if key in tables and _is_telling(tables[key])]
    return [_chart(table, width, link) for table in shown]


def _is_telling(table: Table) -> bool:
    return len(table.rows) >= FEWEST and all(row.count is not None for row in table.rows)


def _chart(table: Table, width: int, link: Callable[[str, str], str] | None) -> Bar | Line:
    """A line over time, else bars in the table's order, at most ten; two series where there is a year before."""
    has_before, points = table.year_before is not None, []
    for row in table.rows[: None if table.key == "time" else MOST]:
        href = link(table.key, row.key) if link else ""
        points.append(Point(row.label, row.count or 0, series=_("本期") if has_before else "", href=href))
        if has_before:
            points.append(Point(row.label, row.year_before or 0, series=_("上年同期")))
    kind = Line if table.key == "time" else Bar
    return kind(title=str(table.title), unit=pgettext("bulletin", "件"), points=tuple(points), width=width)
