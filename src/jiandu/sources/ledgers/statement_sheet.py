"""收支明细表 in and out: a row a line of a statement; what does not add up is told at its cell, and nothing is written."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book
from jiandu.base.books.lines import Line as Row
from jiandu.base.books.taking import CellRefused, Register, Taken, at
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import credit_code_problem, plain_code
from jiandu.base.core.persons import holds_number
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
#: Columns of a line beside side, item and amount → what the line keeps them as.
DETAILS = {
    "due": "due_fen",
    "booked": "booked_on",
    "party": "party",
    "party_no": "party_code",
    "term": "term",
    "resolution": "resolution",
    "slip": "slip_no",
    "cash": "is_cash",
    "note": "note",
}
CASH = {"现金": "cash", "是": "cash", "转账": "bank", "银行转账": "bank", "网银": "bank", "否": "bank"}


def _wrong(line: Row) -> Iterator[tuple[str, str]]:
    """A person's number anywhere, and what is no credit code."""
    for key in ("party", "resolution", "note"):
        if holds_number(line.text(key)):
            yield key, "请勿在此栏填写身份证号"
    code = plain_code(line.text("party_no"))
    problem = credit_code_problem(code) if code else None
    if problem:
        yield "party_no", problem


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
        Column("bank", ("银行余额(元)", "银行余额", "账户余额")),
        Column("side", ("收支",)),
        Column("item", ("项目", "收支项目")),
        Column("amount", ("金额(元)", "金额", "实收(元)", "实收", "实收(付)金额")),
        Column("due", ("应收(元)", "应收", "应收金额")),
        Column("booked", ("日期", "收付日期", "实收日期")),
        Column("party", ("合同对方", "对方单位", "承租方")),
        Column("party_no", ("合同对方统一社会信用代码", "对方统一社会信用代码", "合同对方信用代码")),
        Column("term", ("合同期", "合同期限")),
        Column("resolution", ("决议或审批", "决议", "审批")),
        Column("slip", ("票据号", "票据号码", "发票号码", "收据号")),
        Column("cash", ("结算方式", "收付方式", "是否现金")),
        Column("note", ("说明", "备注")),
    ),
    ("XQ001", "滨北花园", "2022-09-30", "", "公共收益专户 尾号6688", "1000", "500", "200", "1300", "1300", "收入", "电梯广告", "500", "500", "2022-07-15", "某某广告有限公司", "", "2022-01-01至2022-12-31", "", "0012345", "转账", ""),
    {"side": {str(side.label): str(side) for side in Side}, "cash": CASH},
    days=frozenset({"period", "booked"}),
    past=frozenset({"period", "booked"}),
    carried=("code", "name", "period", "office", "account", *SUMS, "bank"),
    notes=(
        _("一行一笔收入或支出；同一小区同一周期的余额和收支合计只填第一行，其余各行可以合并单元格或留空"),
        _("期初余额 + 本期收入 - 本期支出与期末余额不相等的，照所填登记并标出相差金额，由主管部门核对更正；填写了明细的，明细之和应等于合计；没有明细的，收支、项目、金额留空"),
    ),
    most={"account": 128, "note": 200, "party": 128, "party_no": 24, "term": 64, "resolution": 128, "slip": 64},
    check=_wrong,
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
    said = [key for key in DETAILS if key in first.row.cells]
    held = Statement.objects.filter(estate=estate, period_on=period, withdrawn_on__isnull=True).first()
    act, cells = _against(held, sums, lines, said)
    if act != "unchanged":
        sums, lines = _with_the_rest(held, sums, lines, said)
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
    return [Line(side, item, amount, **_details(row))]


