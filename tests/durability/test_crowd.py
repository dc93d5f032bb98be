"""Many at once on one finding through HTTP: each move is made once, no word is lost, no step comes out of its order."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.durability.crowd import APPLY, ASSIGN, PROGRESS, RECEIVE, RETURN, VERIFY, Crowd, Round
from tests.durability.inspection import faults, held
from tests.durability.serving import DATABASE, served
from tests.durability.test_kills import verdict
from tests.figures import note
from tests.installation import Installation

from jiandu.loop.findings.states import State, Verb, is_legal, target

pytestmark = pytest.mark.enable_socket
#: Who may press all buttons but the last; who may approve what they verified.
OFFICERS = ("demo-supervision_officer-3", "demo-supervision_officer-4")
HEADS = ("demo-office_head-5",)
CARELESS = {"DJANGO_SETTINGS_MODULE": "tests.durability.careless"}


def through_the_loop(officers: Crowd, heads: Crowd) -> list[tuple[Round, dict[str, int]]]:
    """Each round with what must have been done in it; where two buttons contend, either may have come first."""
    place, everybody = officers.finding(), len(officers.browsers)
    rounds = [
        (officers.press(place, ASSIGN), {"assign": 1}),
        (officers.press(place, RECEIVE), {"receive": 1}),
        (officers.press(place, PROGRESS), {"progress": everybody}),
        (officers.press(place, APPLY), {"apply": 1}),
    ]
    contended = officers.press(place, VERIFY, RETURN)
    rounds.append((contended, {"return_work": 1} | ({"pass": 1} if contended.done.get("pass") else {})))
    rounds += [(officers.press(place, APPLY), {"apply": 1}), (officers.press(place, VERIFY), {"pass": 1})]
    button = heads.approval(place)
    assert button is not None, f"nothing waits for approval after {rounds}"
    return [*rounds, (heads.press(place, button), {"approve": 1})]


def astray(there: dict[str, Any]) -> list[str]:
    """Steps that the table of moves does not know, read from the records alone."""
    wrong = []
    for step in there["steps"]:
        verb, before, after = Verb(step["verb"]), step["from"], step["to"]
        is_right = after == State.REGISTERED if verb == Verb.REGISTER else is_legal(verb, State(before))
        if not is_right or (verb != Verb.REGISTER and target(verb, State(before)) != after):
            wrong.append(f"{verb}: {before} → {after}")
    return wrong


def storm(made: Installation, size: int, findings: int) -> tuple[list[str], dict[str, Any], Counter[str]]:
    """(all that went wrong, what is there now, how many presses came to what)."""
    officers = Crowd(made.port, OFFICERS, size)
    heads = Crowd(made.port, HEADS, size, officers.book)
    try:
        rounds = [each for _ in range(findings) for each in through_the_loop(officers, heads)]
    finally:
        officers.close()
        heads.close()
    there = held(made)
    wrong = [each for came, _ in rounds for each in came.strange]
    wrong += [f"{came.done}, not {due}" for came, due in rounds if came.done != due]
    wrong += faults(officers.book, there) + astray(there)
    wrong += [f"refused and done all the same: {act}" for act in _written(there) - set(officers.book.kept)]
    return wrong, there, Counter(done=len(officers.book.kept), pressed=len(officers.book.sent))


def _written(there: dict[str, Any]) -> set[tuple[str, str]]:
    problems = {finding["uid"]: finding["problem"] for finding in there["findings"]}
    return {
        (problems[step["uid"]] if step["verb"] == "register" else step["note"], step["verb"]) for step in there["steps"]
    }


@pytest.mark.parametrize(("size", "findings"), [(8, 1), pytest.param(50, 5, marks=pytest.mark.full)])
def test_each_move_is_made_once_and_no_word_is_lost(tmp_path: Path, size: int, findings: int) -> None:
    with served(tmp_path) as made:
        wrong, there, came = storm(made, size, findings)
        assert wrong == []
        assert [finding["state"] for finding in there["findings"]] == ["closed"] * findings
        assert verdict(made) == (0, "intact")
    if findings > 1:
        said = f"{size} connections, {findings} findings, {came['pressed']} presses, {came['done']} done"
        note(
            "durability",
            "crowd on one finding: lost, doubled or illegal steps",
            0,
            "steps",
            note=said,
            database=DATABASE,
        )


@pytest.mark.once(full_on_both=True)
def test_without_what_keeps_acts_apart_the_crowd_tells(tmp_path: Path) -> None:
    """The control."""
    with served(tmp_path, CARELESS) as made:
        officers = Crowd(made.port, OFFICERS, 12)
        try:
            place = officers.finding()
            rounds = [officers.press(place, button) for button in (ASSIGN, RECEIVE, PROGRESS)]
        finally:
            officers.close()
        assert [each for came in rounds for each in came.strange] != []
