"""The findings in scope that match what is asked for, and how many they are. `paging` walks them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import ScopedQuerySet, is_few, narrow
from jiandu.base.core.tree import subtree_q
from jiandu.base.core.vendor import grams
from jiandu.base.lexicon.selectors import merged_into
from jiandu.loop.findings.lacking import LACKS, LACKS_ANY
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.searching import INDEX
from jiandu.loop.findings.states import EVERY, EXCLUDED, MOVES, OPEN, SETTLED, WORKING, State, Verb
from jiandu.loop.findings.terms import SOON_DAYS
from jiandu.net.access.models import Level
from jiandu.net.subjects.models import Organisation

NOT_COUNTED = tuple(sorted(EXCLUDED))
#: States in which the unit's clock runs: not while the finding is suspended, nor once closing has been applied for.
RUNNING = tuple(sorted({State.REGISTERED, State.ASSIGNED, State.RECTIFYING}))
STILL_OPEN = tuple(sorted(OPEN - {State.STAGED}))
#: Words for several states at once: what the figures on a page count. Nearly all states are said by those left out, the
#: settled ones by their dates: else the rows would be sought by state, and all of them sorted.
GROUPS = {
    "counted": ~Q(state__in=NOT_COUNTED),
    "settled": Q(closed_on__isnull=False, left_on__isnull=True),
    "working": Q(state__in=sorted(WORKING)),
}
#: 待补: nothing is filled in any more where nothing can be corrected.
TO_FILL = ~Q(state__in=sorted(EVERY - MOVES[Verb.CORRECT].from_))
FEW = 5_000
#: Words for what is due within so many days.
WITHIN = {"soon": SOON_DAYS, "fortnight": 14}


@dataclass(frozen=True)
class Filters:
    """What the ledger is filtered by; empty means all. `state`: a state or a word of GROUPS; `due`: overdue | soon | fortnight.

    `lacks`: a column that is 待补, or any of them. `breaches`: any, rules that recorded history broke (数据预警).
    `aspects` are several at once, None among them: those without any.
    `units` are paths of units, None for all of them; `is_below` takes in what stands below the units asked for.
    """

    source: str = ""
    subject: Organisation | None = None
    units: tuple[str, ...] | None = None
    is_below: bool = False
    aspect: int | None = None
    aspects: tuple[int | None, ...] = ()
    rectification: str = ""
    state: str = ""
    due: str = ""
    lacks: str = ""
    breaches: str = ""
    office: int | None = None
    activity: int | None = None
    year: int | None = None
    urging: int | None = None
    text: str = ""

    def condition(self) -> Q:
        """The filters as one condition (text apart)."""
        equal = {
            "source": self.source,
            "subject": None if self.is_below else self.subject,
            "aspect_id": self.aspect,
            "rectification": self.rectification,
            "state": "" if self.state in GROUPS else self.state,
            "owner_office_id": self.office,
            "activity_id": self.activity,
            "urging": self.urging,
        }
        condition = Q(**{name: value for name, value in equal.items() if value not in {"", None}})
        if self.year:
            condition &= Q(registered_on__range=(date(self.year, 1, 1), date(self.year, 12, 31)))
        if self.aspects:
            named = Q(aspect_id__in=[key for key in self.aspects if key is not None])
            condition &= named | Q(aspect__isnull=True) if None in self.aspects else named
        if self.state in GROUPS:
            condition &= GROUPS[self.state]
        if self.breaches:
            condition &= Q(breach_count__gte=1)
        return condition & _due(self.due) & _lacking(self.lacks) & self._about()

    def _about(self) -> Q:
        """The units asked for."""
        if self.is_below:
            paths = [self.subject.path] if self.subject else self.units
            return (
                Q() if paths is None else reduce(or_, (subtree_q("subject_path", path) for path in paths), Q(pk__in=[]))
            )
        return Q() if self.units is None else Q(subject_path__in=self.units)


def past_due(day: date) -> Q:
    """Overdue on the day, as the findings stand now; `as_of.overdue` says it for any day from the steps."""
    return Q(due_on__lt=day, state__in=RUNNING)


def _due(word: str) -> Q:
    day = today()
    if word == "overdue":
        return past_due(day)
    if word in WITHIN:
        return Q(due_on__gte=day, due_on__lte=day + timedelta(days=WITHIN[word]), state__in=RUNNING)
    return Q()


def _lacking(word: str) -> Q:
    """An unknown word asks for nothing."""
    wanted = LACKS_ANY if word == "any" else LACKS.get(word)
    return wanted & TO_FILL if wanted else Q()


def ledger(viewer: Viewer, filters: Filters) -> QuerySet[Finding]:
    """The findings in scope that match; `paging` walks them page by page."""
    guard.check_is_actor(viewer)
    return scope_of(viewer, asked(viewer, filters))


def asked(viewer: Viewer, filters: Filters) -> Q:
    """The filters, words and all, as one condition; an aspect takes in those that were merged into it."""
    if filters.aspect is not None and len(keys := merged_into(viewer, filters.aspect)) > 1:
        filters = replace(filters, aspect=None, aspects=keys)
    if not filters.text.strip():
        return filters.condition()
    holds = grams.matches(INDEX, filters.text, is_sought=has_few(viewer))
    return filters.condition() & Q(holds, level__lte=Level.INTERNAL)


def holding(text: str, *, is_sought: bool) -> Q:
    """The words as a condition: tested row by row, or (`is_sought`) looked up in the index of words."""
    test = Q(pk__in=grams.matching_ids(INDEX, text)) if is_sought else grams.matches(INDEX, text, is_sought=True)
    return Q(test, level__lte=Level.INTERNAL)


def scope_of(viewer: Viewer, condition: Q | None = None) -> ScopedQuerySet:
    """All findings in scope that meet the condition: sought by union where they are few, else walked (guarded.narrow)."""
    return narrow(Finding, condition) if has_few(viewer) else Finding.objects.filter(condition or Q())


def has_few(viewer: Viewer) -> bool:
    """Whether the viewer's scope is narrow: found out once for each viewer that is built, that is once a request."""
    if "few_findings" not in viewer.notes:
        viewer.notes["few_findings"] = is_few(Finding, FEW)
    return bool(viewer.notes["few_findings"])


def overdue(viewer: Viewer) -> QuerySet[Finding]:
    """Findings whose unit is past its due date."""
    return ledger(viewer, Filters(due="overdue"))


def counts_of(viewer: Viewer, filters: Filters) -> dict[str, int]:
    """How many match: all, open, overdue, settled, found again (重新挂账)."""
    found = ledger(viewer, filters).order_by()
    overdue_now = _due("overdue")
    return found.aggregate(
        total=Count("pk"),
        open=Count("pk", filter=Q(state__in=STILL_OPEN)),
        overdue=Count("pk", filter=overdue_now),
        settled=Count("pk", filter=Q(state__in=sorted(SETTLED))),
        again=Count("pk", filter=Q(settled_count__gt=0) & ~Q(state__in=sorted(SETTLED)) | Q(settled_count__gt=1)),
    )
