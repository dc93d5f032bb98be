"""A worker that is killed while tables are brought: the set has none of them or all, and no file of theirs is left."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.crosscheck.villages import NUMBER
from tests.ground import EMPTY, installation
from tests.jobs.test_worker import PATIENCE_SECONDS, ROOT, Place

SETUP = """
import io, json, os, signal, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "jiandu.project.settings"
django.setup()
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.crosscheck.villages import DAY, OFFICE, NUMBER
from tests.world import SYSTEM, as_, build
from jiandu.base.audit.models import Entry
from jiandu.base.jobs.models import Job
from jiandu.sources.crosscheck import arriving, folders, jobs
from jiandu.sources.crosscheck.services import bringing

def die(*_args, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
"""
ASK = """
from jiandu.base.lexicon.services import load_defaults
with as_(SYSTEM) as by:
    load_defaults(by=by)
world = build()
files = {"集体资产.csv": f"资产编号,村居,使用状态,使用人证件\\nXB-1,某村,闲置,{NUMBER}\\n", "集体合同.csv": "合同编号,村居,标的编号,起始日期,终止日期,状态\\nHT-1,某村,XB-1,2020-01-01,2021-12-31,履行中\\n"}
with as_(world.viewer("干部甲")) as by:
    sent = [bringing.File(name, io.BytesIO(text.encode())) for name, text in files.items()]
    new = bringing.NewTables(world.offices[OFFICE], "报来的表", DAY, sent)
    print(jobs.start_bringing(bringing.ask_bring(new=new, by=by)).pk)
"""
#: Where the worker dies: while it reads; when the job is done and nothing has moved; between one table and the next.
WHERE = {
    "reading": "bringing.read_all = die",
    "done": "arriving._into_place = die",
    "moving": "real = arriving._replace; arriving._replace = lambda new, *more: die() if new.stem == 'contract' else real(new, *more)",
}
WORK = "jobs.bring_tables.call(int(sys.argv[1]))"
LOOK = """
with as_(SYSTEM):
    job = Job.objects.get(pk=int(sys.argv[1]))
    brought = Entry.objects.filter(verb="dataset.bring").count()
files = [path for path in folders.root().rglob("*") if path.is_file()]
left = sorted({path.relative_to(arriving.place()).parts[0].split("-")[0] for path in files if arriving.place() in path.parents} - {"lock"})
held = [one.table.name for name in folders.names() for one in folders.held(folders.root() / name) if one.came]
print(json.dumps({"status": job.status, "brought": brought, "left": left, "held": held, "attempts": job.attempts}))
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with installation(tmp_path, EMPTY) as told, Place(told) as made:
        yield made


def script(place: Place, body: str, *words: str) -> "subprocess.CompletedProcess[str]":
    text = SETUP.replace("{root!r}", repr(str(ROOT))) + body
    command = [sys.executable, "-c", text, *words]
    return subprocess.run(command, cwd=place.folder, env=place.env, capture_output=True, text=True, check=False)


def look(place: Place, job: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(script(place, LOOK, job).stdout)
    return found


@pytest.mark.parametrize("where", WHERE)
def test_a_worker_killed_on_the_way_leaves_all_or_nothing_and_the_next_one_ends_it(place: Place, where: str) -> None:
    asked = script(place, ASK)
    assert asked.returncode == 0, asked.stderr
    job = asked.stdout.strip()
    died = script(place, f"{WHERE[where]}\n{WORK}", job)
    assert died.returncode == -9, died.stderr
    killed, is_done = look(place, job), where != "reading"
    assert (killed["status"], killed["brought"]) == ("done" if is_done else "running", int(is_done))
    assert killed["held"] == []  # half of them moved is not said to be there
    assert killed["left"] == (["ready", "sealed"] if is_done else ["run", "sealed"])  # the control: there was something
    place.worker()
    ended, began = killed, time.monotonic()
    while ended["left"] and time.monotonic() - began < PATIENCE_SECONDS:
        time.sleep(0.5)
        ended = look(place, job)
    assert (ended["status"], ended["left"]) == ("done", [])
    assert (sorted(ended["held"]), ended["brought"]) == (["asset", "contract"], 1)
    assert ended["attempts"] == (1 if is_done else 2)
    kept = {
        path.suffix
        for path in (place.folder / "crosscheck").rglob("*")
        if path.is_file() and NUMBER.encode() in path.read_bytes()
    }
    assert kept == {".parquet"}
