"""Search grams in a table of their own, without row-level security, beside the scoped table (docs/decisions/0013).

The program cuts the text into bigrams (base.core.text); the database only stores and finds them, SQLite by FTS5,
PostgreSQL by a tsvector with a GIN index, with the same hits on both. Put in only what is of level ≤ 1, and always
filter a scoped queryset: `Finding.objects.filter(grams.matches("finding_grams", "低保"))`.
"""

# ruff: noqa: S608, S611 -- the names in these statements are constants of the program

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Q
from django.db.models.expressions import Func, RawSQL

from jiandu.base.core.text import fts5_phrase, grams, normal, tsquery, tsvector

LONGEST = 16_000  # characters of a text that are indexed: PostgreSQL keeps 16,383 positions
SAMPLE, DENSE = 1_000, 10  # a word in 10 of the 1,000 newest rows is common


def create(schema_editor: Any, name: str) -> None:
    """Makes the table `name` and its index. Migrations only.

    SQLite keeps the grams beside the index: so an entry is removed with the very words it was made of, whatever the
    program's cutting has become since, and one row can be tested without opening the index (100 times faster).
    """
    if schema_editor.connection.vendor == "postgresql":
        statements = [
            f"CREATE TABLE {name} (row_id bigint PRIMARY KEY, doc tsvector NOT NULL)",
            f"CREATE INDEX {name}_doc ON {name} USING gin (doc) WITH (fastupdate = off)",
        ]
    else:
        index = f"{name}_index"
        add = f"INSERT INTO {index} (rowid, g) VALUES (NEW.row_id, NEW.g);"
        take = f"INSERT INTO {index} ({index}, rowid, g) VALUES ('delete', OLD.row_id, OLD.g);"
        statements = [
            f"CREATE TABLE {name} (row_id integer PRIMARY KEY, g text NOT NULL)",
            f"CREATE VIRTUAL TABLE {index} USING fts5(g, content='{name}', content_rowid='row_id', tokenize='ascii')",
            f"CREATE TRIGGER {name}_added AFTER INSERT ON {name} BEGIN {add} END",
            f"CREATE TRIGGER {name}_taken AFTER DELETE ON {name} BEGIN {take} END",
            f"CREATE TRIGGER {name}_changed AFTER UPDATE ON {name} BEGIN {take} {add} END",
        ]
    for statement in statements:
        schema_editor.execute(statement, params=None)


def drop(schema_editor: Any, name: str) -> None:
    """Removes the table and its index (migrating backwards, or before a new `create`)."""
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute(f"DROP TABLE IF EXISTS {name}_index", params=None)
    schema_editor.execute(f"DROP TABLE IF EXISTS {name}", params=None)


def put(name: str, row_id: int, text: str, old_text: str = "") -> None:
    """Writes or replaces the grams of one row; "" removes them. Part of the writer's transaction. `old_text` is unused."""
    put_many(name, [(row_id, text)])


def put_many(name: str, rows: Iterable[tuple[int, str]]) -> None:
    """Writes or replaces the grams of many rows (key, text); "" removes. Only the first 16,000 characters are searched."""
    rows = list(rows)
    kept = [(row_id, cut(text)) for row_id, text in rows if text]
    gone = [(row_id,) for row_id, text in rows if not text]
    with connection.cursor() as cursor:
        if kept:
            cursor.executemany(_UPSERT[connection.vendor].format(name=name), kept)
        if gone:
            cursor.executemany(f"DELETE FROM {name} WHERE row_id = %s", gone)


def cut(text: str) -> str:
    """The grams of a text as this database stores them."""
    return _stored(text[:LONGEST])


