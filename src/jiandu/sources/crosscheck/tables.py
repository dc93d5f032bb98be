"""The canonical tables that rules read: columns, kinds, keys, and what a clean value is (domain §9.1, §9.4).

They are written down in `data/tables.toml`. Money is whole 分, an area is 亩, a month is its first day. A table may come
from anywhere; here it has one shape.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jiandu.base.core.errors import Refused

DATA = Path(__file__).parent / "data" / "tables.toml"

#: The book of a receipt whose number names none.
UNNAMED_BOOK = "未分册"

Value = str | int | float | bool | date | datetime | None


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NAME = "name"  # of a person or firm
    ACCOUNT = "account"
    KEY = "key"  # an identifier of its domain
    PERSON = "person"  # identity number, GB 11643, 18 places
    COMPANY = "company"  # credit code, GB 32100
    INT = "int"
    FLOAT = "float"
    MONEY = "money"  # 分
    DATE = "date"
    MONTH = "month"  # the first day
    TIME = "time"
    FLAG = "flag"


#: The type of each kind on disk and in every engine, by Ibis' name.
TYPES = {
    Kind.INT: "int64",
    Kind.FLOAT: "float64",
    Kind.MONEY: "int64",
    Kind.DATE: "date",
    Kind.MONTH: "date",
    Kind.TIME: "timestamp",
    Kind.FLAG: "boolean",
}
PERSONAL = {Kind.PERSON, Kind.NAME, Kind.ACCOUNT}
DOMAINS = {Kind.PERSON: "person", Kind.COMPANY: "company", Kind.ACCOUNT: "account"}
COLUMN = re.compile(r"(?P<kind>[a-z]+)(:(?P<of>[a-z]+))?(?P<needed>!)? (?P<words>[^=]+?)( = (?P<clean>.+))?")


@dataclass(frozen=True)
class Column:
    """One column. `of` is the domain of an identifier; `clean` is what an ordinary row says where nothing is told."""

    name: str
    kind: Kind
    words: str
    of: str = ""
    needed: bool = False
    clean: Value = None

    @property
    def type(self) -> str:
        return TYPES.get(self.kind, "string")

    @property
    def personal(self) -> bool:
        return self.kind in PERSONAL


@dataclass(frozen=True)
class Table:
    """One table; its key is unique."""

    name: str
    words: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {each.name: each for each in self.columns}

    @property
    def schema(self) -> dict[str, str]:
        """Column to type, as Ibis wants it."""
        return {each.name: each.type for each in self.columns}


@cache
def known() -> dict[str, Table]:
    """Every canonical table by its name."""
    return {name: _table(name, told) for name, told in tomllib.loads(DATA.read_text("utf-8")).items()}


def named(name: str) -> Table:
    """One canonical table. Raises Refused where there is none of that name."""
    if name not in known():
        raise Refused("table", "没有这种数据表：%(name)s；可用：%(known)s", name=name, known=", ".join(known()))
    return known()[name]


def parse(text: str, kind: Kind) -> Value:
    """A value as data and forms write it. Raises ValueError."""
    if kind in {Kind.INT, Kind.MONEY}:
        return int(text)
    if kind == Kind.FLOAT:
        return float(text)
    if kind in {Kind.DATE, Kind.MONTH}:
        return date.fromisoformat(text)
    if kind == Kind.TIME:
        return datetime.fromisoformat(text)
    return text == "true" if kind == Kind.FLAG else text


def _table(name: str, told: dict[str, Any]) -> Table:
    columns = tuple(_column(key, str(line)) for key, line in told.items() if key not in {"words", "key"})
    return Table(name, str(told["words"]), tuple(told["key"]), columns)


def _column(name: str, line: str) -> Column:
    said = COLUMN.fullmatch(line)
    if said is None:
        raise ValueError(f"{DATA.name}: {name} = {line!r}")
    kind, clean = Kind(said["kind"]), said["clean"]
    return Column(
        name,
        kind,
        said["words"],
        of=said["of"] or DOMAINS.get(kind, ""),
        needed=bool(said["needed"]),
        clean=None if clean is None else parse(clean, kind),
    )
