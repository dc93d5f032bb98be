"""What means that the disk took no more: real errors of a full device, a full SQLite, PostgreSQL's own class; nothing else."""

import sqlite3

import psycopg
import pytest
from django.db import OperationalError

from jiandu.base.core.vendor.room import no_room


def full_device() -> BaseException:
    with pytest.raises(OSError, match="No space") as raised, open("/dev/full", "wb", buffering=0) as file:
        file.write(b"1")
    return raised.value


def full_database() -> BaseException:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (a)")
    connection.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as raised:
        connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    connection.close()
    return raised.value


def caused(by: BaseException) -> BaseException:
    """As Django hands it on."""
    error = OperationalError(str(by))
    error.__cause__ = by
    return error


def in_the_end(of: BaseException) -> BaseException:
    """An error of its own that came while the other one was being handled."""
    error = OperationalError("no such savepoint")
    error.__context__ = of
    return error


def test_a_full_disk_is_told() -> None:
    whole = (full_device(), full_database(), psycopg.errors.DiskFull("full"))
    told = [(no_room(error), no_room(caused(error)), no_room(in_the_end(caused(error)))) for error in whole]
    assert told == [(True, True, True)] * 3


def test_other_errors_are_not() -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError) as raised:
        connection.execute("SELECT * FROM nothing")
    connection.close()
    others = (raised.value, FileNotFoundError(2, "no file"), psycopg.errors.ConnectionFailure("away"), ValueError("x"))
    assert [no_room(error) for error in (*others, caused(raised.value), None)] == [False] * 6