def add_many(name: str, rows: list[tuple[int, str]]) -> None:
    """Writes the grams, cut already, of rows that have none yet."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            keys, docs = zip(*rows, strict=True)
            cursor.execute(
                f"INSERT INTO {name} (row_id, doc) SELECT k, d::tsvector FROM unnest(%s::bigint[], %s::text[]) t (k, d)",
                [list(keys), list(docs)],
            )
        else:
            cursor.executemany(f"INSERT INTO {name} (row_id, g) VALUES (%s, %s)", rows)


def matches(name: str, query: str, *, field: str = "pk", is_sought: bool = False) -> "Q | Holds":
    """The condition that a row's text holds every word of the query (words are separated by white space).

    For lists, newest first: a common word is tested row by row while the list is walked, a rare one is looked up and
    sought (1,000,000 rows: 20 newest in 1–60 ms either way, where the wrong way takes 500–35,000 ms). Which it is,
    the newest 1,000 rows tell. Where few rows are sought anyway (`is_sought`), each of them is tested. A query without
    a letter or digit matches nothing. `field` leads to the row's key.
    """
    words = _words(query)
    if not words:
        return Q(pk__in=[])
    if is_sought or _is_common(name, words):
        test, values = _test(name, words)
        return Holds(
            field,
            f"EXISTS (SELECT 1 FROM {name} WHERE {name}.row_id = [key] AND {test}{_FENCE[connection.vendor]})",
            values,
        )
    return Q(**{f"{field}__in": _ids(name, words, is_fenced=True)})


def is_common(name: str, query: str) -> bool:
    """Whether so many of the newest rows hold every word that a list is walked rather than sought."""
    words = _words(query)
    return bool(words) and _is_common(name, words)


def how_many(name: str, query: str, most: int) -> int:
    """How many rows hold every word, whoever may see them, up to one more than `most`: never to be shown."""
    found = matching_ids(name, query)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({found.sql} LIMIT {most + 1}) found", found.params)
        return int(cursor.fetchone()[0])


def matching_ids(name: str, query: str, *, limit: int | None = None) -> RawSQL:
    """The keys of the rows that hold every word, for `filter(pk__in=…)`: for counts and sums, where no order is walked.

    `limit` keeps the newest (highest) keys only.
    """
    words = _words(query)
    if not words:
        return RawSQL(f"SELECT row_id FROM {name} WHERE 1 = 0", [])
    return _ids(name, words, newest=limit)


class Holds(Func):
    """A condition on one row: `sql`, with [key] standing for the row's key."""

    def __init__(self, field: str, sql: str, values: tuple[str, ...]) -> None:
        super().__init__(F(field), output_field=BooleanField())
        self.sql = sql
        self.values = values

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        """The SQL and its values."""
        key, before = compiler.compile(self.get_source_expressions()[0])
        return self.sql.replace("[key]", key), (*before, *self.values)


_UPSERT = {
    "sqlite": "INSERT INTO {name} (row_id, g) VALUES (%s, %s) ON CONFLICT (row_id) DO UPDATE SET g = excluded.g",
    "postgresql": "INSERT INTO {name} (row_id, doc) VALUES (%s, %s::tsvector)"
    " ON CONFLICT (row_id) DO UPDATE SET doc = excluded.doc",
}
# OFFSET 0 keeps PostgreSQL from turning the test of one row into a join with all matching rows.
_FENCE = {"sqlite": "", "postgresql": " OFFSET 0"}


def _stored(text: str) -> str:
    return tsvector(text) if connection.vendor == "postgresql" else f" {' '.join(grams(text))} "


def _words(query: str) -> list[str]:
    return [word for word in normal(query).split() if grams(word)]


def _is_common(name: str, words: list[str]) -> bool:
    column = "doc" if connection.vendor == "postgresql" else "g"
    test, values = _test("newest", words)
    newest = f"SELECT {column} FROM {name} ORDER BY row_id DESC LIMIT {SAMPLE}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({newest}) newest WHERE {test}", values)
        return bool(cursor.fetchone()[0] >= DENSE)


def _test(table: str, words: list[str]) -> tuple[str, tuple[str, ...]]:
    """(condition on the grams of one row of `table`, its values), without the index."""
    if connection.vendor == "postgresql":
        return f"{table}.doc @@ CAST(%s AS tsquery)", (_tsquery(words),)
    return " AND ".join(f"instr({table}.g, %s) > 0" for _ in words), tuple(map(_needle, words))


def _needle(word: str) -> str:
    """What stands in the stored grams where the phrase matches; a phrase that ends open has no blank behind it."""
    phrase = fts5_phrase(word)
    return " " + phrase.removesuffix(" *").strip('"') + ("" if phrase.endswith("*") else " ")


def _ids(name: str, words: list[str], *, newest: int | None = None, is_fenced: bool = False) -> RawSQL:
    tail = "" if newest is None else f" ORDER BY row_id DESC LIMIT {int(newest)}"
    if connection.vendor == "postgresql":
        found = f"SELECT row_id FROM {name} WHERE doc @@ CAST(%s AS tsquery){tail}"
        sql = f"WITH found AS MATERIALIZED ({found}) SELECT row_id FROM found" if is_fenced else found
        return RawSQL(sql, [_tsquery(words)])
    tail = tail.replace("row_id", "rowid")
    sql = f"SELECT rowid FROM {name}_index WHERE {name}_index MATCH %s{tail}"
    return RawSQL(sql, [" AND ".join(map(fts5_phrase, words))])


def _tsquery(words: list[str]) -> str:
    return " & ".join(f"({tsquery(word)})" for word in words)
