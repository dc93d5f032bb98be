"""A unit sheet that came back, row by row and finding by finding: what it says that the records do not. Asks no database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from jiandu.base.books.sheets import Sheet
from jiandu.base.core.sheets.errors import CellProblem
from jiandu.loop.findings.models import Finding, Measure
from jiandu.loop.findings.states import Verb
from jiandu.loop.workbooks.answers import Answer

BEGINNING: tuple[int, str, date | None] = (0, str(Measure.Result.NOT_BEGUN), None)


@dataclass
class Group:
    """What the rows of one finding say, and what follows: acts to do, cells that differ from the record."""

    finding: Finding
    answers: list[Answer]
    measures: dict[int, Measure] = field(default_factory=dict)
    acts: list[Verb] = field(default_factory=list)
    cells: list[tuple[str, str, str]] = field(default_factory=list)
    has_moved: bool = False

    @property
    def fresh(self) -> list[str]:
        """Measures that the record does not know yet."""
        known = {measure.text for measure in self.measures.values()}
        told = [text for answer in self.answers for text in answer.measures]
        return [text for text in dict.fromkeys(told) if text not in known]

    @property
    def terms(self) -> dict[str, date]:
        """The terms of the new measures, by their words; the first row that says one has the word."""
        told: dict[str, date] = {}
        for answer in self.answers:
            told = answer.terms | told
        return told

    @property
    def rectifiers(self) -> list[str]:
        """Who answers, where the sheet says another person than the record."""
        told = [each.rectifier for each in self.answers if not (each.issued and each.issued.has_left(each.rectifier))]
        return [name for name in dict.fromkeys(told) if name not in {"", self.finding.rectifier_name}]

    @property
    def note(self) -> str:
        return "\n".join(dict.fromkeys(answer.note for answer in self.answers if answer.note))

    @property
    def applies(self) -> bool:
        return any(answer.applies for answer in self.answers)

    def measure_of(self, answer: Answer) -> Measure | None:
        """The measure whose progress the row tells: its own, or the one that the row itself has brought."""
        own = answer.issued.measure if answer.issued else 0
        if own or len(answer.measures) != 1:
            return self.measures.get(own)
        (text,) = answer.measures
        return next((measure for measure in self.measures.values() if measure.text == text), None)

    def progressed(self) -> Iterator[tuple[Answer, Measure | None, int, str]]:
        """(answer, its measure or None for a new one, percent, result) for each row whose progress says something new."""
        for answer in self.answers:
            measure, wished = self.measure_of(answer), answer.wished()
            if wished is None or (measure is None and len(answer.measures) != 1):
                continue
            now = (measure.progress_percent, measure.result, measure.done_on) if measure else BEGINNING
            if wished != now[:2] or answer.done_anew not in {None, now[2]}:
                yield answer, measure, *wished


@dataclass
class Returned:
    """A sheet that came back. `problems` not empty: nothing of it is taken."""

    file: str
    people: str
    on: date | None
    unit: str
    rows: int = 0
    sha256: str = ""
    answers: list[Answer] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    more: list[Sheet] = field(default_factory=list)  # what it says beside its problems, by register

    def counted(self, act: str) -> int:
        """How many rows of its other registers do this."""
        return sum(taken.act == act for sheet in self.more for _line, taken in sheet.taken)
