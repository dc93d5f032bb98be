"""Every role × every endpoint × 7 methods × 10 kinds of record, against an oracle that knows nothing of the program.

The short run asks each pair of person and endpoint, and every pair of the other factors; the full run asks everything.
"""

import logging
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.db import connection
from tests.access import city as cities
from tests.access.asking import Judge, undone
from tests.access.city import KINDS
from tests.access.endpoints import HOLE, METHODS, Endpoint, endpoints, form
from tests.access.oracle import ROLES, sees
from tests.figures import note

from jiandu.base.core import guard
from jiandu.base.core.guard import Reach
from jiandu.net.access.policy import Decider

PARTS = 2
Question = tuple[str, Endpoint, str, str]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are expected: the log need not tell each."""
    logger = logging.getLogger("django.request")
    kept, logger.level = logger.level, logging.CRITICAL
    yield
    logger.setLevel(kept)


def judge_of(roles: tuple[str, ...] = ROLES) -> Judge:
    """A city, and a client for each of its people: these roles, and the leader and the head of an office it needs."""
    city = cities.build(tuple(dict.fromkeys(("leader", "office_head", *roles))))
    made = Judge(city).clients["office_head"].post("/desk/reviews/new/", form())
    assert made.status_code == 303, made.content.decode()[-2000:]
    city.others["review"] = made["Location"].rstrip("/").rsplit("/", 1)[1]
    return Judge(city)


def pairwise(judge: Judge) -> list[Question]:
    """Each person with each endpoint by its own method and by another one; kinds and methods go round."""
    asked: list[Question] = []
    for (number, name), (place, endpoint) in product(enumerate(judge.city.people), enumerate(endpoints())):
        kind = KINDS[(number + place) % len(KINDS)]
        own = endpoint.said.methods[(number + place) % len(endpoint.said.methods)]
        asked.append((name, endpoint, own, kind))
        other = METHODS[(2 * number + 3 * place) % len(METHODS)]
        if other not in endpoint.said.methods and place % 3 == 0:
            asked.append((name, endpoint, other, kind))
    return asked


def everything(judge: Judge) -> Iterator[Question]:
    """All combinations; an endpoint that opens no record of the matrix is asked once for all kinds."""
    for name, endpoint, method in product(judge.city.people, endpoints(), METHODS):
        for kind in KINDS if endpoint.about else ("own",):
            yield name, endpoint, method, kind


def check_pairs(judge: Judge, asked: list[Question]) -> None:
    """The short run meets every person × endpoint, person × kind, endpoint × kind, person × method, kind × method."""
    about = [each for each in asked if each[1].about]
    routes = {endpoint.route for _, endpoint, _, _ in about}
    assert {(name, endpoint.route) for name, endpoint, _, _ in asked} == set(
        product(judge.city.people, [endpoint.route for endpoint in endpoints()])
    )
    assert {(name, kind) for name, _, _, kind in about} == set(product(judge.city.people, KINDS))
    assert {(endpoint.route, kind) for _, endpoint, _, kind in about} == set(product(routes, KINDS))
    assert {(name, method) for name, _, method, _ in asked} == set(product(judge.city.people, METHODS))
    assert {(kind, method) for _, _, method, kind in asked} == set(product(KINDS, METHODS))


@pytest.mark.parametrize("part", range(PARTS))
def test_nobody_gets_what_is_not_theirs(db: None, part: int) -> None:
    judge = judge_of(part_of_roles(part))
    asked = pairwise(judge)
    check_pairs(judge, asked)
    wrong = [fault for question in asked for fault in judge.ask(*question)]
    wrong += mixed(judge)
    assert not wrong, "\n".join(wrong[:40])
    assert judge.asked > 500
    assert judge.served > 100


@pytest.mark.full
@pytest.mark.parametrize("part", range(PARTS))
def test_the_whole_matrix_has_no_leak(db: None, part: int) -> None:
    judge = judge_of(part_of_roles(part))
    wrong = [fault for question in everything(judge) for fault in judge.ask(*question)]
    assert not wrong, "\n".join(wrong[:40])
    said = f"part {part + 1} of {PARTS}: {len(judge.city.people)} people × {len(endpoints())} endpoints × 7 methods × 10 kinds"
    note("access", "policy matrix: requests", judge.asked, "requests", note=said, database=connection.vendor)
    note("access", "policy matrix: leaks, wrong answers, 5xx", 0, "answers", note=said, database=connection.vendor)


def part_of_roles(part: int) -> tuple[str, ...]:
    """A share of the roles: each comes once."""
    return ROLES[part::PARTS]


class Opened(Decider):
    """The control: one condition dropped at a time."""

    def __init__(self, *, verbs: bool = False, rows: bool = False) -> None:
        self.opens_verbs, self.opens_rows = verbs, rows

    def allow(self, viewer: Any, verb: str, thing: Any) -> bool:
        return self.opens_verbs or super().allow(viewer, verb, thing)

    def reach(self, viewer: Any, model: Any) -> Reach:
        return Reach(everything=True) if self.opens_rows else super().reach(viewer, model)


def test_with_the_policy_opened_the_matrix_tells(db: None) -> None:
    """The control, and that of the city: each kind of record is seen by some and hidden from others."""
    judge = judge_of(("stationed_officer", "unit_operator", "audit_admin"))
    some = [each for each in pairwise(judge) if each[1].about or each[1].route in {"desk/findings/", "desk/search/"}][
        ::3
    ]
    for opened in (Opened(verbs=True), Opened(rows=True)):
        guard.register(opened)
        try:
            wrong = [fault for question in some for fault in judge.ask(*question)]
        finally:
            guard.register(Decider())
        assert len(wrong) > len(some) // 10
        assert any("leaks" in fault for fault in wrong) or not opened.opens_rows
    seen = {
        kind for (name, kind), record in judge.city.records.items() if sees(judge.city.people[name], record.finding)
    }
    hidden = {
        kind for (name, kind), record in judge.city.records.items() if not sees(judge.city.people[name], record.finding)
    }
    assert seen == set(KINDS) - {"absent", "recused", "level 3"}
    assert hidden == set(KINDS) - {"absent"}


def mixed(judge: Judge) -> list[str]:
    """Where a part of a foreign finding under the address of one's own is there all the same."""
    wrong: list[str] = []
    some = [
        name
        for name in ("supervision_officer", "office_head", "district_head", "stationed_head")
        if name in judge.city.people
    ]
    for name, endpoint in product(some, endpoints()):
        if endpoint.about != "finding" or endpoint.route.count("<uuid:") != 2:
            continue
        own, foreign = judge.city.records[name, "own"], judge.city.records[name, "recused"]
        path = f"/{endpoint.route}".replace("<uuid:uid>", str(own.uid))
        for uid, method in product(foreign.parts.values(), endpoint.said.methods):
            with undone() as written:
                answer = judge.clients[name].generic(method, HOLE.sub(str(uid), path))
                if answer.status_code != 404 or written():
                    wrong.append(f"{name} {method} {endpoint.route}: {answer.status_code} for a foreign part")
    return wrong
