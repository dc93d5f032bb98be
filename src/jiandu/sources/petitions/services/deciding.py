"""What the petition office decides: verified name, proposal and approval, repeat, kept, declined; and the hand-off by two."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.accounts.models import User
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.core.words import as_recorded
from jiandu.net.access.services import assign_record, assign_to_office
from jiandu.net.overseers.models import Office
from jiandu.net.vaults.holding import Unlocked
from jiandu.sources.petitions import rules, vault
from jiandu.sources.petitions.models import HandOff, Petition
from jiandu.sources.petitions.recipients import recipient, reported
from jiandu.sources.petitions.services.notifying import Notice, lacks_notice, notified
from jiandu.sources.petitions.services.steps import Done, begin, standing, write
from jiandu.sources.petitions.states import Competence, Named, Verb

CHECKED = frozenset({Named.VERIFIED, Named.IMPOSTOR, Named.UNVERIFIABLE})


@atomic
def check_name(*, petition: Petition, by: Viewer, on: date, found: str) -> Petition:
    """实名核实: verified, an impostor, or not to be verified, which is handled as anonymous (art. 30). Raises Refused (name-found)."""
    petition = begin(petition, Verb.NAME_CHECKED, by, on)
    if found not in CHECKED or petition.named == Named.ANONYMOUS:
        raise Refused("name-found", "匿名件不核实身份；核实结果为实名、冒名或无法核实")
    petition.named = Named(found)
    return write(petition, Verb.NAME_CHECKED, by, Done(on), ("named",))


@atomic
def propose(*, petition: Petition, by: Viewer, done: Done, leader: User | None = None) -> Petition:
    """拟办: what is proposed; with a leader's account, the petition is opened to him by name, and to nobody above him."""
    petition = begin(petition, Verb.PROPOSE, by, done.on)
    petition = write(petition, Verb.PROPOSE, by, done)
    if leader is not None:
        assign_record(thing=petition, by=guard.system("petition proposed"), user=leader)
    return petition


@atomic
def approve(*, petition: Petition, by: Viewer, done: Done) -> Petition:
    """批办: the leader himself, or the clerk for the words on paper, which then name the leader. Raises Refused (granted-by)."""
    petition = begin(petition, Verb.APPROVE, by, done.on)
    rules.check_granted(done.granted_by or by.name)
    return write(petition, Verb.APPROVE, by, done)


@atomic
def mark_repeat(
    *, petition: Petition, by: Viewer, on: date, main: Petition | None, note: str = "", has_new: bool | None = None
) -> Petition:
    """认定重复件: it is kept and not handled again; the main item keeps the count. `main` None: it is not with us.

    `has_new`: whether it says something that the main item does not; None where nobody has looked.

    Raises Refused (repeat-main, repeat-later).
    """
    petition = begin(petition, Verb.REPEAT, by, on)
    if main is not None:
        main = Petition.objects.get(pk=main.pk)
        main = main.repeat_of or main  # a star: never a chain
        _check_main(petition, main)
    petition.repeat_of, petition.is_repeat, petition.has_new = main, True, has_new
    return write(petition, Verb.REPEAT, by, Done(on, note), ("repeat_of", "is_repeat", "has_new"))


def _check_main(petition: Petition, main: Petition) -> None:
    if main.pk == petition.pk or main.withdrawn_on is not None:
        raise Refused("repeat-main", "请选择另一件有效的信访件作为主件")
    if main.received_on > petition.received_on:
        raise Refused("repeat-later", "主件的收件日期不能晚于重复件")
    if Petition.objects.filter(repeat_of=petition).exists():
        raise Refused("repeat-main", "该件本身是其他重复件的主件")


@atomic
def keep(*, petition: Petition, by: Viewer, done: Done) -> Petition:
    """留存备查."""
    return write(begin(petition, Verb.KEEP, by, done.on), Verb.KEEP, by, done)


@atomic
def decline(*, petition: Petition, by: Viewer, on: date, reason: str) -> Petition:
    """不予受理, for one of the reasons of art. 13. A letter is passed on to whom it concerns; who came or called is told."""
    petition = begin(petition, Verb.DECLINE, by, on)
    if reason not in rules.DECLINED:
        raise Refused("decline-reason", "请选择不予受理的情形")
    return write(petition, Verb.DECLINE, by, Done(on, as_recorded(rules.DECLINED[reason])))


@dataclass(frozen=True)
class NewHandOff:
    """To whom, and what goes: an extract in the officer's own words, or (within the organ) the content without the sender."""

    on: date
    office: Office | None = None
    body: str = ""
    extract: str = ""
    has_new: bool = False
    is_full: bool = False


