"""交接: a list is drafted, both sign it, online or on paper, and on its day what stands on it is the successor's.

An officer hands over himself, whatever becomes of his account, all or a part; whoever keeps accounts drafts for him who
cannot. What came into his hands meanwhile is taken in before anybody signs: nothing is left behind unseen.
"""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.files.store import Upload
from jiandu.net.access import deciding
from jiandu.net.access.deciding import Signature
from jiandu.net.access.handover_list import (
    NewHandover,
    Role,
    State,
    Status,
    add_items,
    ask,
    both_signed,
    difference,
    end,
    said,
    write_list,
)
from jiandu.net.access.hands import list_of
from jiandu.net.access.leaving import check_successor, check_takes, move
from jiandu.net.access.models import Handover, HandoverItem, HandoverSignature
from jiandu.net.access.standing import viewer_as_person, viewer_of

SYSTEM = "handover"


@dataclass(frozen=True)
class OnPaper:
    """A signature on paper as typed: its date, what was written beside it, perhaps its scan."""

    on: date
    opinion: str = ""
    scan: Upload | None = None


@atomic
def draft_handover(*, new: NewHandover, by: Viewer) -> Handover:
    """交接单: the list as it is today, waiting for its signatures.

    Raises Refused: not-allowed, hand-over-person, handover-third, handover-empty, handover-open, and as `check_may_take`.
    """
    if new.giver.pk != by.user_id and not guard.allow(by, "edit", User):
        raise Refused("not-allowed", "只能移交本人名下的事项")
    check_successor(new.giver, new.receiver)
    _check_third(new.supervisor, new.giver, new.receiver)
    held = [row for row in list_of(new.giver, giveable=True) if new.chosen is None or row.uid in new.chosen]
    if not held:
        raise Refused("handover-empty", "没有可以移交的事项")
    only = frozenset(row.uid for row in held)
    for user in filter(None, (new.receiver, new.supervisor)):
        check_takes(new.giver, user, only)
    with guard.acting(guard.system(SYSTEM)):
        waiting = HandoverItem.objects.filter(handover__in=_open_of(new.giver), thing__in=only, is_gone=False)
        if waiting.exists():
            raise Refused("handover-open", "其中有事项已列入另一份待签字的交接单，请先办结或撤回")
        one = write_list(new, held, by)
        record(by, "handover.draft", one, payload=said(one, count=len(held)))
    return one


def _open_of(giver: User) -> list[int]:
    return list(Handover.objects.filter(made_by=giver, state=State.DRAFTED).values_list("pk", flat=True))


def _check_third(supervisor: User | None, giver: User, receiver: User) -> None:
    if supervisor is not None and (supervisor.pk in {giver.pk, receiver.pk} or not supervisor.is_active):
        raise Refused("handover-third", "监交人须是移交人和接收人以外的在用账户")


# --- the list ---


@atomic
def take_in(*, handover: Handover, by: Viewer) -> Handover:
    """更新清单: what came meanwhile is on it, what has gone is marked; who had signed signs anew.

    Raises Refused: not-allowed, already-decided, handover-same, and as `check_may_take`.
    """
    with guard.acting(guard.system(SYSTEM)):
        one = _draft_of(handover, by)
        found = difference(one)
        if not found:
            raise Refused("handover-same", "清单与名下事项一致，无须更新")
        check_takes(one.made_by, one.receiver, frozenset(row.uid for row in found.added))
        HandoverItem.objects.filter(handover=one, thing__in=found.gone).update(is_gone=True)
        again = HandoverItem.objects.filter(handover=one, thing__in=[row.uid for row in found.added])
        known = set(again.values_list("thing", flat=True))
        again.update(is_gone=False)
        add_items(one, [row for row in found.added if row.uid not in known], is_added=True)
        one.listed_on = today()
        one.save(update_fields=["listed_on"])
        for row in one.signatures.exclude(status__in=[Status.WAITING, Status.LAPSED]).select_related("user"):
            deciding.lapse(row)
            ask(one, row.role, row.user, by)
        record(by, "handover.update_list", one, payload=said(one, added=len(found.added), gone=len(found.gone)))
    return one


@atomic
def name_supervisor(*, handover: Handover, by: Viewer, user: User) -> Handover:
    """监交人 is named, or another one, as long as nobody has signed as such; also after everything went over at once.

    Raises Refused: not-allowed, already-decided, handover-third, as `check_may_take`.
    """
    with guard.acting(guard.system(SYSTEM)):
        one = _locked(handover)
        _check_gives_or_receives(one, by)
        has_signed = one.signatures.filter(role=Role.SUPERVISOR, status__in=[Status.GRANTED, Status.ON_PAPER])
        if one.state == State.ENDED or has_signed.exists():
            raise Refused("already-decided", "该事项已处理，请刷新页面")
        _check_third(user, one.made_by, one.receiver)
        check_takes(one.made_by, user, frozenset(one.items.values_list("thing", flat=True)))
        for row in one.signatures.filter(role=Role.SUPERVISOR).exclude(status=Status.LAPSED):
            deciding.lapse(row)
        one.supervisor = user
        one.save(update_fields=["supervisor"])
        ask(one, Role.SUPERVISOR, user, by)
        record(by, "handover.supervise", one, payload=said(one, supervisor=user.username))
    return one


