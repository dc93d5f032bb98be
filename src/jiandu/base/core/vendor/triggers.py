"""Triggers that hold what must never be false, on both databases, whoever writes. Called by migrations only.

Each function may be called again under the same name: the newer trigger replaces the older. It has to be after columns
were added to a table with `allow_update_of`. `kept` carries all triggers over a table that SQLite makes anew.
"""

# ruff: noqa: S608 -- the names in these statements are constants of the program

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

ACTS = frozenset({"INSERT", "UPDATE", "DELETE"})
REFUSE = "jiandu_refuse"


def append_only(schema_editor: Any, table: str, allow_update_of: Collection[str] = ()) -> None:
    """Rows may be added, never changed or removed. `allow_update_of` names columns that may change all the same.

    On PostgreSQL it also refuses TRUNCATE; on SQLite REPLACE, which deletes without asking the DELETE trigger.
    """
    message = f"{table} is append-only"
    changed = _changed(schema_editor, table, allow_update_of) if allow_update_of else "TRUE"
    if schema_editor.connection.vendor == "postgresql":
        _always(schema_editor, table, f"{table}_no_update", "BEFORE UPDATE", message, f"FOR EACH ROW WHEN ({changed})")
        _always(schema_editor, table, f"{table}_no_delete", "BEFORE DELETE", message, "FOR EACH ROW")
        _always(schema_editor, table, f"{table}_no_truncate", "BEFORE TRUNCATE", message, "FOR EACH STATEMENT")
        return
    refuse(schema_editor, table, "UPDATE", f"{table}_no_update", changed, message)
    refuse(schema_editor, table, "DELETE", f"{table}_no_delete", "TRUE", message)
    refuse(schema_editor, table, "INSERT", f"{table}_no_replace", _taken(schema_editor, table), message)


def refuse(schema_editor: Any, table: str, act: str, name: str, condition: str, message: str) -> None:
    """Before `act` (INSERT, UPDATE, DELETE) on a row: IntegrityError with `message` where `condition` holds.

    `condition` is SQL that both databases read, over NEW and OLD; it may look into other tables, and there it sees
    every row, also those that row-level security hides from the writer. Raises ValueError for another act.
    """
    if act not in ACTS:
        raise ValueError(f"no such act: {act}")
    drop(schema_editor, table, name)
    if schema_editor.connection.vendor == "postgresql":
        _execute(schema_editor, _function(name, act, condition, message))
        _execute(
            schema_editor,
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}_f()",
        )
        _execute(schema_editor, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
        return
    _execute(
        schema_editor,
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, {_quoted(message)}); END",
    )


def drop(schema_editor: Any, table: str, name: str) -> None:
    """Takes a trigger away again (migrating backwards); nothing happens when there is none."""
    if schema_editor.connection.vendor == "postgresql":
        _execute(schema_editor, f"DROP TRIGGER IF EXISTS {name} ON {table}")
        _execute(schema_editor, f"DROP FUNCTION IF EXISTS {name}_f()")
    else:
        _execute(schema_editor, f"DROP TRIGGER IF EXISTS {name}")


@contextmanager
def kept(connection: Any) -> Iterator[None]:
    """Within, a table of SQLite that a migration makes anew (Django's way to alter one) keeps its triggers, and others go on.

    Django drops the table and gives its copy the name; SQLite then refuses while any trigger, of whatever table, names it
    ("no such table"), and the table's own triggers are gone. So all are taken away before and made again after, in the
    migration's transaction: a fault in between leaves everything as it was.
    """
    usual = connection.SchemaEditorClass
    if connection.vendor == "sqlite":
        connection.SchemaEditorClass = _keeping(usual)
    try:
        yield
    finally:
        connection.SchemaEditorClass = usual


def _keeping(usual: Any) -> Any:
    class Keeping(usual):  # type: ignore[misc]
        def _remake_table(self, *args: Any, **options: Any) -> None:
            rows = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
            with self.connection.cursor() as cursor:
                found = cursor.execute(rows).fetchall()
            for name, _ in found:
                self.execute(f"DROP TRIGGER {self.quote_name(name)}", params=None)
            super()._remake_table(*args, **options)
            for _, statement in found:
                self.execute(statement, params=None)

    return Keeping


def _function(name: str, act: str, condition: str, message: str) -> str:
    """Judges with the system's eyes: the condition is a rule of the house, not a look at somebody's rows."""
    see_all = "set_config('jiandu.scope_all', {}, true)"
    return (
        f"CREATE FUNCTION {name}_f() RETURNS trigger LANGUAGE plpgsql AS $body$"
        " DECLARE is_refused boolean; earlier text := COALESCE(current_setting('jiandu.scope_all', true), '');"
        f" BEGIN PERFORM {see_all.format(_quoted('1'))}; is_refused := ({condition}); PERFORM {see_all.format('earlier')};"
        f" IF is_refused THEN RAISE EXCEPTION USING MESSAGE = {_quoted(message)}, ERRCODE = 'check_violation'; END IF;"
        f" RETURN {'OLD' if act == 'DELETE' else 'NEW'}; END $body$"
    )


def _always(schema_editor: Any, table: str, name: str, when: str, message: str, each: str) -> None:
    """A trigger that always refuses; ALWAYS, so that a session posing as a replica does not pass it."""
    _execute(
        schema_editor,
        f"CREATE OR REPLACE FUNCTION {REFUSE}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN"
        " RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'check_violation'; END $body$",
    )
    _execute(
        schema_editor,
        f"CREATE OR REPLACE TRIGGER {name} {when} ON {table} {each} EXECUTE FUNCTION {REFUSE}({_quoted(message)})",
    )
    _execute(schema_editor, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def _changed(schema_editor: Any, table: str, allowed: Collection[str]) -> str:
    """The condition that a column outside `allowed` changes."""
    differs = "IS DISTINCT FROM" if schema_editor.connection.vendor == "postgresql" else "IS NOT"
    with schema_editor.connection.cursor() as cursor:
        described = schema_editor.connection.introspection.get_table_description(cursor, table)
    return " OR ".join(
        f'NEW."{each.name}" {differs} OLD."{each.name}"' for each in described if each.name not in allowed
    )


def _taken(schema_editor: Any, table: str) -> str:
    """SQLite: the condition that a key of the new row is in the table already."""
    with schema_editor.connection.cursor() as cursor:
        primary = schema_editor.connection.introspection.get_primary_key_columns(cursor, table)
        keys = {tuple(primary), *_unique(cursor, table)}
    return " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {_same(key)})" for key in sorted(keys))


def _unique(cursor: Any, table: str) -> Iterator[tuple[str, ...]]:
    indexes = cursor.execute(f"PRAGMA index_list({table})").fetchall()
    for _, name, is_unique, _, is_partial in indexes:
        columns = [row[2] for row in cursor.execute(f"PRAGMA index_info({name})").fetchall()]
        if is_unique and not is_partial and None not in columns:
            yield tuple(columns)


def _same(columns: Iterable[str]) -> str:
    return " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _execute(schema_editor: Any, sql: str) -> None:
    schema_editor.execute(sql, params=None)
