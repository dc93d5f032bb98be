"""A unit sheet back: what each row does (签收, 报方案, 报进展, 申请销号), as the unit's act typed by an operator; all or nothing.

The same sheet again changes nothing. A row whose finding has moved on since the sheet was written is refused, and so is
a row that we did not write, or wrote for somebody else: the two look the same.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from itertools import chain, groupby
from pathlib import Path

from jiandu.base.books import sheets as books
from jiandu.base.books.sheets import of_rows
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.errors import SheetRefused
from jiandu.base.core.sheets.headers import Column
from jiandu.base.core.sheets.layout import Row, Table, find_table
from jiandu.base.core.sheets.reader import RawRow, read_rows
from jiandu.base.core.text import parse_date
from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.models import Finding, Measure, Step
from jiandu.loop.findings.states import State, Verb
from jiandu.loop.workbooks.answers import Answer, read_answer
from jiandu.loop.workbooks.owed import KINDS_OWED, Owed, told
from jiandu.loop.workbooks.returned import BEGINNING, Group, Returned
from jiandu.loop.workbooks.row_ids import OwedId, parse
from jiandu.loop.workbooks.unit_acts import check_group
from jiandu.loop.workbooks.unit_sheets import ASKING, COLUMNS, ON, PEOPLE

UNKNOWN = (
    "不是下发给您的行，或行标识已被改动；请删除此行，或下载新表 · not a row of this sheet, or its hidden id was changed"
)
MIXED = "行标识与问题编号不符：行被复制或拆开过 · the hidden id belongs to another finding: rows were copied or split"
TWICE = "与第%(row)s行是同一行 · the same row as row %(row)s"
MOVED = "下发之后该问题已有新的办理，请删除此行，或下载新表 · the finding has moved on since the sheet was sent"


def read_return(path: Path, *, name: str = "", people: str = "", on: date | None = None) -> Returned:
    """Reads the file in the confined child. `people` and `on` stand in for what the sheet does not say. Raises Refused."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        with read_rows(path) as rows:
            pages = [list(group) for _sheet, group in groupby(rows, key=lambda row: row.sheet)]
            table, others = _tables(pages)
            facts = _facts([*([table] if table else []), *(other for _kind, other in others)])
            found = Returned(name or path.name, people, on, facts.get("责任单位", ""), sha256=sha256)
            found.people = people or facts.get(PEOPLE, "")
            first = table or others[0][1]
            top = Row(first.sheet, max(first.header_row - 1, 1), {})
            _answered_on(found, facts.get(ON, ""), top)
            for row in table or ():
                found.rows += 1
                found.answers.append(read_answer(row))
            said = {PEOPLE: found.people, ON: found.on.isoformat() if found.on else ""}
            for kind, other in others:
                _read_owed(found, kind, other, said)
    except SheetRefused as refused:
        raise Refused("sheet-refused", f"{refused.message} · {refused.english}") from refused
    if not found.people:
        found.problems.append(top.problem(PEOPLE, "请填写填报人 · say who in the unit answered"))
    return found


def _tables(pages: list[list[RawRow]]) -> tuple[Table | None, list[tuple[Owed, Table]]]:
    """The table of problems, and those of what else is owed, each on a sheet of its own. Raises Refused, SheetRefused."""
    table, others = None, []
    for page in pages:
        own = _table(page, COLUMNS)
        if own is not None and table is None:
            table = own
            continue
        kind = next((kind for kind in KINDS_OWED if _table(page, kind.register.book.columns)), None)
        if own is None and kind is not None:
            others.append((kind, find_table(page, kind.register.book.columns)))
    if table is None and not others:
        lacking = find_table(chain.from_iterable(pages), COLUMNS)
        names = "、".join(column.titles[0] for column in lacking.missing)
        raise Refused("columns-missing", "工作表“%(sheet)s”缺少栏目:%(names)s", sheet=lacking.sheet, names=names)
    return table, others


def _table(page: list[RawRow], columns: Sequence[Column]) -> Table | None:
    """The sheet as this table; None where it is none."""
    try:
        found = find_table(page, columns)
    except SheetRefused as refused:
        if refused.code != "no_header":
            raise
        return None
    return None if found.missing else found


def _facts(tables: list[Table]) -> dict[str, str]:
    """What stands above the tables: filled in on one of them it holds for all."""
    found: dict[str, str] = {}
    for table in tables:
        for key, text in table.facts.items():
            found[key] = found.get(key) or text.strip()
    return found


def _read_owed(found: Returned, kind: Owed, table: Table, facts: dict[str, str]) -> None:
    """The rows in which the unit has answered something; each must be ours, once, and what it was."""
    rows: list[Row] = []
    ids: dict[int, OwedId] = {}
    seen: dict[str, int] = {}
    for row in table:
        found.rows += 1
        if not any(row.cells[key].text for key in kind.answers if key in row.cells):
            continue
        known = told(row.cells[key].text if key in row.cells else "" for key in kind.known)
        identity = OwedId.parse(row.row_id, known)
        twice = seen.setdefault(row.row_id, row.number)
        if identity is None or identity.kind != kind.key:
            found.problems.append(row.problem(kind.register.main, UNKNOWN))
        elif twice != row.number:
            found.problems.append(row.problem(kind.register.main, TWICE % {"row": twice}))
        else:
            rows.append(row)
            ids[row.number] = identity
    if not rows:
        return
    sheet = of_rows(rows, kind.register, facts, found.sha256)
    for line in sheet.lines:
        line.texts["of"] = str(ids[line.row.number].uid)
    found.more.append(sheet)


