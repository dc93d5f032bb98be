"""Row-level security on PostgreSQL: the second net below the guard. Coarse: never narrower than the policy of `access`.

A table's policy compares each row with settings of the transaction that say who acts; `keep_told` makes them before a
statement needs them, and without them a statement sees and writes nothing. Each setting is read in a (SELECT …) of its
own, once a statement, and as NULLIF(…, ''): a reused connection holds '', and '' as a prefix would match every path.
The policies follow from the kinds of model (`guarded`): `migrate` brings them up to date. On SQLite nothing happens.
"""

# ruff: noqa: S608 -- the names in these statements are constants of the program

import hashlib
from typing import Any

from django.apps import apps
from django.db import connection
from psycopg import sql
from psycopg.pq import TransactionStatus

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import Own, Part, Root, protected_tables
from jiandu.base.core.vendor.ownership import beyond

NAMES = ("scope_all", "scope_user", "scope_offices", "scope_paths", "scope_subjects", "scope_level")
NOBODY, UNKNOWN = 0, -1  # beside the digest of a viewer: what the transaction has been told


def _setting(name: str) -> str:
    return f"NULLIF(current_setting('jiandu.{name}', true), '')"


def _list(name: str, kind: str) -> str:
    """The outer cast makes it an array in ANY (…), not a table."""
    return f"((SELECT string_to_array({_setting(name)}, ',')::{kind}[])::{kind}[])"


SYSTEM = f"(SELECT {_setting('scope_all')}) = '1'"
USER = f"(SELECT {_setting('scope_user')}::bigint)"
LEVEL = f"(SELECT {_setting('scope_level')}::smallint)"
OFFICES = f"ANY ({_list('scope_offices', 'bigint')})"
PATHS = f"ANY ({_list('scope_paths', 'text')})"
SUBJECTS = f"ANY ({_list('scope_subjects', 'text')})"


def root_policy(assignments: str = "", came_of: tuple[str, ...] = ()) -> str:
    """For a table with owner_office_id, owner_path, subject_path, level, uid, source_uid.

    Within the level: the offices' own rows, those below the paths, those about the supervised units. `assignments` names
    the table (thing_uid, office_id, user_id) of records opened to an office or a user; the policy of `access` bounds
    their level, since a person named on a record may stand above his clearance. What came of an opened record is opened
    too: `came_of` has a condition for each way, with {} where the opened uids go. These are one JSON object, made once a
    statement: a subquery with IN is charged by the planner for every look along an index, and it walked the table.
    """
    placed = f"owner_office_id = {OFFICES} OR owner_path ^@ {PATHS} OR subject_path ^@ {SUBJECTS}"
    policy = f"{SYSTEM} OR (level <= {LEVEL} AND ({placed}))"
    if not assignments:
        return _lets_pass(policy)
    named = f"thing_uid IS NOT NULL AND (office_id = {OFFICES} OR user_id = {USER})"
    opened = f"(SELECT jsonb_object_agg(thing_uid, 1) FROM {assignments} WHERE {named})"
    ways = ("{} ? uid::text", "{} ? source_uid::text", *came_of)
    return _lets_pass(" OR ".join([policy, *(way.format(opened) for way in ways)]))


def _lets_pass(condition: str) -> str:
    """The condition, in a form of which the planner supposes that nearly every row meets it: the guard asks for no others."""
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END <> 0"


def _came_of(model: type[Root]) -> tuple[str, ...]:
    """The conditions of `root_policy` for what a record came of."""
    table, ways = model._meta.db_table, []
    for path in model.came_of:
        name, _, column = path.partition("__")
        part: Any = model._meta.get_field(name).related_model if column else None
        if part is None:
            ways.append(f"{{}} ? {name}::text")
            continue
        link, key = part._meta.db_table, part._meta.get_field(part.root_field).column
        ways.append(f"EXISTS (SELECT 1 FROM {link} WHERE {link}.{key} = {table}.id AND {{}} ? {link}.{column}::text)")
    return tuple(ways)


def part_policy(table: str, column: str, root: str) -> str:
    """For a part: seen where its root is. `column` of `table` holds the key of `root`.

    Looked up row by row (OFFSET 0): else the planner may list all roots first, a million of them for ten approvals.
    """
    return f"{SYSTEM} OR EXISTS (SELECT 1 FROM {root} WHERE {root}.id = {table}.{column} OFFSET 0)"


def link_policy() -> str:
    """For a part that holds keys alone, at which its root's policy looks: anybody of whom the transaction was told."""
    return f"{SYSTEM} OR {USER} IS NOT NULL"


def own_policy(*columns: str) -> str:
    """For rows that only their maker sees, and those whom further columns name."""
    return " OR ".join([SYSTEM, *(f"{column} = {USER}" for column in columns or ("made_by_id",))])


def policies(assignments: str) -> dict[str, str]:
    """The policy of each protected table, by the kind of its model. `assignments`: see `root_policy`."""
    _, parts = protected_tables()
    found = {table: part_policy(table, column, root) for table, (column, root, _) in parts.items()}
    for model in apps.get_models():
        if issubclass(model, Root):
            found[model._meta.db_table] = root_policy(assignments, _came_of(model))
        elif issubclass(model, Part) and model.is_link:
            found[model._meta.db_table] = link_policy()
        elif issubclass(model, Own):
            found[model._meta.db_table] = own_policy("made_by_id", *(f"{name}_id" for name in model.shown_to))
    return dict(sorted(found.items()))


