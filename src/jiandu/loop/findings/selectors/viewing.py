"""Reads of a person's own saved views of the ledger."""

from uuid import UUID

from django.db.models import QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import SavedView


def views_of(viewer: Viewer) -> QuerySet[SavedView]:
    """The viewer's own views, in the order they were made."""
    guard.check_is_actor(viewer)
    return SavedView.objects.filter(is_gone=False).order_by("pk")


def view_by_uid(viewer: Viewer, uid: str) -> SavedView | None:
    """One of the viewer's own views; None for anything else."""
    try:
        return views_of(viewer).filter(uid=UUID(uid)).first()
    except ValueError:
        return None
