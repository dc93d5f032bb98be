"""What a leader decides about an activity: online, or on paper that one person typed and another confirms; then it is made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files.store import Upload
from jiandu.net.access import deciding
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import check_other_person
from jiandu.net.access.standing import viewer_as_person
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity, ActivityApproval, Party
from jiandu.sources.activities.project_parts import Closing
from jiandu.sources.activities.services.events import Turn, check_turn, happen, leads, may, not_later
from jiandu.sources.activities.services.granting import Decided, grant_online, new_approval
from jiandu.sources.activities.services.planning import admit

Kind, Status, Verb = Activity.Kind, ActivityApproval.Status, ActivityApproval.Verb


# --- online ---


@atomic
def approve_activity(*, activity: Activity, by: Viewer, on: date) -> Activity:
    """立项: a proposed activity is approved; from then on it counts, with the bodies that proposed it."""
    return _decide(activity, by, Decided(Verb.APPROVE, on))


@atomic
def end_activity(*, activity: Activity, by: Viewer, on: date, note: str, is_stopped: bool = False) -> Activity:
    """同意结项, or 终止 before the targets were reached. An ended project still counts."""
    return _decide(activity, by, Decided(Verb.STOP if is_stopped else Verb.END, on, note))


@atomic
def merge_activity(*, activity: Activity, by: Viewer, into: Activity, reason: str, on: date | None = None) -> Activity:
    """已并入, on a day (today): from then on the project no longer counts; its parties join the main one."""
    return _decide(activity, by, Decided(Verb.MERGE, on or today(), reason, into))


@atomic
def put_off_activity(*, activity: Activity, by: Viewer, on: date, note: str, until: date) -> Activity:
    """延期结项, to a later day than was planned. Raises Refused (until-needed, note-needed)."""
    return _decide(activity, by, Decided(Verb.PUT_OFF, on, note, until=until))


@atomic
def drop_activity(*, activity: Activity, by: Viewer, on: date, reason: str) -> Activity:
    """不予立项: what was proposed is not taken up. It stays in the list, and no figure has ever counted it."""
    return _decide(activity, by, Decided(Verb.DROP, on, reason))


def _decide(activity: Activity, by: Viewer, said: Decided) -> Activity:
    may_decide(by, activity)
    one = held(activity)
    check_evaluated(one, by, said.verb)
    make(one, by, said, by.name)
    grant_online(one, by, said)
    let_lapse(one)
    return one


def may_decide(by: Viewer, activity: Activity) -> None:
    """Who leads it, or stands above: the head of a body that only takes part does not. Raises Refused: not-allowed, lead-only."""
    may(by, "approve", activity)
    if not leads(by, activity):
        raise Refused("lead-only", "由牵头室组办理")


# --- on paper ---


def awaits(one: Activity) -> tuple[ActivityApproval.Verb, ...]:
    """What may be decided about it now, by its kind and how far it has come."""
    if one.merged_into_id or one.ended_on or one.dropped_on:
        return ()
    if one.kind == Kind.PROJECT:
        return OF_PROPOSED if one.approved_on is None else OF_APPROVED
    return OTHERS.get(Kind(one.kind), ())


OF_PROPOSED = (Verb.APPROVE, Verb.DROP, Verb.MERGE)
OF_APPROVED = (Verb.END, Verb.PUT_OFF, Verb.STOP, Verb.MERGE)
OTHERS = {
    Kind.CAMPAIGN: (Verb.END,),
    Kind.ROUND: (Verb.APPROVE_REPORT,),
    Kind.TOPIC: (Verb.CARRY_ON, Verb.CONCLUDE),
}


@atomic
def sign_on_paper(*, activity: Activity, by: Viewer, what: Decided, signature: Signature) -> ActivityApproval:
    """纸质签批: a clerk types what was signed on paper, with its scan if there is one. Nothing is made until it is confirmed.

    Raises Refused: not-allowed, signer-needed, approve-other-person, closing-needed, already-asked, and what the act
    itself is refused for.
    """
    may(by, "paper", activity)
    one = held(activity)
    check_other_person(deciding.check_signer_named(signature), viewer_as_person(by))
    check_evaluated(one, by, what.verb)
    said = replace(what, on=signature.on, note=what.note.strip() or signature.opinion)
    check_can(one, said)
    asked = one.approvals.filter(verb=what.verb, status__in=[Status.WAITING, Status.ON_PAPER]).first()
    if asked is not None and asked.status == Status.ON_PAPER:
        raise Refused("already-asked", "同一事项已在签批中")
    row = _as_signed(asked, said) if asked else new_approval(one, by, replace(said, note=what.note))
    deciding.write_paper(row, by, signature)
    scan = deciding.put(row, signature.scan)
    record(by, "activity.sign_on_paper", one, payload={"verb": what.verb, "scan": scan, **deciding.said(row)})
    return row


def _as_signed(row: ActivityApproval, said: Decided) -> ActivityApproval:
    """What was put to the leader, as the paper that he signed says it."""
    row.note, row.merge_into, row.until = said.note, said.into or row.merge_into, said.until or row.until
    row.save(update_fields=["note", "merge_into", "until"])
    return row


def check_can(one: Activity, said: Decided) -> None:
    """Whether it may be decided now. Raises Refused: already-decided, and what the act itself is refused for."""
    if said.verb not in awaits(one):
        raise Refused("already-decided", "该事项已处理，请刷新页面")
    DEEDS[Verb(said.verb)].check(one, said)


def check_evaluated(one: Activity, by: Viewer, verb: str) -> None:
    """A project ends by its 结项评价; what the system brings in as history has none. Raises Refused (closing-needed)."""
    if one.kind != Kind.PROJECT or verb != Verb.END or by.is_system:
        return
    if not Closing.objects.filter(activity=one, withdrawn_on__isnull=True).exists():
        raise Refused("closing-needed", "请先填写结项评价")


@atomic
def confirm_paper(*, approval: ActivityApproval, by: Viewer) -> ActivityApproval:
    """A second person has seen the paper: what it grants is made, on its date. Raises Refused (two-persons, already-decided)."""
    one, row = _typed(approval, by)
    signature = deciding.confirm(row, by)
    deciding.write(row, signature)
    record(by, "activity.decide", one, payload={"verb": row.verb, **deciding.said(row)})
    if signature.is_granted:
        make(one, by, said_of(row), row.signer_name)
        let_lapse(one)
    return row


@atomic
def return_paper(*, approval: ActivityApproval, by: Viewer, reason: str) -> ActivityApproval:
    """What was typed is not what the paper says: it lapses, and may be typed anew. Raises Refused (reason-needed)."""
    one, row = _typed(approval, by)
    if not reason.strip():
        raise Refused("reason-needed", "请写明事由")
    deciding.lapse(row)
    record(by, "activity.return_paper", one, payload={"verb": row.verb, "reason": reason.strip()})
    return row


@atomic
def add_scan(*, approval: ActivityApproval, by: Viewer, scan: Upload) -> ActivityApproval:
    """The scan of a paper that was typed without one. Raises Refused: not-paper, scan-kept."""
    may(by, "paper", approval.activity)
    row = ActivityApproval.objects.get(pk=approval.pk)
    kept = deciding.put_later(row, scan)
    record(by, "activity.add_scan", row.activity, payload={"of": str(row.uid), "scan": kept})
    return row


@atomic
def withdraw_scan(*, approval: ActivityApproval, by: Viewer, reason: str) -> ActivityApproval:
    """撤下扫描件 that was attached by mistake. Raises Refused: no-scan, reason-needed."""
    may(by, "paper", approval.activity)
    row = ActivityApproval.objects.get(pk=approval.pk)
    gone = deciding.take_down_scan(row, by, reason)
    record(by, "activity.withdraw_scan", row.activity, payload={"of": str(row.uid), "scan": gone})
    return row


def _typed(approval: ActivityApproval, by: Viewer) -> tuple[Activity, ActivityApproval]:
    """The activity, held, and the paper that waits; whoever confirms may also send back."""
    may(by, "confirm_paper", approval.activity)
    one = held(approval.activity)
    row = ActivityApproval.objects.get(pk=approval.pk)
    deciding.check_typed(row)
    return one, row


def held(activity: Activity) -> Activity:
    """As it is now, until the transaction ends. Raises Refused (not-there)."""
    one: Activity | None = Activity.objects.select_for_update(of=("self",)).filter(pk=activity.pk).first()
    if one is None:
        raise Refused("not-there", "没有这条记录")
    return one


# --- what is made ---


def make(one: Activity, by: Viewer, said: Decided, who: str) -> None:
    deed = DEEDS[Verb(said.verb)]
    deed.check(one, said)
    deed.make(one, by, said, who)


def let_lapse(one: Activity) -> None:
    """What waits for what cannot be made any more lapses: the activity has moved on."""
    for row in one.approvals.filter(status__in=[Status.WAITING, Status.ON_PAPER]):
        if row.verb not in awaits(one):
            deciding.lapse(row)
            continue
        try:
            DEEDS[Verb(row.verb)].check(one, said_of(row))
        except Refused:
            deciding.lapse(row)


def said_of(row: ActivityApproval) -> Decided:
    """What an approval decides; where nothing else was said of it, the leader's own words say it."""
    return Decided(row.verb, row.signed_on or today(), row.note or row.opinion, row.merge_into, row.until)


