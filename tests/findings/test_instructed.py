"""批示 opens the finding to the office that is given it: exactly that finding, to that office alone, and it may answer."""

from datetime import date
from itertools import product

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding, Instruction, Step
from jiandu.loop.findings.services import parts
from jiandu.loop.findings.services.parts import NewInstruction
from jiandu.net.access.instructing import leader_first, leaders_of
from jiandu.net.access.models import Assignment
from jiandu.net.access.selectors import instructions
from jiandu.net.access.services import NewGrant, grant_role
from jiandu.sources.activities.models import Activity

DAY = date(2022, 5, 1)
OTHER = "第二监督检查室"


def give(world: World, finding: Finding, office: str) -> Instruction:
    with as_(world.viewer("秘书")) as by:
        new = NewInstruction("书记", DAY, "抓紧办理", world.offices[office])
        return parts.instruct(finding=Finding.objects.get(pk=finding.pk), by=by, new=new)


def seen(world: World, name: str) -> tuple[list[int], list[int]]:
    """The findings and the steps that somebody sees."""
    with as_(world.viewer(name)):
        findings = Finding.objects.order_by("pk").values_list("pk", flat=True)
        return list(findings), sorted(set(Step.objects.values_list("finding_id", flat=True)))


@pytest.mark.parametrize("chosen", list(product((False, True), repeat=3)))
def test_the_office_sees_exactly_what_it_was_given(world: World, chosen: tuple[bool, ...]) -> None:
    found = [world.finding(), world.rectifying(unit="市财政局"), world.finding(unit="市第一中学")]
    assert seen(world, "干部乙") == ([], [])  # control: nothing before the note
    for finding, is_given in zip(found, chosen, strict=True):
        if is_given:
            give(world, finding, OTHER)
    given = [finding.pk for finding, is_given in zip(found, chosen, strict=True) if is_given]
    assert seen(world, "干部乙") == (given, given)
    assert seen(world, "街道干部") == ([], [])  # another office still sees nothing
    with as_(world.viewer("干部乙")) as by:
        assert (Activity.objects.count(), instructions(by, Instruction, "all").count()) == (0, len(given))


def test_the_office_answers_the_note_and_no_one_else_does(world: World) -> None:
    finding, other = world.finding(), world.finding()
    row = give(world, finding, OTHER)
    with as_(world.viewer("街道干部")) as by, pytest.raises(Refused):
        parts.answer_instruction(instruction=row, by=by, on=DAY, answer="已办")
    with as_(world.viewer("干部乙")) as by:
        parts.answer_instruction(instruction=row, by=by, on=DAY, answer="已办")
        assert Finding.objects.filter(pk=other.pk).count() == 0


def test_a_secretary_writes_down_the_words_of_his_own_leader_alone(world: World) -> None:
    """秘书 acts for 书记: not for the other leader, whose own secretary does, and who writes down his own."""
    world.user("副书记", "leader", office="市纪委监委")
    finding = world.finding()

    def says(name: str, leader: str) -> Instruction:
        new = NewInstruction(leader, DAY, "抓紧办理", world.offices[OTHER])
        with as_(world.viewer(name)) as by:
            return parts.instruct(finding=Finding.objects.get(pk=finding.pk), by=by, new=new)

    with pytest.raises(Refused) as refused:
        says("秘书", "副书记")
    assert (refused.value.rule, refused.value.message) == (
        "instruct-for",
        "您只能登记“书记”的批示，不能代“副书记”登记",
    )
    with as_(SYSTEM):
        assert not Instruction.objects.exists()
    said = [says(*each).leader for each in (("秘书", "书 记"), ("副书记", "副书记"))]
    assert said == ["书记", "副书记"]  # controls: his own leader, however it is spaced; a leader his own
    with as_(SYSTEM) as by:
        grant = NewGrant(
            world.users["秘书"], "secretary", DAY, office=world.offices["市纪委监委"], acts_for=world.users["副书记"]
        )
        grant_role(new=grant, by=by)
    assert says("秘书", "副书记").leader == "副书记"  # control: the grant, not the name, decides


def test_the_form_begins_with_the_leader_acted_for(world: World) -> None:
    finding = world.finding()
    with as_(world.viewer("秘书")) as by:
        assert (leader_first(by, finding), leaders_of(by, finding)) == ("书记", ("书记",))
    with as_(world.viewer("书记")) as by:
        assert (leader_first(by, finding), leaders_of(by, finding)) == ("书记", ())


def test_a_second_note_and_one_to_the_own_office_open_nothing_more(world: World) -> None:
    finding = world.finding()
    for office in (OTHER, OTHER, "第一监督检查室"):
        give(world, finding, office)
    with as_(SYSTEM):
        held = Assignment.objects.filter(thing_uid=finding.uid).values_list("office__name", flat=True)
        assert list(held) == [OTHER]
