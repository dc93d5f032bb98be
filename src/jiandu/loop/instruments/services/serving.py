"""送达: to the leader in charge on that day, in copy to the Party committee's principal, or to the unit; the leader's 批示."""

from datetime import date, timedelta

from django.db.transaction import atomic

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer, allow
from jiandu.base.core.withdrawing import take_back
from jiandu.base.lexicon.calendar import load_calendar
from jiandu.base.lexicon.terms import due_on
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.moves import urge
from jiandu.loop.findings.services.moving import latest_on
from jiandu.loop.findings.states import MOVES, Verb
from jiandu.loop.instruments.kinds import kind_of
from jiandu.loop.instruments.models import STANDS, Delivery, Instrument, Matter, Turn
from jiandu.loop.instruments.rules import OPEN, check_day
from jiandu.loop.instruments.services.locking import begin, log
from jiandu.loop.instruments.states import Stage
from jiandu.net.subjects.models import Person
from jiandu.net.subjects.selectors import leaders_in_charge, posts_of

To = Delivery.To
SERVED = (Stage.SIGNED, *OPEN)


@atomic
def deliver_to_leader(*, instrument: Instrument, by: Viewer, on: date, leader: Person | None = None) -> Delivery:
    """送达 the leader in charge of the unit on that day (who may be left out where there is one). Starts the unit's clocks.

    Raises Refused: not-a-copy-report, no-leader, not-in-charge, delivered-twice, step-date.
    """
    one = _begin(instrument, by, on)
    if not one.is_copy_report:
        raise Refused("not-a-copy-report", "只有问题抄报单送达分管领导")
    row = _hand(one, by, To.LEADER, on, _in_charge(one, by, on, leader))
    _start_clocks(one)
    for matter in Matter.objects.filter(STANDS, instrument=one).prefetch_related("finding"):
        _press(matter.finding, by, on, one)
    return row


def _in_charge(one: Instrument, by: Viewer, on: date, leader: Person | None) -> Person:
    """The directory's history decides, not the reader's memory."""
    found = list(leaders_in_charge(by, one.subject, on))  # type: ignore[arg-type]
    names = "、".join(person.name for person in found)
    if not found:
        raise Refused("no-leader", "%(unit)s在%(on)s没有登记分管领导", unit=str(one.subject), on=on.isoformat())
    if leader is None and len(found) == 1:
        return found[0]
    if leader not in found:
        raise Refused("not-in-charge", "%(on)s分管%(unit)s的领导是：%(names)s", on=on.isoformat(), unit=str(one.subject), names=names)  # fmt: skip
    return leader


def _press(finding: Finding | None, by: Viewer, on: date, one: Instrument) -> None:
    """A finding that is being worked on is under 督办 from then on; one that has moved on since stays as it is."""
    if finding is None or finding.state not in MOVES[Verb.URGE].from_ or finding.urging >= Finding.Urging.SUPERVISE:
        return
    if on >= latest_on(finding) and allow(by, "urge", finding):
        note = f"问题抄报{one.number or one.code}送达分管领导"
        urge(finding=finding, by=by, on=on, note=note, level=Finding.Urging.SUPERVISE)


@atomic
def copy_to(*, instrument: Instrument, by: Viewer, on: date, person: Person) -> Delivery:
    """抄送 the Party committee's principal: counts as no recipient, starts no clock."""
    one = _begin(instrument, by, on)
    return _hand(one, by, To.COPY, on, person)


@atomic
def deliver_to_unit(*, instrument: Instrument, by: Viewer, on: date, receiver: str = "") -> Delivery:
    """送达 the unit: the letter is seen by it from then on, and its clock runs. Raises Refused (a-copy-report)."""
    one = _begin(instrument, by, on)
    if one.is_copy_report:
        raise Refused("a-copy-report", "问题抄报单送达分管领导")
    if Delivery.objects.filter(STANDS, instrument=one, to=To.UNIT).exists():
        raise Refused("delivered-twice", "已送达%(name)s", name=str(one.subject))
    row = Delivery(instrument=one, to=To.UNIT, organisation=one.subject, on=on, receiver=receiver.strip()[:64])
    row.save(force_insert=True)
    one.unit_sees = True
    one.save(update_fields=["unit_sees"])
    _start_clocks(one)
    log(by, "deliver", one, to=To.UNIT, on=on.isoformat())
    return row


def _begin(instrument: Instrument, by: Viewer, on: date) -> Instrument:
    one = begin(instrument, by, "edit", *SERVED)
    check_day(on, one.signed_on, today())
    return one


def _hand(one: Instrument, by: Viewer, to: str, on: date, person: Person) -> Delivery:
    if Delivery.objects.filter(STANDS, instrument=one, person=person).exists():
        raise Refused("delivered-twice", "已送达%(name)s", name=person.name)
    posts = "、".join(f"{post.organisation}{post.title}" for post in posts_of(by, person, on))
    row = Delivery(instrument=one, to=to, person=person, post=posts[:200], on=on)
    row.save(force_insert=True)
    log(by, "deliver", one, to=to, on=on.isoformat(), person=str(person.uid))
    return row


def _start_clocks(one: Instrument) -> None:
    """From the first delivery that stands; none, no clock. A letter's own term is in calendar days, rolled over."""
    served = Delivery.objects.filter(STANDS, instrument=one).exclude(to=To.COPY)
    start: date | None = served.order_by("on").values_list("on", flat=True).first()
    kind = kind_of(one.kind)
    one.study_due_on = due_on(kind.study_term, start=start) if start and kind.study_term else None
    one.reply_due_on = _reply_due(one, start) if start and kind.needs_reply else None
    one.save(update_fields=["study_due_on", "reply_due_on"])


def _reply_due(one: Instrument, start: date) -> date:
    if one.reply_days:
        return load_calendar().roll_over(start + timedelta(days=one.reply_days))
    return due_on(kind_of(one.kind).reply_term, start=start)


@atomic
def withdraw_delivery(*, delivery: Delivery, by: Viewer, reason: str, on: date | None = None) -> Delivery:
    """撤下 a delivery that was entered by mistake, and what was said on it; the clocks are set anew."""
    one = begin(Instrument(pk=delivery.instrument_id), by, "edit", *OPEN)
    for turn in Turn.objects.filter(STANDS, instrument=one, delivery=delivery):
        take_back(turn, reason, on)
    take_back(delivery, reason, on)
    _start_clocks(one)
    log(by, "withdraw_delivery", one, delivery=str(delivery.uid), reason=reason)
    return delivery


@atomic
def endorse(*, delivery: Delivery, by: Viewer, verb: str, on: date, note: str = "") -> Turn:
    """批示 or 圈阅 of the leader. Of leaders nothing else is recorded. Raises Refused: note-needed, step-date, no-leader."""
    one = begin(Instrument(pk=delivery.instrument_id), by, "edit", *OPEN)
    kind = Turn.Verb(verb)
    if kind not in Turn.ENDORSING or delivery.to == To.UNIT or delivery.withdrawn_on is not None:
        raise Refused("no-leader", "批示、圈阅由送达的领导作出")
    check_day(on, delivery.on, today())
    if kind == Turn.Verb.INSTRUCT and not note.strip():
        raise Refused("note-needed", "请写明批示内容")
    row = Turn(
        instrument=one, delivery=delivery, verb=kind, on=on, by_name=str(delivery.person)[:64], note=note.strip()
    )
    row.save(force_insert=True)
    log(by, kind, one, on=on.isoformat())
    return row
