"""回头看核查包 as a sheet that returns: a row a look at an asset, or an instalment that reached the account."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.persons import shown_name
from jiandu.base.core.sheets import Column, OutValue
from jiandu.base.core.text import parse_money_fen
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.reading import finding_by_code
from jiandu.loop.grassroots.asset_sheet import BOOK as LOOKS
from jiandu.loop.grassroots.asset_sheet import in_order, take_look
from jiandu.loop.grassroots.models import AssetLookBack
from jiandu.loop.grassroots.pack import Packed, pack
from jiandu.loop.grassroots.services.instalments import NewInstalment, record_instalment
from jiandu.net.access.cells import needed
from jiandu.sources.ledgers.collectives import Collective

BOOK = Book(
    "asset-pack",
    _("资产回头看核查包"),
    (
        Column("finding", ("问题编号",)),
        Column("asset", ("资产名称",), required=True),
        Column("stage", ("环节", "核实环节"), required=True),
        Column("result", ("结果", "核查结果", "回头看结果")),
        Column("on", ("日期", "核查日期")),
        Column("by_name", ("办理人", "核查人")),
        Column("amount", ("收回金额(元)", "收回金额")),
        Column("received_on", ("到账日期", "入账日期")),
        Column("paid_on", ("缴款日期", "实收日")),
        Column("receipt", ("收据号", "票据号", "到账凭证号")),
        Column("note", ("情况", "备注")),
        Column("code", ("资产编号",)),
        Column("user", ("使用人",)),
        Column("contract", ("合同编号",)),
        Column("owed", ("欠缴(元)",)),
        Column("recovered", ("已收回(元)",)),
        Column("found", ("上次问题和结论",)),
    ),
    ("WT2022-0001", "一号厂房", "镇街核实", "部分清退", "2022-08-01", "某某", "30000", "2022-08-03", "2022-08-02", "0012345", "先行收回一期", "ZC-010", "某某厂", "", "90000", "", ""),
    dict(LOOKS.words),
    days=frozenset({"on", "received_on", "paid_on"}),
    past=frozenset({"on", "received_on", "paid_on"}),
    notes=(
        _("结果和收回金额分别登记；没有去看的，结果留空，没有收回的，金额留空"),
        _("分期收回的，一笔一行，按到账日期计入：12月31日缴款、1月2日到账的计入次年；同一资产同日同额同收据号的是同一笔"),
        _("已缴款还没有到账的不填，到账后再填"),
        _("没有问题编号的资产，先在检查中核对后转入问题台账"),
        _("资产编号、使用人、合同编号、欠缴、已收回、上次问题和结论只供对照，不读回"),
    ),
    most={"asset": 200, "by_name": 64, "note": 500, "receipt": 40},
)  # fmt: skip


def take_row(line: Line, by: Viewer) -> Taken:
    """A look, an instalment, or both; what is known is not entered again."""
    if not line.says("result") and not line.says("amount"):
        return Taken("unchanged")
    finding = _finding(line, by)
    acts = [take_look(line, by)] if line.says("result") else []
    if line.says("amount"):
        acts.append(_money(line, finding, by))
    order = ("conflict", "create", "unchanged")
    act = min((one.act for one in acts), key=order.index)
    return Taken(act, tuple(cell for one in acts for cell in one.cells))


def _finding(line: Line, by: Viewer) -> Finding:
    code = line.text("finding")
    if not code:
        said = _("该资产还没有登记问题，请先在检查中核对后转入问题台账")
        raise CellRefused("finding", Refused("no-finding", said), line)
    finding = finding_by_code(by, code)
    if finding is None:
        raise CellRefused("finding", Refused("no-finding", _("没有编号为“%(code)s”的问题"), code=code), line)
    return finding


def _money(line: Line, finding: Finding, by: Viewer) -> Taken:
    """收回 of one instalment, counted on the day on which it reached the account."""
    needed(line, "received_on")
    paid_on = line.day("paid_on") if line.says("paid_on") else None
    new = NewInstalment(_fen(line), line.day("received_on"), paid_on, line.text("receipt"))
    with at("received_on" if paid_on and new.received_on < paid_on else "amount", line):
        made = record_instalment(finding=finding, by=by, asset=line.text("asset"), new=new)
    return Taken("create" if made else "unchanged")


def _fen(line: Line) -> int:
    try:
        return parse_money_fen(line.text("amount")) or 0
    except ValueError as error:
        said = Refused("amount", _("应为金额：%(said)s"), said=line.text("amount"))
        raise CellRefused("amount", said, line) from error


def rows_of(viewer: Viewer, one: Collective, stage: str) -> Iterator[tuple[OutValue, ...]]:
    """The pack of a village as rows of the sheet; names of persons with their first character alone."""
    word = BOOK.word("stage", stage)
    for row in pack(viewer, one):
        held: Any = row.held
        told: tuple[OutValue, ...] = (row.finding.code if row.finding else "", row.called, word, "", _none(), "")
        money: tuple[OutValue, ...] = ("", _none(), _none(), "")
        tail = (row.code, shown_name(held.user_name, held.user_mark), row.contract.code if row.contract else "")
        yield (*told, *money, "", *tail, _yuan(row.owed_fen), _yuan(row.recovered_fen), _found(row))


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}" if fen else ""


def _none() -> date | None:
    return None


def _found(row: Packed) -> str:
    if row.finding is None:
        return ""
    return row.finding.problem[:60] + (f"；{row.last.on} {row.last.get_result_display()}" if row.last else "")


PACK = Register(
    BOOK,
    AssetLookBack,
    singly(take_row),
    "asset",
    "asset_look_back",
    order=in_order,
    denied=_("您没有登记资产回头看的权限"),
)
