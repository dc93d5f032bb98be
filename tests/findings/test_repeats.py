"""The same problem found again: when it is sought, and what each decision leads to, wherever the earlier one stands."""

from collections.abc import Callable
from datetime import date

import pytest
from tests.findings.test_acts import grant, rule_of
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Approval, Finding, Repeat
from jiandu.loop.findings.selectors import as_of
from jiandu.loop.findings.services import approvals, moves, repeats
from jiandu.loop.findings.services.deciding import decide_repeat
from jiandu.loop.findings.services.repeats import say_repeat
from jiandu.loop.findings.services.sorting import sort_findings
from jiandu.loop.findings.states import State, Verb
from jiandu.net.access.deciding import Signature

DAY, LATER = date(2022, 3, 1), date(2022, 5, 4)
SAME = "公示不及时"
Decision = Repeat.Decision
MERGE, REOPEN, NEW = Decision.MERGE, Decision.REOPEN, Decision.NEW

Reach = Callable[[World], Finding]


def _assigned(world: World) -> Finding:
    finding = world.finding(problem=SAME)
    with as_(SYSTEM) as by:
        return moves.assign(finding=finding, by=by, on=DAY, rectification="by_term", due_on=None, note="测试")


def _left(verb: Verb) -> Reach:
    def reach(world: World) -> Finding:
        more = {"merge_into": world.finding()} if verb == Verb.MERGE else {"receiver": "接收单位"}
        return grant(world, world.rectifying(problem=SAME), verb, **more)

    return reach


#: How a finding comes to stand in each state, and what may then be decided on one like it: the proposed decision first.
TABLE: dict[State, tuple[Reach, tuple[Repeat.Decision, ...]]] = {
    State.REGISTERED: (lambda w: w.finding(problem=SAME), (MERGE, NEW)),
    State.ASSIGNED: (_assigned, (MERGE, NEW)),
    State.RECTIFYING: (lambda w: w.rectifying(problem=SAME), (MERGE, NEW)),
    State.TO_VERIFY: (lambda w: w.applied(problem=SAME), (MERGE, NEW)),
    State.TO_APPROVE: (lambda w: w.verified(problem=SAME)[0], (MERGE, NEW)),
    State.SUSPENDED: (_left(Verb.SUSPEND), (MERGE, NEW)),
    State.CLOSED: (lambda w: w.closed(problem=SAME), (REOPEN, NEW)),
    State.STAGED: (lambda w: w.closed(problem=SAME, lasting=True), (REOPEN, MERGE, NEW)),
    State.REFUSED: (_left(Verb.REFUSE), (NEW,)),
    State.WITHDRAWN: (_left(Verb.WITHDRAW), (NEW,)),
    State.TRANSFERRED: (_left(Verb.TRANSFER), (NEW,)),
    State.CLUE_PASSED: (_left(Verb.PASS_CLUE), (NEW,)),
    State.MERGED: (_left(Verb.MERGE), (NEW,)),
}


def fresh(finding: Finding) -> Finding:
    with as_(SYSTEM):
        return Finding.objects.get(pk=finding.pk)


def history(finding: Finding) -> list[tuple[object, ...]]:
    with as_(SYSTEM):
        return list(finding.steps.order_by("seq").values_list("verb", "on", "by_name", "note", "to_state"))


def written(*findings: Finding) -> tuple[object, ...]:
    """All that a decision could change."""
    with as_(SYSTEM):
        rows = [Finding.objects.filter(pk=one.pk).values_list().get() for one in findings]
        asked = list(Approval.objects.order_by("pk").values_list("pk", "status"))
        return rows, [history(one) for one in findings], asked, list(Repeat.objects.order_by("pk").values_list())


def counted(finding: Finding) -> bool:
    with as_(SYSTEM):
        return Finding.objects.filter(as_of.counted(as_of=LATER), pk=finding.pk).exists()


