"""Two persons: who verifies did not rectify, who approves neither asked nor verified nor rectified, paper needs a second."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import Error, connection, models, transaction
from tests.world import START, SYSTEM, World, as_

from jiandu.base.core import guard
from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Approval, Finding, Step
from jiandu.loop.findings.rules import Who
from jiandu.loop.findings.services import approvals, moves, parts
from jiandu.loop.findings.services.approvals import Request
from jiandu.loop.findings.services.parts import Looked
from jiandu.loop.findings.services.signing import Signature
from jiandu.loop.findings.states import State, Verb
from jiandu.net.access.standing import units_of
from jiandu.net.subjects.models import Person
from jiandu.net.subjects.services import NewPost, appoint

DAY = date(2022, 3, 1)
GRANTED = Signature(is_granted=True, on=DAY, opinion="同意")


def who(person: Person) -> Who:
    with as_(SYSTEM):
        return Who(person.name, person.pk, units_of(person.pk))


def verify(finding: Finding, verifier: Who) -> Finding:
    with as_(SYSTEM) as by:
        return moves.verify(finding=finding, by=by, on=DAY, method="field", note="核", verifier=verifier)


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def test_verify_refused_for_the_rectifier(world: World) -> None:
    person = who(world.person("陈局长", "市教育局"))
    finding = world.applied(rectifier=person)
    assert rule_of(lambda: verify(finding, person)) == "verify-independent"
    assert rule_of(lambda: verify(finding, Who("陈局长"))) == "verify-independent"


def test_verify_refused_for_the_rectifier_who_left_the_unit(world: World) -> None:
    """The key decides when both persons are matched: leaving the unit makes nobody another person."""
    person = world.person("陈局长")
    finding = world.applied(rectifier=Who("陈局长", person.pk, (world.units["市教育局"].path,)))
    assert rule_of(lambda: verify(finding, who(person))) == "verify-independent"


def test_verify_refused_for_a_person_of_the_unit_and_of_what_lies_under_it(world: World) -> None:
    finding = world.applied()
    assert rule_of(lambda: verify(finding, who(world.person("王科长", "市教育局")))) == "verify-independent"
    assert rule_of(lambda: verify(finding, who(world.person("李校长", "市第一中学")))) == "verify-independent"


def test_verify_allowed_for_a_namesake_in_another_unit(world: World) -> None:
    finding = world.applied(rectifier=who(world.person("王伟", "市教育局")))
    other = who(world.person("王伟", "市财政局"))
    assert verify(finding, other).state == State.TO_APPROVE


def test_look_back_refused_for_the_rectifier(world: World) -> None:
    person = who(world.person("陈局长", "市教育局"))
    finding = world.closed(rectifier=person)
    looked = Looked(DAY, "held", "到位", person)
    with as_(SYSTEM) as by:
        assert rule_of(lambda: parts.look_back(finding=finding, by=by, looked=looked)) == "verify-independent"


# --- who approves ---


def test_decide_refused_for_whoever_verified_online(world: World) -> None:
    """The head who verified does not approve; the commission's leader does."""
    finding = world.applied()
    with as_(world.viewer("主任甲")) as by:
        moves.verify(finding=finding, by=by, on=DAY, method="field", note="核")
        approval = Approval.objects.get(finding=finding)
        refused = rule_of(lambda: approvals.decide(approval=approval, by=by, signature=GRANTED))
    assert refused == "approve-other-person"
    with as_(world.viewer("书记")) as by:
        approvals.decide(approval=approval, by=by, signature=GRANTED)
        assert Finding.objects.get(pk=finding.pk).state == State.CLOSED


def test_decide_refused_for_whoever_asked(world: World) -> None:
    finding = world.rectifying()
    with as_(world.viewer("主任甲")) as by:
        request = Request(Verb.SUSPEND, "诉讼未决", DAY)
        approval = approvals.ask(finding=finding, by=by, request=request)
        assert rule_of(lambda: approvals.decide(approval=approval, by=by, signature=GRANTED)) == "approve-other-person"
        assert Finding.objects.get(pk=finding.pk).state == State.RECTIFYING


