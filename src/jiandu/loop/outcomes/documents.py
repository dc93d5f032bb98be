"""What came of a topic, for publication: the list of results and the list of rules, as Word in official layout."""

from datetime import UTC, datetime, time

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.documents.blocks import Block, Column, Document, Heading, Paragraph, Table, Title
from jiandu.base.documents.word import to_docx
from jiandu.loop.outcomes.selectors import rules_of_activity
from jiandu.sources.activities.models import Activity
from jiandu.sources.topics.models import MonthlyCount
from jiandu.sources.topics.selectors import TopicWork, achievements_of, evaluations_of, work_of


def results_of_topic(viewer: Viewer, activity: Activity) -> bytes:
    """成果清单和制度清单 of a year's work on a topic, as it stands today."""
    work = work_of(viewer, activity)
    rules = list(rules_of_activity(viewer, activity))
    on = today()
    blocks: list[Block] = [
        Title(
            f"“{activity.name}”点题整治\n成果清单和制度清单",
            under=f"{activity.year}年度，截至{on.year}年{on.month}月{on.day}日",
        ),
        Heading("整治成果"),
        *_results(viewer, work),
        Heading("制度清单"),
    ]
    if rules:
        columns = (Column("序号", 0.5, "center"), Column("制度名称", 2.4), Column("文号", 1.2), Column("制发机关", 1.4), Column("印发日期", 1.1))  # fmt: skip
        told = ((str(n), str(row), row.number, row.issuer, row.issued_on.isoformat()) for n, row in enumerate(rules, 1))
        blocks.append(Table(columns, tuple(told)))
    else:
        blocks.append(Paragraph("无。"))
    at = datetime.combine(on, time(), tzinfo=UTC)
    return to_docx(Document(title=f"{activity.name}成果清单和制度清单", author="监督网", at=at, blocks=tuple(blocks)))


def _results(viewer: Viewer, work: TopicWork) -> list[Block]:
    """The departments, what was achieved, how far the targets came, messages, what the public said."""
    blocks: list[Block] = []
    if work.departments:
        blocks.append(Paragraph("答题部门：" + "、".join(str(row) for row in work.departments) + "。"))
    achieved = achievements_of(viewer, work.activity)
    if achieved:
        columns = (Column("序号", 0.5, "center"), Column("成果", 4.4), Column("日期", 1.1))
        told = ((str(n), row.text, row.on.isoformat()) for n, row in enumerate(achieved, 1))
        blocks.append(Table(columns, tuple(told)))
    else:
        blocks.append(Paragraph("无。"))
    if work.targets:
        heads = (
            Column("量化目标", 3),
            Column("目标值", 1, "right"),
            Column("完成值", 1, "right"),
            Column("单位", 0.8),
        )
        targets = (
            (row.name, str(row.planned), "—" if row.came is None else str(row.came), row.unit)  # type: ignore[attr-defined]
            for row in work.targets
        )
        blocks.append(Table(heads, tuple(targets), caption="目标完成情况"))
    messages = work.total(MonthlyCount.Kind.MESSAGES)
    if messages.received:
        blocks.append(
            Paragraph(f"受理群众留言{messages.received}件，办结{messages.closed}件，办结率{messages.percent}。")
        )
    for row in evaluations_of(viewer, work.activity):
        rates = f"知晓率{row.known / 100:.2f}%，满意率{row.satisfied / 100:.2f}%，支持率{row.supported / 100:.2f}%"
        blocks.append(Paragraph(f"{row.evaluator}于{row.on.isoformat()}评价（样本量{row.sample}）：{rates}。"))
    return blocks
