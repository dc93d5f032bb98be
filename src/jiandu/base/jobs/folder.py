"""The files of a job: what came in, what goes out, how far it is. Named by the job's uid, never by what a user typed.

Progress is a file because the work itself is one transaction: until it commits, no other connection can read its rows,
and on SQLite none can write.
"""

import shutil
from contextlib import suppress
from pathlib import Path
from time import monotonic

from django.conf import settings

from jiandu.base.jobs.models import Job

EVERY_SECONDS = 0.5


def of(job: Job) -> Path:
    """The folder, made if need be, readable by the service alone."""
    place = Path(settings.DATA) / "jobs" / str(job.uid)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def brought(job: Job) -> Path:
    """Where the uploaded file lies."""
    return of(job) / "brought"


def result(job: Job) -> Path:
    """Where the result lies."""
    return of(job) / "result"


def clear(job: Job) -> None:
    """Removes the files."""
    shutil.rmtree(of(job))


def progress_of(job: Job) -> tuple[int, int]:
    """(done, total); (0, 0) when nothing is known yet."""
    with suppress(OSError, ValueError):
        done, total = (of(job) / "progress").read_text(encoding="ascii").split()
        return int(done), int(total)
    return 0, 0


class Progress:
    """Tells how far a job is, at most twice a second. Without a job it tells nobody."""

    def __init__(self, job: Job | None = None) -> None:
        self._file = of(job) / "progress" if job else None
        self._last = 0.0

    def __call__(self, done: int, total: int) -> None:
        if self._file is None or monotonic() - self._last < EVERY_SECONDS:
            return
        self._last = monotonic()
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{done} {total}", encoding="ascii")
        fresh.replace(self._file)
