"""Every clock with its article and the days on which it applies (data/terms.json), as `clock.Term`.

Statutory terms are fixed. Local defaults (立行立改 30 days …) may be changed by a file `terms.json` in the data folder
of the installation: {"terms": [{"key": "rectify-by-date", "amount": 45, "unit": "day", "from": "2024-01-01"}]}.
A due date that was set before does not move.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from jiandu.base.core.clock import Term, Unit, due
from jiandu.base.lexicon import statutes
from jiandu.base.lexicon.calendar import load_calendar

FILE = Path(__file__).parent / "data" / "terms.json"
LOCAL = "local:"  # the article key of a term that stands in no statute


@dataclass(frozen=True, slots=True)
class Deadline:
    """One row of the table of terms. `start` is the event from which it runs. Both days of force are included."""

    key: str
    zh: str
    en: str
    amount: int
    unit: Unit
    start: str
    start_en: str
    articles: tuple[str, ...]
    effective_from: date
    effective_to: date | None
    is_local: bool = False

    def term(self, on: date) -> Term:
        """The term as the clock counts it, under the first article in force on that day."""
        articles = statutes.in_force(self.articles, on)
        article = articles[0].key if articles else LOCAL + self.key
        return Term(self.amount, self.unit, article, self.effective_from, self.effective_to)

    def basis(self, on: date) -> tuple[statutes.Article, ...]:
        """The articles behind it that were in force on that day; none for a local default."""
        return statutes.in_force(self.articles, on)


def deadlines() -> tuple[Deadline, ...]:
    """Every row, with the installation's own local defaults. Read once a process."""
    return _deadlines(str(settings.DATA))


def deadline(key: str, *, on: date) -> Deadline:
    """The row that applied on that day. Raises LookupError for an unknown key, or where nothing applied yet."""
    rows = [row for row in deadlines() if row.key == key]
    if not rows:
        raise LookupError(f"没有“{key}”这一期限 · no such term: {key}")
    for row in rows:
        if row.effective_from <= on and (row.effective_to is None or on <= row.effective_to):
            return row
    raise LookupError(f"期限“{key}”在 {on} 尚未施行或已失效 · term {key} was not in force on {on}")


def term(key: str, *, on: date) -> Term:
    """The term that applied on that day: for a clock, the day of the event that starts it. Raises as deadline."""
    return deadline(key, on=on).term(on)


def due_on(key: str, *, start: date) -> date:
    """The last day in time for a duty that started on `start`, by the term of that day. Raises as deadline."""
    return due(term(key, on=start), start, load_calendar())


def read_terms(path: Path = FILE, local: Path | None = None) -> tuple[Deadline, ...]:
    """The rows of `path`, with the local defaults replaced as `local` says from its dates on.

    Raises ValueError, in both languages, for a file that is wrong or changes a statutory term.
    """
    rows = [_row(row) for row in _load(path)]
    for change in _load(local) if local is not None else []:
        rows = _changed(rows, change, local)
    return tuple(rows)


@cache
def _deadlines(data: str) -> tuple[Deadline, ...]:
    local = Path(data) / "terms.json"
    return read_terms(FILE, local if local.exists() else None)


def _load(path: Path) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = list(json.loads(path.read_text(encoding="utf-8"))["terms"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} 不是约定的格式 · {path.name} is not of the agreed form: {error}") from error
    return rows


def _row(row: dict[str, Any]) -> Deadline:
    return Deadline(
        key=row["key"],
        zh=row["zh"],
        en=row["en"],
        amount=row["amount"],
        unit=Unit(row["unit"]),
        start=row["start"],
        start_en=row["start_en"],
        articles=tuple(row["articles"]),
        effective_from=date.fromisoformat(row["from"]),
        effective_to=date.fromisoformat(row["to"]) if row["to"] else None,
        is_local=row.get("local", False),
    )


def _changed(rows: list[Deadline], change: dict[str, Any], path: Path | None) -> list[Deadline]:
    """The rows with one more version of a local default: the last one ends on the day before."""
    where = path.name if path else ""
    try:
        key, amount, unit = str(change["key"]), int(change["amount"]), Unit(change["unit"])
        start = date.fromisoformat(change["from"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{where} 有误:{change} · wrong entry in {where}: {error}") from error
    last = next((row for row in reversed(rows) if row.key == key), None)
    if last is None or not last.is_local:
        raise ValueError(f"“{key}”不是可更改的本地期限 · {key} is not a local term that may be changed ({where})")
    if amount < 1 or start <= last.effective_from:
        raise ValueError(f"“{key}”的期限或施行日期有误 · wrong amount or date of {key} ({where})")
    ended = replace(last, effective_to=start - timedelta(days=1))
    begun = replace(last, amount=amount, unit=unit, effective_from=start)
    place = rows.index(last)
    return [*rows[:place], ended, begun, *rows[place + 1 :]]
