"""Triggers refuse on both databases, whoever writes, and say why."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.ground import POSTGRESQL

from jiandu.base.core.vendor import triggers


def run(connection, statement):
    """The rows it gives, or the message it is refused with."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    except DatabaseError as error:
        return str(error).splitlines()[0]


ONE = "INSERT INTO lab_step (id, code, note, unit_id) VALUES (1, 'a', 'n', 1)"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lab_step SET code = 'b'",
        "UPDATE lab_step SET unit_id = NULL",
        "UPDATE lab_step SET note = 'm', id = 2",
        "DELETE FROM lab_step",
        "TRUNCATE lab_step" if POSTGRESQL else "REPLACE INTO lab_step (id, code) VALUES (1, 'b')",
        "DELETE FROM lab_step" if POSTGRESQL else "REPLACE INTO lab_step (id, code) VALUES (2, 'a')",
        "DELETE FROM lab_step" if POSTGRESQL else "UPDATE OR REPLACE lab_step SET code = 'b'",
    ],
)
@pytest.mark.parametrize("role", ["lab", "owned_lab"])
def test_append_only_refuses(role, statement, request):
    connection = request.getfixturevalue(role)
    run(connection, ONE)
    said = run(connection, statement)
    assert said in {"lab_step is append-only", "permission denied for table lab_step"}
    assert run(connection, "SELECT id, code, note, unit_id FROM lab_step") == [(1, "a", "n", 1)]


def test_append_only_lets_the_named_columns_change(lab):
    run(lab, ONE)
    assert run(lab, "UPDATE lab_step SET note = 'm', code = code") == []
    assert run(lab, "SELECT note FROM lab_step") == [("m",)]


def test_append_only_takes_equal_and_new_rows(lab):
    run(lab, ONE)
    assert run(lab, "INSERT INTO lab_step (id) VALUES (2), (3)") == []


@pytest.mark.postgresql
def test_append_only_holds_for_a_session_that_poses_as_a_replica(lab_ground, django_db_blocker):
    with django_db_blocker.unblock(), lab_ground.copy("postgres") as connection:
        run(connection, ONE)
        said = run(connection, "SET LOCAL session_replication_role = replica; DELETE FROM lab_step")
    assert said == "lab_step is append-only"


INDEPENDENT = "NEW.note = 'verify' AND NEW.unit_id = (SELECT u.leader FROM lab_unit u WHERE u.id = NEW.unit_id)"


@pytest.fixture
def ruled(owned_lab):
    """Nobody verifies a unit that he leads (number 7)."""
    with owned_lab.schema_editor() as editor:
        triggers.refuse(editor, "lab_step", "INSERT", "lab_independent", INDEPENDENT, "核验人不能是'整改人' 100%")
    run(owned_lab, "INSERT INTO lab_unit (id, leader) VALUES (7, 7), (8, 7), (9, NULL)")
    return owned_lab


@pytest.mark.parametrize(("unit", "said"), [(7, "核验人不能是'整改人' 100%"), (8, []), (9, []), (10, [])])
def test_refuse_looks_into_other_tables(ruled, unit, said):
    assert run(ruled, f"INSERT INTO lab_step (id, note, unit_id) VALUES (1, 'verify', {unit})") == said


def test_refusal_is_an_integrity_error(ruled):
    with pytest.raises(IntegrityError), transaction.atomic(), ruled.cursor() as cursor:
        cursor.execute("INSERT INTO lab_step (id, note, unit_id) VALUES (1, 'verify', 7)")


def test_refuse_judges_the_new_row_of_an_update_and_the_old_row_of_a_deletion(owned_lab):
    with owned_lab.schema_editor() as editor:
        triggers.refuse(editor, "lab_unit", "UPDATE", "lab_up", "NEW.leader < OLD.leader", "down")
        triggers.refuse(editor, "lab_unit", "DELETE", "lab_away", "OLD.leader = 7", "kept")
    run(owned_lab, "INSERT INTO lab_unit (id, leader) VALUES (1, 7), (2, 5)")
    assert [
        run(owned_lab, "UPDATE lab_unit SET leader = 6 WHERE id = 1"),
        run(owned_lab, "UPDATE lab_unit SET leader = 8 WHERE id = 2"),
        run(owned_lab, "DELETE FROM lab_unit WHERE id = 1"),
        run(owned_lab, "DELETE FROM lab_unit WHERE id = 2"),
        run(owned_lab, "SELECT id, leader FROM lab_unit"),
    ] == ["down", [], "kept", [], [(1, 7)]]


def test_refuse_again_replaces_the_rule(ruled):
    with ruled.schema_editor() as editor:
        triggers.refuse(editor, "lab_step", "INSERT", "lab_independent", "NEW.unit_id = 8", "not 8")
    insert = "INSERT INTO lab_step (id, note, unit_id) VALUES ({0}, 'verify', {0})"
    assert [run(ruled, insert.format(unit)) for unit in (7, 8)] == [[], "not 8"]


def test_append_only_again_is_no_error(owned_lab):
    with owned_lab.schema_editor() as editor:
        triggers.append_only(editor, "lab_step")
    run(owned_lab, ONE)
    assert run(owned_lab, "UPDATE lab_step SET note = 'm'") == "lab_step is append-only"


def test_drop_takes_the_rule_away(ruled):
    with ruled.schema_editor() as editor:
        for _ in range(2):
            triggers.drop(editor, "lab_step", "lab_independent")
    assert run(ruled, "INSERT INTO lab_step (id, note, unit_id) VALUES (1, 'verify', 7)") == []


def test_unknown_act_is_an_error(owned_lab):
    with owned_lab.schema_editor() as editor, pytest.raises(ValueError, match="SELECT"):
        triggers.refuse(editor, "lab_step", "SELECT", "lab_x", "TRUE", "x")


@pytest.mark.postgresql
def test_refuse_sees_rows_that_are_hidden_from_the_writer(owned_lab):
    """lab_root has row-level security: without an actor it shows nothing, to its owner neither."""
    with owned_lab.schema_editor() as editor:
        condition = "EXISTS (SELECT 1 FROM lab_root r WHERE r.id = NEW.unit_id AND r.level = 2)"
        triggers.refuse(editor, "lab_step", "INSERT", "lab_quiet", condition, "level 2")
    with transaction.atomic():
        run(owned_lab, "SELECT set_config('jiandu.scope_all', '1', true)")
        run(
            owned_lab,
            "INSERT INTO lab_root (id, owner_path, subject_path, level) VALUES (1, 'a', 'b', 2), (2, 'a', 'b', 1)",
        )
    assert [
        run(owned_lab, "SELECT count(*) FROM lab_root"),
        run(owned_lab, "INSERT INTO lab_step (id, unit_id) VALUES (1, 1)"),
        run(owned_lab, "INSERT INTO lab_step (id, unit_id) VALUES (2, 2)"),
        run(owned_lab, "SELECT count(*) FROM lab_root"),
    ] == [[(0,)], "level 2", [], [(0,)]]
    with transaction.atomic():
        run(owned_lab, "SELECT set_config('jiandu.scope_all', '1', true)")
        run(owned_lab, "INSERT INTO lab_step (id, unit_id) VALUES (3, 2)")
        assert run(owned_lab, "SELECT count(*) FROM lab_root") == [(2,)]
