"""The review as Word in official layout; each number leads to its entry in the appendix."""

from datetime import UTC, datetime, time

from jiandu.base.documents.blocks import (
    Anchor,
    Appendix,
    Block,
    Column,
    Document,
    Heading,
    Number,
    Paragraph,
    Table,
    Text,
    Title,
    Words,
)
from jiandu.base.documents.word import to_docx as write_docx
from jiandu.results.analysis.measures.registry import all_measures
from jiandu.results.reports.drafting import Drafted, Run, date_words


def to_docx(drafted: Drafted) -> bytes:
    """The review and its numbered appendix: measure, value, 口径, as-of date, row count."""
    blocks: list[Block] = [Title(drafted.title), Paragraph(f"(统计截止日:{date_words(drafted.as_of)})")]
    for section in drafted.sections:
        blocks.append(Heading(section.title))
        blocks += [Paragraph(tuple(_run(run) for run in runs)) for runs in section.sentences]
    blocks += [Appendix("统计指标及口径"), _appendix(drafted)]
    return write_docx(
        Document(
            title=drafted.title,
            author="监督网",
            at=datetime.combine(drafted.as_of, time(), tzinfo=UTC),
            blocks=tuple(blocks),
        )
    )


def _run(run: Run) -> Text | Number:
    return Text(run.words) if run.figure is None else Number(run.text, to=run.figure.measure.key)


def _appendix(drafted: Drafted) -> Table:
    columns = (
        Column("序号", 0.4, "center"),
        Column("统计指标", 1.4),
        Column("数值", 0.8, "right"),
        Column("口径", 3.2),
        Column("统计截止日", 0.9),
        Column("行数", 0.6, "right"),
    )
    rows = tuple(_entry(drafted, place, key) for place, key in enumerate(drafted.figures, start=1))
    return Table(columns, rows)


def _entry(drafted: Drafted, place: int, key: str) -> tuple[Words, ...]:
    one, figure = all_measures()[key], drafted.figures[key]
    note = f"({figure.note})" if figure.note else ""
    return (
        Anchor(str(place), name=key),
        one.label,
        f"{figure.value}{one.unit}",
        f"{one.basis.label}:{one.definition}{note}",
        drafted.as_of.isoformat(),
        str(figure.rows),
    )
