"""Rules without code: a definition as data (JSON) of one of five shapes becomes a rule like any other.

    {"id": "Z-1", "name": "变更过大", "level": "yellow", "shape": "compare", "table": "works",
     "where": [{"column": "changed_fen", "is": ">", "to": "contract_fen", "percent": 15}],
     "sentence": "工程{works_id}变更{changed_fen}。", "blind": "…", "basis": [{"title": "…"}]}

compare     rows of `table` that hold every condition of `where`
missing     of those, rows without a match in `other`; present: rows with one
overlap     pairs of those whose `periods` share days
threshold   `groups` of those whose sum, count or number of distinct values meets a limit, also within days

docs/shapes.md tells every field. What cannot be a rule is told with its field and reason, all faults at once.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

from jiandu.base.engine.columns import literal
from jiandu.sources.crosscheck import shape_asks as asks
from jiandu.sources.crosscheck.rule import LEVELS, Basis, Given, Rule
from jiandu.sources.crosscheck.shape_parts import RESERVED, Condition, Groups, Misdefined, Other, Periods, Reader
from jiandu.sources.crosscheck.shape_reading import cases, conditions, groups, other, periods
from jiandu.sources.crosscheck.tables import Column, Kind, Table

__all__ = ["SHAPES", "Misdefined", "Shape", "from_data", "from_file"]

SHAPES = {"compare": "", "missing": "other", "present": "other", "overlap": "periods", "threshold": "groups"}
ID = re.compile(r"Z-[A-Z0-9]+(-[A-Z0-9]+)*")
LONGEST_ID = 40
ALWAYS = ("id", "name", "level", "shape", "table", "where", "sentence", "blind", "basis", "place", "cases")


@dataclass(frozen=True)
class Shape:
    """A definition that was read: one of other, periods and groups at most."""

    kind: str
    table: Table
    where: tuple[Condition, ...]
    other: Other | None = None
    periods: Periods | None = None
    groups: Groups | None = None

    @property
    def key(self) -> tuple[str, ...]:
        if self.groups:
            return tuple(each.name for each in self.groups.by)
        return (*self.table.key, *(f"other_{name}" for name in self.table.key)) if self.periods else self.table.key

    @property
    def needs(self) -> tuple[str, ...]:
        """Its table, and each column without a value of which no row can hold its conditions (see decisive.py)."""
        asked = [each for each in self.where if each.op != "empty"]
        columns = [column for each in asked for column in (each.column, each.to) if column is not None]
        columns += [self.groups.column] if self.groups and self.groups.column else []
        columns += [self.periods.start] if self.periods else []
        named = (f"{self.table.name}.{column.name}" for column in columns if not column.needed)
        return (self.table.name, *dict.fromkeys(named))

    @property
    def said(self) -> dict[str, Column | None]:
        """What a sentence may name: columns, and what the shape itself measures."""
        if self.groups:
            return {each.name: each for each in self.groups.by} | {self.groups.name: None}
        own: dict[str, Column | None] = dict(self.table.by_name)
        if self.periods:
            own |= {f"other_{name}": column for name, column in self.table.by_name.items()} | {"shared": None}
        return own


def from_data(data: Mapping[str, Any]) -> Rule:
    """The rule that a definition tells. Raises Misdefined with every fault."""
    reader = Reader()
    told = reader.mapping(data, "")
    kind = reader.choice(told, "", "shape", SHAPES)
    reader.known_fields(told, "", (*ALWAYS, SHAPES[kind]) if kind and SHAPES[kind] else ALWAYS)
    table = reader.table(told, "table")
    shape = _shape(reader, kind, table, told) if kind and table else None
    heads = _heads(reader, told)
    basis, tried = _basis(reader, told.get("basis")), cases(reader, told.get("cases", []))
    place = _place(reader, shape, told)
    _sentence(reader, shape, heads["sentence"])
    if reader.errors or shape is None:
        raise Misdefined(reader.errors)
    return Rule(
        **heads,
        tables=tuple(dict.fromkeys((shape.table.name, *((shape.other.table.name,) if shape.other else ())))),
        key=shape.key,
        hits=_hits(shape, place, heads["sentence"]),
        basis=basis,
        cases=tried,
        behind=_behind(shape),
        needs=shape.needs,
        told=json.dumps(data, ensure_ascii=False, sort_keys=True),
    )


def from_file(path: Path) -> list[Rule]:
    """The rules of a JSON file: one definition, or a list. Raises Misdefined; fields then begin with the rule's place."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as failed:
        reason = f"不能读成 JSON：{failed} · cannot be read as JSON"
        raise Misdefined([{"file": path.name, "field": "", "reason": reason}]) from failed
    rules: list[Rule] = []
    errors = []
    for n, data in enumerate(found if isinstance(found, list) else [found]):
        try:
            rules.append(from_data(data))
        except Misdefined as wrong:
            name = data.get("id", f"[{n}]") if isinstance(data, dict) else f"[{n}]"
            errors += [{"file": path.name, "of": name, **each} for each in wrong.errors]
    ids = [rule.id for rule in rules]
    for twice in sorted({each for each in ids if ids.count(each) > 1}):
        errors.append({"file": path.name, "of": twice, "field": "id", "reason": "编号重复 · the id is there twice"})
    if errors:
        raise Misdefined(errors)
    return rules


