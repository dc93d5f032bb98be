"""The tick: what is due each minute. Each periodic job is idempotent and says how often it runs."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from jiandu.base.audit.services import drop_anchor
from jiandu.base.jobs.services import expire_jobs
from jiandu.net.access.handovers import complete_due
from jiandu.results.alarms.jobs import look_at_last_week
from jiandu.results.bulletins.jobs import draft_what_ended
from jiandu.sources.crosscheck.arriving import sweep
from jiandu.sources.crosscheck.services.ending import end_unused
from jiandu.sources.petitions.inbox import take_what_came
from jiandu.sources.petitions.intake import take_in_due
from jiandu.sources.petitions.spool import clear_old
from jiandu.sources.petitions.timeliness import renote_duties
from jiandu.surfaces.console.reviving import revive_lost_jobs

HOUR = 3600
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Periodic:
    """A job of the clockwork: its name, every how many seconds, what it does (idempotent)."""

    name: str
    every_seconds: int
    do: Callable[[], object]


PERIODIC = (
    Periodic("audit-anchor", HOUR, drop_anchor),
    Periodic("revive-lost-jobs", 60, revive_lost_jobs),
    Periodic("expire-jobs", HOUR, expire_jobs),
    Periodic("handovers-due", 600, complete_due),
    Periodic("crosscheck-arriving", 600, sweep),
    Periodic("crosscheck-ends", HOUR, end_unused),
    Periodic("take-in-reports", 600, take_in_due),
    Periodic("petition-lists", 60, take_what_came),
    Periodic("petition-spool", 60, clear_old),
    Periodic("petition-duties", 600, renote_duties),
    Periodic("petition-weeks", 6 * HOUR, look_at_last_week),
    Periodic("petition-bulletins", HOUR, draft_what_ended),
)
_last: dict[str, float] = {}


def tick_once() -> list[str]:
    """Runs what is due and gives the names. One that fails is due again and holds up no other; raises the first fault then."""
    moment = time.monotonic()
    failed: list[Exception] = []
    due = [job for job in PERIODIC if moment - _last.get(job.name, -job.every_seconds) >= job.every_seconds]
    for job in due:
        try:
            job.do()
        except Exception as fault:
            failed.append(fault)
        else:
            _last[job.name] = moment
    for other in failed[1:]:
        logger.error("tick", exc_info=other)
    if failed:
        raise failed[0]
    return [job.name for job in due]


def start_ticking(seconds: int) -> threading.Thread:
    """Ticks in the background of the worker for as long as it lives."""

    def run() -> None:
        while True:
            try:
                tick_once()
            except Exception:  # the clock goes on: what failed is due again
                logger.exception("tick")
            connection.close()
            time.sleep(seconds)

    thread = threading.Thread(target=run, name="tick", daemon=True)
    thread.start()
    return thread
