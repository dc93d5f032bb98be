"""What petitions are about (data/categories.json): nature of the breach and field of life, in levels, with words that speak for them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "categories.json"
#: Length of a code on each level: a code begins with those of the levels above it.
LEVELS = {"nature": (2, 3), "domain": (3, 5, 7)}


@dataclass(frozen=True)
class Category:
    """One item of a dictionary; `words` speak for it by themselves, those of the items below it too."""

    code: str
    label: str
    english: str
    words: tuple[str, ...]
    level: int
    above: str


@cache
def categories(kind: str) -> dict[str, Category]:
    """The items of "nature" or "domain" by code, in order."""
    items = json.loads(DATA.read_text(encoding="utf-8"))[kind]
    lengths = LEVELS[kind]
    found = {}
    for item in items:
        level = lengths.index(len(item["code"])) + 1
        above = item["code"][: lengths[level - 2]] if level > 1 else ""
        found[item["code"]] = Category(item["code"], item["label"], item["english"], tuple(item["words"]), level, above)
    return found


def described(kind: str, level: int) -> dict[str, tuple[str, ...]]:
    """For each item of a level its label and all words that speak for it or for an item below it."""
    items = categories(kind)
    return {
        code: tuple(
            dict.fromkeys(
                [one.label, *(word for each in items.values() if each.code.startswith(code) for word in each.words)]
            )
        )
        for code, one in items.items()
        if one.level == level
    }
