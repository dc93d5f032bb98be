"""多个单位同一关键词: an officer takes a word of 本周话题 that several units share for an alarm.

The word comes out of sealed texts, so it is kept sealed to the office and told to whoever holds its key. What stands in the
clear is what clerks said of the items: their class and domain, how many units they are about.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import new_uid
from jiandu.base.lexicon.categories import LEVELS
from jiandu.base.sealing.envelope import Context, open_envelope, recipients, seal
from jiandu.net.access.models import Level
from jiandu.net.access.numbering import next_code
from jiandu.net.overseers.models import Office
from jiandu.net.vaults.holding import Unlocked
from jiandu.net.vaults.resealing import Stored
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.series import monday
from jiandu.results.alarms.services import WORD as CODE
from jiandu.results.warnings.plain import UNITS
from jiandu.sources.petitions import vault
from jiandu.sources.petitions.categories import KIND
from jiandu.sources.petitions.models import Petition

SEALED, PART = "alarm", "word"


@dataclass(frozen=True)
class NewWord:
    """The word, the items of a week that hold it."""

    week: date
    word: str
    items: Sequence[Petition]


@atomic
def propose(*, office: Office, new: NewWord, by: Viewer) -> Alarm:
    """提出预警. Raises Refused: not-allowed, too-few-units, alarm-twice; as `vault.keys_of` where nothing can be sealed."""
    if not guard.allow(by, "create", Alarm):
        raise Refused("not-allowed", "您没有提出预警的权限")
    items = [row for row in new.items if row.owner_office_id == office.pk]
    units = {row.subject_id for row in items if row.subject_id is not None}
    if len(units) < UNITS:
        raise Refused("too-few-units", "涉及本室%(count)d个以上单位的关键词才能提出预警", count=UNITS)
    first, uid = monday(new.week), new_uid()
    code = next_code(Alarm, office, CODE, first.year)  # holds the office's row
    uids = sorted(str(row.uid) for row in items)
    series = hashlib.sha256("".join(uids).encode()).hexdigest()
    with guard.acting(guard.system("petition warnings")):
        if Alarm.objects.filter(owner_office=office, rule=Alarm.Rule.WORD, week=first, series=series).exists():
            raise Refused("alarm-twice", "这些信访件已提出过预警")
        row = Alarm(
            uid=uid,
            code=code,
            rule=Alarm.Rule.WORD,
            week=first,
            since=first,
            domain_id=_of_most([row.domain_id for row in items]),
            category=_shared(items),
            word=seal(new.word.encode(), to=vault.keys_of(office, vault.CONTENT), context=Context(SEALED, uid, PART)),
            items=uids,
            series=series,
            observed=len(units),
            threshold=float(UNITS),
            why=f"本周{len(items)}件信访件有同一关键词，涉及{len(units)}个单位（{UNITS}个即提示）；关键词密封",
            why_en=f"{len(items)} items of the week share a keyword, about {len(units)} units ({UNITS} suffice); it is sealed",
            owner_office=office,
            owner_path=office.path,
            level=Level.SENSITIVE,
        )
        row.save(force_insert=True)
    record(by, "alarm.propose", row, payload={"week": first.isoformat(), "items": len(items), "units": len(units)})
    return row


def _of_most(keys: Sequence[int | None]) -> int | None:
    """The domain of more than half of them."""
    said = [key for key in keys if key is not None]
    most = max(said, key=said.count, default=None)
    return most if said.count(most or 0) * 2 > len(keys) else None


def _shared(items: Sequence[Petition]) -> str:
    """The class that all classed items share, as deep as they share it."""
    said = [row.category for row in items if row.category]
    deepest = reversed(LEVELS[KIND])
    return next(
        (said[0][:size] for size in deepest if said and len({code[:size].ljust(size) for code in said}) == 1), ""
    )


def word_of(alarm: Alarm, unlocked: Unlocked | None) -> str | None:
    """The word; None where there is none, or no key at hand opens it. The caller has logged the look."""
    if alarm.word is None:
        return None
    envelope = bytes(alarm.word)
    key = vault.key_for(envelope, unlocked)
    return open_envelope(envelope, key=key, context=_context(alarm)).decode() if key is not None else None


def sealed_under(key_id: bytes) -> Iterator[Stored]:
    """Every word that is sealed to this key: for a rotation."""
    for row in Alarm.objects.filter(word__isnull=False).order_by("pk"):
        envelope = bytes(row.word or b"")
        if key_id in recipients(envelope):
            yield Stored(envelope, _context(row), partial(_put, row))


def _context(alarm: Alarm) -> Context:
    return Context(SEALED, alarm.uid, PART)


def _put(row: Alarm, envelope: bytes) -> None:
    row.word = envelope
    row.save(update_fields=["word"])