@atomic
def draft_hand_off(*, petition: Petition, by: Viewer, new: NewHandOff) -> HandOff:
    """拟转办. Nothing goes yet. Raises Refused: not-allowed, not-legal, repeat-kept, recipient, recipient-reported, extract-needed, full-inside."""
    if not guard.allow(by, "edit", petition):
        raise Refused("not-allowed", "您没有转办该信访件的权限")
    rules.check_day(new.on, petition.received_on)
    to = recipient(new.office, new.body)
    rules.check_route(is_repeat=petition.is_repeat, has_new=new.has_new, competence=petition.competence, to=to)
    rules.check_recipient(reported(petition), to)
    _check_scope(petition, new)
    row = HandOff(
        petition=petition,
        scope=HandOff.Scope.FULL if new.is_full else HandOff.Scope.EXTRACT,
        office=new.office,
        body=new.body.strip()[:128],
        drafted_on=new.on,
        drafted_by=by.name[:64],
        drafter_id=by.user_id,
    )
    if not new.is_full:
        row.envelope = vault.seal_extract(row.uid, new.office, petition.owner_office, new.extract)
    row.save(force_insert=True)
    if petition.is_repeat and new.has_new and not petition.has_new:
        Petition.objects.filter(pk=petition.pk).update(has_new=True)
    record(by, "petition.draft_hand_off", petition, payload={"on": new.on.isoformat(), "scope": row.scope})
    return row


def _check_scope(petition: Petition, new: NewHandOff) -> None:
    if new.is_full and (petition.competence != Competence.OWN or new.office is None):
        raise Refused("full-inside", "原件内容只移交本机关部门；转送下级或其他机关一律用摘要")
    if not new.is_full and not new.extract.strip():
        raise Refused("extract-needed", "请填写摘要：不写举报人信息，不照抄原话")


def may_confirm(viewer: Viewer, hand_off: HandOff) -> bool:
    """Whether it waits for a second officer; whoever drafted it is none."""
    waits = hand_off.confirmed_on is None and hand_off.withdrawn_on is None
    return waits and (hand_off.drafter_id is None or hand_off.drafter_id != viewer.user_id)


@atomic
def confirm_hand_off(
    *, hand_off: HandOff, by: Viewer, on: date, unlocked: Unlocked | None = None, is_notified: bool = False
) -> Petition:
    """复核并转办: another officer confirms, and only then the recipient is opened to it.

    The whole content is sealed anew for the recipient, which needs the office's key. `is_notified`: case supervision was told
    of it at once, where it has to be (art. 14). Raises Refused: confirm-other-person,
    hand-off-done, locked.
    """
    petition = begin(hand_off.petition, Verb.ROUTE, by, on)
    row = HandOff.objects.select_for_update(of=("self",)).get(pk=hand_off.pk)
    if row.confirmed_on is not None or row.withdrawn_on is not None:
        raise Refused("hand-off-done", "该转办件已复核或已撤回")
    rules.check_confirms(by.name, by.user_id, row.drafted_by, row.drafter_id)
    rules.check_day(on, row.drafted_on)
    rules.check_recipient(reported(petition), recipient(row.office, row.body))  # the unit may have been found since
    if row.scope == HandOff.Scope.FULL and row.office is not None:
        vault.open_to_office(petition, row.office, unlocked)
    row.confirmed_on, row.confirmed_by = on, by.name[:64]
    row.save(update_fields=["confirmed_on", "confirmed_by"])
    if row.office is not None:
        petition.handler = row.office
        assign_to_office(thing_uid=petition.uid, office=row.office, since=today())
    petition = write(petition, Verb.ROUTE, by, Done(on, office=row.office, body=row.body), ("handler",))
    return notified(petition, by, Notice(on)) if is_notified and lacks_notice(petition) else petition


@atomic
def withdraw_hand_off(*, hand_off: HandOff, by: Viewer, reason: str, on: date | None = None) -> HandOff:
    """撤回 a draft that was not confirmed. Raises Refused (not-allowed, hand-off-done)."""
    if not guard.allow(by, "edit", hand_off.petition):
        raise Refused("not-allowed", "您没有撤回该转办件的权限")
    row: HandOff = HandOff.objects.select_for_update(of=("self",)).get(pk=hand_off.pk)
    if row.confirmed_on is not None:
        raise Refused("hand-off-done", "该转办件已复核或已撤回")
    take_back(row, reason, on)
    record(by, "petition.withdraw_hand_off", row.petition, payload={"reason": reason.strip()[:200]})
    return row


def done_verbs(petition: Petition) -> frozenset[str]:
    """What was done to it so far."""
    return frozenset(standing(petition).values_list("verb", flat=True))
