"""What waits: for verification, a decision, a second person, a look-back, an answer. All of it, and what waits for me."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.counting import how_many
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Approval, Finding, Instruction, LookBack, Repeat
from jiandu.loop.findings.selectors.ledger import Filters, ledger, scope_of
from jiandu.loop.findings.selectors.paging import first_in
from jiandu.loop.findings.states import WORKING, State
from jiandu.net.access.standing import Standing
from jiandu.sources.activities.models import Activity

CAP, MINE_CAP = 999, 99
Status = Approval.Status


def waiting_approvals(viewer: Viewer) -> QuerySet[Approval]:
    """What waits for a decision or for a second person, oldest first; each with its finding."""
    guard.check_is_actor(viewer)
    waiting = Approval.objects.filter(status__in=[Status.WAITING, Status.ON_PAPER])
    return waiting.prefetch_related("finding__subject").order_by("asked_on", "pk")


def to_verify(viewer: Viewer) -> QuerySet[Finding]:
    """What waits for verification, by due date."""
    guard.check_is_actor(viewer)
    return _by_due(Finding.objects.filter(state=State.TO_VERIFY))


def _by_due(found: QuerySet[Finding]) -> QuerySet[Finding]:
    return found.select_related("subject", "owner_office").order_by(F("due_on").asc(nulls_last=True), "pk")


def look_back_plan(viewer: Viewer) -> QuerySet[LookBack]:
    """Look-backs not yet done, by planned date."""
    guard.check_is_actor(viewer)
    rows = LookBack.objects.filter(done_on__isnull=True)
    return rows.prefetch_related("finding__subject").order_by(F("planned_on").asc(nulls_last=True), "pk")


def waiting_repeats(viewer: Viewer) -> QuerySet[Repeat]:
    """Proposals that an officer has to decide."""
    guard.check_is_actor(viewer)
    return Repeat.objects.filter(decision=Repeat.Decision.WAITING).prefetch_related("finding", "earlier").order_by("pk")


def open_instructions(viewer: Viewer, *, office_ids: tuple[int, ...] | None = None) -> QuerySet[Instruction]:
    """批示件 not yet answered, by term; those given to some offices."""
    guard.check_is_actor(viewer)
    open_ = Instruction.objects.filter(answered_on__isnull=True).select_related("given_to")
    if office_ids is not None:
        open_ = open_.filter(given_to_id__in=office_ids)
    return open_.prefetch_related("finding__subject").order_by(F("due_on").asc(nulls_last=True), "pk")


def about(viewer: Viewer, rows: QuerySet, filters: Filters) -> QuerySet:  # type: ignore[type-arg]  # of any part
    """Those rows of a queue whose finding matches."""
    if filters == Filters():
        return rows
    return rows.filter(Exists(ledger(viewer, filters).filter(pk=OuterRef("finding_id"))))


def findings_to_verify(viewer: Viewer, filters: Filters) -> QuerySet[Finding]:
    """What waits for verification and matches, by due date."""
    return _by_due(ledger(viewer, replace(filters, state=State.TO_VERIFY)))


def approvals_decided(viewer: Viewer) -> QuerySet[Approval]:
    """The register of decisions, the latest first: what, by whom, online or on paper."""
    guard.check_is_actor(viewer)
    decided = Approval.objects.filter(status__in=[Status.GRANTED, Status.REFUSED])
    return decided.prefetch_related("finding__subject").order_by("-signed_on", "-pk")


def look_backs_done(viewer: Viewer) -> QuerySet[LookBack]:
    """Look-backs done, the latest first."""
    guard.check_is_actor(viewer)
    done = LookBack.objects.filter(done_on__isnull=False)
    return done.prefetch_related("finding__subject").order_by("-done_on", "-pk")


def look_backs_in(viewer: Viewer, activity: Activity) -> QuerySet[LookBack]:
    """The look-backs of a round, those still to be done first."""
    guard.check_is_actor(viewer)
    rows = LookBack.objects.filter(activity=activity).prefetch_related("finding__subject")
    return rows.order_by(F("done_on").asc(nulls_first=True), "pk")


def results_of(viewer: Viewer, activities: list[int]) -> dict[int, dict[str, int]]:
    """By round: how many look-backs it has, are done, and ended badly (not held, rebound, false)."""
    guard.check_is_actor(viewer)
    rows = LookBack.objects.filter(activity_id__in=activities).order_by().values("activity_id")
    bad = Q(result__in=["not_held", "rebound", "false"])
    said = rows.annotate(
        total=Count("pk"), done=Count("pk", filter=Q(done_on__isnull=False)), bad=Count("pk", filter=bad)
    )
    return {row.pop("activity_id"): row for row in said}


def repeats_decided(viewer: Viewer) -> QuerySet[Repeat]:
    """Proposals that have been decided, the latest first."""
    guard.check_is_actor(viewer)
    decided = Repeat.objects.exclude(decision=Repeat.Decision.WAITING)
    return decided.prefetch_related("finding", "earlier").order_by("-decided_on", "-pk")


def instructions_answered(viewer: Viewer) -> QuerySet[Instruction]:
    """批示件 answered, the latest first."""
    guard.check_is_actor(viewer)
    answered = Instruction.objects.filter(answered_on__isnull=False).select_related("given_to")
    return answered.prefetch_related("finding__subject").order_by("-answered_on", "-pk")


# --- mine ---


def offices_of(viewer: Viewer) -> tuple[int, ...]:
    """The offices in which the viewer serves."""
    return viewer.standing.office_ids if isinstance(viewer.standing, Standing) else ()


def _may(viewer: Viewer, verb: str) -> bool:
    return guard.allow(viewer, verb, Finding)


def my_approvals(viewer: Viewer) -> QuerySet[Approval]:
    """What I may decide (a secretary: type for the leader) and did not ask for; paper that I may confirm and did not type."""
    mine = Q(pk__in=[])
    if _may(viewer, "approve") or (_may(viewer, "instruct") and _may(viewer, "paper")):
        mine |= Q(status=Status.WAITING) & ~Q(asked_by_id=viewer.user_id)
    if _may(viewer, "confirm_paper"):
        mine |= Q(status=Status.ON_PAPER) & ~Q(typed_by_id=viewer.user_id)
    return waiting_approvals(viewer).filter(mine)


def todo(viewer: Viewer, found: QuerySet[Finding] | None = None) -> dict[str, QuerySet]:  # type: ignore[type-arg]
    """What waits for the viewer, by queue, each in its order; only queues that the viewer's roles have.

    `found` is the viewer's scope where it is known already (`scope_of` asks the database how wide it is).
    """
    guard.check_is_actor(viewer)
    found = scope_of(viewer) if found is None else found
    queues: dict[str, QuerySet] = {}  # type: ignore[type-arg]
    if any(_may(viewer, verb) for verb in ("approve", "instruct", "confirm_paper")):
        queues["approvals"] = my_approvals(viewer)
    if _may(viewer, "verify"):
        queues["verify"] = _by_due(found.filter(state=State.TO_VERIFY))
    if _may(viewer, "assign"):
        queues["assign"] = _by_due(found.filter(state=State.REGISTERED))
    elif _may(viewer, "receive"):
        queues["receive"] = _by_due(found.filter(state=State.ASSIGNED))
    if _may(viewer, "edit") or _may(viewer, "instruct"):
        queues["instructions"] = open_instructions(viewer, office_ids=offices_of(viewer))
    if _may(viewer, "edit"):
        queues["repeats"] = waiting_repeats(viewer)
    if _may(viewer, "look_back"):
        queues["look_backs"] = look_back_plan(viewer).filter(planned_on__lte=today())
    return queues


#: The tabs of the desk: what each holds, and in which order.
TABS: dict[str, tuple[Callable[[], Q], str]] = {
    "running": (lambda: Q(state__in=sorted(WORKING)), "due_on"),
    "soon": (Filters(due="soon").condition, "due_on"),
    "overdue": (Filters(due="overdue").condition, "due_on"),
    # settled, said by its caches: the states would be sought by their own index, and all of them sorted
    "done": (lambda: Q(closed_on__isnull=False, left_on__isnull=True), "-closed_on"),
}


def desk(viewer: Viewer, found: QuerySet[Finding]) -> dict[str, QuerySet[Finding]]:
    """The findings of the scope behind the tabs of the desk: 在办 · 临期 · 超期 · 已办."""
    guard.check_is_actor(viewer)
    return {name: found.filter(condition()) for name, (condition, _order) in TABS.items()}


def first_on_desk(viewer: Viewer, tab: str, size: int) -> list[Finding]:
    """The first rows of a tab."""
    condition, order = TABS[tab]
    return first_in(viewer, condition(), order, size)


def count_all(viewer: Viewer, queues: dict[str, QuerySet]) -> dict[str, int]:  # type: ignore[type-arg]
    """How many wait in each queue, one statement for all: what waits for me as far as a small number shows, tabs further."""
    guard.check_is_actor(viewer)
    caps = dict.fromkeys(TABS, CAP)
    counts = {name: how_many(rows, cap=caps.get(name, MINE_CAP)) for name, rows in queues.items()}
    said = User.objects.filter(pk=viewer.user_id or 0).values(**counts).first() if counts else None
    return said or dict.fromkeys(queues, 0)


def first_of(viewer: Viewer, waiting: dict[str, QuerySet], size: int) -> dict[str, list[Any]]:  # type: ignore[type-arg]
    """The first rows of each queue, all their findings fetched in one statement."""
    guard.check_is_actor(viewer)
    firsts = {name: list(rows.prefetch_related(None)[:size]) for name, rows in waiting.items()}
    parts = [row for rows in firsts.values() for row in rows if not isinstance(row, Finding)]
    keys = {row.finding_id for row in parts} | {row.earlier_id for row in parts if isinstance(row, Repeat)}
    found = Finding.objects.filter(pk__in=keys).select_related("subject") if keys else []
    known = {finding.pk: finding for finding in found}
    for row in parts:
        _know(row, "finding", known.get(row.finding_id))
        if isinstance(row, Repeat):
            _know(row, "earlier", known.get(row.earlier_id))
    return firsts


def _know(row: Any, name: str, value: Finding | None) -> None:
    """Fills in a relation, also with "not in scope", so that reading it asks the database nothing."""
    row._meta.get_field(name).set_cached_value(row, value)
