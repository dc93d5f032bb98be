"""Whether a write failed because the disk took no more, whoever was writing: SQLite, PostgreSQL or a file."""

import errno
import sqlite3

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


def no_room(error: BaseException | None) -> bool:
    """True where the error, or one that led to it, says that nothing more could be written."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FILE:
            return True
        if getattr(error, "sqlite_errorcode", None) in SQLITE or getattr(error, "sqlstate", None) in POSTGRESQL:
            return True
        error = error.__cause__ or error.__context__
    return False
