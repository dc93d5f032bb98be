"""Reads of 公开稿: the list, one, its steps; what waits for somebody."""

from uuid import UUID

from django.db.models import Max, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.results.publications.models import Publication, PublicationStep
from jiandu.results.publications.states import HANDS, State


def publications(viewer: Viewer, *, state: str = "", kind: str = "") -> QuerySet[Publication]:
    """Those in scope, the latest first; the dropped ones when they are asked for."""
    guard.check_is_actor(viewer)
    same = {name: value for name, value in {"state": state, "kind": kind}.items() if value}
    rows = Publication.objects.filter(**same)
    rows = rows if state else rows.exclude(state=State.DROPPED)
    return rows.select_related("owner_office").defer("text").order_by("-created_at", "-pk")


def by_uid(viewer: Viewer, uid: UUID) -> Publication | None:
    guard.check_is_actor(viewer)
    users = ("written_by", "asked_by", "confirmed_by", "recall_asked_by", "recall_confirmed_by")
    return Publication.objects.select_related("owner_office", "subject", *users).filter(uid=uid).first()


def steps_of(viewer: Viewer, row: Publication) -> QuerySet[PublicationStep]:
    """What was done to it, in order."""
    guard.check_is_actor(viewer)
    return PublicationStep.objects.filter(publication=row).order_by("seq")


def last_step(viewer: Viewer, row: Publication) -> int:
    """The number of what was done last: with each act it grows, so it tells whether somebody still sees what is."""
    return steps_of(viewer, row).aggregate(last=Max("seq"))["last"] or 0


def hands_of(viewer: Viewer, row: Publication) -> set[int]:
    """The accounts that ever wrote its words or asked for it; of steps from before accounts were noted nobody's."""
    steps = steps_of(viewer, row).filter(verb__in=HANDS, by__isnull=False).order_by()
    return set(steps.values_list("by_id", flat=True))


def to_confirm(viewer: Viewer) -> QuerySet[Publication]:
    """What waits for a second person: where the viewer is none of the first."""
    waiting = publications(viewer).filter(state__in=[State.ASKED, State.RECALL_ASKED])
    if not guard.allow(viewer, "publish", Publication):
        return waiting.none()
    who = viewer.user_id or 0
    touched = PublicationStep.objects.filter(by=who, verb__in=HANDS).order_by().values("publication_id")
    mine = waiting.filter(state=State.ASKED).exclude(written_by=who).exclude(asked_by=who).exclude(pk__in=touched)
    mine |= waiting.filter(state=State.RECALL_ASKED).exclude(recall_asked_by=who)
    return mine.select_related("asked_by", "recall_asked_by")
