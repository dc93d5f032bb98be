"""Early warning: 10,000 series with five years of history, one week judged; reading their table; the command as a whole. No database.

Bare: the rows walked by Python's csv reader; for the judging one least-squares regression of the logarithms of all series.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from csv import reader
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figures import ROOT, Figure, keep, median
from jiandu.results.warnings import detecting, farrington, tables

SERIES, WEEKS = 10_000, 264


def table(chance: np.random.Generator) -> bytes:
    """Levels from one case in seven weeks to twelve a week, season and dispersion: 2,640,000 rows."""
    t = np.arange(WEEKS)
    level, season = np.exp(chance.uniform(-2, 2.5, (SERIES, 1))), chance.uniform(0, 0.6, (SERIES, 1))
    mean = level * np.exp(season * np.cos(2 * np.pi * t / 52))
    counts = chance.negative_binomial(mean / 0.5, 1 / 1.5)
    lines = ["series,t,count\n"]
    for number, row in enumerate(counts.tolist()):
        lines.append(
            "".join([f"单位{number // 30}/主题{number % 30},{week},{count}\n" for week, count in enumerate(row, 1)])
        )
    return "".join(lines).encode()


def seconds(act: Callable[[], Any]) -> float:
    """The median of three."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return median(taken)


def regress(read: tables.Table) -> None:
    """One regression on parts of the year and a slope for all series."""
    where = farrington.grid(farrington.Setting())
    matrix = np.column_stack([where.part[:, None] == np.arange(10), where.years])
    past = read.counts.reshape(SERIES, WEEKS)[:, WEEKS - 1 - where.back]
    np.linalg.lstsq(matrix, np.log(past + 0.1).T, rcond=None)


def command(file: Path, *words: str) -> None:
    paths = {"PYTHONPATH": str(ROOT / "src"), "JIANDU_DATA": str(file.parent)}
    subprocess.run(
        [sys.executable, "-m", "jiandu", "warn", str(file), *words],
        env=os.environ | paths,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def figures() -> Iterator[Figure]:
    content = table(np.random.default_rng(1))
    text = content.decode()
    bare = seconds(lambda: sum(1 for _row in reader(StringIO(text, newline=""))))
    took = seconds(lambda: tables.read(content))
    yield Figure("warning", "2,640,000 rows read", took, "s", "", took / bare, "bare: walked by csv.reader")
    read = tables.read(content)
    bare = seconds(lambda: regress(read))
    took = seconds(lambda: detecting.detect(read, detecting.Asked()))
    note = "bare: one least-squares regression of all"
    yield Figure("warning", "one week of 10,000 series judged", took, "s", "", took / bare, note, "<= 10")
    took = seconds(lambda: detecting.detect(read, detecting.Asked(method="ears")))
    yield Figure("warning", "the same by EARS", took, "s")
    rolled = detecting.Asked(since=str(WEEKS - 51), years=4)
    start = time.perf_counter()
    judged = len(detecting.detect(read, rolled))
    took = time.perf_counter() - start
    yield Figure(
        "warning", "52 weeks of 10,000 series judged", took, "s", "", None, f"{judged / took:,.0f} a second, once"
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "counts.csv"
        file.write_bytes(content)
        took = seconds(lambda: command(file, "--json"))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        note = "start, reading, judging, 10,000 rows of JSON"
        yield Figure("warning", "`warn` on that table as a command", took, "s", "", None, note, "<= 10")
        yield Figure(
            "warning", "its peak memory", peak, "MiB", "", peak * 2**20 / len(content), "× the size of the file"
        )


if __name__ == "__main__" and "JIANDU_DATABASE" not in os.environ:
    keep("warning", "", figures())
