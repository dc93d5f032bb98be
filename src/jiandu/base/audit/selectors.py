"""Reads of the log: for the audit administrator, and for those who follow it."""

from django.db.models import QuerySet

from jiandu.base.audit.models import Entry
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer


def entries(viewer: Viewer, *, actor: str = "", verb: str = "", obj: str = "") -> QuerySet[Entry]:
    """The log, newest first, filtered. For the audit administrator only."""
    if not guard.allow(viewer, "audit", Entry):
        raise Refused("not-allowed", "您没有查看审计日志的权限")
    wanted = {"actor_name__contains": actor, "verb__startswith": verb, "obj__contains": obj}
    return Entry.objects.filter(**{name: value for name, value in wanted.items() if value}).order_by("-seq")


def follow(cursor: int, *, limit: int = 500) -> list[Entry]:
    """The entries after a cursor, in order: the log is also the outbox."""
    return list(Entry.objects.filter(seq__gt=cursor).order_by("seq")[:limit])
