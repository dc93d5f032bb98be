"""Shared fixtures: the migrated database, the small net, no network but loopback."""

import pytest
from django.conf import settings

from tests import world as worlds


@pytest.fixture
def world(db: None) -> worlds.World:
    """A small net: see tests.world.build."""
    return worlds.build()


@pytest.fixture(autouse=True)
def _data_folder(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Files of a test stay in its own folder."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
