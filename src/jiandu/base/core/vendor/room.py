"""Whether a write failed because the disk took no more, whoever was writing: SQLite, PostgreSQL or a file."""

import errno
import sqlite3

from django.db import Error

FILE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
#: SQLite tells a full disk by its own code; what else keeps it from writing is an error of writing, syncing or growing.
SQLITE = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)
POSTGRESQL = frozenset({"53100"})  # disk_full


def no_room(error: BaseException) -> bool:
    """True where the error, or what caused it, says that nothing more could be written."""
    if isinstance(error, OSError):
        return error.errno in FILE
    if not isinstance(error, Error):
        return False
    cause = error.__cause__
    return getattr(cause, "sqlite_errorcode", None) in SQLITE or getattr(cause, "sqlstate", None) in POSTGRESQL
