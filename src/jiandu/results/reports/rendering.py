"""A drafted review as JSON, as a page that stands alone, or as Word."""

import json
from decimal import Decimal
from html import escape
from typing import Any

from jiandu.base.core.errors import Refused
from jiandu.results.analysis.measures.registry import Value, all_measures
from jiandu.results.analysis.selectors import Figure
from jiandu.results.reports.drafting import Drafted, Paragraphs, Run, date_words


def as_dict(drafted: Drafted) -> dict[str, Any]:
    """{"as_of": …, "figures": {key: {"value": …, "rows": …}}}: the stable contract of `review`."""
    return {
        "year": drafted.year,
        "as_of": drafted.as_of.isoformat(),
        "figures": {key: figure_dict(figure) for key, figure in drafted.figures.items()},
        "rates": {
            ratio.rate.key: {
                "numerator": number(ratio.numerator),
                "denominator": number(ratio.denominator),
                "percent": None if ratio.percent is None else float(ratio.percent),
            }
            for ratio in drafted.ratios
        },
        "text": [
            {"title": section.title, "sentences": ["".join(run.text for run in runs) for runs in section.sentences]}
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
    }


def number(value: Value) -> int | float:
    """A JSON number: whole where it is whole."""
    return float(value) if isinstance(value, Decimal) else value


def render(drafted: Drafted, ending: str) -> bytes:
    """The review by a file's ending: .json, .html or .docx. Raises Refused for another one."""
    if ending == ".json":
        return json.dumps(as_dict(drafted), ensure_ascii=False, indent=1).encode()
    if ending == ".html":
        return to_html(drafted).encode()
    if ending == ".docx":
        from jiandu.results.reports.word import to_docx  # noqa: PLC0415 -- slow import: python-docx

        return to_docx(drafted)
    raise Refused("format", "文件类型应为 .json、.html 或 .docx:%(ending)s", ending=ending)


def link_of(drafted: Drafted, key: str) -> str:
    """Where the rows behind a figure open."""
    return f"/desk/measures/{key}/?year={drafted.year}&as_of={drafted.as_of.isoformat()}"


def to_html(drafted: Drafted) -> str:
    """A page for reading and printing; every number is a link to its rows on the desk."""
    body = "".join(_section(drafted, section) for section in drafted.sections)
    rows = "".join(_appendix_row(drafted, key) for key in drafted.figures)
    return (
        f'<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>{escape(drafted.title)}</title>'
        f"<h1>{escape(drafted.title)}</h1><p>统计截止日:{date_words(drafted.as_of)}</p>{body}"
        f"<h2>附录:统计指标</h2><table><thead><tr><th>指标<th>数值<th>行数<th>口径</thead><tbody>{rows}</tbody></table></html>"
    )


def _section(drafted: Drafted, section: Paragraphs) -> str:
    sentences = "".join(f"<p>{''.join(_run(drafted, run) for run in runs)}</p>" for runs in section.sentences)
    return f"<h2>{escape(section.title)}</h2>{sentences}"


def _run(drafted: Drafted, run: Run) -> str:
    if run.figure is None:
        return escape(run.words)
    return f'<a href="{escape(link_of(drafted, run.figure.measure.key))}">{escape(run.text)}</a>'


def _appendix_row(drafted: Drafted, key: str) -> str:
    one, figure = all_measures()[key], drafted.figures[key]
    note = f"({escape(figure.note)})" if figure.note else ""
    return (
        f"<tr><td>{escape(one.label)}<td>{figure.value}{escape(one.unit)}<td>{figure.rows}"
        f"<td>{escape(one.basis.label)}:{escape(one.definition)}{note}"
    )
