"""What carries a finding is as closed as the finding: sheets and letters rise with it in lists too, and do not fall again."""

from typing import Any

import pytest
from tests.access.test_levels import raise_to, rule_of, widen
from tests.instruments.net import DAY, served, sheet
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.loop.findings.models import Finding, Instruction
from jiandu.loop.findings.services import parts
from jiandu.loop.instruments.models import Instrument, Matter
from jiandu.loop.instruments.selectors import about_finding, instrument_by_uid, instruments
from jiandu.loop.instruments.services import drafting
from jiandu.loop.instruments.services.rising import follow
from jiandu.net.access import levels
from jiandu.net.access.instructing import NewInstruction
from jiandu.net.access.models import Level
from jiandu.net.access.selectors import assignments_of
from jiandu.net.access.services import assign_record, end_assignment

EVERY = tuple(Instrument.Kind)


def finding_of(world: World, **more: Any) -> Finding:
    return world.finding(office="第一监督检查室", unit="市教育局", **more)


def letter(world: World, *findings: Finding, kind: str = "reminder") -> Instrument:
    return sheet(world, kind, findings=list(findings))


def reads(world: World, one: Instrument, *names: str) -> list[tuple[bool, bool]]:
    """Whether each finds it in the register, and opens it."""
    said = []
    for name in names:
        with as_(world.viewer(name)) as by:
            listed = instruments(by, EVERY).filter(pk=one.pk).exists()
            said.append((listed, instrument_by_uid(by, one.uid) is not None))
    return said


def level_of(one: Instrument) -> int:
    with as_(SYSTEM):
        return Instrument.objects.get(pk=one.pk).level


YES, NO = (True, True), (False, False)
WHO = ("干部甲", "主任甲", "书记", "内勤甲")


@pytest.mark.parametrize("kind", ["copy_report", "reminder", "supervision"])
def test_a_sheet_rises_with_its_finding_and_stays_when_it_falls(world: World, kind: str) -> None:
    finding, other = finding_of(world), finding_of(world)
    one, beside = letter(world, finding, kind=kind), letter(world, other, kind=kind)
    before = reads(world, one, *WHO)
    raise_to(world, finding, Level.SENSITIVE)
    after = reads(world, one, *WHO)
    assert (before, after, level_of(one)) == ([YES] * 4, [YES, YES, NO, NO], Level.SENSITIVE)
    assert reads(world, beside, *WHO) == [YES] * 4  # the control: it does not list the finding
    with as_(SYSTEM):
        entry = Entry.objects.select_related("payload").filter(verb="finding.restrict").get()
    assert f'"carriers":["{one.code}"]' in entry.payload.body
    widen(world, finding, Level.INTERNAL)
    assert (level_of(one), reads(world, one, "书记")) == (Level.SENSITIVE, [NO])


def test_control_raised_past_the_service_the_sheet_still_tells(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = finding_of(world)
    one = letter(world, finding)
    monkeypatch.setattr(levels, "_followers", [])
    raise_to(world, finding, Level.SENSITIVE)
    assert reads(world, one, "书记") == [YES]


def test_a_sheet_drafted_about_a_sensitive_finding_is_sensitive_from_the_start(world: World) -> None:
    finding = finding_of(world)
    raise_to(world, finding, Level.SENSITIVE)
    one, later = letter(world, finding), letter(world)
    with as_(world.viewer("干部甲")) as by:
        drafting.list_finding(instrument=later, by=by, finding=Finding.objects.get(pk=finding.pk))
        assert [sheet.pk for sheet in about_finding(by, finding)] == [one.pk, later.pk]
    for sheet_ in (one, later):
        assert (level_of(sheet_), reads(world, sheet_, *WHO)) == (Level.SENSITIVE, [YES, YES, NO, NO])


def test_a_finding_that_left_the_sheet_does_not_raise_it(world: World) -> None:
    finding = finding_of(world)
    one = letter(world, finding)
    with as_(world.viewer("干部甲")) as by:
        drafting.drop_finding(matter=Matter.objects.get(finding=finding), by=by, reason="误列")
    raise_to(world, finding, Level.SENSITIVE)
    assert level_of(one) == Level.INTERNAL


def test_served_it_rises_all_the_same(world: World) -> None:
    finding = finding_of(world)
    one = served(world, "reminder", findings=[finding])
    raise_to(world, finding, Level.SENSITIVE)
    assert reads(world, one, *WHO) == [YES, YES, NO, NO]


def test_who_is_named_on_the_finding_reads_the_sheet_and_no_longer_when_that_ends(world: World) -> None:
    finding = finding_of(world)
    one = letter(world, finding)
    raise_to(world, finding, Level.SENSITIVE)
    with as_(world.viewer("干部甲")) as by:
        row = assign_record(thing=Finding.objects.get(pk=finding.pk), by=by, user=world.users["书记"])
    assert reads(world, one, *WHO) == [YES, YES, YES, NO]
    with as_(world.viewer("干部甲")) as by:
        end_assignment(thing=Finding.objects.get(pk=finding.pk), assignment=row, by=by)
    assert reads(world, one, *WHO) == [YES, YES, NO, NO]


def test_at_level_three_a_sheet_is_open_to_those_named_on_all_its_findings(world: World) -> None:
    first, second = finding_of(world), finding_of(world)
    one = letter(world, first, second)
    raise_to(world, first, Level.NAMED, "主任甲", "书记")
    assert reads(world, one, *WHO) == [YES, YES, YES, NO]
    raise_to(world, second, Level.NAMED, "主任甲")
    assert reads(world, one, *WHO) == [YES, YES, NO, NO]
    with as_(SYSTEM) as by:
        assert {row.user.name for row in assignments_of(by, one) if row.user} == {"干部甲", "主任甲"}


def test_a_sheet_that_nobody_could_read_holds_the_naming_up(world: World) -> None:
    """Named to the head and the leader; then the other finding to people of whom none is named on the first."""
    first, second = finding_of(world), finding_of(world)
    one = letter(world, first, second)
    raise_to(world, first, Level.NAMED, "书记")
    assert rule_of(lambda: raise_to(world, second, Level.NAMED, "干部乙", by="主任甲")) == "level-needs-approver"
    named = ("主任乙",)
    assert rule_of(lambda: raise_to(world, second, Level.NAMED, *named, by="主任甲")) == "level-carried"
    with as_(SYSTEM):
        assert (Finding.objects.get(pk=second.pk).level, level_of(one)) == (Level.INTERNAL, Level.NAMED)


def test_an_instruction_goes_with_its_finding(world: World) -> None:
    finding = finding_of(world)
    with as_(world.viewer("书记")) as by:
        new = NewInstruction("书记", DAY, "抓紧", world.offices["第一监督检查室"])
        parts.instruct(finding=finding, by=by, new=new)
        before = Instruction.objects.count()
    raise_to(world, finding, Level.SENSITIVE)
    with as_(world.viewer("书记")):
        assert (before, Instruction.objects.count()) == (1, 0)


def test_following_twice_changes_nothing(world: World) -> None:
    finding = finding_of(world)
    letter(world, finding)
    raise_to(world, finding, Level.SENSITIVE)
    with as_(SYSTEM):
        assert follow(Finding.objects.get(pk=finding.pk)) == []
