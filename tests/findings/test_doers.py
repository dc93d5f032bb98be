"""Who did it and who typed it are two things: the step carries the doer, beside it the typist."""

from datetime import date

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import moves
from jiandu.loop.findings.services.moves import Progress
from jiandu.net.access.persons import Who

DAY = date(2022, 3, 1)


def assigned(world: World) -> Finding:
    finding = world.finding()
    with as_(SYSTEM) as by:
        return moves.assign(finding=finding, by=by, on=DAY, rectification="by_term", due_on=None, note="测试")


def steps(finding: Finding) -> list[tuple[str, str, str, int | None]]:
    with as_(SYSTEM):
        rows = finding.steps.filter(verb__in=["receive", "plan", "progress", "apply"]).order_by("seq")
        return list(rows.values_list("verb", "by_name", "entered_by__name", "actor"))


@pytest.mark.parametrize(
    ("typist", "doer", "received"),
    [
        (
            "内勤甲",
            "责任人甲",
            "市教育局",
        ),  # types for the unit, is not of it; nobody answers for it before it is received
        ("经办人丁", "经办人丁", "经办人丁"),  # of the unit: does it himself
    ],
)
def test_an_act_of_the_unit_is_its_own_whoever_types_it(world: World, typist: str, doer: str, received: str) -> None:
    finding = assigned(world)
    with as_(world.viewer(typist)) as by:
        moves.receive(finding=finding, by=by, on=DAY, note="测试")
        with as_(SYSTEM) as system:
            moves.correct(finding=finding, by=system, note="测试", rectifier_name="责任人甲")
        moves.report_plan(finding=finding, by=by, on=DAY, measures=[("补签", None)], note="测试")
        done = Progress(finding.measures.get(), 100, "done")
        moves.report_progress(finding=finding, by=by, on=DAY, note="测试", progress=[done])
        moves.apply_to_close(finding=finding, by=by, on=DAY, note="测试")
    acts = ["plan", "progress", "apply"]
    assert steps(finding) == [
        ("receive", received, typist, None),
        *((verb, doer, typist, None) for verb in acts),
    ]


def test_who_is_named_did_it_also_where_one_of_the_unit_types(world: World) -> None:
    finding, person = assigned(world), world.person("科长戊", unit="市教育局")
    who = Who("科长戊", person.pk, (world.units["市教育局"].path,))
    with as_(world.viewer("经办人丁")) as by:
        moves.receive(finding=finding, by=by, on=DAY, rectifier=Who("责任人甲"), note="测试", who=who)
    with as_(world.viewer("内勤甲")) as by:
        moves.report_plan(finding=finding, by=by, on=DAY, measures=[("补签", None)], note="测试")
    assert steps(finding) == [
        ("receive", "科长戊", "经办人丁", person.pk),
        ("plan", "责任人甲", "内勤甲", None),
    ]
