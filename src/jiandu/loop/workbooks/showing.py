"""A preview as plain values: what --json prints, what the terminal shows, and what the preview page needs to redraw itself."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext, override

from jiandu.base.books import sheets as books
from jiandu.base.core.sheets.errors import CellProblem
from jiandu.base.core.sheets.layout import Row, find_table
from jiandu.base.core.sheets.limits import LARGE
from jiandu.base.core.sheets.reader import read_rows
from jiandu.loop.workbooks.columns import COLUMNS, TITLES
from jiandu.loop.workbooks.comparing import Changed
from jiandu.loop.workbooks.importing import Preview
from jiandu.loop.workbooks.reading import Line
from jiandu.loop.workbooks.returned import Group, Returned
from jiandu.net.subjects.models import Organisation

SHOWN = 200
MARKED = 50
KINDS = ("offices", "bodies", "units", "projects")


def as_dict(found: Preview, *, committed: bool) -> dict[str, Any]:
    """For --json."""
    return {
        "file": found.file,
        "sha256": found.sha256,
        "committed": committed,
        "rows": len(found.lines),
        "create": len(found.create),
        "update": [_changes(each.line, each.cells) for each in found.update[:SHOWN]],
        "update_count": len(found.update),
        "unchanged": len(found.unchanged),
        "conflict": [_changes(line, changed) for line, changed in found.conflicts],
        "left": [cell.as_dict() | {"reason": in_both_languages(cell.reason)} for cell in found.left],
        "missing": missing(found),
        "warnings": found.warnings,
        "ignored_columns": found.ignored,
    }


def in_both_languages(reason: str) -> str:
    """A reason in Chinese and English, whatever the language of who asks."""
    with override("en"):
        return f"{reason} · {gettext(reason)}"


def missing(found: Preview) -> dict[str, list[str]]:
    """Names that the records do not know, by kind."""
    return {name: sorted(getattr(found.places.missing, name)) for name in KINDS}


def _changes(line: Line, changed: Changed) -> dict[str, Any]:
    cells = {TITLES.get(key, key): {"file": new, "record": old} for key, (old, new) in changed.items()}
    return {"sheet": line.sheet, "row": line.number, "code": line.text("code"), "cells": cells}


def words(found: Preview, *, committed: bool) -> list[str]:
    """For the terminal."""
    head = "已导入 · imported" if committed else "预览,未写入 · preview, nothing written"
    counts = (
        f"新增 {len(found.create)}, 更新 {len(found.update)}, 不变 {len(found.unchanged)}, 冲突 {len(found.conflicts)}"
    )
    said = found.places.missing
    lines = [f"{head}: {counts}"]
    for title, names in (("机构", said.offices | said.bodies), ("单位", said.units), ("项目", said.projects)):
        if names:
            verb = "将新建" if found.create_missing else "未登记"
            lines.append(f"{verb}{title} {len(names)}: {'、'.join(sorted(names)[:20])}")
    if found.left:
        lines.append(f"未写入的单元格 · cells not written: {len(found.left)}")
        lines += [
            f"  {cell.column}{cell.row} {cell.title} {cell.value}: {in_both_languages(cell.reason)}"
            for cell in found.left[:SHOWN]
        ]
    return lines + found.warnings[:SHOWN]


def digest(found: Preview) -> str:
    """Equal for previews that would do the same: what was looked at is what is done."""
    does = {
        "file": found.sha256,
        "create": [line.number for line in found.create],
        "update": [_changes(each.line, each.cells) for each in found.update],
        "left": [cell.as_dict() for cell in found.left],
        "conflict": [_changes(line, changed) for line, changed in found.conflicts],
        "missing": missing(found),
    }
    return hashlib.sha256(json.dumps(does, ensure_ascii=False).encode()).hexdigest()


def for_page(found: Preview, path: Path, warnings: list[str]) -> dict[str, Any]:
    """For the preview page: counts, the first rows of each kind, problems, rows with their wrong cells."""
    return {
        "rows": len(found.lines),
        "year": found.year,
        "counts": {
            "create": len(found.create),
            "update": len(found.update),
            "unchanged": len(found.unchanged),
            "conflict": len(found.conflicts),
            "error": len(found.problems),
        },
        "shown": [row for kind in _kinds(found) for row in islice(kind, SHOWN)],
        "problems": [problem.as_dict() for problem in found.problems[:SHOWN]],
        "marked": list(_marked(found.problems, path)),
        "missing": missing(found),
        "alike": _alike(found.places.missing.units),
        **noted(found, warnings),
        "ignored": found.ignored,
        "digest": digest(found),
    }


def noted(found: Preview, warnings: list[str]) -> dict[str, Any]:
    """The first warnings and how many there are; how many cells are left. All of them stand in the list that is downloaded."""
    return {"warnings": warnings[:SHOWN], "warning_count": len(warnings), "left_count": len(found.left)}


def _kinds(found: Preview) -> Iterator[Iterable[dict[str, Any]]]:
    """What would be done, what matters most first."""
    left: dict[int, list[CellProblem]] = {}
    for cell in found.left:
        left.setdefault(cell.row, []).append(cell)
    plain = [("create", found.create), ("unchanged", found.unchanged)]
    yield (_row("conflict", line, changed, left) for line, changed in found.conflicts)
    yield (_row("update", each.line, each.shown, left) for each in found.update)
    for act, lines in plain:
        first = sorted(lines, key=lambda line: line.number not in left)
        yield (_row(act, line, {}, left) for line in first)


def _row(act: str, line: Line, changed: Changed, left: dict[int, list[CellProblem]]) -> dict[str, Any]:
    return {
        "act": act,
        "row": line.number,
        "code": line.text("code"),
        "unit": line.text("subject"),
        "problem": line.text("problem"),
        "cells": [[TITLES.get(key, key), old, new] for key, (old, new) in changed.items()],
        "left": [cell.as_dict() for cell in left.get(line.number, [])],
    }


def _marked(problems: list[CellProblem], path: Path) -> Iterator[dict[str, Any]]:
    """The first rows with wrong cells as the sheet shows them: (letter, title, text, reasons) of each cell, in order."""
    wrong: dict[int, dict[str, list[str]]] = {}
    for problem in problems:
        wrong.setdefault(problem.row, {}).setdefault(problem.column, []).append(problem.reason)
    wanted = set(sorted(wrong)[:MARKED])
    if not wanted:
        return
    with read_rows(path, limits=LARGE) as rows:
        for row in find_table(rows, COLUMNS):
            if row.number in wanted:
                yield {"row": row.number, "cells": _cells(row, wrong[row.number])}
                wanted.discard(row.number)
            if not wanted:
                return


def _cells(row: Row, wrong: dict[str, list[str]]) -> list[list[Any]]:
    cells = sorted(row.cells.values(), key=lambda cell: (len(cell.column), cell.column))
    return [[cell.column, cell.title, cell.text, wrong.get(cell.column, [])] for cell in cells]


def _alike(names: set[str]) -> dict[str, str]:
    """The registered unit that a missing name may have meant."""
    if not names:
        return {}
    known = list(Organisation.objects.values_list("name", flat=True))
    close = {name: get_close_matches(name, known, n=1, cutoff=0.7) for name in sorted(names)[:SHOWN]}
    return {name: found[0] for name, found in close.items() if found}


def return_for_page(found: Returned) -> dict[str, Any]:
    """A unit sheet for its preview page: what each finding's rows do, what differs, what hinders."""
    wrong = {problem.row for problem in found.problems}
    return {
        "rows": found.rows,
        "unit": found.unit,
        "people": found.people,
        "on": found.on.isoformat() if found.on else "",
        "counts": {
            "act": sum(bool(group.acts) for group in found.groups) + found.counted("create") + found.counted("update"),
            "unchanged": sum(not group.cells for group in found.groups) + found.counted("unchanged"),
            "conflict": sum(group.has_moved for group in found.groups) + found.counted("conflict"),
            "error": len(found.problems),
        },
        "shown": [
            {**_group(group), "is_wrong": bool(wrong & {answer.row.number for answer in group.answers})}
            for group in sorted(found.groups, key=_weight)[:SHOWN]
        ],
        "more": [books.for_page(sheet) for sheet in found.more],
        "problems": [problem.as_dict() for problem in found.problems[:SHOWN]],
        "digest": return_digest(found),
    }


def _weight(group: Group) -> int:
    return 0 if group.has_moved else 1 if group.acts else 2


def _group(group: Group) -> dict[str, Any]:
    return {
        "row": group.answers[0].row.number,
        "code": group.finding.code,
        "problem": group.finding.listed,
        "has_moved": group.has_moved,
        "acts": [str(verb) for verb in group.acts],
        "cells": [list(cell) for cell in group.cells],
    }


def return_digest(found: Returned) -> str:
    """Equal for sheets that would do the same."""
    does = [found.sha256, found.people, str(found.on), [_group(group) for group in found.groups]]
    does += [books.digest_of(sheet) for sheet in found.more]
    return hashlib.sha256(json.dumps(does, ensure_ascii=False).encode()).hexdigest()