def _can_approve(one: Activity, said: Decided) -> None:
    if one.approved_on is not None or one.dropped_on is not None:
        raise Refused("already-decided", "该项目已立项或不予立项")
    not_later(said.on)


def _approve(one: Activity, by: Viewer, said: Decided, _who: str) -> None:
    one.approved_on, one.approved_is_derived = said.on, False
    one.save(update_fields=["approved_on", "approved_is_derived"])
    first = Party.objects.get(activity=one, role=Party.Role.LEAD).since
    # entered after the day of its approval: whoever has taken part from the first took part on that day
    for party in Party.objects.filter(activity=one, since=first) if said.on < first else []:
        party.since = said.on
        party.save(update_fields=["since"])
    record(by, "activity.approve", one, payload={"on": said.on.isoformat()})


def _can_merge(one: Activity, said: Decided) -> None:
    into = Activity.objects.filter(pk=said.into.pk).first() if said.into else None
    is_main = into is not None and into.pk != one.pk and not into.merged_into_id and not into.dropped_on
    if not is_main or one.merged_into_id or one.dropped_on or not said.note.strip():
        raise Refused("merge-main", "请选择另一个未并入的项目,并写明原因")
    not_later(said.on)


def _merge(one: Activity, by: Viewer, said: Decided, _who: str) -> None:
    into = Activity.objects.get(pk=said.into.pk if said.into else 0)
    for party in Party.objects.filter(activity=one).order_by("pk"):
        admit(into, Office.objects.get(pk=party.office_id), Party.Role.MEMBER, party.since)
    one.merged_into, one.merged_on, one.merged_at = into, said.on, now()
    one.save(update_fields=["merged_into", "merged_on", "merged_at"])
    payload = {"into": str(into.uid), "on": said.on.isoformat(), "reason": said.note}
    record(by, "activity.merge", one, payload=payload)


