"""A log for each test: a fresh copy, used as the app (`log`) or as the tables' owner, who may do anything (`owned_log`)."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.ground import Ground, migrate_audit, prepared
from tests.postgres import OWNER


@pytest.fixture(scope="session")
def audit_ground(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Ground:
    with django_db_blocker.unblock():
        return prepared(tmp_path_factory.mktemp("audit"), migrate_audit)


@pytest.fixture
def log(audit_ground: Ground, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), audit_ground.copy() as connection:
        yield connection


@pytest.fixture
def owned_log(audit_ground: Ground, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), audit_ground.copy(OWNER) as connection:
        yield connection
