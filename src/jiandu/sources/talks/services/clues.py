"""A clue goes on by hand and sealed: only that it did is written here, never what it says. It came up in a talk, or in what
another register says (`hand_over_of`)."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.core.words import as_recorded
from jiandu.net.access.models import Level, Owned
from jiandu.net.access.services import assign_to_office
from jiandu.net.overseers.models import Office
from jiandu.sources.talks.models import ClueHandover, Talk
from jiandu.sources.talks.selectors import clue_receivers

#: The number on a paper envelope: year, serial, the words 密封 and 号. Too short and too strict for anything to be told in it.
ENVELOPE = re.compile(r"^(?=.*\d)[0-9A-Z密封字第号〔〕()\[\]-]{3,24}$")
HASH = re.compile(r"^[0-9a-f]{64}$")
#: Why an entry is taken back: chosen, so that no reason tells what the envelope holds.
REASONS = {"mistake": _("登记有误"), "came_back": _("密封件退回")}


@dataclass(frozen=True)
class NewHandover:
    """When, to which office, under which number; the check sum of a sealed file where one goes beside the paper."""

    on: date
    receiver: Office
    envelope: str
    sha256: str = ""


@atomic
def hand_over_clue(*, talk: Talk, by: Viewer, new: NewHandover) -> ClueHandover:
    """线索密封移交: seen from then on by the talk's own office and the receiver, each of clearance 2, and by nobody else.

    Raises Refused: not-allowed, talk-withdrawn, step-date, clue-receiver, envelope, envelope-twice, clue-sha256.
    """
    _check_allowed(talk, by)
    if talk.withdrawn_on is not None:
        raise Refused("talk-withdrawn", "该谈话已撤下，不能更正")
    if not talk.on <= new.on <= today():
        raise Refused("step-date", "移交日期应在谈话之后且不晚于今天")
    return _hand_over(talk, talk, by, new)


@atomic
def hand_over_of(*, source: Owned, by: Viewer, new: NewHandover) -> ClueHandover:
    """The same of a clue that another register's record gave: the caller's own act says on which days that may be."""
    _check_allowed(source, by)
    return _hand_over(source, None, by, new)


def _check_allowed(source: Owned, by: Viewer) -> None:
    if not (guard.allow(by, "create", ClueHandover) and guard.allow(by, "edit", source)):
        raise Refused("not-allowed", "您没有移交线索的权限")


def _hand_over(source: Owned, talk: Talk | None, by: Viewer, new: NewHandover) -> ClueHandover:
    _check(source.owner_office, new)
    row = ClueHandover(
        talk=talk,
        on=new.on,
        by_name=by.name[:64],
        receiver=new.receiver,
        envelope=new.envelope.strip(),
        sha256=new.sha256.strip().lower(),
        owner_office=source.owner_office,
        owner_path=source.owner_path,
        subject=source.subject,
        subject_path=source.subject_path,
        source_uid=source.uid,
        level=Level.SENSITIVE,
    )
    row.save(force_insert=True)
    assign_to_office(thing_uid=row.uid, office=new.receiver, since=today())
    record(by, "clue_handover.hand_over", row, payload={"on": new.on.isoformat()})
    return row


def _check(office: Office, new: NewHandover) -> None:
    if not clue_receivers().filter(pk=new.receiver.pk).exists():
        raise Refused("clue-receiver", "线索只移交给案件监督管理部门")
    if not ENVELOPE.match(new.envelope.strip()):
        raise Refused("envelope", "密封件编号只写编号，如“密封〔2022〕3号”，不写内容")
    held = ClueHandover.objects.filter(owner_office=office, envelope=new.envelope.strip())
    if held.filter(withdrawn_on__isnull=True).exists():
        raise Refused("envelope-twice", "该密封件编号已登记")
    if new.sha256.strip() and not HASH.match(new.sha256.strip().lower()):
        raise Refused("clue-sha256", "校验值应为64位十六进制数")


@atomic
def receive_clue(*, handover: ClueHandover, by: Viewer, on: date) -> ClueHandover:
    """接收: the receiver has the envelope, unopened. Raises Refused (not-allowed, clue-closed, step-date)."""
    row = _standing(handover, by, "receive")
    if not row.on <= on <= today():
        raise Refused("step-date", "接收日期应不早于移交且不晚于今天")
    row.received_on, row.received_by = on, by.name[:64]
    row.save(update_fields=["received_on", "received_by"])
    record(by, "clue_handover.receive", row, payload={"on": on.isoformat()})
    return row


@atomic
def withdraw_handover(*, handover: ClueHandover, by: Viewer, reason: str, on: date | None = None) -> ClueHandover:
    """撤下 what was entered by mistake or came back, before it was received. Raises Refused (not-allowed, clue-reason, clue-closed)."""
    row = _standing(handover, by, "edit")
    if reason not in REASONS:
        raise Refused("clue-reason", "请选择撤下原因")
    take_back(row, as_recorded(REASONS[reason]), on)
    record(by, "clue_handover.withdraw", row, payload={"reason": reason})
    return row


def _standing(handover: ClueHandover, by: Viewer, verb: str) -> ClueHandover:
    """The row that still waits for its receiver, held until the transaction ends."""
    if not guard.allow(by, verb, handover):
        raise Refused("not-allowed", "您没有办理该线索移交的权限")
    row: ClueHandover = ClueHandover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    if row.received_on is not None or row.withdrawn_on is not None:
        raise Refused("clue-closed", "该线索移交已接收或已撤下")
    return row
