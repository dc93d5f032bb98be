"""How fast the log is written and verified, on both databases, beside the bare work on the same machine in the same run.

python -m benchmarks audit; python -m benchmarks.audit [--entries 200000] [--seconds 4].
"""

import argparse
import hashlib
import multiprocessing
import os
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiandu.project.settings")
os.environ.setdefault("JIANDU_DATA", tempfile.mkdtemp(prefix="jiandu-benchmark-"))
django.setup()

from django.db import connection, transaction  # noqa: E402
from tests.ground import leading_to, migrate_audit  # noqa: E402
from tests.postgres import OWNER, Server, cluster  # noqa: E402

from benchmarks.figures import Figure, keep  # noqa: E402
from jiandu.base.audit import hashes  # noqa: E402
from jiandu.base.audit.chain import _rows, verify_chain  # noqa: E402
from jiandu.base.audit.models import GENESIS, Entry, Head, Payload  # noqa: E402
from jiandu.base.audit.services import record  # noqa: E402
from jiandu.base.core.guard import Viewer  # noqa: E402
from jiandu.project import databases  # noqa: E402

OFFICER = Viewer(key="user:7", name="王小明", user_id=7)
SAID = {"verb": "pass", "from": "待核验", "to": "待审批", "on": "2022-03-22", "note": "现场核查,租金已收回,合同已补签"}
BARE = "CREATE TABLE bare (seq integer PRIMARY KEY, body text NOT NULL)"
PROMISES = {
    ("sqlite", "append, a transaction each"): 500,
    ("postgresql", "append, 8 writers"): 300,
    ("sqlite", "verify"): 50_000,
    ("postgresql", "verify"): 50_000,
}


def told(vendor: str, what: str, ours: float, bare: float) -> Figure:
    """Acts a second, ours beside the bare ones."""
    promised = PROMISES.get((vendor, what))
    promise = f">= {promised}" if promised else ""
    return Figure("audit", what, ours, "a second", vendor, bare / ours, f"bare {bare:,.0f}", promise)


def rate(act: Callable[[int], None], seconds: float) -> float:
    """Times a second that `act` can be done."""
    start = time.perf_counter()
    done = 0
    while time.perf_counter() - start < seconds:
        act(done)
        done += 1
    return done / (time.perf_counter() - start)


def append(number: int) -> None:
    with transaction.atomic():
        record(OFFICER, "finding.verify", None, SAID | {"n": number}, level=1)


def append_within(seconds: float) -> float:
    with transaction.atomic():
        return rate(lambda number: record(OFFICER, "finding.verify", None, SAID | {"n": number}, level=1), seconds)


def line_of(number: int) -> str:
    """A text as long as an entry with its payload."""
    return f"{number:012d}" + "x" * 700


def bare_sqlite(folder: Path, seconds: float) -> float:
    """One INSERT a transaction, through Python's own driver with our settings."""
    with sqlite3.connect(folder / "bare.sqlite3", isolation_level=None) as bare:
        bare.executescript(databases.PRAGMAS + BARE)

        def insert(number: int) -> None:
            bare.execute("BEGIN IMMEDIATE")
            bare.execute("INSERT INTO bare (body) VALUES (?)", [line_of(number)])
            bare.execute("COMMIT")

        return rate(insert, seconds)


def bare_postgresql(address: str, seconds: float) -> float:
    with psycopg.connect(address, autocommit=True) as bare:
        bare.execute("CREATE TABLE IF NOT EXISTS bare (seq bigserial PRIMARY KEY, body text NOT NULL)")
        return rate(lambda number: bare.execute("INSERT INTO bare (body) VALUES (%s)", [line_of(number)]), seconds)


def write_beside(server: Server, role: str, seconds: float) -> float:
    """One of several writers, a process of its own."""
    with leading_to(databases.postgresql(server.address("log", role))):
        append(0)
        return rate(append, seconds)


def insert_beside(server: Server, role: str, seconds: float) -> float:
    return bare_postgresql(server.address("log", role), seconds)


