"""Many new rows of one model at once, with keys given beforehand. Django's own way spends its time on building SQL.

Each row is taken out of its object in one go, and only what the driver does not know is translated: SQLite gets
executemany, PostgreSQL one array a column (COPY is refused where row-level security binds).
"""

# ruff: noqa: S608, SLF001 -- the names in these statements are those of the models; _state is documented

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.base import ModelState

CHUNK = 5_000
Told = Callable[[Any], Any]


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Writes the rows, all columns of them, in the caller's transaction; gives each its key. Signals are not sent."""
    if not rows:
        return
    fields = list(model._meta.concrete_fields)
    _prepare(model, fields, rows)
    taken = itemgetter(*(field.attname for field in fields))
    changed = {at: told for at, field in enumerate(fields) if (told := _translation(field))}
    values = (_row(taken(vars(row)), changed) for row in rows)
    write = _by_arrays if connection.vendor == "postgresql" else _by_rows
    with connection.cursor() as cursor:
        write(cursor, model._meta.db_table, fields, values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


class Maker:
    """Makes unsaved rows of one model as `Model(**values)` does, without asking each of its fields: five times as fast.

    A relation is given as its object or as `<name>_id`. Raises AttributeError for a name that the model does not have.
    """

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        fields = model._meta.concrete_fields
        self.related = {field.name: field.attname for field in fields if field.remote_field is not None}
        self.names = {field.attname for field in fields}
        self.called = {
            field.attname: field.default for field in fields if field.has_default() and callable(field.default)
        }
        self.blank = {field.attname: field.get_default() for field in fields if field.attname not in self.called}

    def __call__(self, **values: Any) -> Any:
        row = self.model.__new__(self.model)
        row._state, held = ModelState(), vars(row)
        held.update(self.blank)
        for name, value in values.items():
            attname = self.related.get(name)
            if attname is not None:
                row._state.fields_cache[name] = value
                held[attname] = None if value is None else value.pk
            elif name in self.names:
                held[name] = value
            else:
                raise AttributeError(f"{self.model.__name__} has no {name}")
        for attname, default in self.called.items():
            if attname not in values:
                held[attname] = default()
        return row


def _prepare(model: type[models.Model], fields: list[Any], rows: Sequence[models.Model]) -> None:
    """The values that a field makes when its row is added, and keys for rows that have none yet."""
    for field in (field for field in fields if _makes_values(field)):
        for row in rows:
            vars(row)[field.attname] = field.pre_save(row, add=True)
    fresh = [row for row in rows if row.pk is None]
    for row, key in zip(fresh, _keys(model, len(fresh)), strict=True):
        row.pk = key
    for field in fields:
        if field.remote_field is not None:
            _take_key(field, rows)


def _makes_values(field: Any) -> bool:
    """The moment of writing; and fields of ours: what is sealed is never inserted in clear."""
    is_dated = getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False)
    return is_dated or not type(field).pre_save.__module__.startswith("django.")


def _take_key(field: Any, rows: Sequence[models.Model]) -> None:
    """A related object that was saved after it was set has its key by now."""
    name, attname = field.name, field.attname
    for row in rows:
        if vars(row)[attname] is None and (other := row._state.fields_cache.get(name)) is not None:
            vars(row)[attname] = other.pk


def _keys(model: type[models.Model], count: int) -> list[int]:
    """So many keys that nobody else gets. On SQLite the transaction is the only writer."""
    if not count:
        return []
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, key, count]
            )
            return sorted(row[0] for row in cursor.fetchall())
        cursor.execute("SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = int(cursor.fetchone()[0])
    return list(range(last + 1, last + count + 1))


def _row(values: tuple[Any, ...], changed: dict[int, Told]) -> tuple[Any, ...]:
    if not changed:
        return values
    row = list(values)
    for at, told in changed.items():
        if row[at] is not None:
            row[at] = told(row[at])
    return tuple(row)


def _translation(field: Any) -> Told | None:
    """How a value that is there becomes the driver's; None where it is so already."""
    if field.remote_field is not None:
        return _translation(field.target_field)
    kind = field.get_internal_type()
    if kind in _PLAIN:
        return _plain if field.choices else None
    if kind in _DATED:
        return _DATED[kind] if connection.vendor == "sqlite" else None
    return lambda value: field.get_db_prep_save(value, connection)


_PLAIN = frozenset(
    {"AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "CharField", "IntegerField"}
    | {"PositiveIntegerField", "PositiveSmallIntegerField", "SmallIntegerField", "TextField"}
)


@lru_cache(maxsize=1024)
def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


@lru_cache(maxsize=8192)
def _day(value: date) -> str:
    return value.isoformat()


@lru_cache(maxsize=1024)
def _moment(value: datetime) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None))


def _hex(value: UUID) -> str:
    return value.hex


_DATED: dict[str, Told] = {"DateField": _day, "DateTimeField": _moment, "UUIDField": _hex}


def _by_rows(cursor: Any, table: str, fields: list[Any], values: Iterator[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    while chunk := list(islice(values, CHUNK)):
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', chunk)


def _by_arrays(cursor: Any, table: str, fields: list[Any], values: Iterator[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{field.column}"' for field in fields)
    arrays = ", ".join(f"CAST(%s AS {_type_of(field)}[])" for field in fields)
    while chunk := list(islice(values, CHUNK)):
        columns = [list(column) for column in zip(*chunk, strict=True)]
        cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT * FROM unnest({arrays})', columns)


def _type_of(field: Any) -> str:
    """The column's type, without a length: a cast to varchar(64) would cut a longer text, the insert refuses it."""
    target = field.target_field if field.remote_field is not None else field
    said: str = target.rel_db_type(connection) if target.primary_key else target.db_type(connection)
    return said.partition("(")[0].replace("timestamp with time zone", "timestamptz")  # which the tripwire can read
