"""A row against its record: which cells differ, and whether the record has been worked on here since it came in."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from jiandu.base.core.text import NOTHING
from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.models import Finding
from jiandu.loop.workbooks.places import PROJECT, Places
from jiandu.loop.workbooks.reading import CONCLUSIONS, LOOKED, Line
from jiandu.loop.workbooks.told import Told, bodies_of, measures_text, told_of
from jiandu.sources.signals.models import Signal

#: Codes back into the words of the sheet.
WORDS: dict[str, dict[str, str]] = {
    "rectification": {kind: as_recorded(Finding.Rectification(kind).label) for kind in Finding.Rectification.values},
    "conclusion": {code: word for word, code in reversed(CONCLUSIONS.items())},
    "look_result": {str(code): word for word, code in reversed(LOOKED.items())},
}
Changed = dict[str, tuple[str, str]]
OTHER = str(Signal.Origin.OTHER)
#: The sources that a ledger can name. A finding of another activity keeps its source, whatever the sheet says.
SOURCES = frozenset({PROJECT, *Signal.Origin.values})
MONEY = frozenset({"amount", "recovered"})


def compare(lines: list[Line], places: Places) -> Iterator[tuple[Line, Finding | None, Changed, bool]]:
    """(line, its record or None, {key: (record, file)}, touched here since) for each line."""
    by_key = _records(lines, places)
    told = told_of(list(by_key.values()))
    for line in lines:
        office = places.offices.get(line.text("office"))
        finding = by_key.get((office.pk, line.text("code"))) if office else None
        if finding is None:
            yield line, None, {}, False
            continue
        said = told[finding.pk]
        yield line, finding, changed_cells(line, finding, said, places), said.is_touched


def _records(lines: list[Line], places: Places) -> dict[tuple[int, str], Finding]:
    codes = [line.text("code") for line in lines]
    offices = [office.pk for office in places.offices.values()]
    rows = Finding.objects.filter(code__in=codes, owner_office_id__in=offices)
    rows = rows.select_related("subject", "aspect")
    return {(row.owner_office_id, row.code): row for row in rows}


def changed_cells(line: Line, finding: Finding, said: Told, places: Places) -> Changed:
    """The cells of the row that differ from the record, as the sheet writes them: {key: (record, file)}.

    What only a settled row tells (who verified, who approved) counts only where the record is settled too.
    """
    closed = line.on("closed_on")
    looked = bool(closed and line.look_result)
    office = line.text("office")
    was_closed = said.closed_on is not None
    source = finding.source if finding.source in SOURCES else OTHER
    pairs: dict[str, tuple[Any, Any]] = {
        "problem": (_plain(finding.problem), _plain(line.text("problem"))),
        "facts": (_plain(finding.facts), _plain(line.text("facts"))),
        "rectifier": (_plain(finding.rectifier_name), _plain(line.text("rectifier"))),
        "subject": (finding.subject, places.units.get(line.text("subject")) or line.text("subject")),
        "aspect": (finding.aspect, places.aspect_of(line)),
        "amount": (finding.amount_fen or 0, line.amount_fen or 0),
        "rectification": (finding.rectification, line.rectification),
        "registered_on": (finding.registered_on, line.on("registered_on")),
        "due_on": (finding.first_due_on, line.on("due_on")),
        "source": (source, places.source_of(line) or OTHER),
        "project_code": (
            said.activity.code if source == PROJECT and said.activity else "",
            places.project_of(line),
        ),
        "bodies": ("、".join(bodies_of(finding, places.office_names)[0]), "、".join(line.bodies)[:128]),
        "measures": (_plain(measures_text(said)), _plain(line.text("measures"))),
        "applied_on": (said.applied_on, line.on("applied_on") or closed),
        "closed_on": (said.closed_on, closed),
        "verifier": (said.verifier if was_closed else "", (line.text("verifier") or office) if closed else ""),
        "method": (said.method if was_closed else "", places.methods.get(line.text("method"), "") if closed else ""),
        "conclusion": (said.conclusion, ("stage" if line.conclusion == "stage" else "pass") if closed else ""),
        "approver": (said.approver, (line.text("approver") or office) if closed else ""),
        "looked_on": (said.looked_on, line.on("looked_on") if looked else None),
        "look_result": (said.look_result, line.look_result if looked else ""),
        "rules": (len(set(said.rules)), len(line.rules)),
        "recovered": (said.recovered, line.recovered_fen or 0),
    }
    return {key: (_words(key, old), _words(key, new)) for key, (old, new) in pairs.items() if old != new}


def _plain(text: str) -> str:
    """A text as a cell can hold it: no blanks around it, one kind of line end, nothing for 无 or /."""
    stripped = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return "" if stripped in NOTHING else stripped


def _words(key: str, value: Any) -> str:
    """A value as the sheet writes it; nothing for none and zero."""
    if not value:
        return ""
    if key in MONEY:
        return f"{Decimal(value) / 100:f}"
    if key in WORDS:
        return WORDS[key].get(value, value)
    return value.isoformat() if isinstance(value, date) else str(value)
