"""处置: what officers make of an alert. The only place that writes a step after a hit; a colour steps down by a second person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Max
from django.db.transaction import atomic

from jiandu.base.audit.services import record, seen
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.levels import change_level
from jiandu.net.access.models import Level
from jiandu.net.access.policy import doable
from jiandu.net.subjects.models import Organisation
from jiandu.sources.crosscheck.models import Alert, AlertStep
from jiandu.sources.crosscheck.states import (
    BY_BATCH,
    DISPOSITIONS,
    MOVES,
    Colour,
    State,
    Verb,
    is_legal,
    stepped,
)
from jiandu.sources.signals.models import Signal
from jiandu.sources.signals.services import NewSignal, raise_signal

BATCH = 500
MOST = 2_000  # alerts that are excluded together


@dataclass(frozen=True)
class Settled:
    """How far the problem has come that the alert became: closed, and looked back at with a good result."""

    closed_on: date | None = None
    held_on: date | None = None


@dataclass(frozen=True)
class NewTopic:
    """What the ledger is told: the unit, and the matter in words that name nobody."""

    subject: Organisation
    topic: str


def permission(verb: Verb) -> str:
    """The word of roles.csv that the act needs."""
    return "verify" if verb in {Verb.VERIFY, Verb.SEND_BACK} else "edit"


@atomic
def dispose(*, alert: Alert, by: Viewer, verb: str, on: date, note: str) -> Alert:
    """排除 or 属实已整改, with the reason. Raises Refused (not-allowed, not-legal, note-needed, step-date)."""
    if verb not in {*BY_BATCH, Verb.RECTIFY}:
        raise Refused("not-legal", "现在不能办理“%(verb)s”", verb=verb)
    return _write(_begin(alert, Verb(verb), by, on, note), Verb(verb), by, on, note)


@atomic
def exclude_many(*, uids: Iterable[UUID], by: Viewer, verb: str, on: date, note: str) -> int:
    """Several alerts excluded for one reason: all of them or none. Gives how many."""
    wanted = sorted(set(uids))
    if not wanted or len(wanted) > MOST:
        raise Refused("alerts-many", "请选择1至%(most)s条疑点", most=MOST)
    if verb not in BY_BATCH:
        raise Refused("not-legal", "现在不能办理“%(verb)s”", verb=verb)
    rows = list(Alert.objects.select_for_update(of=("self",)).filter(uid__in=wanted).order_by("pk"))
    if len(rows) != len(wanted):
        raise Refused("alerts-gone", "所选疑点有的不存在或不在您的范围内，请刷新页面")
    if len(doable(by, permission(Verb(verb)), Alert, [row.pk for row in rows])) != len(rows):
        raise Refused("not-allowed", "您没有“%(verb)s”的权限", verb=Verb(verb).label)
    for row in rows:
        _check_fits(row, Verb(verb), on, note)
    _write_many(rows, Verb(verb), by, on, note)
    return len(rows)


@atomic
def send_to_ledger(*, alert: Alert, by: Viewer, on: date, new: NewTopic, note: str = "") -> Signal:
    """转入问题台账: raises the pointer that the finding is opened from, in the same transaction. Raises Refused."""
    row = _begin(alert, Verb.TAKE, by, on, note or new.topic)
    told = NewSignal(
        origin=Signal.Origin.DATA,
        topic=new.topic[:200],
        received_on=on,
        office=row.owner_office,
        subject=new.subject,
        reference=f"{row.rule} {row.code}"[:64],
        level=row.level,
    )
    row.signal = raise_signal(new=told, by=by)
    _write(row, Verb.TAKE, by, on, note, changed=["signal"])
    return row.signal


@atomic
def mark_handed_over(*, alert: Alert, by: Viewer, on: date) -> Alert:
    """移送问题线索: called with the sealed hand-over, in its transaction. From then on the alert is 工作敏感."""
    row = _write(_begin(alert, Verb.PASS_CLUE, by, on, "·"), Verb.PASS_CLUE, by, on, "")
    if row.level < Level.SENSITIVE:
        change_level(row, Level.SENSITIVE)
    return row


@atomic
def verify(*, alert: Alert, by: Viewer, on: date, note: str, settled: Settled = Settled()) -> Alert:
    """核实: somebody who did not handle it confirms what was done, and the colour steps down.

    What became a problem steps down when that is closed, and again when a look-back found it held. Raises Refused:
    not-allowed, not-legal, note-needed, step-date, same-person, finding-open, finding-not-held.
    """
    row = _begin(alert, Verb.VERIFY, by, on, note)
    _check_other(row, by)
    _check_settled(row, settled)
    row.colour, row.verifier_id = stepped(State(row.state), Colour(row.colour)), by.user_id
    return _write(row, Verb.VERIFY, by, on, note, changed=["verifier"])


@atomic
def send_back(*, alert: Alert, by: Viewer, on: date, note: str) -> Alert:
    """退回重核: what was made of it does not hold; it waits again in the colour that the rule gave."""
    row = _begin(alert, Verb.SEND_BACK, by, on, note)
    _check_other(row, by)
    row.colour = Colour(row.told_colour)
    return _write(row, Verb.SEND_BACK, by, on, note)


def reveal(*, alert: Alert, by: Viewer) -> str:
    """The values in clear (JSON of key, sentence, values, behind); the look is logged first. Raises Refused."""
    if not guard.allow(by, "reveal", alert):
        raise Refused("not-allowed", "您没有查看个人信息明文的权限")
    seen(by, alert, what="personal")
    return str(alert.clear)


def _begin(alert: Alert, verb: Verb, by: Viewer, on: date, note: str) -> Alert:
    row: Alert = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
    if not guard.allow(by, permission(verb), row):
        raise Refused("not-allowed", "您没有“%(verb)s”的权限", verb=verb.label)
    _check_fits(row, verb, on, note)
    return row


def _check_fits(row: Alert, verb: Verb, on: date, note: str) -> None:
    if not is_legal(verb, State(row.state), Colour(row.colour)):
        raise Refused("already-decided", "该事项已处理,请刷新页面")
    if not note.strip():
        raise Refused("note-needed", "请写明理由")
    if not (row.handled_on or row.first_on) <= on <= today():
        raise Refused("step-date", "日期应在命中、处置之后且不晚于今天")


def _check_other(row: Alert, by: Viewer) -> None:
    if by.user_id is not None and by.user_id == row.handler_id:
        raise Refused("same-person", "处置人不能核实自己处置的疑点")


def _check_settled(row: Alert, settled: Settled) -> None:
    if row.state != State.TAKEN:
        return
    if settled.closed_on is None:
        raise Refused("finding-open", "转入的问题尚未销号，级别不变")
    if row.colour != row.told_colour and settled.held_on is None:
        raise Refused("finding-not-held", "转入的问题尚未经回头看确认，级别不变")


def _write(row: Alert, verb: Verb, by: Viewer, on: date, note: str, changed: Iterable[str] = ()) -> Alert:
    """The state, the step, the entry of the log. The note names nobody: that is said where it is typed."""
    before = State(row.state)
    if verb in DISPOSITIONS:
        _handled(row, verb, by, on)
    if verb == Verb.SEND_BACK:
        row.state, row.handled_on, row.handled_by = State.WAITING, None, ""
        row.handler_id = row.verifier_id = None
    row.save(update_fields=[*CHANGED, *changed])
    last = AlertStep.objects.filter(alert=row).aggregate(last=Max("seq"))["last"] or 0
    _step(row, verb, before, last + 1, _Said(by, on, note)).save(force_insert=True)
    _log(row, verb, on, by)
    return row


def _write_many(rows: list[Alert], verb: Verb, by: Viewer, on: date, note: str) -> None:
    """The same for many that are disposed of in one way: few statements, however many there are."""
    keys = [row.pk for row in rows]
    found = AlertStep.objects.filter(alert__in=keys).order_by().values("alert").annotate(last=Max("seq"))
    last = {each["alert"]: each["last"] for each in found}
    steps = []
    for row in rows:
        before = State(row.state)
        _handled(row, verb, by, on)
        steps.append(_step(row, verb, before, last.get(row.pk, 0) + 1, _Said(by, on, note)))
    one = {name: getattr(rows[0], name) for name in ("state", "handled_on", "handled_by", "handler_id", "verifier_id")}
    Alert.objects.filter(pk__in=keys).update(**one, handled_version=F("version"), handled_digest=F("digest"))
    AlertStep.objects.bulk_create(steps, batch_size=BATCH)
    said = {"verb": verb, "on": on.isoformat(), "alerts": [str(row.uid) for row in rows]}
    record(by, "alert.exclude_many", None, payload=said, level=max(row.level for row in rows))


def _handled(row: Alert, verb: Verb, by: Viewer, on: date) -> None:
    row.state = MOVES[verb].target or row.state
    row.handled_on, row.handled_by, row.handler_id = on, by.name[:64], by.user_id
    row.handled_version, row.handled_digest, row.verifier_id = row.version, row.digest, None


@dataclass(frozen=True)
class _Said:
    """By whom, on which day, why."""

    by: Viewer
    on: date
    note: str


def _step(row: Alert, verb: Verb, before: State, seq: int, said: _Said) -> AlertStep:
    return AlertStep(
        alert=row,
        seq=seq,
        verb=verb,
        from_state=before,
        to_state=row.state,
        to_colour=row.colour,
        on=said.on,
        by_name=said.by.name[:64],
        version=row.version,
        note=said.note.strip()[:300],
    )


def _log(row: Alert, verb: Verb, on: date, by: Viewer) -> None:
    said: dict[str, Any] = {"on": on.isoformat(), "to": row.state, "colour": row.colour}
    record(by, f"alert.{verb}", row, payload=said)


CHANGED = (
    *("state", "colour", "handled_on", "handled_by"),
    *("handler", "handled_version", "handled_digest", "verifier"),
)
