"""The shipped dictionaries (data/dictionaries.json): a safe starter set, to be renamed, retired and added to."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "dictionaries.json"


@dataclass(frozen=True, slots=True)
class DefaultItem:
    """One shipped choice."""

    code: str
    zh: str
    en: str
    also_called: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DefaultDictionary:
    """One shipped dictionary: its key, its names and its choices in order."""

    kind: str
    zh: str
    en: str
    items: tuple[DefaultItem, ...]


@cache
def defaults() -> tuple[DefaultDictionary, ...]:
    """The shipped dictionaries in the order of the file."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))["dictionaries"]
    return tuple(
        DefaultDictionary(row["kind"], row["zh"], row["en"], tuple(_item(item) for item in row["items"]))
        for row in rows
    )


def _item(row: dict[str, str | list[str]]) -> DefaultItem:
    return DefaultItem(str(row["code"]), str(row["zh"]), str(row["en"]), tuple(row.get("also", ())))
