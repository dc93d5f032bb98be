"""Makes the installation that the subjects measure: migrations, the net, then a million findings by the fastest way in.

The rows go in beside the product (COPY, executemany), without indexes and triggers, which are put back afterwards. The
folder keeps the result: `ready()` builds only what is missing.
"""

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import django

django.setup()

import psycopg  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from benchmarks import city  # noqa: E402
from benchmarks.rows import Rows, columns, gram_of, hangs_on, row_of  # noqa: E402
from jiandu.base.core import guard  # noqa: E402
from jiandu.base.core.clock import today  # noqa: E402
from jiandu.loop.findings.models import Approval, Finding, LookBack, Repeat, Step  # noqa: E402
from jiandu.loop.findings.services.searching import INDEX  # noqa: E402
from jiandu.loop.outcomes.models import MoneyRecovered, RuleMade, RuleOrigin  # noqa: E402

VERSION = 2
CHUNK = 20_000
PARTS = {
    "look_back": LookBack,
    "approval": Approval,
    "repeat": Repeat,
    "money": MoneyRecovered,
    "rule": RuleMade,
    "origin": RuleOrigin,
}
MODELS = [Finding, Step, *PARTS.values()]
COUNT = int(os.environ.get("BENCHMARK_FINDINGS", "1000000"))
Insert = Callable[[str, list[str], Iterable[tuple[Any, ...]]], None]


def ready() -> None:
    """Builds what is missing: an empty database gets everything, an older one the new migrations."""
    call_command("migrate", verbosity=0, interactive=False)
    mark = Path(settings.DATA) / "built.json"
    if mark.exists() and json.loads(mark.read_text())["version"] == VERSION:
        return
    begun = time.perf_counter()
    if mark.exists():
        raise SystemExit(f"{mark}: of an older generator; delete the folder")
    net = city.build()
    with guard.unguarded("benchmark"), loader() as insert:
        rows = Rows(net, COUNT, today())
        fill(rows, insert)
    city.name_lookers(net, rows.named, rows.recused)
    with guard.unguarded("benchmark"):
        settle()
    taken = time.perf_counter() - begun
    mark.write_text(json.dumps({"version": VERSION, "findings": COUNT, "day": today().isoformat(), "seconds": taken}))
    print(f"built {COUNT:,} findings on {connection.vendor} in {taken:,.0f} s", flush=True)


def fill(rows: Rows, insert: Insert) -> None:
    """All rows in chunks: findings, steps, grams, and what hangs on them."""
    build = {model: row_of(model) for model in MODELS}
    made, step_id = rows.findings(), 1
    serial = dict.fromkeys(PARTS, 0)
    gram = "doc" if connection.vendor == "postgresql" else "g"
    while chunk := list(islice(made, CHUNK)):
        steps: list[tuple[Any, ...]] = []
        parts: dict[str, list[tuple[Any, ...]]] = {kind: [] for kind in PARTS}
        for finding, course, days in chunk:
            own = list(rows.steps(finding, course, days, step_id))
            step_id += len(own)
            steps += map(build[Step], own)
            for kind, said in hangs_on(finding, course, [step["on"] for step in own]):
                serial[kind] += 1
                parts[kind].append(build[PARTS[kind]]({"id": serial[kind]} | said))
        insert(Finding._meta.db_table, columns(Finding), [build[Finding](finding) for finding, _, _ in chunk])
        insert(Step._meta.db_table, columns(Step), steps)
        texts = [gram_of(finding) for finding, _, _ in chunk if finding["level"] <= 1]
        insert(INDEX, ["row_id", gram], texts)
        for kind, model in PARTS.items():
            insert(model._meta.db_table, columns(model), parts[kind])


def loader() -> Any:
    return _into_postgresql() if connection.vendor == "postgresql" else _into_sqlite()


@contextmanager
def _into_sqlite() -> Iterator[Insert]:
    connection.close()
    raw = sqlite3.connect(Path(settings.DATA) / "jiandu.sqlite3", isolation_level=None)
    raw.executescript(
        "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000; PRAGMA foreign_keys=OFF;"
    )
    raw.execute("BEGIN")
    tables = [model._meta.db_table for model in MODELS] + [INDEX]
    marks = ",".join("?" * len(tables))
    kept = raw.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        f" AND tbl_name IN ({marks}) AND sql NOT LIKE 'CREATE UNIQUE%'",
        tables,
    ).fetchall()
    for kind, name, _ in kept:
        raw.execute(f'DROP {kind} "{name}"')

    def insert(table: str, names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
        quoted = ", ".join(f'"{name}"' for name in names)
        raw.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({', '.join('?' * len(names))})", rows)

    yield insert
    for _, _, sql in sorted(kept):
        raw.execute(sql)
    raw.execute(f"INSERT INTO {INDEX}_index ({INDEX}_index) VALUES ('rebuild')")
    raw.execute("COMMIT")
    raw.close()


@contextmanager
def _into_postgresql() -> Iterator[Insert]:
    tables = [model._meta.db_table for model in MODELS] + [INDEX]
    with psycopg.connect(os.environ["BENCHMARK_ROOT"]) as raw:
        raw.execute("SET session_replication_role = replica")
        kept = raw.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
            [tables],
        ).fetchall()
        always = raw.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A'"
            " AND tgrelid::regclass::text = ANY(%s)",
            [tables],
        ).fetchall()
        for name, _ in kept:
            raw.execute(f'DROP INDEX "{name}"')
        for table, name in always:
            raw.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"')

        def insert(table: str, names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
            quoted = ", ".join(f'"{name}"' for name in names)
            with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

        yield insert
        for _, definition in kept:
            raw.execute(definition)
        for table, name in always:
            raw.execute(f'ALTER TABLE {table} ENABLE ALWAYS TRIGGER "{name}"')
        for table in tables[:-1]:
            raw.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def settle() -> None:
    """What the databases do by themselves in time: statistics, visibility."""
    if connection.vendor == "postgresql":
        with psycopg.connect(os.environ["BENCHMARK_ROOT"], autocommit=True) as raw:
            raw.execute("VACUUM ANALYZE")


def acting_as(name: str) -> guard.Viewer:
    """The viewer of one who looks, as the next request would build it."""
    from jiandu.base.accounts.models import User
    from jiandu.net.access.standing import viewer_of

    return viewer_of(User.objects.get(username=f"bench-{name}"))


@contextmanager
def as_(viewer: guard.Viewer) -> Iterator[guard.Viewer]:
    with transaction.atomic(), guard.acting(viewer):
        yield viewer


if __name__ == "__main__":
    ready()
