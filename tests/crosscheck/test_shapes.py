"""Rules told as data: they find what a slow reading of the definition finds, and a wrong definition is told exactly."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.crosscheck import shape_oracle

from jiandu.base.engine.engines import Engine
from jiandu.sources.crosscheck import running, shapes, tables, trying
from jiandu.sources.crosscheck.rule import CASE_DAY
from jiandu.sources.crosscheck.shape_parts import CONTAINS, EQUAL, LISTED, ORDER, ORDERED, Misdefined, sort_of
from jiandu.sources.crosscheck.tables import Column, Kind, Table

#: Keys of one, two and three columns; every kind of column.
SMALL = ("due", "receipt", "payroll", "assistance", "fuel", "trip", "cadre")
TEXTS = ("a", "ab", "")
FIRST = CASE_DAY - timedelta(days=6)


def value(column: Column) -> st.SearchStrategy[Any]:
    """A few values, so that rows meet."""
    if column.kind in {Kind.INT, Kind.MONEY}:
        return st.integers(-3, 9)
    if column.kind == Kind.FLOAT:
        return st.integers(-4, 12).map(lambda n: n / 2)
    if column.kind in {Kind.DATE, Kind.MONTH}:
        return st.integers(0, 9).map(lambda n: FIRST + timedelta(days=n))
    if column.kind == Kind.TIME:
        return st.integers(0, 60).map(lambda n: datetime(FIRST.year, FIRST.month, FIRST.day) + timedelta(hours=4 * n))
    return st.booleans() if column.kind == Kind.FLAG else st.sampled_from(TEXTS)


@st.composite
def table_rows(draw: st.DrawFn, table: Table) -> list[dict[str, Any]]:
    rows = []
    for n in range(draw(st.sampled_from([8, 6, 4, 2, 1, 0]))):
        row = {c.name: draw(value(c) if c.needed or draw(st.integers(0, 3)) else st.none()) for c in table.columns}
        row[table.key[0]] = row[table.key[0]] if len(table.key) > 1 else f"k{n}"
        rows.append(row)
    return list({shape_oracle.key(table, row): row for row in rows}.values())


def told_value(column: Column) -> st.SearchStrategy[Any]:
    """A value as a definition writes it."""
    return value(column).map(lambda v: str(v)[:16] if isinstance(v, date) else v)


@st.composite
def conditions(draw: st.DrawFn, table: Table) -> dict[str, Any]:
    column = draw(st.sampled_from(table.columns))
    ops = [*EQUAL, *LISTED, "empty", "filled", *(ORDER * 2 if sort_of(column) in ORDERED else ())]
    op = draw(st.sampled_from([*ops, CONTAINS] if column.type == "string" else ops))
    told: dict[str, Any] = {"column": column.name, "is": op}
    if op in {"empty", "filled"}:
        return told
    if op in LISTED:
        return told | {"values": draw(st.lists(told_value(column), min_size=1, max_size=3))}
    if op == CONTAINS or draw(st.booleans()):
        return told | {"value": draw(told_value(column))}
    if sort_of(column) in {"date", "time"} and draw(st.booleans()):
        return told | {"day": draw(st.integers(-5, 3))}
    other = draw(st.sampled_from([each for each in table.columns if sort_of(each) == sort_of(column)]))
    told["to"] = other.name
    if sort_of(column) in {"number", "money"} and draw(st.booleans()):
        told["percent"] = draw(st.integers(0, 200))
    if sort_of(column) in {"number", "money", "date"} and draw(st.booleans()):
        told["plus"] = draw(st.integers(-3, 3))
    return told


def where(table: Table, least: int = 0) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Mostly the least: what no row holds says nothing about the shape."""
    fewest = st.lists(conditions(table), min_size=least, max_size=least)
    return fewest | fewest | st.lists(conditions(table), min_size=least, max_size=2)


def dated(table: Table) -> list[Column]:
    return [each for each in table.columns if sort_of(each) in {"date", "time"}]


def meeting(table: Table) -> list[Column]:
    """Columns in which rows may say the same: a key of one column is in every row another."""
    return [each for each in table.columns if table.key != (each.name,)]


