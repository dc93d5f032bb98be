"""单位情况一页通: what a leader reads of a unit on the way there, in his scope, as of any day, on one page.

Nothing of level ≥ 2 stands or is counted here, so that the sheet may lie open on a table; of sealed clues it knows nothing.
Deadlines are the unit's: no leader is late.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When, Window

from jiandu.base.core import guard
from jiandu.base.core.clock import overdue_days, today
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.as_of import as_they_stood
from jiandu.loop.findings.selectors.ledger import RUNNING, STILL_OPEN
from jiandu.loop.findings.selectors.of_unit import Again, again
from jiandu.loop.findings.states import SETTLED
from jiandu.loop.instruments.course import with_course
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.outcomes.models import RuleMade
from jiandu.net.access.models import Level
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Link
from jiandu.net.subjects.models import Charge, Organisation, Post, in_force
from jiandu.net.subjects.selectors import organisation_as_of, organisation_by_uid, posts_on
from jiandu.sources.talks.models import Attendee, Talk

#: How many of each fit on the page; the rest is opened.
POSTS, LEADERS, PROBLEMS, REPEATS, TALKS, LETTERS, RULES = 8, 6, 4, 3, 3, 3, 3
IS_OPEN = Q(state_then__in=STILL_OPEN)
OPENLY = Q(level__lte=Level.INTERNAL)


@dataclass(frozen=True)
class Part:
    """The first rows of a list, and how many there are in all."""

    rows: list[Any]
    total: int

    @property
    def rest(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Counts:
    """Of the unit's problems as of the day: registered, not settled, of these overdue, settled."""

    total: int = 0
    open: int = 0
    overdue: int = 0
    settled: int = 0


@dataclass(frozen=True)
class Tie:
    """A leader in charge of the unit (分管), or linked to it (挂钩)."""

    name: str
    since: date | None
    is_linked: bool


@dataclass(frozen=True)
class UnitPage:
    """The page as of a day."""

    unit: Organisation
    day: date
    name: str
    parent: Organisation | None
    posts: Part
    key_few: int
    leaders: Part
    counts: Counts
    problems: Part
    repeats: Part
    talks: Part
    letters: Part
    rules: Part


def unit_by_uid(viewer: Viewer, uid: Any) -> Organisation | None:
    """The unit, for who may look into the directory and need not keep away from it."""
    if not guard.allow(viewer, "view", Organisation):
        return None
    unit = organisation_by_uid(uid)
    barred = viewer.standing.barred_paths if isinstance(viewer.standing, Standing) else ()
    return None if unit is None or any(unit.path.startswith(path) for path in barred) else unit


def unit_page(viewer: Viewer, unit: Organisation, day: date) -> UnitPage:
    """What stands on the page: few statements, whatever the unit has."""
    guard.check_is_actor(viewer)
    then = organisation_as_of(viewer, unit, day) if day < today() else None
    posts = list(posts_on(viewer, unit, day))
    counts, listed = _problems(viewer, unit, day)
    repeated = repeats(viewer, unit, day)
    return UnitPage(
        unit=unit,
        day=day,
        name=then.name if then else unit.name,
        parent=then.parent if then else cast("Organisation | None", unit.parent),
        posts=Part(posts[:POSTS], len(posts)),
        key_few=len({post.person_id for post in posts if post.kind in Post.KEY_FEW}),
        leaders=_leaders(unit, day),
        counts=counts,
        problems=Part(listed, counts.open),
        repeats=Part(repeated[:REPEATS], len(repeated)),
        talks=_first(talks(viewer, unit, day), TALKS),
        letters=_first(letters(viewer, unit, day), LETTERS),
        rules=_first(rules(viewer, unit, day), RULES),
    )


def problems(viewer: Viewer, unit: Organisation, day: date) -> QuerySet[Finding]:
    """The unit's problems as of the day, each with its state and due date then; overdue ones first, then what is due next."""
    guard.check_is_actor(viewer)
    found = as_they_stood(Finding.objects.filter(OPENLY, subject=unit), day)
    place = Case(When(IS_OPEN, then=Value(0)), default=Value(1))
    return found.order_by(place, F("due_then").asc(nulls_last=True), "-registered_on", "-pk")


def is_overdue(day: date) -> Q:
    """The condition on what `problems` gives: past the due date that held, while the unit's clock ran."""
    return Q(due_then__lt=day, state_then__in=RUNNING)


