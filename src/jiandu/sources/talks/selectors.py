"""Reads of talks: the list, one talk with everybody in it, who has not been talked to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.net.access.models import Grant
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Post, in_force
from jiandu.sources.activities.models import Activity
from jiandu.sources.talks.models import Attendee, ClueHandover, FollowUp, Invitee, Talk, Talker, TalkPlan

STANDING = Q(withdrawn_on__isnull=True)


@dataclass(frozen=True)
class Whole:
    """One talk with everybody in it."""

    talk: Talk
    attendees: list[Attendee]
    talkers: list[Talker]
    follow_ups: list[FollowUp]


def talks(viewer: Viewer, *, kind: str = "", year: int | None = None) -> QuerySet[Talk]:
    """The talks in scope that stand, newest first, each with how many were talked to (`heads`)."""
    guard.check_is_actor(viewer)
    found = Talk.objects.filter(STANDING)
    if kind:
        found = found.filter(kind=kind)
    if year is not None:
        found = found.filter(on__year=year)
    heads = Count("attendees", filter=Q(attendees__withdrawn_on__isnull=True))
    return found.select_related("owner_office", "subject").annotate(heads=heads).order_by("-on", "-pk")


def talk_by_uid(viewer: Viewer, uid: UUID) -> Talk | None:
    """The talk, if it is in scope."""
    guard.check_is_actor(viewer)
    return Talk.objects.select_related("owner_office", "subject").filter(uid=uid).first()


def talk_by_pk(viewer: Viewer, key: int) -> Talk | None:
    """The talk with this key, if it is in scope."""
    guard.check_is_actor(viewer)
    return Talk.objects.filter(pk=key).first()


def whole(viewer: Viewer, talk: Talk) -> Whole:
    """Everything about one talk."""
    guard.check_is_actor(viewer)
    seats = Attendee.objects.filter(STANDING, talk=talk).select_related("person", "organisation").order_by("pk")
    return Whole(
        talk=talk,
        attendees=list(seats),
        talkers=list(Talker.objects.filter(talk=talk).order_by("is_recorder", "pk")),
        follow_ups=list(FollowUp.objects.filter(talk=talk).order_by("on", "pk")),
    )


def of_activity(viewer: Viewer, activity: Activity) -> QuerySet[Attendee]:
    """Who was talked to in a round, in order of date, each with the uid of the talk (`talk_uid`)."""
    guard.check_is_actor(viewer)
    held = Talk.objects.filter(STANDING, activity=activity).values("pk")
    uid = Subquery(Talk.objects.filter(pk=OuterRef("talk_id")).values("uid")[:1])
    seats = Attendee.objects.filter(STANDING, talk__in=held).annotate(talk_uid=uid)
    return seats.select_related("person", "organisation").order_by("on", "pk")


def of_unit(viewer: Viewer, organisation: Organisation) -> QuerySet[Attendee]:
    """Who of a unit was talked to, newest first."""
    guard.check_is_actor(viewer)
    held = Talk.objects.filter(STANDING).values("pk")
    seats = Attendee.objects.filter(STANDING, organisation=organisation, talk__in=held).select_related("person")
    return seats.prefetch_related("talk").order_by("-on", "-pk")


def not_yet_talked(viewer: Viewer, *, since: date, on: date) -> QuerySet[Post]:
    """应谈未谈: holders of key posts on the day who have not been in a 主动约谈 since; by unit, for planning, not a ranking."""
    guard.check_is_actor(viewer)
    held = Talk.objects.filter(STANDING, kind=Talk.Kind.PROACTIVE, on__range=(since, on))
    seats = Attendee.objects.filter(STANDING, person=OuterRef("person_id"), talk__in=held.values("pk"))
    posts = Post.objects.filter(in_force(on), ~Exists(seats), kind__in=Attendee.KEY)
    return posts.select_related("person", "organisation").order_by("organisation__path", "kind", "pk")


def follow_ups_due(viewer: Viewer, *, on: date, offices: Iterable[int]) -> QuerySet[Talk]:
    """Talks of these offices whose follow-up is due by the day and has not been made."""
    guard.check_is_actor(viewer)
    made = FollowUp.objects.filter(talk=OuterRef("pk"))
    due = Talk.objects.filter(STANDING, ~Exists(made), follow_up_due_on__lte=on, owner_office_id__in=list(offices))
    return due.order_by("follow_up_due_on", "pk")


def plans(viewer: Viewer, *, is_open: bool = True) -> QuerySet[TalkPlan]:
    """The talks that are planned, the next one first; or those held and given up, the latest first."""
    guard.check_is_actor(viewer)
    found = TalkPlan.objects.select_related("owner_office", "subject")
    if is_open:
        return found.filter(TalkPlan.still_open).order_by("on", "pk")
    return found.exclude(TalkPlan.still_open).order_by("-on", "-pk")


def plan_by_uid(viewer: Viewer, uid: UUID) -> TalkPlan | None:
    """The plan of a talk, if it is in scope."""
    guard.check_is_actor(viewer)
    return TalkPlan.objects.select_related("owner_office", "subject").filter(uid=uid).first()


def invited_to(viewer: Viewer, plans: Iterable[TalkPlan]) -> dict[int, list[Invitee]]:
    """Plan's key → who is to be talked to."""
    guard.check_is_actor(viewer)
    found: dict[int, list[Invitee]] = {plan.pk: [] for plan in plans}
    rows = Invitee.objects.filter(STANDING, plan_id__in=list(found)).select_related("person", "organisation")
    for row in rows.order_by("pk"):
        found[row.plan_id].append(row)
    return found


def clue_receivers() -> QuerySet[Office]:
    """The offices that keep clues: where somebody supervises cases today (案件监督管理室)."""
    kept = Grant.objects.filter(in_force(today()), role="case_supervisor", office__isnull=False)
    return Office.objects.filter(pk__in=kept.values("office_id")).order_by("path")


def handovers(viewer: Viewer) -> QuerySet[ClueHandover]:
    """The sealed hand-overs in scope, the latest first."""
    guard.check_is_actor(viewer)
    return ClueHandover.objects.select_related("owner_office", "receiver").order_by("-on", "-pk")


def handover_by_uid(viewer: Viewer, uid: UUID) -> ClueHandover | None:
    """One hand-over, if it is in scope."""
    return handovers(viewer).filter(uid=uid).first()


def clues_of(viewer: Viewer, talk: Talk) -> int:
    """How many clues of the talk were handed over, as far as the viewer may know: for everybody else there are none."""
    guard.check_is_actor(viewer)
    return ClueHandover.objects.filter(STANDING, talk=talk).count()
