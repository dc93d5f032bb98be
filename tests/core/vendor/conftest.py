"""A small laboratory of tables, on the vendor that JIANDU_DATABASE chooses: used as the app or as the tables' owner."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.ground import Ground, migrate_audit, prepared
from tests.postgres import OWNER

from jiandu.base.core.vendor import grams, row_security, triggers

TABLES = (
    "CREATE TABLE lab_unit (id integer PRIMARY KEY, leader integer)",
    "CREATE TABLE lab_step (id integer PRIMARY KEY, code varchar(8) UNIQUE, note text, unit_id integer)",
    "CREATE TABLE lab_root (id integer PRIMARY KEY, uid uuid, owner_office_id bigint, owner_path varchar(96) NOT NULL,"
    " subject_path varchar(96) NOT NULL, level smallint NOT NULL, source_uid uuid)",
    "CREATE TABLE lab_part (id integer PRIMARY KEY, root_id integer NOT NULL)",
    "CREATE TABLE lab_own (id integer PRIMARY KEY, made_by_id bigint NOT NULL)",
    "CREATE TABLE lab_opened (thing_uid uuid, office_id bigint, user_id bigint)",
)
POLICIES = {
    "lab_root": row_security.root_policy(assignments="lab_opened"),
    "lab_part": row_security.part_policy("lab_part", "root_id", "lab_root"),
    "lab_own": row_security.own_policy(),
}


def build(connection: Any) -> None:
    migrate_audit(connection)
    with connection.schema_editor() as editor:
        for table in TABLES:
            editor.execute(table, params=None)
        grams.create(editor, "lab_grams")
        triggers.append_only(editor, "lab_step", allow_update_of=("note",))
        for table, policy in POLICIES.items():
            row_security.enable(editor, table, policy)


@pytest.fixture(scope="session")
def lab_ground(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Ground:
    with django_db_blocker.unblock():
        return prepared(tmp_path_factory.mktemp("lab"), build)


@pytest.fixture
def lab(lab_ground: Ground, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), lab_ground.copy() as connection:
        yield connection


@pytest.fixture
def owned_lab(lab_ground: Ground, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), lab_ground.copy(OWNER) as connection:
        yield connection
