"""A database of its own for a test: a copy of a template, on the vendor that JIANDU_DATABASE chooses.

The log's triggers refuse the flush that transactional tests end with, and tampering needs the tables' owner.
"""

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.management import call_command
from django.db import connections

from jiandu.base.core import guard
from jiandu.base.core.vendor.ownership import give_rights
from jiandu.project import databases
from tests.postgres import APP, OWNER, Server

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = os.environ.get("JIANDU_DATABASE_OWNER", "")
POSTGRESQL = bool(os.environ.get("JIANDU_DATABASE"))
#: What prepares an installation: empty, with the small net of tests.world.
EMPTY = (("jiandu", "init"),)
SMALL_NET = (*EMPTY, ("tests.installation",))
Commands = tuple[tuple[str, ...], ...]


@dataclass
class Ground:
    """A prepared database from which copies are made; its name is used up by numbers."""

    folder: Path
    name: str
    copies: int = 0

    @contextmanager
    def copy(self, role: str = APP) -> Iterator[Any]:
        """The default connection leads to a fresh copy, as the app or as the owner of the tables."""
        self.copies += 1
        name = f"{self.name}_{self.copies}"
        if POSTGRESQL:
            server().create(name, template=self.name)
        else:
            shutil.copyfile(self.folder / self.name, self.folder / name)
        try:
            with leading_to(settings_of(self.folder, name, role)) as connection:
                yield connection
        finally:
            if POSTGRESQL:
                server().drop(name)


def server() -> Server:
    """The cluster that `python -m tests.postgres` started."""
    if not ADDRESS:
        raise RuntimeError(
            "JIANDU_DATABASE is set without JIANDU_DATABASE_OWNER: run python -m tests.postgres pytest …"
        )
    return Server(Path(parse_qs(urlsplit(ADDRESS).query)["host"][0]))


def settings_of(folder: Path, name: str, role: str) -> dict[str, Any]:
    if POSTGRESQL:
        return databases.postgresql(server().address(name, role))
    return databases.sqlite(folder) | {"NAME": str(folder / name)}


@contextmanager
def leading_to(settings: dict[str, Any]) -> Iterator[Any]:
    """The default connection, also that of threads started meanwhile, leads elsewhere."""
    outer, outer_settings = connections["default"], connections.settings["default"]
    connections.settings["default"] = connections.configure_settings({"default": settings})["default"]
    del connections["default"]
    try:
        yield connections["default"]
    finally:
        connections["default"].close()
        connections.settings["default"] = outer_settings
        connections["default"] = outer


def prepared(folder: Path, prepare: Callable[[Any], None]) -> Ground:
    """A template that the owner prepared."""
    ground = Ground(folder, _name(folder, "template"))
    if POSTGRESQL:
        server().create(ground.name)
    with leading_to(settings_of(folder, ground.name, OWNER)) as connection:
        prepare(connection)
        if POSTGRESQL:
            give_rights(APP)
    return ground


@contextmanager
def installation(folder: Path, prepared_by: Commands = ()) -> Iterator[dict[str, str]]:
    """The environment of processes with an installation of their own: a data folder and a database.

    Nothing is in it, or what the commands prepare: they run once a process, and what they made is copied.
    """
    template = "template1"
    if prepared_by:
        model, template = _model(prepared_by)
        shutil.copytree(model, folder, dirs_exist_ok=True)
    if not POSTGRESQL:
        yield _told(folder)
        return
    name = _name(folder, "installation")
    server().create(name, template)
    try:
        yield _told(folder, name)
    finally:
        server().drop(name)


@cache
def _model(prepared_by: Commands) -> tuple[Path, str]:
    """The folder and the database that the commands made. Both are left: the folder until the end, the other to the cluster."""
    folder = Path(tempfile.mkdtemp(prefix="jd-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    name = _name(folder, "model")
    if POSTGRESQL:
        server().create(name)
    for words in prepared_by:
        command = [sys.executable, "-m", *words]
        done = subprocess.run(command, cwd=ROOT, env=_told(folder, name), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return folder, name


def _told(folder: Path, name: str = "") -> dict[str, str]:
    kept = {word: value for word, value in os.environ.items() if not word.startswith("JIANDU_")}
    told = {"JIANDU_DATA": str(folder), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    if POSTGRESQL:
        told |= {"JIANDU_DATABASE": server().address(name), "JIANDU_DATABASE_OWNER": server().address(name, OWNER)}
    return kept | told


def _name(folder: Path, kind: str) -> str:
    return f"{kind}_{os.getpid()}_{re.sub('[^a-z0-9]', '_', folder.name.lower())[:32]}"


def migrate_audit(connection: Any) -> None:
    """The log's tables and triggers, nothing else."""
    with guard.unguarded("test database"):
        call_command("migrate", "audit", verbosity=0)
