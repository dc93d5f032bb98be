"""An alarm leads to a letter: 信访监督建议书, or a proposal, drafted with what rose, from what expectation, in which days.

It goes to the unit itself, so it tells counts and no item, no sender, no person reported; and no count that points at few.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.transaction import atomic
from django.utils.translation import override

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.documents.signature import day_in_words
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.services.drafting import NewInstrument, draft
from jiandu.net.subjects.models import Organisation
from jiandu.results.alarms.models import Alarm, AlarmLetter
from jiandu.results.alarms.series import LEAST, WEEK
from jiandu.sources.petitions.categories import named

Kind = Instrument.Kind
KINDS = (Kind.PETITION, *Instrument.PROPOSALS, Kind.REMINDER)
SOURCE = "信访举报情况分析"


@dataclass(frozen=True)
class NewLetter:
    """Which letter to which unit, and what is said in it."""

    kind: str
    unit: Organisation
    title: str
    drafted_on: date
    facts: str
    suggestions: tuple[str, ...] = ()
    reply_days: int | None = None


@atomic
def draft_letter(*, alarm: Alarm, by: Viewer, new: NewLetter) -> Instrument:
    """起草文书 of a confirmed alarm. Raises Refused: not-allowed, confirm-first, letter-kind, other-unit, as `draft`."""
    row: Alarm = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if not guard.allow(by, "edit", row) or not guard.allow(by, "create", Instrument):
        raise Refused("not-allowed", "您没有“起草文书”的权限")
    if row.state != Alarm.State.CONFIRMED:
        raise Refused("confirm-first", "预警经研判确认后才能起草文书")
    if new.kind not in KINDS:
        raise Refused("letter-kind", "该文种不能由预警起草")
    if row.subject_path and not new.unit.path.startswith(row.subject_path):
        raise Refused("letter-unit", "该预警反映的是“%(unit)s”", unit=str(row.subject))
    letter = draft(
        new=NewInstrument(
            kind=new.kind,
            title=new.title,
            office=row.owner_office,
            subject=new.unit,
            drafted_on=new.drafted_on,
            source=SOURCE,
            facts=new.facts.strip(),
            reply_days=new.reply_days,
            suggestions=[text for text in new.suggestions if text.strip()],
        ),
        by=by,
    )
    AlarmLetter(alarm=row, instrument=letter).save(force_insert=True)
    record(by, "alarm.letter", row, payload={"letter": str(letter.uid), "kind": letter.kind})
    return letter


def matter_of(alarm: Alarm) -> str:
    """What it is about, in the words of the house: place, domain or class; never a word out of a letter."""
    with override("zh-hans"):
        domain = f"{alarm.domain.label_zh}领域" if alarm.domain else ""
        about = f"“{named(alarm.category).rsplit(' · ', 1)[-1]}”" if alarm.category else domain
        return f"{alarm.region or ''}{about}"


def facts_of(alarm: Alarm) -> str:
    """The facts as the letter begins with them: days, count, expectation. Of persons, senders and items nothing.

    Of a unit only where the alarm is about one: what several share is told of all together.
    """
    last = alarm.week + WEEK - timedelta(days=1)
    days = f"{day_in_words(alarm.since)}至{day_in_words(last)}"
    about = f"反映{'你单位' if alarm.subject_id else ''}{matter_of(alarm)}问题的"
    told = {
        Alarm.Rule.RISE: _risen(alarm, about),
        Alarm.Rule.SENDERS: f"{about}信访举报较为集中。",
        Alarm.Rule.REPEATS: f"{about}信访举报中，重复反映占{alarm.observed}%，比例偏高。",
        Alarm.Rule.OVER_LEVEL: f"{about}越级信访举报增多。",
        Alarm.Rule.SHARED: f"我机关收到的信访举报中，有{alarm.observed}个单位被反映{matter_of(alarm)}同类问题。",
        Alarm.Rule.WORD: f"我机关收到的信访举报中，有{alarm.observed}个单位被反映{matter_of(alarm)}同类问题。",
    }[Alarm.Rule(alarm.rule)]
    return f"{days}，{told}"


def _risen(alarm: Alarm, about: str) -> str:
    """How many, and how many as a rule; a number that points at few is not told."""
    if alarm.observed < LEAST:
        return f"{about}信访举报明显多于平时。"
    usual = ""
    if alarm.expected is not None:
        usual = f"，平时每周约{alarm.expected:.1f}件" if alarm.expected >= 1 else "，平时每周不到1件"
    return f"我机关收到{about}信访举报{alarm.observed}件{usual}，明显多于平时。"
