"""Opens an engine, gives it Parquet files as tables and writes what an expression finds to Parquet.

    with open_engine("duckdb", scratch=folder) as engine:
        contract = engine.table("contract", folder / "contract.parquet")
        engine.write(engine.sql(contract.filter(contract.end_on < on)), folder / "expired.parquet")

An engine is `duckdb` or the address of a Spark master (`spark://HOST:PORT`, `local[2]`). Memory stays under the given
limit whatever the size of the data: both engines spill to a folder of their own in `scratch`. The limit is the engine's;
Python with its libraries takes some 250 MiB besides.
"""

import logging
import os
import re
import shutil
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiandu.base.core.errors import Refused
from jiandu.base.engine.scratch import own_folder

#: An Ibis expression or table. Ibis types its columns when an expression is built, not for a type checker.
Expr = Any

DUCKDB = "duckdb"
MEMORY = "2500MB"
SIZE = re.compile(r"[1-9]\d*(\.\d+)? ?[KMGT]i?B", re.IGNORECASE)
#: ClickHouse and SQL Server are not among them: Ibis' forms of them do not load beside the compiled SQLGlot.
DIALECTS = ("duckdb", "pyspark", "postgres", "mysql", "oracle", "trino", "snowflake")


class EngineMissing(Refused):
    """The engine that was asked for is not there: its packages, Java, or the master itself."""


@dataclass(frozen=True)
class Engine:
    """One open engine. `backend` is Ibis' own connection."""

    name: str
    backend: Any

    def table(self, name: str, path: Path) -> Expr:
        """Parquet (a file, or a folder of files) under a name. Nothing is read before it is asked for."""
        found = f"{path}/**/*.parquet" if path.is_dir() and self.name == DUCKDB else str(path)
        return self.backend.read_parquet(found, table_name=name)

    def sql(self, expression: Expr, *, order: Sequence[str] = ()) -> str:
        """What this engine is asked. Writing it takes milliseconds of Python and nothing of the engine."""
        expression = _whole(expression) if self.name == DUCKDB else expression
        if order:
            expression = expression.order_by(list(order))
        return _read_again(self.backend, expression) if self.name == DUCKDB else str(self.backend.compile(expression))

    def write(self, sql: str, path: Path) -> None:
        """What the question finds, as one Parquet file that is there whole or not at all."""
        unfinished = path.with_name(path.name + ".part")
        _remove(unfinished)
        if self.name == DUCKDB:
            self.backend.con.execute(f"COPY ({sql}) TO ? (FORMAT parquet)", [str(unfinished)])
        else:
            _one_file(self.backend, sql, unfinished)
        unfinished.replace(path)

    def rows(self, expression: Expr) -> list[dict[str, Any]]:
        """A small answer as rows of plain values."""
        sql = self.sql(expression)
        if self.name != DUCKDB:
            return list(_arrow(self.backend, sql).to_pylist())
        # Ibis' own way to Arrow goes through pandas: 40 MiB of every run
        self.backend._run_pre_execute_hooks(expression)  # noqa: SLF001 -- what lies in memory is made known
        return list(self.backend.con.sql(sql).to_arrow_table().to_pylist())


@contextmanager
def open_engine(url: str = DUCKDB, *, scratch: Path, memory: str = MEMORY, threads: int = 0) -> Iterator[Engine]:
    """An engine, closed at the end. `threads` 0 means every core.

    Raises EngineMissing where it cannot be had, Refused where the work does not go into the memory even by way of disk.
    """
    if not SIZE.fullmatch(memory):
        raise Refused("memory", "内存上限应如 2GB、500MB：%(value)s", value=memory)
    with own_folder(scratch) as own:
        backend = _duckdb(own, memory, threads) if url == DUCKDB else _spark(url, own, memory)
        try:
            with within(memory):
                yield Engine(DUCKDB if url == DUCKDB else "spark", backend)
        finally:
            if url == DUCKDB:
                backend.disconnect()
            else:
                backend._session.stop()  # noqa: SLF001 -- Ibis closes a connection, never the session behind it


@contextmanager
def within(memory: str) -> Iterator[None]:
    """Work of DuckDB. Raises Refused where it does not go into the memory even by way of disk."""
    try:
        yield
    except Exception as failed:
        if _is_too_little(failed):
            raise Refused("memory", "内存上限%(memory)s不够，借助磁盘也算不下：请放宽", memory=memory) from failed
        raise


def sql_of(expression: Expr, dialect: str = DUCKDB) -> str:
    """The SQL of an expression, for an auditor, in any dialect that Ibis writes."""
    import ibis  # noqa: PLC0415 -- slow import

    wanted = {"spark": "pyspark", "postgresql": "postgres"}.get(dialect, dialect)
    if wanted not in DIALECTS:
        raise Refused(
            "dialect", "没有这种 SQL 方言：%(name)s；可用：%(known)s", name=dialect, known=", ".join(DIALECTS)
        )
    if wanted == "pyspark" and ibis.options.pyspark is None:
        ibis.options.pyspark = _nan_stays()
    try:
        return str(ibis.to_sql(expression, dialect=wanted))
    except ibis.common.exceptions.OperationNotDefinedError as lacks:
        raise Refused(
            "dialect", "%(name)s 写不出这条规则，请换一种方言（%(why)s）", name=dialect, why=_first_line(lacks)
        ) from lacks


