"""A row against its record: which cells differ, and whether the record has been worked on here since it came in."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.models import Finding, LookBack, Measure, Step
from jiandu.loop.findings.states import SETTLING, Verb
from jiandu.loop.outcomes.models import MoneyRecovered, RuleOrigin
from jiandu.loop.workbooks.places import Places
from jiandu.loop.workbooks.reading import CONCLUSIONS, LOOKED, Line
from jiandu.sources.signals.models import Signal

#: Codes back into the words of the sheet.
WORDS: dict[str, dict[str, str]] = {
    "rectification": {kind: as_recorded(Finding.Rectification(kind).label) for kind in Finding.Rectification.values},
    "conclusion": {code: word for word, code in reversed(CONCLUSIONS.items())},
    "look_result": {str(code): word for word, code in reversed(LOOKED.items())},
}
Changed = dict[str, tuple[str, str]]
#: Row keys compared with columns of the record.
COLUMNS = {"problem": "problem", "facts": "facts", "rectifier": "rectifier_name"}
CONCLUDED = {Verb.APPROVE: "pass", Verb.CONCLUDE: "pass", Verb.STAGE: "stage"}
OTHER = str(Signal.Origin.OTHER)
JOIN, JOIN_NAMES = "\n", "、"
MONEY = frozenset({"amount", "recovered"})


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
    rows = (
        Finding.objects.filter(code__in=codes, owner_office_id__in=offices)
        .select_related("subject", "aspect")
        .prefetch_related("activity")
    )
    return {(row.owner_office_id, row.code): row for row in rows}


def _told(pks: list[int]) -> dict[int, dict[str, Any]]:
    """What steps and outcomes say, by record."""
    told: dict[int, dict[str, Any]] = {
        pk: {"is_touched": False, "rules": set(), "recovered": 0, "measures": []} for pk in pks
    }
    _tell_steps(told)
    looked = LookBack.objects.filter(finding_id__in=pks, done_on__isnull=False).order_by("done_on", "pk")
    for pk, on, result in looked.values_list("finding_id", "done_on", "result"):
        told[pk]["looked_on"], told[pk]["look_result"] = on, result
    for pk, text in Measure.objects.filter(finding_id__in=pks).order_by("pk").values_list("finding_id", "text"):
        told[pk]["measures"].append(text)
    for pk, rule_id in RuleOrigin.objects.filter(finding_id__in=pks).values_list("finding_id", "rule_id"):
        told[pk]["rules"].add(rule_id)
    for pk, fen in MoneyRecovered.objects.filter(finding_id__in=pks).values_list("finding_id", "amount_fen"):
        told[pk]["recovered"] += fen
    return told


def _tell_steps(told: dict[int, dict[str, Any]]) -> None:
    for step in Step.objects.filter(finding_id__in=told).order_by("seq"):
        said = told[step.finding_id]
        said["is_touched"] |= not step.is_history
        if step.verb == Verb.APPLY:
            said["applied_on"] = step.on
        elif step.verb in SETTLING:
            said["closed_on"], said["approver"], said["conclusion"] = step.on, step.by_name, CONCLUDED[Verb(step.verb)]
        elif step.verb == Verb.PASS:
            said["verifier"], said["method"] = step.by_name, step.method


def changed_cells(line: Line, finding: Finding, said: dict[str, Any], places: Places) -> Changed:
    """The cells of the row that differ from the record, as the sheet writes them: {key: (record, file)}."""
    pairs: dict[str, tuple[Any, Any]] = {
        key: (getattr(finding, column), line.text(key)) for key, column in COLUMNS.items()
    }
    pairs["subject"] = (finding.subject, places.units.get(line.text("subject")) or line.text("subject"))
    pairs["aspect"] = (finding.aspect, places.aspects.get(line.text("aspect")))
    pairs["amount"] = (finding.amount_fen, line.amount_fen)
    pairs["rectification"] = (finding.rectification, line.rectification)
    pairs["registered_on"] = (finding.registered_on, line.on("registered_on"))
    pairs["due_on"] = (finding.first_due_on, line.on("due_on"))
    closed = line.on("closed_on")
    pairs["applied_on"] = (said.get("applied_on"), line.on("applied_on") or closed)
    pairs["closed_on"] = (said.get("closed_on"), closed)
    pairs["verifier"] = (said.get("verifier"), (line.text("verifier") or line.text("office")) if closed else None)
    pairs["approver"] = (said.get("approver"), (line.text("approver") or line.text("office")) if closed else None)
    looked = closed and line.look_result
    pairs["looked_on"] = (said.get("looked_on"), line.on("looked_on") if looked else None)
    pairs["look_result"] = (said.get("look_result"), line.look_result if looked else None)
    pairs["method"] = (said.get("method") or None, places.methods.get(line.text("method")) if closed else None)
    pairs["conclusion"] = (
        said.get("conclusion"),
        ("stage" if line.conclusion == "stage" else "pass") if closed else None,
    )
    pairs["measures"] = (JOIN.join(said["measures"]), line.text("measures"))
    pairs["source"] = (finding.source, places.source_of(line) or OTHER)
    pairs["project_code"] = (finding.activity.code if finding.activity else "", places.project_of(line))
    pairs["bodies"] = (finding.found_by, JOIN_NAMES.join(line.bodies)[:128])
    pairs["rules"] = (len(said["rules"]), len(line.rules))
    pairs["recovered"] = (said["recovered"], line.recovered_fen or 0)
    return {key: (_words(key, old), _words(key, new)) for key, (old, new) in pairs.items() if old != new}


def _words(key: str, value: Any) -> str:
    """A value as the sheet writes it; nothing for none and zero."""
    if not value:
        return ""
    if key in MONEY:
        return f"{Decimal(value) / 100:f}"
    if key in WORDS:
        return WORDS[key].get(value, value)
    return value.isoformat() if isinstance(value, date) else str(value)
