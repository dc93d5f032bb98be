"""知悉范围: raised, a finding is gone at once from whoever is not cleared, with all that says the same; lowered, it is back."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Approval, Finding
from jiandu.loop.findings.selectors.ledger import Filters, ledger
from jiandu.loop.findings.services import approvals, moves
from jiandu.loop.findings.services.approvals import Request
from jiandu.loop.findings.services.levels import restrict
from jiandu.loop.findings.services.searching import INDEX, index_many
from jiandu.loop.findings.states import State, Verb
from jiandu.loop.outcomes.models import MoneyRecovered
from jiandu.loop.outcomes.services import NewMoney, record_recovery
from jiandu.net.access.deciding import Signature
from jiandu.net.access.models import Assignment, Level
from jiandu.net.access.services import end_assignment
from jiandu.sources.signals.models import Signal
from jiandu.sources.signals.services import NewSignal, raise_signal

ROOM, WORDS, DAY = "第一监督检查室", "违规发放津贴", date(2022, 3, 1)
GRANTED = Signature(is_granted=True, on=today(), opinion="同意")


def kept(world: World) -> Finding:
    """A finding of the first office about a unit that a stationed body supervises; the unit itself sees it too."""
    return world.rectifying(problem=WORDS, office=ROOM, unit="市教育局")


def seen_by(world: World, *names: str) -> list[bool]:
    """Whether each finds it in the ledger."""
    found = []
    for name in names:
        with as_(world.viewer(name)) as by:
            found.append(ledger(by, Filters()).exists())
    return found


def found_by_word(world: World, name: str) -> int:
    with as_(world.viewer(name)) as by:
        return ledger(by, Filters(text="津贴")).count()


def indexed(finding: Finding) -> int:
    """How many rows of the index of words stand for it, whatever the scope."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {INDEX} WHERE row_id = %s", [finding.pk])
        return int(cursor.fetchone()[0])


def level_of(finding: Finding) -> int:
    with as_(SYSTEM):
        return Finding.objects.get(pk=finding.pk).level


def raise_to(world: World, finding: Finding, level: int, *named: str, by: str = "干部甲") -> None:
    with as_(world.viewer(by)) as viewer:
        users = [world.users[name] for name in named]
        restrict(finding=finding, by=viewer, level=level, note="涉及专项核查", named=users)


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


EVERYBODY = ("干部甲", "主任甲", "内勤甲", "书记", "经办人丁", "驻教干部")


def test_raise_hides_it_at_once_from_those_without_clearance(world: World) -> None:
    finding = kept(world)
    before = seen_by(world, *EVERYBODY)
    raise_to(world, finding, Level.SENSITIVE)
    assert (before, seen_by(world, *EVERYBODY)) == ([True] * 6, [True, True, False, False, False, False])
    with as_(SYSTEM):
        step = finding.steps.order_by("-seq").first()
        assert step is not None
        said = (step.verb, step.by_name, step.note, step.to_state)
        entry = Entry.objects.select_related("payload").order_by("-seq")[0]
    assert said == (Verb.RESTRICT, "干部甲", "内部 → 工作敏感：涉及专项核查", State.RECTIFYING)
    assert (entry.verb, entry.level, '"level":[1,2]' in entry.payload.body) == ("finding.restrict", 2, True)


def test_control_a_level_written_past_the_service_leaves_the_words_findable(world: World) -> None:
    """The index of words is the service's work: nothing else takes them out."""
    finding = kept(world)
    with as_(SYSTEM):
        Finding.objects.filter(pk=finding.pk).update(level=Level.SENSITIVE)
    assert indexed(finding) == 1


def test_words_leave_the_index_and_come_back(world: World) -> None:
    finding = kept(world)
    assert (indexed(finding), found_by_word(world, "干部甲")) == (1, 1)
    raise_to(world, finding, Level.SENSITIVE)
    assert (indexed(finding), found_by_word(world, "干部甲")) == (0, 0)
    with as_(world.viewer("干部甲")) as by:
        moves.correct(finding=finding, by=by, note="补充", facts="津贴明细")
    assert indexed(finding) == 0
    widen(world, finding, Level.INTERNAL)
    assert (indexed(finding), found_by_word(world, "干部甲"), found_by_word(world, "书记")) == (1, 1, 1)


