"""Who reaches what: offices, subtrees, supervised units, assignments, levels, recusals, the three administrators."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.world import SYSTEM, World, as_

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guarded import narrow
from jiandu.loop.findings.models import Finding
from jiandu.net.access.models import Grant
from jiandu.net.access.policy import verbs
from jiandu.net.access.roles import roles
from jiandu.net.access.services import (
    NewGrant,
    assign_record,
    check_apart,
    end_grant,
    grant_role,
    recuse,
    recuse_from_unit,
)


def sees(world: World, name: str) -> set[str]:
    """The problems that a person sees, in both forms of the scope, which must agree."""
    with as_(world.viewer(name)):
        walked = set(Finding.objects.values_list("problem", flat=True))
        assert walked == set(narrow(Finding).values_list("problem", flat=True))
        return walked


def test_reach_by_office_subtree_and_supervised_unit(world: World) -> None:
    world.finding(problem="一室教育", office="第一监督检查室", unit="市教育局")
    world.finding(problem="二室财政", office="第二监督检查室", unit="市财政局")
    world.finding(problem="街道", office="筼筜街道纪工委", unit="思明区教育局")
    world.finding(problem="一室中学", office="第一监督检查室", unit="市第一中学")
    assert sees(world, "干部甲") == {"一室教育", "一室中学"}
    assert sees(world, "干部乙") == {"二室财政"}
    assert sees(world, "书记") == {"一室教育", "二室财政", "街道", "一室中学"}
    assert sees(world, "区纪委书记") == {"街道"}
    assert sees(world, "驻教干部") == {"一室教育", "一室中学"}
    for name in ("系统管理员", "安全管理员", "审计管理员"):
        assert sees(world, name) == set()


def test_levels_above_internal_do_not_flow_upwards(world: World) -> None:
    finding = world.finding(problem="敏感", office="第一监督检查室", unit="市教育局", level=2)
    named = world.finding(problem="点名", office="第一监督检查室", unit="市教育局", level=3)
    assert sees(world, "干部甲") == {"敏感"}
    assert sees(world, "内勤甲") == set()
    assert sees(world, "书记") == set()
    assert sees(world, "驻教干部") == set()
    with as_(SYSTEM) as by:
        assign_record(thing=named, user=world.users["干部丙"], by=by)
    assert sees(world, "干部丙") == {finding.problem, "点名"}
    assert sees(world, "干部甲") == {"敏感"}


def test_members_of_a_project_reach_its_findings(world: World) -> None:
    project = world.project(office="第一监督检查室", members=("第二监督检查室",))
    world.finding(problem="联合", activity=project, office="第一监督检查室", unit="市财政局")
    assert sees(world, "干部乙") == {"联合"}
    assert sees(world, "驻教干部") == set()


def test_a_unit_sees_its_own_after_assignment(world: World) -> None:
    world.finding(problem="未交办", unit="市教育局")
    world.rectifying(problem="已交办", unit="市教育局")
    world.rectifying(problem="别的单位", unit="市财政局")
    assert sees(world, "经办人丁") == {"已交办"}


def test_recusal_wins_over_everything(world: World) -> None:
    finding = world.finding(problem="回避", unit="市教育局")
    with as_(SYSTEM) as by:
        assign_record(thing=finding, user=world.users["干部甲"], by=by)
        recuse(thing=finding, user=world.users["干部甲"], by=by, reason="")
        recuse_from_unit(organisation=world.units["市教育局"], user=world.users["书记"], by=by)
    assert sees(world, "干部甲") == set()
    assert sees(world, "书记") == set()
    assert sees(world, "干部丙") == {"回避"}


def test_an_ended_grant_acts_on_the_next_request(world: World) -> None:
    world.finding(problem="甲")
    assert sees(world, "干部甲") == {"甲"}
    with as_(world.viewer("安全管理员")) as by:
        end_grant(grant=Grant.objects.get(user=world.users["干部甲"]), by=by)
    assert sees(world, "干部甲") == set()


def test_a_scope_is_built_once_for_who_stands_so_on_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    reach = guard.reach
    monkeypatch.setattr(guard, "reach", lambda viewer, model: asked.append(viewer.name) or reach(viewer, model))
    world.finding(problem="一室", office="第一监督检查室")
    opened = world.finding(problem="二室", office="第二监督检查室")
    with as_(SYSTEM) as by:
        assign_record(thing=opened, user=world.users["干部甲"], until=today(), by=by)
    asked.clear()
    guard.scopes.cache_clear()
    assert [sees(world, "干部甲") for _ in range(3)] == [{"一室", "二室"}] * 3
    assert asked == ["干部甲"], "the next requests build nothing"
    assert sees(world, "干部丙") == {"一室"}, "the same rights, another person"
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1), tick=False):
        assert sees(world, "干部甲") == {"一室"}, "what was opened until yesterday"
    with as_(world.viewer("安全管理员")) as by:
        end_grant(grant=Grant.objects.get(user=world.users["干部甲"]), by=by)
    assert sees(world, "干部甲") == set()


def test_a_disabled_user_stands_as_nothing(world: World) -> None:
    world.finding(problem="甲")
    user = world.users["干部甲"]
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert sees(world, "干部甲") == set()


def test_unknown_verb_and_foreign_record_are_denied(world: World) -> None:
    finding = world.finding(office="第一监督检查室")
    with as_(world.viewer("干部乙")) as viewer:
        assert not guard.allow(viewer, "verify", finding)
        assert not guard.allow(viewer, "fly", Finding)
        assert verbs(viewer, finding) == frozenset()
    with as_(world.viewer("干部甲")) as viewer:
        assert guard.allow(viewer, "verify", finding)
        assert not guard.allow(viewer, "approve", finding)


@given(st.frozensets(st.sampled_from(sorted(roles())), max_size=5))
def test_administrators_never_join_another_role(held: frozenset[str]) -> None:
    """Whatever the order in which they are given, two roles of which one is an administrator's are never both held."""
    given_roles: list[str] = []
    for key in sorted(held):
        try:
            check_apart(roles()[key], given_roles)
        except Refused:
            continue
        given_roles.append(key)
    separated = [key for key in given_roles if roles()[key].separated]
    assert not separated or len(given_roles) == 1


