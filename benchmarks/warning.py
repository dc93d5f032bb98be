"""Early warning: 10,000 series with five years of history, one week judged; reading their table; the command as a whole. No database.

Bare: the rows walked by Python's csv reader; for the judging one least-squares regression of the logarithms of all series.
"""

import os
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


def seconds(act: Callable[[], Any]) -> tuple[float, str]:
    """The median of three by the clock; in words the processor time of one, its own and that of what it started."""
    taken, worked = [], sum(os.times()[:4])
    for _ in range(3):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return median(taken), f"own processor time {(sum(os.times()[:4]) - worked) / 3:.2f} s"


def regress(read: tables.Table) -> None:
    """One regression on parts of the year and a slope for all series."""
    where = farrington.grid(farrington.Setting())
    matrix = np.column_stack([where.part[:, None] == np.arange(10), where.years])
    past = read.counts.reshape(SERIES, WEEKS)[:, WEEKS - 1 - where.back]
    np.linalg.lstsq(matrix, np.log(past + 0.1).T, rcond=None)


MAIN = """
import sys
from jiandu.__main__ import main
main(sys.argv[1:])
sys.stderr.write(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def command(file: Path, *words: str) -> float:
    """Runs `warn`; the MiB that its process needed at most. (What the kernel tells of a child's peak begins at its parent's.)"""
    paths = {"PYTHONPATH": str(ROOT / "src"), "JIANDU_DATA": str(file.parent)}
    asked = [sys.executable, "-c", MAIN, "warn", str(file), *words]
    done = subprocess.run(
        asked, env=os.environ | paths, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    return float(done.stderr) / 1024


def figures() -> Iterator[Figure]:
    content = table(np.random.default_rng(1))
    text = content.decode()
    bare, _own = seconds(lambda: sum(1 for _row in reader(StringIO(text, newline=""))))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "counts.csv"
        file.write_bytes(content)
        took, own = seconds(lambda: tables.read(file))
        read = tables.read(file)
    yield Figure("warning", "2,640,000 rows read", took, "s", "", took / bare, f"{own}; bare: walked by csv.reader")
    bare, _own = seconds(lambda: regress(read))
    took, own = seconds(lambda: detecting.detect(read, detecting.Asked()))
    note = f"{own}; bare: one least-squares regression of all"
    yield Figure("warning", "one week of 10,000 series judged", took, "s", "", took / bare, note, "<= 10")
    took, own = seconds(lambda: detecting.detect(read, detecting.Asked(method="ears")))
    yield Figure("warning", "the same by EARS", took, "s", "", None, own)
    rolled = detecting.Asked(since=str(WEEKS - 51), years=4)
    start, worked = time.perf_counter(), time.process_time()
    detecting.detect(read, rolled)
    took, own = time.perf_counter() - start, f"own processor time {time.process_time() - worked:.1f} s; once"
    yield Figure("warning", "52 weeks of 10,000 series judged", took, "s", "", None, own)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "counts.csv"
        file.write_bytes(content)
        took, own = seconds(lambda: command(file, "--json"))
        note = f"{own}; start, reading, judging, 10,000 rows of JSON"
        yield Figure("warning", "`warn` on that table as a command", took, "s", "", None, note, "<= 10")
        peak = command(file, "--json")
        yield Figure(
            "warning", "its peak memory", peak, "MiB", "", peak * 2**20 / len(content), "× the size of the file"
        )


if __name__ == "__main__" and "JIANDU_DATABASE" not in os.environ:
    keep("warning", "", figures())
