"""Planted cases as a folder of tables: what each rule must find among the cases of all rules, and nothing else."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jiandu.base.engine.engines import Engine, open_engine
from jiandu.sources.crosscheck import rules, tables
from jiandu.sources.crosscheck.planting import Planted, planted
from jiandu.sources.crosscheck.rule import Rule


def write(folder: Path, rows: Planted, names: Iterable[str] = tables.known()) -> None:
    """The planted rows as canonical Parquet; every table is there, even without a row."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in map(tables.named, names):
        schema = ibis.schema(table.schema).to_pyarrow()
        found = pa.Table.from_pylist(rows.rows.get(table.name, []), schema=schema)
        pq.write_table(found, folder / f"{table.name}.parquet")
    (folder / "answers.json").write_text(json.dumps({"on": "2024-12-31", "rules": rows.answers}, ensure_ascii=False))


@pytest.fixture(scope="session")
def all_cases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Planted]:
    """Two copies of every case of every rule in one folder."""
    folder = tmp_path_factory.mktemp("crosscheck") / "all"
    rows = planted(list(rules.known().values()), 2)
    write(folder, rows)
    return folder, rows


@pytest.fixture(scope="session")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine("duckdb", scratch=tmp_path_factory.mktemp("scratch"), memory="1GB") as engine:
        yield engine


@pytest.fixture
def cases_of(tmp_path: Path) -> Callable[[Rule], tuple[Path, Planted]]:
    """The cases of one rule alone."""

    def made(rule: Rule) -> tuple[Path, Planted]:
        rows = planted([rule], 1)
        write(tmp_path / rule.id, rows, rule.tables)
        return tmp_path / rule.id, rows

    return made
