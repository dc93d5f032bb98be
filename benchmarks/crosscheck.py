"""All rules over made tables of 3, 30 and 100 million rows: seconds, memory, growth; each rule beside the same question
written by hand in DuckDB's SQL, in the same process, one after the other, on the same files; Spark beside DuckDB.

Bare: the SQL of `benchmarks.rules`, which gives the keys, with the settings of our engine. Both write their answer to a file
in order. Ours is what a run writes: the keys with the values of the sentence, level and place; beside it the keys alone,
the same columns as by hand. Writing our SQL takes the same time whatever the rows: a figure of its own, and a ratio with it.
"""

import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from benchmarks.figures import ROOT, Figure, keep, median
from benchmarks.rules import SQL
from jiandu.base.engine.engines import MEMORY, Engine, Expr, open_engine
from jiandu.sources.crosscheck import rules, running, tables
from jiandu.sources.crosscheck.making import Wanted, make
from jiandu.sources.crosscheck.rule import CASE_DAY, Rule

FOLDER = Path(os.environ.get("BENCHMARK_FOLDER", ROOT / ".cache" / "crosscheck"))
GIB = 1 << 20
TIMES = 6  # each of three is first twice


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


@dataclass(frozen=True)
class Beside:
    """One rule, in seconds: what a run writes, the keys alone, the keys by hand; writing our SQL; whether keys are the same."""

    rule: str
    ours: float
    keys: float
    bare: float
    written: float
    same: bool


def beside(rows: int) -> list[Beside]:
    """Every rule: medians of some runs, turn by turn, each time another first."""
    folder, told = made(rows), []
    settings = {"memory_limit": MEMORY, "preserve_insertion_order": False, "threads": os.cpu_count() or 1}
    with (
        open_engine("duckdb", scratch=folder / ".scratch") as engine,
        duckdb.connect(config=settings) as con,
    ):
        given = {name: engine.table(name, folder / f"{name}.parquet") for name in tables.known()}
        for name in tables.known():
            con.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{folder / name}.parquet')")
        for name, by_hand in SQL.items():
            told.append(_beside(engine, given, con, rules.known()[name], by_hand))
    return told


def _beside(engine: Engine, given: dict[str, Expr], con: Any, rule: Rule, by_hand: str) -> Beside:
    begun = time.perf_counter()
    ours = engine.sql(rule.expression(given, CASE_DAY), order=rule.key)
    written = time.perf_counter() - begun
    keys = engine.sql(rule.expression(given, CASE_DAY).select(*rule.key), order=rule.key)
    bare = f"SELECT * FROM ({by_hand.format(on=f'DATE {str(CASE_DAY)!r}')}) ORDER BY ALL"
    turns = [(engine.backend.con, ours), (engine.backend.con, keys), (con, bare)]
    spent: list[list[float]] = [[], [], []]
    found: list[list[dict[str, Any]]] = [[], [], []]
    for turn in range(TIMES):
        for which in (*range(turn % 3, 3), *range(turn % 3)):
            seconds, found[which] = _kept(*turns[which])
            spent[which].append(seconds)
    mine = sorted(running.key_of(rule, hit) for hit in found[0])
    theirs = sorted(tuple(str(value) for value in row.values()) for row in found[2])
    return Beside(rule.id, *(median(each) for each in spent), written, mine == theirs)


def _kept(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[float, list[dict[str, Any]]]:
    """What both do: the answer, ordered, in a file."""
    file, begun = FOLDER / "answer.parquet", time.perf_counter()
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
    yield from _ratios(most // 33)
    yield from _ratios(most // 10 * 3, slowest=12)
    here, there = alone(whole, most // 100), alone(spark, most // 100)
    said = f"with start and quality {there[0]:.0f} s; DuckDB {here[1]:.1f} s"
    yield Figure("crosscheck", f"Spark local[2], {most // 100:,} rows", there[1], "s", "", there[1] / here[1], said)


def _ratios(rows: int, slowest: int = 0) -> Iterator[Figure]:
    told = alone(beside, rows)
    written = sum(each.written for each in told)
    yield Figure(
        "crosscheck", f"writing the SQL, {rows:,} rows", written, "s", "", None, f"{len(told)} rules, once a run"
    )
    ratios = {
        "ours to SQL by hand": [each.ours / each.bare for each in told],
        "ours, the keys alone": [each.keys / each.bare for each in told],
        "ours with writing the SQL": [(each.ours + each.written) / each.bare for each in told],
    }
    same = sum(each.same for each in told)
    for name, of in ratios.items():
        said = f"{len(told)} rules, {same} with the same keys; worst {max(of):.2f}"
        promise = "<= 1.2" if name == "ours to SQL by hand" else ""
        yield Figure("crosscheck", f"{name}, median, {rows:,} rows", median(of), "×", "", median(of), said, promise)
    for each in sorted(told, key=lambda each: -each.ours)[:slowest]:
        said = f"{each.ours * 1000:.0f} ms, keys alone {each.keys * 1000:.0f} ms, by hand {each.bare * 1000:.0f} ms"
        yield Figure(
            "crosscheck", f"{each.rule}, {rows:,} rows", each.ours * 1000, "ms", "", each.ours / each.bare, said
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiandu.project.settings")
    sys.exit(not keep("crosscheck", "", figures()))
