"""A sheet in: preview, then all of it or nothing. The preview does every row and takes all of it back.

So a preview says just what the acts of the register would say, also where one row rests on another (a unit under one
that the same sheet brings). The same file again changes nothing. And an empty sheet out.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from jiandu.base.audit.services import record
from jiandu.base.books.lines import Book, Line, filled, read_line
from jiandu.base.books.taking import CellRefused, Register, Taken
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import OutColumn, Plan, write_xlsx
from jiandu.base.core.sheets.errors import CellProblem, SheetRefused
from jiandu.base.core.sheets.layout import Row, Table, find_table
from jiandu.base.core.sheets.limits import Limits
from jiandu.base.core.sheets.reader import read_rows

SHOWN = 200
ORDER = ("conflict", "update", "create", "unchanged")
Tell = Callable[[int, int], None]


@dataclass
class Sheet:
    """What a file says and what it would do, or did. `problems` not empty: nothing is done.

    `ignored` are titles that no column wants, `skipped` the numbers of rows that are totals or footers.
    """

    register: Register
    sha256: str
    lines: list[Line]
    ignored: list[str]
    problems: list[CellProblem] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    taken: list[tuple[Line, Taken]] = field(default_factory=list)


def read(source: Path | bytes, register: Register, *, limits: Limits | None = None) -> Sheet:
    """Reads the file in the confined child; bytes lie on no disk. Raises Refused for what cannot be trusted or has no such table,
    or has it on several sheets, of which but one would be read.
    """
    wanted = register.book
    try:
        with read_rows(source, limits=limits or register.limits) as rows:
            table = find_table(rows, wanted.columns)
            _check_header(table)
            lines = _lines(table, wanted)
            check_others(table)
            ignored = [title for _letter, title in table.unknown if title != "序号"]
    except SheetRefused as refused:
        raise Refused("sheet-refused", f"{refused.message} · {refused.english}") from refused
    problems = [problem for line in lines for problem in line.problems]
    return Sheet(register, _sha256(source), lines, ignored, problems, [row.number for row in table.skipped])


def _sha256(source: Path | bytes) -> str:
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_rows(rows: Iterable[Row], register: Register, facts: Mapping[str, str], sha256: str) -> Sheet:
    """The sheet of rows that somebody else has found in a workbook of several tables."""
    lines = [read_line(filled(row, None, register.book, facts), register.book) for row in rows]
    return Sheet(register, sha256, lines, [], [problem for line in lines for problem in line.problems])


def _lines(table: Table, book: Book) -> list[Line]:
    lines: list[Line] = []
    for row in table:
        above = lines[-1].row if lines else None
        lines.append(read_line(filled(row, above, book, table.facts), book))
    return lines


def _check_header(table: Table) -> None:
    if table.missing:
        names = "、".join(column.titles[0] for column in table.missing)
        raise Refused("columns-missing", "工作表“%(sheet)s”缺少栏目:%(names)s", sheet=table.sheet, names=names)


def check_others(table: Table) -> None:
    """After its rows were read: raises Refused where later sheets have the same header, for they would be left out."""
    if table.also:
        names = "、".join(table.also)
        raise Refused(
            "sheets-several", "工作表“%(names)s”也是这张表，请并入“%(sheet)s”或删去", names=names, sheet=table.sheet
        )


def judge(viewer: Viewer, sheet: Sheet, *, tell: Tell = lambda _done, _total: None) -> Sheet:
    """What taking the sheet in would do, as things are now. Raises Refused for who may not."""
    if sheet.register.look is not None:
        _look_at(viewer, sheet, sheet.register.look, tell)
        return sheet
    with transaction.atomic():
        _take_all(viewer, sheet, tell)
        transaction.set_rollback(True)
    return sheet


def commit(viewer: Viewer, sheet: Sheet, *, digest: str, tell: Tell = lambda _done, _total: None) -> Sheet:
    """Does what was looked at, in the caller's transaction: all of it or nothing."""
    if sheet.register.look is not None:
        _take_many(viewer, sheet, sheet.register.take, tell)
    else:
        _take_all(viewer, sheet, tell)
    if sheet.problems:
        raise Refused("import-has-errors", "文件有错误,未导入任何内容")
    if digest_of(sheet) != digest:
        raise Refused("preview-stale", "预览之后记录有变化,请重新预览后再导入")
    register = sheet.register
    payload = {"book": register.book.key, "sha256": sheet.sha256, **counts_of(sheet)}
    record(viewer, f"{register.log}.import", None, payload=payload)
    return sheet


def _take_all(viewer: Viewer, sheet: Sheet, tell: Tell) -> None:
    register = sheet.register
    if not guard.allow(viewer, register.verb, register.model):
        raise Refused("not-allowed", register.denied)
    done = 0
    for lines in _together(sheet):
        done += len(lines)
        tell(done, len(sheet.lines))
        if any(line.problems for line in lines):
            continue
        try:
            with transaction.atomic():
                sheet.taken += zip(lines, register.take(lines, viewer), strict=True)
        except Refused as refused:
            key, line = register.main, None
            if isinstance(refused, CellRefused):
                key, line = refused.key, refused.line
            sheet.problems.append((line or lines[0]).row.problem(key, _said(refused)))
    sheet.problems.sort(key=lambda problem: (problem.row, problem.column))


