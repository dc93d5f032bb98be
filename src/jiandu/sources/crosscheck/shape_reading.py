"""Reads conditions, the other table, periods and groups of a rule that is told as data."""

from collections.abc import Mapping
from typing import Any

from jiandu.sources.crosscheck.rule import Case, Row
from jiandu.sources.crosscheck.shape_parts import (
    BARE,
    CONTAINS,
    EQUAL,
    LISTED,
    MEASURES,
    ORDER,
    ORDERED,
    RESERVED,
    Condition,
    Groups,
    Other,
    Periods,
    Reader,
    Within,
    parsed,
    said,
    sort_of,
    words,
)
from jiandu.sources.crosscheck.tables import Column, Kind, Table

OPS = (*EQUAL, *ORDER, *LISTED, *BARE, CONTAINS)
#: What a value must look like where the sort alone does not say it.
LIKE = {
    "money": ("以分为单位的整数", "a whole number of 分"),
    "date": ("日期，如2024-12-31", "a date like 2024-12-31"),
    "time": ("时刻，如2024-12-31 08:00", "a moment like 2024-12-31 08:00"),
    "flag": ("true或false", "true or false"),
}
ASKED = ("value", "values", "to", "day")


def conditions(reader: Reader, table: Table, told: Any, where: str = "where") -> tuple[Condition, ...]:
    """All must hold."""
    found = []
    for n, each in enumerate(reader.items(told, where)):
        place = f"{where}[{n}]"
        before = len(reader.errors)
        data = reader.mapping(each, place)
        condition = _condition(reader, table, data, f"{place}.") if data else None
        if condition and len(reader.errors) == before:
            found.append(condition)
    return tuple(found)


def _condition(reader: Reader, table: Table, told: Mapping[str, Any], at: str) -> Condition | None:
    reader.known_fields(told, at, ("column", "is", *ASKED, "percent", "plus"))
    column = reader.column(table, told.get("column"), f"{at}column")
    op = reader.choice(told, at, "is", OPS)
    if not column or not op:
        return None
    _fits(reader, column, op, f"{at}is")
    asked, wanted = [name for name in ASKED if name in told], _wanted(op)
    if len(asked) != bool(wanted) or not set(asked) <= set(wanted):
        chinese, english = "、".join(wanted) or "（不写）", ", ".join(wanted) or "nothing"
        reader.fault(at.rstrip("."), f"“{op}”要且只要一项：{chinese}", f"{op} takes exactly one of: {english}")
        return None
    return _right(reader, table, column, told, at)


def _wanted(op: str) -> tuple[str, ...]:
    """What an operator is told beside it."""
    if op in BARE:
        return ()
    return ("values",) if op in LISTED else ("value",) if op == CONTAINS else ("value", "to", "day")


def _fits(reader: Reader, column: Column, op: str, at: str) -> None:
    chinese, english = said(column)
    if op in ORDER and sort_of(column) not in ORDERED:
        reader.fault(at, f"{chinese}没有大小先后", f"{english} has no order", op)
    if op == CONTAINS and column.type != "string":
        reader.fault(at, f"{chinese}不是文字", f"{english} is no text", op)


def _right(reader: Reader, table: Table, column: Column, told: Mapping[str, Any], at: str) -> Condition | None:
    op = told["is"]
    if "to" in told:
        return _to(reader, table, column, told, at)
    if "percent" in told or "plus" in told:
        reader.fault(at.rstrip("."), "percent 和 plus 只与 to 一起用", "percent and plus go with to")
    if "day" in told:
        reader.of_sort(column, f"{at}day", "date", "time")
        return Condition(column, op, day=reader.whole(told, f"{at}day", 0))
    if op in LISTED:
        values = reader.items(told["values"], f"{at}values", least=1)
        return Condition(
            column, op, tuple(_value(reader, column, each, f"{at}values[{n}]") for n, each in enumerate(values))
        )
    return Condition(column, op, None if op in BARE else _value(reader, column, told["value"], f"{at}value"))


def _to(reader: Reader, table: Table, column: Column, told: Mapping[str, Any], at: str) -> Condition | None:
    other = reader.column(table, told["to"], f"{at}to")
    reader.alike(column, other, f"{at}to")
    percent, plus = reader.whole(told, f"{at}percent", 100, 0), reader.whole(told, f"{at}plus", 0)
    if "percent" in told:
        reader.of_sort(column, f"{at}percent", "number", "money")
    if "plus" in told:
        reader.of_sort(column, f"{at}plus", "number", "money", "date")
    return Condition(column, told["is"], to=other, percent=percent, plus=plus) if other else None


def _value(reader: Reader, column: Column, value: Any, at: str) -> Any:
    try:
        return parsed(column, value)
    except (ValueError, TypeError):
        (mine, my), sort = said(column), sort_of(column)
        chinese, english = LIKE.get(sort, words(sort))
        reader.fault(at, f"不是{mine}的值，应为{chinese}", f"no value of {my}: {english} is wanted", value)
        return None


