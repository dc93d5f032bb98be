"""One row of a ledger into typed values, and every cell that cannot be read with its reason. Asks no database."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from jiandu.base.books.reasons import both
from jiandu.base.core.clock import today
from jiandu.base.core.sheets.cells import Fault
from jiandu.base.core.sheets.errors import CellProblem
from jiandu.base.core.sheets.layout import Row
from jiandu.base.core.text import normal, parse_date, parse_money_fen, split_list
from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.models import Finding, LookBack

REQUIRED = ("code", "office", "subject", "problem")
DATES = ("registered_on", "due_on", "applied_on", "closed_on", "looked_on")
TEXTS = [
    "code",
    "source",
    "project_code",
    "project_name",
    "office",
    "subject",
    "aspect",
    "problem",
    "facts",
    "measures",
    "rectifier",
    "verifier",
    "method",
    "approver",
    "note",
]
LENGTHS = {
    "code": 32,
    "problem": 500,
    "rectifier": 64,
    "verifier": 64,
    "approver": 64,
    "project_code": 32,
    "project_name": 200,
}
BODIES = 128
RULE = 200
RECTIFICATIONS = {
    "立行立改": Finding.Rectification.AT_ONCE,
    "立即整改": Finding.Rectification.AT_ONCE,
    "限期整改": Finding.Rectification.BY_TERM,
    "分阶段整改": Finding.Rectification.BY_TERM,
    "长期坚持": Finding.Rectification.LASTING,
    "持续整改": Finding.Rectification.LASTING,
}
CONCLUSIONS = {"通过": "pass", "核验通过": "pass", "阶段性销号": "stage", "不通过": "fail", "核验不通过": "fail"}
LOOKED = {as_recorded(result.label): result for result in LookBack.Result} | {
    "巩固": LookBack.Result.HELD,
    "反弹": LookBack.Result.REBOUND,
}


@dataclass(slots=True)
class Line:
    """A row as values: texts tidied, days as dates, money in fen, words as our codes."""

    sheet: str
    number: int
    texts: dict[str, str]
    dates: dict[str, date | None]
    columns: Mapping[str, str] = field(default_factory=dict)  # key → column letter, shared by all rows of a table
    bodies: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    amount_fen: int | None = None
    recovered_fen: int | None = None
    rectification: str = ""
    conclusion: str = ""
    look_result: str = ""
    problems: list[CellProblem] = field(default_factory=list)

    def text(self, key: str) -> str:
        return self.texts.get(key, "")

    def on(self, key: str) -> date | None:
        return self.dates.get(key)


def read_line(row: Row, columns: Mapping[str, str], *, required: tuple[str, ...] = REQUIRED) -> Line:
    """The row as a Line; what cannot be read stands in its `problems`. `columns`: key → column letter."""
    line = Line(row.sheet, row.number, {}, {}, columns)
    for key in TEXTS:
        line.texts[key] = _read(row, key, line, str, "")
    for key in DATES:
        line.dates[key] = _read(row, key, line, parse_date, None)
    line.amount_fen = _read(row, "amount", line, _money_under(row, "amount"), None)
    line.recovered_fen = _read(row, "recovered", line, _money_under(row, "recovered"), None)
    line.rectification = _read(row, "rectification", line, _word(RECTIFICATIONS), "")
    line.conclusion = _read(row, "conclusion", line, _word(CONCLUSIONS), "")
    line.look_result = _read(row, "look_result", line, _word(LOOKED), "")
    line.bodies = tuple(_read(row, "bodies", line, split_list, []))
    line.rules = tuple(dict.fromkeys(rule.strip().strip("《》") for rule in _read(row, "rules", line, split_list, [])))
    _check(row, line, required)
    return line


def _read(row: Row, key: str, line: Line, convert: Callable[[Any], Any], empty: Any) -> Any:
    cell = row.cells.get(key)
    if cell is None or (cell.text in {"", "无", "/", "-", "—"} and key not in {"code", "problem"}):
        return empty
    if isinstance(cell.value, Fault):
        line.problems.append(row.problem(key, both(cell.value.reason)))
        return empty
    try:
        return convert(cell.text if convert is str else cell.value)
    except ValueError as error:
        line.problems.append(row.problem(key, both(str(error))))
        return empty


def _money_under(row: Row, key: str) -> Callable[[Any], int | None]:
    """Money as the header counts it: under 涉及金额(万元) a bare number is in 万元."""
    cell = row.cells.get(key)
    if cell is None or not is_in_wan(cell.title):
        return parse_money_fen

    def convert(value: Any) -> int | None:
        said = format(Decimal(format(value, ".15g")), "f") if isinstance(value, float) else cell.text
        return parse_money_fen(said if "元" in said or "万" in said else f"{said}万元")

    return convert


def is_in_wan(title: str) -> bool:
    """Whether a header counts money in 万元."""
    return _IN_WAN.search(normal(title)) is not None


_IN_WAN = re.compile(r"[(\[【]万元?[)\]】]")


def _word(known: dict[str, Any]) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        word = normal(str(value)).replace(" ", "")
        if word not in known:
            raise ValueError(f"应为{'、'.join(known)}之一 · one of {', '.join(known)}")
        return str(known[word])

    return convert


def _check(row: Row, line: Line, required: tuple[str, ...]) -> None:
    for key in required:
        if not line.text(key):
            line.problems.append(row.problem(key, "必填 · required"))
    letter = line.columns.get("registered_on")
    if line.on("registered_on") is None and all(problem.column != letter for problem in line.problems):
        line.problems.append(row.problem("registered_on", "必填 · required"))
    for key, limit in LENGTHS.items():
        if len(line.text(key)) > limit:
            line.problems.append(row.problem(key, f"超过{limit}个字 · longer than {limit} characters"))
    if len("、".join(line.bodies)) > BODIES:
        line.problems.append(row.problem("bodies", f"超过{BODIES}个字 · longer than {BODIES} characters"))
    if any(len(rule) > RULE for rule in line.rules):
        line.problems.append(row.problem("rules", f"制度名称超过{RULE}个字 · a title longer than {RULE} characters"))
    _check_dates(row, line)


def _check_dates(row: Row, line: Line) -> None:
    """What happened has a date, and none in the future; only a term (整改时限) may lie ahead."""
    for key in DATES:
        if key != "due_on" and (line.on(key) or date.min) > today():
            line.problems.append(row.problem(key, "日期晚于今天 · later than today"))
    if line.look_result and line.on("looked_on") is None:
        line.problems.append(row.problem("looked_on", "有回头看结论而没有日期 · a look-back result needs its date"))
    if line.conclusion == "fail" and line.on("closed_on"):
        line.problems.append(row.problem("closed_on", "核验不通过而有销号日期 · closed although not verified"))
    if line.conclusion in {"pass", "stage"} and line.on("closed_on") is None and line.on("applied_on") is None:
        line.problems.append(row.problem("closed_on", "核验通过而没有日期 · verified without any date"))
