"""The acts beside the straight road: send back, extend, urge, look back, take up again, leave, correct, instruct."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.files.store import keep, read
from jiandu.loop.findings import rules, terms
from jiandu.loop.findings.models import NOT_PUT_RIGHT, Approval, Evidence, Finding, Instruction, LookBack, Measure, Step
from jiandu.loop.findings.selectors import as_of, queues, tallies
from jiandu.loop.findings.selectors.reading import missing
from jiandu.loop.findings.services import approvals, moves, parts
from jiandu.loop.findings.services.approvals import Request
from jiandu.loop.findings.services.filing import add_evidence
from jiandu.loop.findings.services.moves import Progress
from jiandu.loop.findings.services.parts import AtOnce, Looked, NewInstruction
from jiandu.loop.findings.states import MOVES, State, Verb, is_legal, legal_from, target
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who
from jiandu.net.access.selectors import instructions
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.sources.signals.models import Signal
from jiandu.sources.signals.services import NewSignal, raise_signal

DAY = date(2022, 3, 1)
LATER = date(2022, 6, 1)
BY_TERM = Finding.Rectification.BY_TERM


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def fresh(finding: Finding) -> Finding:
    return Finding.objects.get(pk=finding.pk)


def grant(world: World, finding: Finding, verb: Verb, *, on: date = DAY, **more: object) -> Finding:
    """Asked by the system, granted by the head of the office."""
    with as_(SYSTEM) as by:
        approval = approvals.ask(finding=finding, by=by, request=Request(verb, "理由", on, **more))  # type: ignore[arg-type]
    with as_(world.viewer("主任甲")) as by:
        approvals.decide(approval=approval, by=by, signature=Signature(is_granted=True, on=on, opinion="同意"))
        return fresh(finding)


# --- the table ---


def test_table_covers_every_verb_and_agrees_with_itself() -> None:
    assert set(MOVES) == set(Verb)
    for verb in Verb:
        for state in State:
            legal = state in MOVES[verb].from_
            assert (is_legal(verb, state), verb in legal_from(state)) == (legal, legal)
            if legal:
                assert target(verb, state) == (MOVES[verb].to or state)
            else:
                with pytest.raises(KeyError):
                    target(verb, state)


def test_check_date_refuses_the_future_the_past_and_silence_about_late_entry() -> None:
    now = date(2022, 6, 30)
    assert rule_of(lambda: rules.check_date(date(2022, 7, 1), date.min, now, "x")) == "step-date"
    assert rule_of(lambda: rules.check_date(date(2022, 6, 1), date(2022, 6, 2), now, "x")) == "step-date"
    assert rule_of(lambda: rules.check_date(date(2022, 5, 29), date.min, now, " ")) == "step-date"
    rules.check_date(date(2022, 5, 30), date.min, now, "")
    rules.check_date(date(2022, 5, 29), date.min, now, "补录")


# --- registration ---


def test_open_finding_refused_without_one_source(world: World) -> None:
    project = world.project()
    with as_(SYSTEM) as by:
        new = NewSignal(Signal.Origin.AUDIT, "审计移送", DAY, world.offices["第一监督检查室"])
        signal = raise_signal(new=new, by=by)
        both = world.new(activity=project, signal=signal)
        assert rule_of(lambda: moves.open_finding(new=both, by=by)) == "one-source"
        neither = world.new(activity=None)
        assert rule_of(lambda: moves.open_finding(new=neither, by=by)) == "one-source"
        blank = world.new(problem="  ")
        assert rule_of(lambda: moves.open_finding(new=blank, by=by)) == "problem-needed"
        assert Finding.objects.count() == 0


def test_open_finding_takes_the_signal_and_a_second_finding_may_follow(world: World) -> None:
    with as_(SYSTEM) as by:
        new = NewSignal(Signal.Origin.AUDIT, "审计移送", DAY, world.offices["第一监督检查室"])
        signal = raise_signal(new=new, by=by)
    first, second = world.finding(signal=signal), world.finding(signal=signal)
    with as_(SYSTEM) as by:
        signal = Signal.objects.get(pk=signal.pk)
        assert (signal.outcome, signal.decided_on, first.source, second.source) == ("taken", DAY, "audit", "audit")
        assert tallies.counts_by_source(by, [signal.uid]) == {signal.uid: (2, 0)}
        assert list(Finding.objects.filter(source_uid=signal.uid).order_by("pk")) == [first, second]


def test_open_finding_numbers_within_office_and_year(world: World) -> None:
    codes = [world.finding(on=on).code for on in (DAY, DAY, date(2023, 1, 1))]
    office = world.offices["第一监督检查室"].pk
    assert codes == [f"WT2022-{office}-00001", f"WT2022-{office}-00002", f"WT2023-{office}-00001"]


def test_numbers_go_on_after_99999_and_past_numbers_of_another_kind(world: World) -> None:
    office = world.offices["第一监督检查室"].pk
    head = f"WT2022-{office}-"
    codes = [
        world.finding(on=DAY, code=f"{head}99999").code,
        world.finding(on=DAY, code=f"{head}99999-补1").code,
        *(world.finding(on=DAY).code for _ in range(2)),
        world.finding(on=DAY, code=f"{head}A99999").code,
        world.finding(on=DAY).code,
    ]
    assert [code.removeprefix(head) for code in codes] == ["99999", "99999-补1", "A00000", "A00001", "A99999", "B00000"]


def test_missing_is_empty_once_completed(world: World) -> None:
    finding = world.rectifying()
    with as_(world.viewer("干部甲")) as by:
        assert missing(finding) == ["具体事实", "问题类别(方面)", "依据条款"]
        finding = moves.correct(finding=finding, by=by, note="补录", facts="抽查20件", basis="采购法第二条")
        assert missing(finding) == ["问题类别(方面)"]


# --- rectification ---


def test_plan_and_progress_bring_measures_forward(world: World) -> None:
    finding = world.rectifying()
    with as_(SYSTEM) as by:
        moves.report_plan(finding=finding, by=by, on=DAY, measures=[("建制度", LATER), ("补资料", None)], note="案")
        one, two = finding.measures.order_by("pk")
        progress = [Progress(one, 40, Measure.Result.UNDER_WAY), Progress(two, 10, Measure.Result.DONE)]
        moves.report_progress(finding=finding, by=by, on=LATER, note="进展", progress=progress)
        told = list(finding.measures.order_by("pk").values_list("progress_percent", "result", "done_on"))
    assert told == [(40, "under_way", None), (100, "done", LATER)]


def test_plan_and_progress_refuse_what_is_no_measure_of_this_finding(world: World) -> None:
    finding, other = world.rectifying(), world.rectifying()
    with as_(SYSTEM) as by:
        assert (
            rule_of(lambda: moves.report_plan(finding=finding, by=by, on=DAY, measures=[], note="案"))
            == "measures-needed"
        )
        moves.report_plan(finding=other, by=by, on=DAY, measures=[("建制度", None)], note="案")
        foreign = other.measures.get()

        def report(percent: int) -> object:
            on = finding if percent == 50 else other
            told = [Progress(foreign, percent, Measure.Result.UNDER_WAY)]
            return moves.report_progress(finding=on, by=by, on=DAY, note="进展", progress=told)

        assert rule_of(lambda: report(50)) == "foreign-measure"
        assert rule_of(lambda: report(101)) == "percent"
        assert finding.steps.count() == 3


def test_apply_refused_without_a_rectifier(world: World) -> None:
    finding = world.finding()
    with as_(SYSTEM) as by:
        moves.assign(finding=finding, by=by, on=DAY, rectification=BY_TERM, due_on=None, note="办")
        moves.receive(finding=finding, by=by, on=DAY, note="收")
        assert rule_of(lambda: moves.apply_to_close(finding=finding, by=by, on=DAY, note="请")) == "rectifier-needed"


def test_assign_refused_when_due_before_it(world: World) -> None:
    finding = world.finding()
    early = DAY - timedelta(days=1)
    with as_(SYSTEM) as by:
        refused = rule_of(
            lambda: moves.assign(finding=finding, by=by, on=DAY, rectification=BY_TERM, due_on=early, note="办")
        )
    assert refused == "due-after-assign"


@pytest.mark.parametrize("verb", [Verb.RETURN_PAPERS, Verb.RETURN_WORK])
def test_send_back_is_one_of_two_moves_and_lapses_the_approval(world: World, verb: Verb) -> None:
    finding, approval = world.verified()
    with as_(world.viewer("干部丙")) as by:
        moves.send_back(finding=finding, by=by, on=DAY, verb=verb, note="缺佐证")
        last = finding.steps.order_by("-seq")[0]
        assert (last.verb, last.to_state, last.note) == (verb, State.RECTIFYING, "缺佐证")
        assert Approval.objects.get(pk=approval.pk).status == Approval.Status.LAPSED


def test_send_back_refused_without_reason_or_by_another_verb(world: World) -> None:
    finding = world.applied()
    with as_(SYSTEM) as by:
        for verb, note, rule in (
            (Verb.RETURN_WORK, " ", "reason-needed"),
            (Verb.WITHDRAW, "x", "illegal-move"),
        ):
            refused = rule_of(lambda v=verb, n=note: moves.send_back(finding=finding, by=by, on=DAY, verb=v, note=n))  # type: ignore[misc]
            assert refused == rule


# --- due dates ---


def test_extension_keeps_the_first_due_date(world: World) -> None:
    finding = world.rectifying()
    first = finding.due_on
    assert first is not None
    longer = first + timedelta(days=30)
    after = grant(world, finding, Verb.EXTEND, new_due_on=longer)
    assert (after.first_due_on, after.due_on, after.state) == (first, longer, State.RECTIFYING)
    with as_(SYSTEM):
        assert list(finding.steps.order_by("seq").values_list("verb", "due_on")) == [
            ("register", None),
            ("assign", first),
            ("receive", first),
            ("extend", longer),
        ]


def test_extension_refused_unless_it_goes_forward(world: World) -> None:
    finding = world.rectifying()
    with as_(SYSTEM) as by:
        for new in (None, finding.due_on):
            request = Request(Verb.EXTEND, "理由", DAY, new_due_on=new)
            refused = rule_of(lambda r=request: approvals.ask(finding=finding, by=by, request=r))  # type: ignore[misc]
            assert refused == "extend-forward"
    assert rule_of(lambda: terms.check_extension(None, DAY)) == "extend-forward"


def test_ask_twice_is_refused(world: World) -> None:
    finding = world.rectifying()
    request = Request(Verb.SUSPEND, "诉讼未决", DAY)
    with as_(SYSTEM) as by:
        approvals.ask(finding=finding, by=by, request=request)
        assert rule_of(lambda: approvals.ask(finding=finding, by=by, request=request)) == "already-asked"


@pytest.mark.parametrize("verb", [Verb.APPROVE, Verb.STAGE, Verb.PROGRESS])
def test_ask_refused_for_what_is_not_asked_for(world: World, verb: Verb) -> None:
    finding = world.rectifying()
    with as_(SYSTEM) as by:
        refused = rule_of(lambda: approvals.ask(finding=finding, by=by, request=Request(verb, "理由", DAY)))
    assert refused == "no-approval"


def test_urge_climbs_the_ladder_and_stays_on_top(world: World) -> None:
    finding = world.rectifying()
    levels = []
    with as_(world.viewer("干部甲")) as by:
        for _ in range(4):
            levels.append(moves.urge(finding=finding, by=by, on=DAY, note="请抓紧").urging)
        assert rule_of(lambda: moves.urge(finding=finding, by=by, on=DAY, note="降", level=1)) == "urge-forward"
        assert rule_of(lambda: moves.urge(finding=finding, by=by, on=DAY, note="无", level=0)) == "urge-forward"
        notes = list(
            Step.objects.filter(finding=finding, verb=Verb.URGE).order_by("seq").values_list("note", flat=True)
        )
    assert levels == [1, 2, 3, 3]
    assert notes == ["提醒:请抓紧", "督办:请抓紧", "挂牌督办:请抓紧", "挂牌督办:请抓紧"]


# --- leaving the loop ---


def test_exits_lead_where_the_table_says_and_leave_nothing_waiting(world: World) -> None:
    main = world.finding()
    for verb in (Verb.MERGE, Verb.TRANSFER, Verb.PASS_CLUE, Verb.WITHDRAW):
        finding, approval = world.verified()
        after = grant(world, finding, verb, merge_into=main, receiver="市公安局")
        with as_(SYSTEM):
            assert (after.state, Approval.objects.get(pk=approval.pk).status) == (MOVES[verb].to, "lapsed")
            assert list(queues.waiting_approvals(SYSTEM)) == []


def test_merge_refused_into_itself_or_into_what_is_not_counted(world: World) -> None:
    """Two findings merged into each other would both vanish from the figures."""
    one, two, gone = world.finding(), world.finding(), grant(world, world.finding(), Verb.WITHDRAW)
    grant(world, one, Verb.MERGE, merge_into=two)
    with as_(SYSTEM) as by:
        for main in (None, two, one, gone):
            request = Request(Verb.MERGE, "重复", DAY, merge_into=main)
            refused = rule_of(lambda r=request: approvals.ask(finding=two, by=by, request=r))  # type: ignore[misc]
            assert refused == "merge-main"


def test_merge_refused_at_decision_when_the_main_one_has_gone(world: World) -> None:
    one, two = world.finding(), world.finding()
    with as_(SYSTEM) as by:
        approval = approvals.ask(finding=one, by=by, request=Request(Verb.MERGE, "重复", DAY, merge_into=two))
    grant(world, two, Verb.MERGE, merge_into=one)
    with as_(world.viewer("主任甲")) as by:
        signature = Signature(is_granted=True, on=DAY, opinion="同意")
        assert rule_of(lambda: approvals.decide(approval=approval, by=by, signature=signature)) == "merge-main"
        assert fresh(one).state == State.REGISTERED


def test_exit_refused_without_reason_or_receiver(world: World) -> None:
    finding = world.finding()
    with as_(SYSTEM) as by:
        for request, rule in (
            (Request(Verb.WITHDRAW, " ", today()), "reason-needed"),
            (Request(Verb.TRANSFER, "管辖", DAY), "receiver-needed"),
        ):
            assert rule_of(lambda r=request: approvals.ask(finding=finding, by=by, request=r)) == rule  # type: ignore[misc]


# --- look-back ---


@pytest.mark.parametrize("result", LookBack.Result)
def test_look_back_records_its_result_and_reopening_is_a_move_of_its_own(world: World, result: LookBack.Result) -> None:
    finding = world.closed()
    with as_(world.viewer("干部甲")) as by:
        planned = parts.plan_look_back(finding=finding, by=by)
        assert planned.planned_on == LATER
        row = parts.look_back(finding=finding, by=by, looked=Looked(LATER, result, "走访"), planned=planned)
        assert (row.pk, row.result, row.done_on, row.checker_name) == (planned.pk, result, LATER, "干部甲")
        assert fresh(finding).state == State.CLOSED
        assert (result in NOT_PUT_RIGHT) == (result in {"rebound", "not_held", "false"})
        again = moves.reopen(finding=finding, by=by, on=LATER, note="重新挂账")
        assert (again.state, again.left_on, again.closed_on, again.settled_count) == (State.RECTIFYING, LATER, DAY, 1)
        assert as_of.state_as_of(finding, as_of=LATER - timedelta(days=1)) == State.CLOSED
        assert as_of.state_as_of(finding, as_of=LATER) == State.RECTIFYING
        assert as_of.state_as_of(finding, as_of=DAY - timedelta(days=1)) is None


def test_reopen_keeps_all_history_and_the_second_settling_counts_on_its_own_date(world: World) -> None:
    finding = world.closed()
    with as_(SYSTEM) as by:
        before = list(finding.steps.order_by("seq").values())
        moves.reopen(finding=finding, by=by, on=LATER, note="反弹")
        moves.apply_to_close(finding=finding, by=by, on=LATER, note="再整改")
        moves.verify(finding=finding, by=by, on=LATER, method="field", note="核", verifier=Who("核验人乙"))
        approval = finding.approvals.get(status="waiting")
    with as_(world.viewer("主任甲")) as by:
        approvals.decide(approval=approval, by=by, signature=Signature(is_granted=True, on=date(2022, 7, 1)))
        assert list(finding.steps.order_by("seq").values())[: len(before)] == before
        found = fresh(finding)
        assert (found.closed_on, found.left_on, found.settled_count) == (date(2022, 7, 1), None, 2)
        one = Finding.objects.filter(pk=finding.pk)
        days = [DAY - timedelta(days=1), DAY, LATER, date(2022, 7, 1)]
        assert [one.filter(as_of.settled(as_of=day)).count() for day in days] == [0, 1, 0, 1]


def test_stage_settles_and_conclude_keeps_the_date(world: World) -> None:
    finding = world.closed(lasting=True)
    assert (finding.state, finding.closed_on) == (State.STAGED, DAY)
    with as_(world.viewer("主任甲")) as by:
        approval = approvals.ask(finding=finding, by=by, request=Request(Verb.CONCLUDE, "长效", LATER))
    with as_(world.viewer("书记")) as by:
        approvals.decide(approval=approval, by=by, signature=Signature(is_granted=True, on=LATER, opinion="同意"))
        found = fresh(finding)
    assert (found.state, found.closed_on, found.settled_count) == (State.CLOSED, DAY, 1)


def test_conclude_lapses_when_taken_up_again(world: World) -> None:
    finding = world.closed(lasting=True)
    with as_(SYSTEM) as by:
        approval = approvals.ask(finding=finding, by=by, request=Request(Verb.CONCLUDE, "长效", LATER))
        moves.reopen(finding=finding, by=by, on=LATER, note="反弹")
        assert Approval.objects.get(pk=approval.pk).status == "lapsed"


def test_look_back_refused_before_settling_twice_or_on_another_finding(world: World) -> None:
    open_one, one, two = world.rectifying(), world.closed(), world.closed()
    with as_(SYSTEM) as by:
        assert rule_of(lambda: parts.plan_look_back(finding=open_one, by=by)) == "illegal-move"
        planned = parts.plan_look_back(finding=one, by=by)
        assert rule_of(lambda: parts.plan_look_back(finding=one, by=by)) == "already-planned"
        looked = Looked(LATER, "held", "到位", Who("核验人乙"))
        refused = rule_of(lambda: parts.look_back(finding=two, by=by, looked=looked, planned=planned))
        assert refused == "already-decided"
        parts.look_back(finding=one, by=by, looked=looked, planned=planned)
        stale = LookBack(pk=planned.pk, finding=one)
        assert rule_of(lambda: parts.look_back(finding=one, by=by, looked=looked, planned=stale)) == "already-decided"


def test_look_back_plan_lists_what_a_round_has_drawn(world: World) -> None:
    finding = world.closed()
    with as_(SYSTEM) as by:
        new = NewActivity(
            kind=Activity.Kind.LOOK_BACK,
            year=2022,
            code="HT1",
            name="回头看",
            lead=finding.owner_office,
            approved_on=DAY,
        )
        drawn = open_activity(new=new, by=by)
        row = parts.plan_look_back(finding=finding, by=by, planned_on=LATER, activity=drawn)
        assert [(each, each.activity) for each in queues.look_back_plan(by)] == [(row, drawn)]


# --- what is written down: corrections, evidence, instructions ---


def test_correct_keeps_the_old_words_in_the_log_and_hinders_no_earlier_entry(world: World) -> None:
    finding = world.rectifying()
    with as_(world.viewer("干部甲")) as by:
        finding = moves.correct(finding=finding, by=by, note="笔误", problem="台账不规范且未更新")
        assert finding.problem == "台账不规范且未更新"
        assert finding.steps.get(verb=Verb.CORRECT).on == today()
        applied = moves.apply_to_close(finding=finding, by=by, on=LATER, note="补录上月申请")
        assert applied.state == State.TO_VERIFY
        assert as_of.state_as_of(finding, as_of=LATER) == State.TO_VERIFY


def test_correct_refused_for_columns_that_steps_own(world: World) -> None:
    finding = world.finding()
    with as_(SYSTEM) as by:
        for values, rule in (
            ({"state": "closed"}, "not-correctable"),
            ({"first_due_on": LATER}, "not-correctable"),
            ({"problem": " "}, "problem-needed"),
        ):
            refused = rule_of(lambda v=values: moves.correct(finding=finding, by=by, note="改", **v))  # type: ignore[misc]
            assert refused == rule


def test_evidence_newer_version_replaces_and_both_stay_readable(world: World) -> None:
    finding, other = world.rectifying(), world.rectifying()
    first, second = keep([b"one"]), keep([b"two"])
    with as_(world.viewer("经办人丁")) as by:
        old = add_evidence(finding=finding, by=by, stored=first, name="照片.jpg")
        new = add_evidence(finding=finding, by=by, stored=second, name="照片.jpg", replaces=old)
        assert [(each.version, read(each.sha256)) for each in (old, new)] == [(1, b"one"), (2, b"two")]
        assert new.replaces == old
        refused = rule_of(lambda: add_evidence(finding=other, by=by, stored=first, name="x", replaces=old))
        assert refused == "foreign-evidence"
        assert Evidence.objects.filter(finding=finding).count() == 2


def test_instruct_is_answered_once_it_has_words_and_a_date(world: World) -> None:
    finding = world.rectifying()
    office = world.offices["第一监督检查室"]
    with as_(world.viewer("秘书")) as by:
        for new, rule in (
            (NewInstruction("书记", DAY, " ", office), "instruction-needed"),
            (NewInstruction("书记", LATER, "抓紧", office, DAY), "instruction-due"),
        ):
            assert rule_of(lambda n=new: parts.instruct(finding=finding, by=by, new=n)) == rule  # type: ignore[misc]
        row = parts.instruct(finding=finding, by=by, new=NewInstruction("书记", DAY, "抓紧", office, LATER))
        assert list(instructions(by, Instruction, "all")) == [row]
    with as_(world.viewer("干部甲")) as by:
        for on, answer in ((LATER, " "), (DAY - timedelta(days=1), "已办"), (today() + timedelta(days=1), "已办")):
            refused = rule_of(
                lambda d=on, a=answer: parts.answer_instruction(instruction=row, by=by, on=d, answer=a)  # type: ignore[misc]
            )
            assert refused == "answer-needed"
        parts.answer_instruction(instruction=row, by=by, on=LATER, answer="已办结")
        assert list(instructions(by, Instruction, "all")) == []
        assert fresh(finding).state == State.RECTIFYING


# --- 立行立改 ---


def at_once(**more: object) -> AtOnce:
    days = {"corrected_on": DAY, "verified_on": date(2022, 3, 2), "approved_on": date(2022, 3, 3)}
    people = {"rectifier": Who("责任人甲"), "verifier": Who("核验人乙"), "approver": Who("书记")}
    return AtOnce(correction="当场补签", method="field", **(days | people | more))  # type: ignore[arg-type]


def test_correct_at_once_is_one_form_and_a_second_person_closes_it(world: World) -> None:
    new = world.new()
    with as_(world.viewer("内勤甲")) as by, pytest.raises(Refused) as refused:
        parts.correct_at_once(new=new, done=at_once(), by=by)
    assert refused.value.rule == "not-allowed"  # a clerk does not verify
    with as_(world.viewer("干部甲")) as by:
        finding, approval = parts.correct_at_once(new=new, done=at_once(), by=by)
        assert (finding.state, approval.status) == (State.TO_APPROVE, "on_paper")
    with as_(world.viewer("干部丙")) as by:
        approvals.confirm_paper(approval=approval, by=by)
        found = fresh(finding)
        assert (found.state, found.closed_on, found.rectification) == (State.CLOSED, date(2022, 3, 3), "at_once")
        assert list(found.steps.order_by("seq").values_list("verb", "on", "by_name"))[-3:] == [
            ("apply", DAY, "责任人甲"),
            ("pass", date(2022, 3, 2), "核验人乙"),
            ("approve", date(2022, 3, 3), "书记"),
        ]


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"verifier": Who("责任人甲")}, "verify-independent"),
        ({"approver": Who("责任人甲")}, "approve-other-person"),
        ({"approver": Who("核验人乙")}, "approve-other-person"),
        ({"verified_on": date(2022, 2, 1)}, "step-date"),
    ],
)
def test_correct_at_once_refused_leaves_nothing(world: World, more: dict[str, object], rule: str) -> None:
    new = world.new()
    with pytest.raises(Refused) as refused, as_(SYSTEM) as by:
        parts.correct_at_once(new=new, done=at_once(**more), by=by)
    with as_(SYSTEM):
        assert (refused.value.rule, Finding.objects.count(), Step.objects.count()) == (rule, 0, 0)