def test_decide_refused_for_the_rectifier_by_name_and_by_key(world: World) -> None:
    head = world.persons["主任甲"]
    for rectifier in (Who("主任甲"), Who("主任甲", head.pk)):
        _, approval = world.verified(rectifier=rectifier)
        with as_(world.viewer("主任甲")) as by:
            refused = rule_of(lambda a=approval: approvals.decide(approval=a, by=by, signature=GRANTED))  # type: ignore[misc]
        assert refused == "approve-other-person"


def test_decide_refused_for_who_may_not_approve(world: World) -> None:
    _, approval = world.verified()
    for name in ("干部甲", "内勤甲"):
        with as_(world.viewer(name)) as by:
            assert rule_of(lambda: approvals.decide(approval=approval, by=by, signature=GRANTED)) == "not-allowed"


def test_decide_against_sends_the_work_back_with_the_opinion(world: World) -> None:
    finding, approval = world.verified()
    with as_(world.viewer("主任甲")) as by:
        approvals.decide(approval=approval, by=by, signature=Signature(is_granted=False, on=DAY, opinion="佐证不足"))
        found = Finding.objects.get(pk=finding.pk)
        last = found.steps.order_by("-seq")[0]
    assert (found.state, last.verb, last.note, last.by_name) == (State.RECTIFYING, "return_work", "佐证不足", "主任甲")


def test_decide_twice_is_refused(world: World) -> None:
    finding, approval = world.verified()
    with as_(world.viewer("主任甲")) as by:
        approvals.decide(approval=approval, by=by, signature=GRANTED)
        assert rule_of(lambda: approvals.decide(approval=approval, by=by, signature=GRANTED)) == "already-decided"
        assert Finding.objects.get(pk=finding.pk).step_count == 6


# --- on paper ---


def signed(world: World, approval: Approval, *, is_granted: bool = True, signer: str = "书记") -> Approval:
    person = world.persons[signer]
    signature = Signature(is_granted=is_granted, on=DAY, opinion="同意", signer=Who(person.name, person.pk))
    with as_(world.viewer("内勤甲")) as by:
        return approvals.sign_on_paper(approval=approval, by=by, signature=signature)


def test_paper_moves_nothing_until_a_second_person_confirms(world: World) -> None:
    finding, approval = world.verified()
    signed(world, approval)
    with as_(world.viewer("内勤甲")) as by:
        assert Finding.objects.get(pk=finding.pk).state == State.TO_APPROVE
        assert rule_of(lambda: approvals.confirm_paper(approval=approval, by=by)) == "two-persons"
    with as_(world.viewer("干部丙")) as by:
        approvals.confirm_paper(approval=approval, by=by)
        found = Finding.objects.get(pk=finding.pk)
        last = found.steps.order_by("-seq")[0]
        row = Approval.objects.get(pk=approval.pk)
    assert (found.state, found.closed_on) == (State.CLOSED, DAY)
    assert (last.by_name, last.on, last.on_paper) == ("书记", DAY, True)
    assert (row.typed_by_id, row.confirmed_by_id) == (world.users["内勤甲"].pk, world.users["干部丙"].pk)


def test_paper_against_sends_back_when_confirmed(world: World) -> None:
    finding, approval = world.verified()
    signed(world, approval, is_granted=False)
    with as_(world.viewer("干部丙")) as by:
        approvals.confirm_paper(approval=approval, by=by)
        assert Finding.objects.get(pk=finding.pk).state == State.RECTIFYING


def test_paper_refused_when_the_signer_verified(world: World) -> None:
    _, approval = world.verified()
    signature = Signature(is_granted=True, on=DAY, opinion="同意", signer=Who("核验人乙"))
    with as_(world.viewer("内勤甲")) as by:
        refused = rule_of(lambda: approvals.sign_on_paper(approval=approval, by=by, signature=signature))
    assert refused == "approve-other-person"


