"""Somebody leaves: what is in his own hands goes to a successor, or the account is not closed. Nothing is orphaned."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.surfaces.desk.test_accounts import at, client_of, post
from tests.world import SYSTEM, World, as_

from jiandu.base.accounts.models import User
from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding, SavedView
from jiandu.loop.findings.services.viewing import save_view
from jiandu.net.access import leaving
from jiandu.net.access.leaving import close_account, hand_person_over, held_by
from jiandu.net.access.models import Assignment, Level
from jiandu.net.access.services import assign_record, recuse
from jiandu.net.subjects.models import in_force
from jiandu.sources.contactpoints.models import ContactPoint
from jiandu.sources.talks.models import Talk, TalkPlan
from jiandu.sources.talks.services.planning import Invited, NewPlan, plan_talk

OLD, NEW, KEEPER = "干部甲", "干部丙", "安全管理员"
ROOM = "第一监督检查室"


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def named(world: World, who: str = OLD, **more: object) -> Finding:
    finding = world.finding(office="第二监督检查室", **more)
    with as_(SYSTEM) as by:
        assign_record(thing=finding, user=world.users[who], by=by)
    return finding


def planned(world: World, *officers: str) -> TalkPlan:
    person = world.person(f"局长{world.number()}", "市教育局")
    new = NewPlan(
        kind=Talk.Kind.PROACTIVE,
        on=today(),
        theme="履职",
        office=world.offices[ROOM],
        officers=list(officers or (OLD, "主任甲")),
        invited=[Invited(person=person)],
        recorder=(officers or (OLD,))[0],
    )
    with as_(world.viewer("主任甲")) as by:
        return plan_talk(new=new, by=by)


def viewed(world: World, who: str, name: str = "我的超期") -> None:
    with as_(world.viewer(who)) as by:
        save_view(by=by, name=name, query="due=overdue", columns=[], is_default=True)


def pointed(world: World) -> ContactPoint:
    return world.point(officer=world.persons[OLD])


def over(world: World, to: str = NEW) -> dict[str, list[str]]:
    with as_(world.viewer(KEEPER)) as by:
        return hand_person_over(user=world.users[OLD], to=world.users[to], by=by)


def close(world: World, to: str = "") -> User:
    with as_(world.viewer(KEEPER)) as by:
        return close_account(user=world.users[OLD], by=by, to=world.users[to] if to else None)


def hanging(world: World, who: str) -> set[str]:
    """What counts on the person today, found by looking at the rows and not by asking `held_by`."""
    user, person = world.users[who], world.persons[who]
    with as_(SYSTEM):
        found = {
            "named": Assignment.objects.filter(in_force(today()), user=user).exists(),
            "views": SavedView.objects.filter(made_by_id=user.pk, is_gone=False).exists(),
            "points": ContactPoint.objects.filter(officer=person, left_on__isnull=True).exists(),
            "plans": any(who in (*row.officers, row.recorder) for row in TalkPlan.objects.filter(TalkPlan.still_open)),
        }
    return {name for name, hangs in found.items() if hangs}


def test_an_account_that_holds_something_is_not_closed_and_says_what(world: World) -> None:
    named(world)
    planned(world)
    pointed(world)
    viewed(world, OLD)
    said = ["点名开放的记录1件", "谈话计划1件", "营商环境监督联系点1件", "常用视图1个"]
    assert sorted(held_by(world.users[OLD])) == sorted(said)
    with pytest.raises(Refused, match="谈话计划1件") as refused:
        close(world)
    assert (refused.value.rule, User.objects.get(pk=world.users[OLD].pk).is_active) == ("account-holds", True)
    assert close(world, NEW).is_active is False
    assert (hanging(world, OLD), hanging(world, NEW)) == (set(), {"named", "views", "points", "plans"})


def test_the_log_keeps_who_had_what_before(world: World) -> None:
    finding, plan = named(world), planned(world)
    over(world)
    entry = Entry.objects.select_related("payload").get(verb="account.hand_over")
    body = json.loads(entry.payload.body)
    assert (body["from"], body["to"]) == (world.users[OLD].username, world.users[NEW].username)
    assert body["records"] == {"assignment": [str(finding.uid)], "talk_plan": [str(plan.uid)]}
    held = Assignment.objects.filter(thing_uid=finding.uid).order_by("pk").values_list("user__name", "until")
    assert [(name, until is None) for name, until in held] == [(OLD, False), (NEW, True)]  # his days stay his
    with as_(world.viewer(NEW)):
        assert Finding.objects.filter(pk=finding.pk).exists()
    with as_(world.viewer(OLD)):
        assert not Finding.objects.filter(pk=finding.pk).exists()


def test_who_is_recused_or_may_not_see_such_records_takes_none(world: World) -> None:
    finding = named(world)
    with as_(SYSTEM) as by:
        recuse(thing=finding, user=world.users[NEW], by=by)
    assert rule_of(lambda: over(world)) == "recused"
    assert rule_of(lambda: over(world, "审计管理员")) == "assign-no-role"
    assert rule_of(lambda: over(world, OLD)) == "hand-over-person"
    with as_(world.viewer("主任甲")) as by:
        act = lambda: hand_person_over(user=world.users[OLD], to=world.users[NEW], by=by)  # noqa: E731
        assert rule_of(act) == "not-allowed"
    assert hanging(world, OLD) == {"named"}


def test_nobody_is_named_on_a_record_of_level_3_by_who_keeps_accounts(world: World) -> None:
    finding = named(world)
    with as_(SYSTEM):
        Finding.objects.filter(pk=finding.pk).update(level=Level.NAMED)
    assert rule_of(lambda: over(world)) == "named-alone"
    with as_(SYSTEM) as by:
        assign_record(thing=Finding.objects.get(pk=finding.pk), user=world.users["主任甲"], by=by)
    over(world)
    now = Assignment.objects.filter(in_force(today()), thing_uid=finding.uid).values_list("user__name", flat=True)
    assert list(now) == ["主任甲"]


def test_a_talk_keeps_two_officers(world: World) -> None:
    planned(world, OLD, NEW)
    assert rule_of(lambda: over(world)) == "two-officers"
    assert hanging(world, OLD) == {"plans"}
    planned(world)
    over(world, "主任乙")
    with as_(SYSTEM):
        assert [row.officers for row in TalkPlan.objects.order_by("pk")] == [["主任乙", NEW], ["主任乙", "主任甲"]]


def test_views_of_one_name_stand_beside_each_other(world: World) -> None:
    for who in (OLD, NEW):
        viewed(world, who)
    over(world)
    with as_(world.viewer(NEW)):
        rows = SavedView.objects.order_by("pk").values_list("name", "is_default")
        assert list(rows) == [(f"我的超期({OLD})", False), ("我的超期", True)]


THINGS = {
    "named": named,
    "plan": planned,
    "point": pointed,
    "view": lambda world: viewed(world, OLD, f"视图{world.number()}"),
    "settled": lambda world: world.closed(closed_on=date(2022, 5, 1)),
}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(THINGS)), max_size=3))
def test_nothing_is_orphaned_whatever_he_held(world: World, things: list[str]) -> None:
    with transaction.atomic():
        try:
            for thing in things:
                THINGS[thing](world)
            before = hanging(world, OLD)
            assert bool(before) == bool(held_by(world.users[OLD]))
            close(world, NEW)
            assert (hanging(world, OLD), held_by(world.users[OLD])) == (set(), [])
            assert hanging(world, NEW) >= before
        finally:
            transaction.set_rollback(True)


def test_the_control_of_it_a_follower_that_does_not_follow_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(world)
    idle = [(lambda _leaver: {}, told) for _follow, told in leaving._followers]
    monkeypatch.setattr(leaving, "_followers", idle)
    assert rule_of(lambda: close(world, NEW)) == "account-holds"
    assert hanging(world, OLD) == {"plans"}


def test_the_page_lists_what_he_holds_and_asks_for_a_successor(world: World) -> None:
    named(world)
    page = client_of(world, KEEPER).get(f"/desk/accounts/{at(world, OLD)}?act=disable").content.decode()
    assert ("点名开放的记录1件" in page, "承接人登录名" in page) == (True, True)
    assert post(world, f"{at(world, OLD)}disable/").status_code == 422
    assert post(world, f"{at(world, OLD)}hand-over/", to="nobody-of-that-name").status_code == 422
    assert post(world, f"{at(world, OLD)}hand-over/", to=world.users[NEW].username).status_code == 303
    assert post(world, f"{at(world, OLD)}disable/").status_code == 303
    assert User.objects.get(pk=world.users[OLD].pk).is_active is False
