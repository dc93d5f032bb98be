"""A real worker process on a database of its own: it finishes jobs, and killed in the middle it leaves nothing half done."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.ground import EMPTY, installation
from tests.workbooks.books import book, line

ROOT = Path(__file__).parents[2]
ROWS = 5_200
PATIENCE_SECONDS = 120

SETUP = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "jiandu.project.settings"
django.setup()
sys.path.insert(0, {root!r})
from pathlib import Path
from django.db import transaction
from tests.world import SYSTEM, as_, build
from jiandu.base.core import guard
from jiandu.base.jobs import folder, services
from jiandu.base.jobs.models import Job
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.workbooks import importing, jobs, showing
"""
ASK = """
with as_(SYSTEM) as by:
    load_defaults(by=by)
world = build()
me = world.viewer("内勤甲")
with as_(me):
    seen = services.open_job(new=services.NewJob(jobs.PREVIEW, "a.xlsx", {"name": "a.xlsx"}), by=me)
    folder.brought(seen).write_bytes(Path("a.xlsx").read_bytes())
    services.perform(seen, me, jobs.WORKS[jobs.PREVIEW])
    asked = {"preview": seen.pk, "name": "a.xlsx", "digest": seen.said["digest"], "create_missing": False}
    job = services.open_job(new=services.NewJob(jobs.IMPORT, "a.xlsx", asked), by=me)
    jobs.start(job, me, is_large=True)
    print(job.pk)
"""
LOOK = """
import json
from jiandu.base.audit.models import Entry
from jiandu.base.audit import chain
with as_(SYSTEM):
    job = Job.objects.get(pk=int(sys.argv[1]))
    code = chain.report(chain.verify_chain())[0]
    print(json.dumps({"status": job.status, "reason": job.reason, "attempts": job.attempts, "progress": folder.progress_of(job),
        "findings": Finding.objects.count(), "steps": Step.objects.count(),
        "imports": Entry.objects.filter(verb="finding.import").count(), "chain": code}))
"""


class Place:
    """An empty installation in a folder, and the processes on it."""

    def __init__(self, told: dict[str, str]) -> None:
        self.env = {name: value for name, value in told.items() if name != "JIANDU_DATABASE_OWNER"}
        self.folder = Path(told["JIANDU_DATA"])
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_raised: object) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def script(self, body: str, *words: str) -> str:
        return self.run("-c", SETUP.replace("{root!r}", repr(str(ROOT))) + body, *words)

    def worker(self) -> "subprocess.Popen[bytes]":
        self.workers.append(subprocess.Popen([sys.executable, "-m", "jiandu", "work"], cwd=self.folder, env=self.env))
        return self.workers[-1]

    def look(self, job: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.script(LOOK, str(job)))
        return found

    def until(self, job: int, *statuses: str) -> dict[str, Any]:
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE_SECONDS:
            found = self.look(job)
            if found["status"] in statuses:
                return found
            time.sleep(0.5)
        raise AssertionError(found)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with installation(tmp_path, EMPTY) as told, Place(told) as made:
        yield made


def killed_at_work(place: Place, sign: str = "") -> None:
    """Starts a worker and kills it as soon as it says how far the job is, in words that hold `sign`."""
    for path in (place.folder / "jobs").glob("*/progress"):
        path.unlink()
    worker = place.worker()
    began = time.monotonic()
    while not any(sign in path.read_text() for path in (place.folder / "jobs").glob("*/progress")):
        assert time.monotonic() - began < PATIENCE_SECONDS
        assert worker.poll() is None
        time.sleep(0.02)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()


def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_does_it_all(place: Place) -> None:
    (place.folder / "a.xlsx").write_bytes(book(*(line(number) for number in range(ROWS))))
    job = int(place.script(ASK))
    killed_at_work(place, f" {ROWS}")  # it writes: the total is known
    killed = place.look(job)
    assert (killed["status"], killed["findings"], killed["steps"], killed["imports"]) == ("running", 0, 0, 0)
    place.worker()
    done = place.until(job, "done", "failed")
    assert (done["status"], done["attempts"], done["findings"], done["imports"]) == ("done", 2, ROWS, 1)
    assert (done["chain"], done["steps"]) == (0, ROWS)


@pytest.mark.full
def test_a_job_that_kills_its_worker_three_times_is_given_up(place: Place) -> None:
    (place.folder / "a.xlsx").write_bytes(book(*(line(number) for number in range(ROWS))))
    job = int(place.script(ASK))
    for _ in range(3):
        killed_at_work(place)
    place.worker()
    given_up = place.until(job, "failed")
    assert (given_up["findings"], given_up["attempts"]) == (0, 3)
    assert given_up["reason"] == "后台进程多次中断，未写入任何内容"


def test_a_living_worker_keeps_its_job_and_a_dead_ones_is_revived(place: Place) -> None:
    body = """
from django_tasks_db.models import DBTaskResult
from jiandu.surfaces.console import reviving
mine = reviving.hold_name()
pk = run = jobs.run_job.enqueue(1).id
row = DBTaskResult.objects.get(pk=pk)
row.claim(mine)
print(reviving.revive_lost_jobs())
row.claim(mine.rsplit(".", 1)[0] + ".another")
print(reviving.revive_lost_jobs(), DBTaskResult.objects.get(pk=pk).status)
"""
    assert place.script(body).split() == ["0", "1", "READY"]
