"""Reads of the log: for the audit administrator, and for those who follow it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from jiandu.base.audit.models import Entry
from jiandu.base.core import guard
from jiandu.base.core.clock import SHANGHAI
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What the audit administrator looks for; "" and None mean any. Both days are included."""

    actor: str = ""  # a key ("user:7"), or part of a name
    verb: str = ""  # its beginning: "finding." or "finding.verify"
    obj: str = ""  # "findings.finding:<uid>", or part of that
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Page:
    """Entries, newest first, and the number to ask for older ones with (None where there are none)."""

    rows: list[Entry]
    older: int | None


def entries(viewer: Viewer, *, actor: str = "", verb: str = "", obj: str = "") -> QuerySet[Entry]:
    """The log, newest first, filtered; see `Wanted`. Raises Refused for anyone but the audit administrator."""
    return found(viewer, Wanted(actor=actor, verb=verb, obj=obj))


def found(viewer: Viewer, wanted: Wanted) -> QuerySet[Entry]:
    """The entries that are wanted, newest first. Raises Refused for anyone but the audit administrator."""
    if not guard.allow(viewer, "audit", Entry):
        raise Refused("not-allowed", "您没有查看审计日志的权限")
    return Entry.objects.filter(_by_whom(wanted), _on_what(wanted), _when(wanted)).order_by("-seq")


def page(viewer: Viewer, wanted: Wanted, *, before: int | None = None, size: int = PAGE) -> Page:
    """One page by key: the deepest costs what the first costs. `before` is the `older` of the page above."""
    rows = found(viewer, wanted)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    shown = list(rows[: size + 1])
    return Page(rows=shown[:size], older=shown[size - 1].seq if len(shown) > size else None)


def newest_seq() -> int:
    """The number of the newest entry, 0 before the first: a cursor for `follow`."""
    return Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def follow(cursor: int, *, limit: int = 500) -> list[Entry]:
    """The entries after a cursor, in order: the log is also the outbox. None is skipped, and none comes in later."""
    return list(Entry.objects.filter(seq__gt=cursor).select_related("payload").order_by("seq")[:limit])


def _by_whom(wanted: Wanted) -> Q:
    if not wanted.actor:
        return Q()
    return Q(actor=wanted.actor) if ":" in wanted.actor else Q(actor_name__contains=wanted.actor)


def _on_what(wanted: Wanted) -> Q:
    act = Q(verb__startswith=wanted.verb) if wanted.verb else Q()
    if not wanted.obj:
        return act
    return act & (Q(obj=wanted.obj) if ":" in wanted.obj else Q(obj__contains=wanted.obj))


def _when(wanted: Wanted) -> Q:
    span = Q()
    if wanted.since is not None:
        span &= Q(at__gte=_midnight(wanted.since))
    if wanted.until is not None:
        span &= Q(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return span


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def entry(viewer: Viewer, seq: int) -> Entry | None:
    """One entry with what was said in it. Raises Refused for anyone but the audit administrator."""
    return found(viewer, Wanted()).select_related("payload").filter(pk=seq).first()