def other(reader: Reader, table: Table, told: Any) -> Other | None:
    """The table that is looked in."""
    data = reader.mapping(told, "other")
    reader.known_fields(data, "other.", ("table", "same", "where", "within"))
    found = reader.table(data, "other.table")
    if not found:
        return None
    same = []
    pairs = reader.mapping(data.get("same"), "other.same")
    if not pairs:
        reader.fault("other.same", "至少要有一对相同的列", "at least one pair of columns is wanted")
    for mine, theirs in pairs.items():
        one, two = reader.column(table, mine, f"other.same.{mine}"), reader.column(found, theirs, f"other.same.{mine}")
        reader.alike(one, two, f"other.same.{mine}")
        if one and two:
            same.append((one, two))
    where = conditions(reader, found, data.get("where", []), "other.where")
    within = _within(reader, table, found, data["within"]) if "within" in data else None
    return Other(found, tuple(same), where, within)


def _within(reader: Reader, table: Table, found: Table, told: Any) -> Within | None:
    data = reader.mapping(told, "other.within")
    reader.known_fields(data, "other.within.", ("column", "other", "from", "to"))
    mine = reader.column(table, data.get("column"), "other.within.column")
    theirs = reader.column(found, data.get("other"), "other.within.other")
    reader.of_sort(mine, "other.within.column", "date", "time")
    reader.of_sort(theirs, "other.within.other", "date", "time")
    first, last = reader.whole(data, "other.within.from", 0), reader.whole(data, "other.within.to", 0)
    if first > last:
        reader.fault("other.within.to", "止比起小", "to is before from", last)
    return Within(mine, theirs, first, last) if mine and theirs else None


def periods(reader: Reader, table: Table, told: Any) -> Periods | None:
    """Two periods of one key."""
    data = reader.mapping(told, "periods")
    reader.known_fields(data, "periods.", ("same", "from", "to", "differ", "days"))
    same = reader.columns(table, data.get("same"), "periods.same")
    differ = reader.columns(table, data.get("differ", []), "periods.differ", least=0)
    start = reader.column(table, data.get("from"), "periods.from")
    end = reader.column(table, data.get("to"), "periods.to")
    reader.of_sort(start, "periods.from", "date", "time")
    reader.of_sort(end, "periods.to", "date", "time")
    days = reader.whole(data, "periods.days", 1, 1)
    return Periods(same, start, end, differ, days) if start and end else None


def groups(reader: Reader, table: Table, told: Any) -> Groups | None:
    """A measure of each group against a limit."""
    data = reader.mapping(told, "groups")
    reader.known_fields(data, "groups.", ("by", "measure", "column", "is", "limit", "window", "days"))
    by = reader.columns(table, data.get("by"), "groups.by")
    for each in by:
        if each.name in RESERVED:
            reader.fault(
                "groups.by",
                f"“{each.name}”与结果的列同名，不能用来分组",
                f"{each.name} is a column of the result",
                each.name,
            )
    measure = reader.choice(data, "groups.", "measure", MEASURES)
    window = reader.column(table, data["window"], "groups.window") if "window" in data else None
    op = reader.choice(data, "groups.", "is", (">", ">=") if window else (*EQUAL, *ORDER))
    reader.of_sort(window, "groups.window", "date", "time")
    column = _measured(reader, table, data, measure)
    days = reader.whole(data, "groups.days", 0, 0) if window else 0
    if "days" in data and not window:
        reader.fault("groups.days", "天数要与日期列 window 一起写", "days go with a window")
    limit = _limit(reader, data, column, measure)
    return Groups(by, measure, op, limit, column, window, days) if measure and op else None


def _measured(reader: Reader, table: Table, data: Mapping[str, Any], measure: str) -> Column | None:
    if measure == "count":
        if "column" in data:
            reader.fault("groups.column", "计数不用写列", "a count takes no column")
        return None
    column = reader.column(table, data.get("column"), "groups.column")
    if measure == "sum" and column and sort_of(column) not in {"number", "money"}:
        reader.of_sort(column, "groups.column", "number", "money")
        return None
    return column


def _limit(reader: Reader, data: Mapping[str, Any], column: Column | None, measure: str) -> float:
    value = data.get("limit")
    of = column if measure == "sum" else None
    try:
        number: float = parsed(of or Column("n", Kind.INT, "数"), value)
    except (ValueError, TypeError):
        reader.fault("groups.limit", "应为数（金额以分为单位）", "a number is wanted (money in 分)", value)
        return 0
    return number


def cases(reader: Reader, told: Any) -> tuple[Case, ...]:
    """Rows that somebody typed to try the rule, and the keys that it must hit."""
    found = []
    for n, each in enumerate(reader.items(told, "cases")):
        at = f"cases[{n}]"
        data = reader.mapping(each, at)
        reader.known_fields(data, f"{at}.", ("words", "rows", "hits"))
        rows = {
            name: tuple(_row(reader, name, row, f"{at}.rows.{name}[{k}]") for k, row in enumerate(listed))
            for name, value in reader.mapping(data.get("rows"), f"{at}.rows").items()
            for listed in [reader.items(value, f"{at}.rows.{name}")]
        }
        keys = [
            reader.items(key, f"{at}.hits[{k}]")
            for k, key in enumerate(reader.items(data.get("hits", []), f"{at}.hits"))
        ]
        found.append(Case(str(data.get("words", "")), rows, tuple(tuple(map(str, key)) for key in keys)))
    return tuple(found)


def _row(reader: Reader, name: str, told: Any, at: str) -> Row:
    table = reader.table({"table": name}, at)
    row: Row = {}
    for key, value in reader.mapping(told, at).items() if table else ():
        column = reader.column(table, key, f"{at}.{key}")  # type: ignore[arg-type]
        if column:
            row[key] = None if value is None else _value(reader, column, value, f"{at}.{key}")
    return row