def _can_drop(one: Activity, said: Decided) -> None:
    _can_approve(one, said)
    if not said.note.strip():
        raise Refused("reason-needed", "请写明事由")


def _drop(one: Activity, by: Viewer, said: Decided, _who: str) -> None:
    one.dropped_on = said.on
    one.save(update_fields=["dropped_on"])
    record(by, "activity.decline", one, payload={"on": said.on.isoformat(), "reason": said.note})


def _can_put_off(one: Activity, said: Decided) -> None:
    after = max(said.on, one.due_on or said.on)
    if said.until is None or said.until <= after:
        raise Refused("until-needed", "请填写延期至哪一天，应晚于%(day)s", day=after.isoformat())
    _can_happen(one, said)


def _put_off(one: Activity, by: Viewer, said: Decided, who: str) -> None:
    one.due_on = said.until
    one.save(update_fields=["due_on"])
    _happen(one, by, replace(said, note=f"延期至{said.until}。{said.note}"), who)


def _can_end(one: Activity, said: Decided) -> None:
    if one.ended_on is not None:
        raise Refused("already-decided", "该项目已结项，请刷新页面")
    if one.approved_on is None or said.on < one.approved_on or said.on > today():
        raise Refused("step-date", "结项日期应在立项之后且不晚于今天")


def _end(one: Activity, by: Viewer, said: Decided, _who: str) -> None:
    one.ended_on, one.is_stopped = said.on, said.verb == Verb.STOP
    one.save(update_fields=["ended_on", "is_stopped"])
    record(by, f"activity.{said.verb}", one, payload={"on": said.on.isoformat(), "note": said.note})


def _can_happen(one: Activity, said: Decided) -> None:
    check_turn(one, Turn(said.verb, said.on, said.note))


def _happen(one: Activity, by: Viewer, said: Decided, who: str) -> None:
    happen(one, by, Turn(said.verb, said.on, said.note, who))


@dataclass(frozen=True)
class Deed:
    """What a decision makes: whether it can be made now, and how it is written."""

    check: Callable[[Activity, Decided], None]
    make: Callable[[Activity, Viewer, Decided, str], None]


DEEDS = {
    Verb.APPROVE: Deed(_can_approve, _approve),
    Verb.END: Deed(_can_end, _end),
    Verb.STOP: Deed(_can_end, _end),
    Verb.MERGE: Deed(_can_merge, _merge),
    Verb.DROP: Deed(_can_drop, _drop),
    Verb.PUT_OFF: Deed(_can_put_off, _put_off),
    **dict.fromkeys([Verb.APPROVE_REPORT, Verb.CARRY_ON, Verb.CONCLUDE], Deed(_can_happen, _happen)),
}
