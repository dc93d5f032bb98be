"""Shared fixtures: the migrated database, the small net, no network but loopback.

With JIANDU_DATABASE set (python -m tests.postgres pytest …) the suite runs on PostgreSQL: everything but the folders
that touch no database.
"""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils.translation import override
from hypothesis import settings as properties

from jiandu.base.core.vendor.ownership import give_rights
from tests import world as worlds
from tests.ground import POSTGRESQL
from tests.postgres import APP, OWNER
from tests.stamp import Stamp

properties.register_profile("house", deadline=None)  # no test is about time: a busy machine fails none
properties.load_profile("house")
HERE = Path(__file__).parent
#: Run once, on SQLite's turn. A test in here that asks for a database stops the run, so the list cannot go stale.
WITHOUT_DATABASE = (
    "architecture",
    "charts",
    "core/sheets",
    *(
        f"crosscheck/test_{name}.py"
        for name in ("by_hand", "known", "memory", "reading", "rules", "running", "shapes", "written")
    ),
    "digests",
    "documents",
    "engine",
    "docs",
    "linkage",
    "sealing",
    "ui",
    "warnings",
)
#: What is about files of SQLite, the program's own processes or its command line (tests/workbooks has its main job on
#: both); and what starts a PostgreSQL of its own, on its turn.
ON_SQLITE = (
    *("durability/test_disk_full.py", "durability/test_power_loss.py", "durability/test_supervision.py"),
    *("surfaces/console/test_bulletins.py", "surfaces/console/test_commands.py", "surfaces/console/test_warning.py"),
)
ON_POSTGRESQL = ("durability/test_database_away.py",)
#: Seconds that a test of the full run may take: the whole matrix is one test; pyproject.toml has the short run's limit.
LONG = 3600
#: A worker takes a whole file, so that what is made once for a file is made once; of e2e all, which share a city.
#: What takes long goes first, so that no worker waits for it at the end.
LONG_MARKS, LONG_FOLDERS = ("full", "once", "browser", "office"), ("durability", "stories")
SMALL_NET = Stamp(worlds.build)
collect_ignore = [*WITHOUT_DATABASE, *ON_SQLITE] if POSTGRESQL else list(ON_POSTGRESQL)


def pytest_itemcollected(item: pytest.Item) -> None:
    if not item.get_closest_marker("full"):  # each of those is long
        path = item.path.relative_to(HERE).as_posix()
        item.add_marker(pytest.mark.xdist_group("e2e" if path.startswith("e2e/") else path))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if _is_for_the_other_turn(item, config)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    for item in items:
        path = item.path.relative_to(HERE).as_posix()
        if path.startswith(WITHOUT_DATABASE) and "db" in getattr(item, "fixturenames", ()):
            raise pytest.UsageError(f"{item.nodeid} asks for a database: take its place out of WITHOUT_DATABASE")
        if item.get_closest_marker("full"):
            item.add_marker(pytest.mark.timeout(LONG))
    items.sort(key=_is_short)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for waste, again and again, was a tenth of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _is_short(item: pytest.Item) -> bool:
    folder = item.path.relative_to(HERE).parent.as_posix()
    return not folder.startswith(LONG_FOLDERS) and not any(map(item.get_closest_marker, LONG_MARKS))


def _is_for_the_other_turn(item: pytest.Item, config: pytest.Config) -> bool:
    """What is PostgreSQL's alone; and what asks the program rather than the database: once, on SQLite."""
    if not POSTGRESQL:
        return item.get_closest_marker("postgresql") is not None
    once = item.get_closest_marker("once")
    return once is not None and not ("full_on_both" in once.kwargs and "not full" not in config.getoption("markexpr"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """On PostgreSQL the owner makes the suite's database and migrates it."""
    _become(OWNER)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """On PostgreSQL the suite then works as in production: in the role that owns nothing."""
    with django_db_blocker.unblock():
        if POSTGRESQL:
            give_rights(APP)
        _become(APP)
        SMALL_NET.learn()
    yield
    with django_db_blocker.unblock():
        _become(OWNER)


def _become(role: str) -> None:
    if POSTGRESQL:
        connection.close()
        connection.settings_dict["USER"] = role


@pytest.fixture
def world(db: None) -> worlds.World:
    """A small net: see tests.world.build."""
    return SMALL_NET.press()


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """Every test begins in Chinese, whatever the requests of the one before it asked for."""
    with override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _cheap_passphrases(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """256 MiB a guess is for those who guess; tests/vaults pays it once."""
    monkeypatch.setattr(settings, "UNLOCK_MEBIBYTES", 1)


@pytest.fixture(autouse=True)
def _data_folder(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Files of a test stay in its own folder."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
