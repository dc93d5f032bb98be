"""The review as Word in official layout; each number leads to its entry in the appendix."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from types import MappingProxyType

from jiandu.base.charts.draw import to_png
from jiandu.base.documents.blocks import (
    Anchor,
    Appendix,
    Block,
    Column,
    Contents,
    Document,
    Heading,
    Number,
    Paragraph,
    Picture,
    Table,
    Text,
    Title,
    Words,
)
from jiandu.base.documents.word import to_docx as write_docx
from jiandu.results.analysis.measures.registry import all_measures
from jiandu.results.reports.drafting import Drafted, Plot, Run, date_words
from jiandu.results.reports.plots import chart_of, title_of


def to_docx(
    drafted: Drafted,
    *,
    mark: str = "",
    notes: Mapping[str, str] = MappingProxyType({}),
    more: tuple[Block, ...] = (),
    appendix: bool = True,
) -> bytes:
    """目录, the review and its numbered appendix: measure, value, 口径, as-of date, row count. `mark` stands on each page.

    `notes`: a comment on the numbers of a measure; `more`: what follows; without `appendix` the numbers lead nowhere.
    """
    blocks: list[Block] = [Contents(), Title(drafted.title, under=f"统计截止日：{date_words(drafted.as_of)}")]
    has_parts = any(section.part for section in drafted.sections)
    for section in drafted.sections:
        blocks += [Heading(section.part)] if section.part else []
        blocks.append(Heading(section.title, level=2 if has_parts else 1))
        blocks += [Paragraph(tuple(_run(run, notes) for run in runs)) for runs in section.sentences]
        blocks += [_picture(plot) for plot in section.plots]
    blocks += [Appendix("统计指标及口径"), _appendix(drafted)] if appendix else []
    blocks += [_rates(drafted)] if drafted.ratios else []
    blocks += more
    return write_docx(
        Document(
            title=drafted.title,
            author="监督网",
            mark=mark,
            at=datetime.combine(drafted.as_of, time(), tzinfo=UTC),
            blocks=tuple(blocks),
        )
    )


def _picture(plot: Plot) -> Picture:
    """The page's picture; who cannot see it is told its numbers."""
    chart = chart_of(plot, width=600)
    told = "；".join(f"{point.series} {point.label} {point.text}" for point in chart.points)
    return Picture(to_png(chart), caption=title_of(plot), alt=f"{title_of(plot)}：{told}")


def _run(run: Run, notes: Mapping[str, str]) -> Text | Number:
    if run.figure is None:
        return Text(run.words)
    key = run.figure.measure.key
    return Number(run.text, to=key, note=notes.get(key, ""))


def _appendix(drafted: Drafted) -> Table:
    columns = (
        Column("序号", 0.4, "center"),
        Column("统计指标", 1.4),
        Column("数值", 1.2, "right"),  # nine digits and a unit on one line
        Column("口径", 2.7),
        Column("统计截止日", 1.1),
        Column("行数", 0.6, "right"),
    )
    rows = tuple(_entry(drafted, place, key) for place, key in enumerate(drafted.figures, start=1))
    return Table(columns, rows)


def _rates(drafted: Drafted) -> Table:
    columns = (
        Column("比率", 0.9),
        Column("百分比", 0.7, "right"),
        Column("分子", 0.6, "right"),
        Column("分母", 0.6, "right"),
        Column("不计入", 0.7, "right"),
        Column("口径", 3.2),
    )
    rows = tuple(
        (
            ratio.rate.label,
            "—" if ratio.percent is None else f"{ratio.percent}%",
            *(str(part.value) for part in (ratio.numerator, ratio.denominator, ratio.excluded)),
            ratio.rate.definition,
        )
        for ratio in drafted.ratios
    )
    return Table(columns, rows, caption="比率")


def _entry(drafted: Drafted, place: int, key: str) -> tuple[Words, ...]:
    one, figure = all_measures()[key], drafted.figures[key]
    note = f"（{figure.note}）" if figure.note else ""
    return (
        Anchor(str(place), name=key),
        one.label,
        f"{figure.value}{one.unit}",
        f"{one.basis.label}：{one.definition}{note}",
        (figure.as_of or drafted.as_of).isoformat(),
        str(figure.rows),
    )