def _nan_stays() -> Any:
    """What Ibis registers when it opens Spark; here SQL is only written."""
    from ibis.config import Config  # noqa: PLC0415 -- slow import

    class Spark(Config):  # type: ignore[misc]
        treat_nan_as_null: bool = False

    return Spark()


def _is_too_little(failed: Exception) -> bool:
    import duckdb  # noqa: PLC0415 -- slow import

    return isinstance(failed, duckdb.OutOfMemoryException)


def _duckdb(scratch: Path, memory: str, threads: int) -> Any:
    import ibis  # noqa: PLC0415 -- slow import

    backend = ibis.duckdb.connect(
        ":memory:",
        memory_limit=memory,
        threads=threads or os.cpu_count() or 1,
        temp_directory=str(scratch),
        # an order that nobody asked for costs memory; results are ordered by their keys when they are written
        preserve_insertion_order=False,
        # an extension that is missing fails at once: no download is tried from a closed network
        autoinstall_known_extensions=False,
    )
    backend.raw_sql("SET enable_progress_bar = false")
    return backend


def _spark(url: str, scratch: Path, memory: str) -> Any:
    if not url.startswith(("spark://", "local")):
        raise EngineMissing("engine", "没有这种引擎：%(url)s；可用 duckdb、spark://主机:端口、local[线程数]", url=url)
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise EngineMissing(
            "engine-java", "Spark 需要 Java 17，本机没有（Debian：apt-get install openjdk-17-jre-headless）"
        )
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
    try:
        import ibis  # noqa: PLC0415 -- slow import
        from pyspark.sql import SparkSession  # noqa: PLC0415 -- slow import, an extra
    except ImportError as missing:
        raise EngineMissing("engine-spark", "没有安装 Spark 组件：pip install jiandu[spark]") from missing
    logging.getLogger("py4j").setLevel(logging.ERROR)
    builder = SparkSession.builder.master(url).appName("jiandu")
    for key, value in _spark_settings(scratch, memory).items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except Exception as failed:
        raise EngineMissing(
            "engine-spark", "连不上 Spark：%(url)s（%(why)s）", url=url, why=_first_line(failed)
        ) from failed
    session.sparkContext.setLogLevel("ERROR")
    return ibis.pyspark.connect(session)


def _spark_settings(scratch: Path, memory: str) -> dict[str, str]:
    host = os.environ.get("JIANDU_SPARK_DRIVER", "127.0.0.1")
    megabytes = re.sub(" |i?B", "", memory, flags=re.IGNORECASE)  # DuckDB writes 2500MB, Spark 2500M
    return {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.host": host,
        "spark.driver.bindAddress": host,
        "spark.driver.memory": megabytes,
        "spark.executor.memory": os.environ.get("JIANDU_SPARK_EXECUTOR_MEMORY", "1G"),
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.shuffle.partitions": os.environ.get("JIANDU_SPARK_PARTITIONS", "8"),
        # the same answers as DuckDB: an overflow or a bad cast is an error, never a silent NULL
        "spark.sql.ansi.enabled": "true",
        "spark.sql.adaptive.enabled": "true",
        "spark.log.level": "ERROR",
    }


def _whole(expression: Expr) -> Expr:
    """DuckDB's sum of whole numbers is of 128 bits, which Parquet would keep as a fraction."""
    import ibis.expr.operations as ops  # noqa: PLC0415 -- slow import

    if not expression.op().find(ops.Sum):
        return expression
    numbers = [name for name, kind in expression.schema().items() if kind.is_int64()]
    return expression.mutate(**{name: expression[name].cast("decimal(38, 0)").cast("int64") for name in numbers})


def _read_again(backend: Any, expression: Expr) -> str:
    """A table that a question names twice is read twice, with its own filters: DuckDB would keep it whole in memory."""
    query = backend.compiler.to_sqlglot(expression)
    for part in query.ctes:
        if _is_scan(part.this):
            part.set("materialized", False)  # noqa: FBT003 -- SQLGlot's own
    return str(query.sql(dialect=backend.dialect, copy=False))


def _is_scan(query: Any) -> bool:
    """Nothing but columns and filters of one table."""
    from sqlglot.expressions import AggFunc, Distinct, Join, Subquery, Window  # noqa: PLC0415 -- slow import

    return query.find(AggFunc, Distinct, Join, Subquery, Window) is None


def _one_file(backend: Any, sql: str, path: Path) -> None:
    """Spark writes a folder of parts; hits are few: they come through Arrow and are one file like DuckDB's."""
    import pyarrow.parquet as pq  # noqa: PLC0415 -- slow import

    pq.write_table(_arrow(backend, sql), path)


def _arrow(backend: Any, sql: str) -> Any:
    """Straight from Spark to Arrow: Ibis goes by way of pandas, where a missing whole number becomes a fraction."""
    return backend._session.sql(sql).toArrow()  # noqa: SLF001 -- Ibis shows no other way


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _first_line(failed: Exception) -> str:
    return (str(failed).strip().splitlines() or [type(failed).__name__])[0][:200]
