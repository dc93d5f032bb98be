"""Reads of the 核数单: its lines with their answers, what waits for an office, who may see and say what."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.net.access.standing import Standing
from jiandu.results.reports.models import FigureAnswer, FigureLine, Review
from jiandu.results.reports.owners import is_at
from jiandu.results.reports.states import SETTLED, TO_ANSWER, UNSETTLED, Said, State


@dataclass(frozen=True)
class Asked:
    """A line of the sheet with its last answer."""

    line: FigureLine
    last: FigureAnswer | None


def said_of(row: FigureAnswer) -> Said:
    """What an answer says, as the table of states reads it."""
    return Said(row.verdict, row.digest, row.waits)


def last_of(line: FigureLine) -> FigureAnswer | None:
    """The last answer to a figure."""
    return FigureAnswer.objects.filter(line=line).order_by("-pk").first()


def lasts_of(review: Review) -> dict[int, Said]:
    """The last answer to each figure of a review, by the key of its line."""
    return {row.line_id: said_of(row) for row in _lasts(review)}


def _lasts(review: Review) -> QuerySet[FigureAnswer]:
    last = FigureAnswer.objects.filter(line=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    lines = FigureLine.objects.filter(review=review).annotate(last=Subquery(last))
    return FigureAnswer.objects.filter(pk__in=lines.values("last"))


def sheet(viewer: Viewer, review: Review) -> list[Asked]:
    """The figures that the viewer may see: of his own offices, or all of them; an office's together, in the text's order."""
    guard.check_is_actor(viewer)
    rows = review.lines.exclude(state=State.LEFT).select_related("office")
    if not sees_all(viewer, review):
        rows = rows.filter(office_id__in=_offices(viewer))
    lasts = {row.line_id: row for row in _lasts(review)}
    return [Asked(line, lasts.get(line.pk)) for line in rows.order_by("office__path", "pk")]


def line_of(viewer: Viewer, review: Review, key: str) -> FigureLine | None:
    """One figure of the sheet, if the viewer may see it."""
    guard.check_is_actor(viewer)
    rows = review.lines.exclude(state=State.LEFT).select_related("office", "review__asked_for")
    line = rows.filter(key=key).first()
    seen = line is not None and (line.office_id in _offices(viewer) or sees_all(viewer, review))
    return line if seen else None


def answers_of(viewer: Viewer, line: FigureLine) -> QuerySet[FigureAnswer]:
    """All that was said to a figure, the last first."""
    guard.check_is_actor(viewer)
    return FigureAnswer.objects.filter(line=line).order_by("-pk")


def waiting(viewer: Viewer) -> QuerySet[FigureLine]:
    """The figures that the viewer's offices must answer: on his desk."""
    guard.check_is_actor(viewer)
    rows = FigureLine.objects.filter(
        office_id__in=_offices(viewer), state__in=TO_ANSWER, review__frozen_at__isnull=True
    )
    return rows.select_related("review").order_by("review_id", "pk")


def next_waiting(viewer: Viewer, line: FigureLine) -> FigureLine | None:
    """The figure to answer after this one: the next of the text, from its end on the first again."""
    rows = waiting(viewer).filter(review_id=line.review_id)
    return rows.filter(pk__gt=line.pk).first() or rows.first()


def unsettled(viewer: Viewer, review: Review) -> int:
    """How many figures of the whole text are not settled: what keeps it from being frozen."""
    guard.check_is_actor(viewer)
    return 0 if review.frozen_at else review.lines.filter(state__in=UNSETTLED).count()


def open_count(asked: list[Asked]) -> int:
    """How many of them are not settled."""
    return sum(one.line.state not in SETTLED for one in asked)


def may_answer(viewer: Viewer, line: FigureLine) -> bool:
    """Only officers of the office that owns the figure answer for it."""
    return guard.allow(viewer, "answer", Review) and (viewer.is_system or line.office_id in _offices(viewer))


def may_decide(viewer: Viewer, review: Review) -> bool:
    """The general office of the commission whose text it is."""
    commission = review.asked_for
    return guard.allow(viewer, "figures", Review) and commission is not None and is_at(viewer, commission)


def may_ask(viewer: Viewer, review: Review) -> bool:
    """Who drafts a text sends its sheet out; a leader who decides on its figures does not send them round."""
    writes = guard.allow(viewer, "draft", Review)
    return writes and review.frozen_at is None and (review.asked_for is None or is_at(viewer, review.asked_for))


def sees_all(viewer: Viewer, review: Review) -> bool:
    """Who decides on the text or fixes it, and who drafts texts at that commission itself."""
    if review.asked_for is None or not is_at(viewer, review.asked_for):
        return viewer.is_system
    return any(guard.allow(viewer, verb, Review) for verb in ("figures", "freeze", "draft"))


def _offices(viewer: Viewer) -> tuple[int, ...]:
    return viewer.standing.office_ids if isinstance(viewer.standing, Standing) else ()
