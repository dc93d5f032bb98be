"""交接单 as Word in official layout: who to whom, the list as it was, the three lines to sign; its code brings it back."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import (
    Column,
    Document,
    Field,
    Form,
    Landscape,
    Note,
    Paragraph,
    Table,
    Title,
    Upright,
)
from jiandu.base.documents.codes import Code, Opens
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.net.access.handover_list import items_of, signatures_of
from jiandu.net.access.models import Handover, HandoverItem, HandoverSignature

COLUMNS = (
    Column("序号", 0.6, "center"),
    Column("类别", 1.2),
    Column("编号", 1.7),
    Column("事项", 3.6),
    Column("单位", 1.7),
    Column("状态", 1, "center"),
    Column("下一时限", 1.2, "center"),
)
BLANK = "　　　　年　　月　　日"
HIGH = 10.0  # millimetres to sign in


def handover_docx(viewer: Viewer, one: Handover, *, mark: str = "") -> bytes:
    """The list with what was signed so far; what is still to be signed is left free."""
    items = [row for row in items_of(viewer, one) if not row.is_gone]
    blocks: tuple[Upright, ...] = (
        Title("工作交接单", code=Code(Opens.HANDOVER, one.uid)),
        Paragraph(_lead(one, len(items))),
        Table(COLUMNS, tuple(_row(place, row) for place, row in enumerate(items, 1))),
        Form(tuple(_signed(signatures_of(viewer, one))), small=True),
        Note("工作敏感以上的事项只列级别。签字后扫码录入或上传扫描件，由另一人确认。"),
    )
    at = datetime.combine(one.listed_on, time(), tzinfo=UTC)
    return to_docx(Document(title="工作交接单", author="监督网", at=at, blocks=(Landscape(blocks),), mark=mark))


def _lead(one: Handover, count: int) -> str:
    part = "名下全部未办结事项" if one.is_whole else "下列事项"
    words = f"因{as_recorded(one.get_why_display())}，{one.made_by.name}将{part}共{count}项移交{one.receiver.name}，"
    note = f"说明：{one.note}。" if one.note else ""
    return f"{words}移交日期{day_in_words(one.on)}，清单截至{day_in_words(one.listed_on)}。{note}"


def _row(place: int, row: HandoverItem) -> tuple[str, ...]:
    due = row.next_on.isoformat() if row.next_on else ""
    return (str(place), row.label, row.code, row.title, row.unit, row.state, due)


def _signed(rows: Iterable[HandoverSignature]) -> Iterable[tuple[Field, ...]]:
    """A line each: a supervisor's stands there to be signed also where nobody was named."""
    known = {row.role: row for row in rows}
    for role in HandoverSignature.Role:
        row = known.get(role)
        signed = row.signed_on if row and row.status == HandoverSignature.Status.GRANTED else None
        yield Field(as_recorded(role.label), _name(row, signed), HIGH), Field("日　　期", _day(signed), HIGH)


def _name(row: HandoverSignature | None, signed: date | None) -> str:
    if row is None:
        return ""
    way = "" if signed is None else "（纸质签字）" if row.is_paper else "（线上签字）"
    return f"{row.user.name}{way}"


def _day(signed: date | None) -> str:
    return day_in_words(signed) if signed else BLANK
