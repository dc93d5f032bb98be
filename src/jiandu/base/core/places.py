"""Copies of tree paths on protected records, which decide scope: derived when a row is written, rewritten by a move.

A root names its copies in `path_copies`, {"owner_path": "owner_office"}: the column, and the foreign key to the node. A
move rewrites them in every model that does, in its own transaction. Between reading a path and committing the row that
carries it no move may pass: who writes holds a lock that others share, a move takes it alone (PostgreSQL; SQLite has one
writer at a time).
"""

from collections.abc import Iterable
from typing import Any, cast

from django.apps import apps
from django.db import connection, models
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from jiandu.base.core import guard
from jiandu.base.core.vendor.locks import lock_for_all, lock_shared

LOCK = 350200  # the key of the lock of all places
BATCH = 500


def copies_of(model: type[models.Model]) -> dict[str, str]:
    """Column → foreign key of the paths that the model copies."""
    return dict(getattr(model, "path_copies", {}))


def hold() -> None:
    """No place moves until this transaction ends. Others may hold it too."""
    if connection.in_atomic_block:
        lock_shared(LOCK)


def hold_alone() -> None:
    """Waits for every transaction that is writing a path, and lets none begin. First thing in what moves a place."""
    lock_for_all(LOCK)


def settle(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Gives new rows the present paths of their places, whatever the writer had read. One statement a foreign key."""
    copies, rows = copies_of(model), list(rows)
    if not copies:
        return
    hold()
    for column, name in copies.items():
        link = _link(model, name)
        keys = sorted({key for row in rows if (key := getattr(row, link.attname)) is not None})
        paths = _paths(link.related_model, keys)
        for row in rows:
            setattr(row, column, paths.get(getattr(row, link.attname), ""))


def follow(node: type[models.Model], *, old: str, high: str, new: str) -> dict[str, int]:
    """Every copy of a path in old ≤ path < high begins with `new` where it began with `old`. Gives rows a model.

    Runs as the system: a move does not depend on what the mover may see.
    """
    changed: dict[str, int] = {}
    with guard.acting(guard.system("places moved")):
        for model in apps.get_models():
            for column, name in copies_of(model).items():
                if _link(model, name).related_model is not node:
                    continue
                everything = model._default_manager  # noqa: SLF001 -- documented
                rows = everything.filter(**{f"{column}__gte": old, f"{column}__lt": high})
                count = rows.update(**{column: Concat(Value(new), Substr(column, len(old) + 1))})
                if count:
                    changed[model._meta.label_lower] = changed.get(model._meta.label_lower, 0) + count
    return changed


def _paths(node: type[models.Model], keys: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    nodes = node._default_manager  # noqa: SLF001 -- documented
    for start in range(0, len(keys), BATCH):
        rows = nodes.filter(pk__in=keys[start : start + BATCH])
        found.update(rows.values_list("pk", "path"))
    return found


def _link(model: type[models.Model], name: str) -> "models.ForeignKey[Any, Any]":
    return cast("models.ForeignKey[Any, Any]", model._meta.get_field(name))
