"""Builds a state through services once a process, and afterwards writes the same rows again: ten times as fast.

What the builder inserted and changed is read off the tables themselves, so nothing of it can be forgotten.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.db import connection, transaction

from jiandu.base.audit.models import Entry, Head
from jiandu.base.core import guard

T = TypeVar("T")
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Written:
    """The rows that appeared in a table, and those that changed, whole."""

    table: str
    columns: tuple[str, ...]
    key: int  # place of the primary key
    added: tuple[Row, ...]
    changed: tuple[Row, ...]


class Stamp(Generic[T]):
    """What `build` gives, again and again: learnt once in an empty database, written from memory later."""

    def __init__(self, build: Callable[[], T]) -> None:
        self.build = build
        self._kept: tuple[T, list[Written]] | None = None

    def learn(self) -> None:
        """Builds and takes everything back."""
        with transaction.atomic():
            before = everything()
            made = self.build()
            self._kept = made, _differences(before, everything())
            transaction.set_rollback(True)

    def press(self) -> T:
        """Inside a transaction; the first time it is learnt. Where the log has begun, its entries could not follow: there it is built."""
        if Head.objects.filter(seq__gt=0).exists():
            return self.build()
        if self._kept is None:
            self.learn()
        assert self._kept is not None
        made, written = self._kept
        with _all_rows("rows written before"):
            for rows in written:
                if rows.table == Head._meta.db_table:
                    _step_forward(written)
                else:
                    _write(rows)
        return deepcopy(made)


@contextmanager
def _all_rows(why: str) -> Iterator[None]:
    """Past the guard, and as the system: row-level security would keep protected rows back."""
    with guard.unguarded(why), guard.acting(guard.system(why)):
        yield


@cache
def _tables() -> tuple[tuple[str, tuple[str, ...], int], ...]:
    """Every model's table with its columns and the place of its key; what triggers fill fills itself."""
    metas = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    found = [(meta.db_table, [field.column for field in meta.local_concrete_fields], meta.pk.column) for meta in metas]
    return tuple((table, tuple(columns), columns.index(key)) for table, columns, key in found)


def everything() -> dict[str, dict[Any, Row]]:
    """All rows of all tables by key."""
    held: dict[str, dict[Any, Row]] = {}
    with _all_rows("what a builder writes"), connection.cursor() as cursor:
        for table, columns, key in _tables():
            cursor.execute(f"SELECT {', '.join(map(_quoted, columns))} FROM {_quoted(table)}")
            held[table] = {row[key]: tuple(row) for row in cursor.fetchall()}
    return held


def _differences(before: dict[str, dict[Any, Row]], after: dict[str, dict[Any, Row]]) -> list[Written]:
    found = []
    for table, columns, key in _tables():
        old, new = before.get(table, {}), after.get(table, {})
        added = tuple(row for name, row in new.items() if name not in old)
        changed = tuple(row for name, row in new.items() if name in old and old[name] != row)
        if added or changed:
            found.append(Written(table, columns, key, added, changed))
    return found


def _write(rows: Written) -> None:
    columns, marks = ", ".join(map(_quoted, rows.columns)), ", ".join("%s" for _ in rows.columns)
    key = _quoted(rows.columns[rows.key])
    with connection.cursor() as cursor:
        if rows.added:
            cursor.executemany(f"INSERT INTO {_quoted(rows.table)} ({columns}) VALUES ({marks})", rows.added)
        sets = ", ".join(f"{_quoted(name)} = %s" for name in rows.columns)
        steps = [[*row, row[rows.key]] for row in rows.changed]
        cursor.executemany(f"UPDATE {_quoted(rows.table)} SET {sets} WHERE {key} = %s", steps)


def _step_forward(written: list[Written]) -> None:
    """The head of the log, which its trigger lets go one entry at a time."""
    entries = next(rows for rows in written if rows.table == Entry._meta.db_table)
    seq, digest = entries.columns.index("seq"), entries.columns.index("hash")
    steps = sorted((row[seq], row[digest]) for row in entries.added)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {_quoted(Head._meta.db_table)} SET seq = %s, hash = %s", steps)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
