"""回头看核查包 as Word: the assets of a village that are to be looked at again, three a sheet, to be ticked and signed."""

from datetime import UTC, datetime, time
from typing import Any

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import (
    Document,
    Field,
    Form,
    Note,
    PageBreak,
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
LEAF = 3  # assets on a sheet: each sheet is one page with its signatures
OPENS = {Stage.TOWN: Opens.PACK_TOWN, Stage.DISTRICT: Opens.PACK_DISTRICT}


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
    made = Document(title=title, author=author, at=at, blocks=tuple(blocks), mark=mark)
    return to_docx(made)


def _leaf(one: Collective, stage: Stage, rows: list[Packed], of: tuple[int, int]) -> list[Upright]:
    leaf, leaves = of
    title = f"农村集体资产回头看核查包（{as_recorded(stage.label)}）"
    place = f"{one.district or ''}{one.street or ''}"
    head = f"{one.name}　{place}　{today().isoformat()}　第{leaf}张，共{leaves}张"
    signed = Form(
        (
            (Field("核查人\n签　字", "", 10), Field("村集体负责\n人 签 字", "", 10)),
            (Field("核查日期", day_in_words(None)), Field("收回账户", "")),
        ),
        small=True,
    )
    return [
        Title(title, Code(OPENS[stage], one.uid, leaf)),
        Note(head),
        *(_form(row) for row in rows),
        signed,
        Note("在方框内打勾；分期收回的逐笔写明收据号和到账日；没有去看的留空。"),
    ]


def _form(row: Packed) -> Form:
    """An asset: whom to ask stands there by name, never by number."""
    held: Any = row.held
    user = f"{held.user_name or '无'}（{as_recorded(held.get_status_display())}）"
    boxes = "　　".join(f"□{as_recorded(one.label)}" for one in AssetLookBack.Result)
    return Form(
        (
            (Field(f"{row.number}  资产", f"{row.code} {held.name}"), Field("使用人", user)),
            (Field("合同欠缴", f"{_contract(row)}　{_owed(row)}"),),
            (Field("上次结论", _found(row)),),
            (Field("核查结果", boxes),),
            (Field("收回金额\n收 据 号\n到 账 日", "", 12), Field("情　　况", "", 12)),
        ),
        small=True,
    )


def _contract(row: Packed) -> str:
    one = row.contract
    if one is None:
        return "无合同"
    until = one.end_on.isoformat() if one.end_on else "未写明"
    return f"{one.code} {as_recorded(one.get_status_display())} {one.start_on.isoformat()}至{until}"


def _owed(row: Packed) -> str:
    owed = f"欠缴{row.owed_fen / 100:,.2f}元" if row.owed_fen else "没有欠缴"
    if not row.recovered:
        return owed
    last = max(one.received_on for one in row.recovered)
    return f"{owed}　已收回{row.recovered_fen / 100:,.2f}元（最近{last.isoformat()}到账）"


def _found(row: Packed) -> str:
    if row.finding is None:
        return "未登记问题"
    said = row.finding.problem if len(row.finding.problem) <= 60 else f"{row.finding.problem[:59]}…"
    last = (
        f"；{row.last.on.isoformat()}回头看：{as_recorded(row.last.get_result_display())}" if row.last else "；未回头看"
    )
    return f"{row.finding.code} {said}{last}"
