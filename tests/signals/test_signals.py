"""Signals: registered, decided once, taken into the ledger by the finding that names them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.sources.signals.models import Signal
from jiandu.sources.signals.selectors import signals
from jiandu.sources.signals.services import NewSignal, raise_signal, take, triage

DAY = date(2022, 3, 1)


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def new(world: World, **more: object) -> NewSignal:
    told = {
        "origin": "audit",
        "topic": "审计移送采购问题",
        "received_on": DAY,
        "office": world.offices["第一监督检查室"],
    }
    return NewSignal(**(told | more))  # type: ignore[arg-type]


@pytest.fixture
def signal(world: World) -> Signal:
    with as_(world.viewer("干部甲")) as by:
        return raise_signal(new=new(world, subject=world.units["市教育局"], reference="厦审〔2022〕1号"), by=by)


def test_raise_signal_stands_in_its_office_and_unit(world: World, signal: Signal) -> None:
    assert (signal.owner_path, signal.subject_path, signal.outcome) == (
        world.offices["第一监督检查室"].path,
        world.units["市教育局"].path,
        "waiting",
    )
    with as_(world.viewer("干部甲")) as by:
        assert list(signals(by, outcome="waiting")) == [signal]
        assert list(signals(by, outcome="kept")) == []
    with as_(world.viewer("干部乙")) as by:
        assert list(signals(by)) == []


def test_raise_signal_refused_without_topic_or_in_the_future(world: World) -> None:
    with as_(SYSTEM) as by:
        assert rule_of(lambda: raise_signal(new=new(world, topic=" "), by=by)) == "topic-needed"
        late = today() + timedelta(days=1)
        assert rule_of(lambda: raise_signal(new=new(world, received_on=late), by=by)) == "step-date"
    with as_(world.viewer("书记")) as by:
        assert rule_of(lambda: raise_signal(new=new(world), by=by)) == "not-allowed"


@pytest.mark.parametrize("outcome", ["handed_over", "kept"])
def test_triage_decides_once_with_reason_and_person(world: World, signal: Signal, outcome: str) -> None:
    with as_(world.viewer("干部甲")) as by:
        done = triage(signal=signal, by=by, outcome=outcome, on=DAY, note="属地管辖")
        assert (done.outcome, done.decided_on, done.decided_by, done.note) == (outcome, DAY, "干部甲", "属地管辖")
        assert rule_of(lambda: triage(signal=signal, by=by, outcome=outcome, on=DAY, note="x")) == "already-decided"
        assert rule_of(lambda: take(signal=signal, by=by, on=DAY)) == "already-decided"


def test_triage_refused_without_reason_out_of_time_or_into_the_ledger(world: World, signal: Signal) -> None:
    with as_(world.viewer("干部甲")) as by:
        for outcome, on, note, rule in (
            ("kept", DAY, " ", "triage"),
            ("taken", DAY, "x", "triage"),
            ("kept", DAY - timedelta(days=1), "x", "step-date"),
            ("kept", today() + timedelta(days=1), "x", "step-date"),
        ):
            refused = rule_of(
                lambda o=outcome, d=on, n=note: triage(signal=signal, by=by, outcome=o, on=d, note=n)  # type: ignore[misc]
            )
            assert refused == rule


def test_finding_takes_its_signal_and_hands_its_place_on(world: World, signal: Signal) -> None:
    finding = world.finding(signal=signal, by=world.viewer("干部甲"))
    with as_(SYSTEM):
        found = Signal.objects.get(pk=signal.pk)
    assert (found.outcome, found.decided_by, finding.source_uid) == ("taken", "干部甲", signal.uid)
