"""Every role × every endpoint × 7 methods × 10 kinds of record, against an oracle that knows nothing of the program.

The full run asks everything on SQLite, and on PostgreSQL what the short run asks: some of it, in two halves of the roles:
- every person × every endpoint: by a method that the endpoint declares where roles.csv keeps the person out, else by one
  that it does not declare; of those to whom it is open one in each half asks by a declared method (two answers to see);
- every endpoint × method, endpoint × kind of record, person × kind, person × method, kind × method.
So a page that leaks to one role alone, or about one kind alone, may pass the short run; the full run sees it.
"""

import logging
from collections.abc import Iterable, Iterator
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

pytestmark = pytest.mark.once(full_on_both=True)
PARTS, SHARES = 2, 7  # of the roles: for the short run, for the full one
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
    """Each person with each endpoint, each endpoint by each method; kinds and methods go round."""
    asked: list[Question] = []
    names = tuple(judge.city.people)
    for place, endpoint in enumerate(endpoints()):
        let_in = [name for name in names if judge.lets_in(name, endpoint)]
        guest = let_in[place % len(let_in)] if let_in else ""
        used = set()
        for number, name in enumerate(names):
            kind = KINDS[(number + place) % len(KINDS)]
            is_declared = name == guest or name not in let_in
            method = _turn(endpoint, number + place, is_declared=is_declared)
            used.add(method)
            asked.append((name, endpoint, method, kind))
        others = [name for name in names if name not in let_in] or names
        for number, method in enumerate(method for method in METHODS if method not in used):
            kind = KINDS[(number + place) % len(KINDS)]
            asked.append((others[(number + place) % len(others)], endpoint, method, kind))
    return asked


def _turn(endpoint: Endpoint, number: int, *, is_declared: bool) -> str:
    """A method that the endpoint declares, or one that it does not; they go round."""
    methods = [method for method in METHODS if (method in endpoint.said.methods) == is_declared]
    return methods[number % len(methods)]


def everything(judge: Judge, names: Iterable[str]) -> Iterator[Question]:
    """All combinations; an endpoint that opens no record of the matrix is asked once for all kinds."""
    for name, endpoint, method in product(names, endpoints(), METHODS):
        for kind in KINDS if endpoint.about else ("own",):
            yield name, endpoint, method, kind


def check_pairs(judge: Judge, asked: list[Question]) -> None:
    """The short run meets every pair of factors."""
    about = [each for each in asked if each[1].about]
    routes = {endpoint.route for _, endpoint, _, _ in about}
    assert {(name, endpoint.route) for name, endpoint, _, _ in asked} == set(
        product(judge.city.people, [endpoint.route for endpoint in endpoints()])
    )
    assert {(name, kind) for name, _, _, kind in about} == set(product(judge.city.people, KINDS))
    assert {(endpoint.route, kind) for _, endpoint, _, kind in about} == set(product(routes, KINDS))
    assert {(endpoint.route, method) for _, endpoint, method, _ in asked} == set(
        product([endpoint.route for endpoint in endpoints()], METHODS)
    )
    assert {(name, method) for name, _, method, _ in asked} == set(product(judge.city.people, METHODS))
    assert {(kind, method) for _, _, method, kind in asked} == set(product(KINDS, METHODS))


@pytest.mark.parametrize("part", range(PARTS))
def test_nobody_gets_what_is_not_theirs(db: None, part: int) -> None:
    judge = judge_of(ROLES[part::PARTS])
    asked = pairwise(judge)
    check_pairs(judge, asked)
    wrong = [fault for question in asked for fault in judge.ask(*question)]
    wrong += mixed(judge)
    assert not wrong, "\n".join(wrong[:40])
    assert judge.served > len(endpoints()) // 2


@pytest.mark.full
@pytest.mark.once  # 120,000 questions to the program; of PostgreSQL's answers the pairs are asked
@pytest.mark.parametrize("share", range(SHARES))
def test_the_whole_matrix_has_no_leak(db: None, share: int) -> None:
    roles = ROLES[share::SHARES]
    judge = judge_of(roles)
    names = (*roles, *(("nobody", "stranger") if share == 0 else ()))
    wrong = [fault for question in everything(judge, names) for fault in judge.ask(*question)]
    assert not wrong, "\n".join(wrong[:40])
    said = (
        f"{len(ROLES) + 2} people × {len(endpoints())} endpoints × 7 methods × 10 kinds of record, where one is opened"
    )
    note("access", "policy matrix: requests", judge.asked, "requests", note=said, database=connection.vendor)
    note("access", "policy matrix: leaks, wrong answers, 5xx", 0, "answers", note=said, database=connection.vendor)


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
    some = [
        (name, endpoint, _turn(endpoint, place, is_declared=True), KINDS[(number + place) % len(KINDS)])
        for (number, name), (place, endpoint) in product(enumerate(judge.city.people), enumerate(endpoints()))
        if endpoint.about or endpoint.route in {"desk/findings/", "desk/search/"}
    ][::4]
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
