"""Triggers that hold what must never be false, on both databases. Called by migrations only."""

from typing import Any


def append_only(schema_editor: Any, table: str) -> None:
    """Rows of the table may be added, never changed or removed."""
    for act in ("UPDATE", "DELETE"):
        refuse(schema_editor, table, act, f"{table}_no_{act.lower()}", "TRUE", f"{table} is append-only")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_no_delete_f()"
        )


def refuse(schema_editor: Any, table: str, act: str, name: str, condition: str, message: str) -> None:
    """Before `act` (INSERT, UPDATE, DELETE) on a row: raises `message` where `condition` (over NEW, OLD) holds."""
    if schema_editor.connection.vendor == "postgresql":
        row = "OLD" if act == "DELETE" else "NEW"
        schema_editor.execute(
            f"CREATE FUNCTION {name}_f() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN"
            f" IF TG_LEVEL = 'STATEMENT' THEN RAISE EXCEPTION '{message}'; END IF;"
            f" IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF;"
            f" RETURN {row}; END $body$"
        )
        schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}_f()")
        return
    schema_editor.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW WHEN {condition}"
        f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )


def drop(schema_editor: Any, table: str, name: str) -> None:
    """Takes a trigger away again (migrating backwards)."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}_f() CASCADE")
    else:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
