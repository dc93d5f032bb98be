"""A drafted review as JSON, as a page that stands alone, or as Word."""

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import islice
from typing import Any

from django.template.loader import render_to_string

from jiandu.base.charts.draw import to_svg
from jiandu.base.core.errors import Refused
from jiandu.results.analysis.measures.registry import Value
from jiandu.results.analysis.selectors import Figure
from jiandu.results.reports.drafting import Drafted, Plot, date_words
from jiandu.results.reports.plots import Link, chart_of, title_of

LISTED = 1000
#: A figure → what each row it counts is called.
Rows = Callable[[Figure], Iterable[str]]


def as_dict(drafted: Drafted) -> dict[str, Any]:
    """{"as_of": …, "figures": {key: {"value": …, "rows": …}}}: the stable contract of `review`."""
    return {
        "year": drafted.year,
        "as_of": drafted.as_of.isoformat(),
        "figures": {key: figure_dict(figure) for key, figure in drafted.figures.items()},
        "rates": {
            ratio.rate.key: {
                "numerator": number(ratio.numerator.value),
                "denominator": number(ratio.denominator.value),
                "excluded": number(ratio.excluded.value),
                "percent": None if ratio.percent is None else float(ratio.percent),
            }
            for ratio in drafted.ratios
        },
        "text": [
            {
                "part": section.part,
                "title": section.title,
                "sentences": ["".join(run.text for run in runs) for runs in section.sentences],
            }
            for section in drafted.sections
        ],
    }


def figure_dict(figure: Figure) -> dict[str, Any]:
    return {
        "value": number(figure.value),
        "rows": figure.rows,
        "unit": figure.measure.unit,
        "basis": str(figure.measure.basis),
        "definition": figure.measure.definition,
        "note": figure.note,
        "as_of": figure.as_of.isoformat() if figure.as_of else None,
    }


def number(value: Value) -> int | float:
    """A JSON number: whole where it is whole."""
    return float(value) if isinstance(value, Decimal) else value


def render(drafted: Drafted, ending: str, *, rows: Rows) -> bytes:
    """The review by a file's ending: .json, .html or .docx. Raises Refused for another one."""
    if ending == ".json":
        return json.dumps(as_dict(drafted), ensure_ascii=False, indent=1).encode()
    if ending == ".html":
        return to_html(drafted, rows).encode()
    if ending == ".docx":
        from jiandu.results.reports.word import to_docx  # noqa: PLC0415 -- slow import: python-docx

        return to_docx(drafted)
    raise Refused("format", "文件类型应为 .json、.html 或 .docx:%(ending)s", ending=ending)


def to_html(drafted: Drafted, rows: Rows) -> str:
    """One file that needs no server: each number leads to its definition and to the rows it counts (at most 1,000)."""
    entries = [{"figure": one, "rows": list(islice(rows(one), LISTED + 1))} for one in drafted.figures.values()]
    for entry in entries:
        entry["more"] = len(entry["rows"]) > LISTED  # type: ignore[arg-type]
        entry["rows"] = entry["rows"][:LISTED]  # type: ignore[index]
        entry["day"] = _other_day(entry["figure"], drafted)  # type: ignore[arg-type]
    sections = [{"section": one, "pictures": [_drawn(plot) for plot in one.plots]} for one in drafted.sections]
    context = {"drafted": drafted, "day": date_words(drafted.as_of), "sections": sections, "entries": entries}
    return render_to_string("reports/review.html", context | {"limit": LISTED})


def _other_day(figure: Figure, drafted: Drafted) -> str:
    """The figure's own day, where it is not that of the text."""
    return date_words(figure.as_of) if figure.as_of and figure.as_of != drafted.as_of else ""


def _drawn(plot: Plot) -> dict[str, str]:
    link: Link = lambda key, _by, _of: f"/#figure-{key}"  # noqa: E731 -- one line
    return {"title": title_of(plot), "svg": to_svg(chart_of(plot, link=link)).replace('href="/#', 'href="#')}
