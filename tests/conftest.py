"""Shared fixtures: the migrated database, the small net, no network but loopback."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from jiandu.base.core import guard
from tests import world as worlds


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Migrations run unguarded: they make the tables that the guard protects."""
    with guard.unguarded("test database"):
        yield


@pytest.fixture
def world(db: None) -> worlds.World:
    """A small net: see tests.world.build."""
    return worlds.build()


@pytest.fixture(autouse=True)
def _data_folder(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Files of a test stay in its own folder."""
    monkeypatch.setattr(settings, "DATA", tmp_path)


__all__ = ["DjangoDbBlocker"]
