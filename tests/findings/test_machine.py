"""The loop as a state machine: any sequence of acts keeps state, caches and steps in agreement with the table."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.world import SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Approval, Finding
from jiandu.loop.findings.selectors import as_of
from jiandu.loop.findings.services import approvals, moves, parts
from jiandu.loop.findings.services.approvals import Request
from jiandu.loop.findings.services.parts import Looked, NewInstruction
from jiandu.loop.findings.states import APPROVED, EXCLUDED, MOVES, SETTLED, WRITTEN, State, Verb
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who

OPEN = [Approval.Status.WAITING, Approval.Status.ON_PAPER]
DAY = timedelta(days=1)
FIRST = date(2022, 1, 10)
ACTS_DATED = set(Verb) - APPROVED - WRITTEN - {Verb.REGISTER}
#: A whole office is handed over (tests/access/test_handing); levels move no state (tests/access/test_levels).
UNDRIVEN = {Verb.REGISTER, Verb.HAND_OVER, Verb.RESTRICT, Verb.WIDEN}


class Loop(RuleBasedStateMachine):
    """One finding, acted on at random. `world` and the two mains are set by the test; each run takes a new finding."""

    world: World
    main: Finding
    other: Finding
    head: Viewer

    @initialize(is_lasting=st.booleans())
    def register(self, is_lasting: bool) -> None:
        self.kind = Finding.Rectification.LASTING if is_lasting else Finding.Rectification.BY_TERM
        self.settling = Verb.STAGE if is_lasting else Verb.APPROVE
        self.day, self.state = FIRST, State.REGISTERED
        self.finding = self.world.finding(on=self.day, activity=self.main.activity)

    @rule(
        verb=st.sampled_from([verb for verb in Verb if verb not in UNDRIVEN]),
        gap=st.integers(0, 3),
    )
    def act(self, verb: Verb, gap: int) -> None:
        """A legal act leads where the table says; any other is refused and nothing is written."""
        day = self.day + gap * DAY
        is_legal = self.state in MOVES[verb].from_ and verb not in {Verb.APPROVE, Verb.STAGE} - {self.settling}
        if is_legal:
            self.do(verb, day)
            self.state = MOVES[verb].to or self.state
            self.day = self.day if verb in WRITTEN else day
            return
        before = self.written()
        assert self.refusal(verb, day) in {"illegal-move", "already-decided", "no-approval"}
        assert self.written() == before

    @rule(verb=st.sampled_from(sorted(ACTS_DATED)))
    def act_before_the_last_step(self, verb: Verb) -> None:
        """No act of the loop comes before the last one."""
        before = self.written()
        assert self.refusal(verb, self.day - DAY) in {"step-date", "illegal-move"}
        assert self.written() == before

    def do(self, verb: Verb, day: date) -> None:
        with as_(self.head if verb in {Verb.APPROVE, Verb.STAGE} else SYSTEM) as by:
            if verb in APPROVED:
                self.approve(verb, day, by)
            else:
                ACTS[verb](self.finding, by, day, self.kind)

    def approve(self, verb: Verb, day: date, by: Viewer) -> None:
        if verb in {Verb.APPROVE, Verb.STAGE}:
            waiting = Approval.objects.filter(finding=self.finding, verb=verb).order_by("-pk").first()
            if waiting is None:
                raise Refused("no-approval", "无")
            approval = waiting
        else:
            request = Request(
                verb,
                "理由",
                day,
                new_due_on=date(2099, 1, 1) + self.finding.step_count * DAY + (day - FIRST),
                merge_into=self.other if self.finding.merged_into_id == self.main.pk else self.main,
                receiver="接收单位",
            )
            approval = approvals.ask(finding=self.finding, by=by, request=request)
        approvals.decide(approval=approval, by=by, signature=Signature(is_granted=True, on=day, opinion="同意"))

    def refusal(self, verb: Verb, day: date) -> str:
        try:
            self.do(verb, day)
        except Refused as refused:
            return refused.rule
        return "done"

    def written(self) -> tuple[Any, ...]:
        with as_(SYSTEM):
            row = Finding.objects.filter(pk=self.finding.pk).values_list().get()
            steps = self.finding.steps.count()
            asked = list(self.finding.approvals.order_by("pk").values_list("pk", "status"))
        return row, steps, asked

    @invariant()
    def state_is_where_the_steps_lead(self) -> None:
        if not hasattr(self, "finding"):
            return
        with as_(SYSTEM):
            finding = Finding.objects.get(pk=self.finding.pk)
            steps = list(finding.steps.order_by("seq"))
            asked = list(finding.approvals.filter(status__in=OPEN).values_list("verb", flat=True))
            self.finding = finding
        assert (finding.state, steps[-1].to_state) == (self.state, self.state)
        assert [step.seq for step in steps] == list(range(1, finding.step_count + 1))
        assert [step.from_state for step in steps] == ["", *(step.to_state for step in steps[:-1])]
        acts = [step.on for step in steps if step.verb not in WRITTEN]
        assert acts == sorted(acts)
        assert [verb for verb in asked if finding.state not in MOVES[Verb(verb)].from_] == []
        assert caches(finding) == told(steps)

    def teardown(self) -> None:
        """On every date: the fast answer, the steps' answer and the state of that date agree."""
        if not hasattr(self, "finding"):
            return
        with as_(SYSTEM):
            days = sorted({step.on + gap * DAY for step in self.finding.steps.all() for gap in (-1, 0, 1)})
            for day in days:
                one = Finding.objects.filter(pk=self.finding.pk)
                fast = one.filter(as_of.settled(as_of=day)).exists()
                slow = one.filter(as_of._settled_by_steps(day, None)).exists()
                state = as_of.state_as_of(self.finding, as_of=day)
                assert (fast, slow) == (state in SETTLED, state in SETTLED)
                assert one.filter(as_of.counted(as_of=day)).exists() == (state not in EXCLUDED)
                for moment in [step.recorded_at for step in self.finding.steps.all()]:
                    known = {"as_of": day, "as_known": moment}
                    state = as_of.state_as_of(self.finding, **known)
                    assert one.filter(as_of.settled(**known)).exists() == (state in SETTLED)
                    assert one.filter(as_of.counted(**known)).exists() == (state not in EXCLUDED)