def _look_at(viewer: Viewer, sheet: Sheet, look: Callable[[list[Line], Viewer], list[Taken]], tell: Tell) -> None:
    """All lines at once; of a register of single rows what is wrong with those that can be read is told beside the others."""
    if not (sheet.problems and sheet.register.is_of_rows):
        return _take_many(viewer, sheet, look, tell)
    if not guard.allow(viewer, sheet.register.verb, sheet.register.model):
        raise Refused("not-allowed", sheet.register.denied)
    look([line for line in sheet.lines if not line.problems], viewer)
    sheet.problems = _problems_of(sheet)
    tell(len(sheet.lines), len(sheet.lines))
    return None


def _problems_of(sheet: Sheet) -> list[CellProblem]:
    found = [problem for line in sheet.lines for problem in line.problems]
    return sorted(found, key=lambda problem: (problem.row, problem.column))


def _take_many(viewer: Viewer, sheet: Sheet, take: Callable[[list[Line], Viewer], list[Taken]], tell: Tell) -> None:
    """All lines at once; nothing is asked of the records while a line cannot be read."""
    register = sheet.register
    if not guard.allow(viewer, register.verb, register.model):
        raise Refused("not-allowed", register.denied)
    if not sheet.problems:
        sheet.taken = list(zip(sheet.lines, take(sheet.lines, viewer), strict=True))
        sheet.problems = _problems_of(sheet)
    tell(len(sheet.lines), len(sheet.lines))


def _together(sheet: Sheet) -> list[list[Line]]:
    """The lines in their order, those that tell one thing side by side."""
    register, found = sheet.register, dict[Any, list[Line]]()
    for line in register.order(sheet.lines):
        found.setdefault(register.together(line) if register.together else id(line), []).append(line)
    return list(found.values())


def _said(refused: Refused) -> str:
    sentence = _(str(refused.args[1]))
    return sentence % refused.details if refused.details else sentence


def counts_of(sheet: Sheet) -> dict[str, int]:
    """How many rows of each act."""
    found = Counter(taken.act for _, taken in sheet.taken)
    return {act: found[act] for act in ORDER}


def digest_of(sheet: Sheet) -> str:
    """Equal for sheets that would do the same."""
    does = [sheet.sha256, [(line.row.number, taken.act, taken.cells) for line, taken in sheet.taken]]
    return hashlib.sha256(json.dumps(does, ensure_ascii=False).encode()).hexdigest()


def for_page(sheet: Sheet) -> dict[str, Any]:
    """For the preview and for what was done: counts, the first rows of each kind, problems."""
    rows = sorted(sheet.taken, key=lambda each: (ORDER.index(each[1].act), each[0].row.number))
    return {
        "book": sheet.register.book.key,
        "label": str(sheet.register.book.label),
        "rows": len(sheet.lines),
        "counts": {**counts_of(sheet), "error": len(sheet.problems)},
        "shown": [_row(sheet.register.book, line, taken) for line, taken in islice(rows, SHOWN)],
        "problems": [problem.as_dict() for problem in sheet.problems[:SHOWN]],
        "ignored": sheet.ignored,
        "skipped": sheet.skipped,
        "digest": digest_of(sheet),
    }


def _row(book: Book, line: Line, taken: Taken) -> dict[str, Any]:
    texts = [cell.text for cell in list(line.row.cells.values())[:4] if cell.text]
    cells = [[book.title(key), old, new] for key, old, new in taken.cells]
    left = [line.row.problem(key, reason).as_dict() for key, reason in taken.left]
    return {"act": taken.act, "row": line.row.number, "text": " · ".join(texts), "cells": cells, "left": left}


def columns_of(book: Book) -> list[OutColumn]:
    """The columns of the register as it leaves: those that it is taken in by."""
    return [OutColumn(column.titles[0], "date" if column.key in book.days else "text") for column in book.columns]


def write_empty(book: Book, out: BinaryIO) -> None:
    """An empty sheet of the kind, with an example row."""
    write_begun(
        book, [book.example], out, note=_("带 * 的栏目必填；示例行填写前请删去；电话等个人信息不必填写，系统不保存")
    )


def write_begun(book: Book, rows: Iterable[Sequence[str]], out: BinaryIO, *, note: str) -> None:
    """A sheet of the kind with rows to go on with."""
    notes = [note]
    notes += [str(note) for note in book.notes]
    notes += [f"{book.title(key)}：{'、'.join(words)}" for key, words in book.words.items()]
    titles = [f"{column.titles[0]}{'*' if column.required else ''}" for column in book.columns]
    plan = Plan(title=str(book.label), columns=[OutColumn(title) for title in titles], notes=notes)
    write_xlsx(out, plan, rows)
