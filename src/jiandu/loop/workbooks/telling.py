"""A row as recorded history, and what came of it. Asks no database and writes nothing, so a preview may look at it too."""

from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.history import History
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.loop.outcomes.bulk import Came
from jiandu.loop.workbooks.places import Places
from jiandu.loop.workbooks.reading import Line
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation


def told_history(line: Line, places: Places) -> History:
    """The row as history, without its source."""
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
