"""Reads of findings: the ledger, one finding's page, queues, state as of any date, cohorts for measures."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Exists, F, Q, QuerySet, Subquery
from django.db.models.lookups import In

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import ScopedQuerySet, is_few, narrow, parts_of_row
from jiandu.base.core.tree import subtree_q
from jiandu.base.core.vendor import grams
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import items
from jiandu.loop.findings.models import Evidence, Finding, Measure, Repeat, Step
from jiandu.loop.findings.services.searching import INDEX
from jiandu.loop.findings.states import EXCLUDED, OPEN, SETTLED, State
from jiandu.loop.findings.terms import SOON_DAYS
from jiandu.net.access.models import Level
from jiandu.net.subjects.models import Organisation

FEW = 5_000


@dataclass(frozen=True)
class Filters:
    """What the ledger is filtered by; empty means all. `due`: overdue | soon.

    `units` are paths of units, None for all of them; `is_below` takes in what stands below the units asked for.
    """

    source: str = ""
    subject: Organisation | None = None
    units: tuple[str, ...] | None = None
    is_below: bool = False
    aspect: int | None = None
    rectification: str = ""
    state: str = ""
    due: str = ""
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
            "state": self.state,
            "owner_office_id": self.office,
            "activity_id": self.activity,
            "urging": self.urging,
        }
        condition = Q(**{name: value for name, value in equal.items() if value not in {"", None}})
        if self.year:
            condition &= Q(registered_on__range=(date(self.year, 1, 1), date(self.year, 12, 31)))
        return condition & _due(self.due) & self._about()

    def _about(self) -> Q:
        """The units asked for."""
        if self.is_below:
            paths = [self.subject.path] if self.subject else self.units
            return (
                Q() if paths is None else reduce(or_, (subtree_q("subject_path", path) for path in paths), Q(pk__in=[]))
            )
        return Q() if self.units is None else Q(subject_path__in=self.units)


def _due(word: str) -> Q:
    day = today()
    if word == "overdue":
        return Q(due_on__lt=day, state__in=RUNNING)
    if word == "soon":
        return Q(due_on__gte=day, due_on__lte=day + timedelta(days=SOON_DAYS), state__in=RUNNING)
    return Q()


NOT_COUNTED = tuple(sorted(EXCLUDED))
#: States in which the unit's clock runs.
RUNNING = tuple(sorted({State.REGISTERED, State.ASSIGNED, State.RECTIFYING}))


def ledger(viewer: Viewer, filters: Filters) -> QuerySet[Finding]:
    """The findings in scope that match; `paging` walks them page by page."""
    guard.check_is_actor(viewer)
    return scope_of(viewer, asked(filters))


def asked(filters: Filters) -> Q:
    """The filters, words and all, as one condition."""
    if not filters.text.strip():
        return filters.condition()
    return filters.condition() & Q(grams.matches(INDEX, filters.text), level__lte=Level.INTERNAL)


def scope_of(viewer: Viewer, condition: Q | None = None) -> ScopedQuerySet:
    """All findings in scope that meet the condition: sought by union where they are few, else walked (guarded.narrow)."""
    return narrow(Finding, condition) if has_few(viewer) else Finding.objects.filter(condition or Q())


def has_few(viewer: Viewer) -> bool:
    """Whether the viewer's scope is narrow: found out once for each viewer that is built, that is once a request."""
    if "few_findings" not in viewer.notes:
        viewer.notes["few_findings"] = is_few(Finding, FEW)
    return bool(viewer.notes["few_findings"])


def finding_by_uid(viewer: Viewer, uid: UUID) -> Finding | None:
    """The finding, if it is in scope. Not there and not yours look the same."""
    guard.check_is_actor(viewer)
    return Finding.objects.select_related("subject", "owner_office", "aspect").filter(uid=uid).first()


def overdue(viewer: Viewer) -> QuerySet[Finding]:
    """Findings whose unit is past its due date."""
    return ledger(viewer, Filters(due="overdue"))


# --- as of any date ---


def counted(*, as_of: date, as_known: datetime | None = None) -> Q:
    """The condition of counting: by that date not 撤销, 不予认定 or merged, states that nothing leads out of."""
    stays = Q(excluded_on__isnull=True) | Q(excluded_on__gt=as_of)
    if as_known is None:
        return stays
    return stays | (Q(told_at__gt=as_known) & ~Q(Exists(told(as_of, as_known).filter(to_state__in=NOT_COUNTED))))


