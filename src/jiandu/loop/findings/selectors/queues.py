"""What waits: for verification, a decision, a second person, a look-back, an answer. All of it, and what waits for me."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.counting import how_many, how_many_each
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Approval, Breach, Finding, LookBack, Repeat
from jiandu.loop.findings.selectors.ledger import Filters, has_few, ledger, scope_of
from jiandu.loop.findings.selectors.paging import first_in
from jiandu.loop.findings.states import State
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


def breaches(viewer: Viewer, rule: str = "") -> QuerySet[Breach]:
    """数据预警: rules that recorded history broke, what was entered last first; those of one rule."""
    guard.check_is_actor(viewer)
    rows = Breach.objects.filter(rule=rule) if rule else Breach.objects.all()
    return rows.prefetch_related("finding__subject").order_by("-pk")


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


# --- mine ---


def _may(viewer: Viewer, verb: str) -> bool:
    return guard.allow(viewer, verb, Finding)


def my_approvals(viewer: Viewer) -> QuerySet[Approval]:
    """What I may decide (a secretary: type for the leader) and did not ask for; paper that I may confirm and did not type."""
    mine = Q()
    if _may(viewer, "approve") or (_may(viewer, "instruct") and _may(viewer, "paper")):
        mine |= Q(status=Status.WAITING) & ~Q(asked_by_id=viewer.user_id)
    if _may(viewer, "confirm_paper"):
        mine |= Q(status=Status.ON_PAPER) & ~Q(typed_by_id=viewer.user_id)
    waiting = waiting_approvals(viewer)
    return waiting.filter(mine) if mine else waiting.none()


def approvals(viewer: Viewer, which: str) -> QuerySet[Approval]:
    """What is signed about findings: "mine", "all" that wait, or "done"."""
    return {"mine": my_approvals, "all": waiting_approvals, "done": approvals_decided}[which](viewer)


def findings_of(viewer: Viewer, keys: list[int]) -> QuerySet[Finding]:
    """The findings with these keys, as far as they are in scope."""
    guard.check_is_actor(viewer)
    return Finding.objects.filter(pk__in=keys).select_related("subject")


def todo(viewer: Viewer, found: QuerySet[Finding] | None = None) -> dict[str, QuerySet]:  # type: ignore[type-arg]
    """What waits for the viewer, by queue, each in its order; only queues that the viewer's roles have.

    `found` is the viewer's scope where it is known already (`scope_of` asks the database how wide it is).
    """
    guard.check_is_actor(viewer)
    found = scope_of(viewer) if found is None else found
    queues: dict[str, QuerySet] = {}  # type: ignore[type-arg]
    if any(_may(viewer, verb) for verb in ("approve", "instruct", "confirm_paper")):
        queues["approvals"] = my_approvals(viewer)
    acts = ["verify", "assign" if _may(viewer, "assign") else "receive"]
    queues |= {act: _by_due(found.filter(state=WAITS_FOR[act])) for act in acts if _may(viewer, act)}
    if _may(viewer, "edit"):
        queues["repeats"] = waiting_repeats(viewer)
    if _may(viewer, "look_back"):
        queues["look_backs"] = look_back_plan(viewer).filter(planned_on__lte=today())
    return queues


#: In which state a finding waits for an act.
WAITS_FOR = {"verify": State.TO_VERIFY, "assign": State.REGISTERED, "receive": State.ASSIGNED}
#: The tabs of the desk: what each holds, and in which order.
TABS: dict[str, tuple[Callable[[], Q], str]] = {
    "running": (Filters(state="working").condition, "due_on"),
    "soon": (Filters(due="soon").condition, "due_on"),
    "overdue": (Filters(due="overdue").condition, "due_on"),
    "done": (Filters(state="settled").condition, "-closed_on"),
    "lacking": (Filters(lacks="any").condition, "-registered_on"),
}


def desk(viewer: Viewer, found: QuerySet[Finding]) -> dict[str, QuerySet[Finding]]:
    """The findings of the scope behind the tabs of the desk: 在办 · 临期 · 超期 · 已办; 待补 for who may fill it in."""
    guard.check_is_actor(viewer)
    shown = {name: found.filter(condition()) for name, (condition, _order) in TABS.items()}
    if not _may(viewer, "edit"):
        shown.pop("lacking")
    return shown


def first_on_desk(viewer: Viewer, tab: str, size: int) -> list[Finding]:
    """The first rows of a tab."""
    condition, order = TABS[tab]
    return first_in(viewer, condition(), order, size)


def count_all(viewer: Viewer, queues: dict[str, QuerySet]) -> dict[str, int]:  # type: ignore[type-arg]
    """How many wait in each queue, one statement for all: what waits for me as far as a small number shows, tabs further.

    A wide scope is walked for each queue as far as its cap. A narrow one is walked once for all queues that hold
    findings: there the scope in each subquery costs more than its rows.
    """
    guard.check_is_actor(viewer)
    caps = {name: CAP if name in TABS else MINE_CAP for name in queues}
    walked = {name: condition for name, condition in _conditions().items() if name in queues and has_few(viewer)}
    asked = {name: how_many(rows, cap=caps[name]) for name, rows in queues.items() if name not in walked}
    asked |= {"walk": how_many_each(scope_of(viewer), walked.values())} if walked else {}
    said: Any = User.objects.filter(pk=viewer.user_id or 0).values(**asked).first() if asked else None
    counts = dict.fromkeys(queues, 0) | (said or {})
    counts |= zip(walked, counts.pop("walk", None) or [0] * len(walked), strict=True)
    return {name: min(counts[name], cap + 1) for name, cap in caps.items()}


def _conditions() -> dict[str, Q]:
    """The queues that hold findings: what each takes of the scope."""
    waiting = {name: Q(state=state) for name, state in WAITS_FOR.items()}
    return waiting | {name: condition() for name, (condition, _order) in TABS.items()}


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