def widen(world: World, finding: Finding, level: int, *, by: str = "干部甲", approver: str = "主任甲") -> None:
    with as_(world.viewer(by)) as viewer:
        request = Request(Verb.WIDEN, "核查已结束", today(), new_level=level)
        approval = approvals.ask(finding=finding, by=viewer, request=request)
    with as_(world.viewer(approver)) as viewer:
        approvals.decide(approval=approval, by=viewer, signature=GRANTED)


def test_lower_needs_another_person_who_approves(world: World) -> None:
    finding = kept(world)
    raise_to(world, finding, Level.SENSITIVE)
    with as_(world.viewer("主任甲")) as by:
        asked = approvals.ask(finding=finding, by=by, request=Request(Verb.WIDEN, "核查已结束", today(), new_level=1))
        assert rule_of(lambda: approvals.decide(approval=asked, by=by, signature=GRANTED)) == "approve-other-person"
    with as_(world.viewer("干部丙")) as by:
        assert rule_of(lambda: approvals.decide(approval=asked, by=by, signature=GRANTED)) == "not-allowed"
    assert (level_of(finding), seen_by(world, "书记", "经办人丁")) == (2, [False, False])
    raise_to(world, finding, Level.NAMED, "主任甲")
    with as_(SYSTEM):
        assert Approval.objects.get(pk=asked.pk).status == Approval.Status.LAPSED
    widen(world, finding, Level.INTERNAL)
    assert (level_of(finding), seen_by(world, *EVERYBODY)) == (1, [True] * 6)


def test_named_persons_alone_read_level_three(world: World) -> None:
    finding = kept(world)
    raise_to(world, finding, Level.NAMED, "书记")
    assert seen_by(world, *EVERYBODY) == [True, False, False, True, False, False]
    assert seen_by(world, "干部丙") == [False]
    with as_(SYSTEM):
        people = set(Assignment.objects.filter(thing_uid=finding.uid).values_list("user__name", flat=True))
    assert people == {"干部甲", "书记"}


def test_named_needs_somebody_who_approves(world: World) -> None:
    finding = kept(world)
    for by, named in (("干部甲", ()), ("干部甲", ("干部丙",)), ("主任甲", ("干部甲",))):
        assert rule_of(lambda by=by, named=named: raise_to(world, finding, 3, *named, by=by)) == "level-needs-approver"  # type: ignore[misc]
    with as_(SYSTEM):
        assert (level_of(finding), Assignment.objects.filter(thing_uid=finding.uid).exists()) == (1, False)


def test_the_last_one_named_stays(world: World) -> None:
    finding = kept(world)
    raise_to(world, finding, Level.NAMED, "书记")
    with as_(world.viewer("干部甲")) as by:
        thing = Finding.objects.get(pk=finding.pk)
        held = Assignment.objects.filter(thing_uid=finding.uid)
        leader, me = held.get(user=world.users["书记"]), held.get(user=world.users["干部甲"])
        end_assignment(thing=thing, assignment=leader, by=by)
        assert rule_of(lambda: end_assignment(thing=thing, assignment=me, by=by)) == "level-needs-named"


def test_nobody_sets_a_level_that_he_could_not_read(world: World) -> None:
    """A district officer reads the town's findings up to level 1: raised, they would be gone from him."""
    finding = world.finding(problem=WORDS, office="筼筜街道纪工委", unit="思明区教育局")
    by = "区纪委书记"
    assert seen_by(world, by) == [True]
    assert rule_of(lambda: raise_to(world, finding, Level.SENSITIVE, by=by)) == "level-unread"
    assert (level_of(finding), seen_by(world, by), indexed(finding)) == (1, [True], 1)


