"""One finding, found by uid or number, as its page shows it: what is done on it, what came after. Only what is there is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from jiandu.base.core import guard
from jiandu.base.core.counting import how_many
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import parts_of_row
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import items
from jiandu.loop.findings.lacking import LACKS
from jiandu.loop.findings.models import (
    Approval,
    Breach,
    Evidence,
    Finding,
    Instruction,
    LookBack,
    Measure,
    Repeat,
    Step,
)
from jiandu.loop.findings.services.resuming import Standstill, standstill
from jiandu.net.access.policy import verbs
from jiandu.net.access.selectors import look
from jiandu.sources.activities.models import Activity

PARTS: tuple[tuple[str, Any], ...] = (
    ("approvals", Approval),
    ("measures", Measure),
    ("evidence", Evidence),
    ("instructions", Instruction),
    ("repeats", Repeat),
    ("look_backs", LookBack),
)


def with_counts(viewer: Viewer, uid: UUID, also: Mapping[str, Any] | None = None) -> Finding | None:
    """The finding, if it is in scope, with how many parts of each kind it has (`n_approvals` …; `also` further ones).

    Where it came from (`activity_uid`, `activity_name`) and what it was merged into (`main`) are named when they are in scope too.
    """
    guard.check_is_actor(viewer)
    counts = {f"n_{name}": how_many(parts_of_row(model)) for name, model in PARTS}
    source = Activity.objects.filter(pk=OuterRef("activity_id"))
    links = {f"activity_{word}": Subquery(source.values(word)[:1]) for word in ("uid", "name")}
    rows = Finding.objects.select_related("subject", "owner_office", "aspect__replaced_by__replaced_by")
    found = rows.annotate(**links, **counts, **(also or {})).filter(uid=uid).first()
    if found is not None:  # seldom merged: in the statement above its scope would be written out for each word
        found.main = Finding.objects.filter(pk=found.merged_into_id).first() if found.merged_into_id else None
    return found


@dataclass(frozen=True)
class Work:
    """What is being done on a finding: steps, approvals, measures, evidence, instructions, repeat proposals."""

    steps: list[Step] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    instructions: list[Instruction] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)


def may(viewer: Viewer, finding: Finding) -> frozenset[str]:
    """The verbs that the viewer has on it. A look at level ≥ 2 is logged before it is shown."""
    look(viewer, finding, what="finding page")
    return verbs(viewer, finding)


def _if(finding: Finding, name: str, rows: QuerySet[Any]) -> list[Any]:
    """The rows, asked for only where the finding has some (`with_counts`)."""
    return list(rows) if getattr(finding, f"n_{name}", 1) else []


def work_on(viewer: Viewer, finding: Finding) -> Work:
    """What is being done on it."""
    guard.check_is_actor(viewer)
    approvals = finding.approvals.select_related("typed_by", "confirmed_by").order_by("-asked_on", "-pk")
    instructions = finding.instructions.select_related("given_to").order_by("-on", "-pk")
    return Work(
        steps=list(finding.steps.select_related("entered_by").order_by("-seq")),
        approvals=_if(finding, "approvals", approvals),
        measures=_if(finding, "measures", finding.measures.order_by("due_on", "pk")),
        evidence=_if(finding, "evidence", finding.evidence.order_by("name", "-version", "-pk")),
        instructions=_if(finding, "instructions", instructions),
        repeats=_if(finding, "repeats", finding.repeats.prefetch_related("earlier").order_by("pk")),
    )


def look_backs_of(viewer: Viewer, finding: Finding) -> list[LookBack]:
    """Its look-backs, planned and done, the latest first."""
    guard.check_is_actor(viewer)
    return _if(finding, "look_backs", finding.look_backs.order_by("-planned_on", "-pk"))


def breaches_of(viewer: Viewer, finding: Finding) -> list[Breach]:
    """The rules that its recorded history broke."""
    guard.check_is_actor(viewer)
    return list(finding.breaches.order_by("pk")) if finding.breach_count else []


def decisions_of(viewer: Viewer, finding: Finding) -> list[Step]:
    """What was decided on it, oldest first: its steps that moved it or looked back at it."""
    guard.check_is_actor(viewer)
    kept = finding.steps.exclude(verb__in=["plan", "progress", "correct", "instruct", "urge"])
    return list(kept.order_by("seq"))


def finding_by_uid(viewer: Viewer, uid: UUID) -> Finding | None:
    """The finding, if it is in scope. Not there and not yours look the same."""
    guard.check_is_actor(viewer)
    return Finding.objects.select_related("subject", "owner_office", "aspect").filter(uid=uid).first()


def finding_by_code(viewer: Viewer, code: str) -> Finding | None:
    """The finding with this number in scope; None where there is none, or several offices use it."""
    guard.check_is_actor(viewer)
    found = list(Finding.objects.filter(code=code)[:2])
    return found[0] if len(found) == 1 else None


def findings_by_uid(viewer: Viewer, uids: list[str]) -> list[Finding]:
    """The chosen findings in scope, at most a page of them; malformed uids are passed over."""
    guard.check_is_actor(viewer)
    known = []
    for text in uids[:200]:
        try:
            known.append(UUID(text))
        except ValueError:
            continue
    return list(Finding.objects.select_related("subject", "aspect").filter(uid__in=known).order_by("pk"))


def stands_still(finding: Finding, on: date) -> Standstill:
    """How a suspended finding stands if work on it goes on that day."""
    return standstill(finding, on)


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


def repeat_of(viewer: Viewer, finding: Finding, uid: UUID) -> Repeat | None:
    """One repeat proposal of the finding, with the earlier one if that is in scope."""
    guard.check_is_actor(viewer)
    return finding.repeats.filter(uid=uid).prefetch_related("earlier").first()


def earlier_of(repeat: Repeat) -> Finding | None:
    """The finding that it may repeat; None where that one is not in scope (Django raises for a key without its row)."""
    return getattr(repeat, "earlier", None)


def missing(finding: Finding) -> list[str]:
    """待补: the columns that a complete record has and this one lacks, by their Chinese names."""
    columns = {column.name: column for column in Finding._meta.fields}
    return [str(columns[name].verbose_name) for name in LACKS if not getattr(finding, name)]
