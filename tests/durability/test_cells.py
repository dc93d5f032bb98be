"""Two officers in the grid on the same 200 rows at once, through HTTP: no edit that was acknowledged is lost."""

import json
import random
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.durability.crowd import BUSY, TRIES
from tests.durability.load import OFFICE, SOURCE, today
from tests.durability.serving import DATABASE, served
from tests.durability.test_kills import verdict
from tests.figures import note
from tests.installation import Answer, Browser, Installation

pytestmark = pytest.mark.enable_socket
OFFICERS = ("demo-supervision_officer-3", "demo-supervision_officer-4")
BLIND = {"DJANGO_SETTINGS_MODULE": "tests.durability.blind"}
ROWS, ACTS = 200, 12
PASTE, GRID = "/desk/findings/paste/", "/desk/findings/grid/"
SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')
ROW = re.compile(r'<tr data-uid="([^"]+)".*?data-label="依据条款" data-v="([^"]*)"', re.DOTALL)


@dataclass(frozen=True)
class Written:
    """An edit that the program acknowledged."""

    uid: str
    seen: str
    value: str


@dataclass
class Officer:
    """One browser with the page as it was when it was loaded; every value is a word of its own."""

    browser: Browser
    name: str
    page: dict[str, str] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    conflicts: int = 0
    strange: list[str] = field(default_factory=list)

    def load(self) -> None:
        self.page = dict(ROW.findall(self.browser.get(GRID).text))

    def work(self, gate: threading.Barrier, seed: int) -> None:
        """Acts of up to 40 cells; what another changed is seen from then on, and corrected again or left."""
        chance = random.Random(seed)
        gate.wait()
        for act in range(ACTS):
            uids = chance.sample(sorted(self.page), chance.randint(1, 40))
            self.act([(uid, f"{self.name}{act}-{number}") for number, uid in enumerate(uids)])

    def act(self, wanted: list[tuple[str, str]]) -> None:
        cells = [[uid, "basis", self.page[uid], value] for uid, value in wanted]
        answer = _when_free(self.browser, GRID + "cells/", {"cells": json.dumps(cells)})
        if answer.status != 200:
            self.strange.append(f"{answer.status} {answer.text[:300]}")
            return
        for (uid, name, seen, value), cell in zip(cells, json.loads(answer.text)["cells"], strict=True):
            if cell["outcome"] == "written":
                self.written.append(Written(uid, seen, value))
            elif cell["outcome"] == "conflict":
                self.conflicts += 1
            else:
                self.strange.append(f"{name}: {cell}")
            self.page[uid] = value if cell["outcome"] == "written" else cell["value"]


def _when_free(browser: Browser, place: str, said: dict[str, str]) -> Answer:
    for _ in range(TRIES):
        answer = browser.post(place, said)
        if answer.status != BUSY:
            break
    return answer


def pasted(browser: Browser) -> None:
    """The rows, in one paste."""
    form = browser.get("/desk/findings/new/").text
    said = {
        "source": SOURCE.findall(form)[0],
        "office": OFFICE.findall(form)[0],
        "subject": "市教育局",
        "registered_on": today(),
        "text": "".join(f"第{number}处台账不清\n" for number in range(ROWS)),
    }
    seen = SEEN.findall(_when_free(browser, PASTE, said).text)[0]
    assert _when_free(browser, PASTE, {**said, "seen": seen, "confirm": "1"}).status == 303


def lost(officers: list[Officer], stands: dict[str, str]) -> list[Written]:
    """Acknowledged edits that neither stand nor were seen by the edit that replaced them."""
    all_ = [each for officer in officers for each in officer.written]
    replaced = {(each.uid, each.seen) for each in all_}
    return [each for each in all_ if stands[each.uid] != each.value and (each.uid, each.value) not in replaced]


def at_once(made: Installation) -> tuple[list[Officer], list[Written]]:
    """Both at work on the same rows; (the officers, what was lost)."""
    officers = [Officer(Browser(made.port, timeout=120).enter(name), name[-1]) for name in OFFICERS]
    pasted(officers[0].browser)
    for officer in officers:
        officer.load()
        assert len(officer.page) == ROWS
    gate = threading.Barrier(len(officers))
    threads = [threading.Thread(target=one.work, args=(gate, seed)) for seed, one in enumerate(officers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = Officer(officers[0].browser, "last")
    last.load()
    for officer in officers:
        officer.browser.close()
    return officers, lost(officers, last.page)


def test_two_officers_on_the_same_rows_lose_no_edit(tmp_path: Path) -> None:
    with served(tmp_path) as made:
        officers, gone = at_once(made)
        assert [officer.strange for officer in officers] == [[], []]
        assert gone == []
        conflicts = sum(officer.conflicts for officer in officers)
        assert conflicts > 0  # they did meet
        assert verdict(made) == (0, "intact")
    count = sum(len(officer.written) for officer in officers)
    said = f"2 officers, {ROWS} rows, {count} edits acknowledged, {conflicts} conflicts told"
    note("durability", "two officers in the grid: lost edits", 0, "edits", note=said, database=DATABASE)


def test_without_looking_at_what_was_seen_edits_are_lost(tmp_path: Path) -> None:
    """The control."""
    with served(tmp_path, BLIND) as made:
        officers, gone = at_once(made)
        assert [officer.strange for officer in officers] == [[], []]
        assert gone != []
