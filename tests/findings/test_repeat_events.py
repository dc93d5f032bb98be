"""Repeats by Hypothesis: wherever the earlier finding stands, whatever is decided, whatever happens afterwards.

What holds then: decided once; the earlier one keeps its history; merged if and only if that was approved while the earlier
one was in the loop; of the two one is counted as long as neither was withdrawn.
"""

from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from tests.findings.test_acts import grant
from tests.findings.test_repeats import LATER, TABLE, counted, decide, fresh, history
from tests.world import SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Approval, Finding, Repeat
from jiandu.loop.findings.services import approvals, moves, parts
from jiandu.loop.findings.services.repeats import OPTIONS, OUTCOMES, say_repeat
from jiandu.loop.findings.states import EXCLUDED, LIVE, State, Verb, is_legal
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who

PAIRS = [(state, decision) for state, offered in OPTIONS.items() for decision in offered]
EVENTS = ("approve", "refuse", "withdraw earlier", "withdraw", "look back", "take up", "decide again")


class Case:
    """One pair with its proposal decided, and what the table says of it."""

    def __init__(self, world: World, state: State, decision: Repeat.Decision) -> None:
        self.world, self.decision = world, decision
        self.earlier = TABLE[state][0](world)
        self.finding = world.finding(on=LATER)
        with as_(SYSTEM) as by:
            self.repeat = say_repeat(finding=self.finding, earlier=self.earlier, by=by)
        self.told = history(self.earlier)
        decide(self.repeat, decision)
        self.stands, self.merged = State.RECTIFYING if OUTCOMES[decision].takes_up else state, False
        self.own, self.asked = State.REGISTERED, OUTCOMES[decision].merges

    def does(self, event: str) -> None:
        """The event; where the table does not allow it, it is refused and leaves no trace."""
        before = self.written()
        allowed = self.allows(event)
        try:
            self._do(event)
        except Refused:
            assert (allowed, self.written()) == (False, before)
            return
        assert allowed, event
        self.follow(event)

    def allows(self, event: str) -> bool:
        match event:
            case "approve":
                return self.asked and self.own == State.REGISTERED and self.stands in LIVE
            case "refuse":
                return self.asked
            case "withdraw earlier":
                return is_legal(Verb.WITHDRAW, self.stands) and not self.merged  # what is merged into it would go too
            case "withdraw":
                return is_legal(Verb.WITHDRAW, self.own)
            case "look back":
                return is_legal(Verb.LOOK_BACK, self.stands)
            case "take up":
                return is_legal(Verb.REOPEN, self.stands)
        return False  # decided once

    def follow(self, event: str) -> None:
        match event:
            case "approve":
                self.own, self.merged, self.asked = State.MERGED, True, False
            case "refuse":
                self.asked = False
            case "withdraw earlier":
                self.stands = State.WITHDRAWN
            case "withdraw":
                self.own, self.asked = State.WITHDRAWN, False
            case "take up":
                self.stands = State.RECTIFYING

    def _do(self, event: str) -> None:
        match event:
            case "approve" | "refuse":
                self._sign(is_granted=event == "approve")
            case "withdraw earlier":
                grant(self.world, self.earlier, Verb.WITHDRAW, on=LATER)
            case "withdraw":
                grant(self.world, self.finding, Verb.WITHDRAW, on=LATER)
            case "decide again":
                decide(self.repeat, self.decision)
            case _:
                self._of_earlier(event)

    def _of_earlier(self, event: str) -> None:
        with as_(SYSTEM) as by:
            earlier: Any = fresh(self.earlier)
            if event == "look back":
                looked = parts.Looked(LATER, "held", "看过", Who("核验人丙"))
                parts.look_back(finding=earlier, by=by, looked=looked)
            else:
                moves.reopen(finding=earlier, by=by, on=LATER, note="再次发现")

    def _sign(self, *, is_granted: bool) -> None:
        with as_(SYSTEM):
            waiting = self.finding.approvals.filter(verb=Verb.MERGE).first()
        if waiting is None:
            raise Refused("already-decided", "nothing was asked for")
        with as_(self.world.viewer("主任甲")) as by:
            approvals.decide(approval=waiting, by=by, signature=Signature(is_granted, LATER, "已阅"))

    def written(self) -> tuple[object, ...]:
        with as_(SYSTEM):
            rows = [Finding.objects.filter(pk=one.pk).values_list().get() for one in (self.earlier, self.finding)]
            asked = list(Approval.objects.filter(finding=self.finding).order_by("pk").values_list("status", "verb"))
            return rows, asked, Repeat.objects.filter(pk=self.repeat.pk).values_list().get()

    def check(self) -> None:
        now, own = fresh(self.earlier), fresh(self.finding)
        assert (now.state, own.state) == (self.stands, self.own)
        assert own.merged_into_id == (self.earlier.pk if self.merged else None)
        assert history(self.earlier)[: len(self.told)] == self.told
        assert (counted(self.earlier), counted(self.finding)) == tuple(
            state not in EXCLUDED for state in (self.stands, self.own)
        )
        with as_(SYSTEM):
            assert Repeat.objects.get(pk=self.repeat.pk).decision == self.decision


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(pair=st.sampled_from(PAIRS), events=st.lists(st.sampled_from(EVENTS), max_size=4))
@example(pair=(State.CLOSED, Repeat.Decision.REOPEN), events=["withdraw earlier", "approve", "refuse"])
@example(pair=(State.RECTIFYING, Repeat.Decision.MERGE), events=["approve", "withdraw", "decide again"])
@example(pair=(State.REGISTERED, Repeat.Decision.MERGE), events=["approve", "withdraw earlier", "approve"])
@example(pair=(State.STAGED, Repeat.Decision.NEW), events=["look back", "take up", "approve"])
def test_whatever_follows_a_decision_the_table_holds(
    world: World, pair: tuple[State, Repeat.Decision], events: list[str]
) -> None:
    case = Case(world, *pair)
    case.check()
    for event in events:
        case.does(event)
        case.check()
