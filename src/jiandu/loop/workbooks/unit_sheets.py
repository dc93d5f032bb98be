"""A sheet for each responsible unit: its open findings, what we know in grey, what the unit answers in open cells."""

import io
import zipfile
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, BinaryIO

from django.db.models import QuerySet

from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import new_uid
from jiandu.base.core.marks import mark_of
from jiandu.base.core.sheets.headers import Column
from jiandu.base.core.sheets.plan import OutColumn, OutValue, Plan
from jiandu.base.core.sheets.writer import write_book
from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.models import Finding, Measure
from jiandu.loop.findings.selectors.ledger import Filters, ledger
from jiandu.loop.findings.states import State
from jiandu.loop.workbooks.exporting import Leaving, check_quota, foreign_rows
from jiandu.loop.workbooks.owed import KINDS_OWED, ByUnit, Due, title_of
from jiandu.loop.workbooks.row_ids import row_id
from jiandu.net.access.models import Level
from jiandu.net.access.standing import Standing
from jiandu.net.subjects.models import Organisation

#: Where the unit has something to answer.
ASKING = (State.ASSIGNED, State.RECTIFYING, State.STAGED)
YES, NO = "是", "否"
RESULTS = {as_recorded(result.label): result for result in Measure.Result}
PEOPLE, ON = "填报人", "填报日期"
OURS = (
    OutColumn("序号", "number", 5),
    OutColumn("问题编号", width=15),
    OutColumn("问题表现", width=26),
    OutColumn("具体事实", width=26),
    OutColumn("整改类型", width=9),
    OutColumn("整改时限", "date", 11),
    OutColumn("状态", width=8),
    OutColumn("已报整改措施", width=24),
    OutColumn("已报措施时限", "date", 11),
)
ASKED = (
    OutColumn("新增整改措施(每行一项)", width=26, is_asked=True),
    OutColumn("新增措施时限", "date", 11, is_asked=True),
    OutColumn("进展(%)", "number", 8, is_asked=True, most=100),
    OutColumn("结果", width=10, is_asked=True, choices=tuple(RESULTS)),
    OutColumn("完成日期", "date", 11, is_asked=True),
    OutColumn("责任人", width=10, is_asked=True),
    OutColumn("整改情况和佐证说明", width=30, is_asked=True),
    OutColumn("申请销号", width=8, is_asked=True, choices=(YES, NO)),
)
NOTES = (
    "填表说明",
    "1. 只填写表头为黄色的栏目；灰色栏目由监督单位填写，改动不读取。表头上方请填写填报人和填报日期(几张表的填一张即可)。",
    "2. “新增整改措施”填写本次新报的措施，一行一项(单元格内换行用 Alt+Enter)；已报的措施列在左边灰色栏，不必重写。",
    "3. “新增措施时限”填写本行新增措施的完成时限；某一项另有时限的，写在该项行末，空一格，如“完善台账 2026-03-31”。",
    "4. “进展(%)”填写 0 到 100 的整数，指左边灰色栏中那一项措施；没有已报措施时，指本行新报的那一项。",
    "5. “结果”从列表中选择：已完成、正在整改、长期整改、尚未整改。选“已完成”的，进展为 100，并填写完成日期(不填的按填报日期)。",
    "6. 认为问题已整改到位、请求销号的，“申请销号”选“是”，并填写责任人和整改情况；同一问题有几行的，填在任意一行即可。",
    "7. 可以筛选、调整行高列宽、打印；请勿增删列、复制或拆分行。佐证材料另行报送。",
    "8. 没有变化的行保持原样。填好后原表发回，再次发回同一张表不会重复记录。",
)
#: For a workbook without problems.
GENERAL = (
    "填表说明",
    "只填写表头为黄色的栏目；灰色栏目由监督单位填写。表头上方请填写填报人和填报日期(几张表的填一张即可)。没有内容可报的行保持原样，填好后原表发回。",
)
WIDE = 12  # columns, from which on the paper is A3
#: What is looked for when the sheet comes back.
COLUMNS = (
    Column("code", ("问题编号",), required=True),
    Column("measures", ("新增整改措施(每行一项)", "新增整改措施")),
    Column("term", ("新增措施时限", "整改措施时限")),
    Column("percent", ("进展(%)", "进展")),
    Column("result", ("结果",), required=True),
    Column("done_on", ("完成日期",)),
    Column("rectifier", ("责任人",)),
    Column("note", ("整改情况和佐证说明", "整改情况")),
    Column("apply", ("申请销号",), required=True),
)


