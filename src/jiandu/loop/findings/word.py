"""问题反馈单: what a round found at one unit, for that unit, as Word; or blank."""

from dataclasses import replace
from datetime import UTC, datetime, time

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import (
    Block,
    Column,
    Document,
    Field,
    Form,
    Landscape,
    Paragraph,
    Table,
    Title,
)
from jiandu.base.documents.codes import Code, Opens
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.tallies import to_feed_back
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity

COLUMNS = (
    Column("序号", 0.6, "center"),
    Column("问题编号", 1.5),
    Column("问题方面", 1.1),
    Column("问题表现和具体事实", 4.2),
    Column("整改类型", 1, "center"),
    Column("整改时限", 1.3, "center"),
    Column("整改措施和结果", 2.2),
)
BLANK_ROWS = 4


def feedback_docx(viewer: Viewer, activity: Activity, unit: Organisation | None = None, *, mark: str = "") -> bytes:
    """问题反馈单 as a file. Raises Refused (no-findings)."""
    return to_docx(replace(feedback(viewer, activity, unit), mark=mark))


def feedback(viewer: Viewer, activity: Activity, unit: Organisation | None = None) -> Document:
    """The sheet to a unit, without what is of level 2 and above or in no figure. Raises Refused (no-findings)."""
    found = _found(viewer, activity, unit) if unit else []
    if unit and not found:
        raise Refused("no-findings", "本轮没有可以反馈给%(unit)s的问题", unit=str(unit))
    rows = [_row(place, one) for place, one in enumerate(found, 1)]
    empty = ("\n", *[""] * (len(COLUMNS) - 1))
    name = "挂钩监督问题反馈单"
    upright = (
        Title(name, _code(activity, unit)),
        Paragraph(f"{unit}：" if unit else "责任单位：", indent=False),
        Paragraph(f"在“{activity.name}”挂钩监督中，发现你单位存在以下问题。请逐项制定措施，按时限整改并反馈结果。"),
        Table(COLUMNS, tuple(rows or [empty] * BLANK_ROWS)),
        Form(
            (
                (Field("反馈室组", str(activity.owner_office)), Field("反馈日期", day_in_words(None))),
                (Field("单位意见", "", 16),),
                (Field("主要负责人\n签　　字", "", 13), Field("签字日期", day_in_words(None))),
            )
        ),
    )
    content: tuple[Block, ...] = (Landscape(upright),)
    at = datetime.combine(today(), time(), tzinfo=UTC)
    author = str(activity.owner_office)
    return Document(title=f"{unit or ''}{name}", author=author, at=at, blocks=content)


def _code(activity: Activity, unit: Organisation | None) -> Code:
    """Of the unit as the round is linked with it; of a blank sheet, or of a unit that left the round, the round's."""
    linked = activity.linked_units.filter(organisation=unit, withdrawn_on__isnull=True).first() if unit else None
    return Code(Opens.UNIT_FEEDBACK, linked.uid) if linked else Code(Opens.ROUND_FEEDBACK, activity.uid)


def _found(viewer: Viewer, activity: Activity, unit: Organisation) -> list[Finding]:
    """In order of registration."""
    rows = to_feed_back(viewer, activity).filter(subject=unit)
    return list(rows.select_related("aspect").order_by("registered_on", "pk"))


def _row(place: int, one: Finding) -> tuple[str, ...]:
    said = "\n".join(filter(None, [one.problem, one.facts]))
    aspect = one.aspect.label_zh if one.aspect else ""
    kind = as_recorded(one.get_rectification_display())
    return (str(place), one.code, aspect, said, kind, one.due_on.isoformat() if one.due_on else "", "")
