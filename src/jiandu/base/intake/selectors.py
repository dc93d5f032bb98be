"""What the receipt opens: the office's answers. What was reported stays shut to it: a receipt that is found says little."""

from dataclasses import dataclass
from datetime import date

from jiandu.base.core.ids import new_uid
from jiandu.base.intake.models import Message, Report
from jiandu.base.intake.services.filing import MESSAGE
from jiandu.base.sealing.envelope import Context, open_envelope
from jiandu.base.sealing.receipts import Receipt


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


def read_dialogue(receipt: Receipt) -> Dialogue | None:
    """The dialogue; None where there is no such report. Both ways ask the database the same two questions."""
    report = Report.objects.filter(lookup=receipt.lookup.hex()).only("uid", "on", "state").first()
    words = list(Message.objects.filter(report=report.pk if report else new_uid()).order_by("seq"))
    if report is None:
        return None
    key = receipt.reply_key
    return Dialogue(
        report.on,
        report.state != "waiting",
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