@atomic
def withdraw_handover(*, handover: Handover, by: Viewer, reason: str) -> Handover:
    """撤回: nothing is handed over. Raises Refused: not-allowed, already-decided, reason-needed."""
    if not reason.strip():
        raise Refused("reason-needed", "请写明事由")
    with guard.acting(guard.system(SYSTEM)):
        one = _locked(handover)
        if by.user_id != one.made_by_id and not guard.allow(by, "edit", User):
            raise Refused("not-allowed", "由移交人撤回")
        _check_open(one)
        end(one, reason.strip())
        record(by, "handover.take_back", one, payload=said(one, reason=reason.strip()))
    return one


# --- signatures ---


@atomic
def sign_handover(*, signature: HandoverSignature, by: Viewer, opinion: str = "") -> Handover:
    """签字 by one's own account, today. When giver and receiver have signed and its day has come, it is handed over.

    Raises Refused: not-allowed, already-decided, handover-grown, and what handing over is refused for.
    """
    with guard.acting(guard.system(SYSTEM)):
        row, one = _waiting(signature)
        _check_own(row, by)
        _check_taken_in(one)
        deciding.write(
            row, Signature(is_granted=True, on=today(), opinion=opinion.strip(), signer=viewer_as_person(by))
        )
        record(by, "handover.sign", one, payload=said(one, role=row.role, **deciding.said(row)))
        _settle(one, by)
    return one


@atomic
def decline_handover(*, signature: HandoverSignature, by: Viewer, reason: str) -> Handover:
    """不同意: the draft ends, with the reason. Raises Refused: not-allowed, already-decided, reason-needed."""
    if not reason.strip():
        raise Refused("reason-needed", "请写明事由")
    with guard.acting(guard.system(SYSTEM)):
        row, one = _waiting(signature)
        _check_own(row, by)
        _check_open(one)
        deciding.write(
            row, Signature(is_granted=False, on=today(), opinion=reason.strip(), signer=viewer_as_person(by))
        )
        end(one, reason.strip())
        record(by, "handover.disagree", one, payload=said(one, role=row.role, **deciding.said(row)))
    return one


@atomic
def sign_on_paper(*, signature: HandoverSignature, by: Viewer, paper: OnPaper) -> HandoverSignature:
    """纸质签字, typed by one of the parties: it counts when another of them has confirmed it.

    Raises Refused: not-allowed, already-decided, step-date, handover-grown.
    """
    with guard.acting(guard.system(SYSTEM)):
        row, one = _waiting(signature)
        _check_party(one, by)
        if paper.on > today():
            raise Refused("step-date", "日期不能晚于今天:%(on)s", on=paper.on.isoformat())
        _check_taken_in(one)
        who = viewer_as_person(viewer_of(row.user))
        deciding.write_paper(
            row, by, Signature(is_granted=True, on=paper.on, opinion=paper.opinion.strip(), signer=who)
        )
        scan = deciding.put(row, paper.scan)
        record(by, "handover.sign_on_paper", one, payload=said(one, role=row.role, scan=scan, **deciding.said(row)))
    return row


@atomic
def confirm_paper(*, signature: HandoverSignature, by: Viewer) -> Handover:
    """A second of the parties has seen the paper. Raises Refused: not-allowed, two-persons, already-decided, handover-grown."""
    with guard.acting(guard.system(SYSTEM)):
        row, one = _typed(signature, by)
        _check_taken_in(one)
        deciding.write(row, deciding.confirm(row, by))
        record(by, "handover.confirm_paper", one, payload=said(one, role=row.role, **deciding.said(row)))
        _settle(one, by)
    return one


@atomic
def return_paper(*, signature: HandoverSignature, by: Viewer, reason: str) -> HandoverSignature:
    """What was typed is not what the paper says: it is waited for anew. Raises Refused (reason-needed, already-decided)."""
    if not reason.strip():
        raise Refused("reason-needed", "请写明事由")
    with guard.acting(guard.system(SYSTEM)):
        row, one = _typed(signature, by)
        deciding.lapse(row)
        fresh = ask(one, row.role, row.user, by)
        record(by, "handover.return_paper", one, payload=said(one, role=row.role, reason=reason.strip()))
    return fresh


@atomic
def add_scan(*, signature: HandoverSignature, by: Viewer, scan: Upload) -> HandoverSignature:
    """The scan of a paper that was typed without one. Raises Refused: not-allowed, not-paper, scan-kept."""
    with guard.acting(guard.system(SYSTEM)):
        row, one = _signature(signature)
        _check_party(one, by)
        kept = deciding.put_later(row, scan)
        record(by, "handover.add_scan", one, payload=said(one, role=row.role, scan=kept))
    return row


