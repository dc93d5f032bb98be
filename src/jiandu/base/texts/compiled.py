"""The compiled parts, imported on first use. Compiling takes seconds, once: the result is kept beside the code, or in the
user's cache; where neither can be written, in a folder of this process alone."""

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

#: Threads that share bulk work; the compiled parts let go of the interpreter's lock. No numba threading layer: a web process
#: with threads of its own may ask at any time.
WORKERS = min(4, os.cpu_count() or 1)


@cache
def parts() -> tuple[ModuleType, ModuleType]:
    """(kernels, aligning)."""
    if not _may_keep():
        os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp(prefix="jiandu-numba-")
    from jiandu.base.texts import aligning, kernels  # noqa: PLC0415 -- slow import

    return kernels, aligning


def is_kept() -> bool:
    """Whether somebody has compiled here before, as far as can be seen beside the code."""
    return any((Path(__file__).parent / "__pycache__").glob("aligning.*.nbi"))


def _may_keep() -> bool:
    """Whether numba finds a place for what it compiled: beside the code, in the user's cache, or where the environment says."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        return True
    beside = Path(__file__).parent
    places = (beside / "__pycache__", beside, Path(os.environ.get("XDG_CACHE_HOME", Path("~/.cache").expanduser())))
    return any(place.is_dir() and os.access(place, os.W_OK) for place in places)


def spread(work: "Callable[[int, int], Any]", count: int, least: int = 64) -> None:
    """Runs work(first, last) over 0..count in as many threads as there are processors."""
    if count <= least or WORKERS == 1:
        work(0, count)
        return
    step = max(least, -(-count // (WORKERS * 4)))
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(lambda first: work(first, min(count, first + step)), range(0, count, step)))
