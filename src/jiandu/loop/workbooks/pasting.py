"""粘贴录入: problems pasted from Excel (a table with its header) or from Word (one problem a line) into a room.

What the room knows (source, office, unit, day) is not asked again. The pasted text is read as a sheet is: the same
header words, dates and amounts; without a header its columns are those of TAKEN, in their order. A wrong cell is told
in its place, and then nothing is registered.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.transaction import atomic
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.cells import Value, letters
from jiandu.base.core.sheets.delimited import read_delimited
from jiandu.base.core.sheets.errors import CellProblem, SheetRefused
from jiandu.base.core.sheets.layout import Cell, Row, find_table
from jiandu.base.core.sheets.limits import SMALL
from jiandu.base.core.sheets.reader import RawRow
from jiandu.base.core.text import normal
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.loop.findings.services.opening import open_findings
from jiandu.loop.workbooks.columns import COLUMNS, TITLES
from jiandu.loop.workbooks.places import Places, find_places, problem_at
from jiandu.loop.workbooks.reading import Line, read_line
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity

MOST = 5_000
ASKED = ("problem",)
#: What a pasted table may say of a problem that is only now registered; what was done about it comes by other ways.
TAKEN = ("subject", "problem", "facts", "aspect", "amount", "rectifier", "registered_on")
WANTED = tuple(replace(column, required=column.key in ASKED) for column in COLUMNS if column.key in TAKEN)
PROBLEMS = frozenset(normal(title) for column in COLUMNS if column.key == "problem" for title in column.titles)
UNKNOWN = "没有登记过这个单位 · no such unit is registered"


@dataclass(frozen=True)
class Room:
    """What is known before a line is read: where the problems come from, whose they are, about whom, since when."""

    activity: Activity
    office: Office
    registered_on: date
    unit: str = ""


@dataclass
class Pasted:
    """What the text says: a line a problem, what is wrong with them, columns that were not taken."""

    room: Room
    lines: list[Line]
    columns: tuple[str, ...]
    places: Places = field(default_factory=Places)
    problems: list[CellProblem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    has_header: bool = True

    def new(self, line: Line) -> NewFinding:
        """One line as registration takes it."""
        return NewFinding(
            subject=self.places.units[line.text("subject")],
            problem=line.text("problem"),
            office=self.room.office,
            registered_on=line.on("registered_on") or self.room.registered_on,
            activity=self.room.activity,
            facts=line.text("facts"),
            aspect=self.places.aspect_of(line) if line.text("aspect") else None,
            amount_fen=line.amount_fen,
            rectifier_name=line.text("rectifier"),
        )


def read_pasted(viewer: Viewer, text: str, room: Room) -> Pasted:
    """What the text says and what is wrong with it; nothing is written. Raises Refused or SheetRefused for the whole."""
    found = _table(text, room) if "\t" in text else _lines(text, room)
    if not found.lines:
        raise Refused("nothing-pasted", _("没有可以登记的内容，请粘贴问题，每行一个"))
    if len(found.lines) > MOST:
        raise Refused("too-many-pasted", _("一次最多粘贴%(most)d个问题"), most=MOST)
    found.places = find_places(viewer, found.lines, room.registered_on.year)
    found.problems = [problem for line in found.lines for problem in line.problems]
    found.problems += found.places.unresolvable(found.lines)
    found.problems += _unknown_units(found)
    found.problems.sort(key=lambda problem: problem.row)
    return found


def _unknown_units(found: Pasted) -> Iterator[CellProblem]:
    for line in found.lines:
        name = line.text("subject")
        if name and name not in found.places.units and name not in found.places.ambiguous:
            yield problem_at(line, "subject", name, UNKNOWN)


def _lines(text: str, room: Room) -> Pasted:
    """One problem a line; a heading above them (问题表现) is no problem."""
    said = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if said and normal(said[0][1]) in PROBLEMS:
        said = said[1:]
    cells = [(number, {"problem": Cell(line, "A", TITLES["problem"])}) for number, line in said]
    return Pasted(room, [_line(number, row, room, {"problem": "A"}) for number, row in cells], ("subject", "problem"))


def _table(text: str, room: Room) -> Pasted:
    raw: list[RawRow] = []

    def take(number: int, values: list[Value]) -> None:
        raw.append(RawRow("", number, values))

    read_delimited(text.encode("utf-8"), SMALL, take, mark="\t")
    try:
        table = find_table(raw, WANTED)
    except SheetRefused as refused:
        if refused.code != "no_header":
            raise
        return _without_header(raw, room)
    if table.missing:
        names = "、".join(column.titles[0] for column in table.missing)
        raise Refused("columns-missing", _("表头缺少栏目：%(names)s"), names=names)
    placed = {key: letters(place.index + 1) for key, place in table.placed.items()}
    lines = [_line(row.number, row.cells, room, placed) for row in table]
    shown = tuple(key for key in TAKEN if key in placed or key == "subject")
    return Pasted(room, lines, shown, ignored=[title for _letter, title in table.unknown])


def _without_header(raw: list[RawRow], room: Room) -> Pasted:
    """Values in the order that the page tells; a column beyond them is left out."""
    placed = {key: letters(index + 1) for index, key in enumerate(TAKEN)}
    lines = []
    for row in raw:
        cells = {key: Cell(value, placed[key], TITLES[key]) for key, value in zip(TAKEN, row.values, strict=False)}
        lines.append(_line(row.number, cells, room, placed))
    most = max((len(row.values) for row in raw), default=0)
    shown = tuple(key for index, key in enumerate(TAKEN) if index < most or key == "subject")
    beyond = [letters(index + 1) for index in range(len(TAKEN), most)]
    return Pasted(room, lines, shown, ignored=beyond, has_header=False)


def _line(number: int, cells: dict[str, Cell], room: Room, columns: dict[str, str]) -> Line:
    """A line with what the room knows where the text says nothing."""
    known = {"subject": room.unit, "registered_on": room.registered_on.isoformat()}
    for key, value in known.items():
        if value and (key not in cells or not cells[key].text):
            cells = cells | {key: Cell(value, columns.get(key, ""), TITLES[key])}
    for key in ("subject", "problem", "registered_on"):
        cells = {key: Cell(None, columns.get(key, ""), TITLES[key])} | cells
    return read_line(Row("", number, cells), columns, required=("subject", "problem"))


@atomic
def register_pasted(*, found: Pasted, by: Viewer) -> list[Finding]:
    """登记 of all of them, or of none. Those that look like earlier ones are proposed as repeats, as ever. Raises Refused."""
    if found.problems:
        raise Refused("paste-has-errors", _("粘贴的内容有错误，没有登记任何问题"))
    news = [(line.number, found.new(line)) for line in found.lines]
    return open_findings(news=news, by=by, note=gettext("粘贴录入"))
