"""A picture of a review as a chart: the same specification for the page and for Word."""

from collections.abc import Callable

from django.utils.translation import gettext_noop

from jiandu.base.charts.chart import Bar, Point
from jiandu.results.reports.drafting import Plot

MOST = 12
TITLE, AND = gettext_noop("%(names)s，按%(split)s"), gettext_noop("和")
#: (measure, split, part) → where its rows open.
Link = Callable[[str, str, str], str]


def title_of(plot: Plot, say: Callable[[str], str] = str) -> str:
    """What the picture shows: its measures, and how they are told apart."""
    names = say(AND).join(say(figure.measure.label) for figure, _ in plot.series)
    return say(TITLE) % {"names": names, "split": say(plot.split.label)}


def chart_of(
    plot: Plot,
    *,
    link: Link | None = None,
    say: Callable[[str], str] = str,
    width: int = 720,
    most: int = MOST,
) -> Bar:
    """Bars side by side under each part, the largest first; parts after the twelfth (`most`) are left to the table of rows.

    `say` translates labels. Without `link` (Word) no mark leads anywhere.
    """
    names = _names(plot, say)
    shown = list(names)[:most]
    points = []
    for figure, parts in plot.series:
        values = {part.of: part.value for part in parts}
        for of in shown:
            href = link(figure.measure.key, plot.split.key, of) if link else ""
            points.append(Point(names[of], values.get(of, 0), series=say(figure.measure.label), href=href))
    unit = say(plot.series[0][0].measure.unit)
    return Bar(title=title_of(plot, say), unit=unit, points=tuple(points), width=width)


def _names(plot: Plot, say: Callable[[str], str]) -> dict[str, str]:
    """What each part is called; two of one name (schools, villages) are told apart by a number."""
    names: dict[str, str] = {}
    for part in (part for _, parts in plot.series for part in parts if part.of not in names):
        name = part.name or say("未填")
        twins = sum(other == name or other.startswith(f"{name} (") for other in names.values())
        names[part.of] = f"{name} ({twins + 1})" if twins else name
    return names
