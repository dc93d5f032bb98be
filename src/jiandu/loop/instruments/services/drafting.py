"""起草: a sheet with what it is about; changed as long as nobody has been asked to sign it."""

from dataclasses import dataclass, field
from datetime import date

from django.db.transaction import atomic

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.lexicon.models import Item
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.moving import lock
from jiandu.loop.instruments.kinds import cited, kind_of
from jiandu.loop.instruments.models import Instrument, Matter, Suggestion
from jiandu.loop.instruments.rules import check_day
from jiandu.loop.instruments.services.locking import begin, log
from jiandu.loop.instruments.services.rising import rise
from jiandu.loop.instruments.services.wording import wording_for
from jiandu.loop.instruments.states import Stage
from jiandu.net.access.numbering import next_code
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity

WORDS = ["title", "source", "nature", "facts", "causes", "advice", "reply_ask", "reply_days", "copies_to", "retention"]


@dataclass(frozen=True)
class NewInstrument:
    """Kind, matter, our office, the unit; what is said; the findings listed and the suggestions made, in order."""

    kind: str
    title: str
    office: Office
    subject: Organisation
    drafted_on: date
    issuer: str = ""
    activity: Activity | None = None
    source: str = ""
    nature: Item | None = None
    facts: str = ""
    causes: str = ""
    advice: str = ""
    reply_ask: str = ""
    reply_days: int | None = None
    copies_to: str = ""
    retention: str = ""
    findings: list[Finding] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)


@atomic
def draft(*, new: NewInstrument, by: Viewer) -> Instrument:
    """起草. Has an internal number at once. Raises Refused: not-allowed, title-needed, step-date, no-basis, other-unit."""
    if not guard.allow(by, "create", Instrument):
        raise Refused("not-allowed", "您没有“起草文书”的权限")
    check_day(new.drafted_on, None, today())
    kind = kind_of(Instrument.Kind(new.kind))
    cited(kind, new.drafted_on)
    if not new.title.strip():
        raise Refused("title-needed", "请填写事由")
    one = Instrument(
        kind=kind.kind,
        code=next_code(Instrument, new.office, kind.word, new.drafted_on.year),
        drafted_on=new.drafted_on,
        issuer=new.issuer.strip()[:128] or new.office.name,
        activity=new.activity,
        owner_office=new.office,
        owner_path=new.office.path,
        subject=new.subject,
        subject_path=new.subject.path,
        source_uid=new.activity.uid if new.activity else None,
        wording=wording_for(kind.kind, new.office),
        **{name: getattr(new, name) for name in WORDS},
    )
    one.save(force_insert=True)
    for finding in new.findings:
        _list(one, finding)
    for text in new.suggestions:
        _suggest(one, text)
    log(by, "draft", one, kind=one.kind, findings=len(new.findings), wording=one.wording.version if one.wording else 0)
    return one


@atomic
def amend(*, instrument: Instrument, by: Viewer, **words: object) -> Instrument:
    """Other words for what is said. The old ones stay in the log. Raises Refused (title-needed)."""
    one: Instrument = begin(instrument, by, "edit", Stage.DRAFT)
    unknown = words.keys() - set(WORDS)
    if unknown:
        raise Refused("not-correctable", "这些栏目不能直接更改：%(names)s", names="、".join(sorted(unknown)))
    if not str(words.get("title", one.title)).strip():
        raise Refused("title-needed", "请填写事由")
    before = {name: str(getattr(one, name)) for name in words}
    for name, value in words.items():
        setattr(one, name, value)
    one.save(update_fields=list(words))
    log(by, "amend", one, before=before)
    return one


@atomic
def list_finding(*, instrument: Instrument, by: Viewer, finding: Finding) -> Matter:
    """One more finding on the sheet. Raises Refused: other-unit, finding-twice."""
    one = begin(instrument, by, "edit", Stage.DRAFT)
    row = _list(one, finding)
    log(by, "list_finding", one, finding=str(finding.uid))
    return row


def _list(one: Instrument, finding: Finding) -> Matter:
    """A sheet is about one unit and what stands below it: else the leader in charge would be another.

    The finding is held: it is not raised at the same moment, past the sheet.
    """
    finding = lock(finding)
    if not finding.subject_path.startswith(one.subject_path):
        raise Refused(
            "other-unit", "%(code)s的责任单位不是%(unit)s，请另行拟稿", code=finding.code, unit=str(one.subject)
        )
    if Matter.objects.filter(instrument=one, finding=finding, withdrawn_on__isnull=True).exists():
        raise Refused("finding-twice", "%(code)s已列入本件", code=finding.code)
    row = Matter(instrument=one, finding=finding)
    row.save(force_insert=True)
    rise(one)
    return row


@atomic
def drop_finding(*, matter: Matter, by: Viewer, reason: str, on: date | None = None) -> Matter:
    """The finding leaves the sheet."""
    one = begin(_of(matter), by, "edit", Stage.DRAFT)
    take_back(matter, reason, on)
    log(by, "drop_finding", one, matter=str(matter.uid), reason=reason)
    return matter


@atomic
def suggest(*, instrument: Instrument, by: Viewer, text: str) -> Suggestion:
    """One more suggestion. Raises Refused (suggestion-needed)."""
    one = begin(instrument, by, "edit", Stage.DRAFT)
    row = _suggest(one, text)
    log(by, "suggest", one, suggestion=str(row.uid))
    return row


def _suggest(one: Instrument, text: str) -> Suggestion:
    if not text.strip():
        raise Refused("suggestion-needed", "请填写建议内容")
    row = Suggestion(instrument=one, text=text.strip())
    row.save(force_insert=True)
    return row


@atomic
def drop_suggestion(*, suggestion: Suggestion, by: Viewer, reason: str, on: date | None = None) -> Suggestion:
    """The suggestion leaves the letter."""
    one = begin(_of(suggestion), by, "edit", Stage.DRAFT)
    take_back(suggestion, reason, on)
    log(by, "drop_suggestion", one, suggestion=str(suggestion.uid), reason=reason)
    return suggestion


@atomic
def withdraw(*, instrument: Instrument, by: Viewer, reason: str, on: date | None = None) -> Instrument:
    """撤下 a sheet: from that day (today) on no figure counts it. Of a signed one only who may sign it; its number stays used."""
    one = begin(instrument, by, "view")
    needed = kind_of(one.kind).signed_by if one.signed_on is not None else "edit"
    if not guard.allow(by, needed, one):
        raise Refused("not-allowed", "您没有撤下该文书的权限；已签批的由签批人撤下")
    take_back(one, reason, on)
    log(by, "withdraw", one, reason=reason)
    return one


def _of(row: Matter | Suggestion) -> Instrument:
    return Instrument(pk=row.instrument_id)
