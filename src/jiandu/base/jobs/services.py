"""Writes of jobs: asked, begun, done or failed, expired.

The work and the word that it is done are one transaction: a worker that dies in between has done neither, and running
the job again is safe. A job that has killed its worker three times is given up.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.transaction import atomic
from django.utils.translation import gettext_noop

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.jobs import folder
from jiandu.base.jobs.folder import Progress
from jiandu.base.jobs.models import Job

Status = Job.Status
KEEP = timedelta(days=7)
ATTEMPTS = 3
LOST = gettext_noop("后台进程多次中断，未写入任何内容")
FAULT = gettext_noop("程序出错，未写入任何内容，请联系系统管理员")
CHANGED = gettext_noop("处理期间有记录发生变化，未写入任何内容，请重试")


@dataclass(frozen=True)
class NewJob:
    """What is asked: its kind, a name for the list, and plain values (ids, words)."""

    kind: str
    name: str
    asked: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """What came of it: plain values, and the name and content type of the result file, if there is one."""

    said: dict[str, Any]
    result_name: str = ""
    result_type: str = ""


@dataclass(frozen=True)
class Work:
    """What a job does. `read` reads files and records; `write` gets what it gave, in a transaction as short as can be.

    SQLite has one writer: while `write` runs, nobody else writes.
    """

    read: Callable[[Viewer, Job, Progress], Any]
    write: Callable[[Viewer, Job, Progress, Any], Done]


@atomic
def open_job(*, new: NewJob, by: Viewer) -> Job:
    """A job of the viewer's, waiting. Raises Refused for the system, which has no list to show it in."""
    if by.user_id is None:
        raise Refused("job-needs-user", "任务须由用户提交")
    job = Job(made_by_id=by.user_id, kind=new.kind, name=new.name[:200], asked=new.asked, expires_at=now() + KEEP)
    job.save(force_insert=True)
    return job


@atomic
def open_refused(*, new: NewJob, by: Viewer, refused: Refused) -> Job:
    """A job that was refused before there was anything to do: one of many that came together, listed with its reason."""
    job = open_job(new=new, by=by)
    _fail(job, str(refused.args[1]), refused.details)
    return job


def perform(job: Job, by: Viewer, work: Work) -> bool:
    """Does the work as the viewer: all of it with the word that it is done, or nothing with the reason. True when done.

    Any fault of the program is noted on the job and raised again.
    """
    progress = Progress(job)
    try:
        with reading():
            found = work.read(by, job, progress)
        with transaction.atomic():
            _finish(job, work.write(by, job, progress, found))
    except Refused as refused:
        _fail(job, str(refused.args[1]), refused.details)
    except IntegrityError:
        _fail(job, CHANGED)
    except Exception:
        _fail(job, FAULT)
        raise
    else:
        return True
    return False


@contextmanager
def reading() -> Iterator[None]:
    """Reads belong into a transaction where row-level security needs one; on SQLite it would hold up every writer."""
    with transaction.atomic() if connection.vendor == "postgresql" else nullcontext():
        yield


def run(pk: int, work: Work, viewer_of: Callable[[User], Viewer]) -> bool:
    """What a worker does: begins the job, builds its maker's viewer anew, so that a revoked right counts, and performs."""
    job = _begin(pk)
    if job is None:
        return False
    with transaction.atomic():
        viewer = viewer_of(User.objects.get(pk=job.made_by_id))
    with guard.acting(viewer):
        return perform(job, viewer, work)


def kind_of(pk: int) -> str:
    """What kind of job this is: the worker must know before anybody acts."""
    with transaction.atomic(), guard.acting(guard.system("job")):
        return str(Job.objects.values_list("kind", flat=True).get(pk=pk))


def _begin(pk: int) -> Job | None:
    """The job, running; None when it is finished already or has been given up."""
    with transaction.atomic(), guard.acting(guard.system("job")):
        job = Job.objects.get(pk=pk)
        if job.status not in {Status.WAITING, Status.RUNNING}:
            return None
        if job.attempts >= ATTEMPTS:
            _fail(job, LOST)
            return None
        job.attempts += 1
        job.status, job.started_at = Status.RUNNING, now()
        job.save(update_fields=["attempts", "status", "started_at"])
    return job


def _finish(job: Job, done: Done) -> None:
    job.status, job.said, job.finished_at = Status.DONE, done.said, now()
    job.result_name, job.result_type = done.result_name[:200], done.result_type
    job.save(update_fields=["status", "said", "finished_at", "result_name", "result_type"])


@atomic
def _fail(job: Job, reason: str, details: dict[str, object] | None = None) -> None:
    """`reason` is kept untranslated, its details beside it: it is read in the reader's language."""
    job.status, job.reason, job.finished_at = Status.FAILED, reason, now()
    job.said = {"details": {name: str(value) for name, value in (details or {}).items()}}
    job.save(update_fields=["status", "reason", "said", "finished_at"])


def expire_jobs() -> int:
    """Removes files and findings of jobs that are no longer kept; idempotent. Gives how many."""
    with transaction.atomic(), guard.acting(guard.system("expire jobs")):
        old = list(Job.objects.filter(status__in=[Status.DONE, Status.FAILED], expires_at__lte=now()))
        for job in old:
            job.status, job.said, job.asked = Status.EXPIRED, {}, {}
            job.save(update_fields=["status", "said", "asked"])
    for job in old:
        folder.clear(job)
    return len(old)
