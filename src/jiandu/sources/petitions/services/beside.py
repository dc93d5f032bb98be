"""The registers beside petitions: receipts of what belongs to a superior, and who asked or pleaded."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.access.models import Level
from jiandu.net.access.numbering import next_code
from jiandu.net.overseers.models import Office
from jiandu.sources.petitions import rules
from jiandu.sources.petitions.models import Meddling, Petition, SuperiorReceipt
from jiandu.sources.petitions.states import Way

#: The number on the envelope: too short and too strict for anything to be told in it.
ENVELOPE = re.compile(r"^(?=.*\d)[0-9A-Z密封字第号〔〕()\[\]-]{3,24}$")


@dataclass(frozen=True)
class NewReceipt:
    """An envelope that belongs to a superior: its number, day, way; whether it is about our own principal. Nothing else."""

    office: Office
    envelope: str
    received_on: date
    way: str
    is_own_principal: bool = False


@atomic
def take_for_superior(*, new: NewReceipt, by: Viewer) -> SuperiorReceipt:
    """登记属上级管辖的件: neither copied, excerpted nor keyed in (art. 15). Raises Refused: not-allowed, step-date, envelope, envelope-twice."""
    if not guard.allow(by, "create", SuperiorReceipt):
        raise Refused("not-allowed", "您没有登记信访件的权限")
    rules.check_day(new.received_on)
    number = new.envelope.strip()
    if not ENVELOPE.match(number):
        raise Refused("envelope", "密封件编号只写编号，如“密封〔2022〕3号”，不写内容")
    if SuperiorReceipt.objects.filter(owner_office=new.office, envelope=number, withdrawn_on__isnull=True).exists():
        raise Refused("envelope-twice", "该密封件编号已登记")
    row = SuperiorReceipt(
        envelope=number,
        received_on=new.received_on,
        way=Way(new.way),
        is_own_principal=new.is_own_principal,
        owner_office=new.office,
        owner_path=new.office.path,
        level=Level.SENSITIVE,
    )
    row.save(force_insert=True)
    record(by, "superior_receipt.take", row, payload={"on": new.received_on.isoformat()})
    return row


@dataclass(frozen=True)
class Handed:
    """When it went up, to which organ, by whom, and who signed there."""

    on: date
    receiver: str
    deliverer: str
    received_by: str = ""


@atomic
def hand_up(*, receipt: SuperiorReceipt, by: Viewer, handed: Handed) -> SuperiorReceipt:
    """报送上级, within five working days of receipt. Raises Refused: not-allowed, receipt-closed, step-date, receiver-needed."""
    row = _standing(receipt, by)
    rules.check_day(handed.on, row.received_on)
    if not handed.receiver.strip() or not handed.deliverer.strip():
        raise Refused("receiver-needed", "请写明接收机关和送件人")
    row.handed_on, row.receiver, row.deliverer = handed.on, handed.receiver.strip()[:128], handed.deliverer.strip()[:64]
    row.received_by = handed.received_by.strip()[:64]
    row.save(update_fields=["handed_on", "receiver", "deliverer", "received_by"])
    record(by, "superior_receipt.hand_up", row, payload={"on": handed.on.isoformat()})
    return row


@atomic
def withdraw_receipt(*, receipt: SuperiorReceipt, by: Viewer, reason: str, on: date | None = None) -> SuperiorReceipt:
    """撤下 what was entered by mistake, before it went up."""
    row = _standing(receipt, by)
    take_back(row, reason, on)
    record(by, "superior_receipt.withdraw", row, payload={"reason": reason.strip()[:200]})
    return row


def _standing(receipt: SuperiorReceipt, by: Viewer) -> SuperiorReceipt:
    if not guard.allow(by, "edit", receipt):
        raise Refused("not-allowed", "您没有办理该回执的权限")
    row: SuperiorReceipt = SuperiorReceipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    if row.handed_on is not None or row.withdrawn_on is not None:
        raise Refused("receipt-closed", "该件已报送或已撤下")
    return row


@dataclass(frozen=True)
class NewMeddling:
    """Who asked or pleaded, when and how; about which petition, where that is known."""

    office: Office
    on: date
    manner: str
    who: str
    post: str = ""
    note: str = ""
    petition: Petition | None = None


@atomic
def note_meddling(*, new: NewMeddling, by: Viewer) -> Meddling:
    """登记打听、过问、说情 (Supervision Law, lexicon: meddling). Raises Refused: not-allowed, step-date, who-needed."""
    if not guard.allow(by, "create", Meddling):
        raise Refused("not-allowed", "您没有登记过问干预的权限")
    rules.check_day(new.on)
    if not new.who.strip():
        raise Refused("who-needed", "请写明打听、过问的人")
    row = Meddling(
        code=next_code(Meddling, new.office, "GW", new.on.year),
        on=new.on,
        manner=Meddling.Manner(new.manner),
        who=new.who.strip()[:64],
        post=new.post.strip()[:128],
        note=new.note.strip()[:500],
        told_by=by.name[:64],
        petition=new.petition,
        source_uid=new.petition.uid if new.petition else None,
        owner_office=new.office,
        owner_path=new.office.path,
        level=Level.SENSITIVE,
    )
    row.save(force_insert=True)
    record(by, "meddling.note", row, payload={"on": new.on.isoformat(), "manner": row.manner})
    return row


@atomic
def withdraw_meddling(*, meddling: Meddling, by: Viewer, reason: str, on: date | None = None) -> Meddling:
    """撤下 an entry made by mistake."""
    if not guard.allow(by, "edit", meddling):
        raise Refused("not-allowed", "您没有撤下该登记的权限")
    take_back(meddling, reason, on)
    record(by, "meddling.withdraw", meddling, payload={"reason": reason.strip()[:200]})
    return meddling
