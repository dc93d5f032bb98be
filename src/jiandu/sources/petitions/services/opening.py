"""启封: who sent a petition is opened by two custodians. One asks with a reason and how far, another consents, hours count.

Custodians reach no petition. The services look it up by its number as the system, and give nothing of it but what is asked.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.transaction import atomic

from jiandu.base.audit.services import record, seen
from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.models import Level
from jiandu.net.access.numbering import next_code
from jiandu.net.overseers.models import Office
from jiandu.net.vaults.holding import Unlocked, may_hold
from jiandu.sources.petitions import rules, vault
from jiandu.sources.petitions.models import Petition, Sealed, SenderOpening
from jiandu.sources.petitions.vault import IDENTITY, Sender

WORD = "QF"
#: What each extent shows of a sender.
SHOWN = {
    SenderOpening.Extent.NAME: ("name", "unit"),
    SenderOpening.Extent.CONTACT: ("name", "unit", "contact", "asks"),
    SenderOpening.Extent.WHOLE: ("name", "unit", "contact", "asks", "id_number", "address", "representatives"),
}


@dataclass(frozen=True)
class NewOpening:
    """Of which petition (by its number), why and on what basis, how far, for how many hours."""

    office: Office
    petition_code: str
    why: str
    note: str
    extent: str = SenderOpening.Extent.NAME
    hours: int = 1


@atomic
def ask(*, new: NewOpening, by: Viewer) -> SenderOpening:
    """申请启封. Raises Refused: not-allowed, opening-note, nothing-sealed."""
    if not guard.allow(by, "create", SenderOpening) or not _is_custodian(by, new.office.pk):
        raise Refused("not-allowed", "您没有申请启封的权限")
    if not new.note.strip():
        raise Refused("opening-note", "请写明启封的依据和说明")
    petition = _sealed_petition(new)
    row = SenderOpening(
        code=next_code(SenderOpening, new.office, WORD, today().year),
        petition_id=petition.pk,
        petition_code=petition.code,
        why=SenderOpening.Why(new.why),
        note=new.note.strip()[:200],
        extent=SenderOpening.Extent(new.extent),
        hours=new.hours,
        asked_on=today(),
        asked_by=by.name[:64],
        asker_id=by.user_id or 0,
        source_uid=petition.uid,
        owner_office=new.office,
        owner_path=new.office.path,
        level=Level.SENSITIVE,
    )
    row.save(force_insert=True)
    record(by, "sender_opening.ask", row, payload={"petition": petition.code, "why": row.why, "extent": row.extent})
    return row


def _sealed_petition(new: NewOpening) -> Petition:
    """The office's petition of that number with a sender sealed. "Not there" and "nobody named" are one answer."""
    with guard.acting(guard.system("启封申请")):
        found = Petition.objects.filter(owner_office=new.office, code=new.petition_code.strip()).first()
        if found is None or not Sealed.objects.filter(petition=found, compartment=IDENTITY).exists():
            raise Refused("nothing-sealed", "没有这一信访件，或者没有密封的举报人信息")
        return found


@atomic
def decide(*, opening: SenderOpening, by: Viewer, is_granted: bool, on: date) -> SenderOpening:
    """同意 or 不同意, by another custodian. Raises Refused: not-allowed, already-decided, two-custodians, step-date."""
    row = _locked(opening, by)
    if row.decided_on is not None:
        raise Refused("already-decided", "该事项已处理,请刷新页面")
    if by.user_id == row.asker_id:
        raise Refused("two-custodians", "启封须由申请人以外的另一名保管员同意")
    rules.check_day(on, row.asked_on)
    row.decided_on, row.decided_by, row.decider_id, row.is_granted = on, by.name[:64], by.user_id, is_granted
    row.until_at = now() + timedelta(hours=row.hours) if is_granted else None
    row.save(update_fields=["decided_on", "decided_by", "decider_id", "is_granted", "until_at"])
    record(by, "sender_opening.decide", row, payload={"granted": is_granted, "hours": row.hours})
    return row


def may_look(viewer: Viewer, row: SenderOpening) -> bool:
    """Whether it was granted to this viewer and its hours are not over."""
    is_open = bool(row.is_granted) and row.until_at is not None and now() < row.until_at
    return is_open and viewer.user_id == row.asker_id and _is_custodian(viewer, row.owner_office_id)


@atomic
def look(*, opening: SenderOpening, by: Viewer, unlocked: Unlocked | None) -> Sender:
    """Who sent it, as far as was granted; the look is logged before. Raises Refused: not-allowed, opening-over, locked."""
    row = _locked(opening, by)
    if not may_look(by, row):
        raise Refused("opening-over", "启封未经同意，或者已过有效时间")
    seen(by, row, what="sender")
    with guard.acting(guard.system("启封")):
        petition = Petition.objects.get(pk=row.petition_id)
        sender = vault.sender_of(petition, unlocked)
    if sender is None:
        raise Refused("locked", "请先解锁举报人信息的密钥")
    shown = SHOWN[SenderOpening.Extent(row.extent)]
    return replace(Sender(), **{name: getattr(sender, name) for name in shown})


def _locked(opening: SenderOpening, by: Viewer) -> SenderOpening:
    row: SenderOpening = SenderOpening.objects.select_for_update(of=("self",)).get(pk=opening.pk)
    if not guard.allow(by, "edit", row) or not _is_custodian(by, row.owner_office_id):
        raise Refused("not-allowed", "您没有启封的权限")
    return row


def _is_custodian(viewer: Viewer, office_id: int) -> bool:
    """Whether a role at this office lets the viewer hold its identity key. The system is no custodian."""
    return may_hold(viewer, office_id, IDENTITY)
