"""The same problem found again: proposals, with what was decided then. An officer decides; nothing merges by itself.

What may follow depends on where the earlier finding stands (OPTIONS); the first option is the one proposed.
"""

import hashlib
from bisect import bisect_left
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.text import normal
from jiandu.loop.findings.models import Finding, Repeat
from jiandu.loop.findings.states import State

Decision = Repeat.Decision

OPTIONS: dict[State, tuple[Repeat.Decision, ...]] = {
    State.REGISTERED: (Decision.MERGE, Decision.NEW),
    State.ASSIGNED: (Decision.MERGE, Decision.NEW),
    State.RECTIFYING: (Decision.MERGE, Decision.NEW),
    State.TO_VERIFY: (Decision.MERGE, Decision.NEW),
    State.TO_APPROVE: (Decision.MERGE, Decision.NEW),
    State.SUSPENDED: (Decision.MERGE, Decision.NEW),
    State.CLOSED: (Decision.REOPEN, Decision.NEW),
    State.STAGED: (Decision.REOPEN, Decision.MERGE, Decision.NEW),
    State.REFUSED: (Decision.NEW,),
    State.WITHDRAWN: (Decision.NEW,),
    State.TRANSFERRED: (Decision.NEW,),
    State.CLUE_PASSED: (Decision.NEW,),
    State.MERGED: (Decision.NEW,),
}


def repeat_key(subject_id: int | None, aspect_id: int | None, basis: str) -> str:
    """Equal for findings on the same unit, aspect and basis (the problem's own words where no basis is given)."""
    return hashlib.sha256(f"{subject_id}|{aspect_id}|{normal(basis)}".encode()).hexdigest()[:40]


def options(repeat: Repeat, earlier: Finding) -> tuple[Repeat.Decision, ...]:
    """What may be decided, the proposed decision first."""
    return OPTIONS[State(earlier.state)]


def propose_repeats(finding: Finding) -> list[Repeat]:
    """A proposal for the latest earlier finding with the same key, if there is one in scope."""
    alike = Finding.objects.filter(repeat_key=finding.repeat_key, registered_on__lte=finding.registered_on)
    earlier = alike.exclude(pk=finding.pk).exclude(state=State.MERGED).order_by("-registered_on", "-id").first()
    if earlier is None:
        return []
    return [_proposed(finding, earlier, is_by_officer=False)]


def _proposed(finding: Finding, earlier: Finding, *, is_by_officer: bool) -> Repeat:
    repeat = Repeat(finding=finding, earlier=earlier, by_officer=is_by_officer)
    repeat.save(force_insert=True)
    return repeat


@atomic
def say_repeat(*, finding: Finding, earlier: Finding, by: Viewer) -> Repeat:
    """An officer says that this repeats an earlier finding."""
    if not guard.allow(by, "edit", finding):
        raise Refused("not-allowed", "您没有“更正”的权限")
    if finding.pk == earlier.pk:
        raise Refused("repeat-itself", "不能与自身重复")
    existing = Repeat.objects.filter(finding=finding, earlier=earlier).first()
    repeat = existing or _proposed(finding, earlier, is_by_officer=True)
    record(by, "finding.say_repeat", finding, payload={"earlier": str(earlier.uid)})
    return repeat


def propose_for_many(findings: list[Finding]) -> int:
    """Proposals for rows written in bulk: two statements, whatever their number. Gives how many were made."""
    keys = {finding.repeat_key for finding in findings}
    alike = Finding.objects.filter(repeat_key__in=keys).exclude(state=State.MERGED)
    known: dict[str, list[tuple[date, int]]] = {}
    for key, on, pk in alike.values_list("repeat_key", "registered_on", "pk"):
        known.setdefault(key, []).append((on, pk))
    for each in known.values():
        each.sort()
    proposals = [
        Repeat(finding=finding, earlier_id=earlier)
        for finding in findings
        if (earlier := _latest_before(known[finding.repeat_key], finding)) is not None
    ]
    Repeat.objects.bulk_create(proposals)
    return len(proposals)


def _latest_before(rows: list[tuple[date, int]], finding: Finding) -> int | None:
    place = bisect_left(rows, (finding.registered_on, finding.pk))
    return rows[place - 1][1] if place else None