def alike(one: Table, two: Table) -> list[tuple[str, str]]:
    """The columns that can be compared."""
    return [(a.name, b.name) for a in meeting(one) for b in meeting(two) if sort_of(a) == sort_of(b)]


@st.composite
def other(draw: st.DrawFn, table: Table) -> dict[str, Any]:
    found = draw(st.sampled_from([each for name in SMALL if alike(table, each := tables.named(name))]))
    pairs = alike(table, found)
    same = dict(draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=2)))
    told: dict[str, Any] = {"table": found.name, "same": same, "where": draw(where(found))}
    if dated(table) and dated(found) and draw(st.booleans()):
        first = draw(st.integers(-4, 2))
        columns = {
            "column": draw(st.sampled_from(dated(table))).name,
            "other": draw(st.sampled_from(dated(found))).name,
        }
        told["within"] = columns | {"from": first, "to": first + draw(st.integers(0, 4))}
    return told


@st.composite
def periods(draw: st.DrawFn, table: Table) -> dict[str, Any]:
    names = [each.name for each in meeting(table)]
    start, end = draw(st.sampled_from(dated(table)[:1] * 2 + dated(table))), draw(st.sampled_from(dated(table)[::-1]))
    return {
        "same": draw(st.lists(st.sampled_from(names), min_size=1, max_size=1)),
        "differ": draw(st.lists(st.sampled_from(names), max_size=1)),
        "from": start.name,
        "to": end.name,
        "days": draw(st.integers(1, 3)),
    }


@st.composite
def groups(draw: st.DrawFn, table: Table) -> dict[str, Any]:
    names = [each.name for each in meeting(table) if each.name not in {"place", "level"}]
    measure = draw(st.sampled_from(["sum", "count", "distinct"]))
    countable = [each for each in table.columns if sort_of(each) in {"number", "money"}]
    if measure == "sum" and not countable:
        measure = "count"
    by = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    told: dict[str, Any] = {"by": by, "measure": measure, "is": draw(st.sampled_from([">", ">="]))}
    if measure != "count":
        column = draw(st.sampled_from(countable if measure == "sum" else table.columns))
        told["column"] = column.name
    if dated(table) and draw(st.booleans()):
        return told | {
            "window": draw(st.sampled_from(dated(table))).name,
            "days": draw(st.integers(0, 4)),
            "limit": draw(st.integers(1, 6)),
        }
    return told | {"is": draw(st.sampled_from([*EQUAL, *ORDER])), "limit": draw(st.integers(-2, 8))}


@st.composite
def definitions(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    table = tables.named(draw(st.sampled_from(SMALL)))
    told = told_of(kind, table.name) | {"where": draw(where(table, 1 if kind == "compare" else 0))}
    if kind in {"missing", "present"}:
        told["other"] = draw(other(table))
    if kind == "overlap":
        table = table if len(dated(table)) > 1 else tables.named("trip")
        told |= {
            "table": table.name,
            "where": draw(where(table)),
            "periods": draw(periods(table)),
            "sentence": "{shared}",
        }
    if kind == "threshold":
        told["groups"] = draw(groups(table))
        money = told["groups"]["measure"] == "sum" and table.by_name[told["groups"]["column"]].kind == Kind.MONEY
        told["sentence"] = "{sum_fen}" if money else f"{{{told['groups']['measure']}}}"
    return told


def told_of(kind: str, table: str, **more: Any) -> dict[str, Any]:
    """A whole definition but for its shape's own part."""
    heads = {
        "id": "Z-1",
        "name": "试",
        "level": "yellow",
        "sentence": "命中",
        "blind": "看不见",
        "basis": [{"title": "做法"}],
    }
    return {**heads, "shape": kind, "table": table, **more}


def asked(engine: Engine, rule: Any, data: dict[str, list[dict[str, Any]]]) -> list[tuple[Any, ...]]:
    """What the engine finds: keys and what the sentence measures, in order."""
    given = {
        name: ibis.memtable(pa.Table.from_pylist(rows, schema=ibis.schema(tables.named(name).schema).to_pyarrow()))
        for name, rows in data.items()
    }
    names = [*rule.key, *(name for name in ("shared", "sum_fen", "sum", "count", "distinct") if name in rule.shown)]
    return sorted(tuple(hit[name] for name in names) for hit in engine.rows(rule.expression(given, CASE_DAY)))


@pytest.mark.parametrize("kind", shapes.SHAPES)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.data())
def test_a_definition_finds_what_a_slow_reading_of_it_finds(duckdb: Engine, kind: str, drawn: st.DataObject) -> None:
    told = drawn.draw(definitions(kind))
    rule = shapes.from_data(told)
    data = {name: drawn.draw(table_rows(tables.named(name)), label=name) for name in rule.tables}
    wanted = shape_oracle.hits(told, data, CASE_DAY)
    event(f"hits: {min(len(wanted), 1)}")
    assert asked(duckdb, rule, data) == wanted


