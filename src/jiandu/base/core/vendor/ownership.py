"""Two roles on PostgreSQL: one owns the tables and changes them, the other works with the rows and owns nothing.

Row-level security binds who owns nothing. The owner's address is known to the command that migrates, never to a
server: JIANDU_DATABASE_OWNER. Without it, and on SQLite, one and the same works and owns.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import sql

WHO = ("USER", "PASSWORD", "HOST", "PORT")
RIGHTS = (
    "GRANT USAGE ON SCHEMA public TO {}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
    "GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA public TO {}",
)


@contextmanager
def as_owner() -> Iterator[None]:
    """Within, the default connection is the owner's, to the same database; afterwards the app's, which may use it all.

    Both begin anew: outside a transaction only.
    """
    owner: dict[str, Any] = settings.DATABASE_OWNER
    app = {key: connection.settings_dict[key] for key in WHO}
    if connection.vendor != "postgresql" or not owner or owner["USER"] == app["USER"]:
        yield
        return
    try:
        _become({key: owner[key] for key in WHO})
        yield
        give_rights(app["USER"])
    finally:
        _become(app)


def _become(who: dict[str, Any]) -> None:
    connection.close()
    connection.settings_dict.update(who)


def give_rights(role: str) -> None:
    """The role may read and write every row of the tables there are, as far as row-level security lets it. Owner only."""
    connection.ensure_connection()
    for statement in RIGHTS:
        connection.connection.execute(sql.SQL(statement).format(sql.Identifier(role)))
