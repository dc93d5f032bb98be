"""A folder for what does not fit into memory: one a run, gone at its end; what a killed run left goes with the next."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

PREFIX = "run-"


@contextmanager
def own_folder(scratch: Path) -> Iterator[Path]:
    """A folder in `scratch` that nobody else uses. Several runs may share `scratch`."""
    scratch.mkdir(parents=True, exist_ok=True)
    with held(scratch):  # nobody sweeps between making a folder and holding it
        _sweep(scratch)
        own = Path(mkdtemp(prefix=PREFIX, dir=scratch))
        lock = _lock(own, fcntl.LOCK_EX)
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)
        os.close(lock)


def _sweep(scratch: Path) -> None:
    """Folders that nobody holds: whoever made them was cut off."""
    for left in scratch.glob(f"{PREFIX}*"):
        with suppress(BlockingIOError, FileNotFoundError), held(left, fcntl.LOCK_EX | fcntl.LOCK_NB):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def held(folder: Path, how: int = fcntl.LOCK_EX) -> Iterator[None]:
    """A lock on a folder: fcntl's LOCK_EX, LOCK_SH, with LOCK_NB raising BlockingIOError where another holds it."""
    lock = _lock(folder, how)
    try:
        yield
    finally:
        os.close(lock)


def _lock(folder: Path, how: int) -> int:
    """The lock goes when the process does, however it ends."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, how)
    except BlockingIOError:
        os.close(lock)
        raise
    return lock
