"""The parts of a rule that is told as data, read and judged: every fault with its field, in both languages."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from jiandu.sources.crosscheck import tables
from jiandu.sources.crosscheck.tables import Column, Kind, Table

EQUAL = ("=", "!=")
ORDER = ("<", "<=", ">", ">=")
LISTED = ("in", "not in")
BARE = ("empty", "filled")
CONTAINS = "contains"
MEASURES = ("sum", "count", "distinct")
#: What may be ordered and counted with, and what is only the same or not.
ORDERED = {"number", "money", "date", "time"}
WORDS = {
    "number": ("数", "a number"),
    "money": ("金额", "money"),
    "date": ("日期", "a date"),
    "time": ("时刻", "a moment"),
    "flag": ("是非", "a flag"),
    "text": ("文字", "text"),
}
SORTS = {
    Kind.INT: "number",
    Kind.FLOAT: "number",
    Kind.MONEY: "money",
    Kind.DATE: "date",
    Kind.MONTH: "date",
    Kind.TIME: "time",
    Kind.FLAG: "flag",
    Kind.TEXT: "text",
    Kind.NAME: "text",
}
MOST = 10**15  # of a value, so that a hundred times it is still a whole number in every engine
LARGEST = 10**9  # of days, percent and what is added
RESERVED = ("place", "level")  # of every result

Error = dict[str, Any]


class Misdefined(Exception):
    """The definition cannot be a rule: `errors` name the field and the reason in both languages."""

    def __init__(self, errors: list[Error]) -> None:
        super().__init__(errors[0]["reason"] if errors else "")
        self.errors = errors


@dataclass(frozen=True)
class Condition:
    """One column against a value, the values of a list, another column (`to`), or a day counted from the run's."""

    column: Column
    op: str
    value: Any = None
    to: Column | None = None
    day: int | None = None
    percent: int = 100
    plus: int = 0


@dataclass(frozen=True)
class Within:
    """The other row's day lies between so many days after this row's day; negative is before."""

    column: Column
    other: Column
    first: int
    last: int


@dataclass(frozen=True)
class Other:
    """The table to look in: rows that hold the conditions and say the same in the paired columns."""

    table: Table
    same: tuple[tuple[Column, Column], ...]
    where: tuple[Condition, ...] = ()
    within: Within | None = None


@dataclass(frozen=True)
class Periods:
    """Two rows that say the same in `same` and differ in `differ`, whose periods share at least `days` days."""

    same: tuple[Column, ...]
    start: Column
    end: Column
    differ: tuple[Column, ...] = ()
    days: int = 1


@dataclass(frozen=True)
class Groups:
    """What is measured of each group, and against which limit; within any `days` days where a `window` is told."""

    by: tuple[Column, ...]
    measure: str
    op: str
    limit: float
    column: Column | None = None
    window: Column | None = None
    days: int = 0

    @property
    def name(self) -> str:
        """The column of the result: `sum_fen` is shown in yuan."""
        return "sum_fen" if self.measure == "sum" and self.column and self.column.kind == Kind.MONEY else self.measure


def sort_of(column: Column) -> str:
    """What a column may be compared with: the same sort. Identifiers are of the sort of their domain."""
    return column.of or SORTS[column.kind]


def said(column: Column) -> tuple[str, str]:
    """A column with its sort, as each language says it."""
    chinese, english = words(sort_of(column))
    return f"列“{column.words}”（{chinese}）", f"{column.name} ({english})"


def words(sort: str) -> tuple[str, str]:
    """A sort as each language says it."""
    return WORDS.get(sort, (f"{sort}编号", f"an identifier of {sort}"))


