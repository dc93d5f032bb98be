"""Writes the rows of a ledger: missing places first, then findings with their history, then what came of them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Breach, Finding
from jiandu.loop.findings.services.history import History, Ready, breaches_of, continue_history, write_history
from jiandu.loop.findings.services.moves import NewFinding, correct
from jiandu.loop.outcomes.bulk import Came, write_outcomes
from jiandu.loop.workbooks.columns import TITLES
from jiandu.loop.workbooks.comparing import Changed
from jiandu.loop.workbooks.places import Places
from jiandu.loop.workbooks.reading import Line
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.services import NewOffice, open_office
from jiandu.net.subjects.models import Organisation
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
}
LATER = frozenset(
    [
        *("applied_on", "closed_on", "verifier", "method", "conclusion", "approver"),
        *("looked_on", "look_result", "rules", "recovered"),
    ]
)


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


def expected_warnings(lines: Iterable[Line], places: Places) -> Iterator[str]:
    """The data warnings that writing these rows would list."""
    for line in lines:
        for _, detail in breaches_of(told_history(line, places)):
            yield f"{line.text('code')}: {detail}"


def warnings_of(findings: list[Finding]) -> list[str]:
    codes = {finding.pk: finding.code for finding in findings}
    rows = Breach.objects.filter(finding_id__in=codes).order_by("pk").values_list("finding_id", "detail")
    return [f"{codes[pk]}: {detail}" for pk, detail in rows]


def told_history(line: Line, places: Places) -> History:
    """The row as history, without its source: asks no database and writes nothing, so a preview may look at it too."""
    registered = line.on("registered_on")
    if registered is None:
        raise Refused("registered-on", "缺少登记日期")
    new = NewFinding(
        subject=places.units.get(line.text("subject")) or Organisation(name=line.text("subject")),
        problem=line.text("problem"),
        office=places.offices.get(line.text("office")) or Office(name=line.text("office")),
        registered_on=registered,
        code=line.text("code"),
        facts=line.text("facts"),
        aspect=places.aspect_of(line),
        rectification=line.rectification,
        due_on=line.on("due_on"),
        amount_fen=line.amount_fen,
        rectifier_name=line.text("rectifier"),
        found_by="、".join(line.bodies)[:128],
    )
    return History(
        new=new,
        measures=line.text("measures"),
        applied_on=line.on("applied_on"),
        verifier=line.text("verifier"),
        method=places.methods.get(line.text("method"), ""),
        is_staged=line.conclusion == "stage",
        approver=line.text("approver"),
        closed_on=line.on("closed_on"),
        looked_on=line.on("looked_on"),
        look_result=line.look_result,
    )


def came_of(line: Line, finding: Finding) -> Came:
    """Rules and money of the row; without a date of their own they take the closing date, and are marked derived."""
    on = line.on("closed_on") or line.on("applied_on") or finding.registered_on
    return Came(
        finding=finding, issuer=line.text("subject"), rules=line.rules, recovered_fen=line.recovered_fen or 0, on=on
    )


def update_lines(viewer: Viewer, changes: Iterable[tuple[Line, Finding, Changed]], places: Places) -> list[str]:
    """Brings a changed file into records that nobody has worked on: wording, and later steps that it now tells."""
    warnings: list[str] = []
    for line, finding, changed in changes:
        values = {UPDATABLE[key]: _value(line, key, places) for key in changed if key in UPDATABLE}
        if changed.keys() & LATER:
            finding = continue_history(finding, told_history(line, places), by=viewer)
            write_outcomes([came_of(line, finding)])
        if values:
            correct(finding=finding, by=viewer, note="按修改后的台账更新", is_history=True, **values)
        warnings += warnings_of([finding])
        told = {key for key in changed.keys() & LATER if changed[key][0]} - {"rules"}
        rest = (changed.keys() - UPDATABLE.keys() - LATER) | told
        if rest:
            warnings.append(f"{finding.code}: 未更新的栏目 {'、'.join(TITLES[key] for key in sorted(rest))}")
    return warnings


def _value(line: Line, key: str, places: Places) -> object:
    if key == "aspect":
        return places.aspect_of(line)
    return line.amount_fen if key == "amount" else line.text(key)
