"""What of a hit may be shown, and what only as stars: identity numbers, names, accounts, and any text that no table explains.

A column is open when a table of the rule knows it and calls it anything but personal. A text under another name may be
anything: it is closed unless it is one of a few plain words of rules. A value that is closed in one place is closed in
every other text of the same alert.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jiandu.base.core.text import mask_identity_number, mask_name
from jiandu.sources.crosscheck import marks, tables
from jiandu.sources.crosscheck.rule import Rule
from jiandu.sources.crosscheck.tables import Column, Kind

IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{9}[\dXx](?!\d)|(?<!\d)[1-9]\d{14}(?!\d)")
#: Columns of hits that rules make themselves and that never hold a person.
PLAIN = {
    *("level", "place", "kind", "kind_b", "pay_kind", "reason", "why", "word", "of", "ties", "mode", "status", "sign"),
    *("by", "who", "how", "test", "city", "owner", "quarter", "head", "head_words"),
    *("before", "back_id", "settle_b", "hospital_b", "card_plate"),  # identifiers of rows, hospitals and cars
}
SHORTEST = 2  # a closed value of one sign is not looked for inside other texts


@dataclass(frozen=True)
class Shown:
    """A value as it may be shown, and whether it is the whole of it."""

    text: str
    is_closed: bool


def columns_of(rule: Rule) -> dict[str, Column]:
    """Each column that a hit may carry, by its name there; personal wins where tables disagree."""
    found: dict[str, Column] = {}
    for name in (*rule.tables, *rule.behind):
        for column in tables.named(name).columns:
            _add(found, column.name, column)
    for name, pairs in rule.behind.items():
        for column_name, hit in pairs.items():
            _add(found, hit, tables.named(name).by_name[column_name])
    return found


def _add(found: dict[str, Column], name: str, column: Column) -> None:
    if name not in found or column.personal:
        found[name] = column


def is_closed(name: str, value: Any, known: Mapping[str, Column]) -> bool:
    """Whether a value of a hit's column is shown as stars."""
    if value is None or not isinstance(value, str):
        return False
    if name in known:
        return known[name].personal or bool(IDENTITY.search(value))
    return name not in PLAIN or bool(IDENTITY.search(value))


def masked(value: str, kind: Kind | None) -> str:
    """The value with its stars."""
    if marks.is_mark(value):
        return marks.shown(value)
    if kind == Kind.PERSON or IDENTITY.fullmatch(value):
        return mask_identity_number(value)
    if kind == Kind.ACCOUNT:
        return "*" * max(0, len(value) - 4) + value[-4:] if len(value) > 8 else "*" * len(value)
    return mask_name(value)


def hit_as_shown(rule: Rule, hit: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The hit with its closed values as stars, and which values those are: {in clear: as shown}."""
    known, closed, shown = columns_of(rule), {}, {}
    for name, value in hit.items():
        if is_closed(name, value, known):
            closed[value] = masked(value, known[name].kind if name in known else None)
        shown[name] = closed.get(value, value) if isinstance(value, str) else value
    return shown, closed


def row_as_shown(table: str, row: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The same of one row of a table."""
    columns, closed, shown = tables.named(table).by_name, {}, {}
    for name, value in row.items():
        if is_closed(name, value, columns):
            closed[value] = masked(value, columns[name].kind)
        shown[name] = closed.get(value, value) if isinstance(value, str) else value
    return shown, closed


def without(text: str, closed: Mapping[str, str]) -> str:
    """A text without the closed values, the longest first; numbers that look like a person's are starred in any case."""
    for value in sorted(closed, key=len, reverse=True):
        if len(value) >= SHORTEST:
            text = text.replace(value, closed[value])
    return IDENTITY.sub(lambda found: mask_identity_number(found[0]), text)


def together(many: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """All closed values of an alert."""
    return {value: stars for each in many for value, stars in each.items()}
