"""One row of a unit sheet that came back, as values; every cell that cannot be read with its reason. Asks no database."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiandu.base.books.reasons import both
from jiandu.base.core.sheets.cells import Fault
from jiandu.base.core.sheets.errors import CellProblem
from jiandu.base.core.sheets.layout import Row
from jiandu.base.core.text import parse_date, split_term
from jiandu.loop.findings.models import Measure
from jiandu.loop.workbooks.row_ids import RowId
from jiandu.loop.workbooks.unit_sheets import NO, RESULTS, YES

PERCENT = "应为 0 到 100 的整数 · a whole number from 0 to 100"
RESULT = f"应为{'、'.join(RESULTS)}之一 · one of {', '.join(RESULTS)}"
NO_WORDS = "请填写整改措施，不能只有日期 · name the measure, not a date alone"
NO_MEASURE_OF_TERM = "请先在“新增整改措施”填写措施，或将时限留空 · name the measure first, or leave its term empty"
CHOICE = "应为是或否 · yes (是) or no (否)"
Result = Measure.Result


@dataclass(eq=False)
class Answer:
    """What the unit wrote in one row. None and "" where it wrote nothing. `issued` is the row's id.

    `measures` are the new ones as written, each with its own term or that of the row in `terms`.
    """

    row: Row
    code: str
    measures: list[str]
    percent: int | None
    result: str
    done_on: date | None
    rectifier: str
    note: str
    applies: bool
    problems: list[CellProblem] = field(default_factory=list)
    issued: RowId | None = None
    terms: dict[str, date] = field(default_factory=dict)

    @property
    def says_progress(self) -> bool:
        """Whether anything is written in the cells of progress."""
        return self.percent is not None or bool(self.result) or self.done_on is not None

    @property
    def steps(self) -> int:
        """How many steps the finding had when the sheet was written."""
        return self.issued.steps if self.issued else 0

    @property
    def done_anew(self) -> date | None:
        """The date of completion, where the unit has written another one."""
        return None if self.issued and self.done_on == self.issued.done_on else self.done_on

    def wished(self) -> tuple[int, str] | None:
        """(percent, result) that the row asks for; None where its cells are as they were sent."""
        before = (self.issued.percent, self.issued.result) if self.issued else (0, str(Result.NOT_BEGUN))
        after = self.progress(*before)
        return after if after != before or self.done_anew else None

    def progress(self, percent: int, result: str) -> tuple[int, str]:
        """(percent, result) after this answer, from those before: a cell left as it was follows the one that was changed."""
        told = percent if self.percent is None else self.percent
        if self.result and self.result != result:
            return (100 if self.result == Result.DONE and told == percent else told), self.result
        if told == percent:
            return percent, result
        if told == 100:
            return told, Result.DONE
        return told, Result.UNDER_WAY if result in {Result.NOT_BEGUN, Result.DONE} else result


def read_answer(row: Row) -> Answer:
    """The row as an Answer; what cannot be read stands in its `problems`."""
    answer = Answer(
        row=row,
        code=_text(row, "code"),
        measures=[],
        percent=None,
        result="",
        done_on=None,
        rectifier=_text(row, "rectifier"),
        note=_text(row, "note"),
        applies=_text(row, "apply") == YES,
    )
    answer.percent = _percent(answer)
    answer.result = _result(answer)
    answer.done_on = _date(answer, "done_on")
    _measures(answer)
    if _text(row, "apply") not in {"", YES, NO}:
        answer.problems.append(row.problem("apply", CHOICE))
    if len(answer.rectifier) > 64:
        answer.problems.append(row.problem("rectifier", "超过64个字 · longer than 64 characters"))
    return answer


def _value(row: Row, key: str) -> Any:
    cell = row.cells.get(key)
    return cell.value if cell else None


def _text(row: Row, key: str) -> str:
    cell = row.cells.get(key)
    return cell.text.replace("\r\n", "\n").strip() if cell and not isinstance(cell.value, Fault) else ""


def _percent(answer: Answer) -> int | None:
    value, text = _value(answer.row, "percent"), _text(answer.row, "percent").rstrip("%％").strip()
    if value is None or (not text and not isinstance(value, Fault)):
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1
    if number != int(number) or not 0 <= number <= 100:
        answer.problems.append(answer.row.problem("percent", PERCENT))
        return None
    return int(number)


def _result(answer: Answer) -> str:
    text = _text(answer.row, "result")
    if text and text not in RESULTS:
        answer.problems.append(answer.row.problem("result", RESULT))
        return ""
    return str(RESULTS[text]) if text else ""


def _measures(answer: Answer) -> None:
    """The new measures, each with the term at the end of its line, else with that of the row."""
    of_row = _date(answer, "term")
    for line in filter(None, map(str.strip, _text(answer.row, "measures").splitlines())):
        text, term = split_term(line)
        if not text:
            answer.problems.append(answer.row.problem("measures", NO_WORDS))
            continue
        answer.measures.append(text)
        if term := term or of_row:
            answer.terms[text] = term
    if of_row and not answer.measures:
        answer.problems.append(answer.row.problem("term", NO_MEASURE_OF_TERM))


def _date(answer: Answer, key: str) -> date | None:
    value = _value(answer.row, key)
    if value is None or value == "":
        return None
    try:
        return parse_date(value.reason if isinstance(value, Fault) else value)
    except ValueError as error:
        answer.problems.append(answer.row.problem(key, both(str(error))))
        return None
