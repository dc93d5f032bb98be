"""Verbs: a report is begun, judged by dimension, given its file, revised, taken back."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.files.store import Stored
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import items
from jiandu.loop.findings.models import Finding
from jiandu.net.access import deciding
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Region
from jiandu.results.portraits.models import Ground, Judgement, Portrait, PortraitApproval
from jiandu.sources.talks.models import Talk

DIMENSION = "dimension"


@dataclass(frozen=True)
class NewPortrait:
    """About which unit or district, for which period, by which year's dimensions, by which office, who reviews it."""

    office: Office
    year: int
    period_from: date
    period_to: date
    unit: Organisation | None = None
    district: Region | None = None
    title: str = ""
    author: str = ""
    reviewers: str = ""


@atomic
def begin_portrait(*, new: NewPortrait, by: Viewer) -> Portrait:
    """登记. Raises Refused: not-allowed, portrait-about, portrait-period, portrait-twice."""
    if not guard.allow(by, "create", Portrait):
        raise Refused("not-allowed", "您没有登记政治生态分析报告的权限")
    _check(new)
    portrait = _drafted(new)
    portrait.save(force_insert=True)
    payload = {"about": portrait.about, "from": new.period_from.isoformat(), "to": new.period_to.isoformat()}
    record(by, "portrait.begin", portrait, payload=payload)
    return portrait


def _check(new: NewPortrait) -> None:
    if (new.unit is None) == (new.district is None):
        raise Refused("portrait-about", "请填写分析的单位或地区，只能填一项")
    if new.district is not None and new.district.kind not in {Region.Kind.DISTRICT, Region.Kind.TOWN}:
        raise Refused("portrait-about", "地区应为区或镇(街道)：%(name)s", name=new.district.name)
    if not new.period_from <= new.period_to <= today():
        raise Refused("portrait-period", "分析期的止日应不早于起日，且不晚于今天")
    # One unit and period has one report in the city, whoever wrote it, also where the writer does not see the other.
    with guard.acting(guard.system("one report a unit and period")):
        same = Portrait.objects.filter(
            subject=new.unit,
            district=new.district,
            period_from=new.period_from,
            period_to=new.period_to,
            revises__isnull=True,
            withdrawn_on__isnull=True,
        )
        held = same.exists()
    if held:
        raise Refused("portrait-twice", "该单位(地区)该分析期的报告已登记，如有修改请用“修订”")


def _drafted(new: NewPortrait) -> Portrait:
    about = str(new.unit or new.district or "")
    return Portrait(
        title=(new.title.strip() or f"关于{about}政治生态的分析报告")[:200],
        year=new.year,
        period_from=new.period_from,
        period_to=new.period_to,
        author=(new.author.strip() or new.office.name)[:128],
        reviewers=new.reviewers.strip()[:200],
        district=new.district,
        subject=new.unit,
        subject_path=new.unit.path if new.unit else "",
        owner_office=new.office,
        owner_path=new.office.path,
    )


@atomic
def judge(
    *, portrait: Portrait, by: Viewer, dimension: Item, text: str, petition_count: int | None = None
) -> Judgement:
    """研判 of one dimension of the year's scheme; a later one replaces the words. Raises Refused (dimension, note-needed)."""
    _may_write(by, portrait)
    if dimension.pk not in {item.pk for item in items(by, DIMENSION, portrait.year)}:
        raise Refused("dimension", "“%(label)s”不是该年度的分析维度", label=dimension.label_zh)
    if not text.strip():
        raise Refused("note-needed", "请写明研判内容")
    row = Judgement.objects.filter(portrait=portrait, dimension=dimension).first()
    if row is None:
        row = Judgement(portrait=portrait, dimension=dimension)
    row.text, row.petition_count = text.strip(), petition_count
    row.save()
    record(by, "portrait.judge", portrait, payload={"dimension": dimension.code, "text": row.text})
    return row


@atomic
def judge_each(*, portrait: Portrait, by: Viewer, texts: dict[Item, str]) -> Portrait:
    """研判 of several dimensions at once, none of which was judged before. Raises Refused as `judge`."""
    _may_write(by, portrait)
    scheme = {item.pk for item in items(by, DIMENSION, portrait.year)}
    foreign = next((item for item in texts if item.pk not in scheme), None)
    if foreign is not None:
        raise Refused("dimension", "“%(label)s”不是该年度的分析维度", label=foreign.label_zh)
    if not all(text.strip() for text in texts.values()):
        raise Refused("note-needed", "请写明研判内容")
    Judgement.objects.bulk_create(
        [Judgement(portrait=portrait, dimension=item, text=text.strip()) for item, text in texts.items()]
    )
    said = {item.code: text.strip() for item, text in texts.items()}
    record(by, "portrait.judge", portrait, payload={"texts": said})
    return portrait