def _shape(reader: Reader, kind: str, table: Table, told: Mapping[str, Any]) -> Shape:
    where = conditions(reader, table, told.get("where", []))
    if kind == "compare" and not told.get("where"):
        reader.fault("where", "至少要有一个条件", "at least one condition is wanted")
    part = SHAPES[kind]
    return Shape(
        kind,
        table,
        where,
        other=other(reader, table, told.get("other")) if part == "other" else None,
        periods=periods(reader, table, told.get("periods")) if part == "periods" else None,
        groups=groups(reader, table, told.get("groups")) if part == "groups" else None,
    )


def _heads(reader: Reader, told: Mapping[str, Any]) -> dict[str, Any]:
    heads = {name: reader.text(told, name) for name in ("id", "name", "sentence", "blind")}
    if heads["id"] and not (ID.fullmatch(heads["id"]) and len(heads["id"]) <= LONGEST_ID):
        reader.fault("id", "编号应如 Z-1、Z-GC-2", "an id is like Z-1 or Z-GC-2", heads["id"])
    return heads | {"level": reader.choice(told, "", "level", LEVELS)}


def _basis(reader: Reader, told: Any) -> tuple[Basis, ...]:
    found = []
    for n, each in enumerate(reader.items(told, "basis", least=1)):
        data = reader.mapping(each, f"basis[{n}]")
        reader.known_fields(data, f"basis[{n}].", ("title", "article", "since", "until"))
        title = data.get("title")
        if not isinstance(title, str) or not title.strip():
            reader.fault(f"basis[{n}].title", "应填依据名称", "the title of the basis is wanted", title)
            continue
        since, until = (_day(reader, data.get(name), f"basis[{n}].{name}") for name in ("since", "until"))
        found.append(Basis(title, str(data.get("article", "")), since, until))
    return tuple(found)


def _day(reader: Reader, value: Any, where: str) -> date | None:
    try:
        return None if value in {None, ""} else date.fromisoformat(value)
    except (TypeError, ValueError):
        reader.fault(where, "应为日期，如2024-12-31", "a date is wanted, like 2024-12-31", value)
        return None


def _place(reader: Reader, shape: Shape | None, told: Mapping[str, Any]) -> str:
    """The column that says where: the one told, else the village where there is one."""
    if shape is None:
        return ""
    at = {name: column for name, column in shape.said.items() if column and not name.startswith("other_")}
    name = told.get("place")
    if name is None:
        return "village" if "village" in at else ""
    fitting = [each for each, column in at.items() if column.type == "string"]
    if name not in fitting:
        names = "、".join(fitting)
        reader.fault("place", f"不是能写地点的列，可用：{names}", f"no column of a place; there are: {names}", name)
        return ""
    return str(name)


def _sentence(reader: Reader, shape: Shape | None, sentence: str) -> None:
    """That it names what there is, and nobody by name."""
    try:
        braces = [each for each in Formatter().parse(sentence) if each[1] is not None]
    except ValueError as failed:
        return reader.fault("sentence", f"花括号不成对：{failed}", "braces do not pair", sentence)
    if any(spec or conversion for _, _, spec, conversion in braces):
        reader.fault("sentence", "花括号里只写列名", "only the name of a column stands in braces", sentence)
    known = {name: column for name, column in (shape.said if shape else {}).items() if name not in RESERVED}
    for _, name, _, _ in braces if shape else ():
        column = known.get(str(name))
        if name != "place" and name not in known:
            there = "、".join(known)
            reader.fault(
                "sentence", f"句子里没有“{name}”可写，可用：{there}", f"there is no {name}; there are: {there}", name
            )
        elif column and column.kind == Kind.NAME:
            reader.fault("sentence", f"姓名不写进句子：{name}", f"names stand in no sentence: {name}", name)
    return None


def _behind(shape: Shape) -> dict[str, dict[str, str]]:
    """The rows that explain a hit."""
    if shape.groups:
        return {shape.table.name: {each.name: each.name for each in shape.groups.by}}
    if shape.periods:
        return {shape.table.name: {each.name: each.name for each in shape.periods.same}}
    theirs = {two.name: one.name for one, two in shape.other.same} if shape.other else {}
    looked = {shape.other.table.name: theirs} if shape.other else {}
    return {**looked, shape.table.name: {name: name for name in shape.table.key}}


def _hits(shape: Shape, place: str, sentence: str) -> Callable[[Given], Any]:
    named = {name for _, name, _, _ in Formatter().parse(sentence) if name}

    def hits(g: Given) -> Any:
        """What the definition asks."""
        found = asks.rows(getattr(g, shape.table.name), shape.where, g.on)
        if shape.other:
            theirs = asks.rows(getattr(g, shape.other.table.name), shape.other.where, g.on)
            found = asks.matched(found, shape.table, shape.other, theirs, present=shape.kind == "present")
        if shape.periods:
            found = asks.overlapping(found, shape.table, shape.periods, g.on, named | {place})
        if shape.groups:
            found = asks.measured(found, shape.groups)
        at = found[place].fill_null("") if place else literal("")
        return found.drop(*({"level"} & set(found.columns))).mutate(place=at)

    return hits
