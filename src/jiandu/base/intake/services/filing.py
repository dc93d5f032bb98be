"""What a stranger does: files a report, and adds to it with the receipt; and the office's answer to him."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Max
from django.db.transaction import atomic

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.ids import new_uid
from jiandu.base.files.marks import is_marked
from jiandu.base.intake.files import MOST_FILES, SealedFile
from jiandu.base.intake.models import Attachment, Compartment, Message, Report, State
from jiandu.base.intake.services import caps
from jiandu.base.intake.services.keys import Receiver, competent, keys_to
from jiandu.base.intake.services.tickets import Ticket, spend
from jiandu.base.sealing.envelope import Context, seal
from jiandu.base.sealing.receipts import Receipt, new_receipt
from jiandu.base.sealing.suites import PublicKey

REPORT, MESSAGE = "petition", "petition-message"  # kinds of envelopes: a report's are those of the petition to be
LONGEST = 20_000  # characters
MOST_WAITING = 20  # messages of a report that nobody has fetched


@dataclass(frozen=True)
class NewReport:
    """What was told. `said`: the columns of a petition's content; `sender`: who tells it, None: anonymous."""

    office: UUID
    rank: str
    said: Mapping[str, str]
    is_own: bool = False  # about leaders or members of the office itself
    sender: Mapping[str, str] | None = None
    files: Sequence[SealedFile] = field(default=())


@atomic
def file_report(*, new: NewReport, ticket: Ticket, proof: str = "") -> Receipt:
    """Seals and stores it; the receipt is known to nobody else from here on.

    Raises Refused: summary-needed, text-too-long, classified, too-many-files, no-receiver, no-superior, ticket-…, intake-full.
    """
    to = receiver_of(new)
    spend(ticket, proof)
    caps.take("reports")
    uid, receipt = new_uid(), new_receipt()
    files = [_told(each) for each in new.files]
    report = Report(
        uid=uid,
        lookup=receipt.lookup.hex(),
        reply=receipt.reply_key.public.text,
        office=to.office,
        through=new.office if to.office != new.office else None,
        side=to.side,
        on=today(),
        content=_sealed(uid, to.office, Compartment.CONTENT, {**new.said, "rank": new.rank, "files": files}),
        identity=_sealed(uid, to.office, Compartment.IDENTITY, new.sender) if new.sender else None,
    )
    report.save(force_insert=True)
    _keep(report, new.files)
    return receipt


def receiver_of(new: NewReport) -> Receiver:
    """Whom it would be sealed to. Raises Refused as file_report, but for tickets and caps: asked before any work is done for it."""
    _check(new.said.get("summary", ""), "summary-needed")
    if len(new.files) > MOST_FILES:
        raise Refused("too-many-files", "附件最多%(most)d个", most=MOST_FILES)
    return competent(new.office, new.rank, is_own=new.is_own)


def _told(file: SealedFile) -> dict[str, object]:
    """What the office is told of a file, its key among it; that it is not as it was made, for that bears on what it proves."""
    said = {"uid": str(file.uid), "key": file.key.hex(), "name": file.name, "size": file.seen}
    return {**said, "is_cleaned": True} if file.is_cleaned else said


def add_message(*, receipt: Receipt, text: str, ticket: Ticket, proof: str = "") -> Message:
    """A further word of who reported. The ticket is spent whether or not there is such a report: a guess costs one.

    Raises Refused: message-needed, text-too-long, classified, ticket-…, no-report, message-cap, intake-full.
    """
    _check(text, "message-needed")
    spend(ticket, proof)
    with atomic():
        report = Report.objects.select_for_update().filter(lookup=receipt.lookup.hex()).first()
        if report is None:
            raise no_report()
        if report.messages.filter(is_answer=False, state=State.WAITING).count() >= MOST_WAITING:
            raise Refused("message-cap", "留言过多，请等受理机关阅后再补充")
        caps.take("messages")
        return _say(report, text, keys_to(report.office, Compartment.CONTENT), is_answer=False)


def no_report() -> Refused:
    """Said of every receipt that opens nothing."""
    return Refused("no-report", "没有找到这个查询码对应的举报，请核对查询码")


@atomic
def answer(*, report: Report, text: str) -> Message:
    """The office's word, sealed to the receipt. Raises Refused: message-needed, text-too-long, classified."""
    _check(text, "message-needed")
    report = Report.objects.select_for_update().get(pk=report.pk)
    return _say(report, text, [PublicKey.read(report.reply)], is_answer=True)


def _say(report: Report, text: str, to: Sequence[PublicKey], *, is_answer: bool) -> Message:
    uid = new_uid()
    message = Message(
        uid=uid,
        report=report,
        seq=(report.messages.aggregate(last=Max("seq"))["last"] or 0) + 1,
        is_answer=is_answer,
        on=today(),
        envelope=seal(text.strip().encode(), to=to, context=Context(MESSAGE, uid)),
    )
    message.save(force_insert=True)
    return message


def _keep(report: Report, files: Sequence[SealedFile]) -> None:
    if files:
        caps.take("bytes", sum(each.size for each in files))
    for each in files:
        each.keep()
        Attachment(uid=each.uid, report=report, place=each.place, size=each.size).save(force_insert=True)


def _sealed(uid: UUID, office: UUID, compartment: Compartment, said: Mapping[str, object]) -> bytes:
    plain = json.dumps({key: value for key, value in said.items() if value}, ensure_ascii=False).encode()
    return seal(plain, to=keys_to(office, compartment), context=Context(REPORT, uid, compartment))


def _check(text: str, rule: str) -> None:
    if not text.strip():
        raise Refused(rule, "请填写内容")
    if len(text) > LONGEST:
        raise Refused("text-too-long", "内容超过%(most)d字，请分次补充", most=LONGEST)
    if is_marked(text):
        raise Refused("classified", "内容带有国家秘密标志，本网站不能接收，请勿通过互联网传送")


@atomic
def carry(*, report: Report) -> tuple[bytes, bytes | None]:
    """(content, identity), which are the petition's from now on: here the envelopes go. Raises Refused (report-carried)."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    if report.state != State.WAITING:
        raise Refused("report-carried", "该举报已转入")
    moved = bytes(report.content), bytes(report.identity) if report.identity is not None else None
    report.state, report.content, report.identity = State.CARRIED, b"", None
    report.save(update_fields=["state", "content", "identity"])
    return moved


@atomic
def note_counted(*, report: Report) -> None:
    """The report is the superior's: that it is there has been noted. Its envelopes wait to go up."""
    Report.objects.filter(pk=report.pk).update(through=None)


@atomic
def put_message(*, message: Message, envelope: bytes) -> None:
    """The same words under another key: the office has changed its own."""
    message.envelope = envelope
    message.save(update_fields=["envelope"])
