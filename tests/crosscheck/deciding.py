"""Which columns decide whether a rule can find anything: found by emptying them, one after the other, over its own cases.

python -m tests.crosscheck.deciding      writes data/decisive.toml anew
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from jiandu.base.engine.engines import Engine, open_engine
from jiandu.sources.crosscheck import decisive, rules, tables
from jiandu.sources.crosscheck.planting import planted
from jiandu.sources.crosscheck.rule import CASE_DAY, Rule

HEAD = """# What decides whether a rule can find anything: a table without a row, or a column (or two, joined by +) without a value,
# and the rule finds nothing whatever is the case. Found by emptying them over the rule's cases; tests/crosscheck/deciding.py
# writes it. A rule that lacks one in a run has not judged, and says so.
"""


def deciding(engine: Engine, rule: Rule) -> list[str]:
    """`table`, `table.column` and `table.column+table.column` without which the rule hits none of its own cases."""
    hit = tuple(case for case in rule.cases if case.hits)
    rows = planted([replace(rule, cases=hit)], 1).rows
    whole = {name: _arrow(name, rows.get(name, [])) for name in rule.tables}
    columns = _read(rule, whole)
    found, some = [], []
    every = _count(engine, rule, whole)
    for name in rule.tables:
        if not _count(engine, rule, {**whole, name: whole[name].slice(0, 0)}):
            found.append(name)
    for name in columns:
        left = _count(engine, rule, _without(whole, name))
        if not left:
            found.append(name)
        elif left < every:
            some.append(name)
    pairs = combinations(some, 2)
    return found + ["+".join(pair) for pair in pairs if not _count(engine, rule, _without(whole, *pair))]


def _read(rule: Rule, whole: dict[str, pa.Table]) -> list[str]:
    """The columns that may be empty and whose names the rule reads, of whichever of its tables."""
    import ibis.expr.operations as ops

    given = {name: ibis.table(tables.named(name).schema, name=name) for name in rule.tables}
    read = {each.name for each in rule.expression(given, CASE_DAY).op().find(ops.Field)}
    return [
        f"{name}.{column.name}"
        for name in rule.tables
        for column in tables.named(name).columns
        if column.name in read and not column.needed
    ]


def _without(whole: dict[str, pa.Table], *names: str) -> dict[str, pa.Table]:
    emptied = dict(whole)
    for said in names:
        name, _, column = said.partition(".")
        at = emptied[name].schema.get_field_index(column)
        nothing = pa.nulls(emptied[name].num_rows, emptied[name].schema.field(at).type)
        emptied[name] = emptied[name].set_column(at, emptied[name].schema.field(at), nothing)
    return emptied


def _arrow(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=ibis.schema(tables.named(name).schema).to_pyarrow())


def _count(engine: Engine, rule: Rule, found: dict[str, pa.Table]) -> int:
    given = {name: ibis.memtable(table) for name, table in found.items()}
    return len(engine.rows(rule.expression(given, CASE_DAY)))


def lines(engine: Engine) -> Iterator[str]:
    """The file, line by line."""
    yield HEAD
    for rule in rules.known().values():
        said = ", ".join(f'"{each}"' for each in deciding(engine, rule))
        yield f'"{rule.id}" = [{said}]\n'


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch, open_engine(scratch=Path(scratch), memory="1GB") as opened:
        text = "".join(lines(opened))
    decisive.DATA.write_text(text, "utf-8")