#: What the numbers on the page count, by the word of the list behind each.
def counted_as(word: str, day: date) -> Q:
    """The condition on `problems` of one of the page's numbers."""
    known = {"open": IS_OPEN, "overdue": is_overdue(day), "settled": Q(state_then__in=sorted(SETTLED))}
    return known.get(word, Q())


def _problems(viewer: Viewer, unit: Organisation, day: date) -> tuple[Counts, list[Finding]]:
    """The numbers and the first open ones, in one statement."""
    counts = {
        name: Window(Count("pk", filter=counted_as(name, day)) if name != "total" else Count("pk"))
        for name in ("total", "open", "overdue", "settled")
    }
    rows = list(
        problems(viewer, unit, day).annotate(**{f"n_{name}": count for name, count in counts.items()})[:PROBLEMS]
    )
    said = Counts(**{name: getattr(rows[0], f"n_{name}") for name in counts}) if rows else Counts()
    return said, [row for row in rows if row.state_then in STILL_OPEN]  # type: ignore[attr-defined]


def repeats(viewer: Viewer, unit: Organisation, day: date) -> list[Again]:
    """What came more than once within three years up to the day, each finding with its state then."""
    found = as_they_stood(Finding.objects.filter(OPENLY, subject=unit), day).select_related("aspect")
    return again(found, day=day)


def talks(viewer: Viewer, unit: Organisation, day: date) -> QuerySet[Attendee]:
    """Who of the unit was talked to by the day, newest first; of the talk its uid, kind and theme."""
    guard.check_is_actor(viewer)
    held = Talk.objects.filter(OPENLY, _stood(day))
    own = Talk.objects.filter(pk=OuterRef("talk_id"))
    named = {f"talk_{column}": Subquery(own.values(column)[:1]) for column in ("uid", "kind", "theme")}
    seats = Attendee.objects.filter(_stood(day), organisation=unit, on__lte=day, talk__in=held.values("pk"))
    return seats.select_related("person").annotate(**named).order_by("-on", "-pk")


def letters(viewer: Viewer, unit: Organisation, day: date) -> QuerySet[Any]:
    """Sheets and letters on the unit that were delivered by the day, newest first, each with its course."""
    guard.check_is_actor(viewer)
    rows = with_course(Instrument.objects.filter(OPENLY, _stood(day), subject=unit))
    return rows.filter(delivered_on__lte=day).order_by("-delivered_on", "-pk")


def rules(viewer: Viewer, unit: Organisation, day: date) -> QuerySet[RuleMade]:
    """Rules that were issued by the day out of what was found in the unit, newest first."""
    guard.check_is_actor(viewer)
    return RuleMade.objects.filter(OPENLY, _stood(day), subject=unit, issued_on__lte=day).order_by("-issued_on", "-pk")


def late_days(finding: Any, day: date) -> int:
    """How many days the unit was past the due date of one of `problems` on the day; 0 while its clock stood still."""
    runs = finding.due_then is not None and finding.state_then in RUNNING
    return overdue_days(finding.due_then, day) if runs else 0


def settled_on(finding: Any, day: date) -> date | None:
    """When one of `problems` that was settled on the day had been settled, where that is its latest settling."""
    on: date | None = finding.closed_on
    return on if finding.state_then in SETTLED and on is not None and on <= day else None


def answered_on(one: Any, day: date) -> date | None:
    """When the unit had answered a letter (or it was closed), as of the day."""
    said = one.replied_on or one.closed_on
    return said if said and said <= day else None


def is_late(one: Any, day: date) -> bool:
    """Whether the unit owed its answer to a letter on the day: never a leader."""
    return answered_on(one, day) is None and one.reply_due_on is not None and one.reply_due_on < day


def _stood(day: date) -> Q:
    """Not taken back by the day."""
    return Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day)


def _first(rows: QuerySet[Any], most: int) -> Part:
    """The first rows, and how many there are, in one statement."""
    found = list(rows.annotate(n_all=Window(Count("pk")))[:most])
    return Part(found, found[0].n_all if found else 0)


def _leaders(unit: Organisation, day: date) -> Part:
    """Who is in charge of the unit and who is linked to it, in one statement."""
    held = (
        Charge.objects.filter(in_force(day), organisation=unit),
        Link.objects.filter(in_force(day), organisation=unit),
    )
    in_charge, linked = (rows.values_list("leader__name", "since", Value(place)) for place, rows in enumerate(held))
    found = [Tie(name, since, bool(kind)) for name, since, kind in in_charge.union(linked, all=True)]
    found.sort(key=lambda tie: (tie.is_linked, tie.since or date.min))
    return Part(found[:LEADERS], len(found))