def settled(*, as_of: date, as_known: datetime | None = None) -> Q:
    """The condition of being settled (已销号, 阶段性销号) as of the date: by then, and not taken up again by then.

    Settled once (nearly all), and nothing entered since the moment: answered from the caches. Otherwise from the steps.
    """
    once = Q(settled_count=1, closed_on__lte=as_of) & (Q(left_on__isnull=True) | Q(left_on__gt=as_of))
    from_caches = once | (Q(settled_count__gt=1) & _settled_by_steps(as_of, None))
    if as_known is None:
        return from_caches
    worked_on = Q(told_at__gt=as_known, settled_count__gt=0) & _settled_by_steps(as_of, as_known)
    return (Q(told_at__lte=as_known) & from_caches) | worked_on


def told(as_of: date, as_known: datetime | None, *, depth: int = 1) -> QuerySet[Step]:
    """Steps of the finding around that had happened by the date and, for a frozen figure, had been entered by then."""
    happened = parts_of_row(Step, depth=depth).filter(on__lte=as_of)
    return happened if as_known is None else happened.filter(recorded_at__lte=as_known)


def _settled_by_steps(as_of: date, as_known: datetime | None) -> Q:
    """Where the furthest step that changed a state led (docs/decisions/0014)."""
    moved = told(as_of, as_known).exclude(to_state=F("from_state")).order_by("-seq")
    return Q(In(Subquery(moved.values("to_state")[:1]), sorted(SETTLED)))


def state_as_of(finding: Finding, *, as_of: date, as_known: datetime | None = None) -> State | None:
    """Where the finding stood on that date, as known at that moment; None before it was registered.

    A step that keeps the state says nothing here: in a ledger its date may be out of order.
    """
    moved = Step.objects.filter(finding=finding, on__lte=as_of).exclude(to_state=F("from_state"))
    if as_known is not None:
        moved = moved.filter(recorded_at__lte=as_known)
    state = moved.order_by("-seq").values_list("to_state", flat=True).first()
    return State(state) if state else None


def progress_of(uids: list[UUID]) -> dict[UUID, list[Finding]]:
    """What became of activities or signals, by their uid: derived, never stored there."""
    found: dict[UUID, list[Finding]] = {uid: [] for uid in uids}
    for finding in Finding.objects.filter(source_uid__in=uids).order_by("registered_on", "pk"):
        if finding.source_uid is not None:
            found[finding.source_uid].append(finding)
    return found


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


STILL_OPEN = tuple(sorted(OPEN - {State.STAGED}))


def finding_by_code(viewer: Viewer, code: str) -> Finding | None:
    """The finding with this number in scope; None where there is none, or several offices use it."""
    guard.check_is_actor(viewer)
    found = list(Finding.objects.filter(code=code)[:2])
    return found[0] if len(found) == 1 else None


def measure_of(finding: Finding, pk: str) -> Measure | None:
    """One measure of the finding by its key as text."""
    return finding.measures.filter(pk=int(pk)).first() if pk.isdigit() else None


def evidence_of(finding: Finding, pk: str) -> Evidence | None:
    """One file of the finding by its key as text."""
    return finding.evidence.filter(pk=int(pk)).first() if pk.isdigit() else None


def aspect_of(viewer: Viewer, finding: Finding, pk: str) -> Item | None:
    """The aspect chosen for the finding's year."""
    rows = items(viewer, "aspect", finding.registered_on.year)
    return rows.filter(pk=int(pk)).first() if pk.isdigit() else None


def findings_by_uid(viewer: Viewer, uids: list[str]) -> list[Finding]:
    """The chosen findings in scope, at most a page of them; malformed uids are passed over."""
    guard.check_is_actor(viewer)
    known = []
    for text in uids[:200]:
        try:
            known.append(UUID(text))
        except ValueError:
            continue
    return list(Finding.objects.filter(uid__in=known).order_by("pk"))


def counts_by_source(viewer: Viewer, uids: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """(findings, settled ones) of each activity or signal: derived, never stored there."""
    guard.check_is_actor(viewer)
    is_settled = Q(state__in=sorted(SETTLED))
    rows = Finding.objects.filter(source_uid__in=uids, excluded_on__isnull=True).order_by().values("source_uid")
    said = rows.annotate(total=Count("pk"), settled=Count("pk", filter=is_settled))
    return {row["source_uid"]: (row["total"], row["settled"]) for row in said}


def repeat_of(viewer: Viewer, finding: Finding, uid: UUID) -> Repeat | None:
    """One repeat proposal of the finding, with the earlier one if that is in scope."""
    guard.check_is_actor(viewer)
    return finding.repeats.filter(uid=uid).prefetch_related("earlier").first()


def earlier_of(repeat: Repeat) -> Finding | None:
    """The finding that it may repeat; None where that one is not in scope (Django raises for a key without its row)."""
    return getattr(repeat, "earlier", None)
