"""The second net on the real tables: raw SQL, with the first net out of the way, reaches no foreign row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.ground import Ground, prepared
from tests.postgres import APP, OWNER
from tests.world import SYSTEM, World, as_, build

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import Guarded
from jiandu.base.core.vendor import row_security
from jiandu.base.core.vendor.ownership import as_owner, give_rights
from jiandu.loop.findings.models import Finding, Step
from jiandu.net.access.models import Assignment

pytestmark = pytest.mark.postgresql
ASSIGNMENTS = Assignment._meta.db_table
FINDINGS, STEPS = Finding._meta.db_table, Step._meta.db_table
OWN, OTHER = "第一监督检查室", "第二监督检查室"
FOREIGN = "new row violates row-level security policy"


@contextmanager
def raw(who: Viewer | None) -> Iterator[Any]:
    """A cursor in a transaction of the viewer's, without the tripwire."""
    with transaction.atomic(), guard.unguarded("attack"), connection.cursor() as cursor:
        if who is None:
            yield cursor
        else:
            with guard.acting(who):
                yield cursor


def count(who: Viewer | None, table: str, condition: str = "true") -> int:
    with raw(who) as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {condition}")
        return int(cursor.fetchone()[0])


@pytest.fixture
def two(world: World) -> World:
    """A finding of each office, each with its steps."""
    world.rectifying(office=OWN)
    world.rectifying(office=OTHER, unit="市财政局")
    return world


def id_of(world: World, office: str) -> int:
    with as_(SYSTEM):
        return int(Finding.objects.get(owner_office=world.offices[office]).pk)


def protected() -> set[str]:
    return {model._meta.db_table for model in apps.get_models() if issubclass(model, Guarded)}


@pytest.mark.usefixtures("db")
def test_every_protected_table_has_its_policy() -> None:
    assert row_security.unprotected(ASSIGNMENTS) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies")
        assert {row[0] for row in cursor.fetchall()} == protected()


@pytest.mark.usefixtures("db")
def test_the_suite_works_in_a_role_that_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (APP, False, False)
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchall() == [(OWNER,)]


def test_a_write_that_the_database_refuses_does_not_blind_the_rest_of_the_transaction(two: World) -> None:
    with as_(SYSTEM):
        with pytest.raises(IntegrityError), transaction.atomic():
            Finding.objects.update(level=-1)  # here the transaction hears who acts; going back undoes that
        assert Finding.objects.count() == 2


def test_raw_sql_sees_no_foreign_row(two: World) -> None:
    mine, foreign = id_of(two, OWN), id_of(two, OTHER)
    officer = two.viewer("干部甲")
    assert [count(officer, FINDINGS, f"id = {key}") for key in (mine, foreign)] == [1, 0]
    assert [count(officer, STEPS, f"finding_id = {key}") > 0 for key in (mine, foreign)] == [True, False]
    assert (count(None, FINDINGS), count(None, STEPS)) == (0, 0)
    assert (count(SYSTEM, FINDINGS), count(SYSTEM, STEPS) > 2) == (2, True)  # the control: rows that could leak


def test_raw_sql_changes_no_foreign_row(two: World) -> None:
    mine, foreign = id_of(two, OWN), id_of(two, OTHER)
    changed = []
    for key in (mine, foreign):
        with raw(two.viewer("干部甲")) as cursor:
            cursor.execute(f"UPDATE {FINDINGS} SET problem = 'x' WHERE id = {key}")
            changed.append(cursor.rowcount)
    assert changed == [1, 0]


@pytest.mark.parametrize(("into", "refused"), [(OWN, False), (OTHER, True)])
def test_raw_sql_writes_nothing_into_a_foreign_place(two: World, into: str, refused: bool) -> None:
    """Its activity is its own office's: that alone would keep it in reach, so it leaves it too."""
    office, said = two.offices[into], ""
    try:
        with raw(two.viewer("干部甲")) as cursor:
            cursor.execute(
                f"UPDATE {FINDINGS} SET owner_office_id = %s, owner_path = %s, subject_path = '', source_uid = NULL"
                " WHERE id = %s",
                [office.pk, office.path, id_of(two, OWN)],
            )
    except DatabaseError as error:
        said = str(error)
    assert (FOREIGN in said) == refused


@pytest.mark.parametrize(("office", "refused"), [(OWN, False), (OTHER, True)])
def test_raw_sql_inserts_nothing_foreign(two: World, office: str, refused: bool) -> None:
    """A copy of a row as the system reads it, put in as the officer."""
    columns = ", ".join(f.column for f in Finding._meta.concrete_fields if f.column not in {"id", "uid", "code"})
    with raw(SYSTEM) as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT * FROM {FINDINGS} WHERE id = {id_of(two, office)}"
        )
    said = ""
    try:
        with raw(two.viewer("干部甲")) as cursor:
            cursor.execute(
                f"INSERT INTO {FINDINGS} (uid, code, {columns}) SELECT gen_random_uuid(), 'x', {columns} FROM copied"
            )
            assert cursor.rowcount == 1
    except DatabaseError as error:
        said = str(error)
    assert (FOREIGN in said) == refused


