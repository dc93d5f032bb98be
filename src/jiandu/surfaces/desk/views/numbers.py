"""Measures, each number a link to its rows; search over what is in scope."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.charts.chart import Bar, Point
from jiandu.base.charts.draw import to_svg
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings import selectors as findings
from jiandu.loop.findings.models import Finding
from jiandu.net.subjects.selectors import search_organisations
from jiandu.results.analysis import selectors as analysis
from jiandu.results.analysis.measures.registry import Ask
from jiandu.surfaces.desk.forms.numbers import AskForm
from jiandu.surfaces.door.answers import page

PAGE = 50
HITS = 20


def link(key: str, year: int, as_of: object) -> str:
    """Where the rows behind a figure open."""
    return f"{reverse('desk:measure', args=[key])}?year={year}&as_of={as_of}"


def measures(request: HttpRequest) -> HttpResponse:
    """Every figure in the viewer's scope, with its definition."""
    form = AskForm(request.GET)
    year, as_of = form.asked()
    ask = Ask(year, as_of)
    viewer = request.viewer  # type: ignore[attr-defined]
    figures = analysis.figures(viewer, ask)
    rows = [
        {"figure": figure, "href": link(figure.measure.key, year, as_of), "label": _(figure.measure.label)}
        for figure in figures
    ]
    context = {
        "form": form,
        "year": year,
        "as_of": as_of,
        "rows": rows,
        "ratios": analysis.ratios(viewer, ask),
        "svg": _drawn(rows),
    }
    return page(request, "desk/numbers/measures.html", context)


def _drawn(rows: list[dict[str, Any]]) -> str:
    """The counts of findings as bars, each leading to its rows."""
    bars = [row for row in rows if row["figure"].measure.unit == "个"]
    points = tuple(Point(row["label"], row["figure"].value, href=row["href"]) for row in bars)
    return to_svg(Bar(title=_("统计指标"), unit="个", points=points, width=720))


def measure(request: HttpRequest, key: str) -> HttpResponse:
    """One figure: definition, value, and the rows that it counts."""
    form = AskForm(request.GET)
    year, as_of = form.asked()
    ask = Ask(year, as_of)
    viewer = request.viewer  # type: ignore[attr-defined]
    try:
        figure = analysis.figure(viewer, key, ask)
    except Refused as refused:
        raise Http404 from refused
    paged = Paginator(analysis.rows_of(viewer, key, ask), PAGE).get_page(request.GET.get("page"))
    items = [{"label": str(row), "href": _page_of(row)} for row in paged.object_list]
    context = {"form": form, "figure": figure, "year": year, "as_of": as_of, "items": items, "paged": paged}
    return page(request, "desk/numbers/measure.html", context)


def _page_of(row: Any) -> str:
    """The page of a counted record, where it has one."""
    return reverse("desk:finding", args=[row.uid]) if isinstance(row, Finding) else ""


def search(request: HttpRequest) -> HttpResponse:
    """Findings by their words, units by their names."""
    text = request.GET.get("q", "").strip()[:100]
    viewer = request.viewer  # type: ignore[attr-defined]
    hits: list[Finding] = []
    units: list[Any] = []
    if text:
        found = findings.ledger(viewer, findings.Filters(text=text)).select_related("subject")
        hits = list(found.order_by("-registered_on", "-id")[:HITS])
        units = search_organisations(viewer, text, on=today(), limit=HITS)
    return page(request, "desk/numbers/search.html", {"text": text, "hits": hits, "units": units, "limit": HITS})
