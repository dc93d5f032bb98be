"""Reads of 公开稿: the list, one, its steps; what waits for somebody."""

from uuid import UUID

from django.db.models import QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.results.publications.models import Publication, PublicationStep
from jiandu.results.publications.states import State


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


def to_confirm(viewer: Viewer) -> QuerySet[Publication]:
    """What waits for a second person: where the viewer is none of the first."""
    waiting = publications(viewer).filter(state__in=[State.ASKED, State.RECALL_ASKED])
    if not guard.allow(viewer, "publish", Publication):
        return waiting.none()
    who = viewer.user_id or 0
    mine = waiting.filter(state=State.ASKED).exclude(written_by=who).exclude(asked_by=who)
    mine |= waiting.filter(state=State.RECALL_ASKED).exclude(recall_asked_by=who)
    return mine.select_related("asked_by", "recall_asked_by")
