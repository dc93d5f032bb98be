"""Reads of jobs: one's own list, one job, its result as long as it is kept."""

from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet

from jiandu.base.core import guard
from jiandu.base.core.clock import now
from jiandu.base.core.guard import Viewer
from jiandu.base.jobs import folder
from jiandu.base.jobs.models import Job

Status = Job.Status
UNFINISHED = (Status.WAITING, Status.RUNNING)


def jobs_of(viewer: Viewer, *kinds: str) -> QuerySet[Job]:
    """The viewer's jobs, newest first."""
    guard.check_is_actor(viewer)
    found = Job.objects.order_by("-created_at", "-pk")
    return found.filter(kind__in=kinds) if kinds else found


def job_by_uid(viewer: Viewer, uid: UUID, *kinds: str) -> Job | None:
    """The job, if it is the viewer's and of one of these kinds."""
    return jobs_of(viewer, *kinds).filter(uid=uid).first()


def is_unfinished(job: Job) -> bool:
    """Whether it waits or runs."""
    return job.status in UNFINISHED


def result_of(job: Job) -> Path | None:
    """The result file while it is kept, else None."""
    if job.status != Status.DONE or not job.result_name or job.expires_at <= now():
        return None
    path = folder.result(job)
    return path if path.is_file() else None