def asked(viewer: Viewer, filters: Filters) -> QuerySet[Finding]:
    """The findings in scope that match, where the unit has something to answer; by unit and due date."""
    found = ledger(viewer, filters).filter(state__in=ASKING, level__lte=Level.INTERNAL)
    return found.select_related("subject", "owner_office").order_by("subject_path", "subject_id", "due_on", "pk")


@dataclass
class Work:
    """What goes out to a unit: its problems, and what else it owes, by kind."""

    findings: list[Finding] = field(default_factory=list)
    owed: dict[str, list[Due]] = field(default_factory=dict)


def write_sheets(viewer: Viewer, filters: Filters, out: BinaryIO, *, owed: ByUnit | None = None) -> Leaving:
    """Writes one unit's workbook, or a zip of several. Nothing leaves before `exporting.let_go`.

    `owed`: what units owe beside their problems; a worksheet for each kind. Raises Refused for who may not export, beyond the
    quota, and where no unit has anything to answer.
    """
    if not guard.allow(viewer, "export", Finding):
        raise Refused("not-allowed", "您没有“导出”的权限")
    found, more = asked(viewer, filters), owed or {}
    foreign = foreign_rows(viewer, found) + _foreign(viewer, more)
    check_quota(viewer, foreign)
    rows = list(found)
    units = _by_unit(rows, more)
    if not units:
        raise Refused("nothing-to-answer", "没有需要责任单位填报的问题（已交办、整改中、阶段性销号）")
    identity, day = str(new_uid()), today()
    made = _Maker(_measures([row.pk for row in rows]), mark_of(viewer, identity))
    name = "整改情况反馈表" if owed is None else "反馈表"
    if len(units) == 1:
        (unit, work), *_ = units.items()
        count, file = made.write(out, unit, work), _name(unit, name, day)
    else:
        count, file = _write_zip(out, units, made, name, day), f"{name}_{len(units)}个单位_{day:%Y%m%d}.zip"
    others = [[kind, str(due.uid)] for work in units.values() for kind, own in work.owed.items() for due in own]
    said = {"export": identity, "rows": count, "findings": len(rows), "units": len(units), "foreign": foreign}
    said |= {"others": len(others)} if others else {}
    return Leaving(file, count, array("q", [row.pk for row in rows]), "finding.unit_sheets", said, others)


def _foreign(viewer: Viewer, owed: ByUnit) -> int:
    """How many rows beside the problems are not of the viewer's offices."""
    if viewer.is_system:
        return 0
    own = viewer.standing.office_ids if isinstance(viewer.standing, Standing) else frozenset()
    return sum(due.office.pk not in own for kinds in owed.values() for rows in kinds.values() for due in rows)


def _by_unit(rows: list[Finding], owed: ByUnit) -> dict[Organisation, Work]:
    """By the unit's place in the directory."""
    found: dict[Organisation, Work] = {}
    for row in rows:
        if row.subject is not None:
            found.setdefault(row.subject, Work()).findings.append(row)
    for unit, kinds in owed.items():
        found.setdefault(unit, Work()).owed = kinds
    return dict(sorted(found.items(), key=lambda item: (item[0].path, item[0].pk)))


