"""Row-level security: nothing without an actor, no more than the actor's scope, nothing left over from the one before."""

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.vendor import row_security

pytestmark = pytest.mark.postgresql

CITY, EAST, WEST = "000001", "000001000002", "000001000003"
UNIT, OTHER_UNIT = "000009000001", "000009000002"
OPENED, FILED = UUID(int=80), UUID(int=90)


@dataclass(frozen=True)
class Standing:
    """What `access` finds out about a person."""

    office_ids: tuple[int, ...] = ()
    paths: tuple[str, ...] = ()
    subject_paths: tuple[str, ...] = ()
    clearance: int = 1


def viewer(user_id=7, **standing):
    return Viewer(key=f"user:{user_id}", name="王", user_id=user_id, standing=Standing(**standing))


ROWS = {
    1: (UUID(int=1), 1, CITY, "", 1, None),
    2: (UUID(int=2), 2, EAST, UNIT, 1, None),
    3: (UUID(int=3), 2, EAST, OTHER_UNIT, 2, None),
    4: (UUID(int=4), 3, WEST, UNIT, 0, None),
    5: (UUID(int=5), 3, WEST, OTHER_UNIT + "00000a", 1, None),
    6: (OPENED, 3, WEST, OTHER_UNIT, 3, None),
    7: (UUID(int=7), 3, WEST, OTHER_UNIT, 2, FILED),
}
INSERT = "INSERT INTO lab_root (id, uid, owner_office_id, owner_path, subject_path, level, source_uid) VALUES (%s, %s, %s, %s, %s, %s, %s)"


@contextmanager
def told_of(who):
    """A transaction of the viewer's, told of him: no table of the laboratory is known as protected."""
    with transaction.atomic(), guard.acting(who) if who else nullcontext():
        row_security.keep_told(connection, "", touches=True)
        yield


@pytest.fixture
def filled(lab):
    with told_of(guard.system("tests")), lab.cursor() as cursor:
        cursor.executemany(INSERT, [(key, *row) for key, row in ROWS.items()])
        cursor.executemany("INSERT INTO lab_part (id, root_id) VALUES (%s, %s)", [(10 * key, key) for key in ROWS])
        cursor.executemany("INSERT INTO lab_own (id, made_by_id) VALUES (%s, %s)", [(1, 7), (2, 8)])
        cursor.execute("INSERT INTO lab_opened VALUES (%s, NULL, 7), (%s, 5, NULL)", [OPENED, FILED])
    return lab


