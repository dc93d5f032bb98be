"""收支明细表 in and out: a row a line of a statement; what does not add up is told at its cell, and nothing is written."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book
from jiandu.base.books.lines import Line as Row
from jiandu.base.books.taking import CellRefused, Register, Taken, at
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.base.core.text import parse_money_fen
from jiandu.base.lexicon.selectors import find
from jiandu.net.access.cells import own_office
from jiandu.sources.ledgers.models import Estate, Statement, StatementLine
from jiandu.sources.ledgers.services.publishing import Line, Sums, check_period, state

Side = StatementLine.Side
#: Side → the dictionary of its items and the total that its lines make up.
SIDES = {Side.INCOME: ("revenue_item", "income"), Side.EXPENSE: ("cost_item", "expense")}
SUMS = ("opening", "income", "expense", "closing")
BOOK = Book(
    "estate-statements",
    _("小区公共收益收支明细表"),
    (
        Column("code", ("小区编号",), required=True),
        Column("name", ("小区名称", "小区")),
        Column("period", ("公示周期末日", "周期末日"), required=True),
        Column("office", ("承办室组",)),
        Column("account", ("账户",)),
        Column("opening", ("期初余额(元)", "期初余额"), required=True),
        Column("income", ("本期收入(元)", "本期收入"), required=True),
        Column("expense", ("本期支出(元)", "本期支出"), required=True),
        Column("closing", ("期末余额(元)", "期末余额"), required=True),
        Column("side", ("收支",)),
        Column("item", ("项目", "收支项目")),
        Column("amount", ("金额(元)", "金额")),
        Column("note", ("说明", "备注")),
    ),
    ("XQ001", "滨北花园", "2022-09-30", "", "", "1000", "500", "200", "1300", "收入", "电梯广告", "500", "某广告公司"),
    {"side": {str(side.label): str(side) for side in Side}},
    days=frozenset({"period"}),
    past=frozenset({"period"}),
    carried=("code", "name", "period", "office", "account", *SUMS),
    notes=(
        _("一行一笔收入或支出；同一小区同一周期的余额和收支合计只填第一行，其余各行可以合并单元格或留空"),
        _("期初余额 + 本期收入 - 本期支出与期末余额不相等的，照所填登记并标出相差金额，由主管部门核对更正；填写了明细的，明细之和应等于合计；没有明细的，收支、项目、金额留空"),
    ),
    most={"account": 128, "note": 200},
)  # fmt: skip


def take_statement(rows: list[Row], by: Viewer) -> list[Taken]:
    """One estate's statement of one period. Raises CellRefused at the cell that is wrong."""
    first = rows[0]
    period, office = first.day("period"), own_office(first, "office", by)
    with at("period", first):
        check_period(period)
    code = first.text("code")
    estate = Estate.objects.filter(owner_office=office, code=code, withdrawn_on__isnull=True).first()
    if estate is None:
        raise CellRefused("code", Refused("no-estate", _("没有登记过这个编号的小区：%(code)s"), code=code), first)
    if first.text("name") not in {"", estate.name}:
        return [Taken("conflict", (("name", estate.name, first.text("name")),))] * len(rows)
    lines = [line for row in rows for line in _line(row, by, period)]
    sums = _sums(rows, lines)
    act, cells = _against(estate, period, sums, lines)
    if act != "unchanged":
        state(estate=estate, by=by, period=period, sums=sums, lines=tuple(lines))
    return [Taken(act, cells), *[Taken(act)] * (len(rows) - 1)]


def _money(row: Row, key: str) -> int:
    try:
        return parse_money_fen(row.text(key), allow_negative=True) or 0
    except ValueError as error:
        raise CellRefused(key, Refused("amount", _("应为金额：%(said)s"), said=row.text(key)), row) from error


