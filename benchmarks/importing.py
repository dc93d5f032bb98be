"""A ledger of 100,000 rows from the sheet to the last commit, with its proposals of repeats: read, judged, written.

Bare: openpyxl reading the same sheet (read-only, values), and executemany of the rows that came of it into a copy of
the two tables without indexes.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, cast

import openpyxl
import psycopg
from django.db import connection

from benchmarks import apart
from benchmarks.build import as_
from benchmarks.figures import ROOT, Figure, keep, peaks
from benchmarks.rows import HEADS, PLACES, TAILS
from jiandu.base.core import guard
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding, Repeat, Step
from jiandu.loop.workbooks.columns import TITLES
from jiandu.loop.workbooks.importing import commit, judge, prepare, read_sheet, still

COUNT = 100_000
FILE = ROOT / ".cache" / "benchmarks" / f"ledger-{COUNT}.xlsx"
ASPECTS = ("责任落实", "惠企政策", "行业监管", "数字赋能")


def ledger(path: Path) -> None:
    """Such a sheet, made once: 400 units, 300 projects, every tenth problem told before."""
    chance, book = random.Random(7), openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append(["2025年度项目化监督问题台账"])
    sheet.append(list(TITLES.values()))
    first = date(2025, 1, 6)
    for number in range(1, COUNT + 1):
        on = first + timedelta(days=number * 300 // COUNT)
        project, closed = number % 300, number % 5 > 0
        problem = f"{chance.choice(PLACES)}{chance.choice(HEADS)},{chance.choice(TAILS)}{number if number % 10 else ''}"
        said = {
            "code": f"WT2025-{number:06d}",
            "registered_on": on,
            "source": "项目化监督",
            "project_code": f"XM2025-{project:03d}",
            "project_name": f"第{project}项监督",
            "office": f"第{project % 12 + 1}监督检查室",
            "subject": f"市第{chance.randrange(400)}中心",
            "problem": problem,
            "facts": f"经查,{problem},涉及{chance.randint(2, 90)}项,原因是责任不清、制度不全。",
            "amount": chance.choice([None, 3700, "0.37万元", "3,700元"]),
            "rectification": chance.choice(["立行立改", "限期整改"]),
            "measures": "建立台账,限期补正",
            "due_on": on + timedelta(days=30),
            "rectifier": "张建国",
            "applied_on": on + timedelta(days=20) if closed else None,
            "verifier": "李敏" if closed else None,
            "conclusion": "通过" if closed else None,
            "approver": "王主任" if closed else None,
            "closed_on": on + timedelta(days=25) if closed else None,
        }
        sheet.append([said.get(key) for key in TITLES])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def bare_read() -> float:
    start = time.perf_counter()
    book = openpyxl.load_workbook(FILE, read_only=True, data_only=True)
    count = sum(1 for _ in book.active.iter_rows(values_only=True))
    assert count == COUNT + 2, count  # noqa: S101 -- a wrong measurement is worse than none
    return time.perf_counter() - start


def bare_write() -> float:
    """Seconds for the same findings and steps by the driver, in one transaction."""
    with guard.unguarded("benchmark"), maker() as cursor:
        taken = 0.0
        for model in (Finding, Step):
            table = model._meta.db_table
            cursor.execute(f"SELECT * FROM {table}")
            rows = cursor.fetchall()
            cursor.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} WHERE 1 = 0")
            start = time.perf_counter()
            cursor.executemany(f"INSERT INTO bare_{table} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
            taken += time.perf_counter() - start
        return taken


@contextmanager
def maker() -> Iterator[Any]:
    """A cursor that sees all rows and may make tables: on PostgreSQL not that of the role that works."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            yield cursor
    else:
        with psycopg.connect(os.environ["BENCHMARK_ROOT"]) as root, root.cursor() as cursor:
            yield cursor


WRITER = """
import sys, time
import django
django.setup()
from django.db import OperationalError, transaction
from jiandu.base.audit.services import record
from jiandu.base.core import guard
by = guard.system("another writer")
print("ready", flush=True)
while True:
    start, failed = time.perf_counter(), 0
    try:
        with transaction.atomic():
            record(by, "benchmark.write", None)
    except OperationalError:
        failed = 1
    print(time.perf_counter() - start, failed, flush=True)
    time.sleep(0.05)
"""


@contextmanager
def beside() -> Iterator[list[tuple[float, int]]]:
    """Somebody else who writes one short act after another: (seconds that each took, whether it was refused)."""
    waits: list[tuple[float, int]] = []
    process = subprocess.Popen([sys.executable, "-c", WRITER], stdout=subprocess.PIPE, text=True)
    out = cast("IO[str]", process.stdout)
    out.readline()
    first = out.readline().split()
    yield waits
    out.readline()
    time.sleep(1)
    process.terminate()
    lines = [first, *(line.split() for line in out.read().splitlines() if line.count(" ") == 1)]
    process.wait()
    waits += [(float(taken), int(failed)) for taken, failed in lines]


def figures() -> Iterator[Figure]:
    vendor, memory = connection.vendor, peaks()
    read_bare = bare_read()
    with as_(guard.system("benchmark")) as by:
        load_defaults(by=by)
    moments = [time.perf_counter()]
    sheet = read_sheet(FILE)
    moments.append(time.perf_counter())
    worked = time.process_time()
    with as_(guard.system("benchmark")) as by:
        found = judge(by, sheet, create_missing=True)
        moments.append(time.perf_counter())
    prepare(found)
    moments.append(time.perf_counter())
    with beside() as waits, as_(guard.system("benchmark")) as by:
        commit(by, still(by, found))
    moments.append(time.perf_counter())
    worked = time.process_time() - worked
    peak = next(memory)
    with as_(guard.system("benchmark")):
        made, repeats = Finding.objects.count(), Repeat.objects.count()
    assert made == COUNT, made  # noqa: S101 -- a wrong measurement is worse than none
    read, judged, prepared, written = (later - sooner for sooner, later in pairwise(moments))
    write_bare = bare_write()
    rate = COUNT / (read + judged + prepared + written)
    note = f"{repeats:,} repeats proposed; bare: openpyxl and executemany"
    yield Figure(
        "importing",
        "all",
        rate,
        "rows/s",
        vendor,
        (read + judged + prepared + written) / (read_bare + write_bare),
        note,
        ">= 2000",
    )
    yield Figure("importing", "read", read, "s", vendor, read / read_bare, "in the confined child")
    yield Figure("importing", "judge", judged, "s", vendor, None, "compared with the records; nobody waits")
    yield Figure("importing", "prepare", prepared, "s", vendor, None, "steps, breaches, grams; nobody waits")
    yield Figure(
        "importing",
        "write",
        written,
        "s",
        vendor,
        written / write_bare,
        f"own processor time with judging {worked:.0f} s",
    )
    note = f"of {len(waits)} short writes beside it; {sum(1 for _, failed in waits if failed)} failed"
    yield Figure(
        "importing", "longest wait of another writer", max(taken for taken, _ in waits), "s", vendor, None, note
    )
    yield Figure("importing", "peak memory", peak, "MiB", vendor)


if __name__ == "__main__":
    apart.migrate()
    if not FILE.exists():
        ledger(FILE)
    keep("importing", connection.vendor, figures())
    apart.remove()
