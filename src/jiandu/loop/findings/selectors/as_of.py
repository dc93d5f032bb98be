"""Findings as of any date, as known at any moment: one finding's state, and the conditions of counting."""

from datetime import date, datetime

from django.db.models import Exists, F, Q, QuerySet, Subquery
from django.db.models.lookups import In, LessThan

from jiandu.base.core.clock import today
from jiandu.base.core.guarded import parts_of_row
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.selectors.ledger import NOT_COUNTED, RUNNING
from jiandu.loop.findings.states import SETTLED, State


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


def overdue(*, as_of: date, as_known: datetime | None = None) -> Q:
    """The condition of being overdue as of the date: past the due date that held then, in a state whose clock ran then.

    What the ledger answers for today from its caches (`ledger.past_due`), for any day; the caches spare the most here.
    """
    steps = told(as_of, as_known).order_by("-seq")
    due_then, moved = Subquery(steps.values("due_on")[:1]), steps.exclude(to_state=F("from_state"))
    is_late = ~settled(as_of=as_of, as_known=as_known) & Q(LessThan(due_then, as_of))
    return is_late & Q(In(Subquery(moved.values("to_state")[:1]), RUNNING))


def told(as_of: date, as_known: datetime | None, *, depth: int = 1) -> QuerySet[Step]:
    """Steps of the finding around that had happened by the date and, for a frozen figure, had been entered by then."""
    happened = parts_of_row(Step, depth=depth).filter(on__lte=as_of)
    return happened if as_known is None else happened.filter(recorded_at__lte=as_known)


def as_they_stood(found: QuerySet[Finding], day: date) -> QuerySet[Finding]:
    """The findings that count as of the day, each with the state (`state_then`) and due date (`due_then`) that held then.

    Today's stand in the findings themselves; those of another day are read from the steps.
    """
    there = found.filter(counted(as_of=day), registered_on__lte=day)
    if day >= today():
        return there.annotate(state_then=F("state"), due_then=F("due_on"))
    steps = told(day, None).order_by("-seq")
    moved = steps.exclude(to_state=F("from_state"))
    return there.annotate(
        state_then=Subquery(moved.values("to_state")[:1]), due_then=Subquery(steps.values("due_on")[:1])
    )


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
