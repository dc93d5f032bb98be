"""交接单: a list that both sign, online or on paper; on its day it is the receiver's, in one act; what came meanwhile is taken in."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.access.test_leaving import KEEPER, NEW, OLD, close, hanging, named, planned, pointed, viewed
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.net.access import handovers
from jiandu.net.access.handover_list import (
    NewHandover,
    difference,
    handovers_of,
    items_of,
    outlines,
    signatures_of,
    to_sign,
)
from jiandu.net.access.hands import list_of
from jiandu.net.access.models import Handover, HandoverItem, HandoverSignature
from jiandu.net.access.services import recuse

THIRD = "主任甲"
Role, State, Status = HandoverSignature.Role, Handover.State, HandoverSignature.Status


def drafted(world: World, who: str = OLD, **more: Any) -> Handover:
    new = NewHandover(
        world.users[more.pop("giver", OLD)],
        world.users[more.pop("to", NEW)],
        more.pop("on", today()),
        Handover.Why.AWAY,
        **more,
    )
    with as_(world.viewer(who)) as by:
        return handovers.draft_handover(new=new, by=by)


def row_of(one: Handover, role: str) -> HandoverSignature:
    with as_(SYSTEM):
        row: HandoverSignature = one.signatures.exclude(status=Status.LAPSED).get(role=role)
    return row


def sign(world: World, one: Handover, role: str, who: str = "") -> Handover:
    row = row_of(one, role)
    with as_(SYSTEM):
        names = {Role.GIVER: OLD, Role.RECEIVER: NEW, Role.SUPERVISOR: THIRD}
    with as_(world.viewer(who or names[Role(role)])) as by:
        return handovers.sign_handover(signature=row, by=by)


def fresh(one: Handover) -> Handover:
    with as_(SYSTEM):
        again: Handover = Handover.objects.select_related("made_by", "receiver").get(pk=one.pk)
    return again


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def listed(one: Handover) -> list[tuple[str, str, bool, bool]]:
    with as_(SYSTEM) as by:
        return list(items_of(by, one).values_list("kind", "title", "is_added", "is_gone"))


def everything(world: World) -> None:
    named(world)
    planned(world)
    pointed(world)
    viewed(world, OLD)


def test_both_sign_and_everything_on_the_list_goes_over_in_one_act(world: World) -> None:
    everything(world)
    one = drafted(world)
    assert [kind for kind, *_more in listed(one)] == ["assignment", "talk_plan", "contact_point", "saved_view"]
    assert hanging(world, NEW) == set()
    sign(world, one, Role.GIVER)
    assert (fresh(one).state, hanging(world, OLD)) == (State.DRAFTED, {"named", "views", "points", "plans"})
    sign(world, one, Role.RECEIVER)
    done = fresh(one)
    assert (done.state, done.handed_on, hanging(world, OLD)) == (State.HANDED, today(), set())
    assert hanging(world, NEW) == {"named", "views", "points", "plans"}
    entry = Entry.objects.select_related("payload").get(verb="handover.complete")
    said = json.loads(entry.payload.body)
    assert sorted(said["records"]) == ["assignment", "contact_point", "saved_view", "talk_plan"]
    assert world.users[OLD].is_active is True


def test_a_part_goes_over_and_the_rest_stays(world: World) -> None:
    everything(world)
    chosen = frozenset(row.uid for row in list_of(world.users[OLD], giveable=True) if row.kind == "contact_point")
    one = drafted(world, chosen=chosen)
    assert [kind for kind, *_more in listed(one)] == ["contact_point"]
    planned(world)  # what was not chosen is no difference
    assert not difference(one)
    sign(world, one, Role.RECEIVER)
    sign(world, one, Role.GIVER)
    assert (hanging(world, OLD), hanging(world, NEW)) == ({"named", "views", "plans"}, {"points"})


def test_what_came_meanwhile_is_taken_in_before_anybody_signs(world: World) -> None:
    planned(world)
    one = drafted(world)
    sign(world, one, Role.GIVER)
    pointed(world)
    assert [row.kind for row in difference(one).added] == ["contact_point"]
    assert rule_of(lambda: sign(world, one, Role.RECEIVER)) == "handover-grown"
    with as_(world.viewer(NEW)) as by:
        handovers.take_in(handover=one, by=by)
    assert [(kind, is_added) for kind, _title, is_added, _gone in listed(one)] == [("talk_plan", False), ("contact_point", True)]  # fmt: skip
    assert (row_of(one, Role.GIVER).status, fresh(one).state) == (Status.WAITING, State.DRAFTED)  # he signs anew
    with as_(world.viewer(NEW)) as by:
        assert rule_of(lambda: handovers.take_in(handover=one, by=by)) == "handover-same"
    sign(world, one, Role.GIVER)
    sign(world, one, Role.RECEIVER)
    assert (hanging(world, OLD), hanging(world, NEW)) == (set(), {"plans", "points"})


def test_what_is_no_more_in_his_hands_is_marked_and_does_not_go_over(world: World) -> None:
    first, plan = pointed(world), planned(world)
    one = drafted(world)
    with as_(SYSTEM):
        type(plan).objects.filter(pk=plan.pk).update(officers=["干部乙", THIRD], recorder=THIRD)
    assert [len(difference(one).added), len(difference(one).gone)] == [0, 1]
    sign(world, one, Role.GIVER)
    sign(world, one, Role.RECEIVER)
    assert [(kind, gone) for kind, _title, _added, gone in listed(one)] == [
        ("talk_plan", True),
        ("contact_point", False),
    ]
    with as_(SYSTEM):
        assert type(first).objects.get(pk=first.pk).officer == world.persons[NEW]


def test_of_a_later_day_it_goes_over_on_that_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    planned(world)
    one = drafted(world, on=today() + timedelta(days=3))
    sign(world, one, Role.GIVER)
    sign(world, one, Role.RECEIVER)
    assert (fresh(one).state, handovers.complete_due()) == (State.DRAFTED, [])
    with as_(world.viewer(NEW)) as by:
        assert rule_of(lambda: handovers.complete_handover(handover=one, by=by)) == "handover-early"
    with as_(SYSTEM):
        Handover.objects.filter(pk=one.pk).update(on=today())
    assert handovers.complete_due() == [str(one.uid)]
    assert (fresh(one).state, hanging(world, NEW), handovers.complete_due()) == (State.HANDED, {"plans"}, [])


def test_what_is_due_and_has_grown_waits_for_its_list(world: World) -> None:
    planned(world)
    one = drafted(world, on=today() + timedelta(days=3))
    sign(world, one, Role.GIVER)
    sign(world, one, Role.RECEIVER)
    pointed(world)
    with as_(SYSTEM):
        Handover.objects.filter(pk=one.pk).update(on=today())
    assert (handovers.complete_due(), fresh(one).state) == ([], State.DRAFTED)
    with as_(world.viewer(NEW)) as by:
        assert rule_of(lambda: handovers.complete_handover(handover=one, by=by)) == "handover-grown"


def test_on_paper_two_persons_are_asked(world: World) -> None:
    planned(world)
    one = drafted(world, supervisor=world.users[THIRD])
    paper = handovers.OnPaper(today(), "已清点")
    with as_(world.viewer(NEW)) as by:
        assert rule_of(lambda: handovers.sign_on_paper(signature=row_of(one, Role.GIVER), by=by, paper=handovers.OnPaper(today() + timedelta(days=1)))) == "step-date"  # fmt: skip
        handovers.sign_on_paper(signature=row_of(one, Role.GIVER), by=by, paper=paper)
        assert rule_of(lambda: handovers.confirm_paper(signature=row_of(one, Role.GIVER), by=by)) == "two-persons"
    with as_(world.viewer("干部乙")) as by:
        assert rule_of(lambda: handovers.confirm_paper(signature=row_of(one, Role.GIVER), by=by)) == "not-allowed"
    sign(world, one, Role.RECEIVER)
    assert fresh(one).state == State.DRAFTED  # typed is not signed
    with as_(world.viewer(THIRD)) as by:
        handovers.confirm_paper(signature=row_of(one, Role.GIVER), by=by)
    signed = row_of(one, Role.GIVER)
    assert (fresh(one).state, signed.signer_name, signed.is_paper, signed.opinion) == (
        State.HANDED,
        OLD,
        True,
        "已清点",
    )
    assert row_of(one, Role.SUPERVISOR).status == Status.WAITING  # he may sign afterwards
    sign(world, one, Role.SUPERVISOR)
    assert row_of(one, Role.SUPERVISOR).status == Status.GRANTED


def test_a_paper_that_was_mistyped_is_waited_for_anew(world: World) -> None:
    planned(world)
    one = drafted(world)
    with as_(world.viewer(NEW)) as by:
        handovers.sign_on_paper(signature=row_of(one, Role.RECEIVER), by=by, paper=handovers.OnPaper(today()))
    with as_(world.viewer(OLD)) as by:
        assert rule_of(lambda: handovers.return_paper(signature=row_of(one, Role.RECEIVER), by=by, reason=" ")) == "reason-needed"  # fmt: skip
        handovers.return_paper(signature=row_of(one, Role.RECEIVER), by=by, reason="日期录错")
    assert row_of(one, Role.RECEIVER).status == Status.WAITING


def test_nobody_signs_for_another_and_who_declines_ends_it(world: World) -> None:
    planned(world)
    one = drafted(world)
    assert rule_of(lambda: sign(world, one, Role.RECEIVER, who=OLD)) == "not-allowed"
    row = row_of(one, Role.RECEIVER)
    with as_(world.viewer(NEW)) as by:
        assert rule_of(lambda: handovers.decline_handover(signature=row, by=by, reason="")) == "reason-needed"
        handovers.decline_handover(signature=row, by=by, reason="清单不全")
    assert (fresh(one).state, fresh(one).ended_for, hanging(world, OLD)) == (State.ENDED, "清单不全", {"plans"})
    with as_(SYSTEM):
        waiting = one.signatures.get(role=Role.GIVER)
        assert waiting.status == Status.LAPSED
    again = drafted(world)
    with as_(world.viewer(NEW)) as by:
        assert rule_of(lambda: handovers.withdraw_handover(handover=again, by=by, reason="改期")) == "not-allowed"
    with as_(world.viewer(OLD)) as by:
        handovers.withdraw_handover(handover=again, by=by, reason="改期")
    assert fresh(again).state == State.ENDED


def test_what_may_not_be_drafted(world: World) -> None:
    assert rule_of(lambda: drafted(world)) == "handover-empty"
    finding = named(world)
    assert rule_of(lambda: drafted(world, to=OLD)) == "hand-over-person"
    assert rule_of(lambda: drafted(world, who="干部乙")) == "not-allowed"
    assert rule_of(lambda: drafted(world, supervisor=world.users[NEW])) == "handover-third"
    assert rule_of(lambda: drafted(world, to="审计管理员")) == "assign-no-role"
    with as_(SYSTEM) as by:
        recuse(thing=finding, user=world.users[THIRD], by=by)
    assert rule_of(lambda: drafted(world, supervisor=world.users[THIRD])) == "recused"
    drafted(world)
    assert rule_of(lambda: drafted(world)) == "handover-open"


def test_a_supervisor_may_be_named_later(world: World) -> None:
    planned(world)
    one = drafted(world)
    with as_(world.viewer(OLD)) as by:
        handovers.name_supervisor(handover=one, by=by, user=world.users[THIRD])
        assert [row.role for row in signatures_of(by, one)] == ["giver", "receiver", "supervisor"]
        assert (
            rule_of(lambda: handovers.name_supervisor(handover=one, by=by, user=world.users[NEW])) == "handover-third"
        )


def test_only_the_parties_see_it_and_who_keeps_accounts_sees_no_word_of_it(world: World) -> None:
    planned(world)
    one = drafted(world, who=KEEPER, supervisor=world.users[THIRD])
    for who, sees in ((OLD, 1), (NEW, 1), (THIRD, 1), (KEEPER, 0), ("干部乙", 0), ("书记", 0)):
        with as_(world.viewer(who)) as by:
            seen = (handovers_of(by).count(), HandoverItem.objects.count(), guard.allow(by, "view", one))
            assert seen == (sees, sees, bool(sees)), who
            assert to_sign(by).count() == sees
    with as_(world.viewer(KEEPER)) as by:
        (said,) = outlines(by, world.users[OLD])
        assert (said.giver, said.receiver, said.count) == (OLD, NEW, 1)
    with as_(world.viewer(OLD)) as by:
        assert outlines(by, world.users[OLD]) == []


def test_of_what_is_sensitive_the_list_says_the_level(world: World) -> None:
    for level in (1, 2, 3):
        with as_(SYSTEM):
            finding = named(world, problem="某某收受礼金")
            type(finding).objects.filter(pk=finding.pk).update(level=level)
    rows = [row for row in list_of(world.users[OLD]) if row.kind == "assignment"]
    assert [row.title for row in rows] == ["某某收受礼金", "工作敏感", "专案点名"]
    assert [bool(row.code) for row in rows] == [True, True, False]


def test_closing_an_account_leaves_a_list_that_is_signed_afterwards(world: World) -> None:
    planned(world)
    draft = drafted(world)
    close(world, NEW)
    assert fresh(draft).state == State.ENDED
    with as_(world.viewer(NEW)) as by:
        (one,) = handovers_of(by).filter(state=State.HANDED)
    assert [kind for kind, *_more in listed(one)] == ["talk_plan"]
    sign(world, one, Role.RECEIVER)
    assert row_of(one, Role.RECEIVER).status == Status.GRANTED


def test_the_paper_of_who_has_left_is_confirmed_by_a_third_person(world: World) -> None:
    finding = named(world)
    with as_(SYSTEM) as by:
        recuse(thing=finding, user=world.users["干部乙"], by=by)
    close(world, NEW)
    with as_(world.viewer(NEW)) as by:
        (one,) = handovers_of(by)
        act = lambda: handovers.name_supervisor(handover=one, by=by, user=world.users["干部乙"])  # noqa: E731
        assert rule_of(act) == "recused"
        handovers.sign_on_paper(signature=row_of(one, Role.GIVER), by=by, paper=handovers.OnPaper(today()))
        assert rule_of(lambda: handovers.confirm_paper(signature=row_of(one, Role.GIVER), by=by)) == "two-persons"
        handovers.name_supervisor(handover=one, by=by, user=world.users[THIRD])
    with as_(world.viewer(THIRD)) as by:
        handovers.confirm_paper(signature=row_of(one, Role.GIVER), by=by)
    assert row_of(one, Role.GIVER).signer_name == OLD
    sign(world, one, Role.SUPERVISOR)
    with as_(world.viewer(NEW)) as by:
        assert rule_of(act) == "already-decided"


def test_who_is_about_to_receive_is_not_closed_before(world: World) -> None:
    planned(world)
    one = drafted(world, to="干部乙")
    with as_(world.viewer(KEEPER)) as by:
        from jiandu.net.access.leaving import close_account

        with pytest.raises(Refused, match="待签字的交接单1份"):
            close_account(user=world.users["干部乙"], by=by)
        handovers.withdraw_handover(handover=one, by=by, reason="改由他人接收")
        assert close_account(user=world.users["干部乙"], by=by).is_active is False
