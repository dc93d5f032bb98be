"""Only here a step is written, the state and its caches are set; `move` does it and records the act."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings import rules
from jiandu.loop.findings.models import NOT_PUT_RIGHT, Approval, Finding, Step
from jiandu.loop.findings.states import EXCLUDED, SETTLED, WRITTEN, State, Verb, legal_from, target
from jiandu.net.access.persons import Who
from jiandu.net.access.standing import viewer_as_person

CACHES = [
    *("state", "closed_on", "left_on", "settled_count", "excluded_on", "step_count"),
    *("told_at", "looked_on", "rebound_on"),
]


@dataclass(frozen=True)
class Act:
    """How an act was done: who enters it, when it happened, who did it, what was said.

    `who` is the person who acted; it defaults to the viewer. History comes from a ledger and breaks no rule by entering.
    """

    by: Viewer
    on: date
    note: str = ""
    who: Who | None = None
    method: str = ""
    on_paper: bool = False
    is_derived: bool = False
    is_history: bool = False
    recorded_at: datetime | None = None
    columns: str = ""  # of a correction, as `correcting.written` tells them
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def person(self) -> Who:
        return self.who or viewer_as_person(self.by)


def lock(finding: Finding) -> Finding:
    """The finding as it is now, held until the transaction ends. Raises Refused when it left the viewer's scope."""
    queryset = Finding.objects.filter(pk=finding.pk)
    if connection.features.has_select_for_update:
        queryset = queryset.select_for_update(of=("self",))
    locked = queryset.first()
    if locked is None:
        raise Refused("not-there", "没有这条记录")
    return locked


def check_may(by: Viewer, verb: Verb, finding: Finding, permission: str = "") -> None:
    """Asks the policy for the verb's permission, or another's instead. Raises Refused (not-allowed)."""
    if not guard.allow(by, permission or rules.PERMISSION[verb], finding):
        raise Refused("not-allowed", "您没有“%(verb)s”的权限", verb=Verb(verb).label)


def begin(finding: Finding, verb: Verb, act: Act, *, permission: str = "") -> Finding:
    """Lock, allowed?, legal?, date? — what every move of the loop begins with. Gives the locked finding."""
    finding = lock(finding)
    check_may(act.by, verb, finding, permission)
    rules.check_move(verb, State(finding.state))
    rules.check_date(act.on, latest_on(finding), today(), act.note)
    return finding


def latest_on(finding: Finding) -> date:
    """The date of the last step: nothing may come before it. What is only written down (更正, 批示) holds nothing up."""
    acts = Step.objects.filter(finding=finding).exclude(verb__in=sorted(WRITTEN))
    return acts.order_by("-seq").values_list("on", flat=True).first() or date.min


def move(finding: Finding, verb: Verb, act: Act, *, changed: list[str] | None = None) -> Finding:
    """Writes the step, the caches and `changed` columns, and records the act. The caller holds the lock."""
    step = write_step(finding, verb, act, changed=changed)
    record(act.by, f"finding.{verb}", finding, payload=said(step, act))
    return finding


def write_step(finding: Finding, verb: Verb, act: Act, *, changed: list[str] | None = None) -> Step:
    """The step and what follows from it, for `move` and for an act on many findings, which records them in one entry."""
    step = next_step(finding, verb, act)
    step.save(force_insert=True)
    apply_step(finding, step)
    finding.save(update_fields=[*CACHES, *(changed or [])])
    if step.from_state not in {"", step.to_state}:
        _lapse(finding)
    return step


def _lapse(finding: Finding) -> None:
    """What was asked for and cannot follow from the new state waits no longer."""
    waiting = Approval.objects.filter(finding=finding, status__in=[Approval.Status.WAITING, Approval.Status.ON_PAPER])
    waiting.exclude(verb__in=legal_from(State(finding.state))).update(status=Approval.Status.LAPSED)


def next_step(finding: Finding, verb: Verb, act: Act) -> Step:
    """The step that the move makes, not yet saved."""
    state = State(finding.state)
    person = act.person
    return Step(
        finding=finding,
        seq=finding.step_count + 1,
        verb=verb,
        from_state="" if verb == Verb.REGISTER else state,
        to_state=State.REGISTERED if verb == Verb.REGISTER else target(verb, state),
        on=act.on,
        recorded_at=act.recorded_at or now(),
        by_name=person.name,
        actor_id=person.person_id,
        entered_by_id=act.by.user_id,
        note=act.note,
        method=act.method,
        is_derived=act.is_derived,
        is_history=act.is_history,
        on_paper=act.on_paper,
        due_on=finding.due_on,
        columns=act.columns,
    )


def apply_step(finding: Finding, step: Step) -> None:
    """Brings the caches of the finding to the step."""
    was, to = State(finding.state), State(step.to_state)
    if to in SETTLED and (was not in SETTLED or step.verb == Verb.REGISTER):
        finding.closed_on, finding.left_on = step.on, None
        finding.settled_count += 1
    elif was in SETTLED and to not in SETTLED:
        finding.left_on = step.on
    if to in EXCLUDED and was not in EXCLUDED:  # what is done to it there (改并, 收紧知悉范围) is not the day it left
        finding.excluded_on = step.on
    finding.state = to
    finding.step_count = step.seq
    finding.told_at = max(finding.told_at or step.recorded_at, step.recorded_at)


def apply_look_back(finding: Finding, on: date, result: str) -> None:
    """Brings the caches to a look-back: the first, and the first that found the problem not put right."""
    finding.looked_on = min(finding.looked_on or on, on)
    if result in NOT_PUT_RIGHT:
        finding.rebound_on = min(finding.rebound_on or on, on)


def said(step: Step, act: Act) -> dict[str, Any]:
    """What the log says of a step."""
    return {
        "seq": step.seq,
        "from": step.from_state,
        "to": step.to_state,
        "on": step.on.isoformat(),
        "by": step.by_name,
        "note": step.note,
        **({"paper": True} if step.on_paper else {}),
        **act.details,
    }
