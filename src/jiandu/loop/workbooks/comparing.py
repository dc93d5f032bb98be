"""A row against its record: which cells differ, and whether the record has been worked on here since it came in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from jiandu.base.core.sheets.errors import CellProblem
from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.models import Finding
from jiandu.loop.workbooks.parting import Record, is_looked, part, plain_rule, premature
from jiandu.loop.workbooks.places import PROJECT, Places, problem_at
from jiandu.loop.workbooks.reading import CONCLUSIONS, LOOKED, Line
from jiandu.loop.workbooks.told import Told, bodies_of, measures_text, plain, told_of
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


@dataclass(slots=True)
class Compared:
    """A row beside its record: what will be written, or for a conflict all that differs; and the cells that will not be.

    `told`: the row as it will be told, with the record's words in the cells that are left. Its history goes on where
    `goes_on`.
    """

    line: Line
    finding: Finding | None = None
    cells: Changed = field(default_factory=dict)
    left: list[CellProblem] = field(default_factory=list)
    told: Line | None = None
    goes_on: bool = False
    is_touched: bool = False

    @property
    def shown(self) -> Changed:
        """The cells for a page: of a record of level ≥ 2 its level stands where its words would."""
        one = self.finding
        return {key: (one.listed_as(old), new) for key, (old, new) in self.cells.items()} if one else self.cells


def compare(lines: list[Line], places: Places) -> Iterator[Compared]:
    """Each line beside its record, if it has one."""
    by_key = _records(lines, places)
    told = told_of(list(by_key.values()))
    for line in lines:
        office = places.offices.get(line.text("office"))
        finding = by_key.get((office.pk, line.text("code"))) if office else None
        yield _compared(line, finding, told[finding.pk] if finding else None, places)


def _compared(line: Line, finding: Finding | None, said: Told | None, places: Places) -> Compared:
    early = dict(premature(line, said or Told(), places))
    if finding is None or said is None:
        return Compared(line, left=left_cells(line, early))
    changed = changed_cells(line, finding, said, places)
    if said.is_touched:
        return Compared(line, finding, changed, left_cells(line, early), is_touched=True)
    parted = part(line, Record(finding, said, places), changed)
    written = {key: pair for key, pair in changed.items() if key in parted.written}
    if "rules" in written:  # those that the sheet no longer names stay
        written["rules"] = (written["rules"][0], _titles([*said.rules, *line.rules]))
    left = left_cells(line, early | parted.left)
    return Compared(line, finding, written, left, parted.told, parted.goes_on)


def left_cells(line: Line, reasons: Mapping[str, str]) -> list[CellProblem]:
    """The cells that are not written, as the sheet has them, with the reason."""
    return [problem_at(line, key, _said(line, key), reason) for key, reason in reasons.items()]


def _said(line: Line, key: str) -> str:
    match key:
        case "rules" | "bodies":
            return "、".join(getattr(line, key))
        case "amount" | "recovered":
            return _words(key, getattr(line, f"{key}_fen"))
        case "rectification" | "conclusion" | "look_result":
            return _words(key, getattr(line, key))
    return line.text(key) or _words(key, line.on(key))


def _records(lines: list[Line], places: Places) -> dict[tuple[int, str], Finding]:
    codes = [line.text("code") for line in lines]
    offices = [office.pk for office in places.offices.values()]
    rows = Finding.objects.filter(code__in=codes, owner_office_id__in=offices)
    rows = rows.select_related("subject", "aspect")
    return {(row.owner_office_id, row.code): row for row in rows}


def changed_cells(line: Line, finding: Finding, said: Told, places: Places) -> Changed:
    """The cells of the row that differ from the record, as the sheet writes them: {key: (record, file)}.

    A column that the sheet does not have says nothing.
    """
    source = finding.source if finding.source in SOURCES else OTHER
    pairs: dict[str, tuple[Any, Any]] = {
        "problem": (plain(finding.problem), plain(line.text("problem"))),
        "facts": (plain(finding.facts), plain(line.text("facts"))),
        "rectifier": (plain(finding.rectifier_name), plain(line.text("rectifier"))),
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
        "bodies": ("、".join(bodies_of(finding, places.office_names)[0]), "、".join(line.bodies)),
        "measures": (plain(measures_text(said)), plain(line.text("measures"))),
        **_settling(line, said, places),
        "rules": (_titles(said.rules), _titles(line.rules)),
        "recovered": (said.recovered, line.recovered_fen or 0),
    }
    differ = {key: pair for key, pair in pairs.items() if pair[0] != pair[1] and key in line.columns}
    return {key: (_words(key, old), _words(key, new)) for key, (old, new) in differ.items()}


def _settling(line: Line, said: Told, places: Places) -> dict[str, tuple[Any, Any]]:
    """Who verified and approved when, and what was looked at again.

    A sheet tells it of a settled finding alone; whom it does not name there is the office.
    """
    closed, had = line.on("closed_on"), said.closed_on
    pairs: dict[str, tuple[Any, Any]] = {
        "applied_on": (said.applied_on, line.on("applied_on") or had or closed),
        "closed_on": (had, closed),
    }
    if closed or had:
        office = line.text("office")
        method, conclusion = (
            places.methods.get(line.text("method"), ""),
            "stage" if line.conclusion == "stage" else "pass",
        )
        pairs |= {
            "verifier": (said.verifier if had else "", line.text("verifier") or office),
            "method": (said.method if had else "", method),
            "conclusion": (said.conclusion, conclusion),
            "approver": (said.approver, line.text("approver") or office),
        }
    if said.looked_on or (is_looked(line) and (closed or had)):
        pairs |= {
            "looked_on": (said.looked_on, line.on("looked_on")),
            "look_result": (said.look_result, line.look_result),
        }
    return pairs


def _titles(rules: Iterable[str]) -> str:
    """Rules as one cell, in an order that two sheets share."""
    return "、".join(f"《{title}》" for title in sorted({plain_rule(rule) for rule in rules}))


def _words(key: str, value: Any) -> str:
    """A value as the sheet writes it; nothing for none and zero."""
    if not value:
        return ""
    if key in MONEY:
        return f"{Decimal(value) / 100:f}"
    if key in WORDS:
        return WORDS[key].get(value, value)
    return value.isoformat() if isinstance(value, date) else str(value)
