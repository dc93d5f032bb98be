"""What differs between kinds of sheet (data/kinds.json): who signs, which clocks run, what is cited, the words of the paper.

An installation changes the words of a kind by a file `letters.json` in its data folder: {"kinds": [{"kind": "reminder",
"title": "…", "parts": […]}]}; what a row leaves out stays as shipped.
"""

import json
import re
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from jiandu.base.core.errors import Refused
from jiandu.base.lexicon import statutes
from jiandu.base.lexicon.terms import deadline
from jiandu.loop.instruments.models import Instrument

FILE = Path(__file__).parent / "data" / "kinds.json"
UNITS = {"working_day": "个工作日", "day": "日", "month": "个月", "year": "年"}
#: What the words of a template may name.
NAMES = frozenset(
    [
        "unit",
        "title",
        "source",
        "nature",
        "study",
        "term",
        "leader",
        "basis",
        "refusal",
        "code",
        "retention",
    ]
)
#: What a part of a template may be made of.
OF = frozenset(["nature", "facts", "causes", "advice", "reply_ask", "suggestions", "findings"])
PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A passage: a heading, a sentence that leads in, and what it is made of; left out where that is empty."""

    heading: str = ""
    text: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """`signed_by`: the word in roles.csv that signing needs. `cites`: placeholder → matter in the statutes."""

    kind: str
    word: str  # of its internal number
    signed_by: str
    title: str
    to: str
    parts: tuple[Part, ...]
    reply_term: str = ""
    study_term: str = ""
    cites: tuple[tuple[str, str], ...] = ()
    needs_reply: bool = True


def kind_of(kind: str) -> Kind:
    """The row of a kind, in the installation's own words."""
    return _kinds(Path(settings.DATA) / "letters.json")[kind]


def read_kinds(path: Path = FILE, local: Path | None = None) -> dict[str, Kind]:
    """Every kind, as shipped or as the local file says. Raises ValueError, in both languages, for a file that is wrong."""
    shipped = {row["kind"]: row for row in _load(path)}
    for row in _load(local) if local is not None else []:
        if row.get("kind") not in shipped:
            raise _wrong(local, f"kind {row.get('kind')!r}")
        shipped[row["kind"]] = shipped[row["kind"]] | {
            name: row[name] for name in ("title", "to", "parts") if name in row
        }
    return {key: _row(row, local or path) for key, row in shipped.items()}


@cache
def _kinds(local: Path) -> dict[str, Kind]:
    return read_kinds(FILE, local if local.exists() else None)


def _load(path: Path) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = list(json.loads(path.read_text(encoding="utf-8"))["kinds"])
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong(path, error) from error
    return rows


def _row(row: dict[str, Any], path: Path) -> Kind:
    known = {field.name for field in fields(Kind)}
    if row["kind"] not in Instrument.Kind.values or row.keys() - known:
        raise _wrong(path, row["kind"])
    parts = tuple(Part(**part) for part in row["parts"])
    said = " ".join([row["title"], row["to"], *(f"{part.heading} {part.text}" for part in parts)])
    strange = set(PLACE.findall(said)) - NAMES | {part.of for part in parts if part.of} - OF
    if strange:
        raise _wrong(path, "、".join(sorted(strange)))
    return Kind(**{**row, "parts": parts, "cites": tuple(row.get("cites", {}).items())})


def _wrong(path: Path | None, what: object) -> ValueError:
    name = path.name if path else ""
    return ValueError(f"{name} 不是约定的格式：{what} · {name} is not of the agreed form: {what}")


def cited(kind: Kind, on: date) -> dict[str, str]:
    """Placeholder → the articles in force on that day, as a document cites them. Raises Refused (no-basis)."""
    found = {}
    for name, matter in kind.cites:
        articles = statutes.basis(matter, on=on)
        if not articles:
            raise Refused("no-basis", "%(on)s尚无可引用的法规依据：%(matter)s", on=on.isoformat(), matter=matter)
        found[name] = statutes.cite(articles)
    return found


def term_words(key: str, on: date, days: int | None = None) -> str:
    """A term in words: the document's own (calendar days) or the one that applies on that day: 10个工作日."""
    if days:
        return f"{days}日"
    row = deadline(key, on=on)
    return f"{row.amount}{UNITS[row.unit]}"
