"""Search grams in a table of their own, without row-level security, beside the scoped table: bigrams written by the program.

SQLite: contentless FTS5, whose rows are removed with the very text that was put in. PostgreSQL: a tsvector literal with
a GIN index. The same hits on both (docs/decisions/0013).
"""

from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from jiandu.base.core.text import fts5_phrase, grams, normal, tsquery, tsvector


def create(schema_editor: Any, name: str) -> None:
    """Makes the table. Migrations only."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE TABLE {name} (row_id bigint PRIMARY KEY, doc tsvector NOT NULL)")
        schema_editor.execute(f"CREATE INDEX {name}_doc ON {name} USING gin (doc)")
    else:
        schema_editor.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(g, content='', tokenize='unicode61')")


def drop(schema_editor: Any, name: str) -> None:
    schema_editor.execute(f"DROP TABLE IF EXISTS {name}")


def put(name: str, row_id: int, text: str, old_text: str = "") -> None:
    """Writes or replaces the grams of one row. `old_text` is what was put in before, "" for a new row."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {name} WHERE row_id = %s", [row_id])  # noqa: S608 -- a constant name
        elif old_text:
            cursor.execute(
                f"INSERT INTO {name} ({name}, rowid, g) VALUES ('delete', %s, %s)",  # noqa: S608 -- a constant name
                [row_id, " ".join(grams(old_text))],
            )
    if text:
        put_many(name, [(row_id, text)])


def put_many(name: str, rows: list[tuple[int, str]]) -> None:
    """Writes the grams of new rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            values = [(row_id, tsvector(text)) for row_id, text in rows]
            cursor.executemany(f"INSERT INTO {name} (row_id, doc) VALUES (%s, %s::tsvector)", values)  # noqa: S608 -- a constant name
        else:
            values = [(row_id, " ".join(grams(text))) for row_id, text in rows]
            cursor.executemany(f"INSERT INTO {name} (rowid, g) VALUES (%s, %s)", values)  # noqa: S608 -- a constant name


def matches(name: str, query: str) -> Q:
    """The condition that a row's text holds every word of the query (words are separated by spaces)."""
    words = [word for word in normal(query).split() if grams(word)]
    if not words:
        return Q(pk__in=[])
    if connection.vendor == "postgresql":
        said = " & ".join(f"({tsquery(word)})" for word in words)
        return Q(pk__in=RawSQL(f"SELECT row_id FROM {name} WHERE doc @@ %s::tsquery", [said]))  # noqa: S608, S611 -- constant SQL
    said = " AND ".join(fts5_phrase(word) for word in words)
    return Q(pk__in=RawSQL(f"SELECT rowid FROM {name} WHERE {name} MATCH %s", [said]))  # noqa: S608, S611 -- constant SQL