def _write_zip(out: BinaryIO, units: dict[Organisation, Work], made: "_Maker", name: str, day: date) -> int:
    """A workbook a unit; units that share a name are told apart by a number. Gives the number of rows in all."""
    count, seen = 0, Counter[str]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for unit, work in units.items():
            sheet, file = io.BytesIO(), _name(unit, name, day)
            count += made.write(sheet, unit, work)
            seen[file] += 1
            own = file if seen[file] == 1 else file.replace(".xlsx", f"({seen[file]}).xlsx")
            archive.writestr(own, sheet.getvalue())
    return count


def _measures(pks: list[int]) -> dict[int, list[Measure]]:
    found: dict[int, list[Measure]] = {}
    for start in range(0, len(pks), 500):
        for measure in Measure.objects.filter(finding_id__in=pks[start : start + 500]).order_by("pk"):
            found.setdefault(measure.finding_id, []).append(measure)
    return found


def _name(unit: Any, name: str, day: date) -> str:
    plain = "".join("_" if char in '\\/:*?"<>|' or not char.isprintable() else char for char in str(unit))
    return f"{plain}_{name}_{day:%Y%m%d}.xlsx"


@dataclass
class _Maker:
    """Writes the workbook of a unit: with the measures that it has reported, under a watermark."""

    measures: dict[int, list[Measure]]
    watermark: str

    def write(self, out: BinaryIO, unit: Organisation, work: Work) -> int:
        """Its problems first, then a worksheet a kind of what else it owes; gives the number of rows."""
        tables: list[tuple[Plan, Iterable[Sequence[OutValue]]]] = []
        is_alone = not work.owed  # then the worksheet goes by its title
        if work.findings:
            offices = [finding.owner_office.name for finding in work.findings]
            plan = self._plan(unit, "问题整改情况", offices, (*OURS, *ASKED, OutColumn.row_id()), NOTES)
            plan = replace(plan, sheet="") if is_alone else plan
            tables.append((plan, _rows(work.findings, self.measures)))
        for kind, rows in ((kind, work.owed.get(kind.key, [])) for kind in KINDS_OWED):
            if rows:
                notes = kind.notes if tables else (*GENERAL, *kind.notes)
                plan = self._plan(unit, title_of(kind), [due.office.name for due in rows], kind.columns, notes)
                tables.append((plan, map(kind.values, rows)))
        return write_book(out, tables)

    def _plan(
        self, unit: Organisation, name: str, offices: list[str], columns: tuple[OutColumn, ...], notes: tuple[str, ...]
    ) -> Plan:
        return Plan(
            title=f"{unit}{name}反馈表",
            columns=columns,
            facts=(
                ("责任单位", str(unit)),
                ("监督单位", "、".join(dict.fromkeys(offices))),
                ("下发时间", f"{now():%Y-%m-%d %H:%M}"),
            ),
            notes=notes,
            watermark=self.watermark,
            asks=(PEOPLE, ON, "联系电话"),
            is_wide=len(columns) > WIDE,
            sheet=name,
        )


def _rows(findings: list[Finding], measures: dict[int, list[Measure]]) -> Iterator[tuple[OutValue, ...]]:
    for number, finding in enumerate(findings, start=1):
        known: tuple[OutValue, ...] = (
            number,
            finding.code,
            finding.problem,
            finding.facts,
            as_recorded(finding.get_rectification_display()),
            finding.due_on,
            as_recorded(finding.get_state_display()),
        )
        own: list[Measure | None] = [*measures.get(finding.pk, [])]
        for measure in own or [None]:
            told = (measure.text, measure.due_on) if measure else ("", None)
            yield (*known, *told, *_answers(finding, measure), str(row_id(finding, measure)))


def _answers(finding: Finding, measure: Measure | None) -> tuple[OutValue, ...]:
    """The open cells as they stand: the unit writes over them."""
    said = (measure.progress_percent, as_recorded(measure.get_result_display()), measure.done_on) if measure else None
    return ("", None, *(said or ("", "", None)), finding.rectifier_name, "", NO)