#: One definition of each shape with the keys that it must find in PLANTED: the random ones above are not all empty.
PLANTED = {
    "due": [
        {"due_id": "D1", "contract_id": "C1", "due_on": date(2024, 6, 30), "amount_fen": 100, "reduced_fen": 66},
        {"due_id": "D2", "contract_id": "C1", "due_on": date(2024, 9, 30), "amount_fen": 200, "reduced_fen": 134},
        {"due_id": "D3", "contract_id": "C2", "due_on": date(2024, 9, 30), "amount_fen": None},
        {"due_id": "D4", "contract_id": None, "due_on": None, "amount_fen": 900},
    ],
    "receipt": [{"receipt_id": "R1", "contract_id": "C1", "paid_on": date(2024, 7, 10), "amount_fen": 100}],
    "trip": [
        {"trip_id": "T1", "plate": "P", "start_at": datetime(2024, 3, 1, 8), "end_at": datetime(2024, 3, 4, 8)},
        {"trip_id": "T2", "plate": "P", "start_at": datetime(2024, 3, 4, 7), "end_at": None},
        {"trip_id": "T3", "plate": "Q", "start_at": datetime(2024, 3, 1, 8), "end_at": datetime(2024, 3, 9, 8)},
    ],
}
SAME = {"table": "receipt", "same": {"contract_id": "contract_id"}}
NEAR = {"within": {"column": "due_on", "other": "paid_on", "from": 0, "to": 10}}
SUM = {"by": ["contract_id"], "measure": "sum", "column": "amount_fen", "is": ">=", "limit": 300}
DISTINCT = SUM | {"measure": "distinct", "limit": 2, "window": "due_on"}


EXAMPLES = [
    ("compare", "due", {"where": [{"column": "amount_fen", "is": ">", "value": 100}]}, [("D2",), ("D4",)]),
    ("compare", "due", {"where": [{"column": "due_on", "is": "<=", "day": -184}]}, [("D1",)]),
    (
        "compare",
        "due",
        {"where": [{"column": "amount_fen", "is": ">", "to": "reduced_fen", "percent": 150}]},
        [("D1",)],
    ),
    ("missing", "due", {"other": SAME}, [("D3",), ("D4",)]),
    ("present", "due", {"other": SAME}, [("D1",), ("D2",)]),
    ("present", "due", {"other": SAME | NEAR}, [("D1",)]),
    ("present", "due", {"other": {"table": "due", "same": {"contract_id": "contract_id"}}}, [("D1",), ("D2",)]),
    ("overlap", "trip", {"periods": {"same": ["plate"], "from": "start_at", "to": "end_at"}}, [("T1", "T2")]),
    ("overlap", "trip", {"periods": {"same": ["plate"], "from": "start_at", "to": "end_at", "days": 2}}, []),
    ("threshold", "due", {"groups": SUM}, [("C1",)]),
    ("threshold", "due", {"groups": SUM | {"window": "due_on", "days": 92}}, [("C1",)]),
    ("threshold", "due", {"groups": SUM | {"window": "due_on", "days": 91}}, []),
    ("threshold", "due", {"groups": SUM | {"is": "<=", "limit": 0}}, [("C2",)]),
    ("threshold", "due", {"groups": DISTINCT | {"days": 92}}, [("C1",)]),
    ("threshold", "due", {"groups": DISTINCT | {"days": 91}}, []),
]


