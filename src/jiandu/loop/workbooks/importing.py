"""A ledger in: preview (create, update, unchanged, conflict, errors in place), then all of it or nothing.

A ledger comes in as recorded history. The same file again changes nothing. A row whose record has been worked on here
since is a conflict and is left alone. Rows never merge: repeats are proposals.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from jiandu.base.audit.selectors import follow, newest_seq
from jiandu.base.audit.services import record
from jiandu.base.books.sheets import check_others
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Place, Viewer
from jiandu.base.core.sheets.errors import CellProblem, SheetRefused
from jiandu.base.core.sheets.layout import Table, find_table
from jiandu.base.core.sheets.limits import LARGE
from jiandu.base.core.sheets.reader import read_rows
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.history import Ready, ready
from jiandu.loop.workbooks.columns import COLUMNS, TITLES
from jiandu.loop.workbooks.comparing import Changed, Compared, compare
from jiandu.loop.workbooks.places import Places, find_places, problem_at
from jiandu.loop.workbooks.reading import Line, read_line
from jiandu.loop.workbooks.telling import told_history
from jiandu.loop.workbooks.writing import create_missing_places, update_lines, write_lines

YEAR = re.compile(r"(20\d\d)\s*年度?")
OUTSIDE = "不在您的职责范围内,不能导入 · outside your area of responsibility"
IMPORTED = "finding.import"
MANY = frozenset({IMPORTED, "finding.sort", "finding.cells"})  # acts on many findings: their entries name none
APART = ("accounts.", "jobs.")  # acts on these change nothing that a ledger names
MOST_ACTS = 500
Tell = Callable[[int, int], None]


@dataclass
class Sheet:
    """What a file says, before anything is asked of the records."""

    file: str
    sha256: str
    year: int
    lines: list[Line]
    ignored: list[str] = field(default_factory=list)


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
    update: list[Compared] = field(default_factory=list)
    unchanged: list[Line] = field(default_factory=list)
    conflicts: list[tuple[Line, Changed]] = field(default_factory=list)
    left: list[CellProblem] = field(default_factory=list)  # cells that are not written, with the reason
    warnings: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    seen: int = 0  # the newest entry of the log when the records were looked at
    ready: list[Ready] = field(default_factory=list)  # of `create`, see `prepare`


def quiet(done: int, total: int) -> None:
    """Tells nobody how far it is."""


def read_sheet(path: Path, *, name: str = "", tell: Tell = quiet) -> Sheet:
    """Reads the file in the confined child. Raises Refused for a file that cannot be trusted or has no such table."""
    try:
        with read_rows(path, limits=LARGE) as rows:
            table = find_table(rows, COLUMNS)
            _check_header(table)
            letters = {key: place.letter for key, place in table.placed.items()}
            lines = []
            for row in table:
                lines.append(read_line(row, letters))
                tell(len(lines), 0)
            check_others(table)
            ignored = [title for _, title in table.unknown if title != "序号"]
    except SheetRefused as refused:
        raise Refused("sheet-refused", f"{refused.message} · {refused.english}") from refused
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Sheet(name or path.name, sha256, _year_of(table, lines), lines, ignored)


def preview(viewer: Viewer, path: Path, *, create_missing: bool = False) -> Preview:
    """Reads the file and compares it with the records."""
    return judge(viewer, read_sheet(path), create_missing=create_missing)


def judge(viewer: Viewer, sheet: Sheet, *, create_missing: bool = False) -> Preview:
    """What importing the sheet would do, as the records are now. Raises Refused for who may not import."""
    if not guard.allow(viewer, "import", Finding):
        raise Refused("not-allowed", "您没有“导入”的权限")
    found = Preview(
        file=sheet.file,
        sha256=sheet.sha256,
        year=sheet.year,
        lines=sheet.lines,
        seen=newest_seq(),  # before anything is looked up
        places=find_places(viewer, sheet.lines, sheet.year),
        create_missing=create_missing,
        ignored=sheet.ignored,
    )
    _judge(viewer, found)
    return found


def prepare(found: Preview) -> Preview:
    """Works out what needs no record, so that `commit` holds the writer no longer than it writes."""
    if not found.problems:
        found.ready = [ready(told_history(line, found.places)) for line in found.create]
    return found


def still(viewer: Viewer, found: Preview) -> Preview:
    """The preview, judged again if the log tells of an act since that may have changed what it says."""
    if not _may_differ(found):
        return found
    said = Sheet(found.file, found.sha256, found.year, found.lines, found.ignored)
    return prepare(judge(viewer, said, create_missing=found.create_missing))


def _may_differ(found: Preview) -> bool:
    """New findings of others do not count: a number given twice is refused by the database, repeats are sought later."""
    has_records = len(found.create) < len(found.lines)
    apart = APART if has_records else (*APART, "findings.")
    since = follow(found.seen, limit=MOST_ACTS)
    acts = [each for each in since if not each.obj.startswith(apart)]
    return len(since) == MOST_ACTS or any(each.obj or each.verb in MANY for each in acts)


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
    found.problems += _outside(viewer, found.lines, found.places)
    if found.problems:
        return
    for chunk in chunks(found.lines, 1000):
        for each in compare(chunk, found.places):
            found.left += each.left
            if each.finding is None:
                found.create.append(each.line)
            elif not each.cells:
                found.unchanged.append(each.line)
            elif each.is_touched:
                found.conflicts.append((each.line, each.shown))
            else:
                found.update.append(each)
    _only_what_is_written(found)


def _only_what_is_written(found: Preview) -> None:
    """Names are missing only where a row that needs them is written: nothing is created for a cell that is left."""
    missing = found.places.missing
    missing.units &= {line.text("subject") for line in found.create}
    missing.projects &= {found.places.project_of(line) for line in found.create}
    bodies = [*found.create, *(each.line for each in found.update if "bodies" in each.cells)]
    missing.bodies &= {body for line in bodies for body in line.bodies}


def _doubles(lines: list[Line]) -> Iterator[CellProblem]:
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line.text("office"), line.text("code"))
        if key[1] and key in seen:
            reason = f"编号与第{seen[key]}行重复 · the number stands in row {seen[key]} already"
            yield CellProblem(line.sheet, line.number, line.columns.get("code", ""), TITLES["code"], key[1], reason)
        seen.setdefault(key, line.number)


def _outside(viewer: Viewer, lines: list[Line], places: Places) -> Iterator[CellProblem]:
    """Cells that name an office, or an office and unit together, where the viewer may not register."""
    known: dict[tuple[str, str], bool] = {}
    for line in lines:
        key = line.text("office"), line.text("subject")
        office, unit = places.offices.get(key[0]), places.units.get(key[1])
        if office is None:
            continue
        if key not in known:
            place = Place(office.pk, office.path, unit.path if unit else "", level=1)
            known[key] = guard.may_place(viewer, Finding, place)
        if not known[key]:
            yield problem_at(line, "office", key[0], OUTSIDE)


def chunks(lines: list[Line], size: int) -> Iterator[list[Line]]:
    stream = iter(lines)
    while chunk := list(islice(stream, size)):
        yield chunk


def commit(viewer: Viewer, found: Preview, *, tell: Tell = quiet) -> Preview:
    """Writes what the preview said, in the caller's transaction: all of it or nothing. One act in the log."""
    if not found.create_missing:
        found.problems += found.places.unregistered(found.lines)
    if found.problems:
        raise Refused("import-has-errors", "文件有错误,未导入任何内容")
    if found.create_missing:
        create_missing_places(viewer, found.places, found.create, found.year)
    breaches = write_lines(viewer, found.create, found.places, ready=found.ready, tell=tell)
    breaches += update_lines(viewer, found.update, found.places)
    found.warnings = breaches
    payload = {
        "file": found.file,
        "sha256": found.sha256,
        "create": len(found.create),
        "update": len(found.update),
        "conflict": len(found.conflicts),
        "left": len(found.left),
        "warnings": len(breaches),
    }
    record(viewer, IMPORTED, None, payload=payload)
    return found
