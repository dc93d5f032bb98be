"""The other engine: a rule is written once, and Spark finds the same rows as DuckDB, column by column."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.errors import PySparkException
from tests.crosscheck.test_shapes import EXAMPLES, PLANTED, told_of

from jiandu.base.engine.engines import Engine, EngineMissing, open_engine
from jiandu.sources.crosscheck import quality, rules, running, shapes, tables
from jiandu.sources.crosscheck.planting import Planted
from jiandu.sources.crosscheck.rule import CASE_DAY

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.enable_socket,
]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Few partitions: these tables are small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIANDU_SPARK_PARTITIONS", "1")
        engine = open_engine("local[2]", scratch=tmp_path_factory.mktemp("spark"), memory="1GB")
        with engine as opened:
            yield opened


def test_every_rule_finds_the_same_rows_on_both_engines(
    spark: Engine, duckdb: Engine, all_cases: tuple[Path, Planted]
) -> None:
    folder, _ = all_cases
    both = [
        {name: engine.table(f"both_{name}", folder / f"{name}.parquet") for name in tables.known()}
        for engine in (duckdb, spark)
    ]
    differing = {}
    for rule in rules.known().values():
        try:
            here, there = (
                engine.rows(rule.expression(given, CASE_DAY).order_by(list(rule.key)))
                for engine, given in zip((duckdb, spark), both, strict=True)
            )
        except PySparkException as failed:  # the other rules are told too
            differing[rule.id] = str(failed)[:300]
            continue
        assert here, f"{rule.id} finds nothing: the comparison would be empty"
        if here != there:
            differing[rule.id] = [pair for pair in zip(here, there, strict=False) if pair[0] != pair[1]][:2] or (
                len(here),
                len(there),
            )
    assert differing == {}


@pytest.mark.parametrize(("kind", "table", "part", "wanted"), EXAMPLES)
def test_each_shape_finds_the_same_rows_on_spark(
    spark: Engine, tmp_path: Path, kind: str, table: str, part: dict[str, Any], wanted: list[tuple[str, ...]]
) -> None:
    rule = shapes.from_data(told_of(kind, table, **part))
    given = {}
    for name in rule.tables:
        schema = ibis.schema(tables.named(name).schema).to_pyarrow()
        pq.write_table(pa.Table.from_pylist(PLANTED[name], schema=schema), tmp_path / f"{name}.parquet")
        given[name] = spark.table(f"shape_{name}", tmp_path / f"{name}.parquet")
    assert sorted(running.key_of(rule, hit) for hit in spark.rows(rule.expression(given, CASE_DAY))) == wanted


def test_quality_is_judged_alike(spark: Engine, duckdb: Engine, all_cases: tuple[Path, Planted]) -> None:
    folder, _ = all_cases
    for name in ("person", "company", "contract", "subsidy"):
        told = [
            quality.judge(engine, tables.named(name), engine.table(f"quality_{name}", folder / f"{name}.parquet"))
            for engine in (duckdb, spark)
        ]
        assert told[0] == told[1]


def test_a_master_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="没有这种引擎"), open_engine("trino://nowhere", scratch=tmp_path):
        pass
