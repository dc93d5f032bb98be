"""Every rule against its question in SQL by another hand (benchmarks/rules): the same keys over the cases of all rules."""

from collections.abc import Iterator
from pathlib import Path

import duckdb as db
import pytest
from benchmarks.rules import SQL
from tests.crosscheck.test_rules import found

from jiandu.base.engine.engines import Engine
from jiandu.sources.crosscheck import rules, running, tables
from jiandu.sources.crosscheck.planting import Planted
from jiandu.sources.crosscheck.rule import CASE_DAY, Rule

#: Rules that nobody wrote once more, with the reason.
WITHOUT: dict[str, str] = {}
EVERY = [pytest.param(rules.known()[name], id=name) for name in SQL]


@pytest.fixture(scope="module")
def bare(all_cases: tuple[Path, Planted]) -> Iterator[db.DuckDBPyConnection]:
    """DuckDB itself over the folder, without anything of ours."""
    with db.connect() as con:
        for name in tables.known():
            con.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{all_cases[0] / name}.parquet')")
        yield con


def by_hand(con: db.DuckDBPyConnection, sql: str) -> list[tuple[str, ...]]:
    """The keys, as text."""
    rows = con.execute(sql.format(on=f"DATE '{CASE_DAY}'")).fetchall()
    return sorted(tuple(map(str, row)) for row in rows)


@pytest.mark.parametrize("rule", EVERY)
def test_another_hand_finds_the_same(
    rule: Rule, duckdb: Engine, bare: db.DuckDBPyConnection, all_cases: tuple[Path, Planted]
) -> None:
    ours = sorted(running.key_of(rule, hit) for hit in found(duckdb, all_cases[0], rule))
    assert by_hand(bare, SQL[rule.id]) == ours
    assert ours


def test_a_changed_question_is_noticed(bare: db.DuckDBPyConnection, all_cases: tuple[Path, Planted]) -> None:
    changed = SQL["M02-4"].replace("value_fen > ", "value_fen >= ")
    assert changed != SQL["M02-4"]
    assert by_hand(bare, changed) != sorted(all_cases[1].answers["M02-4"])


def test_every_rule_has_one() -> None:
    assert set(rules.known()) == set(SQL) | set(WITHOUT)
    assert not set(SQL) & set(WITHOUT)
