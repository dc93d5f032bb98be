"""What the receipt opens: the office's answers. What was reported stays shut to it: a receipt that is found says little."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from jiandu.base.core.ids import new_uid
from jiandu.base.intake.files import folder
from jiandu.base.intake.models import Attachment, Message, Report, Side, State
from jiandu.base.intake.services.filing import MESSAGE
from jiandu.base.sealing.envelope import Context, open_envelope, recipients
from jiandu.base.sealing.receipts import Receipt

BLOCK = 2**20


@dataclass(frozen=True)
class Word:
    """A word of the dialogue; the text of answers alone."""

    on: date
    is_answer: bool
    text: str = ""


@dataclass(frozen=True)
class Dialogue:
    """A report as the receipt shows it."""

    on: date
    is_carried: bool
    words: list[Word]


def waiting(until: date) -> list[Report]:
    """What came by this day and nobody has taken in yet, also what is a superior's: it has the office, and takes it in."""
    return list(Report.objects.filter(state=State.WAITING, on__lte=until).order_by("on", "uid"))


def uncounted(until: date) -> list[Report]:
    """What came by this day and is the superior's, and is not noted yet as come through one of our offices."""
    rows = Report.objects.filter(side=Side.SUPERIOR, through__isnull=False, on__lte=until)
    return list(rows.order_by("on", "uid"))


def report_of(uid: UUID) -> Report | None:
    """The report that became the petition of this uid."""
    return Report.objects.filter(pk=uid, state=State.CARRIED).first()


def sealed_file(report: Report, uid: UUID) -> Iterator[bytes] | None:
    """An attachment of the report as it lies on the disk, block by block; None where there is none."""
    row = Attachment.objects.filter(report=report, pk=uid).first()
    path = folder() / row.place if row is not None else None
    return _blocks(path) if path is not None and path.is_file() else None


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def messages_of(report: Report) -> list[Message]:
    """The dialogue as it lies there, sealed."""
    return list(report.messages.order_by("seq"))


def messages_under(key_id: bytes) -> Iterator[Message]:
    """What was written to an office under this key: for a rotation."""
    for message in Message.objects.filter(is_answer=False).order_by("pk").iterator(200):
        if key_id in recipients(bytes(message.envelope)):
            yield message


def read_dialogue(receipt: Receipt) -> Dialogue | None:
    """The dialogue; None where there is no such report. Both ways ask the database the same two questions."""
    report = Report.objects.filter(lookup=receipt.lookup.hex()).only("uid", "on", "state").first()
    words = list(Message.objects.filter(report=report.pk if report else new_uid()).order_by("seq"))
    if report is None:
        return None
    key = receipt.reply_key
    return Dialogue(
        report.on,
        report.state == State.CARRIED,
        [
            Word(
                word.on,
                word.is_answer,
                open_envelope(bytes(word.envelope), key=key, context=Context(MESSAGE, word.uid)).decode()
                if word.is_answer
                else "",
            )
            for word in words
        ],
    )