def _details(row: Row) -> dict[str, Any]:
    """What the row says of its line beside side, item and amount."""
    cash = row.text("cash")
    texts = {DETAILS[key]: row.text(key) for key in ("party", "term", "resolution", "slip", "note")}
    return texts | {
        "party_code": plain_code(row.text("party_no")),
        "due_fen": _money(row, "due") if row.text("due") else None,
        "booked_on": row.on("booked"),
        "is_cash": cash == "cash" if cash else None,
    }


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
    bank = _money(first, "bank") if first.text("bank") else None
    return Sums(opening, income, expense, closing, first.text("account"), bank)


def _yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"


def _with_the_rest(held: Statement | None, sums: Sums, lines: list[Line], said: list[str]) -> tuple[Sums, list[Line]]:
    """With what the statement that stands has and the sheet has no columns for: of a line, where side, item and amount agree."""
    if held is None:
        return sums, lines
    rest = [DETAILS[key] for key in DETAILS if key not in said]
    known = {(row.side, row.item_id, row.amount_fen): row for row in StatementLine.objects.filter(statement=held)}
    found = []
    for line in lines:
        row = known.get((line.side, line.item.pk, line.amount_fen))
        found.append(replace(line, **{name: getattr(row, name) for name in rest}) if row else line)
    bank = held.bank_fen if sums.bank_fen is None else sums.bank_fen
    return replace(sums, bank_fen=bank, account=sums.account or held.account), found


def _against(held: Statement | None, sums: Sums, lines: list[Line], said: list[str]) -> tuple[str, tuple[tuple[str, str, str], ...]]:  # fmt: skip
    """What becomes of it: create, update with the cells that differ, unchanged. No line, account or bank: nothing is said of them.

    `said`: the details of lines for which the sheet has columns.
    """
    if held is None:
        return "create", ()
    pairs = [(key, _yuan(getattr(held, f"{key}_fen")), _yuan(getattr(sums, f"{key}_fen"))) for key in SUMS]
    pairs += [("account", held.account, sums.account)] if sums.account else []
    if sums.bank_fen is not None:
        pairs.append(("bank", "" if held.bank_fen is None else _yuan(held.bank_fen), _yuan(sums.bank_fen)))
    if lines:
        kept = StatementLine.objects.filter(statement=held).select_related("item")
        pairs.append(("amount", _told(kept, said), _told(lines, said)))
    cells = tuple((key, old, new) for key, old, new in pairs if old != new)
    return ("update" if cells else "unchanged"), cells


def _told(lines: Iterable[Any], said: list[str]) -> str:
    """The lines in an order of their own: how they stand on a sheet says nothing."""
    return "；".join(sorted(" ".join(part for part in (str(Side(one.side).label), one.item.label_zh, _yuan(one.amount_fen), *(_cell(one, key) for key in said)) if part) for one in lines))  # fmt: skip


def _cell(line: Any, key: str) -> str:
    """A detail of a line as the sheet writes it."""
    value = getattr(line, DETAILS[key])
    if value is None:
        return ""
    if key == "cash":
        return "现金" if value else "转账"
    return _yuan(value) if key == "due" else str(value)


def rows_of(_viewer: Viewer, statements: Iterable[Statement]) -> Iterator[tuple[OutValue, ...]]:
    """The statements as rows of the sheet, one a line; of one without lines its sums alone."""
    held = list(statements)
    lines: dict[int, list[StatementLine]] = {}
    for line in StatementLine.objects.filter(statement__in=held).select_related("item").order_by("side", "pk"):
        lines.setdefault(line.statement_id, []).append(line)
    for one in held:
        estate = one.estate
        sums = [_yuan(getattr(one, f"{key}_fen")) for key in SUMS]
        bank = "" if one.bank_fen is None else _yuan(one.bank_fen)
        head: list[OutValue] = [estate.code, estate.name, one.period_on, estate.owner_office.name, one.account, *sums, bank]  # fmt: skip
        told = [
            (BOOK.word("side", each.side), each.item.label_zh, _yuan(each.amount_fen), *(_cell(each, key) for key in DETAILS))
            for each in lines.get(one.pk, [])
        ]  # fmt: skip
        for said in told or [("",) * (len(DETAILS) + 3)]:
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
