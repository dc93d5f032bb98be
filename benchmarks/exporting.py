"""An export of 100,000 rows beside one of 10,000: the memory must not grow with the rows.

Bare: the driver reading the same rows, and openpyxl (write-only) writing them.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Iterator

import openpyxl
from django.db import connection

from benchmarks import build
from benchmarks.build import as_
from benchmarks.figures import Figure, keep, own
from jiandu.base.core import guard
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.loop.workbooks import exporting

SIZES = (10_000, 100_000)


def export(size: int, kind: str) -> tuple[float, float]:
    """(seconds, MiB of its own memory at most) of an export in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_export, (size, kind))


def _export(size: int, kind: str) -> tuple[float, float]:
    whole = exporting.ledger
    exporting.ledger = lambda viewer, filters: whole(viewer, filters).filter(pk__lte=size * 11 // 10)
    held = [0.0]

    def tell(_done: int, _total: int | None) -> None:
        held[0] = max(held[0], own())

    with as_(guard.system("benchmark")) as by, tempfile.TemporaryFile() as file:
        cached()
        start = time.perf_counter()
        export = exporting.Export(Filters(), kind)
        rows = exporting.write_export(by, export, file, tell=tell).rows
        taken = time.perf_counter() - start
        assert rows >= size, rows  # noqa: S101 -- a wrong measurement is worse than none
    return taken, held[0]


def cached() -> None:
    """SQLite's page cache (64 MiB, whatever is read) is full before the memory is compared."""
    if connection.vendor == "sqlite":
        with guard.unguarded("benchmark"), connection.cursor() as cursor:
            cursor.execute("SELECT count(problem || facts) FROM findings_finding WHERE id <= 110000")
            cursor.fetchone()


def bare(size: int) -> float:
    start = time.perf_counter()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    with guard.unguarded("benchmark"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, registered_on, problem, facts, rectification, due_on, rectifier_name, state, closed_on"
            f" FROM findings_finding WHERE id <= {size}"
        )
        for row in cursor.fetchall():
            sheet.append(row)
    with tempfile.TemporaryFile() as file:
        book.save(file)
    return time.perf_counter() - start


def figures() -> Iterator[Figure]:
    vendor = connection.vendor
    for kind in ("xlsx", "csv"):
        found = {size: export(size, kind) for size in SIZES}
        (_, small), (taken, large) = found[SIZES[0]], found[SIZES[1]]
        ratio = taken / bare(SIZES[1]) if kind == "xlsx" else None
        yield Figure("exporting", f"{kind}, 100,000 rows", taken, "s", vendor, ratio)
        note = f"{small:.0f} MiB for 10,000 rows, {large:.0f} MiB for 100,000"
        yield Figure(
            "exporting", f"{kind}, memory of 100,000 ÷ of 10,000 rows", large / small, "×", vendor, None, note, "<= 1.1"
        )


if __name__ == "__main__":
    if SIZES[-1] * 11 // 10 > build.COUNT:
        raise SystemExit(f"exporting needs {SIZES[-1] * 11 // 10:,} findings")
    build.ready()
    keep("exporting", connection.vendor, figures())