@dataclass
class Reader:
    """Reads one definition; faults are gathered, so that all are told at once."""

    errors: list[Error] = field(default_factory=list)

    def fault(self, where: str, chinese: str, english: str, value: Any = None) -> None:
        told = {} if value is None else {"value": value if isinstance(value, str | int | float) else str(value)}
        self.errors.append({"field": where, **told, "reason": f"{chinese} · {english}"})

    def text(self, data: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
        value = data.get(name, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            self.fault(name, "应填文字", "text is wanted", value or None)
            return ""
        return value.strip()

    def choice(self, data: Mapping[str, Any], where: str, name: str, known: Iterable[str]) -> str:
        value = data.get(name)
        if not isinstance(value, str) or value not in known:
            self.fault(f"{where}{name}", f"只能是：{'、'.join(known)}", f"must be one of: {', '.join(known)}", value)
            return ""
        return value

    def whole(self, data: Mapping[str, Any], where: str, default: int, least: int = -LARGEST) -> int:
        """A whole number by the last part of the field's name."""
        value = data.get(where.rpartition(".")[2], default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= LARGEST:
            self.fault(
                where, f"应为{least}至{LARGEST}的整数", f"a whole number from {least} to {LARGEST} is wanted", value
            )
            return default
        return value

    def known_fields(self, data: Mapping[str, Any], where: str, known: Iterable[str]) -> None:
        for name in data:
            if name not in known:
                self.fault(
                    f"{where}{name}",
                    f"没有这一项，可用：{'、'.join(known)}",
                    f"no such field; there are: {', '.join(known)}",
                )

    def mapping(self, value: Any, where: str) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.fault(where, "应为一组字段", "an object is wanted", value)
        return {}

    def items(self, value: Any, where: str, *, least: int = 0) -> list[Any]:
        if isinstance(value, list) and len(value) >= least:
            return value
        self.fault(where, f"应为至少{least}项的列表", f"a list of at least {least} is wanted", value)
        return []

    def table(self, data: Mapping[str, Any], where: str) -> Table | None:
        name = data.get("table")
        if not isinstance(name, str) or name not in tables.known():
            known = tables.known()
            self.fault(
                where,
                f"没有这种数据表，可用：{'、'.join(known)}",
                f"no such table; there are: {', '.join(known)}",
                name,
            )
            return None
        return tables.known()[name]

    def column(self, table: Table, name: Any, where: str) -> Column | None:
        if not isinstance(name, str) or name not in table.by_name:
            known = table.by_name
            self.fault(
                where,
                f"数据表“{table.words}”没有这一列，可用：{'、'.join(known)}",
                f"table {table.name} has no such column; there are: {', '.join(known)}",
                name,
            )
            return None
        return table.by_name[name]

    def columns(self, table: Table, names: Any, where: str, *, least: int = 1) -> tuple[Column, ...]:
        found = [
            self.column(table, name, f"{where}[{n}]") for n, name in enumerate(self.items(names, where, least=least))
        ]
        told = tuple(each for each in found if each)
        if len({each.name for each in told}) < len(told):
            self.fault(where, "同一列写了两次", "a column is told twice")
        return told

    def of_sort(self, column: Column | None, where: str, *sorts: str) -> None:
        """That a column is of one of the sorts."""
        if column and sort_of(column) not in sorts:
            chinese, english = zip(*map(words, sorts), strict=True)
            mine, my = said(column)
            wanted, wants = "或".join(chinese), " or ".join(english)
            self.fault(
                where, f"{mine}不能用在这里，要的是{wanted}", f"{my} cannot stand here: {wants} is wanted", column.name
            )

    def alike(self, one: Column | None, other: Column | None, where: str) -> None:
        """That two columns can be compared."""
        if one and other and sort_of(one) != sort_of(other):
            (a, first), (b, second) = said(one), said(other)
            self.fault(where, f"{a}与{b}不能比较", f"{first} and {second} cannot be compared", other.name)


def parsed(column: Column, value: Any) -> Any:
    """A value as the column holds it. Raises ValueError or TypeError."""
    sort = SORTS.get(column.kind, "text")
    if sort == "flag" and isinstance(value, bool):
        return value
    if sort in {"number", "money"} and isinstance(value, int | float) and not isinstance(value, bool):
        if not math.isfinite(value) or abs(value) > MOST or (column.kind != Kind.FLOAT and value != int(value)):
            raise ValueError(value)
        return float(value) if column.kind == Kind.FLOAT else int(value)
    if sort == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    if sort == "time" and isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?", value):
        return datetime.fromisoformat(value)
    if sort == "text" and isinstance(value, str):
        return value
    raise ValueError(value)
