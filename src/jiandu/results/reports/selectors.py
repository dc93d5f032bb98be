"""Reads of reviews: a draft computes its figures, a frozen one shows its snapshots."""

from uuid import UUID

from django.db.models import QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure, frozen_figures, ratios
from jiandu.results.reports.drafting import Drafted, compose
from jiandu.results.reports.models import Review, Section


def reviews(viewer: Viewer) -> QuerySet[Review]:
    """All reviews, newest first."""
    guard.check_is_actor(viewer)
    return Review.objects.order_by("-year", "-as_of", "-pk")


def review_by_uid(viewer: Viewer, uid: UUID) -> Review | None:
    guard.check_is_actor(viewer)
    return Review.objects.filter(uid=uid).first()


def sections_of(review: Review) -> list[tuple[str, list[str]]]:
    """(heading, sentences) of each section in order."""
    return [(section.title, section.text.splitlines()) for section in review.sections.order_by("order")]


def read_review(viewer: Viewer, review: Review) -> Drafted:
    """The review as text with figures: as published when frozen, else computed in the viewer's scope."""
    ask = Ask(review.year, review.as_of)
    if review.frozen_at is not None:
        published = frozen_figures(viewer, review.uid)
        return compose(title=review.title, ask=ask, sections=sections_of(review), look_up=published.__getitem__)
    return compose(
        title=review.title,
        ask=ask,
        sections=sections_of(review),
        look_up=lambda key: figure(viewer, key, ask),
        rates=tuple(ratios(viewer, ask)),
    )


def section_of(review: Review, order: int) -> Section | None:
    """One section by its place."""
    return review.sections.filter(order=order).first()
