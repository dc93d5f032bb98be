"""按期: whether what was due on a petition was done in time, as of a day.

It follows from the steps. Whoever writes steps or tags keeps what it comes to beside them (`note_duties`): what the duties
done came to, and the day on which the next one falls due. So the database counts, whatever the day. `duties_met` counts the
same of the steps themselves; a row kept under another calendar is counted so until the clockwork has noted it anew.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.clock import Calendar
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.calendar import load_calendar
from jiandu.base.lexicon.terms import deadlines
from jiandu.sources.petitions.models import Petition, PetitionStep
from jiandu.sources.petitions.states import Duties
from jiandu.sources.petitions.terms import RULES, Act, Course, clocks

AT_ONCE = 5_000  # items a statement
#: What of a petition its clocks follow from.
COLUMNS = ("pk", "received_on", "kind", "named", "origin", "competence", "is_repeat")
NOTED = ("duties", "duty_due_on", "duties_by")


@dataclass(frozen=True, slots=True)
class Step:
    """A step as clocks look at it."""

    verb: str
    on: date
    until: date | None


# --- of the steps ---


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


# --- kept beside them ---


def note_duties(petition: Petition, steps: Iterable[Act] | None = None) -> None:
    """What its duties come to, onto the row that is about to be written; `steps`: all that hold, where they are not written yet."""
    calendar = load_calendar()
    known = list(steps) if steps is not None else _steps([petition.pk])[petition.pk]
    item = {name: getattr(petition, name) for name in COLUMNS}
    petition.duties, petition.duty_due_on = _come_to(_course(item, known), calendar)
    petition.duties_by = _under(calendar)


def _come_to(course: Course, calendar: Calendar) -> tuple[str, date | None]:
    """(what the duties done came to, when the next one that is not done falls due)."""
    duties = [clock for clock in clocks(course, calendar) if not clock.is_right]
    done = [clock.overdue(clock.ended_on) for clock in duties if clock.ended_on is not None]
    came = "" if not done else Duties.LATE if any(done) else Duties.IN_TIME
    return came, min((clock.due_on for clock in duties if clock.ended_on is None), default=None)


@lru_cache(maxsize=4)
def _under(calendar: Calendar) -> str:
    """The calendar and the terms by which days were counted, in short: another one counts anew."""
    terms = sorted({rule.term for rule in RULES} | {rule.more for rule in RULES if rule.more})
    rows = [(row.key, row.amount, row.unit, row.effective_from) for row in deadlines() if row.key in terms]
    said = repr((sorted(calendar.off), sorted(calendar.makeup), rows))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def renote_duties() -> int:
    """By the clockwork: rows kept under another calendar, or before there was this. Idempotent; gives how many."""
    mark, count = _under(load_calendar()), 0
    while True:
        with transaction.atomic(), guard.acting(guard.system("petition duties")):
            rows = list(Petition.objects.exclude(duties_by=mark).order_by("pk")[:AT_ONCE])
            steps = _steps([row.pk for row in rows]) if rows else {}
            for row in rows:
                note_duties(row, steps.get(row.pk, []))
            if rows:
                Petition.objects.bulk_update(rows, NOTED, batch_size=500)
        if not rows:
            return count
        count += len(rows)


# --- counted ---


def _is_noted() -> Q:
    return Q(duties_by=_under(load_calendar()))


def _is_due(on: date) -> Q:
    return ~Q(duties="") | Q(duty_due_on__lt=on)


def _is_in_time(on: date) -> Q:
    return Q(duties=Duties.IN_TIME) & (Q(duty_due_on__isnull=True) | Q(duty_due_on__gte=on))


def counts_in_time(within: Q, on: date) -> dict[str, Count]:
    """For an aggregate: how many of these count in 按期率, how many of them in time, and how many are not noted."""
    noted = within & _is_noted()
    return {
        "due": Count("pk", filter=noted & _is_due(on)),
        "in_time": Count("pk", filter=noted & _is_in_time(on)),
        "unnoted": Count("pk", filter=within & ~_is_noted()),
    }


def unnoted_in_time(viewer: Viewer, found: QuerySet[Petition], on: date) -> tuple[int, int]:
    """(in time, due) of the rows that are not noted."""
    told = duties_met(viewer, found.exclude(_is_noted()).order_by().values(*COLUMNS), on)
    return sum(told.values()), len(told)


def rated(viewer: Viewer, found: Any, value: str, on: date) -> Any:
    """Of a queryset of petitions those behind a figure of 按期率: "due" all that count, "in_time" those in time."""
    guard.check_is_actor(viewer)
    noted = _is_noted() & (_is_due(on) if value == "due" else _is_in_time(on))
    rest = found.exclude(_is_noted()).order_by()
    told = duties_met(viewer, rest.values(*COLUMNS), on) if rest.exists() else {}
    keys = [key for key, is_in_time in told.items() if is_in_time or value == "due"]
    return found.filter(noted | Q(pk__in=keys)) if keys else found.filter(noted)


def overdue(viewer: Viewer, found: QuerySet[Petition], on: date) -> QuerySet[Petition]:
    """Of a queryset of petitions those on which a duty waits whose day was before that day; two statements, where all are noted."""
    guard.check_is_actor(viewer)
    noted = _is_noted() & Q(duty_due_on__lt=on)
    rest = list(found.exclude(_is_noted()).order_by().values(*COLUMNS))
    if not rest:
        return found.filter(noted)
    steps, calendar = _steps([item["pk"] for item in rest]), load_calendar()
    falls = {item["pk"]: _come_to(_course(item, steps[item["pk"]]), calendar)[1] for item in rest}
    return found.filter(noted | Q(pk__in=[key for key, day in falls.items() if day is not None and day < on]))
