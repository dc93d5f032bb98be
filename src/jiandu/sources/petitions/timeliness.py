"""按期: whether what was due on a petition was done in time, as of a day. Counted of steps, stored nowhere."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.calendar import load_calendar
from jiandu.sources.petitions.models import Petition, PetitionStep
from jiandu.sources.petitions.terms import Act, Course, clocks

AT_ONCE = 5_000  # items a statement
#: What of a petition its clocks follow from.
COLUMNS = ("pk", "received_on", "kind", "named", "origin", "competence", "is_repeat")


@dataclass(frozen=True, slots=True)
class Step:
    """A step as clocks look at it."""

    verb: str
    on: date
    until: date | None


def duties_met(viewer: Viewer, items: Iterable[Mapping[str, Any]], on: date) -> dict[int, bool]:
    """key → whether every duty that was done, or fell due, by that day was in time; items on which none was are left out.

    `items` hold COLUMNS. A right that only lapses is no duty.
    """
    guard.check_is_actor(viewer)
    listed, calendar = list(items), load_calendar()
    found = {}
    for start in range(0, len(listed), AT_ONCE):
        chunk = listed[start : start + AT_ONCE]
        steps = _steps([item["pk"] for item in chunk])
        for item in chunk:
            duties = [clock for clock in clocks(_course(item, steps[item["pk"]]), calendar) if not clock.is_right]
            ripe = [clock for clock in duties if clock.ended_on is not None or clock.due_on < on]
            if ripe:
                found[item["pk"]] = not any(clock.overdue(on) for clock in ripe)
    return found


def _steps(keys: list[int]) -> dict[int, list[Act]]:
    found: dict[int, list[Act]] = defaultdict(list)
    rows = PetitionStep.objects.filter(petition__in=keys, withdrawn_on__isnull=True).order_by("seq")
    for key, verb, on, until in rows.values_list("petition_id", "verb", "on", "until"):
        found[key].append(Step(verb, on, until))
    return found


def _course(item: Mapping[str, Any], steps: list[Act]) -> Course:
    return Course(**{name: item[name] for name in COLUMNS if name != "pk"}, steps=tuple(steps))


def rated(viewer: Viewer, found: Any, value: str, on: date) -> Any:
    """Of a queryset of petitions those behind a figure of 按期率: "due" all that count, "in_time" those in time."""
    guard.check_is_actor(viewer)
    told = duties_met(viewer, found.order_by().values(*COLUMNS), on)
    keys = [key for key, is_in_time in told.items() if is_in_time or value == "due"]
    return found.filter(pk__in=keys) if keys else Petition.objects.none()