def alike(world: World, state: State) -> tuple[Finding, Finding, Repeat]:
    """An earlier finding in the state, one like it found later, the proposal: a merged one is proposed by an officer."""
    earlier = TABLE[state][0](world)
    finding = world.finding(problem=SAME, on=LATER)
    with as_(SYSTEM) as by:
        if state == State.MERGED:
            return earlier, finding, say_repeat(finding=finding, earlier=earlier, by=by)
        repeat = Repeat.objects.get(finding=finding)
        assert (repeat.earlier_id, repeat.by_officer, repeat.decision) == (earlier.pk, False, Decision.WAITING)
        return earlier, finding, repeat


def decide(repeat: Repeat, decision: str) -> None:
    with as_(SYSTEM) as by:
        decide_repeat(repeat=repeat, by=by, decision=decision, on=LATER, note="研判")


def test_every_state_is_in_the_table_and_reached() -> None:
    assert set(TABLE) == set(State) == set(repeats.OPTIONS)


@pytest.mark.parametrize("state", State)
def test_what_is_offered_is_what_the_table_says_and_anything_else_writes_nothing(world: World, state: State) -> None:
    earlier, finding, repeat = alike(world, state)
    offered = TABLE[state][1]
    assert (fresh(earlier).state, repeats.options(finding, fresh(earlier))) == (state, offered)
    before = written(earlier, finding)
    for decision in sorted(set(Decision) - set(offered)):
        assert rule_of(lambda d=decision: decide(repeat, d)) == "repeat-option"  # type: ignore[misc]
        assert written(earlier, finding) == before


@pytest.mark.parametrize(
    ("state", "decision"), [(state, one) for state, (_, offered) in TABLE.items() for one in offered]
)
def test_what_each_decision_leads_to(world: World, state: State, decision: str) -> None:
    """By state of the earlier one and decision: both states, what is counted, what is asked for, all of the history."""
    earlier, finding, repeat = alike(world, state)
    was, was_counted, told = fresh(earlier), counted(earlier), history(earlier)
    decide(repeat, decision)
    now, own = fresh(earlier), fresh(finding)
    added = [(Verb.REOPEN, LATER, SYSTEM.name, "研判", State.RECTIFYING)] if decision == REOPEN else []
    assert history(earlier) == told + added
    assert now.state == (State.RECTIFYING if decision == REOPEN else state)
    assert (now.settled_count, now.closed_on) == (was.settled_count, was.closed_on)
    assert now.left_on == (LATER if decision == REOPEN else was.left_on)
    assert (own.state, own.merged_into_id, counted(finding)) == (State.REGISTERED, None, True)
    with as_(SYSTEM):
        repeat.refresh_from_db()
        asked = list(finding.approvals.values_list("verb", "status", "merge_into"))
    said = (repeat.decision, repeat.decided_on, repeat.decided_by, repeat.note)
    assert said == (decision, LATER, SYSTEM.name, "研判")
    assert asked == ([] if decision == NEW else [(Verb.MERGE, Approval.Status.WAITING, earlier.pk)])
    assert rule_of(lambda: decide(repeat, decision)) == "already-decided"
    if decision != NEW:
        _grant(world, finding)
        own = fresh(finding)
        assert (own.state, own.merged_into_id, counted(finding)) == (State.MERGED, earlier.pk, False)
    assert (counted(earlier), history(earlier)) == (was_counted, told + added)


def _grant(world: World, finding: Finding) -> None:
    with as_(world.viewer("主任甲")) as by:
        approval = finding.approvals.get(verb=Verb.MERGE)
        approvals.decide(approval=approval, by=by, signature=Signature(is_granted=True, on=LATER, opinion="同意"))


