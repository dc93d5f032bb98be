"""What became of a pointer of another register: the findings that were opened from it, derived, never stored there."""

from dataclasses import dataclass
from datetime import date

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding, LookBack
from jiandu.loop.findings.states import SETTLED


@dataclass(frozen=True)
class Settling:
    """How far the findings of a pointer have come: the day when all were settled, and that of the last look-back that held."""

    closed_on: date | None = None
    held_on: date | None = None


def findings_of(viewer: Viewer, signal: int | None) -> list[Finding]:
    """The findings in scope that came of the pointer, the latest first."""
    guard.check_is_actor(viewer)
    if signal is None:
        return []
    return list(Finding.objects.filter(signal=signal).select_related("subject").order_by("-registered_on", "-pk"))


def settling_of(viewer: Viewer, found: list[Finding]) -> Settling:
    """Settled when every one of them is; held when each was looked back at and the last look found it put right."""
    guard.check_is_actor(viewer)
    if not found or any(one.state not in SETTLED for one in found):
        return Settling()
    days = [one.closed_on for one in found if one.closed_on]
    last = [_last_look(one) for one in found]
    held = [look.done_on for look in last if look and look.result == LookBack.Result.HELD and look.done_on]
    return Settling(max(days) if days else None, max(held) if len(held) == len(found) else None)


def _last_look(one: Finding) -> LookBack | None:
    return LookBack.objects.filter(finding=one, done_on__isnull=False).order_by("done_on", "pk").last()
