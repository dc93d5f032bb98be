"""村居检查清单表 in and out: a row an item that an inspection answers; a problem goes into the ledger on the day that is said."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.loop.grassroots.models import Answer, ChecklistItem, Inspection
from jiandu.loop.grassroots.selectors import answers_known, checks, inspections_asked, items_asked
from jiandu.loop.grassroots.services.checks import NewInspection, answer_all, inspect, take_problem
from jiandu.net.access.cells import needed, unit_of
from jiandu.sources.activities.models import Activity

NUMBER = re.compile(r"^第?(\d{1,4})[项.、]?$")
RESULTS = {"正常": "normal", "发现问题": "problem", "有问题": "problem", "不涉及": "not_applicable"}
OF_INSPECTION = ("inspectors", "general")
BOOK = Book(
    "inspections",
    _("村居检查清单表"),
    (
        Column("check", ("检查编号", "检查", "检查名称"), required=True),
        Column("village", ("村居", "被检查村居", "村（居）", "被检查单位"), required=True),
        Column("on", ("检查日期", "检查时间"), required=True),
        Column("item", ("事项序号", "清单序号")),
        Column("matter", ("监督事项", "检查事项")),
        Column("result", ("检查结果", "结果")),
        Column("note", ("问题情况", "情况")),
        Column("entered", ("转入问题台账日期", "问题登记日期")),
        Column("inspectors", ("检查人员", "检查人")),
        Column("general", ("检查情况", "总体情况")),
    ),
    ("JC2022-01", "某某村", "2022-05-10", "15", "", "发现问题", "坐支租金3000元", "2022-05-11", "王二、李三", ""),
    {"result": RESULTS},
    days=frozenset({"on", "entered"}),
    past=frozenset({"on", "entered"}),
    carried=("check", "village", "on", "inspectors", "general"),
    notes=(
        _("一项一行；同一检查、同一村居、同一天的各行是一次检查。没有清单的检查一次一行，不填事项"),
        _("发现问题的写明问题情况；填写转入问题台账日期的，按该日登记为问题"),
    ),
    most={"inspectors": 200, "note": 500},
)


def take_inspection(lines: list[Line], by: Viewer) -> list[Taken]:
    """An inspection with its answers: entered, or the known one answered further. What became a finding is fixed."""
    head = lines[0]
    _agree(lines)
    activity = _check(head, by)
    village = unit_of(head, "village", by, on=head.day("on"))
    items = items_asked(by, [activity])[activity.pk]
    asked = [_item(line, items) for line in lines]
    _once(lines, asked)
    standing = Inspection.objects.filter(activity=activity, on=head.day("on"), withdrawn_on__isnull=True)
    row = standing.filter(organisation=village).first()
    if row is None:
        needed(head, "inspectors")
        new = NewInspection(village, head.day("on"), head.text("inspectors"), head.text("general"))
        with at("village", head):
            row = inspect(activity=activity, by=by, new=new)
        _answer(lines, asked, row, {}, by)
        return [Taken("create")] * len(lines)
    fixed = _fixed(head, row)
    if fixed:
        return [Taken("conflict", fixed)] * len(lines)
    return _answer(lines, asked, row, {one.item_id: one for one in answers_known(by, [row])[row.pk]}, by)


def _agree(lines: list[Line]) -> None:
    for line in lines[1:]:
        for key in OF_INSPECTION:
            if line.text(key) not in {"", lines[0].text(key)}:
                raise CellRefused(key, Refused("rows-differ", _("与同一次检查的上一行不同")), line)


def _check(head: Line, by: Viewer) -> Activity:
    """The check of that number or name, which the importer may edit."""
    said = head.text("check")
    found = list(checks(by).filter(Q(code=said) | Q(name=said))[:2])
    with at("check", head):
        if len(found) != 1:
            raise Refused("no-check", _("没有编号或名称为“%(name)s”的检查，或有几个"), name=said)
        if not guard.allow(by, "edit", found[0]):
            raise Refused("not-allowed", _("您没有办理该检查的权限"))
    return found[0]


def _item(line: Line, items: list[ChecklistItem]) -> ChecklistItem | None:
    """The item that the row answers, by its number, else by its words; none for a row of the inspection alone."""
    said, matter = line.text("item"), line.text("matter")
    key = "item" if said or not matter else "matter"
    if not said and not matter:
        if line.says("result") or line.says("note") or line.says("entered"):
            needed(line, "item")
        return None
    number = NUMBER.match(said)
    found = [one for one in items if (str(one.number) == number[1].lstrip("0") if number else one.matter == matter)]
    if len(found) != 1 or (said and not number):
        raise CellRefused(key, Refused("checklist-item", _("该检查的清单中没有这一项")), line)
    if matter and found[0].matter != matter:
        words = _("清单第%(number)d项是“%(matter)s”")
        raise CellRefused(
            "matter", Refused("checklist-item", words, number=found[0].number, matter=found[0].matter), line
        )
    return found[0]


def _once(lines: list[Line], asked: list[ChecklistItem | None]) -> None:
    """Each item once; a problem says what it is; only a problem goes into the ledger."""
    for number, (line, item) in enumerate(zip(lines, asked, strict=True)):
        if item is not None and item in asked[:number]:
            raise CellRefused("item", Refused("item-twice", _("同一次检查中重复")), line)
        if line.says("note") or line.says("entered"):
            needed(line, "result")
        if line.text("result") == Answer.Result.PROBLEM:
            needed(line, "note")
        elif line.says("entered"):
            raise CellRefused("entered", Refused("not-a-problem", _("只有发现问题的事项转入问题台账")), line)


def _fixed(head: Line, row: Inspection) -> tuple[tuple[str, str, str], ...]:
    """What differs of that which no sheet changes: who inspected, and how it looked on the whole."""
    held = {"inspectors": row.inspectors, "general": row.note}
    said = {key: head.text(key) for key in OF_INSPECTION}
    return tuple((key, held[key], said[key]) for key in held if said[key] and said[key].split() != held[key].split())


def _answer(
    lines: list[Line],
    asked: list[ChecklistItem | None],
    inspection: Inspection,
    known: dict[int, Answer],
    by: Viewer,
) -> list[Taken]:
    """The answers written that are new or differ, and the problems taken that the sheet takes."""
    taken = [
        _compared(line, known.get(item.pk) if item else None, item) for line, item in zip(lines, asked, strict=True)
    ]
    rows = [each for each in zip(lines, asked, taken, strict=True) if each[1] and each[2].act in {"create", "update"}]
    results = {item.number: line.text("result") for line, item, _taken in rows if item}
    notes = {item.number: line.text("note") for line, item, _taken in rows if item}
    if results:
        with at("result", lines[0]):
            answer_all(inspection=inspection, by=by, results=results, notes=notes)
    for line, item, _taken in rows:
        if item is not None and line.says("entered"):
            with at("entered", line):
                answer = Answer.objects.get(inspection=inspection, item=item)
                take_problem(answer=answer, by=by, on=line.day("entered"))
    return taken


def _compared(line: Line, held: Answer | None, item: ChecklistItem | None) -> Taken:
    if item is None or not line.text("result"):
        return Taken("unchanged")
    if held is None:
        return Taken("create")
    facts = {"result": held.result, "note": held.note}
    said = {"result": line.text("result"), "note": line.text("note")}
    cells = [
        (key, _text(key, facts[key]), _text(key, said[key])) for key in facts if said[key].split() != facts[key].split()
    ]
    if held.finding_id is not None:
        on = held.finding.registered_on if held.finding else None
        if line.says("entered") and on is not None and line.on("entered") != on:
            cells.append(("entered", str(on), str(line.on("entered"))))
        return Taken("conflict", tuple(cells)) if cells else Taken("unchanged")
    if line.says("entered"):
        cells.append(("entered", "", str(line.on("entered"))))
    return Taken("update", tuple(cells)) if cells else Taken("unchanged")


def _text(key: str, value: str) -> str:
    return BOOK.word(key, value) if key in BOOK.words and value else value


def together(line: Line) -> Any:
    """What the rows of one inspection have in common."""
    return line.text("check"), line.text("village"), line.on("on")


def rows_of(viewer: Viewer, works: Iterable[Activity]) -> Iterator[tuple[OutValue, ...]]:
    """The inspections of the checks as rows of the sheet: each item of the checklist, answered or still to be answered."""
    listed = list(works)
    items, inspections = items_asked(viewer, listed), inspections_asked(viewer, listed)
    answers = answers_known(viewer, [row for rows in inspections.values() for row in rows])
    for work in listed:
        for row in inspections[work.pk]:
            said = {answer.item_id: answer for answer in answers[row.pk]}
            begin = (work.code, row.organisation.name, row.on)
            rest = (row.inspectors, "\n".join(row.note.splitlines()))
            if not items[work.pk]:
                yield (*begin, "", "", "", "", None, *rest)
            for item in items[work.pk]:
                yield (*begin, str(item.number), item.matter, *_said(said.get(item.pk)), *rest)


def _said(answer: Answer | None) -> tuple[OutValue, ...]:
    if answer is None:
        return "", "", None
    on = answer.finding.registered_on if answer.finding else None
    return _text("result", answer.result), "\n".join(answer.note.splitlines()), on


INSPECTIONS = Register(
    BOOK,
    Activity,
    take_inspection,
    "village",
    "activity",
    verb="edit",
    together=together,
    denied=_("您没有登记村居检查的权限"),
)
