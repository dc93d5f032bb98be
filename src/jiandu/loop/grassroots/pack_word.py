"""回头看核查包 as Word: the assets of a village that are to be looked at again, eight a sheet, to be ticked and signed."""

from datetime import UTC, datetime, time
from typing import Any

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import (
    Column,
    Document,
    Field,
    Form,
    Landscape,
    Note,
    PageBreak,
    Paragraph,
    Table,
    Title,
    Upright,
)
from jiandu.base.documents.codes import Code, Opens
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.loop.grassroots.models import AssetLookBack
from jiandu.loop.grassroots.pack import Packed, pack
from jiandu.sources.ledgers.collectives import Collective

Stage = AssetLookBack.Stage
LEAF = 6  # assets on a sheet
OPENS = {Stage.TOWN: Opens.PACK_TOWN, Stage.DISTRICT: Opens.PACK_DISTRICT}
COLUMNS = (
    Column("序号", 0.6, "center"),
    Column("资产(资源)", 2.6),
    Column("使用人", 1.6),
    Column("合同", 2.2),
    Column("欠缴(元)", 1.4, "right"),
    Column("上次问题和结论", 3.2),
    Column("核查结果", 1.6),
    Column("收回金额(元)\n到账日期", 1.6),
    Column("情况", 2.0),
)


def pack_docx(viewer: Viewer, one: Collective, stage: str, *, mark: str = "") -> bytes:
    """All sheets of a village, each on a page of its own. Raises Refused (no-assets)."""
    rows = pack(viewer, one)
    if not rows:
        raise Refused("no-assets", "台账中没有需要回头看的资产：他人使用、闲置、欠缴和登记过问题的资产才列入")
    leaves = [rows[start : start + LEAF] for start in range(0, len(rows), LEAF)]
    blocks: list[Upright] = []
    for leaf, own in enumerate(leaves, 1):
        blocks += [*([PageBreak()] if leaf > 1 else []), *_leaf(one, Stage(stage), own, (leaf, len(leaves)))]
    at = datetime.combine(today(), time(), tzinfo=UTC)
    title, author = f"{one.name}资产回头看核查包", str(one.owner_office)
    made = Document(title=title, author=author, at=at, blocks=(Landscape(tuple(blocks)),), mark=mark)
    return to_docx(made)


def _leaf(one: Collective, stage: Stage, rows: list[Packed], of: tuple[int, int]) -> list[Upright]:
    leaf, leaves = of
    title = f"农村集体资产回头看核查包（{as_recorded(stage.label)}）"
    place = f"{one.district or ''}{one.street or ''}"
    head = f"村集体：{one.name}　　属地：{place}　　台账截至：{day_in_words(today())}　　第{leaf}张，共{leaves}张"
    signed = Form(
        (
            (Field("核 查 日 期", day_in_words(None)), Field("核 查 人\n（签字）", "", 11)),
            (Field("收 回 账 户", "集体账户"), Field("村集体负责人\n（签字）", "", 11)),
        ),
        small=True,
    )
    return [
        Title(title, Code(OPENS[stage], one.uid, leaf)),
        Paragraph(head, indent=False),
        Table(COLUMNS, tuple(_row(row) for row in rows)),
        signed,
        Note("核查结果在方框内打勾；分期收回的逐笔写明金额和到账日期，按到账日计算。没有去看的留空。"),
    ]


def _row(row: Packed) -> tuple[str, ...]:
    """An asset: whom to ask stands there by name, never by number."""
    held: Any = row.held
    name = f"{row.code}\n{held.name}"
    user = held.user_name or as_recorded(held.get_status_display())
    ticks = "\n".join(f"□{as_recorded(one.label)}" for one in AssetLookBack.Result)
    return (str(row.number), name, user, _contract(row), _owed(row), _found(row), ticks, "\n\n", "")


def _contract(row: Packed) -> str:
    one = row.contract
    if one is None:
        return "无合同"
    until = one.end_on.isoformat() if one.end_on else "未写明"
    return f"{one.code}\n{one.start_on.isoformat()}至{until}\n{as_recorded(one.get_status_display())}"


def _owed(row: Packed) -> str:
    return f"{row.owed_fen / 100:,.2f}" if row.owed_fen else "无"


def _found(row: Packed) -> str:
    if row.finding is None:
        return "未登记问题"
    said = row.finding.problem if len(row.finding.problem) <= 28 else f"{row.finding.problem[:27]}…"
    last = f"\n{row.last.on.isoformat()} {as_recorded(row.last.get_result_display())}" if row.last else "\n未回头看"
    return f"{row.finding.code} {said}{last}"
