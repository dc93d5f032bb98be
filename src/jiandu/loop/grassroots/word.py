"""The checklist as Word, on pages turned sideways: blank for the pocket, or filled in by an inspection."""

from datetime import UTC, date, datetime, time

from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import (
    Block,
    Column,
    Document,
    Heading,
    Landscape,
    Note,
    Paragraph,
    Table,
    Title,
    Upright,
)
from jiandu.base.documents.codes import Code, Opens
from jiandu.base.documents.word import to_docx
from jiandu.loop.grassroots.models import Checklist, Inspection
from jiandu.loop.grassroots.selectors import Asked, answers_of, check_of, whole

COLUMNS = (
    Column("序号", 0.5, "center"),
    Column("监督事项", 1.5),
    Column("监督要点", 3.2),
    Column("方式", 1),
    Column("频次", 0.8),
    Column("责任主体", 1),
    Column("依据", 2),
    Column("结果", 0.8, "center"),
    Column("情况", 1.6),
)


def blank_docx(viewer: Viewer, checklist: Checklist) -> bytes:
    """One version, with room for the village, the day, the people and each result."""
    rows = [(aspect.name, [Asked(item, None) for item in aspect.items.all()]) for aspect in whole(checklist.pk)]
    head = "村（社区）：　　　　　　　　检查日期：　　　　年　　月　　日　　检查人员：　　　　　　　　"
    return _document(checklist, head, rows, checklist.since)


def filled_docx(viewer: Viewer, inspection: Inspection) -> bytes | None:
    """What an inspection said; None for a check without a checklist."""
    check = check_of(viewer, inspection.activity)
    if check is None or check.checklist is None:
        return None
    rows = [(aspect.name, asked) for aspect, asked in answers_of(viewer, inspection)]
    day = f"{inspection.on.year}年{inspection.on.month}月{inspection.on.day}日"
    head = f"村（社区）：{inspection.organisation}　　检查日期：{day}　　检查人员：{inspection.inspectors}"
    return _document(check.checklist, head, rows, inspection.on, Code(Opens.INSPECTION, inspection.uid))


def _document(
    checklist: Checklist, head: str, rows: list[tuple[str, list[Asked]]], day: date, code: Code | None = None
) -> bytes:
    blocks: list[Upright] = [Title(checklist.name, code), Paragraph(head, indent=False)]
    for name, asked in rows:
        blocks += [Heading(name), Table(COLUMNS, tuple(_row(one) for one in asked))]
    blocks.append(Note(f"清单版本：{checklist.version}。{checklist.note}"))
    content: tuple[Block, ...] = (Landscape(tuple(blocks)),)
    at = datetime.combine(day, time(), tzinfo=UTC)
    return to_docx(Document(title=checklist.name, author="监督网", at=at, blocks=content))


def _row(one: Asked) -> tuple[str, ...]:
    item, answer = one.item, one.answer
    said = (as_recorded(answer.get_result_display()), answer.note) if answer else ("", "")
    asked = (item.matter, item.point, item.method, item.frequency, item.responsible, item.basis)
    return (str(item.number), *asked, *said)
