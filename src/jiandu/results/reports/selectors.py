"""Reads of reviews: a draft computes its figures, a frozen one shows its snapshots."""

from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.results.analysis.frozen import as_published, shares_as_published, snapshots_of
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.reports.checks import Remark, check
from jiandu.results.reports.drafting import Drafted, Source, Written, compose, live
from jiandu.results.reports.models import Review, Section


def reviews(viewer: Viewer, latest: int | None = None) -> QuerySet[Review]:
    """All reviews, newest first; drafts of a year after the `latest` that the viewer has records of come last (`is_empty`)."""
    guard.check_is_actor(viewer)
    empty = Q(year__gt=latest, frozen_at__isnull=True) if latest is not None else Q(pk__in=[])
    rows = Review.objects.annotate(is_empty=Case(When(empty, then=True), default=False))
    return rows.order_by("is_empty", "-year", "-as_of", "-pk")


def review_by_uid(viewer: Viewer, uid: UUID) -> Review | None:
    guard.check_is_actor(viewer)
    return Review.objects.filter(uid=uid).first()


def sections_of(review: Review) -> list[Written]:
    """Each section in order, as it is written."""
    rows = review.sections.order_by("order")
    return [Written(section.title, section.text.splitlines(), section.part) for section in rows]


def read_review(viewer: Viewer, review: Review) -> Drafted:
    """The review as text with figures: as published when frozen, else computed in the viewer's scope."""
    ask = Ask(review.year, review.as_of)
    source = live(viewer, ask, doubts=True) if review.frozen_at is None else published(viewer, review)
    return compose(title=review.title, ask=ask, sections=sections_of(review), source=source)


def remarks(review: Review, drafted: Drafted) -> list[Remark]:
    """What the consistency checks say of a draft; of a frozen text nothing is left to say."""
    return [] if review.frozen_at else check(drafted, sections_of(review))


def published(viewer: Viewer, review: Review) -> Source:
    """What was frozen with the review."""
    rows = {row.key: row for row in snapshots_of(viewer, review.uid)}
    figures = {key: as_published(row) for key, row in rows.items()}
    return Source(
        lambda key, _day: figures.get(key),
        lambda key, by, _day: shares_as_published(rows[key], by) if key in rows else None,
    )


def section_of(review: Review, order: int) -> Section | None:
    """One section by its place."""
    return review.sections.filter(order=order).first()
