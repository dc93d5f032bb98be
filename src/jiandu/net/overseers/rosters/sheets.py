"""A roster sheet in: preview, then all of it or nothing. The preview does every row and takes all of it back.

So a preview says just what the directory's own acts would say, also where one row rests on another (a unit under one
that the same sheet brings). The same file again changes nothing.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import OutColumn, Plan, write_xlsx
from jiandu.base.core.sheets.errors import CellProblem, SheetRefused
from jiandu.base.core.sheets.layout import Table, find_table
from jiandu.base.core.sheets.limits import SMALL
from jiandu.base.core.sheets.reader import read_rows
from jiandu.net.overseers.rosters.books import BOOKS, Book, Line, read_line
from jiandu.net.overseers.rosters.taking import TAKES, CellRefused, Taken
from jiandu.net.subjects.models import Organisation

SHOWN = 200
ORDER = ("conflict", "update", "create", "unchanged")
Tell = Callable[[int, int], None]


@dataclass
class Roster:
    """What a file says and what it would do, or did. `problems` not empty: nothing is done."""

    book: Book
    sha256: str
    lines: list[Line]
    ignored: list[str]
    problems: list[CellProblem] = field(default_factory=list)
    taken: list[tuple[Line, Taken]] = field(default_factory=list)


def read(path: Path, *, book: str) -> Roster:
    """Reads the file in the confined child. Raises Refused for one that cannot be trusted or has no such table."""
    wanted = BOOKS[book]
    try:
        with read_rows(path, limits=SMALL) as rows:
            table = find_table(rows, wanted.columns)
            _check_header(table)
            lines = [read_line(row, wanted) for row in table]
            ignored = [title for _letter, title in table.unknown if title != "序号"]
    except SheetRefused as refused:
        raise Refused("sheet-refused", f"{refused.message} · {refused.english}") from refused
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    problems = [problem for line in lines for problem in line.problems]
    return Roster(wanted, sha256, lines, ignored, problems)


def _check_header(table: Table) -> None:
    if table.missing:
        names = "、".join(column.titles[0] for column in table.missing)
        raise Refused("columns-missing", "工作表“%(sheet)s”缺少栏目:%(names)s", sheet=table.sheet, names=names)


def judge(viewer: Viewer, roster: Roster, *, tell: Tell = lambda _done, _total: None) -> Roster:
    """What taking the sheet in would do, as the directory is now. Raises Refused for who does not keep it."""
    with transaction.atomic():
        _take_all(viewer, roster, tell)
        transaction.set_rollback(True)
    return roster


def commit(viewer: Viewer, roster: Roster, *, digest: str, tell: Tell = lambda _done, _total: None) -> Roster:
    """Does what was looked at, in the caller's transaction: all of it or nothing."""
    _take_all(viewer, roster, tell)
    if roster.problems:
        raise Refused("import-has-errors", "文件有错误,未导入任何内容")
    if digest_of(roster) != digest:
        raise Refused("preview-stale", "预览之后记录有变化,请重新预览后再导入")
    payload = {"book": roster.book.key, "sha256": roster.sha256, **counts_of(roster)}
    record(viewer, "roster.import", None, payload=payload)
    return roster


def _take_all(viewer: Viewer, roster: Roster, tell: Tell) -> None:
    if not guard.allow(viewer, "edit", Organisation):
        raise Refused("not-allowed", "您没有维护单位档案的权限")
    take, main = TAKES[roster.book.key]
    for number, line in enumerate(_in_order(roster.lines), start=1):
        tell(number, len(roster.lines))
        if line.problems:
            continue
        try:
            with transaction.atomic():
                roster.taken.append((line, take(line, viewer)))
        except Refused as refused:
            key = refused.key if isinstance(refused, CellRefused) else main
            roster.problems.append(line.row.problem(key, _said(refused)))
    roster.problems.sort(key=lambda problem: (problem.row, problem.column))


def _said(refused: Refused) -> str:
    sentence = _(str(refused.args[1]))
    return sentence % refused.details if refused.details else sentence


def _in_order(lines: list[Line]) -> Iterator[Line]:
    """A unit comes after the one it stands under, wherever the sheet has them."""
    waiting = {line.text("name") for line in lines}
    left = list(lines)
    while left:
        ready = [
            line for line in left if line.text("parent") not in waiting or line.text("parent") == line.text("name")
        ]
        ready = ready or left  # a circle: the services say so
        yield from ready
        done = {id(line) for line in ready}
        left = [line for line in left if id(line) not in done]
        waiting = {line.text("name") for line in left}


def counts_of(roster: Roster) -> dict[str, int]:
    """How many rows of each act."""
    found = Counter(taken.act for _, taken in roster.taken)
    return {act: found[act] for act in ORDER}


def digest_of(roster: Roster) -> str:
    """Equal for sheets that would do the same."""
    does = [roster.sha256, [(line.row.number, taken.act, taken.cells) for line, taken in roster.taken]]
    return hashlib.sha256(json.dumps(does, ensure_ascii=False).encode()).hexdigest()


def for_page(roster: Roster) -> dict[str, Any]:
    """For the preview and for what was done: counts, the first rows of each kind, problems."""
    rows = sorted(roster.taken, key=lambda each: (ORDER.index(each[1].act), each[0].row.number))
    return {
        "book": roster.book.key,
        "label": str(roster.book.label),
        "rows": len(roster.lines),
        "counts": {**counts_of(roster), "error": len(roster.problems)},
        "shown": [_row(roster.book, line, taken) for line, taken in islice(rows, SHOWN)],
        "problems": [problem.as_dict() for problem in roster.problems[:SHOWN]],
        "ignored": roster.ignored,
        "digest": digest_of(roster),
    }


def _row(book: Book, line: Line, taken: Taken) -> dict[str, Any]:
    texts = [cell.text for cell in list(line.row.cells.values())[:4] if cell.text]
    cells = [[book.title(key), old, new] for key, old, new in taken.cells]
    return {"act": taken.act, "row": line.row.number, "text": " · ".join(texts), "cells": cells}


def write_empty(book: Book, out: BinaryIO) -> None:
    """An empty sheet of the kind, with an example row."""
    notes = [_("带 * 的栏目必填；示例行填写前请删去；电话等个人信息不必填写，系统不保存")]
    notes += [f"{book.title(key)}：{'、'.join(words)}" for key, words in book.words.items()]
    titles = [f"{column.titles[0]}{'*' if column.required else ''}" for column in book.columns]
    plan = Plan(title=str(book.label), columns=[OutColumn(title) for title in titles], notes=notes)
    write_xlsx(out, plan, [book.example])