def test_nobody_grants_to_oneself(world: World) -> None:
    with as_(world.viewer("安全管理员")) as by, pytest.raises(Refused) as refused:
        grant_role(new=NewGrant(user=world.users["安全管理员"], role="audit_admin", since=today()), by=by)
    assert refused.value.rule == "grant-oneself"


def test_a_grant_of_the_past_or_future_does_not_count(world: World) -> None:
    world.finding(problem="甲", office="第二监督检查室")
    user = world.users["审计管理员"]
    day = today()
    with as_(SYSTEM) as by:
        end_grant(grant=Grant.objects.get(user=user), by=by)
        office = world.offices["第二监督检查室"]
        grant_role(new=NewGrant(user=user, role="office_head", office=office, since=day + timedelta(days=1)), by=by)
    assert sees(world, "审计管理员") == set()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    office=st.sampled_from(["第一监督检查室", "第二监督检查室", "筼筜街道纪工委", "驻市教育局纪检监察组"]),
    unit=st.sampled_from(["市教育局", "市财政局", "市第一中学"]),
    level=st.integers(0, 3),
    name=st.sampled_from(["干部甲", "干部乙", "书记", "驻教干部", "区纪委书记", "街道干部", "内勤甲", "审计管理员"]),
)
def test_list_and_single_record_agree(world: World, office: str, unit: str, level: int, name: str) -> None:
    """What a list shows is what allow() permits, against an oracle written out by hand."""
    finding = world.finding(office=office, unit=unit, level=level, on=date(2022, 3, 1))
    with as_(world.viewer(name)) as viewer:
        listed = Finding.objects.filter(pk=finding.pk).exists()
        assert listed == guard.allow(viewer, "view", finding) == _oracle(name, office, unit, level)


def _oracle(name: str, office: str, unit: str, level: int) -> bool:
    own = {
        "干部甲": "第一监督检查室",
        "内勤甲": "第一监督检查室",
        "干部乙": "第二监督检查室",
        "驻教干部": "驻市教育局纪检监察组",
        "街道干部": "筼筜街道纪工委",
    }
    clearance = {"内勤甲": 1, "街道干部": 1, "审计管理员": -1}.get(name, 2)
    if level > clearance or level == 3:
        return False
    if own.get(name) == office:
        return True
    below = {"书记": True, "区纪委书记": office == "筼筜街道纪工委"}.get(name, False)
    supervised = name == "驻教干部" and unit in {"市教育局", "市第一中学"}
    return level <= 1 and (below or supervised)
