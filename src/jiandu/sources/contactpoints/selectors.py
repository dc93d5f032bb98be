"""Reads of contact points, their problems and suggestions. Names come only where the point itself is in scope."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import parts_of_row
from jiandu.base.core.models import standing
from jiandu.base.core.tree import subtree_q
from jiandu.net.access.standing import Standing
from jiandu.sources.contactpoints.models import (
    Adoption,
    ContactPoint,
    ContactProblem,
    ContactSuggestion,
    PointTurn,
    ProblemStep,
    Reflection,
)
from jiandu.sources.contactpoints.states import State, Verb

STANDING = Q(withdrawn_on__isnull=True)


def points(viewer: Viewer, *, tier: str = "", text: str = "") -> QuerySet[ContactPoint]:
    """The points in scope that stand, those that have left after the others."""
    guard.check_is_actor(viewer)
    found = ContactPoint.objects.filter(STANDING)
    if tier:
        found = found.filter(tier=tier)
    if text:
        found = found.filter(Q(name__contains=text) | Q(code__contains=text))
    return found.select_related("owner_office", "district", "industry", "officer").order_by("tier", "code", "pk")


def point_by_uid(viewer: Viewer, uid: UUID) -> ContactPoint | None:
    """The point, if it is in scope."""
    guard.check_is_actor(viewer)
    rows = ContactPoint.objects.select_related("owner_office", "district", "industry", "officer")
    return rows.filter(uid=uid).first()


def point_by_code(viewer: Viewer, code: str) -> ContactPoint | None:
    """The point with this number in scope; None where there is none or several."""
    guard.check_is_actor(viewer)
    found = list(ContactPoint.objects.filter(STANDING, code=code)[:2])
    return found[0] if len(found) == 1 else None


def valid_on(day: date, *, as_known: datetime | None = None) -> Q:
    """The condition that a point is one on that day: its term, as prolonged, holds, and it has not left by then."""
    turns = parts_of_row(PointTurn).filter(standing(day, as_known), on__lte=day)
    if as_known is not None:
        turns = turns.filter(created_at__lte=as_known)
    left = Exists(turns.filter(verb=PointTurn.Verb.LEAVE))
    prolonged = Exists(turns.filter(verb=PointTurn.Verb.PROLONG, until__gte=day))
    term = Q(until__isnull=True) | Q(until__gte=day) | Q(prolonged)
    return Q(since__lte=day) & standing(day, as_known) & term & ~Q(left)


def turns_of(viewer: Viewer, point: ContactPoint) -> QuerySet[PointTurn]:
    """What changed in its term, in order of date; what was taken back stands too, marked."""
    guard.check_is_actor(viewer)
    return PointTurn.objects.filter(point=point).order_by("on", "pk")


def told_by(viewer: Viewer, point: ContactPoint) -> list[Reflection]:
    """What a point told, newest first, each with its problem or suggestion as far as that is in scope."""
    guard.check_is_actor(viewer)
    rows = Reflection.objects.filter(STANDING, point=point).prefetch_related("problem", "suggestion")
    return list(rows.order_by("-on", "-pk"))


@dataclass(frozen=True)
class Wanted:
    """What is looked for among problems; nothing means any."""

    year: int | None = None
    state: str = ""
    text: str = ""


def problems(viewer: Viewer, wanted: Wanted | None = None) -> QuerySet[ContactProblem]:
    """The problems in scope that stand, newest first."""
    guard.check_is_actor(viewer)
    wanted = wanted or Wanted()
    found = ContactProblem.objects.filter(STANDING)
    if wanted.year is not None:
        found = found.filter(registered_on__year=wanted.year)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.text:
        found = found.filter(Q(problem__contains=wanted.text) | Q(code__contains=wanted.text))
    return found.select_related("owner_office", "subject", "aspect").order_by("-registered_on", "-pk")


def waiting(viewer: Viewer) -> QuerySet[ContactProblem]:
    """The problems on which the viewer must act, by term: his office's to study, assign and judge, his unit's to answer.

    What his office follows up for another one waits for it as well, as long as the unit has not answered.
    """
    guard.check_is_actor(viewer)
    stands = viewer.standing if isinstance(viewer.standing, Standing) else Standing()
    if not guard.allow(viewer, "answer", ContactProblem):
        return ContactProblem.objects.none()
    offices, units = stands.office_ids, {hold.unit_path for hold in stands.holds if hold.unit_path}
    steps = parts_of_row(ProblemStep).filter(STANDING, problem=OuterRef("pk"), verb=Verb.ASSIGN)
    assigned = Q(Exists(steps.filter(office_id__in=offices)))
    mine = Q(owner_office_id__in=offices, state__in=[State.REGISTERED, State.STUDIED, State.ANSWERED])
    asked = reduce(or_, (subtree_q("subject_path", path) for path in sorted(units)), assigned)
    found = ContactProblem.objects.filter(STANDING, mine | (Q(state=State.WORKING) & asked))
    return found.order_by(F("due_on").asc(nulls_last=True), "registered_on", "pk")


def problem_by_uid(viewer: Viewer, uid: UUID) -> ContactProblem | None:
    """The problem, if it is in scope."""
    guard.check_is_actor(viewer)
    return ContactProblem.objects.select_related("owner_office", "subject", "aspect").filter(uid=uid).first()


def problem_by_pk(viewer: Viewer, key: int | None) -> ContactProblem | None:
    """The problem with that key, if it is in scope; None for none."""
    guard.check_is_actor(viewer)
    return ContactProblem.objects.filter(pk=key).first() if key else None


def steps_of(viewer: Viewer, problem: ContactProblem) -> QuerySet[ProblemStep]:
    """What was done, in order; what was taken back stands too, marked."""
    guard.check_is_actor(viewer)
    return ProblemStep.objects.filter(problem=problem).select_related("office").order_by("seq")


def steps_that_hold(viewer: Viewer, problems: list[ContactProblem]) -> dict[int, dict[str, ProblemStep]]:
    """Problem key → verb → its last step. An answer that the enterprise sent back, and what followed it, holds no more."""
    guard.check_is_actor(viewer)
    found: dict[int, dict[str, ProblemStep]] = {one.pk: {} for one in problems}
    for step in ProblemStep.objects.filter(STANDING, problem_id__in=found).order_by("seq"):
        held = found[step.problem_id]
        if step.verb == Verb.RETURN:
            held.pop(Verb.ANSWER, None)
            held.pop(Verb.SETTLE, None)
        held[step.verb] = step
    return found


def who_told(viewer: Viewer, told: ContactProblem | ContactSuggestion) -> list[Reflection]:
    """Who told it, as far as the viewer sees the points: nobody for the unit."""
    guard.check_is_actor(viewer)
    column = "problem" if isinstance(told, ContactProblem) else "suggestion"
    rows = Reflection.objects.filter(STANDING, **{column: told}).prefetch_related("point")
    return list(rows.order_by("on", "pk"))


def suggestions(
    viewer: Viewer, *, year: int | None = None, problem: ContactProblem | None = None
) -> QuerySet[ContactSuggestion]:
    """The suggestions in scope that stand, newest first."""
    guard.check_is_actor(viewer)
    found = ContactSuggestion.objects.filter(STANDING)
    if year is not None:
        found = found.filter(raised_on__year=year)
    if problem is not None:
        found = found.filter(problem=problem)
    return found.select_related("owner_office").order_by("-raised_on", "-pk")


def suggestion_by_uid(viewer: Viewer, uid: UUID) -> ContactSuggestion | None:
    """The suggestion, if it is in scope."""
    guard.check_is_actor(viewer)
    return ContactSuggestion.objects.select_related("owner_office").prefetch_related("problem").filter(uid=uid).first()


def adoptions_of(viewer: Viewer, keys: list[int]) -> dict[int, Adoption]:
    """Suggestion key → its adoption, where it has one."""
    guard.check_is_actor(viewer)
    rows = Adoption.objects.filter(STANDING, suggestion_id__in=keys)
    return {row.suggestion_id: row for row in rows}