def _line(row: Row, by: Viewer, period: date) -> list[Line]:
    """What the row tells beside the sums; nothing where it names no side."""
    said = [key for key in ("side", "item", "amount") if row.text(key)]
    if not said:
        return []
    missing = next((key for key in ("side", "item", "amount") if key not in said), None)
    if missing:
        raise CellRefused(missing, Refused("cell-needed", _("收支、项目、金额应同时填写")), row)
    side = Side(row.text("side"))
    item = find(by, SIDES[side][0], period.year, row.text("item"), on=period)
    if item is None:
        raise CellRefused("item", Refused("no-item", _("字典中没有“%(name)s”"), name=row.text("item")), row)
    amount = _money(row, "amount")
    if amount <= 0:
        raise CellRefused("amount", Refused("amounts", _("明细金额应大于零")), row)
    return [Line(side, item, amount, row.text("note"))]


def _sums(rows: list[Row], lines: list[Line]) -> Sums:
    """The four sums, the same on each row. Raises CellRefused: sums-differ, lines-differ."""
    first = rows[0]
    opening, income, expense, closing = (_money(first, key) for key in SUMS)  # where these do not add up, it is kept so
    for row in rows:
        if other := next((key for key in SUMS if _money(row, key) != _money(first, key)), None):
            raise CellRefused(other, Refused("sums-differ", _("同一小区同一周期的余额和合计应相同")), row)
    for side, (_kind, key) in SIDES.items():
        told = [line.amount_fen for line in lines if line.side == side]
        if told and sum(told) != _money(first, key):
            said = _("明细之和为%(amount)s元，与合计不符")
            raise CellRefused(key, Refused("lines-differ", said, amount=_yuan(sum(told))), first)
    return Sums(opening, income, expense, closing, first.text("account"))


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"


def _against(estate: Estate, period: date, sums: Sums, lines: list[Line]) -> tuple[str, tuple[tuple[str, str, str], ...]]:  # fmt: skip
    """What becomes of it: create, update with the cells that differ, unchanged. No line, no account: nothing is said of them."""
    held = Statement.objects.filter(estate=estate, period_on=period, withdrawn_on__isnull=True).first()
    if held is None:
        return "create", ()
    pairs = [(key, _yuan(getattr(held, f"{key}_fen")), _yuan(getattr(sums, f"{key}_fen"))) for key in SUMS]
    pairs += [("account", held.account, sums.account)] if sums.account else []
    if lines:
        kept = StatementLine.objects.filter(statement=held).select_related("item")
        pairs.append(("amount", _told(kept), _told(lines)))
    cells = tuple((key, old, new) for key, old, new in pairs if old != new)
    return ("update" if cells else "unchanged"), cells


def _told(lines: Iterable[Any]) -> str:
    """The lines in an order of their own: how they stand on a sheet says nothing."""
    return "；".join(sorted(f"{Side(one.side).label} {one.item.label_zh} {_yuan(one.amount_fen)} {one.note}".strip() for one in lines))  # fmt: skip


def rows_of(_viewer: Viewer, statements: Iterable[Statement]) -> Iterator[tuple[OutValue, ...]]:
    """The statements as rows of the sheet, one a line; of one without lines its sums alone."""
    held = list(statements)
    lines: dict[int, list[StatementLine]] = {}
    for line in StatementLine.objects.filter(statement__in=held).select_related("item").order_by("side", "pk"):
        lines.setdefault(line.statement_id, []).append(line)
    for one in held:
        estate = one.estate
        sums = [_yuan(getattr(one, f"{key}_fen")) for key in SUMS]
        head: list[OutValue] = [estate.code, estate.name, one.period_on, estate.owner_office.name, one.account, *sums]
        told = [
            (BOOK.word("side", each.side), each.item.label_zh, _yuan(each.amount_fen), each.note)
            for each in lines.get(one.pk, [])
        ]
        for said in told or [("", "", "", "")]:
            yield (*head, *said)


STATEMENTS = Register(
    BOOK,
    Estate,
    take_statement,
    "code",
    "estate",
    together=lambda line: (line.text("office"), line.text("code"), line.on("period")),
    denied=_("您没有登记小区的权限"),
)
