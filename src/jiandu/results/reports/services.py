"""Verbs: draft a review, edit its text, freeze its figures (定稿锁数)."""

import hashlib
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import new_uid
from jiandu.base.core.marks import mark_of
from jiandu.results.analysis.frozen import snapshots_of
from jiandu.results.analysis.measures.registry import Ask, find
from jiandu.results.analysis.selectors import Figure, Share, shares
from jiandu.results.analysis.services import freeze_figure
from jiandu.results.reports.asking import check_settled
from jiandu.results.reports.checks import check
from jiandu.results.reports.counting import check_covers, publisher
from jiandu.results.reports.drafting import Drafted, Source, Written, compose, default_text
from jiandu.results.reports.editions import Edition, edition_docx
from jiandu.results.reports.models import Review, Section
from jiandu.results.reports.owners import commission_of
from jiandu.results.reports.selectors import read_review, sections_of


@atomic
def draft_review(*, year: int, as_of: date, by: Viewer) -> Review:
    """A new review with the default text."""
    if not guard.allow(by, "draft", Review):
        raise Refused("not-allowed", "您没有“起草综述”的权限")
    if as_of > today() or as_of < date(year, 1, 1):
        raise Refused("as-of", "统计截止日应在年初之后且不晚于今天")
    begin = default_text()
    review = Review(year=year, title=begin["title"].format(year=year), as_of=as_of, drafted_by=by.name)
    review.save(force_insert=True)
    for order, section in enumerate(begin["sections"], start=1):
        text = "\n".join(section["sentences"])
        Section(review=review, order=order, part=section.get("part", ""), title=section["title"], text=text).save(
            force_insert=True
        )
    record(by, "review.draft", review, payload={"year": year, "as_of": as_of.isoformat()})
    return review


@atomic
def edit_section(*, section: Section, by: Viewer, title: str, text: str) -> Section:
    """Changes the wording. Digits come from measures: a slot that no measure fills is refused."""
    if not guard.allow(by, "draft", Review):
        raise Refused("not-allowed", "您没有“起草综述”的权限")
    review = Review.objects.select_for_update().get(pk=section.review_id)
    if review.frozen_at is not None:
        raise Refused("frozen", "综述已定稿,不能修改")
    ask = Ask(review.year, review.as_of)
    compose(title=review.title, ask=ask, sections=[Written(title, text.splitlines())], source=Source(_named, _unsplit))
    section.title, section.text = title, text
    section.save(update_fields=["title", "text"])
    record(by, "review.edit", review, payload={"section": section.order})
    return section


def _named(key: str, day: date) -> Figure:
    """Stands in for the figure while a text is only checked for measures that exist."""
    return Figure(measure=find(key), value=0, rows=0, as_of=day)


def _unsplit(key: str, by: str, day: date) -> list[Share]:
    return []


@atomic
def take_as_word(*, review: Review, by: Viewer) -> bytes:
    """The review as Word, with the mark of who took it; the log says that it left, under the same number, by its hash."""
    from jiandu.results.reports.word import to_docx  # noqa: PLC0415 -- slow import: python-docx

    if not guard.allow(by, "view", Review):
        raise Refused("not-allowed", "您没有“导出”的权限")
    identity = str(new_uid())
    content = to_docx(read_review(by, review), mark=mark_of(by, identity))
    said = {"export": identity, "sha256": hashlib.sha256(content).hexdigest(), "as_of": review.as_of.isoformat()}
    record(by, "review.export", review, payload=said)
    return content


@atomic
def take_edition(*, review: Review, by: Viewer, edition: Edition) -> bytes:
    """送审稿, 内部稿 or 对外稿 as Word; the log says which one left. Raises Refused as `edition_docx`."""
    if not guard.allow(by, "view", Review):
        raise Refused("not-allowed", "您没有“导出”的权限")
    identity = str(new_uid())
    content = edition_docx(by, review, edition, mark=mark_of(by, identity))
    said = {"export": identity, "sha256": hashlib.sha256(content).hexdigest(), "edition": edition.value}
    record(by, "review.export", review, payload=said | {"as_of": review.as_of.isoformat()})
    return content


@atomic
def freeze(*, review: Review, by: Viewer) -> Review:
    """定稿锁数: each figure in the text is fixed with value, rows digest, as-of date and moment; later entries are 补录.

    Raises Refused, and nothing is fixed: must-fix where the consistency checks find what must be put right, not-asked and
    figures-open where figures were not answered by their owners (核数单) nor decided on by the general office.
    """
    review = Review.objects.select_for_update(of=("self",)).select_related("asked_for").get(pk=review.pk)
    if not guard.allow(by, "freeze", Review):
        raise Refused("not-allowed", "您没有“定稿锁数”的权限")
    if review.frozen_at is not None:
        raise Refused("frozen", "综述已定稿")
    commission = review.asked_for or commission_of(by)
    if commission is None:
        raise Refused("no-commission", "请由综述所属纪委监委的人员定稿")
    check_covers(by, commission)
    moment = now()
    drafted = _fixed(review, Ask(review.year, review.as_of, moment), publisher(commission, by))
    check_settled(review, {row.key: row.rows_digest for row in snapshots_of(by, review.uid)})
    review.frozen_at, review.frozen_by, review.scope = moment, by.name, commission.name
    review.save(update_fields=["frozen_at", "frozen_by", "scope"])
    record(by, "review.freeze", review, payload={key: str(figure.value) for key, figure in drafted.figures.items()})
    return review


def _fixed(review: Review, ask: Ask, counts: Viewer) -> Drafted:
    """Every figure of the text frozen as `counts` sees it, and the text checked. Raises Refused (must-fix)."""
    source = Source(
        lambda key, day: freeze_figure(key=key, ask=ask.at(day), by=counts, published_in=review.uid),
        lambda key, split, day: shares(counts, key, ask.at(day), by=split),
    )
    sections = sections_of(review)
    with guard.acting(counts):
        drafted = compose(title=review.title, ask=ask, sections=sections, source=source)
    _check(drafted, sections)
    return drafted


def _check(drafted: Drafted, sections: list[Written]) -> None:
    must = [remark for remark in check(drafted, sections) if remark.must]
    if must:
        raise Refused(
            "must-fix",
            "一致性核对有 %(count)d 项必须处理，暂不能定稿：%(said)s",
            count=len(must),
            said=" · ".join(remark.words for remark in must[:3]),
        )
