"""Writes the rows of a ledger: missing places first, then findings with their history, then what came of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Breach, Finding
from jiandu.loop.findings.services.history import (
    History,
    Ready,
    breaches_of,
    complete_term,
    continue_history,
    write_history,
)
from jiandu.loop.findings.services.moves import correct
from jiandu.loop.outcomes.bulk import write_outcomes
from jiandu.loop.workbooks.comparing import Compared
from jiandu.loop.workbooks.parting import added, found_by
from jiandu.loop.workbooks.places import Places
from jiandu.loop.workbooks.reading import Line
from jiandu.loop.workbooks.telling import came_of, told_history
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.services import NewOffice, open_office
from jiandu.net.subjects.services import NewOrganisation, register_organisation
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.sources.signals.models import Signal
from jiandu.sources.signals.services import NewSignal, write_taken

CHUNK = 1000
COMMISSION = "市纪委监委"
Tell = Callable[[int, int], None]
#: Row keys that a changed file may bring into an untouched record, and the columns they go to.
UPDATABLE = {
    "facts": "facts",
    "rectifier": "rectifier_name",
    "problem": "problem",
    "aspect": "aspect",
    "amount": "amount_fen",
    "rectification": "rectification",
    "bodies": "found_by",
}
OUTCOMES = frozenset({"rules", "recovered"})


def create_missing_places(viewer: Viewer, places: Places, lines: list[Line], year: int) -> None:
    """Creates the offices, units and projects that the ledger names and the records do not know."""
    root = Office.objects.filter(parent__isnull=True, kind=Office.Kind.COMMISSION).order_by("pk").first()
    if root is None and (places.missing.offices or places.missing.bodies):
        root = open_office(new=NewOffice(name=COMMISSION, kind=Office.Kind.COMMISSION), by=viewer)
    kinds = ((places.missing.offices, Office.Kind.SUPERVISION), (places.missing.bodies, Office.Kind.STATIONED))
    for names, kind in kinds:
        for name in sorted(names):
            places.offices[name] = open_office(new=NewOffice(name=name, kind=kind, parent=root), by=viewer)
    for name in sorted(places.missing.units):
        places.units[name] = register_organisation(new=NewOrganisation(name=name), by=viewer)
    _create_projects(viewer, places, lines, year)


def _create_projects(viewer: Viewer, places: Places, lines: list[Line], year: int) -> None:
    """Each project with its lead office and bodies; approved, for want of a date, when its first finding was registered."""
    by_code: dict[str, list[Line]] = {}
    for line in lines:
        if line.text("project_code") in places.missing.projects:
            by_code.setdefault(line.text("project_code"), []).append(line)
    for code, rows in sorted(by_code.items()):
        bodies = dict.fromkeys(body for row in rows for body in row.bodies)
        first = min(day for row in rows if (day := row.on("registered_on")))
        new = NewActivity(
            kind=Activity.Kind.PROJECT,
            year=year,
            code=code,
            name=rows[0].text("project_name") or code,
            lead=places.offices[rows[0].text("office")],
            approved_on=first,
            approved_is_derived=True,
        )
        places.projects[code] = open_activity(new=new, by=viewer, members=[places.offices[name] for name in bodies])


def write_lines(
    viewer: Viewer,
    lines: list[Line],
    places: Places,
    *,
    ready: list[Ready] | None = None,
    tell: Tell = lambda done, total: None,
) -> list[str]:
    """New findings with history and outcomes; what was made `ready` before is not worked out again.

    Gives the data warnings in words; `tell` learns how far it is.
    """
    warnings: list[str] = []
    for at in range(0, len(lines), CHUNK):
        tell(at, len(lines))
        chunk = lines[at : at + CHUNK]
        histories = _histories(viewer, chunk, places, ready[at : at + CHUNK] if ready else None)
        findings = [each for rows in write_history(histories, by=viewer) for each in rows]
        write_outcomes([came_of(line, finding) for line, finding in zip(chunk, findings, strict=True)])
        warnings += warnings_of(findings)
    return warnings


def _histories(viewer: Viewer, lines: list[Line], places: Places, ready: list[Ready] | None) -> list[History]:
    """The rows as history, each with its source: its project, or a signal of its own."""
    told = [told_history(line, places) for line in lines]
    projects = [_project(line, places) for line in lines]
    others = [at for at, project in enumerate(projects) if project is None]
    signals = write_taken([_signal(lines[at], places, told[at]) for at in others], by=viewer)
    by_place = dict(zip(others, signals, strict=True))
    return [
        replace(
            history,
            new=replace(history.new, activity=projects[at], signal=by_place.get(at)),
            ready=ready[at] if ready else None,
        )
        for at, history in enumerate(told)
    ]


def _project(line: Line, places: Places) -> Activity | None:
    return places.projects.get(places.project_of(line))


def _signal(line: Line, places: Places, told: History) -> NewSignal:
    return NewSignal(
        origin=places.source_of(line) or Signal.Origin.OTHER,
        topic=line.text("problem")[:200],
        received_on=told.new.registered_on,
        office=told.new.office,
        subject=told.new.subject,
    )


def expected_warnings(create: Iterable[Line], update: Iterable[Compared], places: Places) -> Iterator[str]:
    """The data warnings that writing these rows would list."""
    going_on = (each.told for each in update if each.goes_on and each.told)
    for line in chain(create, going_on):
        for _, detail in breaches_of(told_history(line, places)):
            yield f"{line.text('code')}: {detail}"


def warnings_of(findings: list[Finding]) -> list[str]:
    codes = {finding.pk: finding.code for finding in findings}
    rows = Breach.objects.filter(finding_id__in=codes).order_by("pk").values_list("finding_id", "detail")
    return [f"{codes[pk]}: {detail}" for pk, detail in rows]


def update_lines(viewer: Viewer, updates: Iterable[Compared], places: Places) -> list[str]:
    """Brings a changed file into records that nobody has worked on: what the preview said is written, and no more."""
    warnings: list[str] = []
    for each in updates:
        finding, told, written = each.finding, each.told, each.cells.keys()
        if finding is None or told is None:
            continue
        history = told_history(told, places)
        if "due_on" in written and history.new.due_on:
            finding = complete_term(finding, history.new.due_on, by=viewer)
        if each.goes_on:
            finding = continue_history(
                finding, history, by=viewer, measures=added(*each.cells.get("measures", ("", "")))
            )
            warnings += [f"{finding.code}: {detail}" for _, detail in breaches_of(history)]
        if written & OUTCOMES:
            write_outcomes([came_of(told, finding)])
        values: dict[str, Any] = {UPDATABLE[key]: _value(each, key, places) for key in written & UPDATABLE.keys()}
        if values:
            correct(finding=finding, by=viewer, note="按修改后的台账更新", is_history=True, **values)
    return warnings


def _value(each: Compared, key: str, places: Places) -> object:
    match key:
        case "aspect":
            return places.aspect_of(each.line)
        case "bodies":
            return found_by(each.line, each.finding, places) if each.finding else ""
        case "amount":
            return each.line.amount_fen
        case "rectification":
            return each.line.rectification
    return each.line.text(key)
