"""What waits for an officer himself: items of his office to take further, results to tell, proposals put to him by name;
for case supervision the notices that its office has not signed for.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import parts_of_row
from jiandu.net.access.models import Assignment
from jiandu.net.access.standing import Standing
from jiandu.net.subjects.models import in_force
from jiandu.sources.petitions.courses import course_of
from jiandu.sources.petitions.models import CaseNotice, Petition, PetitionStep
from jiandu.sources.petitions.selectors import STANDING, steps_by
from jiandu.sources.petitions.states import AT_HANDLER, BEFORE, ENDED, REGIMES, TO_APPROVE, Named, Regime, Verb
from jiandu.sources.petitions.terms import Clock, running

MOST = 500  # of how many the clocks are looked at


@dataclass(frozen=True)
class Waiting:
    """An item that waits, and its clock that ends first; None where none runs."""

    petition: Petition
    clock: Clock | None


def waiting(viewer: Viewer) -> QuerySet[Petition]:
    """The items on which the viewer must act, the oldest first; none for who acts on none."""
    guard.check_is_actor(viewer)
    offices = viewer.standing.office_ids if isinstance(viewer.standing, Standing) else ()
    ways = []
    if guard.allow(viewer, "handle", Petition):
        ways.append(Q(handler__in=offices, state__in=sorted(AT_HANDLER)))
        ways.append(Q(handler__in=offices, state__in=sorted(ENDED)) & (_to_tell() | _to_feed_back()))
    if guard.allow(viewer, "edit", Petition):
        ways.append(Q(owner_office__in=offices, state__in=sorted(BEFORE)))
    if guard.allow(viewer, "approve", Petition):
        named = Assignment.objects.filter(in_force(today()), user_id=viewer.user_id or 0).values("thing_uid")
        ways.append(Q(uid__in=named, state__in=sorted(TO_APPROVE)))
    if not ways:
        return Petition.objects.none()
    found = ways[0]
    for way in ways[1:]:
        found |= way
    return Petition.objects.filter(STANDING, found).order_by("received_on", "pk")


def notices_waiting(viewer: Viewer) -> QuerySet[CaseNotice]:
    """What the viewer's case office was told of and has not signed for, the oldest first."""
    guard.check_is_actor(viewer)
    offices = viewer.standing.office_ids if isinstance(viewer.standing, Standing) else ()
    rows = CaseNotice.objects.filter(CaseNotice.still_open, owner_office__in=offices)
    return rows.select_related("owner_office", "handler").order_by("on", "pk")


def _lacks(verb: Verb) -> Q:
    return ~Q(Exists(parts_of_row(PetitionStep).filter(verb=verb, withdrawn_on__isnull=True)))


def _to_tell() -> Q:
    """The verified reporter has not been told the result."""
    return Q(named=Named.VERIFIED, kind__in=_kinds()) & _lacks(Verb.TELL_RESULT)


def _to_feed_back() -> Q:
    return Q(kind__in=_kinds()) & _lacks(Verb.FEED_BACK)


def _kinds() -> list[str]:
    return [kind.value for kind, regime in REGIMES.items() if regime == Regime.ACCUSATION]


def first_waiting(viewer: Viewer, on: date, most: int) -> list[Waiting]:
    """The first of them: whose clock ends first, then those without one by age. Two statements."""
    rows = list(waiting(viewer).select_related("owner_office", "handler")[:MOST])
    steps = steps_by(viewer, rows)
    told = [Waiting(row, _first_clock(row, steps[row.pk], on)) for row in rows]
    return sorted(
        told, key=lambda one: (one.clock is None, one.clock.due_on if one.clock else one.petition.received_on)
    )[:most]


def _first_clock(row: Petition, steps: list[PetitionStep], on: date) -> Clock | None:
    """Its clock that ends first; a right that only lapses is nobody's duty."""
    clocks = [clock for clock in running(course_of(row, steps), on) if not clock.is_right]
    return min(clocks, key=lambda clock: clock.due_on, default=None)
