"""送阅: papers go to a reader with the principal's approval, come back on a day, and what the reader wrote is sealed at once."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.sources.petitions import rules, vault
from jiandu.sources.petitions.models import Petition, Reading
from jiandu.sources.petitions.services.steps import lock


@dataclass(frozen=True)
class NewReading:
    """What is given, to whom, when, when it is due back, who approved it."""

    on: date
    due_on: date
    paper: str
    reader: str
    granted_by: str
    copies: int = 1


@atomic
def give_to_read(*, petition: Petition, by: Viewer, new: NewReading) -> Reading:
    """送阅. Raises Refused: not-allowed, petition-withdrawn, step-date, reading-due, reader-needed, granted-by."""
    petition = lock(petition)
    if not guard.allow(by, "edit", petition):
        raise Refused("not-allowed", "您没有送阅该信访件的权限")
    if petition.withdrawn_on is not None:
        raise Refused("petition-withdrawn", "该信访件已撤下")
    rules.check_day(new.on, petition.received_on)
    if new.due_on < new.on:
        raise Refused("reading-due", "应退日期不能早于送阅日期（%(on)s）", on=new.on.isoformat())
    if not new.reader.strip():
        raise Refused("reader-needed", "请写明送阅对象")
    rules.check_granted(new.granted_by)
    row = Reading(
        petition=petition,
        paper=Reading.Paper(new.paper),
        copies=new.copies,
        reader=new.reader.strip()[:64],
        on=new.on,
        due_on=new.due_on,
        granted_by=new.granted_by.strip()[:64],
        given_by=by.name[:64],
    )
    row.save(force_insert=True)
    record(by, "petition.give_to_read", petition, payload=_told(row))
    return row


@atomic
def take_back_read(*, reading: Reading, by: Viewer, on: date, words: str = "") -> Reading:
    """收回, with what the reader wrote. Raises Refused: not-allowed, reading-over, step-date."""
    row = _out(reading, by)
    rules.check_day(on, row.on)
    row.returned_on, row.returned_to = on, by.name[:64]
    if words.strip():
        row.envelope = vault.seal_words(row.uid, row.petition.owner_office, words)
    row.save(update_fields=["returned_on", "returned_to", "envelope"])
    record(by, "petition.take_back_read", row.petition, payload=_told(row) | {"has_words": bool(words.strip())})
    return row


@atomic
def withdraw_reading(*, reading: Reading, by: Viewer, reason: str, on: date | None = None) -> Reading:
    """撤下 an entry made by mistake, while it is out. Raises Refused: not-allowed, reading-over, reason-needed."""
    row = _out(reading, by)
    take_back(row, reason, on)
    record(by, "petition.withdraw_reading", row.petition, payload={"reason": reason.strip()[:200]})
    return row


def _out(reading: Reading, by: Viewer) -> Reading:
    if not guard.allow(by, "edit", reading.petition):
        raise Refused("not-allowed", "您没有送阅该信访件的权限")
    row: Reading = Reading.objects.select_for_update(of=("self",)).get(pk=reading.pk)
    if not row.is_out:
        raise Refused("reading-over", "该材料已收回或已撤下")
    return row


def _told(row: Reading) -> dict[str, object]:
    """For the log: days and kinds, no name."""
    back = row.returned_on.isoformat() if row.returned_on else None
    return {"on": row.on.isoformat(), "due_on": row.due_on.isoformat(), "paper": row.paper, "returned_on": back}
