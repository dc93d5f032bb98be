"""The offices, units, projects, signals and dictionary items that a ledger's words mean."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.errors import CellProblem
from jiandu.base.lexicon import selectors as lexicon
from jiandu.base.lexicon.models import Item
from jiandu.loop.workbooks.columns import TITLES
from jiandu.loop.workbooks.reading import Line
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import find_organisation
from jiandu.sources.activities.models import Activity
from jiandu.sources.signals.models import Signal

PROJECT = str(Activity.Kind.PROJECT)
UNREGISTERED = "尚未登记;可先登记,或选择自动建立 · not registered yet; create it first, or use --create-missing"


@dataclass
class Missing:
    """Names that the records do not know."""

    offices: set[str] = field(default_factory=set)
    bodies: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    projects: set[str] = field(default_factory=set)


@dataclass
class Places:
    """What the words mean. A name of `missing` has no entry until it is created."""

    offices: dict[str, Office] = field(default_factory=dict)
    units: dict[str, Organisation] = field(default_factory=dict)
    projects: dict[str, Activity] = field(default_factory=dict)
    aspects: dict[tuple[int, str], Item | None] = field(default_factory=dict)  # by year of registration
    sources: dict[str, str] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    ambiguous: dict[str, str] = field(default_factory=dict)
    office_names: frozenset[str] = frozenset()
    missing: Missing = field(default_factory=Missing)

    def unregistered(self, lines: list[Line]) -> Iterator[CellProblem]:
        """Cells that name what is not registered: a hindrance when nothing is to be created."""
        unknown = {"office": self.missing.offices, "subject": self.missing.units, "project_code": self.missing.projects}
        for line in lines:
            named = [(key, line.text(key)) for key in unknown] + [("bodies", body) for body in line.bodies]
            yield from (
                problem_at(line, key, name, UNREGISTERED)
                for key, name in named
                if name in unknown.get(key, self.missing.bodies)
            )

    def unresolvable(self, lines: list[Line]) -> Iterator[CellProblem]:
        """Cells whose words mean nothing that could be created."""
        for line in lines:
            if line.text("aspect") and self.aspect_of(line) is None:
                yield problem_at(
                    line,
                    "aspect",
                    line.text("aspect"),
                    "本年度方面字典中没有这一项 · not in this year's dictionary of aspects",
                )
            if line.text("source") and not self.sources.get(line.text("source")):
                yield problem_at(
                    line, "source", line.text("source"), "来源类型字典中没有这一项 · not in the dictionary of sources"
                )
            if self.source_of(line) == PROJECT and not line.text("project_code"):
                yield problem_at(
                    line,
                    "project_code",
                    "",
                    "来源为项目化监督,须有项目编号 · a project finding needs its project number",
                )
            if line.text("subject") in self.ambiguous:
                yield problem_at(line, "subject", line.text("subject"), self.ambiguous[line.text("subject")])

    def aspect_of(self, line: Line) -> Item | None:
        """The aspect as that year's dictionary has it."""
        return self.aspects.get((_year_of(line), line.text("aspect")))

    def source_of(self, line: Line) -> str:
        """The source's code; a row with a project number and no source comes from the project."""
        said = self.sources.get(line.text("source"), "")
        return said or (PROJECT if line.text("project_code") else "")

    def project_of(self, line: Line) -> str:
        """The number of the project that the row comes from; empty for another source."""
        return line.text("project_code") if self.source_of(line) == PROJECT else ""


def problem_at(line: Line, key: str, value: str, reason: str) -> CellProblem:
    """What is wrong with the cell of `key`."""
    return CellProblem(line.sheet, line.number, line.columns.get(key, ""), TITLES[key], value, reason)


def find_places(viewer: Viewer, lines: list[Line], year: int) -> Places:
    """Looks every name up once."""
    places = Places()
    _offices(places, lines)
    _units(viewer, places, lines, date(year, 12, 31))
    _projects(places, lines, year)
    for of, name in {(_year_of(line), line.text("aspect")) for line in lines if line.text("aspect")}:
        places.aspects[of, name] = lexicon.find(viewer, "aspect", of or year, name) or lexicon.find(
            viewer, "aspect", year, name
        )
    for name in {line.text("source") for line in lines} - {""}:
        item = lexicon.find(viewer, "source", year, name)
        known = item is not None and item.code in {PROJECT, *Signal.Origin.values}
        places.sources[name] = item.code if item is not None and known else ""
    for name in {line.text("method") for line in lines} - {""}:
        item = lexicon.find(viewer, "method", year, name)
        places.methods[name] = item.code[:16] if item else name[:16]
    return places


def _year_of(line: Line) -> int:
    day = line.on("registered_on")
    return day.year if day else 0


def _projects(places: Places, lines: list[Line], year: int) -> None:
    """Projects by number; of several years, the ledger's own comes first."""
    codes = {line.text("project_code") for line in lines} - {""}
    for row in Activity.objects.filter(kind=PROJECT, code__in=codes).order_by("year", "pk"):
        if row.code not in places.projects or row.year == year:
            places.projects[row.code] = row
    places.missing.projects = codes - places.projects.keys()


def _offices(places: Places, lines: list[Line]) -> None:
    leads = {line.text("office") for line in lines} - {""}
    bodies = {body for line in lines for body in line.bodies}
    places.office_names = frozenset(Office.objects.values_list("name", flat=True)) | leads | bodies
    places.offices = {office.name: office for office in Office.objects.filter(name__in=leads | bodies)}
    places.missing.offices = leads - places.offices.keys()
    places.missing.bodies = bodies - places.offices.keys() - leads


def _units(viewer: Viewer, places: Places, lines: list[Line], on: date) -> None:
    for name in {line.text("subject") for line in lines} - {""}:
        try:
            unit = find_organisation(viewer, name, on=on) or find_organisation(viewer, name, on=today())
        except Refused as refused:
            places.ambiguous[name] = refused.message
            continue
        if unit is None:
            places.missing.units.add(name)
        else:
            places.units[name] = unit
