"""Two roles on PostgreSQL: one owns the tables and changes them, the other works with the rows and owns nothing.

Row-level security binds who owns nothing. The owner's address is known to the commands that migrate, or bring a public
installation its notices, never to a server: JIANDU_DATABASE_OWNER. Without it, and on SQLite, one and the same works and
owns. Where the portal stands alone (settings.WRITES) who works writes to the tables of those contexts, and reads the rest.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

WHO = ("USER", "PASSWORD", "HOST", "PORT")
USES = (
    "GRANT USAGE ON SCHEMA public TO {}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}",
    "GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA public TO {}",
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public FROM {}",
)
WRITES_ALL = "GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}"
WRITES_ONE = "GRANT INSERT, UPDATE, DELETE ON {} TO {}"


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
    """What the role may do with the tables there are, as far as row-level security lets it. Owner only."""
    connection.ensure_connection()
    who = sql.Identifier(role)
    if settings.WRITES is None:
        writes = [sql.SQL(WRITES_ALL).format(who)]
    else:
        writes = [sql.SQL(WRITES_ONE).format(sql.Identifier(table), who) for table in _written()]
    with transaction.atomic():  # a server at work is never without its rights
        for statement in [*(sql.SQL(each).format(who) for each in USES), *writes]:
            connection.connection.execute(statement)


def beyond() -> list[str]:
    """Tables to which the role that works may write though it stands alone with the portal. Nothing elsewhere, or on SQLite."""
    if connection.vendor != "postgresql" or settings.WRITES is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_WRITABLE, [_written()])
        return [row[0] for row in cursor.fetchall()]


def _written() -> list[str]:
    models = [model for label in settings.WRITES or () for model in apps.get_app_config(label).get_models()]
    return [model._meta.db_table for model in models]


_WRITABLE = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL (%s)
        AND has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
    ORDER BY relname
"""
