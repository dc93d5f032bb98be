"""Papers of the grid and of training as Word in official layout: who watches where today, the record of a meeting."""

from datetime import UTC, date, datetime, time

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import Block, Column, Document, Field, Form, Paragraph, Table, Title
from jiandu.base.documents.codes import Code, Opens
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.loop.grassroots.models import GridWorker, Meeting
from jiandu.loop.grassroots.selectors import cells
from jiandu.net.subjects.models import in_force

ROSTER = (
    Column("序号", 0.5, "center"),
    Column("网格", 1.6),
    Column("村（社区）", 1.6),
    Column("姓名", 0.9, "center"),
    Column("人员类别", 1.3),
    Column("任期", 1.5, "center"),
)
TALL = 70.0  # millimetres


def roster_docx(viewer: Viewer, *, mark: str = "") -> bytes:
    """近邻监督员名册: whoever watches today in the cells that the viewer sees; no telephone numbers."""
    on = today()
    known = {cell.pk: cell for cell in cells(viewer, on)}
    rows = GridWorker.objects.filter(in_force(on), cell__in=list(known)).select_related("kind").order_by("since", "pk")
    serving: dict[int, list[GridWorker]] = {}
    for row in rows:
        serving.setdefault(row.cell_id, []).append(row)
    told = [(cell, row) for cell in known.values() for row in serving.get(cell.pk, [])]
    lines = tuple(
        (str(place), cell.name, str(cell.subject or ""), row.name, row.kind.label_zh, _term(row))
        for place, (cell, row) in enumerate(told, 1)
    )
    count = f"（截至{day_in_words(on)}，共{len(serving)}个网格、{len(lines)}人）"
    blocks: list[Block] = [Title("近邻监督员名册"), Paragraph(count, indent=False)]
    blocks.append(Table(ROSTER, lines) if lines else Paragraph("无。"))
    return _written("近邻监督员名册", "监督网", on, blocks, mark)


def _term(row: GridWorker) -> str:
    return f"{row.since.isoformat()}\n至{row.until.isoformat() if row.until else '今'}"


def meeting_docx(_viewer: Viewer, meeting: Meeting, *, mark: str = "") -> bytes:
    """履职交流会 or 培训记录表, filled in by the record; who came signs by hand."""
    kind = as_recorded(meeting.get_kind_display())
    form = Form(
        (
            (Field("主　　题", meeting.theme),),
            (Field("日　　期", day_in_words(meeting.on)), Field("地　　点", meeting.place)),
            (Field("承办室组", str(meeting.owner_office)), Field("人　　次", str(meeting.people_count))),
            (Field("对　　象", meeting.audience),),
            (Field("交流材料\n和 课 程", meeting.note, TALL),),
            (Field("参加人员\n签　　到", "", TALL),),
            (Field("记录人\n签　字", "", 14), Field("负责人\n签　字", "", 14)),
        )
    )
    title = f"{kind}记录表"
    return _written(
        title, str(meeting.owner_office), meeting.on, [Title(title, Code(Opens.MEETING, meeting.uid)), form], mark
    )


def _written(title: str, author: str, day: date, blocks: list[Block], mark: str) -> bytes:
    at = datetime.combine(day, time(), tzinfo=UTC)
    return to_docx(Document(title=title, author=author, at=at, blocks=tuple(blocks), mark=mark))
