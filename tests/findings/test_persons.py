"""Two persons: who verifies did not rectify, who approves neither asked nor verified nor rectified, paper needs a second."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import Error, connection, models, transaction
from tests.world import START, SYSTEM, World, as_

from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Approval, Finding, LookBack, Step
from jiandu.loop.findings.services import approvals, moves, parts
from jiandu.loop.findings.services.approvals import Request
from jiandu.loop.findings.services.parts import Looked
from jiandu.loop.findings.states import State, Verb
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who
from jiandu.net.access.services import recuse
from jiandu.net.access.standing import units_of
from jiandu.net.subjects.models import Person
from jiandu.net.subjects.services import NewPost, appoint
from jiandu.surfaces.desk.people import person_named

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


def test_verify_refused_for_the_rectifiers_name_however_it_is_spaced(world: World) -> None:
    """Two that are only names: nothing tells them apart, and the database says the same where services are bypassed."""
    finding = world.applied(rectifier=Who("陈　局长"))
    assert rule_of(lambda: verify(finding, Who("陈局长"))) == "verify-independent"
    assert verify(finding, Who("陈局")).state == State.TO_APPROVE  # control: another name


def typed(world: World, finding: Finding, name: str, *, by: str = "内勤甲") -> Finding:
    with as_(world.viewer(by)) as viewer:
        said = {"on": DAY, "method": "field", "note": "核", "verifier": person_named(viewer, name)}
        return moves.enter_verification(finding=finding, by=viewer, **said)


def test_a_clerk_types_the_verification_of_an_officer(world: World) -> None:
    finding = world.applied()
    assert typed(world, finding, "干部丙").state == State.TO_APPROVE
    with as_(SYSTEM):
        step = finding.steps.get(verb=Verb.PASS)
        asked = finding.approvals.get()
        assert (step.by_name, step.actor, step.entered_by) == (
            "干部丙",
            world.persons["干部丙"],
            world.users["内勤甲"],
        )
        assert (asked.asked_by_name, asked.asked_by) == ("干部丙", world.users["干部丙"])


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("内勤甲", "verifier-no-role"),  # the clerk himself
        ("书记", "verifier-no-role"),
        ("无此人", "verifier-officer"),
        ("责任人甲", "verifier-officer"),
        ("经办人丁", "verifier-officer"),
    ],
)
def test_a_clerk_types_it_for_nobody_else(world: World, name: str, rule: str) -> None:
    finding = world.applied()
    assert rule_of(lambda: typed(world, finding, name)) == rule


def looked(world: World, finding: Finding, name: str) -> LookBack:
    with as_(world.viewer("内勤甲")) as viewer:
        said = Looked(today(), "held", "看过", person_named(viewer, name))
        return parts.enter_look_back(finding=finding, by=viewer, looked=said)


def test_a_clerk_types_the_look_back_of_an_officer_who_did_not_rectify(world: World) -> None:
    finding = world.closed(rectifier=who(world.persons["干部甲"]))
    for name, rule in (
        ("内勤甲", "verifier-no-role"),
        ("书记", "verifier-no-role"),
        ("无此人", "verifier-officer"),
        ("经办人丁", "verifier-officer"),
        ("干部甲", "verify-independent"),
    ):
        assert (name, rule_of(lambda name=name: looked(world, finding, name))) == (name, rule)  # type: ignore[misc]
    row = looked(world, finding, "干部丙")
    with as_(SYSTEM):
        step = finding.steps.get(verb=Verb.LOOK_BACK)
        assert (row.checker, step.actor, step.entered_by) == (
            world.persons["干部丙"],
            world.persons["干部丙"],
            world.users["内勤甲"],
        )


def test_who_is_recused_looks_back_through_nobody_and_the_typing_needs_its_own_right(world: World) -> None:
    finding = world.closed()
    with as_(SYSTEM) as by:
        recuse(thing=finding, user=world.users["干部丙"], by=by)
    assert rule_of(lambda: looked(world, finding, "干部丙")) == "verifier-recused"
    with as_(world.viewer("内勤甲")) as by, pytest.raises(Refused, match="回头看"):
        parts.look_back(finding=finding, by=by, looked=Looked(today(), "held", "看过"))


def test_who_types_is_not_compared_with_who_rectified_and_who_verified_is(world: World) -> None:
    """The clerk of the office rectified nothing here; an officer who did is refused, whoever types."""
    by_clerk = world.applied(rectifier=who(world.persons["内勤甲"]))
    assert typed(world, by_clerk, "干部丙").state == State.TO_APPROVE
    by_officer = world.applied(rectifier=who(world.persons["干部丙"]))
    assert rule_of(lambda: typed(world, by_officer, "干部丙")) == "verify-independent"


def test_who_is_recused_verifies_through_nobody(world: World) -> None:
    finding, other = world.applied(), world.applied()
    with as_(SYSTEM) as by:
        recuse(thing=finding, user=world.users["干部丙"], by=by)
    assert rule_of(lambda: typed(world, finding, "干部丙")) == "verifier-recused"
    assert rule_of(lambda: verify(finding, who(world.persons["干部丙"]))) == "verifier-recused"
    assert typed(world, other, "干部丙").state == State.TO_APPROVE  # control: not recused from this one


def test_the_typing_needs_its_own_right(world: World) -> None:
    finding = world.applied()
    for name in ("秘书", "经办人丁", "街道干部"):
        with as_(world.viewer(name)) as by, pytest.raises(Refused) as refused:
            moves.enter_verification(finding=finding, by=by, on=DAY, method="field", verifier=Who("干部丙"))
        assert refused.value.rule in {"not-allowed", "not-there"}
    with as_(world.viewer("内勤甲")) as by, pytest.raises(Refused, match="核验通过"):
        moves.verify(finding=finding, by=by, on=DAY, method="field")


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


@pytest.mark.parametrize(("name", "is_refused"), [("陈 局长", True), ("陈　局长", True), ("陈副局长", False)])
def test_database_compares_the_names_where_there_is_no_key(world: World, name: str, is_refused: bool) -> None:
    finding = world.applied(rectifier=Who("陈局长"))
    step = forged(finding, world.person("某人"))
    step.actor, step.by_name = None, name
    if is_refused:
        with pytest.raises(Error, match="verify-independent"), as_(SYSTEM):
            step.save(force_insert=True)
        step.is_history = True  # the control: recorded history keeps it
    with as_(SYSTEM):
        step.save(force_insert=True)


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
