"""Measures, each number a link to its rows; search over what is in scope."""

from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.charts.chart import Bar, Point
from jiandu.base.charts.draw import to_svg
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.results.analysis import selectors as analysis
from jiandu.results.analysis.measures.registry import Ask, Split
from jiandu.results.analysis.selectors import Figure
from jiandu.results.analysis.years import latest_year
from jiandu.surfaces.desk.forms.numbers import AskForm
from jiandu.surfaces.desk.views import counted
from jiandu.surfaces.door.answers import page

PAGE = 50
DRAWN = 15


def link(key: str, ask: Ask, **more: str) -> str:
    """Where the rows behind a figure open; `by` and `of` name a share of it."""
    said = {"year": str(ask.year), "as_of": ask.as_of.isoformat(), **more}
    return f"{reverse('desk:measure', args=[key])}?{urlencode(said)}"


def measures(request: HttpRequest) -> HttpResponse:
    """Every figure in the viewer's scope, with its definition, and the rates between them."""
    viewer = request.viewer  # type: ignore[attr-defined]
    form, ask = AskForm.read(request.GET, partial(latest_year, viewer))
    figures = analysis.figures(viewer, ask)
    known = {figure.measure.key: figure for figure in figures}
    context = {
        "form": form,
        "ask": ask,
        "groups": [
            (_(label), list(those)) for label, those in groupby(figures, lambda one: one.measure.mechanism.label)
        ],
        "links": {key: link(key, ask) for key in known},
        "ratios": analysis.rated(known, lambda key, _day: known.get(key)),
    }
    return page(request, "desk/numbers/measures.html", context)


def measure(request: HttpRequest, key: str) -> HttpResponse:
    """One figure: definition, value, its parts, and the rows that it counts (all, or those of one part)."""
    viewer = request.viewer  # type: ignore[attr-defined]
    form, ask = AskForm.read(request.GET, partial(latest_year, viewer))
    said = request.GET
    try:
        figure = analysis.figure(viewer, key, ask)
        within = {"by": said.get("by", ""), "of": said["of"]} if "of" in said else {}
        rows = analysis.rows_of(viewer, key, ask, **within)
        parts = _parts(viewer, figure, ask, said.get("by", ""))
    except Refused as refused:
        raise Http404 from refused
    context = {"form": form, "figure": figure, "ask": ask, "parts": parts, "here": link(key, ask)}
    chosen = next((part["name"] for part in parts["rows"] if part["of"] == said.get("of")), "")
    return page(request, "desk/numbers/measure.html", context | listed(rows, said) | {"chosen": chosen})


def listed(rows: Any, said: Any) -> dict[str, Any]:
    """One page of the rows: the next one begins behind the last key, so the deepest costs what the first costs."""
    after = said.get("after", "")
    start = rows.filter(pk__gt=int(after)) if after.isdecimal() and len(after) < 19 else rows
    keys = list(start.values_list("pk", flat=True)[: PAGE + 1])
    return {
        "columns": counted.columns(rows.model),
        "rows": counted.loaded(rows.filter(pk__in=keys[:PAGE])),
        "next": keys[PAGE - 1] if len(keys) > PAGE else None,
        "is_first": start is rows,
    }


def _parts(viewer: Viewer, figure: Figure, ask: Ask, by: str) -> dict[str, Any]:
    """The ways to split the figure, and its parts by the chosen one: as a picture whose marks open rows, and as a table."""
    one = figure.measure
    ways = [
        {"label": _(split.label), "href": link(one.key, ask, by=split.key), "current": split.key == by}
        for split in one.splits
    ]
    if not by or not figure.rows:
        return {"ways": ways, "rows": [], "svg": ""}
    split = analysis.split_of(one, by)
    shares = analysis.shares(viewer, one.key, ask, by=by)
    rows = [
        {
            "name": part.name or _("未填"),
            "of": part.of,
            "part": part,
            "href": link(one.key, ask, by=by, of=part.of),
        }
        for part in shares
    ]
    return {"ways": ways, "rows": rows, "split": split, "svg": _drawn(figure, split, rows)}


def _drawn(figure: Figure, split: Split, rows: list[dict[str, Any]]) -> str:
    shown = rows[-DRAWN:] if split.is_month else rows[:DRAWN]
    points = tuple(Point(row["name"], row["part"].value, href=row["href"]) for row in shown)
    title = f"{_(figure.measure.label)} · {_(split.label)}"
    return to_svg(Bar(title=title, unit=_(figure.measure.unit), points=points, width=720))
