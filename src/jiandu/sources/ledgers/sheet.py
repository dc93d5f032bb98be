"""The monthly sheet of a department, one row an estate: written with what is known, read back with every wrong cell."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import (
    CellProblem,
    Column,
    OutColumn,
    OutValue,
    Plan,
    Row,
    SheetRefused,
    Table,
    find_table,
    read_rows,
    write_xlsx,
)
from jiandu.base.core.text import normal, parse_date, parse_money_fen
from jiandu.base.core.words import as_recorded
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Region
from jiandu.sources.ledgers import duty, selectors
from jiandu.sources.ledgers.models import Estate, Posting
from jiandu.sources.ledgers.services.coverage import NewReport, Shown, Told, take_report
from jiandu.sources.ledgers.services.estates import NewEstate
from jiandu.sources.ledgers.services.publishing import Sums, check_period

PERIOD, WHO, WHEN = "公示周期末日", "部门确认人", "部门确认日期"
DETAILED, TOTALS = "明细", "仅总额"
KINDS = {as_recorded(kind.label): kind for kind in Estate.BodyKind}
SUMS = ("opening_fen", "income_fen", "expense_fen", "closing_fen")
#: Key, its words, whether it must be there, and how the written sheet shows it.
FIELDS: tuple[tuple[str, tuple[str, ...], bool, OutColumn], ...] = (
    ("code", ("小区编号", "编号"), True, OutColumn("小区编号", width=12)),
    ("name", ("小区名称", "小区"), True, OutColumn("小区名称", width=20)),
    ("district", ("区", "所在区", "行政区"), True, OutColumn("区", width=9)),
    ("street", ("镇(街道)", "街道", "镇街"), False, OutColumn("镇(街道)", width=10)),
    ("body", ("责任主体",), False, OutColumn("责任主体", width=20)),
    ("body_kind", ("主体性质",), False, OutColumn("主体性质", width=12, choices=tuple(KINDS))),
    ("households", ("户数",), False, OutColumn("户数", "number", 8)),
    ("since", ("在册起", "建档日期"), False, OutColumn("在册起", "date", 11)),
    ("ended", ("在册止",), False, OutColumn("在册止", "date", 11)),
    ("content", ("公示内容",), True, OutColumn("公示内容", width=9, choices=(DETAILED, TOTALS))),
    ("online_on", ("线上公示日期", "线上公示"), False, OutColumn("线上公示日期", "date", 12)),
    ("online_until", ("线上撤下日期",), False, OutColumn("线上撤下日期", "date", 12)),
    ("online_place", ("网址", "线上公示网址"), False, OutColumn("网址", width=22)),
    ("on_site_on", ("线下公示日期", "线下公示"), False, OutColumn("线下公示日期", "date", 12)),
    ("on_site_until", ("线下撤下日期",), False, OutColumn("线下撤下日期", "date", 12)),
    ("on_site_place", ("公示地点", "线下公示地点"), False, OutColumn("公示地点", width=18)),
    ("opening_fen", ("期初余额(元)", "期初余额"), False, OutColumn("期初余额(元)", "money")),
    ("income_fen", ("本期收入(元)", "本期收入"), False, OutColumn("本期收入(元)", "money")),
    ("expense_fen", ("本期支出(元)", "本期支出"), False, OutColumn("本期支出(元)", "money")),
    ("closing_fen", ("期末余额(元)", "期末余额"), False, OutColumn("期末余额(元)", "money")),
)
COLUMNS = tuple(Column(key, titles, required) for key, titles, required, _ in FIELDS)
NOTES = (
    "填表说明",
    "1. 一个小区一行，由主管部门按月填报、核对确认后发回；表头上方填写公示周期末日(如 2022-09-30)、部门确认人和部门确认日期。",
    "2. “公示内容”填写“明细”或“仅总额”；线上、线下公示日期至少填一项的，按已公示统计，没有公示的留空。",
    "3. 公示已撤下的，填写撤下日期(最后一天)；仍在公示的留空。",
    "4. 余额和收支可以不填；填写的，四项都要填；期初余额 + 本期收入 - 本期支出与期末余额不相等的，照所填登记，并标出相差金额，由主管部门核对更正。",
    "5. 新增小区另起一行，填写编号、名称、区、镇(街道)和在册起；不再管理的小区填写在册止。请勿删改行标识列。",
)


@dataclass
class Read:
    """A sheet that was read: what it says, and every cell that cannot be read."""

    name: str
    sha256: str = ""
    period: date | None = None
    confirmed_by: str = ""
    confirmed_on: date | None = None
    rows: list[Told] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)


def write_sheet(viewer: Viewer, on: date, out: BinaryIO) -> int:
    """The sheet to be filled in for the latest due period: the estates in scope that owe it, with what is known."""
    guard.check_is_actor(viewer)
    period = duty.latest_due(on)
    plan = Plan(
        title=f"小区公共收益公示情况表({duty.words(period)})",
        columns=(*(column for *_, column in FIELDS), OutColumn.row_id()),
        facts=((PERIOD, period.isoformat()),),
        notes=NOTES,
        asks=(WHO, WHEN),
        is_wide=True,
    )
    rows = selectors.with_dates(viewer, on)
    return write_xlsx(out, plan, (_out(row) for row in rows.iterator(chunk_size=500)))


def _out(row: Any) -> tuple[OutValue, ...]:
    posted = [
        getattr(row, f"{channel}_{name}") for channel in Posting.Channel for name in ("posted_on", "until", "place")
    ]
    shown = [row.online_is_detailed, row.on_site_is_detailed]
    content = DETAILED if True in shown else TOTALS if False in shown else ""
    kind = as_recorded(row.get_body_kind_display())
    street = row.street.name if row.street else ""
    told = (row.code, row.name, row.district.name, street, row.body, kind, row.households, row.since, row.until)
    sums = (None if fen is None else fen / 100 for fen in (getattr(row, key) for key in SUMS))
    return (*told, content, *posted, *sums, str(row.uid))


def read_sheet(path: Path, *, name: str, office: Office) -> Read:
    """Reads the file in the confined child. Raises Refused for a file that cannot be trusted or is another table."""
    found = Read(name)
    with path.open("rb") as file:
        found.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    places = _places()
    try:
        with read_rows(path) as rows:
            table = find_table(rows, COLUMNS)
            if table.missing:
                names = "、".join(column.titles[0] for column in table.missing)
                raise Refused("columns-missing", "工作表“%(sheet)s”缺少栏目：%(names)s", sheet=table.sheet, names=names)
            _above(found, table)
            for row in table:
                _take(found, row, office, places)
    except SheetRefused as refused:
        raise Refused("sheet-refused", f"{refused.message} · {refused.english}") from refused
    return found


def _above(found: Read, table: Table) -> None:
    """The facts above the header. Without a period the latest due one is meant."""
    top = Row(table.sheet, max(table.header_row - 1, 1), {})
    said = table.facts.get(PERIOD, "").strip()
    try:
        found.period = parse_date(said) if said else duty.latest_due(today())
        check_period(found.period)
    except (ValueError, Refused) as error:
        found.problems.append(top.problem(PERIOD, f"{error} · not the last day of a past period"))
    found.confirmed_by = table.facts.get(WHO, "").strip()
    said = table.facts.get(WHEN, "").strip()
    try:
        found.confirmed_on = parse_date(said) if said else None
    except ValueError as error:
        found.problems.append(top.problem(WHEN, f"{error} · not a date"))


Places = dict[tuple[str, str], Region]


def _places() -> Places:
    """Districts and streets by name: (district, "") and (district, street)."""
    kinds = (Region.Kind.DISTRICT, Region.Kind.TOWN, Region.Kind.ZONE)
    found: Places = {}
    for region in Region.objects.filter(kind__in=kinds).select_related("parent"):
        if region.kind == Region.Kind.DISTRICT:
            found[normal(region.name), ""] = region
        elif region.parent is not None:
            found[normal(str(region.parent)), normal(region.name)] = region
    return found


def _take(found: Read, row: Row, office: Office, places: Places) -> None:
    reader = _Cells(row)
    place = places.get((normal(reader.text("district")), normal(reader.text("street"))))
    if place is None:
        key = "street" if (normal(reader.text("district")), "") in places else "district"
        reader.wrong(key, "没有登记过这个区或镇(街道) · no such district or street")
    told = _told(reader, office, place)
    found.problems += reader.problems
    if told is not None and not reader.problems:
        found.rows.append(told)


def _told(reader: "_Cells", office: Office, place: Region | None) -> Told | None:
    shown = tuple(_shown(reader, channel) for channel in Posting.Channel if reader.text(f"{channel}_on"))
    content = reader.text("content")
    if content not in {DETAILED, TOTALS} and (content or shown):
        reader.wrong("content", f"应为{DETAILED}或{TOTALS} · {DETAILED} (details) or {TOTALS} (totals only)")
    kind = reader.text("body_kind")
    if kind and kind not in KINDS:
        reader.wrong("body_kind", f"应为{'、'.join(KINDS)}之一 · one of {', '.join(KINDS)}")
    for key in ("code", "name"):
        if not reader.text(key):
            reader.wrong(key, "必填 · required")
    since, ended, households, sums = reader.day("since"), reader.day("ended"), reader.count("households"), _sums(reader)
    if place is None or reader.problems:
        return None
    estate = NewEstate(
        code=reader.text("code"),
        name=reader.text("name"),
        place=place,
        office=office,
        since=since or today(),
        body=reader.text("body"),
        body_kind=KINDS.get(kind, Estate.BodyKind.PROPERTY),
        households=households,
    )
    return Told(estate, content == DETAILED, tuple(one for one in shown if one), sums, ended)


def _shown(reader: "_Cells", channel: str) -> Shown | None:
    since, until = reader.day(f"{channel}_on"), reader.day(f"{channel}_until")
    if since is None:
        return None
    if since > today():
        reader.wrong(f"{channel}_on", "日期晚于今天 · later than today")
    if until is not None and until < since:
        reader.wrong(f"{channel}_until", "撤下早于公示 · taken down before it was posted")
    return Shown(channel, since, until, reader.text(f"{channel}_place"))


def _sums(reader: "_Cells") -> Sums | None:
    said = {key: reader.money(key) for key in SUMS}
    if all(value is None for value in said.values()):
        return None
    if any(value is None for value in said.values()):
        missing = next(key for key in SUMS if said[key] is None)
        reader.wrong(missing, "余额和收支四项应同时填写 · all four or none")
        return None
    opening, income, expense, closing = (said[key] or 0 for key in SUMS)
    return Sums(opening, income, expense, closing)  # one that does not add up is kept and shown as such


class _Cells:
    """The cells of one row as values; what cannot be read is kept as a problem."""

    def __init__(self, row: Row) -> None:
        self.row, self.problems = row, list[CellProblem]()

    def wrong(self, key: str, reason: str) -> None:
        self.problems.append(self.row.problem(key, reason))

    def text(self, key: str) -> str:
        cell = self.row.cells.get(key)
        return cell.text if cell else ""

    def day(self, key: str) -> date | None:
        return self._read(key, parse_date) if self.text(key) else None

    def money(self, key: str) -> int | None:
        read: Callable[[object], int | None] = lambda value: parse_money_fen(value, allow_negative=True)  # noqa: E731 -- one line
        return self._read(key, read) if self.text(key) else None

    def count(self, key: str) -> int | None:
        return self._read(key, _whole) if self.text(key) else None

    def _read(self, key: str, read: Callable[[object], Any]) -> Any:
        try:
            return read(self.row.cells[key].value)
        except ValueError as error:
            self.wrong(key, str(error))
            return None


def _whole(value: object) -> int:
    try:
        number = float(str(value))
    except ValueError as error:
        raise ValueError("应为整数 · a whole number") from error
    if number != int(number) or not 0 <= number < 1_000_000:
        raise ValueError("应为整数 · a whole number")
    return int(number)


@dataclass(frozen=True)
class Sent:
    """Who sent a sheet, as of when, to which of our offices."""

    office: Office
    as_of: date
    department: Organisation | None = None
    confirmed_by: str = ""
    confirmed_on: date | None = None


def take_sheet(*, path: Path, name: str, sent: Sent, by: Viewer) -> Any:
    """Reads a sheet and takes it in whole. Raises Refused (sheet-problems) with the first wrong cells; then nothing was taken."""
    found = read_sheet(path, name=name, office=sent.office)
    if found.problems:
        first = "；".join(_located(problem) for problem in found.problems[:10])
        raise Refused(
            "sheet-problems", "表中有%(count)d处有误，没有导入：%(first)s", count=len(found.problems), first=first
        )
    if found.period is None or not found.rows:
        raise Refused("sheet-empty", "表中没有小区")
    new = NewReport(
        period=found.period,
        as_of=sent.as_of,
        name=name,
        sha256=found.sha256,
        office=sent.office,
        department=sent.department,
        confirmed_by=found.confirmed_by or sent.confirmed_by,
        confirmed_on=found.confirmed_on or sent.confirmed_on,
    )
    return take_report(new=new, rows=[_of(row, sent.department) for row in found.rows], by=by)


def _of(row: Told, department: Organisation | None) -> Told:
    """The row, with the department that sends it."""
    estate = NewEstate(**{**vars(row.estate), "department": department})
    return Told(estate, row.is_detailed, row.shown, row.sums, row.until)


def _located(problem: CellProblem) -> str:
    return f"第{problem.row}行“{problem.title}”{problem.reason.split(' · ')[0]}"
