"""Reports of the portal become petitions, unopened; the dialogue with who reported goes on under the office's key.

An envelope names the uid of the petition to be, so it is moved and never opened. What it is about nobody knows then: the
class is 检举控告 until an officer who has opened it says otherwise. What is the superior's is counted and not taken in.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.transaction import atomic
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import DAY, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.cleaning import clean
from jiandu.base.core.sheets.errors import SheetRefused
from jiandu.base.intake import selectors
from jiandu.base.intake.files import KIND as FILE
from jiandu.base.intake.models import Message, Report
from jiandu.base.intake.services.crossing import carry_messages
from jiandu.base.intake.services.filing import MESSAGE, answer, carry, note_counted, put_message
from jiandu.base.sealing.envelope import Context, open_envelope
from jiandu.base.sealing.streams import decrypt
from jiandu.net.access.models import Level
from jiandu.net.access.numbering import next_code
from jiandu.net.overseers.models import Office
from jiandu.net.vaults.holding import Unlocked
from jiandu.net.vaults.resealing import Stored
from jiandu.sources.petitions import vault
from jiandu.sources.petitions.models import Petition, Sealed, SuperiorReceipt
from jiandu.sources.petitions.services.beside import NewReceipt, take_for_superior
from jiandu.sources.petitions.services.registering import WORD
from jiandu.sources.petitions.services.steps import Done, lock, write
from jiandu.sources.petitions.states import Kind, Named, Verb, Way

#: Why a file cannot be cleaned, by the code of the reader.
NOT_CLEANED = {
    "": _("文件损坏，或者不是这几种格式"),
    "password": _("设有密码"),
    "encrypted_part": _("设有密码"),
    "embedded": _("内嵌其他文件"),
    "stranger_picture": _("内有不能处理的图片"),
    "macros": _("含有宏"),
    "external_link": _("引用外部文件"),
    "too_slow": _("内容过多"),
    "too_much_memory": _("内容过多"),
    "unpacked_too_big": _("内容过多"),
    "file_too_big": _("内容过多"),
}


@dataclass(frozen=True)
class Said:
    """A word of the dialogue. `text` is None where no key at hand opens it: answers open for the receipt alone."""

    on: date
    is_answer: bool
    text: str | None


@atomic
def take_in(*, report: Report, by: Viewer) -> Petition:
    """转入: the report is a petition of its office, with its envelopes as they are. Raises Refused: not-allowed, no-office, report-carried."""
    if not guard.allow(by, "create", Petition):
        raise Refused("not-allowed", "您没有“登记信访件”的权限")
    office = _office(report.office)
    content, identity = carry(report=report)
    petition = Petition(
        uid=report.uid,
        code=next_code(Petition, office, WORD, report.on.year),
        received_on=report.on,
        owner_office=office,
        owner_path=office.path,
        level=Level.SENSITIVE,
        way=Way.WEB,
        kind=Kind.ACCUSATION,
        named=Named.UNVERIFIED if identity else Named.ANONYMOUS,
    )
    petition.save(force_insert=True)
    for compartment, envelope in ((vault.CONTENT, content), (vault.IDENTITY, identity)):
        if envelope is not None:
            Sealed(petition=petition, compartment=compartment, envelope=envelope).save(force_insert=True)
    return write(petition, Verb.REGISTER, by, Done(report.on))


@atomic
def count_for_superior(*, report: Report, by: Viewer) -> SuperiorReceipt:
    """A report that the office may not read: its number and day, nothing else (art. 15). Raises Refused as take_for_superior."""
    office = _office(report.through)
    number = f"W-{report.uid.hex[:16].upper()}"
    receipt = take_for_superior(new=NewReceipt(office, number, report.on, Way.WEB), by=by)
    note_counted(report=report)
    return receipt


def take_in_due() -> int:
    """By the clockwork: what came by yesterday. A report taken in within minutes would have its moment in the log.

    The demo, where nobody reports, shows it at once.
    """
    return take_in_all(until=today() if settings.DEMO else today() - DAY)


def take_in_all(*, until: date | None = None) -> int:
    """Takes in what waits, each by itself, in an order that says nothing; gives how many. What was taken in waits no more."""
    until = until or today()
    count = 0
    ways: tuple[tuple[list[Report], Callable[..., object]], ...] = (
        (selectors.waiting(until), take_in),
        (selectors.uncounted(until), count_for_superior),
    )
    for rows, take in ways:
        for report in rows:
            count += _taken(report, take)
    carry_messages()
    return count


@atomic
def reply(*, petition: Petition, text: str, by: Viewer) -> Message:
    """答复举报人 through the portal, sealed to his receipt. Raises Refused: not-allowed, no-dialogue, message-needed, text-too-long, classified."""
    petition = lock(petition)
    if not guard.allow(by, "tell", petition):
        raise Refused("not-allowed", "您没有答复举报人的权限")
    report = selectors.report_of(petition.uid)
    if report is None:
        raise Refused("no-dialogue", "该信访件不是网上举报，不能在网上答复")
    message = answer(report=report, text=text)
    record(by, "petition.reply", petition, payload={"on": message.on.isoformat()})
    return message


def dialogue_of(petition: Petition, unlocked: Unlocked | None) -> list[Said]:
    """What who reported has added, as far as the keys at hand open it, and when he was answered. The caller has logged the look."""
    report = selectors.report_of(petition.uid)
    return [_said(message, unlocked) for message in selectors.messages_of(report)] if report else []


def is_online(petition: Petition) -> bool:
    """Whether whoever reported can be answered through the portal."""
    return selectors.report_of(petition.uid) is not None


@atomic
def attachment(
    *, petition: Petition, uid: UUID, by: Viewer, unlocked: Unlocked | None, is_cleaned: bool = False
) -> tuple[str, Iterator[bytes]] | None:
    """(a neutral name, the content block by block); None where no key at hand opens it. The log knows of it before.

    The name is a number and the ending: what the reporter called the file may tell who he is. `is_cleaned`: a copy to hand
    on, without what it says of place, device and author; the original stays sealed. Raises Refused (not-cleaned).
    """
    report, content = selectors.report_of(petition.uid), vault.content_of(petition, unlocked)
    found = [(place, each) for place, each in enumerate(content.files if content else (), 1) if each["uid"] == str(uid)]
    if report is None or not found:
        return None
    place, said = found[0]
    blocks = selectors.sealed_file(report, uid)
    if blocks is None:
        return None
    record(by, "petition.file", petition, payload={"file": str(uid), "is_cleaned": is_cleaned})
    plain = decrypt(blocks, item_key=bytes.fromhex(said["key"]), context=Context(FILE, uid))
    suffix = Path(said["name"]).suffix.lower()
    return (f"附件-{place}-副本{suffix}", _cleaned(plain, suffix)) if is_cleaned else (f"附件-{place}{suffix}", plain)


def _cleaned(plain: Iterator[bytes], suffix: str) -> Iterator[bytes]:
    try:
        return iter((clean(plain, name=f"a{suffix}"),))
    except SheetRefused as refused:
        why = NOT_CLEANED.get(refused.code, NOT_CLEANED[""])
        raise Refused("not-cleaned", "这个附件清除不了来源信息（%(why)s），转出请改用纸件", why=why) from None


def messages_under(key_id: bytes) -> Iterator[Stored]:
    """Every message sealed to this key: for a rotation."""
    for message in selectors.messages_under(key_id):
        yield Stored(bytes(message.envelope), Context(MESSAGE, message.uid), partial(_put, message))


def _put(message: Message, envelope: bytes) -> None:
    put_message(message=message, envelope=envelope)


def _said(message: Message, unlocked: Unlocked | None) -> Said:
    envelope = bytes(message.envelope)
    key = None if message.is_answer else vault.key_for(envelope, unlocked)
    context = Context(MESSAGE, message.uid)
    text = open_envelope(envelope, key=key, context=context).decode() if key is not None else None
    return Said(message.on, message.is_answer, text)


def _taken(report: Report, take: Callable[..., object]) -> bool:
    try:
        with atomic(), guard.acting(guard.system("网上举报转入")) as by:
            take(report=report, by=by)
    except Refused as refused:
        if refused.rule not in {"no-office", "report-carried", "envelope-twice"}:
            raise
        return False
    return True


def _office(uid: UUID | None) -> Office:
    office = Office.objects.filter(uid=uid).first() if uid else None
    if office is None:
        raise Refused("no-office", "该举报的受理机关不在本系统内")
    return office