@atomic
def withdraw_scan(*, signature: HandoverSignature, by: Viewer, reason: str) -> HandoverSignature:
    """撤下扫描件 that was attached by mistake. Raises Refused: not-allowed, no-scan, reason-needed."""
    with guard.acting(guard.system(SYSTEM)):
        row, one = _signature(signature)
        _check_party(one, by)
        gone = deciding.take_down_scan(row, by, reason)
        record(by, "handover.withdraw_scan", one, payload=said(one, role=row.role, scan=gone))
    return row


# --- handing over ---


@atomic
def complete_handover(*, handover: Handover, by: Viewer) -> Handover:
    """移交, by hand: where its day has come after the signatures. Raises Refused: handover-early, handover-unsigned, …."""
    with guard.acting(guard.system(SYSTEM)):
        one = _draft_of(handover, by)
        if one.on > today():
            raise Refused("handover-early", "移交日期是%(day)s，届时自动移交", day=one.on.isoformat())
        if not both_signed(one):
            raise Refused("handover-unsigned", "移交人和接收人签字后移交")
        _take_effect(one, by)
    return one


def complete_due() -> list[str]:
    """Those whose day has come are handed over. What is refused stays, and its page says why when it is done by hand."""
    done = []
    with atomic(), guard.acting(guard.system(SYSTEM)):
        due = list(Handover.objects.filter(state=State.DRAFTED, on__lte=today()).order_by("pk"))
    for one in due:
        try:
            done.append(str(_complete_one(one).uid))
        except Refused:
            continue
    return done


@atomic
def _complete_one(handover: Handover) -> Handover:
    by = guard.system("handover due")
    with guard.acting(by):
        one = _locked(handover)
        if not both_signed(one):
            raise Refused("handover-unsigned", "移交人和接收人签字后移交")
        _take_effect(one, by)
    return one


def _settle(one: Handover, by: Viewer) -> None:
    if one.state == State.DRAFTED and one.on <= today() and both_signed(one):
        _take_effect(one, by)


def _take_effect(one: Handover, by: Viewer) -> None:
    """One act: everything on the list is the receiver's from now on; the log keeps which records."""
    _check_open(one)
    _check_taken_in(one)
    one.items.filter(thing__in=difference(one).gone).update(is_gone=True)
    only = frozenset(one.items.filter(is_gone=False).values_list("thing", flat=True))
    check_successor(one.made_by, one.receiver)
    moved = move(one.made_by, one.receiver, only)
    one.state, one.handed_on = State.HANDED, today()
    one.save(update_fields=["state", "handed_on"])
    record(by, "handover.complete", one, payload=said(one, records=moved))


# --- what is asked of each act ---


def _locked(handover: Handover) -> Handover:
    rows = Handover.objects.select_for_update(of=("self",)).select_related("made_by", "receiver")
    one: Handover = rows.get(pk=handover.pk)
    return one


def _draft_of(handover: Handover, by: Viewer) -> Handover:
    one = _locked(handover)
    _check_gives_or_receives(one, by)
    _check_open(one)
    return one


def _check_gives_or_receives(one: Handover, by: Viewer) -> None:
    if by.user_id not in {one.made_by_id, one.receiver_id}:
        raise Refused("not-allowed", "由移交人或接收人办理")


def _signature(signature: HandoverSignature) -> tuple[HandoverSignature, Handover]:
    one = _locked(signature.handover)
    return one.signatures.select_related("user").get(pk=signature.pk), one


def _waiting(signature: HandoverSignature) -> tuple[HandoverSignature, Handover]:
    row, one = _signature(signature)
    if row.status != Status.WAITING or one.state == State.ENDED:
        raise Refused("already-decided", "该事项已处理，请刷新页面")
    return row, one


def _typed(signature: HandoverSignature, by: Viewer) -> tuple[HandoverSignature, Handover]:
    row, one = _signature(signature)
    _check_party(one, by)
    deciding.check_typed(row)
    return row, one


def _check_open(one: Handover) -> None:
    if one.state != State.DRAFTED:
        raise Refused("already-decided", "该事项已处理，请刷新页面")


def _check_own(row: HandoverSignature, by: Viewer) -> None:
    if row.user_id != by.user_id:
        raise Refused("not-allowed", "请由%(name)s本人签字", name=row.user.name)


def _check_party(one: Handover, by: Viewer) -> None:
    if by.user_id not in {one.made_by_id, one.receiver_id, one.supervisor_id}:
        raise Refused("not-allowed", "由交接各方办理")


def _check_taken_in(one: Handover) -> None:
    """Nobody signs a list that is not whole any more. Raises Refused (handover-grown)."""
    if added := difference(one).added:
        words = _("拟稿后新增%(count)d项，请先更新清单再签字")
        raise Refused("handover-grown", words, count=len(added))
