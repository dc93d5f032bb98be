"""The data sets that lie on this machine: one folder of tables each, under JIANDU_CROSSCHECK."""

import fcntl
import json
import shutil
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.sources.crosscheck import tables
from jiandu.sources.crosscheck.tables import Table

SAID = "dataset.json"  # of which day the data are, and how each table that was brought by hand came


@dataclass(frozen=True)
class Held:
    """One table that lies in a data set; `came`: {file, rows, unknown, on} where it was brought by hand."""

    table: Table
    paths: list[Path]
    came: dict[str, Any]

    @property
    def size(self) -> int:
        """Bytes."""
        files = [file for path in self.paths for file in (path.rglob("*") if path.is_dir() else [path])]
        return sum(file.stat().st_size for file in files)


def root() -> Path:
    """Where they lie; made by whoever brings data, not by looking."""
    return Path(settings.CROSSCHECK)


@contextmanager
def steady(what: str = "") -> Iterator[None]:
    """While files change places, or their places are looked at as a whole: moments, never while anything is read.

    `what`: something else of which one at a time has its turn; the others wait.
    """
    root().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (root() / f".lock{what}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def names() -> list[str]:
    """The data sets by name."""
    place = root()
    if not place.is_dir():
        return []
    return sorted(each.name for each in place.iterdir() if each.is_dir() and not each.name.startswith("."))


def folder_of(name: str) -> Path:
    """One of them. Raises Refused for any other name, a path above all."""
    if name not in names():
        raise Refused("dataset", "没有这个数据集：%(name)s", name=name)
    return root() / name


def day_of(folder: Path) -> date:
    """The day of its data, where it says one (dataset.json, answers.json), else today."""
    for name, key in ((SAID, "as_of"), ("answers.json", "on")):
        if (folder / name).is_file():
            return date.fromisoformat(json.loads((folder / name).read_text("utf-8"))[key])
    return today()


def held(folder: Path) -> list[Held]:
    """The tables that lie in a data set, under any name by which a run reads them."""
    said = folder / SAID
    came = json.loads(said.read_text("utf-8")).get("came", {}) if said.is_file() else {}
    found = [(table, paths_of(folder, table)) for table in tables.known().values()]
    return [Held(table, paths, came.get(table.name, {})) for table, paths in found if paths]


def paths_of(folder: Path, table: Table) -> list[Path]:
    """What a folder holds of a table."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.stem in {table.name, table.words})


def remove(path: Path) -> None:
    """A table goes, a file or a folder of files; of a link to one, the link."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def office_of(folder: Path) -> int | None:
    """The key of the office that brought a data set by hand."""
    said = folder / SAID
    found = json.loads(said.read_text("utf-8")).get("office") if said.is_file() else None
    return int(found) if found is not None else None


def laid(folder: Path) -> list[str]:
    """What lies in a data set that did not come by hand: tables by their words, whatever no rule knows by its name."""
    tables_held = held(folder)
    known = {folder / SAID, *(path for one in tables_held for path in one.paths)}
    others = (path.name for path in folder.iterdir() if path not in known and not path.name.startswith("."))
    return [*(one.table.words for one in tables_held if not one.came), *sorted(others)]


def brought(offices: Container[int]) -> list[str]:
    """The data sets that came wholly by hand, from these offices: those that they may remove."""
    found = [(name, folder_of(name)) for name in names()]
    return [name for name, folder in found if held(folder) and not laid(folder) and office_of(folder) in offices]
