"""kill -9 under load through HTTP: nothing that was acknowledged is lost, nothing is half done, the log has each act once."""

import json
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from tests.durability.inspection import faults, held
from tests.durability.load import Book, Crew
from tests.durability.serving import DATABASE, served
from tests.figures import note
from tests.installation import Installation

pytestmark = [pytest.mark.enable_socket, pytest.mark.once(full_on_both=True)]
OFFICERS = (
    "demo-supervision_officer-3",
    "demo-supervision_officer-4",
    "demo-office_head-5",
    "demo-supervision_officer-3",
)


@pytest.fixture
def installation(tmp_path: Path):
    with served(tmp_path) as made:
        yield made


def strike(installation: Installation, chance: Random) -> str:
    """One of the three deaths, and the program is up again."""
    way = chance.choice(["workers", "web", "all"])
    if way == "all":
        installation.kill_all()
        installation.start()
        return way
    killed = installation.kill_workers() if way == "workers" else installation.kill_web()
    assert killed >= 2, f"{way}: {killed} processes were there to kill"
    installation.back()
    return way


def under_fire(installation: Installation, times: int) -> tuple[Book, Counter[str]]:
    """The book of officers who worked while the program was killed that often."""
    chance, ways = Random(20260101), Counter[str]()
    with Crew(installation.port, OFFICERS) as book:
        for _ in range(times):
            _work_goes_on(book, chance.uniform(0.0, 0.5))
            ways[strike(installation, chance)] += 1
        enough = time.monotonic() + 60
        while time.monotonic() < enough and not any(verb == "pass" for _, verb in book.kept):
            time.sleep(0.1)
    return book, ways


def _work_goes_on(book: Book, longer: float) -> None:
    """Until some more acts are acknowledged (or it takes too long on a busy machine), and a little longer."""
    enough, patience = len(book.kept) + 8, time.monotonic() + 5
    while len(book.kept) < enough and time.monotonic() < patience:
        time.sleep(0.02)
    time.sleep(longer)


def verdict(installation: Installation) -> tuple[int, str]:
    done = installation.run("jiandu", "audit", "verify", "--json", check=False)
    return done.returncode, json.loads(done.stdout)["status"]


@pytest.mark.parametrize("times", [8, pytest.param(200, marks=[pytest.mark.full, pytest.mark.once])])
def test_no_acknowledged_write_is_lost_and_no_step_is_half_done(installation: Installation, times: int) -> None:
    book, ways = under_fire(installation, times)
    there = held(installation)
    assert book.refused == []
    assert faults(book, there) == []
    assert verdict(installation) == (0, "intact")
    assert len(book.kept) > 5 * times, "hardly any load"
    assert book.cut > 0, "no act was cut off"
    if times == 200:
        said = f"{sum(ways.values())} kills ({dict(ways)}), {len(book.kept)} acknowledged, {book.cut} cut off"
        note("durability", "kill -9 through HTTP: acknowledged writes lost", 0, "writes", note=said, database=DATABASE)


def test_the_inspection_sees_what_is_lost_or_half_done(installation: Installation) -> None:
    """The control: each kind of damage, done to what was read, is told."""
    book, _ = under_fire(installation, 1)
    there = held(installation)
    assert faults(book, there) == []
    uid = next(step["uid"] for step in there["steps"] if step["verb"] == "plan")
    last = max((step for step in there["steps"] if step["uid"] == uid), key=lambda step: step["seq"])
    told = {
        "step lost": _with(there, steps=[step for step in there["steps"] if step is not last]),
        "entry lost": _with(there, entries=there["entries"][1:]),
        "state not moved": _with(there, findings=[each | {"state": "staged"} for each in there["findings"]]),
        "measures half written": _with(there, measures=there["measures"] | {uid: 2}),
        "not searched": _with(there, searched=[each for each in there["searched"] if each != uid]),
    }
    assert {damage: bool(faults(book, damaged)) for damage, damaged in told.items()} == dict.fromkeys(told, True)
    book.kept["act-0-999999.", "register"] = uid
    assert "lost: ('act-0-999999.', 'register')" in faults(book, there)


def _with(there: dict, **changed: object) -> dict:
    return {**there, **changed}