def test_restrict_refused_for_whom_it_is_not_and_downwards(world: World) -> None:
    finding = kept(world)
    assert rule_of(lambda: raise_to(world, finding, 2, by="内勤甲")) == "not-allowed"
    assert rule_of(lambda: raise_to(world, finding, 1)) == "level-higher"
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: restrict(finding=finding, by=by, level=2, note=" ")) == "reason-needed"
        for level in (None, 1, 2):
            request = Request(Verb.WIDEN, "事由", today(), new_level=level)
            assert rule_of(lambda r=request: approvals.ask(finding=finding, by=by, request=r)) == "level-lower"  # type: ignore[misc]


def test_what_came_of_it_and_what_it_came_of_say_no_more(world: World) -> None:
    with as_(SYSTEM) as by:
        office, unit = world.offices[ROOM], world.units["市教育局"]
        new = NewSignal(Signal.Origin.AUDIT, WORDS, DAY, office, unit)
        signal = raise_signal(new=new, by=by)
    finding = world.finding(problem=WORDS, office=ROOM, activity=None, signal=signal)
    with as_(SYSTEM) as by:
        record_recovery(finding=finding, by=by, new=NewMoney(amount_fen=100, received_on=DAY))

    def shown() -> tuple[int, int]:
        with as_(world.viewer("书记")):
            return Signal.objects.count(), MoneyRecovered.objects.count()

    before = shown()
    raise_to(world, finding, Level.SENSITIVE)
    hidden = shown()
    widen(world, finding, Level.INTERNAL)
    assert (before, hidden, shown()) == ((1, 1), (0, 0), (1, 1))


def test_registered_as_sensitive_through_the_form(world: World) -> None:
    client, project = Client(), world.project(office=ROOM)
    client.force_login(world.users["干部甲"])
    said = {
        "subject": "市教育局",
        "problem": WORDS,
        "source": f"activity:{project.uid}",
        "office": world.offices[ROOM].pk,
    }
    said |= {"registered_on": today().isoformat()}
    assert client.post("/desk/findings/new/", said | {"level": "3"}).status_code == 422
    assert client.post("/desk/findings/new/", said | {"level": "2"}).status_code == 303
    with as_(SYSTEM):
        made = Finding.objects.get()
    assert (made.level, indexed(made), seen_by(world, "干部甲", "书记")) == (2, 0, [True, False])
    clerk = Client()
    clerk.force_login(world.users["内勤甲"])
    assert clerk.post("/desk/findings/new/", said | {"level": "2"}).status_code == 422
    assert clerk.post("/desk/findings/new/", said).status_code == 303
    with as_(SYSTEM):
        assert sorted(Finding.objects.values_list("level", flat=True)) == [1, 2]


def test_restricted_and_widened_on_the_page(world: World) -> None:
    finding, client, head = kept(world), Client(), Client()
    client.force_login(world.users["干部甲"])
    head.force_login(world.users["主任甲"])
    path = f"/desk/findings/{finding.uid}/"
    page = client.get(path + "?act=finding-restrict").content.decode()
    assert [f'value="{level}"' in page for level in (2, 3)] == [True, True]
    said = {"level": "2", "note": "涉及专项核查"}
    assert client.post(path + "restrict/", said).status_code == 303
    assert client.post(path + "restrict/", said).status_code == 422
    asked = {"new_level": "1", "on": today().isoformat(), "reason": "核查已结束"}
    assert client.post(path + "widen/", asked).status_code == 303
    with as_(SYSTEM):
        approval = Approval.objects.get(verb=Verb.WIDEN)
    assert "放宽知悉范围" in head.get("/desk/approvals/").content.decode()
    granted = {"is_granted": "yes", "on": today().isoformat(), "opinion": "同意"}
    assert head.post(f"{path}approvals/{approval.uid}/decide/", granted).status_code == 303
    assert (level_of(finding), indexed(finding)) == (1, 1)


def test_control_an_index_that_does_not_ask_the_level_keeps_the_words(world: World) -> None:
    finding = kept(world)
    raise_to(world, finding, Level.SENSITIVE)
    with as_(SYSTEM):
        row = Finding.objects.select_related("subject").get(pk=finding.pk)
        index_many([row])
        assert indexed(row) == 0
        row.level = Level.INTERNAL
        index_many([row])
    assert indexed(row) == 1