@pytest.mark.parametrize(("kind", "table", "part", "wanted"), EXAMPLES)
def test_each_shape_finds_what_its_words_say(
    duckdb: Engine, kind: str, table: str, part: dict[str, Any], wanted: list[tuple[str, ...]]
) -> None:
    rule = shapes.from_data(told_of(kind, table, **part))
    data = {name: PLANTED[name] for name in rule.tables}
    assert asked(duckdb, rule, data) == wanted


def where_told(**condition: Any) -> dict[str, Any]:
    return told_of("compare", "contract", where=[condition])


def grouped(**part: Any) -> dict[str, Any]:
    groups = {"by": ["village"], "measure": "count", "is": ">=", "limit": 3}
    return told_of("threshold", "contract", groups=groups | part)


END = {"column": "end_on"}


@pytest.mark.parametrize(
    ("told", "field", "chinese", "english"),
    [
        (told_of("compare", "contracts"), "table", "没有这种数据表", "no such table"),
        (told_of("compute", "contract"), "shape", "只能是：compare", "must be one of: compare"),
        (told_of("compare", "contract"), "where", "至少要有一个条件", "at least one condition"),
        (
            where_told(column="endon", **{"is": "empty"}),
            "where[0].column",
            "“集体合同”没有这一列",
            "contract has no such column",
        ),
        (
            where_told(**END, **{"is": "<", "to": "rent_fen"}),
            "where[0].to",
            "（日期）与列“年租金”（金额）不能比较",
            "cannot be compared",
        ),
        (
            where_told(column="lessee_id", **{"is": "=", "to": "lessee_uscc"}),
            "where[0].to",
            "（person编号）",
            "an identifier of person",
        ),
        (where_told(column="mode", **{"is": "<", "value": "a"}), "where[0].is", "没有大小先后", "has no order"),
        (where_told(**END, **{"is": "<", "value": "昨天"}), "where[0].value", "应为日期", "a date like"),
        (where_told(**END, **{"is": "<"}), "where[0]", "要且只要一项", "exactly one of: value, to, day"),
        (
            where_told(**END, **{"is": "empty", "day": 3}),
            "where[0]",
            "要且只要一项：（不写）",
            "exactly one of: nothing",
        ),
        (
            where_told(column="rent_fen", **{"is": ">", "value": 1.5}),
            "where[0].value",
            "以分为单位的整数",
            "whole number of 分",
        ),
        (
            where_told(column="rent_fen", **{"is": ">", "value": True}),
            "where[0].value",
            "以分为单位的整数",
            "whole number of 分",
        ),
        (where_told(column="rent_fen", **{"is": ">", "day": 1}), "where[0].day", "不能用在这里", "cannot stand here"),
        (where_told(**END, **{"is": "in", "values": []}), "where[0].values", "至少1项", "at least 1"),
        (where_told(**END, **{"is": "filled"}) | {"wher": []}, "wher", "没有这一项", "no such field"),
        (where_told(**END, **{"is": "filled"}) | {"id": "../Z"}, "id", "编号应如", "an id is like"),
        (where_told(**END, **{"is": "filled"}) | {"basis": []}, "basis", "至少1项", "at least 1"),
        (where_told(**END, **{"is": "filled"}) | {"blind": " "}, "blind", "应填文字", "text is wanted"),
        (
            where_told(**END, **{"is": "filled"}) | {"sentence": "{lessee}"},
            "sentence",
            "姓名不写进句子",
            "names stand in no sentence",
        ),
        (where_told(**END, **{"is": "filled"}) | {"sentence": "{zzz}"}, "sentence", "没有“zzz”可写", "there is no zzz"),
        (where_told(**END, **{"is": "filled"}) | {"sentence": "{end_on:d}"}, "sentence", "只写列名", "only the name"),
        (
            where_told(**END, **{"is": "filled"}) | {"sentence": "{end_on"},
            "sentence",
            "花括号不成对",
            "braces do not pair",
        ),
        (
            where_told(**END, **{"is": "filled"}) | {"place": "end_on"},
            "place",
            "不是能写地点的列",
            "no column of a place",
        ),
        (grouped(by=[]), "groups.by", "至少1项", "at least 1"),
        (grouped(measure="sum"), "groups.column", "没有这一列", "no such column"),
        (grouped(measure="sum", column="kind"), "groups.column", "要的是数或金额", "a number or money is wanted"),
        (grouped(limit="3"), "groups.limit", "应为数", "a number is wanted"),
        (grouped(days=3), "groups.days", "要与日期列 window 一起写", "days go with a window"),
        (grouped(window="end_on", days=3, **{"is": "<"}), "groups.is", "只能是：>、>=", "must be one of: >, >="),
        (
            told_of("missing", "due", other={"table": "receipt", "same": {}}),
            "other.same",
            "至少要有一对",
            "at least one pair",
        ),
        (
            told_of("missing", "due", other={"table": "receipt", "same": {"due_on": "village"}}),
            "other.same.due_on",
            "不能比较",
            "cannot be compared",
        ),
        (
            told_of("overlap", "trip", periods={"same": ["plate"], "from": "plate", "to": "end_at"}),
            "periods.from",
            "要的是日期或时刻",
            "a date or a moment",
        ),
    ],
)
def test_a_wrong_definition_is_told_with_field_and_reason(
    told: dict[str, Any], field: str, chinese: str, english: str
) -> None:
    with pytest.raises(Misdefined) as refused:
        shapes.from_data(told)
    (wrong,) = [each for each in refused.value.errors if each["field"] == field]
    assert chinese in wrong["reason"]
    assert english in wrong["reason"]
    assert len(refused.value.errors) == 1, "one fault, told once"


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Misdefined) as refused:
        shapes.from_data({"shape": "compare", "table": "due", "where": [{"column": "x", "is": "="}, 5]})
    assert {each["field"] for each in refused.value.errors} == {
        "where[0].column", "where[1]", "id", "name", "sentence", "blind", "level", "basis"
    }  # fmt: skip


