"""Row-level security on PostgreSQL: the second net below the guard. Coarse: never narrower than the policy of `access`.

A table's policy compares each row with settings of the transaction that say who acts; `announce` makes them, and without
them a statement sees and writes nothing. Each setting is read in a (SELECT …) of its own, once a statement, and as
NULLIF(…, ''): a reused connection holds '', and '' as a prefix would match every path. On SQLite nothing happens.
"""

# ruff: noqa: S608 -- the names in these statements are constants of the program

from typing import Any

from django.db import connection

from jiandu.base.core.guard import Viewer

NAMES = ("scope_all", "scope_user", "scope_offices", "scope_paths", "scope_subjects", "scope_level")


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


def root_policy(assignments: str = "") -> str:
    """For a table with owner_office_id, owner_path, subject_path, level, uid, source_uid.

    Within the level: the offices' own rows, those below the paths, those about the supervised units. `assignments` names
    the table (thing_uid, office_id, user_id) of records opened to an office or a user; the policy of `access` bounds
    their level, since a person named on a record may stand above his clearance.
    """
    placed = f"owner_office_id = {OFFICES} OR owner_path ^@ {PATHS} OR subject_path ^@ {SUBJECTS}"
    policy = f"{SYSTEM} OR (level <= {LEVEL} AND ({placed}))"
    if not assignments:
        return policy
    opened = f"SELECT thing_uid FROM {assignments} WHERE office_id = {OFFICES} OR user_id = {USER}"
    return f"{policy} OR uid IN ({opened}) OR source_uid IN ({opened})"


def part_policy(table: str, column: str, root: str) -> str:
    """For a part: seen where its root is. `column` of `table` holds the key of `root`."""
    return f"{SYSTEM} OR EXISTS (SELECT 1 FROM {root} WHERE {root}.id = {table}.{column})"


def own_policy(column: str = "made_by_id") -> str:
    """For rows that only their maker sees."""
    return f"{SYSTEM} OR {column} = {USER}"


def enable(schema_editor: Any, table: str, policy: str) -> None:
    """Every statement on the table, the owner's too, sees and leaves only rows for which `policy` holds. Migrations only."""
    if schema_editor.connection.vendor != "postgresql":
        return
    disable(schema_editor, table)
    for statement in (
        f"CREATE POLICY {table}_scope ON {table} USING ({policy}) WITH CHECK ({policy})",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    ):
        schema_editor.execute(statement, params=None)


def disable(schema_editor: Any, table: str) -> None:
    """Takes the policy away (migrating backwards)."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for statement in (
        f"DROP POLICY IF EXISTS {table}_scope ON {table}",
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    ):
        schema_editor.execute(statement, params=None)


def announce(viewer: Viewer | None) -> None:
    """Tells the current transaction who acts; nobody reaches nothing. For `guard.on_actor_change`.

    Outside a transaction it does nothing: the settings would be gone with the statement, and the tripwire refuses.
    """
    if connection.vendor != "postgresql" or not connection.in_atomic_block:
        return
    said = _said(viewer)
    calls = ", ".join(f"set_config('jiandu.{name}', %s, true)" for name in NAMES)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [said.get(name, "") for name in NAMES])


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
