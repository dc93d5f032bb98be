"""Jobs whose worker was killed stay RUNNING for ever (a known gap of the library): they are put back into the queue.

A worker holds a lock on a file of its name for as long as it lives; the kernel lets go when it dies, however it dies. A
job claimed by a worker whose lock is free is lost. What was done of it was rolled back with its transaction, and every
job of ours may be run again; one that keeps killing its worker is given up by `base.jobs`.
"""

import fcntl
import os
import secrets
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

LIMIT = timedelta(hours=6)  # for workers on another machine, whose locks cannot be seen from here


def hold_name() -> str:
    """A name for this worker, held until the process ends."""
    name = f"{socket.gethostname()[:30]}.{os.getpid()}.{secrets.token_hex(6)}"
    handle = os.open(_lock_of(name), os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)  # never closed: the kernel does it
    return name


def is_alive(name: str) -> bool:
    """Whether the worker of this name lives on this machine. The file of a dead one is removed."""
    path = _lock_of(name)
    if not path.exists():
        return False
    with path.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    path.unlink(missing_ok=True)
    return False


def revive_lost_jobs() -> int:
    """Puts the jobs of dead workers back into the queue. Gives how many."""
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    lost = [task.pk for task in running if _is_lost(task)]
    return DBTaskResult.objects.filter(pk__in=lost, status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.READY, started_at=None
    )


def _is_lost(task: "DBTaskResult[Any, Any]") -> bool:
    worker = task.worker_ids[-1] if task.worker_ids else ""
    if worker.startswith(f"{socket.gethostname()[:30]}."):
        return not is_alive(worker)
    return bool(task.started_at) and task.started_at < timezone.now() - LIMIT


def _lock_of(name: str) -> Path:
    folder = Path(settings.DATA) / "workers"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{Path(name).name}.lock"
