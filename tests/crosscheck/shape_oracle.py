"""What a rule that is told as data means, row by row and slowly: plain Python, no engine. The rules must agree with it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from jiandu.sources.crosscheck import tables
from jiandu.sources.crosscheck.tables import Kind, Table

Row = dict[str, Any]
SIGNS = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def hits(told: dict[str, Any], data: dict[str, list[Row]], on: date) -> list[tuple[Any, ...]]:
    """The keys that the definition hits, with what it measures, in order."""
    table = tables.named(told["table"])
    rows = [row for row in data[table.name] if all(holds(table, row, each, on) for each in told.get("where", []))]
    if told["shape"] == "compare":
        return sorted(key(table, row) for row in rows)
    if told["shape"] in {"missing", "present"}:
        wanted = told["shape"] == "present"
        return sorted(key(table, row) for row in rows if bool(matches(table, row, told["other"], data, on)) == wanted)
    return sorted(
        pairs(table, rows, told["periods"], on) if told["shape"] == "overlap" else groups(rows, told["groups"])
    )


def key(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in table.key)


def holds(table: Table, row: Row, told: dict[str, Any], on: date) -> bool:
    column, value = table.by_name[told["column"]], row[told["column"]]
    if told["is"] in {"empty", "filled"}:
        return (value is None or value == "") == (told["is"] == "empty")
    if value is None:
        return False
    if told["is"] == "contains":
        return told["value"] in value
    if told["is"] in {"in", "not in"}:
        return (value in [read(column.kind, each) for each in told["values"]]) == (told["is"] == "in")
    return compared(column.kind, value, row, told, on)


def compared(kind: Kind, value: Any, row: Row, told: dict[str, Any], on: date) -> bool:
    sign = SIGNS[told["is"]]
    if "day" in told:
        return sign(day(value), on + timedelta(days=told["day"]))
    if "value" in told:
        return sign(value, read(kind, told["value"]))
    other = row[told["to"]]
    if other is None:
        return False
    if isinstance(value, date):
        return sign(value, other + timedelta(days=told["plus"]) if "plus" in told else other)
    if "percent" not in told and "plus" not in told:
        return sign(value, other)
    return sign(value * 100, other * told.get("percent", 100) + told.get("plus", 0) * 100)


def read(kind: Kind, value: Any) -> Any:
    if kind in {Kind.DATE, Kind.MONTH}:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if kind == Kind.TIME else value


def day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def matches(table: Table, row: Row, told: dict[str, Any], data: dict[str, list[Row]], on: date) -> list[Row]:
    other = tables.named(told["table"])
    return [
        each
        for each in data[other.name]
        if all(holds(other, each, condition, on) for condition in told.get("where", []))
        and all(row[mine] is not None and row[mine] == each[theirs] for mine, theirs in told["same"].items())
        and ("within" not in told or near(row, each, told["within"]))
        and (other.name != table.name or key(table, row) != key(table, each))
    ]


def near(row: Row, other: Row, told: dict[str, Any]) -> bool:
    mine, theirs = row[told["column"]], other[told["other"]]
    if mine is None or theirs is None:
        return False
    return told["from"] <= (day(theirs) - day(mine)).days <= told["to"]


def pairs(table: Table, rows: list[Row], told: dict[str, Any], on: date) -> Iterable[tuple[Any, ...]]:
    for one in rows:
        for two in rows:
            if not key(table, one) < key(table, two) or one[told["from"]] is None or two[told["from"]] is None:
                continue
            if any(one[name] is None or one[name] != two[name] for name in told["same"]):
                continue
            if any(None in (one[name], two[name]) or one[name] == two[name] for name in told.get("differ", [])):
                continue
            starts = [day(each[told["from"]]) for each in (one, two)]
            ends = [
                day(each[told["to"]]) if each[told["to"]] is not None else max(start, on)
                for each, start in zip((one, two), starts, strict=True)
            ]
            shared = (min(ends) - max(starts)).days + 1
            if shared >= told.get("days", 1):
                yield (*key(table, one), *key(table, two), shared)


def groups(rows: list[Row], told: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    by: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        if all(row[name] is not None for name in told["by"]):
            by.setdefault(tuple(row[name] for name in told["by"]), []).append(row)
    for group, members in by.items():
        met = [n for n in measures(members, told) if SIGNS[told["is"]](n, told["limit"])]
        if met:
            yield (*group, max(met))


def measures(rows: list[Row], told: dict[str, Any]) -> Iterable[float]:
    """One measure of all; or one for the days before each row that has a day (and, where values are counted, a value)."""
    if "window" not in told:
        yield measure(rows, told)
        return
    dated = [row for row in rows if row[told["window"]] is not None]
    if told["measure"] == "distinct":
        dated = [row for row in dated if row[told["column"]] is not None]
    for row in dated:
        last = day(row[told["window"]])
        first = last - timedelta(days=told.get("days", 0))
        yield measure([each for each in dated if first <= day(each[told["window"]]) <= last], told)


def measure(rows: list[Row], told: dict[str, Any]) -> float:
    if told["measure"] == "count":
        return len(rows)
    values = [row[told["column"]] for row in rows if row[told["column"]] is not None]
    return len(set(values)) if told["measure"] == "distinct" else sum(values)
