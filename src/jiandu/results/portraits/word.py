"""A report as Word in official layout, out of its judgements: nothing is scored, each number is a count of records."""

from datetime import UTC, datetime, time

from jiandu.base.core.guard import Viewer
from jiandu.base.documents.blocks import Block, Document, Heading, Paragraph, Signature, Title
from jiandu.base.documents.word import to_docx
from jiandu.results.portraits.models import Portrait
from jiandu.results.portraits.selectors import Judged, by_dimension


def portrait_docx(viewer: Viewer, portrait: Portrait) -> bytes:
    """The draft: what it is about, each dimension with what it rests on, the summary; unsigned until approved."""
    period = f"{_day(portrait.period_from)}至{_day(portrait.period_to)}"
    blocks: list[Block] = [
        Title(portrait.title),
        Paragraph(f"现将{portrait.about}{period}政治生态情况分析如下。"),
        Heading("各维度分析"),
    ]
    for one in by_dimension(viewer, portrait):
        blocks += _dimension(one)
    blocks += [Heading("总体评价和建议"), *_lines(portrait.summary or "（待补充）")]
    blocks.append(Signature(portrait.author, portrait.approved_on or portrait.period_to))
    return to_docx(
        Document(
            title=portrait.title,
            author=portrait.author,
            at=datetime.combine(portrait.period_to, time(), tzinfo=UTC),
            blocks=tuple(blocks),
            mark="" if portrait.approved_on else "草稿",
        )
    )


def _dimension(one: Judged) -> list[Block]:
    blocks: list[Block] = [Heading(one.dimension.label_zh, 2)]
    blocks += _lines(one.judgement.text if one.judgement else "（待研判）")
    counts = []
    if one.findings:
        counts.append(f"问题{len(one.findings)}个")
    if one.talks:
        counts.append(f"谈话{len(one.talks)}次")
    if one.judgement and one.judgement.petition_count is not None:
        counts.append(f"信访{one.judgement.petition_count}件")
    if counts:
        blocks.append(Paragraph(f"研判依据：{'、'.join(counts)}。"))
    blocks += [
        Paragraph(f"{place}．{finding.listed}（{finding.code}）") for place, finding in enumerate(one.findings, 1)
    ]
    return blocks


def _lines(text: str) -> list[Block]:
    return [Paragraph(line.strip()) for line in text.splitlines() if line.strip()]


def _day(day: object) -> str:
    return f"{day:%Y}年{day.month}月{day.day}日"  # type: ignore[attr-defined]
