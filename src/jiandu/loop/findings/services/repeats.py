"""The same problem found again: proposals, with what was decided then. An officer decides; nothing merges by itself.

What may be decided depends on where the earlier finding stands (OPTIONS; the first option is the one proposed), what
follows on the decision alone (OUTCOMES). Both stand in docs/flow.md.
"""

import hashlib
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.text import normal
from jiandu.loop.findings.models import Finding, Repeat
from jiandu.loop.findings.states import State, Verb, is_legal

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


@dataclass(frozen=True)
class Outcome:
    """What a decision does: takes the earlier finding up again, asks that this one be merged into it."""

    takes_up: bool
    merges: bool


OUTCOMES: dict[Repeat.Decision, Outcome] = {
    Decision.MERGE: Outcome(takes_up=False, merges=True),
    Decision.REOPEN: Outcome(takes_up=True, merges=True),
    Decision.NEW: Outcome(takes_up=False, merges=False),
}


def repeat_key(subject_id: int | None, aspect_id: int | None, basis: str) -> str:
    """Equal for findings on the same unit, aspect and basis (the problem's own words where no basis is given)."""
    return hashlib.sha256(f"{subject_id}|{aspect_id}|{normal(basis)}".encode()).hexdigest()[:40]


def options(finding: Finding, earlier: Finding) -> tuple[Repeat.Decision, ...]:
    """What may be decided, the proposed decision first; a finding that can no longer be merged stays one of its own."""
    is_open = is_legal(Verb.MERGE, State(finding.state))
    return OPTIONS[State(earlier.state)] if is_open else (Decision.NEW,)


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
    known = _known(findings)
    proposals = [
        Repeat(finding=finding, earlier_id=earlier)
        for finding in findings
        if (earlier := _latest_before(known[finding.repeat_key], finding)) is not None
    ]
    Repeat.objects.bulk_create(proposals)
    return len(proposals)


def propose_again(findings: list[Finding]) -> int:
    """Proposals for findings whose keys have changed, each with its neighbours in time: the latest earlier one, and for the
    next later one. No pair is proposed twice, whatever was decided on it. Gives how many were made.
    """
    known, pairs = _known(findings), set()
    for finding in findings:
        rows = [pk for _on, pk in known[finding.repeat_key]]
        place = rows.index(finding.pk)
        pairs |= set(pairwise(rows[max(place - 1, 0) : place + 2]))
    ours = {pk for pair in pairs for pk in pair}
    told = Repeat.objects.filter(finding_id__in=ours, earlier_id__in=ours).values_list("earlier_id", "finding_id")
    done = {frozenset(pair) for pair in told}
    fresh = [pair for pair in sorted(pairs) if frozenset(pair) not in done]
    Repeat.objects.bulk_create([Repeat(finding_id=finding, earlier_id=earlier) for earlier, finding in fresh])
    return len(fresh)


def _known(findings: list[Finding]) -> dict[str, list[tuple[date, int]]]:
    """By key what is alike in scope, in the order of registration."""
    alike = Finding.objects.filter(repeat_key__in={finding.repeat_key for finding in findings})
    known: dict[str, list[tuple[date, int]]] = {}
    for key, on, pk in alike.exclude(state=State.MERGED).values_list("repeat_key", "registered_on", "pk"):
        known.setdefault(key, []).append((on, pk))
    for each in known.values():
        each.sort()
    return known


def _latest_before(rows: list[tuple[date, int]], finding: Finding) -> int | None:
    place = bisect_left(rows, (finding.registered_on, finding.pk))
    return rows[place - 1][1] if place else None
