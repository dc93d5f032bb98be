"""Editions of a review from the same data: 送审稿 with comments, 内部稿 with the names of bodies, 对外稿 without what is internal."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.documents.blocks import Appendix, Block, Column, Note, Table
from jiandu.net.subjects.selectors import names_in
from jiandu.results.analysis.frozen import shares_as_published, snapshots_of
from jiandu.results.analysis.measures.registry import Ask, find
from jiandu.results.analysis.selectors import Figure, shares
from jiandu.results.reports.asked import Asked, sees_all, sheet
from jiandu.results.reports.counting import publisher
from jiandu.results.reports.drafting import Drafted, Paragraphs, Plot, Run, Source, compose, date_words
from jiandu.results.reports.models import FigureAnswer, FigureLine, Review
from jiandu.results.reports.selectors import read_review, sections_of


class Edition(StrEnum):
    """For whom a review is printed."""

    FOR_REVIEW = "for-review"
    INTERNAL = "internal"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        return {"for-review": "送审稿", "internal": "内部稿", "public": "对外稿"}[self.value]


#: In 对外稿 fewer persons or matters than this are not told exactly: whom they concern could be worked out.
SMALL = 5
SMALL_UNITS = ("人", "人次", "位", "次", "件", "件次")
#: Ways to split a figure that name bodies.
OF_BODIES = {"unit": "责任单位", "office": "承办室组"}
LISTED = 60
RULE = (
    f"本稿为对外稿：人数、人次、件数不足{SMALL}的写作“不足{SMALL}”，含此类小数的图表和比率不列，"
    "按单位、室组划分的图表不列，人员姓名隐去，统计口径附录和单位名录见内部稿。数字与定稿锁数一致。"
)


def edition_docx(viewer: Viewer, review: Review, edition: Edition, *, mark: str = "") -> bytes:
    """The edition as Word. Raises Refused: not-allowed, not-asked, not-frozen."""
    from jiandu.results.reports.word import to_docx  # noqa: PLC0415 -- slow import: python-docx

    mark = "　".join(filter(None, (edition.label, mark)))
    if edition == Edition.PUBLIC:
        _check_frozen(review)
        return to_docx(public(viewer, read_review(viewer, review)), mark=mark, appendix=False, more=(Note(RULE),))
    if not sees_all(viewer, review):
        raise Refused("not-allowed", "您没有“下载送审稿、内部稿”的权限")
    if edition == Edition.INTERNAL:
        _check_frozen(review)
        return to_docx(read_review(viewer, review), mark=mark, more=bodies(viewer, review))
    asked = sheet(viewer, review)
    if not asked:
        raise Refused("not-asked", "还没有发核数单，请先发核数单")
    notes = {one.line.key: note_of(one) for one in asked}
    return to_docx(put_to_leaders(viewer, review, asked), mark=mark, notes=notes)


def _check_frozen(review: Review) -> None:
    if review.frozen_at is None:
        raise Refused("not-frozen", "内部稿、对外稿须在定稿锁数后生成")


def put_to_leaders(viewer: Viewer, review: Review, asked: list[Asked]) -> Drafted:
    """The text with the figures of its 核数单, whoever takes it; frozen, with those that were frozen."""
    if review.frozen_at is not None or review.asked_for is None:
        return read_review(viewer, review)
    lines, counts = {one.line.key: one.line for one in asked}, publisher(review.asked_for, viewer)
    ask = Ask(review.year, review.as_of)
    source = Source(
        lambda key, _day: as_counted(lines[key]) if key in lines else None,
        lambda key, by, day: shares(counts, key, ask.at(day), by=by),
    )
    with guard.acting(counts):
        return compose(title=review.title, ask=ask, sections=sections_of(review), source=source)


def as_counted(line: FigureLine) -> Figure:
    """The figure as the sheet says it."""
    return Figure(measure=find(line.key), value=line.number, rows=line.row_count, as_of=line.as_of)


def note_of(one: Asked) -> str:
    """The comment on a number: measure, 口径, 统计截止日, and what its owner says."""
    line, measure = one.line, find(one.line.key)
    answer = said_in_words(one.last) if one.last else "尚未答复"
    return "\n".join(
        (
            f"统计指标：{measure.label} {line.number}{measure.unit}",
            f"口径：{measure.basis.label}：{measure.definition}",
            f"统计截止日：{date_words(line.as_of)}，所计 {line.row_count} 条",
            f"归口室组：{line.office}（{line.get_state_display()}）",
            f"答复：{answer}",
        )
    )


def said_in_words(row: FigureAnswer) -> str:
    """确认，王某（第一监督检查室）2023年1月5日."""
    reason = f"：{row.reason}" if row.reason else ""
    paper = f"，纸质签批：{row.signer_name}" if row.signer_name else ""
    return f"{row.get_verdict_display()}{reason}，{row.by_name}（{row.office_name}）{date_words(row.on)}{paper}"


def bodies(viewer: Viewer, review: Review) -> tuple[Block, ...]:
    """The second appendix of 内部稿: by figure, the units and offices that it counts, as frozen."""
    columns = (Column("统计指标", 1.4), Column("划分", 0.8), Column("单位、室组及数值", 4))
    rows = []
    for row in snapshots_of(viewer, review.uid):
        for key, label in OF_BODIES.items():
            parts = [part for part in shares_as_published(row, key) if part.name]
            if parts:
                named = "；".join(f"{part.name} {part.value}" for part in parts[:LISTED])
                more = f"；等 {len(parts)} 家" if len(parts) > LISTED else ""
                rows.append((find(row.key).label, label, named + more))
    return (Appendix("所计单位和室组名录"), Table(columns, tuple(rows))) if rows else ()


def public(viewer: Viewer, drafted: Drafted) -> Drafted:
    """What may be told outside, by `RULE`: of the same figures."""
    hide = _without_names(viewer, drafted)
    sections = tuple(_outside(one, hide) for one in drafted.sections)
    told = tuple(
        ratio
        for ratio in drafted.ratios
        if not any(0 < part.value < SMALL for part in (ratio.numerator, ratio.denominator, ratio.excluded))
    )
    return replace(drafted, sections=sections, ratios=told, title=hide(drafted.title))


def is_small(figure: Figure) -> bool:
    """Whether so few persons or matters are counted that they are not told exactly."""
    return figure.measure.unit in SMALL_UNITS and 0 < figure.value < SMALL


def _outside(section: Paragraphs, hide: Callable[[str], str]) -> Paragraphs:
    sentences = tuple(tuple(_said(run, hide) for run in runs) for runs in section.sentences)
    plots = tuple(plot for plot in section.plots if _tells_no_small(plot))
    return replace(section, sentences=sentences, plots=plots, title=hide(section.title))


def _said(run: Run, hide: Callable[[str], str]) -> Run:
    if run.figure is None:
        return Run(words=hide(run.words))
    return Run(words=f"不足{SMALL}" if is_small(run.figure) else run.text)


def _tells_no_small(plot: Plot) -> bool:
    parts = [part for _figure, those in plot.series for part in those]
    return plot.split.key not in OF_BODIES and not any(0 < part.value < SMALL for part in parts)


def _without_names(viewer: Viewer, drafted: Drafted) -> Callable[[str], str]:
    """Takes the names of persons that the directory knows out of a text: 张某某 of 张建国."""
    words = [drafted.title, *(one.title for one in drafted.sections)]
    words += [run.words for one in drafted.sections for runs in one.sentences for run in runs]
    names = names_in(viewer, "".join(words))

    def hide(text: str) -> str:
        for name in names:
            text = text.replace(name, name[0] + "某" * (len(name) - 1))
        return text

    return hide
