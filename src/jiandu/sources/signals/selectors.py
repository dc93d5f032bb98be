"""Reads of signals."""

from django.db.models import QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.sources.signals.models import Signal


def signals(viewer: Viewer, *, outcome: str = "") -> QuerySet[Signal]:
    """The signals in scope, newest first; by outcome when given."""
    guard.check_is_actor(viewer)
    found = Signal.objects.select_related("subject", "owner_office")
    return (found.filter(outcome=outcome) if outcome else found).order_by("-received_on", "-pk")
