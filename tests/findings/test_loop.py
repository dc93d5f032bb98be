"""The loop, move by move."""

from datetime import date

import pytest
from tests.world import World, as_

from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.reading import missing
from jiandu.loop.findings.services import moves
from jiandu.loop.findings.states import State


def test_open_finding_asks_five_things(world: World) -> None:
    new = world.new()
    with as_(world.viewer("干部甲")) as by:
        finding = moves.open_finding(new=new, by=by)
        assert finding.state == State.REGISTERED
        assert missing(finding) == ["具体事实", "问题类别(方面)", "依据条款", "整改类型", "整改时限", "责任人"]
        assert [step.verb for step in finding.steps.all()] == ["register"]


def test_close_takes_six_steps(world: World) -> None:
    finding = world.closed(closed_on=date(2022, 5, 1))
    with as_(world.viewer("干部甲")):
        found = Finding.objects.get(pk=finding.pk)
        assert (found.state, found.closed_on) == (State.CLOSED, date(2022, 5, 1))
        assert [step.verb for step in found.steps.order_by("seq")] == [
            "register",
            "assign",
            "receive",
            "apply",
            "pass",
            "approve",
        ]


def test_open_finding_refused_for_another_office(world: World) -> None:
    new = world.new(office="第一监督检查室")
    with pytest.raises(Refused) as refused, as_(world.viewer("干部乙")) as by:
        moves.open_finding(new=new, by=by)
    assert refused.value.rule == "outside-scope"


def test_numbers_go_on_past_what_the_registrar_may_not_see(world: World) -> None:
    hidden = world.finding(level=3)
    seen = world.finding(by=world.viewer("内勤甲"), activity=world.project())
    assert [each.code.rsplit("-", 1)[1] for each in (hidden, seen)] == ["00001", "00002"]
