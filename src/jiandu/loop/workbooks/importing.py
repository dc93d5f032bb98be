"""A ledger in: preview (create, update, unchanged, conflict, errors in place), then all of it or nothing.

A ledger comes in as recorded history. The same file again changes nothing. A row whose record has been worked on here
since is a conflict and is left alone. Rows never merge: repeats are proposals.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.errors import CellProblem, SheetRefused
from jiandu.base.core.sheets.layout import Table, find_table
from jiandu.base.core.sheets.limits import LARGE
from jiandu.base.core.sheets.reader import read_rows
from jiandu.loop.findings.models import Finding
from jiandu.loop.workbooks.columns import COLUMNS, TITLES
from jiandu.loop.workbooks.comparing import compare
from jiandu.loop.workbooks.places import Places, find_places
from jiandu.loop.workbooks.reading import Line, read_line
from jiandu.loop.workbooks.writing import create_missing_places, update_lines, write_lines

YEAR = re.compile(r"(20\d\d)\s*年度?")
SHOWN = 200


@dataclass
class Preview:
    """What an import would do. `problems` not empty: nothing will be done."""

    file: str
    sha256: str
    year: int
    lines: list[Line]
    places: Places
    create_missing: bool
    problems: list[CellProblem] = field(default_factory=list)
    create: list[Line] = field(default_factory=list)
    update: list[tuple[Line, Finding, dict[str, tuple[str, str]]]] = field(default_factory=list)
    unchanged: int = 0
    conflicts: list[tuple[Line, dict[str, tuple[str, str]]]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def as_dict(self, *, committed: bool) -> dict[str, Any]:
        """For --json and the preview page."""
        missing = self.places.missing
        return {
            "file": self.file,
            "sha256": self.sha256,
            "committed": committed,
            "rows": len(self.lines),
            "create": len(self.create),
            "update": [_changes(line, changed) for line, _, changed in self.update[:SHOWN]],
            "update_count": len(self.update),
            "unchanged": self.unchanged,
            "conflict": [_changes(line, changed) for line, changed in self.conflicts],
            "missing": {name: sorted(getattr(missing, name)) for name in ("offices", "bodies", "units", "projects")},
            "warnings": self.warnings,
            "ignored_columns": self.ignored,
        }

    def words(self, *, committed: bool) -> list[str]:
        """For the terminal."""
        head = "已导入 · imported" if committed else "预览,未写入 · preview, nothing written"
        missing = self.places.missing
        lines = [
            f"{head}: 新增 {len(self.create)}, 更新 {len(self.update)}, 不变 {self.unchanged}, 冲突 {len(self.conflicts)}",
        ]
        for title, names in (
            ("机构", missing.offices | missing.bodies),
            ("单位", missing.units),
            ("项目", missing.projects),
        ):
            if names:
                verb = "将新建" if self.create_missing else "未登记"
                lines.append(f"{verb}{title} {len(names)}: {'、'.join(sorted(names)[:20])}")
        return lines + self.warnings[:SHOWN]


def _changes(line: Line, changed: dict[str, tuple[str, str]]) -> dict[str, Any]:
    cells = {TITLES.get(key, key): {"file": new, "record": old} for key, (old, new) in changed.items()}
    return {"sheet": line.sheet, "row": line.number, "code": line.text("code"), "cells": cells}


def preview(viewer: Viewer, path: Path, *, create_missing: bool = False) -> Preview:
    """Reads the file in the confined child and compares it with the records. Raises Refused for a file it cannot trust."""
    if not guard.allow(viewer, "import", Finding):
        raise Refused("not-allowed", "您没有“导入”的权限")
    try:
        with read_rows(path, limits=LARGE) as rows:
            table = find_table(rows, COLUMNS)
            _check_header(table)
            letters = {key: place.letter for key, place in table.placed.items()}
            lines = [read_line(row, letters) for row in table]
            ignored = [title for _, title in table.unknown if title != "序号"]
            year = _year_of(table, lines)
    except SheetRefused as refused:
        raise Refused("sheet-refused", f"{refused.message} · {refused.english}") from refused
    found = Preview(
        file=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        year=year,
        lines=lines,
        places=find_places(viewer, lines, year),
        create_missing=create_missing,
        ignored=ignored,
    )
    _judge(viewer, found)
    return found


def _check_header(table: Table) -> None:
    if table.missing:
        names = "、".join(column.titles[0] for column in table.missing)
        raise Refused("columns-missing", "工作表“%(sheet)s”缺少栏目:%(names)s", sheet=table.sheet, names=names)


def _year_of(table: Table, lines: list[Line]) -> int:
    """The year of the ledger: as its title says, else that of its first registration."""
    said = YEAR.search(table.title)
    days = [day for line in lines if (day := line.on("registered_on"))]
    return int(said[1]) if said else min(days, default=date.today()).year  # noqa: DTZ011 -- only for an empty sheet


def _judge(viewer: Viewer, found: Preview) -> None:
    found.problems = [problem for line in found.lines for problem in line.problems]
    found.problems += _doubles(found.lines)
    found.problems += found.places.unresolvable(found.lines)
    if found.problems:
        return
    for chunk in chunks(found.lines, 1000):
        for line, finding, changed, is_touched in compare(chunk, found.places):
            if finding is None:
                found.create.append(line)
            elif not changed:
                found.unchanged += 1
            elif is_touched:
                found.conflicts.append((line, changed))
            else:
                found.update.append((line, finding, changed))


def _doubles(lines: list[Line]) -> Iterator[CellProblem]:
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line.text("office"), line.text("code"))
        if key[1] and key in seen:
            reason = f"编号与第{seen[key]}行重复 · the number stands in row {seen[key]} already"
            yield CellProblem(line.sheet, line.number, line.columns.get("code", ""), TITLES["code"], key[1], reason)
        seen.setdefault(key, line.number)


def chunks(lines: list[Line], size: int) -> Iterator[list[Line]]:
    stream = iter(lines)
    while chunk := list(islice(stream, size)):
        yield chunk


def commit(viewer: Viewer, found: Preview) -> Preview:
    """Writes what the preview said, in the caller's transaction: all of it or nothing. One act in the log."""
    if not found.create_missing:
        found.problems += found.places.unregistered(found.lines)
    if found.problems:
        raise Refused("import-has-errors", "文件有错误,未导入任何内容")
    if found.create_missing:
        create_missing_places(viewer, found.places, found.lines, found.year)
    breaches = write_lines(viewer, found.create, found.places)
    breaches += update_lines(viewer, found.update, found.places)
    found.warnings = breaches
    payload = {
        "file": found.file,
        "sha256": found.sha256,
        "create": len(found.create),
        "update": len(found.update),
        "conflict": len(found.conflicts),
        "warnings": len(breaches),
    }
    record(viewer, "finding.import", None, payload=payload)
    return found
