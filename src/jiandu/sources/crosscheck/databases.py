"""Reads a table or query of another system's database, as text, row by row. Only SELECT, in a read-only transaction."""

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jiandu.base.core.errors import Refused

BATCH = 10_000


def dump(url: str, query: str, into: Path) -> Path:
    """What a query finds, as CSV. `url` is postgresql://… or sqlite:///path. Raises Refused where it cannot be read."""
    if not query:
        raise Refused("query", "从数据库取数要给出查询：--query")
    scheme = urlsplit(url).scheme
    if scheme not in {"postgresql", "postgres", "sqlite"}:
        raise Refused("database", "只能读取 postgresql:// 和 sqlite:/// 数据库：%(scheme)s", scheme=scheme or "?")
    rows = _sqlite(url, query) if scheme == "sqlite" else _postgresql(url, query)
    with into.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        for row in rows:
            writer.writerow(["" if value is None else value for value in row])
    return into


def _sqlite(url: str, query: str) -> Iterator[Any]:
    path = url.removeprefix("sqlite:///")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            found = connection.execute(query)
            yield [column[0] for column in found.description or ()]
            while batch := found.fetchmany(BATCH):
                yield from batch
    except sqlite3.Error as failed:
        raise Refused("database", "数据库读不出：%(why)s", why=str(failed)) from failed


def _postgresql(url: str, query: str) -> Iterator[Any]:
    import psycopg  # noqa: PLC0415 -- only where such a database is read

    try:
        with psycopg.connect(url) as connection:
            connection.read_only = True
            with connection.cursor(name="crosscheck") as found:
                found.itersize = BATCH
                found.execute(query)
                first = found.fetchone()
                yield [column.name for column in found.description or ()]
                if first is not None:
                    yield first
                    yield from found
    except psycopg.Error as failed:
        raise Refused("database", "数据库读不出：%(why)s", why=str(failed).splitlines()[0]) from failed
