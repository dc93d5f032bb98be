"""A row of a village's sheet as the values that its ledger keeps; what cannot be read is told at its cell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.core.areas import parse_area_mu
from jiandu.base.core.persons import holds_number, numbered
from jiandu.base.core.sheets import Column
from jiandu.base.core.sheets.cells import Fault
from jiandu.base.core.sheets.layout import Cell
from jiandu.base.core.text import parse_money_fen
from jiandu.sources.ledgers.columns import COMMON, Asked, Ledger

MOST_COUNT = 1_000_000
WHOLE = {"全量": "whole", "全部": "whole", "增量": "part", "增补": "part", "补充": "part"}
ABOUT = ("village", "credit", "as_of", "sent_by", "whole", "office")


@dataclass(frozen=True)
class Told:
    """A row: the code of the thing, and what the ledger keeps of it by column."""

    code: str
    values: dict[str, Any]


def book_of(ledger: Ledger) -> Book:
    """The kind of sheet of a ledger."""
    texts = [one for one in ledger.columns if one.kind == "text" and not one.words]
    meta = ledger.model._meta
    return Book(
        ledger.book,
        ledger.label,
        (*(Column(one.key, one.titles, one.required) for one in ledger.columns), *COMMON),
        (*(one.example for one in ledger.columns), "西滨社区", "", "2022-06-30", "西滨社区", "全量", ""),
        {one.key: one.words for one in ledger.columns if one.words} | {"whole": WHOLE},
        days=frozenset({one.key for one in ledger.columns if one.kind == "day"} | {"as_of"}),
        past=frozenset({one.key for one in ledger.columns if one.past} | {"as_of"}),
        carried=ABOUT,
        notes=(
            _("村集体、数据截止日、报送单位、报送方式可以只在表头上方写一次，如“村集体：西滨社区”“数据截止日：2022-06-30”"),
            _("报送方式写“全量”的，表中没有的编号自数据截止日起不再列入，原记录留存；写“增量”或不写的，只增改表中所列"),
            _("编号为本村自编号，同一件资产、同一份合同每次报送用同一编号；金额可以元或万元、面积可以亩或平方米为单位，写在栏目括号内"),
            _("证件号码只核对并以掩码留存，其他栏目不得填写身份证号"),
        ),
        most={one.key: getattr(meta.get_field(one.key), "max_length", None) or 2000 for one in texts},
        check=lambda line: _wrong(ledger, line),
    )  # fmt: skip


def told(ledger: Ledger, line: Line) -> Told:
    """The row, once nothing is wrong with it."""
    values: dict[str, Any] = {}
    for one in ledger.columns:
        value: Any = line.on(one.key) if one.kind == "day" else _value(one, line)
        if one.kind == "number":
            values[one.key], values[f"{one.key.removesuffix('_no')}_mark"] = value
        elif one.key != "code":
            values[one.key] = value
    for key, without in (("reduced_fen", 0), ("status", "running"), ("kind", "bank")):
        if key in values and values[key] in {None, ""}:
            values[key] = without
    return Told(line.text("code"), values)


def _value(one: Asked, line: Line) -> Any:
    if one.kind == "yes":
        return {"yes": True, "no": False}.get(line.text(one.key))
    if one.kind not in READ:
        return line.text(one.key)
    return READ[one.kind](line.row.cells.get(one.key) or Cell(None, "", ""))


def _unit(cell: Cell) -> str:
    """What stands in the brackets of its heading."""
    title = cell.title.replace("（", "(").replace("）", ")")
    return title.rpartition("(")[2].removesuffix(")").strip() if "(" in title else ""


def _money(cell: Cell, *, allow_negative: bool = False) -> int | None:
    """In fen; a bare number under a heading in 万元 is so many ten thousands."""
    value = cell.value
    if "万" not in _unit(cell) or not cell.text:
        return parse_money_fen(value, allow_negative=allow_negative)
    try:
        number = Decimal(format(value, ".12g") if isinstance(value, float) else cell.text.replace(",", ""))
    except InvalidOperation:  # it says its own unit, or is refused there
        return parse_money_fen(value, allow_negative=allow_negative)
    return parse_money_fen(number * 10_000, allow_negative=allow_negative)


def _area(cell: Cell) -> Decimal | None:
    return parse_area_mu(cell.value, unit=_unit(cell))


def _count(cell: Cell) -> int | None:
    text = cell.text.removesuffix("人")
    if not text or text in {"无", "/", "-", "—"}:
        return None
    try:
        number = float(text)
    except ValueError as error:
        raise ValueError(f"应为整数：{text}") from error
    if number != int(number) or not 0 <= number < MOST_COUNT:
        raise ValueError(f"应为整数：{text}")
    return int(number)


BOOKED = ("income_fen", "outlay_fen", "balance_fen")
READ: dict[str, Callable[[Cell], Any]] = {
    "money": _money,
    "balance": partial(_money, allow_negative=True),
    "area": _area,
    "count": _count,
    "number": lambda cell: numbered("" if cell.text in {"无", "/", "-", "—"} else cell.text),
}


def _wrong(ledger: Ledger, line: Line) -> Iterator[tuple[str, str]]:
    """What is wrong with the row by itself."""
    read: dict[str, Any] = {}
    for one in ledger.columns:
        cell = line.row.cells.get(one.key)
        if one.kind in READ and cell is not None and not isinstance(cell.value, Fault):
            try:
                read[one.key] = READ[one.kind](cell)
            except ValueError as error:
                yield one.key, str(error)
        elif one.kind == "text" and not one.words and holds_number(line.text(one.key)):
            yield one.key, "请勿在此栏填写身份证号"
    yield from _together(line, read)


def _together(line: Line, read: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What two cells say against each other."""
    start, end = line.on("start_on"), line.on("end_on")
    if start and end and end < start:
        yield "end_on", "终止日期早于起始日期"
    begun, accepted = line.on("started_on"), line.on("accepted_on")
    if begun and accepted and accepted < begun:
        yield "accepted_on", "验收日期早于开工日期"
    if (read.get("reduced_fen") or 0) > (read.get("amount_fen") or 0):
        yield "reduced_fen", "减免额大于应收额"
    if "outlay_fen" in read and not any(read.get(key) is not None for key in BOOKED):
        yield "outlay_fen", "收入、支出、余额至少填一项"
    for more, less, reason in (("agreed", "present", "同意人数多于到会人数"), ("present", "entitled", "到会人数多于应到人数")):  # fmt: skip
        if read.get(more) is not None and read.get(less) is not None and read[more] > read[less]:
            yield more, reason
