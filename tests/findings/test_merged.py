"""并案 and what becomes of the merged when the main finding leaves: no problem that stands is counted nowhere."""

from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from tests.findings.test_acts import grant, rule_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Approval, Finding
from jiandu.loop.findings.selectors import as_of
from jiandu.loop.findings.services import approvals, merging
from jiandu.loop.findings.services.approvals import Request
from jiandu.loop.findings.states import State, Verb
from jiandu.net.access.deciding import Signature

DAY = date(2022, 3, 1)
quietly = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ACTS = st.tuples(st.sampled_from([Verb.MERGE, Verb.MERGE_ANEW, Verb.WITHDRAW]), st.integers(0, 3), st.integers(0, 3))
#: A follower is merged, and then its main is taken for a mistake.
LOST = [(Verb.MERGE, 0, 1), (Verb.WITHDRAW, 1, 0)]


def merged(world: World, main: Finding) -> Finding:
    return grant(world, world.finding(), Verb.MERGE, merge_into=main)


def refusal(finding: Finding, verb: Verb, **more: Finding) -> Refused:
    with as_(SYSTEM) as by, pytest.raises(Refused) as refused:
        approvals.ask(finding=finding, by=by, request=Request(verb, "登记有误", DAY, **more))
    return refused.value


def state_of(finding: Finding) -> tuple[str, int | None]:
    with as_(SYSTEM):
        return Finding.objects.values_list("state", "merged_into_id").get(pk=finding.pk)


def test_a_main_finding_is_withdrawn_when_the_last_of_its_merged_is_merged_elsewhere(world: World) -> None:
    main, other = world.finding(), world.finding()
    first, second = merged(world, main), merged(world, main)
    refused = refusal(main, Verb.WITHDRAW)
    assert (refused.rule, f"有 2 件问题并入本问题（{first.code}、{second.code}）" in str(refused)) == (
        "withdraw-main",
        True,
    )
    grant(world, first, Verb.MERGE_ANEW, merge_into=other)
    assert f"有 1 件问题并入本问题（{second.code}）" in str(refusal(main, Verb.WITHDRAW))
    grant(world, second, Verb.MERGE_ANEW, merge_into=other)
    assert grant(world, main, Verb.WITHDRAW).state == State.WITHDRAWN
    assert [state_of(one) for one in (first, second)] == [(State.MERGED, other.pk)] * 2


def test_merged_elsewhere_it_keeps_its_state_and_its_main_is_another_that_is_counted(world: World) -> None:
    main, gone = world.finding(), grant(world, world.finding(), Verb.WITHDRAW)
    finding = merged(world, main)
    for wrong in (main, finding, gone):
        assert refusal(finding, Verb.MERGE_ANEW, merge_into=wrong).rule == "merge-main"
    assert refusal(main, Verb.MERGE_ANEW, merge_into=finding).rule == "illegal-move"  # it was never merged
    assert state_of(finding) == (State.MERGED, main.pk)


def test_what_was_merged_between_asking_and_approving_holds_the_withdrawal_up(world: World) -> None:
    main = world.finding()
    with as_(SYSTEM) as by:
        asked = approvals.ask(finding=main, by=by, request=Request(Verb.WITHDRAW, "登记有误", DAY))
    merged(world, main)
    with as_(world.viewer("主任甲")) as by:
        yes = Signature(is_granted=True, on=DAY, opinion="同意")
        assert rule_of(lambda: approvals.decide(approval=asked, by=by, signature=yes)) == "withdraw-main"
    with as_(SYSTEM):
        assert Approval.objects.get(pk=asked.pk).status == Approval.Status.WAITING
    assert state_of(main) == (State.REGISTERED, None)


def test_merged_ones_outside_the_scope_hold_it_up_and_are_not_named(world: World) -> None:
    main = world.finding()
    with as_(SYSTEM) as by:
        theirs = world.finding(office="第二监督检查室")
        asked = approvals.ask(finding=theirs, by=by, request=Request(Verb.MERGE, "同一问题", DAY, merge_into=main))
        approvals.decide(approval=asked, by=by, signature=Signature(is_granted=True, on=DAY, opinion="同意"))
    with as_(world.viewer("干部甲")) as by, pytest.raises(Refused) as refused:
        approvals.ask(finding=main, by=by, request=Request(Verb.WITHDRAW, "登记有误", DAY))
    assert "有 1 件问题并入本问题（在您的权限范围以外）" in str(refused.value)
    assert theirs.code in str(refusal(main, Verb.WITHDRAW))  # the control: who sees both


def test_with_a_main_finding_that_is_no_problem_goes_what_was_merged_into_it(world: World) -> None:
    main, other = world.finding(), world.finding()
    finding = merged(world, main)
    assert grant(world, main, Verb.REFUSE).state == State.REFUSED
    grant(world, finding, Verb.MERGE_ANEW, merge_into=other)  # one that the judgement does not cover
    assert state_of(finding) == (State.MERGED, other.pk)


def test_what_is_done_to_it_later_is_not_the_day_on_which_it_left_the_figures(world: World) -> None:
    finding, other = merged(world, world.finding()), world.finding()
    grant(world, finding, Verb.MERGE_ANEW, on=date(2022, 6, 1), merge_into=other)
    with as_(SYSTEM):
        assert not Finding.objects.filter(as_of.counted(as_of=date(2022, 5, 1)), pk=finding.pk).exists()


def lost(world: World, acts: list[tuple[Verb, int, int]]) -> list[str]:
    """Four findings, acted on as far as it is legal: those that were merged and are counted nowhere."""
    rows = [world.finding() for _ in range(4)]
    for verb, one, other in acts:
        more = {"merge_into": rows[other]} if verb != Verb.WITHDRAW else {}
        try:
            grant(world, rows[one], verb, **more)
        except Refused:
            continue
    with as_(SYSTEM):
        by_pk = {one.pk: one for one in Finding.objects.filter(pk__in=[row.pk for row in rows])}
        counted = set(Finding.objects.filter(as_of.counted(as_of=DAY)).values_list("pk", flat=True))
    return [one.code for one in by_pk.values() if one.state == State.MERGED and _main(one, by_pk).pk not in counted]


def _main(finding: Finding, by_pk: dict[int, Finding]) -> Finding:
    while finding.state == State.MERGED:
        finding = by_pk[finding.merged_into_id or 0]
    return finding


@given(acts=st.lists(ACTS, min_size=3, max_size=10))
@example(acts=LOST)
@example(acts=[(Verb.MERGE, 0, 1), (Verb.MERGE, 1, 2), (Verb.WITHDRAW, 2, 0), (Verb.MERGE_ANEW, 1, 3)])
@quietly
def test_no_problem_that_stands_is_counted_nowhere(world: World, acts: list[tuple[Verb, int, int]]) -> None:
    assert lost(world, acts) == []


def test_without_the_check_one_is_counted_nowhere(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the property above."""
    monkeypatch.setattr(merging, "check_alone", lambda finding: None)
    assert len(lost(world, LOST)) == 1
