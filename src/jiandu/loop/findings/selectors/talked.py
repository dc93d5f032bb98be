"""Reads of what a talk points to, and of the talks that point to a finding: each side as far as the viewer sees it."""

from typing import Any

from django.db.models import Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.counting import how_many
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import parts_of_row
from jiandu.loop.findings.models import Finding, TalkPointer
from jiandu.sources.talks.models import Attendee, Talk

OFFERED = 200  # findings in the list under the field; any other in scope may be typed
STANDING = Q(withdrawn_on__isnull=True)


def pointers_of(viewer: Viewer, talk: Talk) -> list[TalkPointer]:
    """The findings in scope that the talk points to, each as `finding` of its pointer."""
    guard.check_is_actor(viewer)
    rows = TalkPointer.objects.filter(STANDING, talk=talk).prefetch_related("finding__subject")
    return list(rows.order_by("pk"))


def pointer_of(talk: Talk, key: int) -> TalkPointer | None:
    """One of them by its key."""
    return TalkPointer.objects.filter(STANDING, talk=talk, pk=key).first()


def counted() -> dict[str, Any]:
    """How many talks in the actor's scope point to a finding (`n_talks`), as an expression on its key."""
    named = parts_of_row(TalkPointer, depth=2).filter(STANDING).values("talk_id")
    return {"n_talks": how_many(Talk.objects.filter(STANDING, pk__in=named))}


def talks_on(viewer: Viewer, finding: Finding) -> list[Talk]:
    """The talks in scope that point to the finding, the latest first; asked for only where there are some (`counted`)."""
    guard.check_is_actor(viewer)
    if not getattr(finding, "n_talks", 1):
        return []
    named = TalkPointer.objects.filter(STANDING, finding=finding).values("talk_id")
    return list(Talk.objects.filter(STANDING, pk__in=named).order_by("-on", "-pk"))


def offered_to(viewer: Viewer, talk: Talk) -> QuerySet[Finding]:
    """What may be meant: findings of the units that were talked to, the newest first."""
    guard.check_is_actor(viewer)
    units = Attendee.objects.filter(STANDING, talk=talk).values("organisation_id")
    return Finding.objects.filter(subject__in=units).order_by("-registered_on", "-pk")[:OFFERED]
