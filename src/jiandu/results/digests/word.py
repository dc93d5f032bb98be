"""A bulletin as Word: the sentences, then a table a dimension."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from django.utils.translation import override

from jiandu.base.charts.chart import Bar, Line
from jiandu.base.charts.draw import to_png
from jiandu.base.core.guard import Viewer
from jiandu.base.documents.blocks import (
    Block,
    Column,
    Document,
    Heading,
    Note,
    Paragraph,
    Picture,
    Signature,
    Table,
    Title,
)
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.results.digests import lists
from jiandu.results.digests.charting import charts
from jiandu.results.digests.counting import relabelled
from jiandu.results.digests.lists import ProblemList
from jiandu.results.digests.tables import Bulletin, Row
from jiandu.results.digests.tables import Table as Counted
from jiandu.results.digests.wording import paragraphs, title_of

COLUMNS = (Column("项目", 2), Column("件数", 1, "right"), Column("占比", 1, "right"), Column("上年同期", 1, "right"))
RATES = (Column("指标", 2), Column("件数", 1, "right"), Column("基数", 1, "right"), Column("比率", 1, "right"))
HEADS = (
    Column("属地", 2),
    Column("件数", 1, "right"),
    Column("常住人口", 1, "right"),
    Column("每万人件数", 1, "right"),
)
HIDDEN = "＊"


Lists = tuple[ProblemList, ...]


@dataclass(frozen=True)
class Beside:
    """What stands on the paper beside the figures: the office's own words, of a month the two lists, and the day of a kept one."""

    remarks: str = ""
    lists: Lists = ()
    signed_on: date | None = None


def bulletin_docx(_viewer: Viewer, said: Bulletin, office: str, beside: Beside = Beside(), *, mark: str = "") -> bytes:
    """信访举报情况分析 as a file; `beside`: what the office makes of it, in its own words, and its lists."""
    with override("zh-hans"):  # an official paper is Chinese, whoever prints it
        return to_docx(replace(document(said, office, beside), mark=mark))


def document(said: Bulletin, office: str, beside: Beside = Beside()) -> Document:
    """The document; outside the office with its small cells hidden, which a note says."""
    said = relabelled(said)
    blocks: list[Block] = [Title(title_of(said.period, said.about)), Heading("基本情况")]
    blocks += [Paragraph(text) for text in paragraphs(said) if text]
    if beside.remarks.strip():
        blocks.append(Heading("特点和建议"))
        blocks += [Paragraph(line.strip()) for line in beside.remarks.splitlines() if line.strip()]
    blocks.append(Heading("分类统计"))
    blocks += [_picture(chart) for chart in charts(said, width=600)]
    for table in (one for one in said.tables if one.rows):
        blocks += [table_of(table)]
    if said.rates:
        blocks.append(_rates(said))
    blocks += _heads(said)
    if said.is_for_outside:
        blocks.append(Note(f"{HIDDEN}：件数较少或可由其他数推出，不公开。"))
    blocks += lists.blocks(beside.lists)
    blocks += [Note(f"未作比较：{reason}。") for reason in said.incomparable]
    if beside.signed_on is not None:
        blocks.append(Signature(office, beside.signed_on))
    at = datetime.combine(said.until, time(), tzinfo=UTC)
    return Document(title=title_of(said.period, said.about), author=office, at=at, blocks=tuple(blocks))


def _picture(chart: Bar | Line) -> Picture:
    told = "；".join(f"{point.label}{point.series}{point.text}{chart.unit}" for point in chart.points)
    return Picture(to_png(chart), caption=chart.title, alt=f"{chart.title}：{told}")


def table_of(table: Counted) -> Table:
    """A dimension as a table of the paper."""
    rows = [_line(row, "　　" * level) for row, level in levels(table)]
    share = "100.0%" if table.total and all(row.share is not None for row in table.rows) else ""
    before = "" if table.year_before is None else str(table.year_before)
    lines = (*rows, ("合计", str(table.total), share, before))
    columns = COLUMNS if has_before(table) else COLUMNS[:-1]
    return Table(columns, tuple(line[: len(columns)] for line in lines), caption=str(table.title))


def has_before(table: Counted) -> bool:
    """Whether anything is told of the year before."""
    return any(row.year_before is not None for row in table.rows)


def levels(table: Counted) -> list[tuple[Row, int]]:
    """The lines of a table in order, each followed by those of the level below."""
    return [pair for row in table.rows for pair in ((row, 0), *((part, 1) for part in row.parts))]


def _line(row: Row, before: str) -> tuple[str, ...]:
    return (
        before + row.label,
        HIDDEN if row.count is None else str(row.count),
        f"{row.share}%" if row.share is not None else "",
        "" if row.year_before is None else str(row.year_before),
    )


def _heads(said: Bulletin) -> list[Block]:
    """人均, with the day and the source of each population."""
    rows = tuple((one.label, str(one.count), f"{one.people:,}", str(one.rate)) for one in said.heads)
    sources = dict.fromkeys(f"{day_in_words(one.on)}，{one.source}" for one in said.heads)
    note = Note(f"常住人口：{'；'.join(sources)}。各属地含其所辖镇街、村居。")
    return [Table(HEADS, rows, caption="每万人信访举报"), note] if rows else []


def _rates(said: Bulletin) -> Table:
    """办理质效: each share with its two numbers."""
    rows = [
        (str(one.title), str(one.part), str(one.whole), "" if one.percent is None else f"{one.percent}%")
        for one in said.rates
    ]
    return Table(RATES, tuple(rows), caption="办理质效")