def test_paper_refused_without_a_signer(world: World) -> None:
    _, approval = world.verified()
    with as_(world.viewer("内勤甲")) as by:
        refused = rule_of(lambda: approvals.sign_on_paper(approval=approval, by=by, signature=GRANTED))
    assert refused == "signer-needed"


def test_paper_lapses_when_the_finding_is_sent_back(world: World) -> None:
    """A signature on an application that was sent back closes nothing, and does not hinder the next verification."""
    finding, approval = world.verified()
    signed(world, approval)
    with as_(SYSTEM) as by:
        moves.send_back(finding=finding, by=by, on=DAY, verb=Verb.RETURN_PAPERS, note="缺件")
        assert rule_of(lambda: approvals.confirm_paper(approval=approval, by=by)) == "already-decided"
        moves.apply_to_close(finding=finding, by=by, on=DAY, note="补齐")
    assert verify(finding, Who("核验人乙")).state == State.TO_APPROVE
    with as_(SYSTEM):
        statuses = list(Approval.objects.filter(finding=finding).order_by("pk").values_list("status", flat=True))
    assert statuses == ["lapsed", "waiting"]


# --- the database holds it when services are bypassed ---


def forged(finding: Finding, person: Person, verb: Verb = Verb.PASS) -> Step:
    return Step(
        finding=finding, seq=finding.step_count + 1, verb=verb, from_state=State.TO_VERIFY, to_state=State.TO_APPROVE,
        on=DAY, recorded_at=now(), by_name=person.name, actor=person,
    )  # fmt: skip


@pytest.mark.parametrize("verb", [Verb.PASS, Verb.LOOK_BACK])
def test_database_refuses_a_step_verified_by_the_rectifier(world: World, verb: Verb) -> None:
    rectifier = world.person("陈局长")
    finding = world.applied(rectifier=who(rectifier))
    with pytest.raises(Error, match="verify-independent"), as_(SYSTEM):
        forged(finding, rectifier, verb).save(force_insert=True)


def test_database_refuses_a_step_verified_within_the_unit(world: World) -> None:
    finding = world.applied()
    within = world.person("李校长", "市第一中学")
    with pytest.raises(Error, match="verify-independent"), as_(SYSTEM):
        forged(finding, within).save(force_insert=True)


def test_database_takes_the_same_step_by_an_independent_person(world: World) -> None:
    """The control: the trigger, not chance, refuses the two above. Also one whose post in the unit had ended."""
    finding = world.applied(rectifier=who(world.person("陈局长")))
    former = world.person("赵处长")
    with as_(SYSTEM) as by:
        new = NewPost(
            person=former, organisation=world.units["市教育局"], title="科员", since=START, until=date(2021, 1, 1)
        )
        appoint(new=new, by=by)
        forged(finding, former).save(force_insert=True)
        assert Step.objects.filter(finding=finding, verb=Verb.PASS).count() == 1


CHANGES: dict[str, Callable[[Step], object]] = {
    "update": lambda step: Step.objects.filter(pk=step.pk).update(note="改"),
    "delete": lambda step: models.QuerySet(Step).filter(pk=step.pk)._raw_delete("default"),
    "sql": lambda step: _run("update findings_step set note = 'x'"),
    "sql delete": lambda step: _run("delete from findings_step"),
}


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("way", CHANGES)
def test_database_changes_no_step(world: World, way: str) -> None:
    finding = world.finding()
    with as_(SYSTEM):
        step = finding.steps.get()
    with pytest.raises(Error, match="append-only"), as_(SYSTEM), guard.unguarded("forgery"), transaction.atomic():
        CHANGES[way](step)
    with as_(SYSTEM):
        assert finding.steps.get().note == step.note