def test_typed_cases_are_tried(tmp_path: Path) -> None:
    case = {"words": "少一分", "rows": {"due": [{"due_id": "D1", "amount_fen": 99}]}, "hits": [["D1"]]}
    told = told_of("compare", "due", where=[{"column": "amount_fen", "is": "<", "value": 100}], cases=[case])
    assert trying.failing(shapes.from_data(told)) == []
    told["where"][0]["value"] = 99
    (wrong,) = trying.failing(shapes.from_data(told))
    assert wrong["field"] == "cases[0]"
    assert "应命中1条，实际命中0条" in wrong["reason"]
    told["cases"][0]["rows"]["due"][0] = {"due_id": "D1", "amount": 99}
    with pytest.raises(Misdefined, match="没有这一列"):
        shapes.from_data(told)


def test_a_file_of_definitions_is_read_whole_or_told(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    good = told_of("compare", "due", where=[{"column": "due_on", "is": "empty"}])
    file.write_text(json.dumps([good, good | {"id": "Z-2"}]), "utf-8")
    assert [rule.id for rule in shapes.from_file(file)] == ["Z-1", "Z-2"]
    file.write_text(json.dumps([good, good | {"table": "dues"}]), "utf-8")
    with pytest.raises(Misdefined) as refused:
        shapes.from_file(file)
    assert [(each["of"], each["field"]) for each in refused.value.errors] == [("Z-1", "table")]
    file.write_text(json.dumps([good, good]), "utf-8")
    with pytest.raises(Misdefined, match="编号重复"):
        shapes.from_file(file)
    file.write_text("{", "utf-8")
    with pytest.raises(Misdefined, match="不能读成 JSON"):
        shapes.from_file(file)


def test_another_definition_under_the_same_id_meets_no_old_result(tmp_path: Path) -> None:
    one = told_of("compare", "due", where=[{"column": "amount_fen", "is": "<", "value": 100}])
    two = told_of("compare", "due", where=[{"column": "amount_fen", "is": "<", "value": 101}])
    asked_for = running.Asked([], tmp_path, CASE_DAY)
    sources = {"due": running.Source("due", tmp_path, "version")}
    assert running.digest(asked_for, sources, shapes.from_data(one)) != running.digest(
        asked_for, sources, shapes.from_data(two)
    )
    assert running.digest(asked_for, sources, shapes.from_data(one)) == running.digest(
        asked_for, sources, shapes.from_data(one)
    )
