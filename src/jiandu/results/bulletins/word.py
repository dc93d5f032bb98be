"""预警提示 as Word: for a body that has no account here, and for the file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

from django.utils.translation import override

from jiandu.base.core.guard import Viewer
from jiandu.base.documents.blocks import (
    Block,
    Column,
    Document,
    Heading,
    Note,
    Paragraph,
    Signature,
    Table,
    Title,
)
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.results.bulletins.models import Advisory
from jiandu.results.bulletins.selectors import Late, late_of
from jiandu.results.digests.freezing import as_read
from jiandu.results.digests.word import HIDDEN, table_of

LATE = (
    Column("信访编号", 2.6),
    Column("收件日期", 1.9),
    Column("应办事项", 2.4),
    Column("到期日", 1.9),
    Column("超期天数", 1.3, "right"),
)


def advisory_docx(viewer: Viewer, row: Advisory, *, mark: str = "") -> bytes:
    """The paper as it goes: to whom, what is told, what is asked; never who reported, and an item by its number alone."""
    with override("zh-hans"):  # an official paper is Chinese, whoever prints it
        return to_docx(replace(document(row, late_of(viewer, row)), mark=mark))


def document(row: Advisory, late: Sequence[Late] = ()) -> Document:
    """The paper; of a reminder with the numbers of what is overdue on the day of printing."""
    title = f"{row.get_kind_display()}\n{row.title}"
    blocks: list[Block] = [
        Title(title, under=f"编号：{row.code}"),
        Paragraph(f"{row.office or row.body}：", indent=False),
    ]
    blocks += [Paragraph(line) for line in row.told.splitlines() if line.strip()]
    if row.figures is not None:
        said = as_read(row.figures)  # in the language of the paper
        blocks += [Heading("分类统计"), *(table_of(table) for table in said.tables if table.rows)]
        blocks.append(Note(f"{HIDDEN}：件数较少或可由其他数推出，不公开。"))
    if late:
        lines = tuple(
            (
                each.item.code,
                each.item.received_on.isoformat(),
                each.clock.zh,
                each.clock.due_on.isoformat(),
                str(each.days),
            )
            for each in late
        )
        blocks += [Heading("超期信访件"), Table(LATE, lines), Note(f"{day_in_words(late[0].on)}仍未办理的件。")]
    if row.asked:
        blocks += [Heading("工作要求"), *(Paragraph(line) for line in row.asked.splitlines() if line.strip())]
    if row.asks_answer:
        by = f"请于{day_in_words(row.due_on)}前" if row.due_on else "请"
        blocks.append(Paragraph(f"{by}将办理情况书面反馈我机关。"))
    blocks.append(Signature(row.owner_office.name, row.sent_on))
    at = datetime.combine(row.sent_on, time(), tzinfo=UTC)
    return Document(title=row.title, author=row.owner_office.name, at=at, blocks=tuple(blocks))
