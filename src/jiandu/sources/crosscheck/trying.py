"""Tries a rule's own cases in memory: what somebody typed as cases of a rule without code is worth nothing untried."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jiandu.base.engine.engines import Expr, open_engine
from jiandu.sources.crosscheck import tables
from jiandu.sources.crosscheck.planting import planted
from jiandu.sources.crosscheck.rule import CASE_DAY, Row, Rule
from jiandu.sources.crosscheck.running import key_of


def failing(rule: Rule) -> list[dict[str, Any]]:
    """The cases that come out otherwise than they say, with how many rows they hit."""
    errors: list[dict[str, Any]] = []
    if not rule.cases:
        return errors
    with TemporaryDirectory() as scratch, open_engine(scratch=Path(scratch), memory="500MB") as engine:
        for n, case in enumerate(rule.cases):
            rows = planted([replace(rule, cases=(case,))], 1)
            given = {name: _in_memory(tables.named(name), rows.rows.get(name, [])) for name in rule.tables}
            got = {key_of(rule, hit) for hit in engine.rows(rule.expression(given, CASE_DAY))}
            wanted = set(rows.answers[rule.id])
            if got != wanted:
                both = len(got & wanted)
                chinese = f"案例“{case.words}”应命中{len(wanted)}条，实际命中{len(got)}条，相符的{both}条"
                english = f"the case should hit {len(wanted)} rows; it hits {len(got)}, {both} of them as told"
                errors.append({"field": f"cases[{n}]", "reason": f"{chinese} · {english}"})
    return errors


def _in_memory(table: tables.Table, rows: list[Row]) -> Expr:
    import ibis  # noqa: PLC0415 -- slow import
    import pyarrow as pa  # noqa: PLC0415 -- slow import

    return ibis.memtable(pa.Table.from_pylist(rows, schema=ibis.schema(table.schema).to_pyarrow()))
