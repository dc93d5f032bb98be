"""Verbs of signals: raise one, hand it on or keep it. Taking it into the ledger is an act of findings, which calls `take`."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.sources.signals.models import Signal

Outcome = Signal.Outcome


@dataclass(frozen=True)
class NewSignal:
    """A pointer: where it comes from, its number there, the unit, the topic, the date, our office."""

    origin: str
    topic: str
    received_on: date
    office: Office
    subject: Organisation | None = None
    reference: str = ""
    level: int = 1


@atomic
def raise_signal(*, new: NewSignal, by: Viewer) -> Signal:
    """Registers what another body or register handed over. Raises Refused."""
    if not guard.allow(by, "create", Signal):
        raise Refused("not-allowed", "您没有“登记”的权限")
    if not new.topic.strip():
        raise Refused("topic-needed", "请填写事由")
    if new.received_on > today():
        raise Refused("step-date", "日期不能晚于今天:%(on)s", on=new.received_on.isoformat())
    signal = _drafted(new)
    signal.save(force_insert=True)
    record(by, "signal.raise", signal, payload={"origin": signal.origin, "reference": signal.reference})
    return signal


def _drafted(new: NewSignal) -> Signal:
    return Signal(
        origin=Signal.Origin(new.origin),
        topic=new.topic.strip(),
        reference=new.reference,
        received_on=new.received_on,
        owner_office=new.office,
        owner_path=new.office.path,
        subject=new.subject,
        subject_path=new.subject.path if new.subject else "",
        level=new.level,
    )


def write_taken(news: list[NewSignal], *, by: Viewer) -> list[Signal]:
    """Signals that a ledger tells of, each already taken into the ledger on its day. The caller records the act."""
    if not guard.allow(by, "create", Signal):
        raise Refused("not-allowed", "您没有“登记”的权限")
    signals = [_drafted(new) for new in news]
    for signal in signals:
        signal.outcome, signal.decided_on, signal.decided_by = Outcome.TAKEN, signal.received_on, by.name[:64]
    return list(Signal.objects.bulk_create(signals))


def follow_level(*, signal_id: int, level: int) -> None:
    """What was handed over is as closed as what came of it: called where a finding's level changes, in its transaction."""
    with guard.acting(guard.system("level")):
        Signal.objects.filter(pk=signal_id).update(level=level)


@atomic
def triage(*, signal: Signal, by: Viewer, outcome: str, on: date, note: str) -> Signal:
    """研判: handed over to another body, or kept on file, with the reason. Into the ledger it goes by registering a finding."""
    if outcome not in {Outcome.HANDED_OVER, Outcome.KEPT} or not note.strip():
        raise Refused("triage", "请选择转办或留存,并写明理由")
    return _decide(signal, by, Outcome(outcome), on, note)


@atomic
def take(*, signal: Signal, by: Viewer, on: date) -> Signal:
    """转入问题台账: called by the service that registers the finding, in its transaction. A second finding may follow."""
    now_is = Signal.objects.get(pk=signal.pk)
    if now_is.outcome == Outcome.TAKEN:
        return now_is
    return _decide(signal, by, Outcome.TAKEN, on, "")


def _decide(signal: Signal, by: Viewer, outcome: Signal.Outcome, on: date, note: str) -> Signal:
    signal = Signal.objects.select_for_update(of=("self",)).get(pk=signal.pk)
    if not guard.allow(by, "triage", signal):
        raise Refused("not-allowed", "您没有“研判”的权限")
    if signal.outcome != Outcome.WAITING:
        raise Refused("already-decided", "该事项已处理,请刷新页面")
    if not signal.received_on <= on <= today():
        raise Refused("step-date", "研判日期应在收到之后且不晚于今天")
    signal.outcome, signal.decided_on, signal.decided_by, signal.note = outcome, on, by.name, note
    signal.save(update_fields=["outcome", "decided_on", "decided_by", "note"])
    record(by, f"signal.{outcome}", signal, payload={"on": on.isoformat(), "note": note})
    return signal