def hides_rows() -> bool:
    """Whether the database itself passes over rows beyond the coarse scope, wherever a statement names the table."""
    return connection.vendor == "postgresql"


def unprotected(assignments: str) -> list[str]:
    """Protected tables, as far as they exist, whose policy is missing, off, not forced on the owner, or another one."""
    wanted = policies(assignments)
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [list(wanted)])
        rows = cursor.fetchall()
    return sorted(
        table
        for table, is_on, is_forced, count, said in rows
        if not (is_on and is_forced and count == 1 and said == _digest(wanted[table]))
    )


def gaps(assignments: str) -> list[str]:
    """What opens the second net: powers of the role that works, tables without their policy, or not its own to write to."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(_POWERS)
        powers = [name for name, has in zip(("SUPERUSER", "BYPASSRLS", "OWNER"), cursor.fetchone(), strict=True) if has]
    return powers + unprotected(assignments) + beyond()


def protect(assignments: str) -> list[str]:
    """Gives each protected table its policy, all in one transaction. For the owner; gives the tables that it changed."""
    if connection.vendor != "postgresql":
        return []
    wanted, tables = policies(assignments), unprotected(assignments)
    with connection.schema_editor() as editor:
        for table in tables:
            enable(editor, table, wanted[table])
    return tables


def set_aside() -> None:
    """While tables are changed only the system reaches rows: PostgreSQL alters no column that a policy names."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = tablename || '_scope'")
        tables = [row[0] for row in cursor.fetchall()]
    with connection.schema_editor() as editor:
        for table in tables:
            enable(editor, table, SYSTEM)


def enable(schema_editor: Any, table: str, policy: str) -> None:
    """Every statement on the table, the owner's too, sees and leaves only rows for which `policy` holds."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for statement in (
        f"DROP POLICY IF EXISTS {table}_scope ON {table}",
        f"CREATE POLICY {table}_scope ON {table} USING ({policy}) WITH CHECK ({policy})",
        f"COMMENT ON POLICY {table}_scope ON {table} IS '{_digest(policy)}'",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    ):
        schema_editor.execute(statement, params=None)


_STATE = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, count(p.oid), max(obj_description(p.oid, 'pg_policy'))
    FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname = ANY (%s)
    GROUP BY c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
"""


_POWERS = """
    SELECT rolsuper, rolbypassrls,
        EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(tableowner, 'MEMBER'))
    FROM pg_roles WHERE rolname = current_user
"""


def _digest(policy: str) -> str:
    return hashlib.sha256(policy.encode()).hexdigest()


def keep_told(connection: Any, statement: str, *, touches: bool) -> None:
    """Tells the transaction who acts now, if it does not know and the statement `touches` a protected table.

    A transaction that has been told of somebody hears of a change whatever the statement. Settings are undone with a
    savepoint, and gone with the transaction. Outside a transaction nothing is told: the tripwire refuses.
    """
    if connection.vendor != "postgresql" or not connection.in_atomic_block or connection.connection is None:
        return
    status = connection.connection.pgconn.transaction_status
    if status == TransactionStatus.INERROR:
        connection.jiandu_told = UNKNOWN  # only going back helps now, and that undoes what was told since the savepoint
        return
    told = NOBODY if status == TransactionStatus.IDLE else getattr(connection, "jiandu_told", NOBODY)
    viewer = guard.actor()
    digest = NOBODY if viewer is None else viewer.digest
    if told != digest and (touches or told != NOBODY):
        with connection.wrap_database_errors:
            _announce(connection, viewer)
        told = digest
    connection.jiandu_told = UNKNOWN if statement.startswith("ROLLBACK TO") else told


def _announce(connection: Any, viewer: Viewer | None) -> None:
    """Past Django's cursor: it is no query of the program's, and no query may be behind it."""
    said = _said(viewer)
    connection.connection.execute(_SETTINGS, [said.get(name, "") for name in NAMES])


_SETTINGS = sql.SQL("SELECT {}").format(
    sql.SQL(", ").join(sql.SQL("set_config({}, %s, true)").format(f"jiandu.{name}") for name in NAMES)
)


def _said(viewer: Viewer | None) -> dict[str, str]:
    """The settings. A standing that is not understood reaches nothing."""
    if viewer is None:
        return {}
    if viewer.is_system:
        return {"scope_all": "1"}
    standing = viewer.standing
    return {
        "scope_user": str(viewer.user_id),
        "scope_offices": ",".join(str(int(key)) for key in getattr(standing, "office_ids", ())),
        "scope_paths": ",".join(filter(_is_path, getattr(standing, "paths", ()))),
        "scope_subjects": ",".join(filter(_is_path, getattr(standing, "subject_paths", ()))),
        "scope_level": str(getattr(standing, "clearance", "")),
    }


def _is_path(path: str) -> bool:
    """An empty path is a prefix of everything: it must not get out."""
    return path.isascii() and path.isalnum()