@pytest.mark.parametrize("state", [state for state in State if state != State.REGISTERED])
def test_whatever_is_offered_can_be_done_wherever_the_finding_itself_stands(world: World, state: State) -> None:
    """One that can no longer be merged is offered nothing but to stay a finding of its own."""
    open_ = {State.ASSIGNED, State.RECTIFYING, State.TO_VERIFY, State.TO_APPROVE}
    earlier = world.closed(problem="另一问题", on=date(2022, 1, 10))
    finding = TABLE[state][0](world)
    offered = repeats.options(finding, earlier)
    assert offered == ((REOPEN, NEW) if state in open_ else (NEW,))
    with as_(SYSTEM) as by:
        repeat = say_repeat(finding=finding, earlier=earlier, by=by)
    decide(repeat, offered[0])
    with as_(SYSTEM):
        assert Repeat.objects.get(pk=repeat.pk).decision == offered[0]


# --- when it is sought ---


@pytest.fixture
def aspects(world: World) -> list[Item]:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        return list(items(by, "aspect", 2022)[:2])


def pairs() -> list[tuple[int, int]]:
    with as_(SYSTEM):
        return list(Repeat.objects.order_by("pk").values_list("finding_id", "earlier_id"))


def correct(finding: Finding, **values: object) -> None:
    with as_(SYSTEM) as by:
        moves.correct(finding=finding, by=by, note="补录", **values)


def test_a_correction_that_makes_it_alike_proposes_once_and_one_that_does_not_proposes_nothing(world: World) -> None:
    earlier, finding = world.finding(basis="第三条"), world.finding(on=LATER, problem="写法不同")
    correct(finding, facts="抽查12份")
    assert pairs() == []  # the control: nothing that makes them alike
    for basis in ("第三条", "第四条", "第三条"):
        correct(finding, basis=basis)
    assert pairs() == [(finding.pk, earlier.pk)]


@pytest.mark.parametrize("decision", [NEW, Decision.WAITING])
def test_what_was_decided_or_waits_is_not_proposed_again(world: World, decision: str) -> None:
    earlier, finding = world.finding(problem=SAME), world.finding(problem=SAME, on=LATER)
    if decision == NEW:
        with as_(SYSTEM):
            repeat = Repeat.objects.get()
        decide(repeat, NEW)
    for problem in ("换个说法", SAME):
        correct(finding, problem=problem)
    assert pairs() == [(finding.pk, earlier.pk)]
    with as_(SYSTEM):
        assert Repeat.objects.get().decision == decision


def test_a_correction_of_the_earlier_one_finds_the_later_one(world: World) -> None:
    earlier, finding = world.finding(problem="写法不同"), world.finding(on=LATER, problem=SAME)
    correct(earlier, problem=SAME)
    assert pairs() == [(finding.pk, earlier.pk)]


def test_said_by_an_officer_the_other_way_round_it_is_the_same_pair(world: World) -> None:
    earlier, finding = world.finding(problem="写法不同"), world.finding(on=LATER, problem=SAME)
    with as_(SYSTEM) as by:
        say_repeat(finding=earlier, earlier=finding, by=by)
    correct(earlier, problem=SAME)
    assert pairs() == [(earlier.pk, finding.pk)]


def test_sorting_makes_them_alike_and_sorting_apart_proposes_nothing(world: World, aspects: list[Item]) -> None:
    first = world.finding(problem=SAME, aspect=aspects[0])
    second, third = (world.finding(problem=SAME, on=LATER, aspect=aspects[1]) for _ in range(2))
    assert pairs() == [(third.pk, second.pk)]
    with as_(SYSTEM) as by:
        sort_findings(findings=[third, second], aspect=aspects[0], by=by, note="归类有误")
    assert pairs() == [(third.pk, second.pk), (second.pk, first.pk)]


def test_only_what_is_in_the_viewers_scope_is_proposed(world: World) -> None:
    mine, theirs = world.finding(problem="写法不同", on=LATER), world.finding(problem=SAME, office="第二监督检查室")
    with as_(world.viewer("干部甲")) as by:
        moves.correct(finding=mine, by=by, note="补录", problem=SAME)
    assert pairs() == []
    for problem in ("写法不同", SAME):  # the control: who sees both
        correct(mine, problem=problem)
    assert pairs() == [(mine.pk, theirs.pk)]
