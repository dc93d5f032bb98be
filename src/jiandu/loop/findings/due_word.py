"""催办清单 as Word: a table an office, for the weekly meeting."""

from datetime import UTC, date, datetime, time
from typing import Any

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import Block, Column, Document, Heading, Landscape, Paragraph, Table, Title, Upright
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.loop.findings.selectors.due_list import MOST, OfOffice, due_list

COLUMNS = (
    Column("序号", 0.6, "center"),
    Column("编号", 1.7),
    Column("责任单位", 1.7),
    Column("问题", 3.8),
    Column("承办人", 1),
    Column("时限", 1.3, "center"),
    Column("逾期/剩余天数", 1.2, "center"),
    Column("状态", 0.9, "center"),
)


def due_docx(viewer: Viewer, days: int, *, office: int | None = None, mark: str = "") -> bytes:
    """What is overdue or due within so many days, as far as the viewer sees, one table an office in order."""
    day, found = today(), due_list(viewer, days, office=office)
    late, due = sum(one.overdue for one in found), sum(one.due for one in found)
    blocks: list[Upright] = [
        Title("催办清单"),
        Paragraph(f"截至{day_in_words(day)}，超期{late}件，{days}天内到期{due}件。", indent=False),
    ]
    for one in found:
        blocks += _of_office(one, day)
    if sum(len(one.rows) for one in found) < late + due:
        blocks.append(Paragraph(f"只列前{MOST}件，请按承办室组分别打印。"))
    content: tuple[Block, ...] = (Landscape(tuple(blocks)),)
    at = datetime.combine(day, time(), tzinfo=UTC)
    return to_docx(Document(title="催办清单", author="监督网", at=at, blocks=content, mark=mark))


def _of_office(one: OfOffice, day: date) -> list[Upright]:
    rows = tuple(_row(place, row, day) for place, row in enumerate(one.rows, 1))
    return [Heading(f"{one.office}（超期{one.overdue}件，临期{one.due}件）"), Table(COLUMNS, rows)]


def _row(place: int, row: Any, day: date) -> tuple[str, ...]:
    left = (row.due_on - day).days
    said = f"超期{-left}天" if left < 0 else f"剩{left}天" if left else "今日到期"
    state = as_recorded(row.get_state_display())
    return (str(place), row.code, str(row.subject), row.listed, row.handler or "", row.due_on.isoformat(), said, state)
