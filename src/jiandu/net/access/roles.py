"""Reads roles.csv: which role may do which verb to which kind of record, how far it reaches, what it must not join."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("roles.csv")
ATTRIBUTES = ("label", "reach", "clearance", "separated", "acts_for")


@dataclass(frozen=True)
class Role:
    """One column of roles.csv. `reach`: office | subtree | city | unit | none. `separated`: one of the three administrators.

    `acts_for`: the role of those for whom this one acts; a grant names whom (秘书 → 委领导).
    """

    key: str
    zh: str
    en: str
    reach: str
    clearance: int
    separated: str
    acts_for: str
    verbs: frozenset[str]  # "model:verb"

    def may(self, verb: str, model: str) -> bool:
        return f"{model}:{verb}" in self.verbs


@cache
def roles() -> dict[str, Role]:
    """Every role by key, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    return {key: _role(key, index, rows) for index, key in enumerate(header) if index > 1}


@cache
def known_verbs() -> frozenset[str]:
    """Each "model:verb" that the file names; anything else is denied to everybody."""
    return frozenset(f"{row[0]}:{row[1]}" for row in _matrix())


def _matrix() -> list[list[str]]:
    with FILE.open(encoding="utf-8", newline="") as handle:
        return [row for row in list(csv.reader(handle))[1:] if row[0] not in ATTRIBUTES]


def _role(key: str, index: int, rows: list[list[str]]) -> Role:
    said = {(row[0], row[1]): row[index] for row in rows}
    verbs = frozenset(f"{kind}:{name}" for (kind, name), mark in said.items() if kind not in ATTRIBUTES and mark == "x")
    return Role(
        key=key,
        zh=said["label", "zh"],
        en=said["label", "en"],
        reach=said["reach", ""],
        clearance=int(said["clearance", ""]),
        separated=said["separated", ""],
        acts_for=said["acts_for", ""],
        verbs=verbs,
    )


def grouped() -> list[tuple[str, list[str]]]:
    """(kind of record, its verbs) in the order of the file: the rows of the printed matrix."""
    found: dict[str, list[str]] = {}
    for kind, verb, *_marks in _matrix():
        found.setdefault(kind, []).append(verb)
    return list(found.items())
