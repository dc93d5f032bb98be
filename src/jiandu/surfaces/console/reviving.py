"""Jobs whose worker was killed stay RUNNING for ever (a known gap of the library): they are put back into the queue."""

from datetime import timedelta

from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

LIMIT = timedelta(hours=1)


def revive_lost_jobs() -> int:
    """Puts jobs that have run longer than the limit back into the queue; every job of ours is idempotent. Gives how many."""
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=timezone.now() - LIMIT)
    return lost.update(status=TaskResultStatus.READY, started_at=None, worker_ids=[])
