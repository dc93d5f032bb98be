"""A record of level ≥ 2 in a list: where it would speak stands its level, until it is opened and the look is logged."""

from collections.abc import Iterable
from typing import Any

from jiandu.net.access.models import Level, Owned

Row = dict[str, Any]
TELLING = ("main", "wrap")  # the kinds of column that hold the words of a record


def kept(one: Any, columns: Iterable[tuple[Any, str]], row: Row) -> Row:
    """The row of a record as c-table takes it, without its words if its level asks for that."""
    if not isinstance(one, Owned) or one.level < Level.SENSITIVE:
        return row
    told = zip(row["cells"], columns, strict=True)
    return row | {"cells": [_silent(one, cell) if _tells(kind) else cell for cell, (_label, kind) in told]}


def _tells(kind: str) -> bool:
    return any(word in kind for word in TELLING)


def _silent(one: Owned, cell: Any) -> Row:
    return {"text": one.listed_as(""), "href": cell.get("href", "") if isinstance(cell, dict) else ""}
