"""What an officer puts to the leader about a project: that it be taken up, dropped or merged, and how it is to end."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.access import deciding as signing
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import check_other_person
from jiandu.net.access.standing import viewer_as_person
from jiandu.sources.activities.models import Activity, ActivityApproval
from jiandu.sources.activities.project_parts import Closing
from jiandu.sources.activities.services.deciding import check_can, held, let_lapse, make, may_decide, said_of
from jiandu.sources.activities.services.events import leads, may, not_later
from jiandu.sources.activities.services.granting import Decided, new_approval

Status, Verb = ActivityApproval.Status, ActivityApproval.Verb
#: What a closing evaluation proposes; the rest is put to the leader by itself.
CLOSING = (Verb.END, Verb.PUT_OFF, Verb.STOP)


@atomic
def propose(
    *, activity: Activity, by: Viewer, verb: str, reason: str, into: Activity | None = None
) -> ActivityApproval:
    """提请签批: 立项, 不予立项, 并入, with the reason. Raises Refused: not-allowed, lead-only, reason-needed, already-asked."""
    _may_lead(by, activity)
    one = held(activity)
    if Verb(verb) in CLOSING:
        raise Refused("closing-needed", "请先填写结项评价")
    return _ask(one, by, Decided(Verb(verb), today(), reason, into))


def _ask(one: Activity, by: Viewer, said: Decided) -> ActivityApproval:
    if not said.note.strip():
        raise Refused("reason-needed", "请写明事由")
    check_can(one, said)
    if one.approvals.filter(verb=said.verb, status__in=[Status.WAITING, Status.ON_PAPER]).exists():
        raise Refused("already-asked", "同一事项已在签批中")
    row = new_approval(one, by, said)
    payload = {"verb": said.verb, "reason": row.note, "until": said.until.isoformat() if said.until else ""}
    record(by, "activity.propose", one, payload=payload)
    return row


@atomic
def decide(*, approval: ActivityApproval, by: Viewer, signature: Signature) -> ActivityApproval:
    """签批 online of what was put to the leader: granted, it is made on its day; refused, the reason stays.

    Raises Refused: not-allowed, already-decided, approve-other-person, and what the act itself is refused for.
    """
    may_decide(by, approval.activity)
    one = held(approval.activity)
    row = ActivityApproval.objects.get(pk=approval.pk)
    _check_waits(row)
    who = viewer_as_person(by)
    asker = signing.asker_of(row)
    if asker is not None:
        check_other_person(who, asker)
    signing.write(row, replace(signature, signer=who))
    if signature.is_granted:
        make(one, by, said_of(row), by.name)
    record(by, "activity.decide", one, payload={"verb": row.verb, **signing.said(row)})
    let_lapse(one)
    return row


@atomic
def take_back_proposal(*, approval: ActivityApproval, by: Viewer, reason: str) -> ActivityApproval:
    """撤回提请 before it is decided. Raises Refused: lead-only, already-decided, reason-needed."""
    _may_lead(by, approval.activity)
    one = held(approval.activity)
    row = ActivityApproval.objects.get(pk=approval.pk)
    _check_waits(row)
    if not reason.strip():
        raise Refused("reason-needed", "请写明事由")
    signing.lapse(row)
    record(by, "activity.take_back_proposal", one, payload={"verb": row.verb, "reason": reason.strip()})
    return row


@dataclass(frozen=True)
class NewClosing:
    """The four answers with their words, the counts of the day, and what is proposed why; of 延期结项, until when."""

    on: date
    targets: str
    findings: str
    rules: str
    materials: str
    proposes: str
    note: str
    found: int
    settled: int
    rules_made: int
    until: date | None = None
    targets_note: str = ""
    findings_note: str = ""
    rules_note: str = ""
    materials_note: str = ""


@atomic
def evaluate(*, activity: Activity, by: Viewer, new: NewClosing) -> Closing:
    """结项评价 by the lead office; what it proposes is put to the leader with it.

    Raises Refused: not-allowed, lead-only, step-date, reason-needed, already-asked, until-needed.
    """
    _may_lead(by, activity)
    one = held(activity)
    not_later(new.on)
    proposes = Closing.Proposal(new.proposes)
    until = new.until if proposes == Closing.Proposal.PUT_OFF else None
    for name in ("targets", "findings", "rules", "materials"):
        Closing.Answer(getattr(new, name))
    _ask(one, by, Decided(Verb(new.proposes), new.on, new.note, until=until))
    said: dict[str, Any] = {field.name: getattr(new, field.name) for field in fields(new)}
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    row = Closing(activity=one, by_name=by.name[:64], **said | {"until": until})
    row.save(force_insert=True)
    record(by, "activity.evaluate_closing", one, payload={"proposes": proposes, "closing": str(row.uid)})
    return row


@atomic
def withdraw_closing(*, closing: Closing, by: Viewer, reason: str, on: date | None = None) -> Closing:
    """撤下 an evaluation that was wrong: what it put to the leader, if that still waits, lapses with it."""
    activity = closing.activity
    _may_lead(by, activity)
    one = held(activity)
    take_back(closing, reason, on)
    for row in one.approvals.filter(verb=closing.proposes, status=Status.WAITING):
        signing.lapse(row)
    record(by, "activity.withdraw_closing", one, payload={"closing": str(closing.uid), "reason": reason})
    return closing


def _may_lead(by: Viewer, activity: Activity) -> None:
    """Raises Refused: not-allowed, lead-only."""
    may(by, "edit", activity)
    if not leads(by, activity):
        raise Refused("lead-only", "由牵头室组办理")


def _check_waits(row: ActivityApproval) -> None:
    if row.status != Status.WAITING:
        raise Refused("already-decided", "该事项已处理，请刷新页面")
