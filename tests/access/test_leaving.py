"""Somebody leaves: what is in his own hands goes to a successor, or the account is not closed. Nothing is orphaned."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.surfaces.desk.test_accounts import at, client_of, post
from tests.world import SYSTEM, World, as_

from jiandu.base.accounts.models import User
from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.jobs.services import NewJob, open_job
from jiandu.loop.findings.models import Finding, SavedView
from jiandu.loop.findings.services.viewing import save_view
from jiandu.net.access import hands
from jiandu.net.access.hands import held_by
from jiandu.net.access.leaving import close_account, hand_person_over
from jiandu.net.access.models import Assignment, Level
from jiandu.net.access.services import assign_record, recuse
from jiandu.net.overseers.models import Officer
from jiandu.net.overseers.services import link_leader
from jiandu.net.subjects.models import Person, in_force
from jiandu.sources.activities.models import Team
from jiandu.sources.activities.project_parts import PlanLine
from jiandu.sources.activities.services.finishing import finish_round
from jiandu.sources.activities.services.plans import NewLine, add_line
from jiandu.sources.activities.services.rounds import form_team, link_unit
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
            "teams": any(row.leader_id == person.pk or who in row.members.split("、") for row in Team.objects.all()),
            "lines": any(who in row.who.split("、") for row in PlanLine.objects.filter(done_on__isnull=True)),
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


def teamed(world: World, *, leads: bool = False) -> Team:
    """He is of a team that has a unit to visit still."""
    activity = world.round()
    with as_(SYSTEM) as by:
        leader = world.persons[OLD if leads else "书记"]
        members = f"{OLD}、干部乙" if not leads else ""
        team = form_team(activity=activity, by=by, name="第一组", leader=leader, members=members)
        link_unit(team=team, by=by, organisation=world.units["市教育局"], planned_on=date(2022, 6, 1))
    return team


def lined(world: World) -> PlanLine:
    project = world.project()
    with as_(SYSTEM) as by:
        return add_line(activity=project, by=by, new=NewLine("step", f"走访{world.number()}", f"{OLD}、干部乙"))


def test_visits_to_come_and_lines_of_plans_are_the_successors(world: World) -> None:
    team, led, line = teamed(world), teamed(world, leads=True), lined(world)
    assert sorted(held_by(world.users[OLD])) == ["挂钩监督组2个", "未完成的方案条目1条"]
    over(world)
    with as_(SYSTEM):
        assert Team.objects.get(pk=team.pk).members == f"{NEW}、干部乙"
        assert Team.objects.get(pk=led.pk).leader == world.persons[NEW]
        assert PlanLine.objects.get(pk=line.pk).who == f"{NEW}、干部乙"
    assert held_by(world.users[OLD]) == []


def test_a_round_that_is_finished_keeps_the_names_of_its_time(world: World) -> None:
    team = teamed(world)
    with as_(SYSTEM) as by:
        finish_round(activity=team.activity, by=by, on=today(), note="其余并入下一轮")
    assert held_by(world.users[OLD]) == []
    close(world)
    with as_(SYSTEM):
        assert Team.objects.get(pk=team.pk).members == f"{OLD}、干部乙"


def test_a_name_within_another_is_not_his(world: World) -> None:
    with as_(SYSTEM) as by:
        form_team(activity=world.round(), by=by, name="组", leader=world.persons["书记"], members=f"{OLD}三、{OLD}四")
    assert held_by(world.users[OLD]) == []


def test_what_is_finished_first_is_named_and_no_successor_takes_it(world: World) -> None:
    """挂钩 of a leader, a secretary that acts for him, a job that runs: each has its own way to end."""
    leader = world.users["书记"]
    with as_(SYSTEM) as by:
        link_leader(leader=world.persons["书记"], organisation=world.units["市教育局"], since=date(2022, 1, 1), by=by)
    secretary = world.users.get("秘书") or world.user("秘书", "secretary", office="市纪委监委")
    with as_(world.viewer("书记")) as by:
        open_job(new=NewJob("export", "导出"), by=by)
    assert sorted(held_by(leader)) == ["代其办理的授权1项", "挂钩单位1个", "进行中的任务1项"]
    with as_(world.viewer(KEEPER)) as by:
        assert rule_of(lambda: close_account(user=leader, by=by, to=world.users["主任甲"])) == "account-holds"
    assert secretary.is_active


#: What becomes of whatever names an account or a person when the account closes. "goes": it is the successor's; "first":
#: it is finished before; "stays": it says who did something, or what somebody is, and leaves nobody waiting.
LEAVES = {
    "access.Assignment.user": "goes",
    "activities.Team.leader": "goes",
    "contactpoints.ContactPoint.officer": "goes",
    "findings.SavedView.made_by": "goes",
    "access.Grant.acts_for": "first",
    "access.Handover.made_by": "first",  # taken back when he closes
    "access.Handover.receiver": "first",
    "access.Handover.supervisor": "first",
    "jobs.Job.made_by": "first",
    "overseers.Link.leader": "first",
    # roles and recusals stand on the account: closed, it stands as nothing
    "access.Grant.user": "stays",
    "access.Recusal.user": "stays",
    # a key opens only what his roles let him hold: closed, none; whoever stays takes it back, and the pair is renewed
    "vaults.MemberKey.made_by": "stays",
    "vaults.Wrap.user": "stays",
    # the directory says who serves and leads where; its own acts end that
    "overseers.Officer.person": "stays",
    "overseers.Officer.user": "stays",
    "subjects.Charge.leader": "stays",
    "subjects.Post.person": "stays",
    # who was talked to, who did, asked, signed, typed, confirmed: what waits, waits for a right and not for a person
    "access.Handover.drafted_by": "stays",
    "access.HandoverSignature.user": "stays",
    "crosscheck.Alert.handler": "stays",  # who judged; what waits, waits in the queue
    "crosscheck.Alert.verifier": "stays",
    "findings.Finding.rectifier": "stays",  # of the unit: its 责任人 is corrected by the unit
    "findings.LookBack.checker": "stays",
    "findings.Step.actor": "stays",
    "findings.Step.entered_by": "stays",
    "instruments.Delivery.person": "stays",
    **{
        f"publications.Publication.{column}": "stays"  # what waits for a second person waits for whoever has the right
        for column in ("written_by", "asked_by", "confirmed_by", "recall_asked_by", "recall_confirmed_by")
    },
    "publications.PublicationStep.by": "stays",  # who did it
    "reports.FigureAnswer.by": "stays",  # figures are asked of offices
    "reports.FigureAnswer.confirmed_by": "stays",
    "talks.Attendee.person": "stays",
    "talks.Invitee.person": "stays",
    "talks.Talker.person": "stays",
    **{
        f"{table}.{column}": "stays"
        for table in (
            "access.HandoverSignature",
            "activities.ActivityApproval",
            "findings.Approval",
            "instruments.SignOff",
            "portraits.PortraitApproval",
        )
        for column in ("asked_by", "signer", "typed_by", "confirmed_by")
    },
}


def naming(model: type[Model]) -> set[str]:
    """The columns of a model that name an account, an officer or a person."""
    links = (field for field in model._meta.get_fields() if field.concrete and field.is_relation)
    return {f"{model._meta.label}.{field.name}" for field in links if field.related_model in {User, Person, Officer}}


def test_everything_that_names_a_person_says_what_becomes_of_it() -> None:
    """A new column that names somebody is classified above, and given away in `hands` where it goes over."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("jiandu.")]
    found = set().union(*map(naming, ours))
    assert found == set(LEAVES)
    assert naming(Assignment) == {"access.Assignment.user"}  # the walk sees them


def test_whatever_goes_over_or_is_finished_first_has_its_kind() -> None:
    gives = {one.kind: bool(one.give) for one in hands.kinds()}
    assert gives == {
        "assignment": True,
        "team": True,
        "plan_line": True,
        "talk_plan": True,
        "contact_point": True,
        "saved_view": True,
        "acting": False,
        "link": False,
        "handover": False,
        "job": False,
    }


THINGS = {
    "team": teamed,
    "line": lined,
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
    idle = [replace(one, give=lambda _leaver: []) if one.give else one for one in hands.kinds()]
    monkeypatch.setattr(hands, "_kinds", idle)
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
