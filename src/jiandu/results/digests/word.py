"""A bulletin as Word: the sentences, then a table a dimension."""

from dataclasses import replace
from datetime import UTC, datetime, time

from django.utils.translation import override

from jiandu.base.charts.chart import Bar, Line
from jiandu.base.charts.draw import to_png
from jiandu.base.core.guard import Viewer
from jiandu.base.documents.blocks import Block, Column, Document, Heading, Note, Paragraph, Picture, Table, Title
from jiandu.base.documents.word import to_docx
from jiandu.results.digests.charting import charts
from jiandu.results.digests.counting import Bulletin, relabelled
from jiandu.results.digests.counting import Table as Counted
from jiandu.results.digests.wording import paragraphs, title_of

COLUMNS = (Column("项目", 2), Column("件数", 1, "right"), Column("占比", 1, "right"), Column("上年同期", 1, "right"))
RATES = (Column("指标", 2), Column("件数", 1, "right"), Column("基数", 1, "right"), Column("比率", 1, "right"))
HIDDEN = "＊"


def bulletin_docx(_viewer: Viewer, said: Bulletin, office: str, remarks: str = "", *, mark: str = "") -> bytes:
    """信访举报情况分析 as a file; `remarks`: what the office makes of it, in its own words."""
    with override("zh-hans"):  # an official paper is Chinese, whoever prints it
        return to_docx(replace(document(said, office, remarks), mark=mark))


def document(said: Bulletin, office: str, remarks: str = "") -> Document:
    """The document; outside the office with its small cells hidden, which a note says."""
    said = relabelled(said)
    blocks: list[Block] = [Title(title_of(said.period, said.about)), Heading("基本情况")]
    blocks += [Paragraph(text) for text in paragraphs(said) if text]
    if remarks.strip():
        blocks.append(Heading("特点和建议"))
        blocks += [Paragraph(line.strip()) for line in remarks.splitlines() if line.strip()]
    blocks.append(Heading("分类统计"))
    blocks += [_picture(chart) for chart in charts(said, width=600)]
    for table in (one for one in said.tables if one.rows):
        blocks += [table_of(table)]
    if said.rates:
        blocks.append(_rates(said))
    if said.is_for_outside:
        blocks.append(Note(f"{HIDDEN}：件数较少或可由其他数推出，不公开。"))
    blocks += [Note(f"未作比较：{reason}。") for reason in said.incomparable]
    at = datetime.combine(said.until, time(), tzinfo=UTC)
    return Document(title=title_of(said.period, said.about), author=office, at=at, blocks=tuple(blocks))


def _picture(chart: Bar | Line) -> Picture:
    told = "；".join(f"{point.label}{point.series}{point.text}{chart.unit}" for point in chart.points)
    return Picture(to_png(chart), caption=chart.title, alt=f"{chart.title}：{told}")


def table_of(table: Counted) -> Table:
    """A dimension as a table of the paper."""
    rows = [
        (
            row.label,
            HIDDEN if row.count is None else str(row.count),
            f"{row.share}%" if row.share is not None else "",
            "" if row.year_before is None else str(row.year_before),
        )
        for row in table.rows
    ]
    share = "100.0%" if table.total and all(row.share is not None for row in table.rows) else ""
    before = "" if table.year_before is None else str(table.year_before)
    return Table(COLUMNS, (*rows, ("合计", str(table.total), share, before)), caption=str(table.title))


def _rates(said: Bulletin) -> Table:
    """办理质效: each share with its two numbers."""
    rows = [
        (str(one.title), str(one.part), str(one.whole), "" if one.percent is None else f"{one.percent}%")
        for one in said.rates
    ]
    return Table(RATES, tuple(rows), caption="办理质效")
