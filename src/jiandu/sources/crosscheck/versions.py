"""What a run reads stays as it is while it reads: each version of a data set is a folder of hard links to its files.

    JIANDU_CROSSCHECK/.versions/NAME/used      the day on which a run was last asked for
    JIANDU_CROSSCHECK/.versions/NAME/DIGEST/   the files as they were when a run began, and what runs worked out of them

Tables that come and go change the folder of the set; a version that is no longer the set's goes when nobody reads it any
more. A file that cannot be linked (another disk, another owner) is pointed to: a run then sees what becomes of it.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path

from jiandu.base.core.clock import today
from jiandu.base.engine import scratch
from jiandu.sources.crosscheck import folders, running

USED = "used"


@contextmanager
def held(name: str) -> Iterator[Path]:
    """The data set as it is now, for as long as somebody reads it. Raises Refused where there is none of that name."""
    with ExitStack() as stack:
        with folders.steady():
            version = _made(folders.folder_of(name))
            stack.callback(clear_old, name)  # once it is let go
            stack.enter_context(scratch.held(version, fcntl.LOCK_SH))
        note_use(name)
        yield version


def note_use(name: str) -> None:
    """Somebody asks for a run over it today: it ends so much later."""
    place_of(name).mkdir(parents=True, exist_ok=True, mode=0o700)
    (place_of(name) / USED).write_text(today().isoformat(), "ascii")


def used_on(name: str) -> date:
    """The day of the last run; long ago where there was none."""
    with suppress(OSError, ValueError):
        return date.fromisoformat((place_of(name) / USED).read_text("ascii"))
    return date.min


def place_of(name: str) -> Path:
    """Where its versions lie, and when it was last used."""
    return _place() / name


def clear_old(*names: str) -> None:
    """Versions that are no longer their set's and that nobody reads; without a name, of every set. Idempotent."""
    if not _place().is_dir():
        return
    with folders.steady():
        known = folders.names()
        for of in [place_of(name) for name in names] if names else list(_place().glob("*")):
            current = _digest(folders.root() / of.name) if of.name in known else ""
            for version in of.glob("*/"):
                if version.name != current:
                    _remove(version)
            if not current and not any(of.glob("*/")):
                shutil.rmtree(of, ignore_errors=True)


def _place() -> Path:
    return folders.root() / ".versions"  # not among the folders that somebody may name


def _made(folder: Path) -> Path:
    """The folder of the version, made where it is new. Whoever calls keeps the set steady."""
    version = place_of(folder.name) / _digest(folder)
    if not version.is_dir():
        unfinished = version.with_name("unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        version.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        leaves = shutil.ignore_patterns(running.KEPT)
        shutil.copytree(folder, unfinished, copy_function=_link, ignore=leaves, ignore_dangling_symlinks=True)
        unfinished.chmod(0o700)
        unfinished.replace(version)
    return version


def _digest(folder: Path) -> str:
    """Of the names of its files and of which file stands under each."""
    digest = hashlib.sha256()
    for path in sorted(_files(folder)):
        told, name = path.stat(), path.relative_to(folder)
        digest.update(f"{name}\x00{told.st_ino}\x00{told.st_size}\x00{told.st_mtime_ns}\x00".encode())
    return digest.hexdigest()[:32]


def _files(folder: Path) -> Iterator[Path]:
    for place, folders_in, names in os.walk(folder, followlinks=True):
        folders_in[:] = [name for name in folders_in if name != running.KEPT]
        yield from (path for name in names if (path := Path(place) / name).is_file())


def _link(source: str, into: str) -> None:
    path = Path(source).resolve()
    try:
        os.link(path, into)
    except OSError:
        Path(into).symlink_to(path)


def _remove(version: Path) -> None:
    with suppress(BlockingIOError), scratch.held(version, fcntl.LOCK_EX | fcntl.LOCK_NB):
        shutil.rmtree(version, ignore_errors=True)
