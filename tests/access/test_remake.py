"""A column is added to a table that triggers name: SQLite makes the table anew, and every trigger goes on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from tests.ground import POSTGRESQL, Ground, prepared
from tests.postgres import OWNER
from tests.world import World, build

from jiandu.base.core import guard
from jiandu.base.core.vendor import triggers

LATER = (
    ("subjects", "organisation"),  # the trigger of independent verification looks into it
    ("findings", "finding"),
    ("findings", "step"),  # append-only itself
    ("outcomes", "moneyrecovered"),
)


def fill(connection: Any) -> None:
    with guard.unguarded("test database"), guard.acting(guard.system("tests")):
        call_command("migrate", verbosity=0)
    world: World = build()
    world.rectifying()


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Ground:
    with django_db_blocker.unblock():
        return prepared(tmp_path_factory.mktemp("remake"), fill)


@pytest.fixture
def owned(ground: Ground, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), ground.copy(OWNER) as connection:
        yield connection


def add_column(connection: Any, app: str, name: str) -> None:
    """As a later migration would: a column that may not be null."""
    state = MigrationLoader(connection).project_state()
    later = migrations.Migration("later", app)
    later.operations = [migrations.AddField(name, "weight", models.IntegerField(default=7))]
    with guard.unguarded("migrate"), connection.schema_editor(atomic=True) as editor:
        later.apply(state, editor)


def rows(connection: Any, statement: str) -> list[Any]:
    with guard.unguarded("test"), connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []


def all_triggers(connection: Any) -> list[Any]:
    if POSTGRESQL:
        return rows(
            connection, "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
        )
    return rows(connection, "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1")


@pytest.mark.parametrize(("app", "name"), LATER)
def test_a_column_is_added_and_no_trigger_is_lost(owned: Any, app: str, name: str) -> None:
    before = all_triggers(owned)
    with guard.acting(guard.system("tests")), triggers.kept(owned):
        add_column(owned, app, name)
    assert (all_triggers(owned), len(before) > 5) == (before, True)
    with guard.acting(guard.system("tests")), pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows(owned, "UPDATE findings_step SET note = 'x'")
    if not POSTGRESQL:
        assert rows(owned, f"SELECT DISTINCT weight FROM {app}_{name}") in ([(7,)], [])


@pytest.mark.skipif(POSTGRESQL, reason="PostgreSQL alters a table in place")
def test_control_without_it_the_migration_fails(owned: Any) -> None:
    with guard.acting(guard.system("tests")), pytest.raises(DatabaseError) as caught:
        add_column(owned, "subjects", "organisation")
    causes = [str(caught.value), str(caught.value.__context__)]
    assert any("findings_step_independent" in cause for cause in causes)


@pytest.mark.skipif(POSTGRESQL, reason="PostgreSQL alters a table in place")
def test_a_fault_in_between_leaves_all_triggers(owned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = all_triggers(owned)
    usual = owned.SchemaEditorClass

    def fault(*args: Any, **options: Any) -> None:
        raise RuntimeError("fault")

    monkeypatch.setattr(usual, "_remake_table", fault)
    with guard.acting(guard.system("tests")), triggers.kept(owned), pytest.raises(RuntimeError, match="fault"):
        add_column(owned, "subjects", "organisation")
    assert all_triggers(owned) == before
