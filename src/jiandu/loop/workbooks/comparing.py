"""A row against its record: which cells differ, and whether the record has been worked on here since it came in."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.states import SETTLING, Verb
from jiandu.loop.outcomes.models import MoneyRecovered, RuleOrigin
from jiandu.loop.workbooks.places import Places
from jiandu.loop.workbooks.reading import Line

Changed = dict[str, tuple[str, str]]
#: Row keys compared with columns of the record.
COLUMNS = {"problem": "problem", "facts": "facts", "rectifier": "rectifier_name"}


def compare(lines: list[Line], places: Places) -> Iterator[tuple[Line, Finding | None, Changed, bool]]:
    """(line, its record or None, {key: (record, file)}, touched here since) for each line."""
    by_key = _records(lines, places)
    told = _told([finding.pk for finding in by_key.values()])
    for line in lines:
        office = places.offices.get(line.text("office"))
        finding = by_key.get((office.pk, line.text("code"))) if office else None
        if finding is None:
            yield line, None, {}, False
            continue
        said = told[finding.pk]
        yield line, finding, changed_cells(line, finding, said, places), said["is_touched"]


def _records(lines: list[Line], places: Places) -> dict[tuple[int, str], Finding]:
    codes = [line.text("code") for line in lines]
    offices = [office.pk for office in places.offices.values()]
    rows = Finding.objects.filter(code__in=codes, owner_office_id__in=offices).select_related("subject", "aspect")
    return {(row.owner_office_id, row.code): row for row in rows}


def _told(pks: list[int]) -> dict[int, dict[str, Any]]:
    """What steps and outcomes say, by record."""
    told: dict[int, dict[str, Any]] = {
        pk: {"is_touched": False, "rules": set(), "recovered": 0, "looked_on": None} for pk in pks
    }
    for pk, verb, on, by_name, is_history in (
        Step.objects.filter(finding_id__in=pks)
        .order_by("seq")
        .values_list("finding_id", "verb", "on", "by_name", "is_history")
    ):
        said = told[pk]
        said["is_touched"] |= not is_history
        if verb == Verb.APPLY:
            said["applied_on"] = on
        elif verb in SETTLING:
            said["closed_on"], said["approver"] = on, by_name
        elif verb == Verb.PASS:
            said["verifier"] = by_name
        elif verb == Verb.LOOK_BACK:
            said["looked_on"] = on
    for pk, rule_id in RuleOrigin.objects.filter(finding_id__in=pks).values_list("finding_id", "rule_id"):
        told[pk]["rules"].add(rule_id)
    for pk, fen in MoneyRecovered.objects.filter(finding_id__in=pks).values_list("finding_id", "amount_fen"):
        told[pk]["recovered"] += fen
    return told


def changed_cells(line: Line, finding: Finding, said: dict[str, Any], places: Places) -> Changed:
    """The cells of the row that differ from the record."""
    pairs: dict[str, tuple[Any, Any]] = {
        key: (getattr(finding, column), line.text(key)) for key, column in COLUMNS.items()
    }
    pairs["subject"] = (finding.subject_id, _pk(places.units.get(line.text("subject"))))
    pairs["aspect"] = (finding.aspect_id, _pk(places.aspects.get(line.text("aspect"))))
    pairs["amount"] = (finding.amount_fen, line.amount_fen)
    pairs["rectification"] = (finding.rectification, line.rectification)
    pairs["registered_on"] = (finding.registered_on, line.on("registered_on"))
    pairs["due_on"] = (finding.first_due_on, line.on("due_on"))
    closed = line.on("closed_on")
    pairs["applied_on"] = (said.get("applied_on"), line.on("applied_on") or closed)
    pairs["closed_on"] = (said.get("closed_on"), closed)
    pairs["verifier"] = (said.get("verifier"), (line.text("verifier") or line.text("office")) if closed else None)
    pairs["approver"] = (said.get("approver"), (line.text("approver") or line.text("office")) if closed else None)
    pairs["looked_on"] = (said.get("looked_on"), line.on("looked_on") if closed and line.look_result else None)
    pairs["rules"] = (len(said["rules"]), len(line.rules))
    pairs["recovered"] = (said["recovered"], line.recovered_fen or 0)
    return {key: (_words(old), _words(new)) for key, (old, new) in pairs.items() if old != new}


def _pk(thing: Any) -> int | None:
    return thing.pk if thing is not None else None


def _words(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