def test_a_job_that_begins_its_transaction_late_is_known(two: World) -> None:
    with guard.acting(two.viewer("干部甲")):
        with transaction.atomic():
            assert Finding.objects.count() == 1
        with transaction.atomic(), guard.acting(SYSTEM):
            assert Finding.objects.count() == 2
        with transaction.atomic():
            assert Finding.objects.count() == 1


# --- connections of their own ---


def fill(connection: Any) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    give_rights(APP)
    world = build()
    world.finding(office=OWN)
    world.finding(office=OTHER, unit="市财政局")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Ground:
    with django_db_blocker.unblock():
        return prepared(tmp_path_factory.mktemp("rows"), fill)


@pytest.fixture
def served(ground: Ground, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), ground.copy():
        yield


LEAK = f"SELECT count(*) FROM {FINDINGS} WHERE owner_path ^@ current_setting('jiandu.scope_paths', true)"


@pytest.mark.usefixtures("served")
def test_a_reused_connection_holds_nothing_of_the_one_before() -> None:
    assert count(SYSTEM, FINDINGS) == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jiandu.scope_paths', true), pg_backend_pid()")
        left, process = cursor.fetchone()
        with guard.unguarded("attack"):
            cursor.execute(f"SELECT count(*) FROM {FINDINGS}")
        seen = cursor.fetchone()[0]
        cursor.execute("SELECT pg_backend_pid()")
        assert (left, seen, cursor.fetchone()[0]) == ("", 0, process)


def test_control_an_empty_setting_as_a_prefix_would_leak(ground: Ground, django_db_blocker: Any) -> None:
    """Why the policies read NULLIF(…, ''): the same condition without it, on a connection used before, shows all."""
    with django_db_blocker.unblock(), ground.copy("postgres"):
        assert count(SYSTEM, FINDINGS) == 2
        with connection.cursor() as cursor, guard.unguarded("control"):
            cursor.execute("SELECT set_config('jiandu.scope_paths', 'x', true)")
            cursor.execute(LEAK)
            assert cursor.fetchone() == (2,)


def test_control_without_the_policy_rows_leak(ground: Ground, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), ground.copy(OWNER):
        assert (count(None, FINDINGS), row_security.unprotected(ASSIGNMENTS)) == (0, [])
        with connection.cursor() as cursor, guard.unguarded("control"):
            cursor.execute(f"ALTER TABLE {FINDINGS} NO FORCE ROW LEVEL SECURITY")
        assert (count(None, FINDINGS), row_security.gaps(ASSIGNMENTS)) == (2, ["OWNER", FINDINGS])
        assert row_security.protect(ASSIGNMENTS) == [FINDINGS]
        assert (count(None, FINDINGS), row_security.unprotected(ASSIGNMENTS)) == (0, [])


def test_a_table_is_changed_and_closed_again(ground: Ground, django_db_blocker: Any) -> None:
    """PostgreSQL alters no column that a policy names: migrations set the policies aside, for the system alone."""
    alter = f"ALTER TABLE {FINDINGS} ALTER COLUMN owner_path TYPE varchar(200)"
    with django_db_blocker.unblock(), ground.copy(OWNER), guard.unguarded("migration"):
        with (
            pytest.raises(DatabaseError, match="used in a policy"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(alter)
        row_security.set_aside()
        with connection.cursor() as cursor:
            cursor.execute(alter)
        assert (count(None, FINDINGS), count(SYSTEM, FINDINGS)) == (0, 2)
        assert set(row_security.protect(ASSIGNMENTS)) == protected()


@pytest.mark.usefixtures("served")
def test_the_app_has_no_power_and_its_tables_are_closed() -> None:
    assert row_security.gaps(ASSIGNMENTS) == []


@pytest.mark.usefixtures("served")
def test_the_app_cannot_take_the_policy_away() -> None:
    for statement in (
        f"ALTER TABLE {FINDINGS} DISABLE ROW LEVEL SECURITY",
        f"DROP POLICY {FINDINGS}_scope ON {FINDINGS}",
    ):
        with pytest.raises(DatabaseError, match="must be owner"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_owner_comes_and_goes(served: None) -> None:
    who = []
    for around in (False, True, False):
        with as_owner() if around else transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            who.append(cursor.fetchone()[0])
    assert who == [APP, OWNER, APP]