def together(write: Callable[[Server, str, float], float], server: Server, seconds: float, writers: int = 8) -> float:
    context = multiprocessing.get_context("spawn")
    with context.Pool(writers) as pool:
        return sum(pool.starmap(write, [(server, OWNER, seconds)] * writers))


def fill(count: int) -> None:
    """A log of `count` entries, written wholesale: what is measured is reading it."""
    at, prev, first = datetime.now(UTC), GENESIS, 1
    while first <= count:
        part, said = [], []
        for seq in range(first, min(first + 5000, count + 1)):
            salt, body = secrets.token_hex(16), hashes.canonical_body(SAID | {"n": seq})
            entry = Entry(seq=seq, at=at, actor="user:7", actor_name="王小明", verb="finding.verify", outcome="done")
            entry.obj, entry.org, entry.level = (
                "findings.finding:12345678-1234-4234-8234-1234567890ab",
                "第二监督检查室",
                1,
            )
            entry.prev, entry.payload_hash = prev, hashes.payload_hash_of(salt, body)
            entry.hash = prev = hashes.hash_of_entry(entry)
            part.append(entry)
            said.append(Payload(entry=entry, salt=salt, body=body))
        Entry.objects.bulk_create(part)
        Payload.objects.bulk_create(said)
        first += 5000
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_head DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER audit_head_forward")
    Head.objects.filter(pk=1).update(seq=count, hash=prev)


def verify(count: int) -> float:
    start = time.perf_counter()
    verdict = verify_chain()
    assert (verdict.status, verdict.entries) == ("intact", count), verdict  # noqa: S101 -- a wrong measurement is worse than none
    return count / (time.perf_counter() - start)


def bare_hashes(count: int) -> float:
    """SHA-256 alone, over the same bytes: a row and a payload each."""
    texts = [
        (hashes.canonical(row[:12]), f"{row[13]}{row[14]}".encode())
        for row, _ in zip(_rows(), range(20_000), strict=False)
    ]
    rounds = max(1, count // len(texts))
    start = time.perf_counter()
    for _ in range(rounds):
        for row, body in texts:
            hashlib.sha256(b"\0" + row).hexdigest()
            hashlib.sha256(body).hexdigest()
    return rounds * len(texts) / (time.perf_counter() - start)


@contextmanager
def empty_log(settings: dict[str, Any]) -> Iterator[None]:
    with leading_to(settings) as fresh:
        migrate_audit(fresh)
        yield


def reading(vendor: str, settings: dict[str, Any], count: int) -> Figure:
    with empty_log(settings):
        fill(count)
        verify(count)
        return told(vendor, "verify", verify(count), bare_hashes(count))


def on_sqlite(entries: int, seconds: float) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = databases.sqlite(folder)
        bare = bare_sqlite(folder, seconds)
        with empty_log(settings):
            yield told("sqlite", "append, a transaction each", rate(append, seconds), bare)
            yield told("sqlite", "append, one transaction", append_within(seconds), bare)
        yield reading("sqlite", settings | {"NAME": str(folder / "read.sqlite3")}, entries)


def on_postgresql(entries: int, seconds: float) -> Iterator[Figure]:
    with cluster(durable=True) as server:
        server.create("log")
        server.create("read")
        settings, address = databases.postgresql(server.address("log", OWNER)), server.address("log", OWNER)
        bare = bare_postgresql(address, seconds)
        with empty_log(settings):
            yield told("postgresql", "append, a transaction each", rate(append, seconds), bare)
            yield told("postgresql", "append, one transaction", append_within(seconds), bare)
        ours = together(write_beside, server, seconds)
        yield told("postgresql", "append, 8 writers", ours, together(insert_beside, server, seconds))
        yield reading("postgresql", databases.postgresql(server.address("read", OWNER)), entries)


def main() -> None:
    """The figures of one database: of the server's when its address is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=4)
    asked = parser.parse_args()
    vendor = "postgresql" if os.environ.get("JIANDU_DATABASE") else "sqlite"
    measure = on_postgresql if vendor == "postgresql" else on_sqlite
    keep("audit", vendor, measure(asked.entries, asked.seconds))


if __name__ == "__main__":
    main()