@atomic
def rest_on(*, judgement: Judgement, by: Viewer, finding: Finding | None = None, talk: Talk | None = None) -> Ground:
    """A judgement names a finding or a talk that it rests on; the same one once. Raises Refused (one-ground)."""
    portrait = judgement.portrait
    _may_write(by, portrait)
    if (finding is None) == (talk is None):
        raise Refused("one-ground", "请选择一个问题或一次谈话")
    held = Ground.objects.filter(judgement=judgement, finding=finding, talk=talk).first()
    if held is not None:
        return held
    row = Ground(portrait=portrait, judgement=judgement, finding=finding, talk=talk)
    row.save(force_insert=True)
    named = finding or talk
    record(by, "portrait.ground", portrait, payload={"on": str(named.uid) if named else ""})
    return row


@atomic
def write_summary(*, portrait: Portrait, by: Viewer, summary: str, reviewers: str) -> Portrait:
    """总体评价和建议, and who reviews."""
    _may_write(by, portrait)
    portrait.summary, portrait.reviewers = summary.strip(), reviewers.strip()[:200]
    portrait.save(update_fields=["summary", "reviewers"])
    record(by, "portrait.summary", portrait, payload={"summary": portrait.summary})
    return portrait


@atomic
def attach(*, portrait: Portrait, by: Viewer, stored: Stored, name: str) -> Portrait:
    """The report as its author wrote it. A file before it stays in the store and in the log."""
    _may_write(by, portrait)
    portrait.file_name, portrait.sha256 = name[:200], stored.sha256
    portrait.save(update_fields=["file_name", "sha256"])
    record(by, "portrait.attach", portrait, payload={"sha256": stored.sha256, "name": portrait.file_name})
    return portrait


@atomic
def revise(*, portrait: Portrait, by: Viewer) -> Portrait:
    """修订 of an approved report: a row of its own with the same judgements; it is not counted again."""
    _may(by, portrait)
    if portrait.approved_on is None or portrait.revises_id is not None or portrait.withdrawn_on is not None:
        raise Refused("revise-approved", "只能修订已审定的原报告")
    again = Portrait(revises=portrait)
    for name in COPIED:
        setattr(again, name, getattr(portrait, name))
    again.save(force_insert=True)
    rows = [
        Judgement(portrait=again, dimension_id=row.dimension_id, text=row.text, petition_count=row.petition_count)
        for row in Judgement.objects.filter(portrait=portrait).order_by("pk")
    ]
    Judgement.objects.bulk_create(rows)
    record(by, "portrait.revise", again, payload={"of": str(portrait.uid)})
    return again


COPIED = (
    "title",
    "year",
    "period_from",
    "period_to",
    "author",
    "reviewers",
    "summary",
    "district_id",
    "subject_id",
    "subject_path",
    "owner_office_id",
    "owner_path",
    "level",
)


@atomic
def withdraw_portrait(*, portrait: Portrait, by: Viewer, reason: str, on: date | None = None) -> Portrait:
    """撤下 a report that was registered by mistake."""
    _may(by, portrait)
    take_back(portrait, reason, on)
    for row in portrait.approvals.filter(status=PortraitApproval.Status.ON_PAPER):
        deciding.lapse(row)
    record(by, "portrait.withdraw", portrait, payload={"reason": reason})
    return portrait


def _may(by: Viewer, portrait: Portrait) -> None:
    if not guard.allow(by, "edit", portrait):
        raise Refused("not-allowed", "您没有办理该报告的权限")


def _may_write(by: Viewer, portrait: Portrait) -> None:
    """Until it is approved, by whoever may edit it."""
    _may(by, portrait)
    check_open(portrait)


def check_open(portrait: Portrait) -> None:
    """Neither approved nor taken back; held until the transaction ends. Raises Refused (already-decided)."""
    now_is = Portrait.objects.select_for_update(of=("self",)).get(pk=portrait.pk)
    if now_is.approved_on is not None or now_is.withdrawn_on is not None:
        raise Refused("already-decided", "该报告已审定或已撤下，如有修改请用“修订”")