def _answered_on(found: Returned, said: str, top: Row) -> None:
    if found.on is None:
        try:
            found.on = parse_date(said)
        except ValueError as error:
            found.problems.append(top.problem(ON, f"请填写填报日期：{error} · say when the unit answered"))
    if found.on and found.on > today():
        found.problems.append(top.problem(ON, "日期晚于今天 · later than today"))


def judge_return(viewer: Viewer, found: Returned) -> Returned:
    """What taking the sheet would do, as the records are now. Raises Refused for who may not report for a unit."""
    for sheet in found.more:
        found.problems += books.judge(viewer, sheet).problems
    if found.answers and not guard.allow(viewer, "report", Finding):
        raise Refused("not-allowed", "您没有“报进展”的权限")
    found.problems += [problem for answer in found.answers for problem in answer.problems]
    found.groups = _grouped(found)
    for group in found.groups:
        _judge(viewer, group, found)
    return found


def _grouped(found: Returned) -> list[Group]:
    """The rows by finding. Foreign and doubled rows become problems."""
    ids = {answer: parse(answer.row.row_id) for answer in found.answers}
    uids = {identity.finding for identity in ids.values() if identity}
    known = {row.uid: row for row in Finding.objects.filter(uid__in=uids).select_related("subject")}
    groups: dict[int, Group] = {}
    seen: dict[str, int] = {}
    for answer, identity in ids.items():
        finding = known.get(identity.finding) if identity else None
        reason = _why_not(answer, finding, seen)
        seen.setdefault(answer.row.row_id, answer.row.number)
        if reason or finding is None or identity is None:
            found.problems.append(answer.row.problem("code", reason))
            continue
        answer.issued = identity
        groups.setdefault(finding.pk, Group(finding, [])).answers.append(answer)
    for measure in Measure.objects.filter(finding_id__in=groups).order_by("pk"):
        groups[measure.finding_id].measures[measure.pk] = measure
    return list(groups.values())


def _why_not(answer: Answer, finding: Finding | None, seen: dict[str, int]) -> str:
    if finding is None:
        return UNKNOWN
    if answer.code != finding.code:
        return MIXED
    if answer.row.row_id in seen:
        return TWICE % {"row": seen[answer.row.row_id]}
    return ""


def _judge(viewer: Viewer, group: Group, found: Returned) -> None:
    """The acts that bring the record to what the rows say, and whether they may still be done."""
    _compare(group, found.people)
    if not group.cells:
        return
    first, state = group.answers[0].row, State(group.finding.state)
    group.has_moved = any(answer.steps != group.finding.step_count for answer in group.answers) or state not in ASKING
    if group.has_moved:
        found.problems.append(first.problem("code", MOVED))
        return
    group.acts = _acts(group)
    found.problems += check_group(viewer, group, found.on)


def _compare(group: Group, people: str) -> None:
    """(title, record, sheet) for each cell that says something new."""
    finding = group.finding
    group.cells += [("新增整改措施", "", text) for text in group.fresh]
    group.cells += [("新增措施时限", "", str(group.terms[text])) for text in group.fresh if text in group.terms]
    for answer, measure, percent, result in group.progressed():
        old = (measure.progress_percent, measure.result) if measure else BEGINNING[:2]
        group.cells.append(("进展(%)", str(old[0]), str(percent)))
        group.cells.append(("结果", _word(old[1]), _word(result)))
        if answer.done_anew:
            group.cells.append(("完成日期", str(measure.done_on or "") if measure else "", str(answer.done_on)))
    group.cells += [("责任人", finding.rectifier_name, name) for name in group.rectifiers]
    if group.note and not Step.objects.filter(finding=finding, note=group.note, by_name=people).exists():
        group.cells.append(("整改情况和佐证说明", "", group.note))
    if group.applies and not _has_applied(group):
        group.cells.append(("申请销号", "否", "是"))
    group.cells = [cell for cell in group.cells if cell[1] != cell[2]]


def _word(result: str) -> str:
    return as_recorded(Measure.Result(result).label)


def _has_applied(group: Group) -> bool:
    """Whether the unit has applied since the sheet was written."""
    since = min(answer.steps for answer in group.answers)
    return Step.objects.filter(finding=group.finding, verb=Verb.APPLY, seq__gt=since).exists()


def _acts(group: Group) -> list[Verb]:
    """签收 where it was not received yet, 报方案 for new measures, 报进展, 申请销号; 更正 for the person alone."""
    said = {title for title, _, _ in group.cells}
    acts = []
    if group.finding.state == State.ASSIGNED:
        acts.append(Verb.RECEIVE)
    if "新增整改措施" in said:
        acts.append(Verb.PLAN)
    applies = "申请销号" in said
    if said & {"进展(%)", "结果", "完成日期"} or ("整改情况和佐证说明" in said and not applies):
        acts.append(Verb.PROGRESS)
    if applies:
        acts.append(Verb.APPLY)
    if "责任人" in said and not {Verb.RECEIVE, Verb.APPLY} & set(acts):
        acts.append(Verb.CORRECT)
    return acts
