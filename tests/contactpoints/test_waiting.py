"""What contact points told waits for whoever must act on it, and for nobody else."""

from datetime import date

from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.sources.contactpoints.models import ContactProblem
from jiandu.sources.contactpoints.selectors import waiting
from jiandu.sources.contactpoints.services.problems import Act, answer, assign, settle, study

DAY = date(2022, 4, 1)


def who_waits(world: World) -> list[str]:
    names = ("干部甲", "干部乙", "驻教干部", "经办人丁", "书记")
    found = []
    for name in names:
        with as_(world.viewer(name)) as by:
            if waiting(by).count():
                found.append(name)
    return found


def test_each_state_waits_for_whoever_acts_next(world: World) -> None:
    problem = world.told()
    assert who_waits(world) == ["干部甲"]
    with as_(SYSTEM) as by:
        study(problem=problem, by=by, act=Act(DAY, "窗口作风"), nature="conduct")
    assert who_waits(world) == ["干部甲"]
    with as_(SYSTEM) as by:
        step = Act(DAY, "请核实", office=world.offices["第二监督检查室"])
        assign(problem=problem, by=by, act=step, subject=world.units["市教育局"])
    assert who_waits(world) == ["干部乙", "经办人丁"]  # the office that follows it up, and the unit
    with as_(SYSTEM) as by:
        answer(problem=problem, by=by, act=Act(DAY, "已增设窗口"))
    assert who_waits(world) == ["干部甲"]
    with as_(SYSTEM) as by:
        settle(problem=problem, by=by, act=Act(DAY, "", "resolved", "satisfied"))
    assert who_waits(world) == []


def test_it_stands_on_the_desk_of_the_unit_without_the_name(world: World) -> None:
    with as_(SYSTEM):
        assert ContactProblem.objects.count() == 0
    point = world.point("厦海保密贸易公司")
    problem = world.told(point, problem="办证等候过久")
    with as_(SYSTEM) as by:
        study(problem=problem, by=by, act=Act(DAY, "窗口作风"), nature="conduct")
        assign(problem=problem, by=by, act=Act(DAY, "请核实"), subject=world.units["市教育局"])
    text = client_of(world, "经办人丁").get("/desk/").content.decode()
    assert (problem.code in text, "办证等候过久" in text, "保密贸易" in text) == (True, True, False)
    assert problem.code not in client_of(world, "干部乙").get("/desk/").content.decode()