def caches(finding: Finding) -> tuple[Any, ...]:
    counts = finding.closed_on, finding.left_on, finding.settled_count, finding.excluded_on
    return *counts, finding.told_at, finding.looked_on, finding.rebound_on


def told(steps: list[Any]) -> tuple[Any, ...]:
    """The caches as the steps tell them, worked out in another way than the service does."""
    entered = [step for step in steps if step.to_state in SETTLED and step.from_state not in SETTLED]
    left = [step for step in steps if step.from_state in SETTLED and step.to_state not in SETTLED]
    gone = [step.on for step in steps if step.to_state in EXCLUDED]
    left_on = left[-1].on if entered and len(left) == len(entered) else None
    looked = [step.on for step in steps if step.verb == Verb.LOOK_BACK]  # each held, see _look
    counts = entered[-1].on if entered else None, left_on, len(entered), gone[0] if gone else None
    return *counts, max(step.recorded_at for step in steps), min(looked, default=None), None


def _verify(finding: Finding, by: Viewer, day: date, kind: str) -> Finding:
    return moves.verify(finding=finding, by=by, on=day, method="field", note="核", verifier=Who("核验人乙"))


def _look(finding: Finding, by: Viewer, day: date, kind: str) -> object:
    looked = Looked(day, "held", "到位", Who("核验人乙"))
    return parts.look_back(finding=finding, by=by, looked=looked)


ACTS: dict[Verb, Callable[[Finding, Viewer, date, str], object]] = {
    Verb.ASSIGN: lambda f, by, day, kind: moves.assign(
        finding=f, by=by, on=day, rectification=kind, due_on=None, note="办"
    ),
    Verb.RECEIVE: lambda f, by, day, kind: moves.receive(
        finding=f, by=by, on=day, rectifier=Who("责任人甲"), note="收"
    ),
    Verb.PLAN: lambda f, by, day, kind: moves.report_plan(
        finding=f, by=by, on=day, measures=[("补制度", None)], note="案"
    ),
    Verb.PROGRESS: lambda f, by, day, kind: moves.report_progress(finding=f, by=by, on=day, note="进展"),
    Verb.APPLY: lambda f, by, day, kind: moves.apply_to_close(
        finding=f, by=by, on=day, note="申请", rectifier=Who("责任人甲")
    ),
    Verb.PASS: _verify,
    Verb.RETURN_PAPERS: lambda f, by, day, kind: moves.send_back(
        finding=f, by=by, on=day, verb=Verb.RETURN_PAPERS, note="缺件"
    ),
    Verb.RETURN_WORK: lambda f, by, day, kind: moves.send_back(
        finding=f, by=by, on=day, verb=Verb.RETURN_WORK, note="未改"
    ),
    Verb.LOOK_BACK: _look,
    Verb.REOPEN: lambda f, by, day, kind: moves.reopen(finding=f, by=by, on=day, note="反弹"),
    Verb.URGE: lambda f, by, day, kind: moves.urge(finding=f, by=by, on=day, note="催"),
    Verb.RESUME: lambda f, by, day, kind: moves.resume(finding=f, by=by, on=day, note="恢复"),
    Verb.INSTRUCT: lambda f, by, day, kind: parts.instruct(
        finding=f, by=by, new=NewInstruction("书记", day, "抓紧", f.owner_office)
    ),
    Verb.CORRECT: lambda f, by, day, kind: moves.correct(finding=f, by=by, note="更正", facts=f"更正于{day}"),
}


def test_any_sequence_of_acts_keeps_state_caches_and_steps_in_agreement(world: World) -> None:
    Loop.world, Loop.head = world, world.viewer("主任甲")
    Loop.main, Loop.other = world.finding(), world.finding()
    run_state_machine_as_test(
        Loop,
        settings=settings(
            max_examples=25,
            stateful_step_count=12,
            phases=[Phase.generate],
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_every_act_has_a_driver() -> None:
    """The machine leaves no verb of the table out, but those tested by themselves."""
    assert ACTS.keys() | APPROVED | UNDRIVEN == set(MOVES)
