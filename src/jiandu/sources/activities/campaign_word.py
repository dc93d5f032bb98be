"""专项整治情况 as Word in official layout: the plan, what units found by themselves, what spot-checks saw."""

from datetime import UTC, datetime, time

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.documents.blocks import Block, Column, Document, Heading, Paragraph, Signature, Table, Title
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.selectors import self_checks_of, visits_of

SELF_CHECKS = (
    Column("序号", 0.5, "center"),
    Column("自查单位", 1.8),
    Column("自查日期", 1.1, "center"),
    Column("发现问题", 0.8, "right"),
    Column("已自纠", 0.7, "right"),
    Column("自查情况", 2),
)
SPOT_CHECKS = (
    Column("序号", 0.5, "center"),
    Column("抽查单位", 1.8),
    Column("抽查日期", 1.1, "center"),
    Column("参加人员", 1.2),
    Column("了解到的情况", 2.4),
)


def campaign_docx(viewer: Viewer, activity: Activity, *, mark: str = "") -> bytes:
    """The campaign as its records have it today; every number is a sum of them."""
    on = activity.ended_on or today()
    blocks: list[Block] = [
        Title(f"“{activity.name}”\n专项整治情况"),
        Heading("整治方案"),
        *_plan(activity),
        Heading("自查自纠情况"),
        *_self_checks(viewer, activity),
        Heading("抽查情况"),
        *_spot_checks(viewer, activity),
        Signature(str(activity.owner_office), on),
    ]
    at = datetime.combine(on, time(), tzinfo=UTC)
    title = f"{activity.name}专项整治情况"
    return to_docx(Document(title=title, author=str(activity.owner_office), at=at, blocks=tuple(blocks), mark=mark))


def _plan(activity: Activity) -> list[Block]:
    field = f"领域为{activity.field.label_zh}，" if activity.field else ""
    approved = f"于{day_in_words(activity.approved_on)}立项" if activity.approved_on else "尚未立项"
    ended = f"，于{day_in_words(activity.ended_on)}结项" if activity.ended_on else ""
    lines = [line.strip() for line in activity.plan.splitlines() if line.strip()]
    return [Paragraph(f"本专项{field}{approved}{ended}。"), *(Paragraph(line) for line in lines)]


def _self_checks(viewer: Viewer, activity: Activity) -> list[Block]:
    rows = list(self_checks_of(viewer, activity))
    if not rows:
        return [Paragraph("尚无单位报送自查自纠情况。")]
    units = len({row.organisation_id for row in rows})
    found, fixed = sum(row.found_count for row in rows), sum(row.fixed_count for row in rows)
    told = (
        (str(place), str(row.organisation), row.on.isoformat(), str(row.found_count), str(row.fixed_count), row.note)
        for place, row in enumerate(rows, 1)
    )
    said = Paragraph(f"{units}家单位开展自查，自查发现问题{found}个，已自纠{fixed}个。")
    return [said, Table(SELF_CHECKS, tuple(told))]


def _spot_checks(viewer: Viewer, activity: Activity) -> list[Block]:
    rows = list(visits_of(viewer, activity))
    if not rows:
        return [Paragraph("尚未开展抽查。")]
    units = len({row.organisation_id for row in rows})
    told = (
        (str(place), str(row.organisation), row.on.isoformat(), row.members, row.note)
        for place, row in enumerate(rows, 1)
    )
    return [Paragraph(f"抽查{units}家单位、{len(rows)}家次。"), Table(SPOT_CHECKS, tuple(told))]
