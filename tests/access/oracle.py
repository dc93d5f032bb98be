"""Who may see what, worked out once more from roles.csv and the security design alone: nothing of the program is asked.

A person reaches a record by the office that owns it, by that office's subtree or city up to level 1, by a unit that the
office supervises up to level 1, as the operator of the unit once it may see it, or by name. A recusal beats all.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

CSV = Path(__file__).resolve().parents[2] / "src" / "jiandu" / "net" / "access" / "roles.csv"
INTERNAL, SENSITIVE, NAMED = 1, 2, 3


def _table() -> dict[str, dict[tuple[str, str], str]]:
    with CSV.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return {role: {(row[0], row[1]): row[number] for row in rows} for number, role in enumerate(header) if number > 1}


TABLE = _table()
ROLES = tuple(TABLE)


@dataclass(frozen=True)
class Person:
    """An account of the matrix: its role ("" for none) and where it stands. Offices are paths of names."""

    name: str
    role: str
    office: tuple[str, ...] = ()
    unit: str = ""
    supervises: frozenset[str] = frozenset()

    def may(self, verb: str, kind: str) -> bool:
        return bool(self.role) and TABLE[self.role].get((kind, verb)) == "x"

    @property
    def reach(self) -> str:
        return TABLE[self.role]["reach", ""] if self.role else "none"

    @property
    def clearance(self) -> int:
        return int(TABLE[self.role]["clearance", ""]) if self.role else -1


@dataclass(frozen=True)
class Thing:
    """A record as the policy sees it. `kind` is the word in roles.csv."""

    kind: str
    owner: tuple[str, ...]
    unit: str = ""
    level: int = INTERNAL
    unit_sees: bool = False
    named: frozenset[str] = frozenset()
    recused: frozenset[str] = frozenset()


def sees(person: Person, thing: Thing) -> bool:
    """May this person see this record?"""
    if not person.may("view", thing.kind) or person.name in thing.recused:
        return False
    if person.unit:
        mine = thing.unit == person.unit or thing.unit.startswith(f"{person.unit}/")
        return mine and thing.unit_sees and thing.level <= min(person.clearance, INTERNAL)
    if person.reach == "none":
        return False
    if person.name in thing.named:
        return thing.level == NAMED or thing.level <= person.clearance
    if thing.level == NAMED or thing.level > person.clearance:
        return False
    return thing.owner == person.office or (thing.level <= INTERNAL and _browses(person, thing))


def _browses(person: Person, thing: Thing) -> bool:
    """By hierarchy or supervision: never above level 1."""
    depth = {"subtree": len(person.office), "city": 1}.get(person.reach)
    is_below = depth is not None and thing.owner[:depth] == person.office[:depth]
    return is_below or any(thing.unit == unit or thing.unit.startswith(f"{unit}/") for unit in person.supervises)
