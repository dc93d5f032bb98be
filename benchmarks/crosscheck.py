"""All rules over made tables of 3, 30 and 100 million rows: seconds, memory, growth; each rule beside the same question
written by hand in DuckDB's SQL, in the same process, one after the other, on the same files; Spark beside DuckDB.

Bare: the SQL of `benchmarks.rules`. Both write their answer to a file in order; ours has the values of its sentence besides.
Writing our SQL takes the same time whatever the rows, and is a figure of its own.
"""

import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from benchmarks.figures import ROOT, Figure, keep, median
from benchmarks.rules import SQL
from jiandu.base.engine.engines import MEMORY, open_engine
from jiandu.sources.crosscheck import rules, running, tables
from jiandu.sources.crosscheck.making import Wanted, make
from jiandu.sources.crosscheck.rule import CASE_DAY

FOLDER = Path(os.environ.get("BENCHMARK_FOLDER", ROOT / ".cache" / "crosscheck"))
GIB = 1 << 20
TIMES = 3


def made(rows: int) -> Path:
    folder = FOLDER / str(rows)
    if not (folder / "answers.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        make(Wanted(rows, 1, folder), list(rules.known().values()))
    return folder


def whole(rows: int) -> tuple[float, float, float, list[str]]:
    """(all with quality, rules alone, peak GiB, rules that differ from the answer key) of a fresh run, in this process."""
    import json

    folder, begun = made(rows), time.perf_counter()
    done = running.run(running.Asked(list(rules.known().values()), folder, CASE_DAY, fresh=True))
    spent = time.perf_counter() - begun
    key = json.loads((folder / "answers.json").read_text("utf-8"))["rules"]
    wrong = [
        each.rule.id
        for each in done.outcomes
        if sorted(running.key_of(each.rule, hit) for hit in running.hits(each)) != sorted(map(tuple, key[each.rule.id]))
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
    return spent, sum(each.seconds for each in done.outcomes), peak, wrong


def beside(rows: int) -> list[tuple[str, float, float, float, bool]]:
    """(rule, ours, by hand, writing our SQL, same keys): medians of some runs, turn by turn."""
    folder, told = made(rows), []
    file = folder / ".benchmark.parquet"
    with (
        open_engine("duckdb", scratch=folder / ".scratch") as engine,
        duckdb.connect(config={"memory_limit": MEMORY}) as con,
    ):
        given = {name: engine.table(name, folder / f"{name}.parquet") for name in tables.known()}
        for name in tables.known():
            con.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{folder / name}.parquet')")
        for name, sql in SQL.items():
            rule, begun = rules.known()[name], time.perf_counter()
            compiled = engine.backend.compile(rule.expression(given, CASE_DAY).order_by(list(rule.key)))
            written = time.perf_counter() - begun
            by_hand = f"SELECT * FROM ({sql.format(on=f'DATE {str(CASE_DAY)!r}')}) ORDER BY ALL"
            ours, bare = [], []
            for _ in range(TIMES):
                ours.append(_kept(engine.backend.con, compiled, file))
                bare.append(_kept(con, by_hand, file))
            mine = [running.key_of(rule, hit) for hit in ours[-1][1]]
            theirs = [tuple(str(value) for value in row.values()) for row in bare[-1][1]]
            spent = (median([each[0] for each in ours]), median([each[0] for each in bare]))
            told.append((name, *spent, written, sorted(mine) == sorted(theirs)))
    return told


def _kept(con: duckdb.DuckDBPyConnection, sql: str, file: Path) -> tuple[float, list[dict[str, Any]]]:
    """What both do: the answer, ordered, in a file."""
    begun = time.perf_counter()
    con.execute(f"COPY ({sql}) TO '{file}' (FORMAT parquet)")
    spent = time.perf_counter() - begun
    return spent, pq.read_table(file).to_pylist()


def spark(rows: int) -> tuple[float, float]:
    """(starting, all rules) on Spark with two threads on this machine."""
    folder, begun = made(rows), time.perf_counter()
    done = running.run(running.Asked(list(rules.known().values()), folder, CASE_DAY, engine="local[2]", fresh=True))
    return time.perf_counter() - begun, sum(each.seconds for each in done.outcomes)


def alone(work: Any, *words: Any) -> Any:
    """In a process of its own, so that memory is its own."""
    with ProcessPoolExecutor(1) as pool:
        return pool.submit(work, *words).result()


def figures() -> Iterator[Figure]:
    most = int(os.environ.get("BENCHMARK_ROWS", "100000000"))
    spent = {}
    for rows in (most // 33, most // 10 * 3, most):
        alone(made, rows)
        spent[rows] = alone(whole, rows)
        total, work, peak, wrong = spent[rows]
        said = f"{len(rules.known())} rules, quality of every table first; rules alone {work:.1f} s; wrong: {wrong or 'none'}"
        promise = "<= 120" if rows == most // 10 * 3 else ""
        yield Figure("crosscheck", f"all rules, {rows:,} rows", total, "s", "", None, said, promise)
        yield Figure("crosscheck", f"peak memory, {rows:,} rows", peak, "GiB", "", None, f"limit {MEMORY}", "<= 4")
    small, large = (spent[rows] for rows in (most // 33, most // 10 * 3))
    grown = large[1] / small[1] / ((most // 10 * 3) / (most // 33))
    yield Figure("crosscheck", "rules alone, growth over rows", grown, "×", "", None, "1 is linear", "<= 1.1")
    yield from _ratios(most // 10 * 3)
    here, there = alone(whole, most // 100), alone(spark, most // 100)
    said = f"with start and quality {there[0]:.0f} s; DuckDB {here[1]:.1f} s"
    yield Figure("crosscheck", f"Spark local[2], {most // 100:,} rows", there[1], "s", "", there[1] / here[1], said)


def _ratios(rows: int) -> Iterator[Figure]:
    told = alone(beside, rows)
    ratios = [ours / bare for _, ours, bare, *_ in told]
    written = sum(each[3] for each in told)
    yield Figure(
        "crosscheck", "writing the SQL of those rules", written, "s", "", None, f"{len(told)} rules, once a run"
    )
    same = sum(same for *_, same in told)
    said = f"{len(told)} rules, {same} with the same keys; worst {max(ratios):.2f}"
    yield Figure("crosscheck", "ours to SQL by hand, median", median(ratios), "×", "", median(ratios), said, "<= 1.2")
    for name, ours, bare, *_ in sorted(told, key=lambda each: -each[1])[:12]:
        said = f"{ours * 1000:.0f} ms, by hand {bare * 1000:.0f} ms"
        yield Figure("crosscheck", f"{name}, {rows:,} rows", ours * 1000, "ms", "", ours / bare, said)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiandu.project.settings")
    sys.exit(not keep("crosscheck", "", figures()))