def ids(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def seen_by(who):
    """(roots, parts, own rows) in a transaction of the viewer's."""
    with told_of(who):
        return ids("lab_root"), [key // 10 for key in ids("lab_part")], ids("lab_own")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("who", "roots", "own"),
    [
        (None, [], []),
        (guard.system("tests"), [1, 2, 3, 4, 5, 6, 7], [1, 2]),
        (viewer(9), [], []),
        (viewer(9, office_ids=(2,)), [2], []),
        (viewer(9, office_ids=(2, 1), clearance=2), [1, 2, 3], []),
        (viewer(9, paths=(CITY,)), [1, 2, 4, 5], []),
        (viewer(9, paths=(EAST,), clearance=2), [2, 3], []),
        (viewer(9, subject_paths=(UNIT,), clearance=0), [4], []),
        (viewer(9, subject_paths=(OTHER_UNIT, UNIT)), [2, 4, 5], []),
        (viewer(9, office_ids=(1,), subject_paths=(OTHER_UNIT,)), [1, 5], []),
        (viewer(7), [6], [1]),
        (viewer(8, office_ids=(5,)), [7], [2]),
        (Viewer(key="user:7", name="王", user_id=7), [6], [1]),  # a standing that is not understood
        (viewer(9, paths=("",)), [], []),  # a prefix of everything
        (viewer(9, paths=("%", "0000_1", ",", "'")), [], []),
    ],
)
def test_each_sees_the_scope_and_no_more(who, roots, own):
    assert seen_by(who) == (roots, roots, own)


def test_without_a_setting_nothing_is_seen(filled):
    assert [ids(table) for table in ("lab_root", "lab_part", "lab_own")] == [[], [], []]
    with transaction.atomic():
        assert [ids(table) for table in ("lab_root", "lab_part", "lab_own")] == [[], [], []]
    filled.close()
    assert ids("lab_root") == []


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("end", ["commit", "rollback", "error"])
def test_nothing_is_left_over_on_a_reused_connection(end):
    backend = connection.connection.info.backend_pid
    try:
        with told_of(guard.system("tests")):
            assert len(ids("lab_root")) == 7
            if end == "error":
                ids("nowhere")
            transaction.set_rollback(end == "rollback")
    except DatabaseError:
        assert end == "error"
    assert ([ids(table) for table in ("lab_root", "lab_part", "lab_own")], connection.connection.info.backend_pid) == (
        [[], [], []],
        backend,
    )
    assert seen_by(viewer(9, office_ids=(2,)))[0] == [2]


@pytest.mark.usefixtures("filled")
def test_a_rolled_back_step_gives_the_scope_back():
    with told_of(viewer(9, office_ids=(2,))):
        with told_of(guard.system("tests")):
            transaction.set_rollback(True)
        assert ids("lab_root") == [2]


@pytest.mark.usefixtures("filled")
def test_who_acts_inside_is_told_and_who_acts_again_too():
    seen = []
    with told_of(viewer(9, office_ids=(2,))):
        with guard.acting(guard.system("tests")):
            seen.append(ids("lab_root"))
        seen.append(ids("lab_root"))
    assert seen == [[1, 2, 3, 4, 5, 6, 7], [2]]


@pytest.mark.usefixtures("filled")
def test_an_error_inside_is_not_hidden_behind_the_telling():
    with pytest.raises(DatabaseError, match="nowhere"), told_of(viewer(9)), guard.acting(guard.system("tests")):
        ids("nowhere")


@pytest.mark.usefixtures("lab")
def test_telling_outside_a_transaction_changes_nothing():
    with guard.acting(guard.system("tests")):
        row_security.keep_told(connection, "", touches=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('jiandu.scope_all', true)")
            assert cursor.fetchone()[0] in {None, ""}


FOREIGN = "new row violates row-level security policy"


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("INSERT INTO lab_root (id, owner_office_id, owner_path, subject_path, level) VALUES (20, 2, 'x', '', 1)", 1),
        (
            "INSERT INTO lab_root (id, owner_office_id, owner_path, subject_path, level) VALUES (20, 3, 'x', '', 1)",
            FOREIGN,
        ),
        (
            "INSERT INTO lab_root (id, owner_office_id, owner_path, subject_path, level) VALUES (20, 2, 'x', '', 2)",
            FOREIGN,
        ),
        ("UPDATE lab_root SET subject_path = 'x'", 1),
        ("UPDATE lab_root SET owner_office_id = 3, owner_path = 'x', subject_path = ''", FOREIGN),
        ("UPDATE lab_root SET level = 2 WHERE id = 2", FOREIGN),
        ("UPDATE lab_root SET level = 0 WHERE id = 4", 0),
        ("DELETE FROM lab_root WHERE id = 4", 0),
        ("INSERT INTO lab_part (id, root_id) VALUES (1, 2)", 1),
        ("INSERT INTO lab_part (id, root_id) VALUES (1, 4)", FOREIGN),
        ("UPDATE lab_part SET root_id = 4", FOREIGN),
        ("INSERT INTO lab_own (id, made_by_id) VALUES (9, 9)", 1),
        ("INSERT INTO lab_own (id, made_by_id) VALUES (9, 7)", FOREIGN),
    ],
)
def test_nothing_is_written_outside_the_scope(statement, said):
    try:
        with told_of(viewer(9, office_ids=(2,))), connection.cursor() as cursor:
            cursor.execute(statement)
            answer = cursor.rowcount
    except DatabaseError as error:
        answer = FOREIGN if FOREIGN in str(error) else str(error)
    assert answer == said


def test_the_owner_of_the_tables_is_bound_too(owned_lab):
    with told_of(guard.system("tests")), owned_lab.cursor() as cursor:
        cursor.execute(INSERT, [1, *ROWS[1]])
    assert (ids("lab_root"), seen_by(viewer(9, office_ids=(2,)))[0], seen_by(guard.system("tests"))[0]) == ([], [], [1])


def test_control_a_superuser_sees_everything(lab_ground, django_db_blocker):
    """The control of this file: without the second net the rows would be seen."""
    with django_db_blocker.unblock(), lab_ground.copy("postgres") as superuser:
        with transaction.atomic(), superuser.cursor() as cursor:
            cursor.execute(INSERT, [1, *ROWS[1]])
        assert ids("lab_root") == [1]


def test_a_later_policy_takes_the_place_of_the_earlier(owned_lab):
    with owned_lab.schema_editor() as editor:
        row_security.enable(editor, "lab_own", "true")
    with transaction.atomic(), owned_lab.cursor() as cursor:
        cursor.execute("INSERT INTO lab_own (id, made_by_id) VALUES (1, 1)")
    assert ids("lab_own") == [1]
    with owned_lab.schema_editor() as editor:
        row_security.enable(editor, "lab_own", row_security.own_policy())
    assert ids("lab_own") == []


@pytest.mark.usefixtures("filled")
def test_settings_are_read_once_a_statement():
    """Each as an InitPlan: evaluated for every row, they would cost more than the rows."""
    with told_of(viewer(9, office_ids=(2,))), connection.cursor() as cursor:
        cursor.execute("EXPLAIN SELECT id FROM lab_root")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    condition = next(line for line in plan.splitlines() if "Filter:" in line)
    assert ("InitPlan" in plan, "current_setting" in condition) == (True, False)
