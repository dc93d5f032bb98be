"""Locks that belong to no row: PostgreSQL's advisory ones, held to the end of the transaction. SQLite has one writer."""

from django.db import connection


def lock_shared(key: int) -> None:
    """Held together with others; keeps whoever wants it alone waiting."""
    _take("pg_advisory_xact_lock_shared", key)


def lock_for_all(key: int) -> None:
    """Held alone. Raises RuntimeError outside a transaction, where it would be gone at once."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock belongs into a transaction")
    _take("pg_advisory_xact_lock", key)


def _take(function: str, key: int) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [key])
