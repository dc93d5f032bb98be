"""A first start takes a short way through the migrations: the tables are those that Django's own way makes."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from tests.ground import POSTGRESQL, prepared
from tests.postgres import OWNER

from jiandu.base.core import guard
from jiandu.base.core.vendor import states

SAID = (
    (
        "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length "
        "FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid > 0",
        "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies",
    )
    if POSTGRESQL
    else ("SELECT type, name, tbl_name, sql FROM sqlite_master",)
)


def schema(connection: Any) -> list[str]:
    """Each column, index, constraint, trigger and policy in the database's own words."""
    with guard.unguarded("test"), connection.cursor() as cursor:
        rows = []
        for statement in SAID:
            cursor.execute(statement)
            rows += [str(row) for row in cursor.fetchall()]
    return sorted(rows)


@contextmanager
def migrated(folder: Path, blocker: Any) -> Iterator[Any]:
    with blocker.unblock(), prepared(folder, lambda _: call_command("migrate", verbosity=0)).copy(OWNER) as connection:
        yield connection


@pytest.mark.once(full_on_both=True)
def test_a_first_start_makes_the_tables_that_django_makes(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    add = states.LEAN["add_model"]

    def seen(state: Any, model: Any) -> None:
        made.append(model)
        add(state, model)

    monkeypatch.setitem(states.LEAN, "add_model", seen)
    with migrated(tmp_path_factory.mktemp("lean"), django_db_blocker) as connection:
        ours = schema(connection)
        short = len(made)
        with states.lean(connection):
            assert states.ProjectState.add_model is not seen, "a database with a history is left to Django"
    monkeypatch.setattr(states, "lean", lambda _: nullcontext())
    with migrated(tmp_path_factory.mktemp("plain"), django_db_blocker) as connection:
        assert schema(connection) == ours
    assert (short > 100, len(made), len(ours) > 300) == (True, short, True)
