"""Recorded history: what a ledger says happened, written as steps with the ledger's dates.

Nothing is refused for breaking a rule of today: a breach is kept and listed. A date that the ledger lacks is the next
known one and is marked as derived. Written in bulk: one act in the log for the whole ledger.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice, pairwise
from typing import Any

from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.vendor.bulk import Maker
from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.models import NOT_PUT_RIGHT, Breach, Finding, LookBack, Measure, Step
from jiandu.loop.findings.services.moves import NewFinding, draft
from jiandu.loop.findings.services.moving import CACHES, Act, apply_look_back, apply_step, check_may, lock, move
from jiandu.loop.findings.services.repeats import propose_for_many
from jiandu.loop.findings.services.searching import cut, index_cut, joined
from jiandu.loop.findings.states import SETTLING, WRITTEN, State, Verb, target
from jiandu.net.access.models import Level
from jiandu.net.subjects.names import person_name

CHUNK = 1000
TERM_TOLD = "按台账补录整改时限"
make_finding, make_step, make_measure, make_breach = map(Maker, (Finding, Step, Measure, Breach))


@dataclass(frozen=True, slots=True)
class Told:
    """One step as told: the verb, its date, by whom, whether the date is derived."""

    verb: Verb
    on: date
    by: str
    is_derived: bool = False
    note: str = ""
    method: str = ""
    look_result: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """What follows from the ledger's words alone, worked out before anybody has to wait for the writer."""

    steps: list[Told]
    breaches: list[tuple[str, str]]
    grams: str


@dataclass(frozen=True, slots=True)
class History:
    """One finding as a ledger tells it. Dates are None where the ledger has none."""

    new: NewFinding
    measures: str = ""
    applied_on: date | None = None
    verifier: str = ""
    method: str = ""
    is_staged: bool = False
    is_passed: bool = False
    approver: str = ""
    closed_on: date | None = None
    looked_on: date | None = None
    look_result: str = ""
    ready: Ready | None = None


def told_steps(history: History) -> list[Told]:
    """The steps that the ledger's dates tell, in the order of the loop."""
    new = history.new
    taken_on = history.applied_on or history.closed_on or new.registered_on
    office = new.office.name
    steps = [Told(Verb.REGISTER, new.registered_on, new.found_by or office)]
    if new.rectification or history.measures or history.applied_on or history.closed_on:
        steps.append(Told(Verb.ASSIGN, taken_on, office, is_derived=True))
        steps.append(Told(Verb.RECEIVE, taken_on, new.rectifier_name or new.subject.name, is_derived=True))
    if history.applied_on or history.closed_on:
        applied = history.applied_on or history.closed_on or taken_on
        steps.append(Told(Verb.APPLY, applied, new.rectifier_name or new.subject.name, history.applied_on is None))
    if history.closed_on:
        settling = Verb.STAGE if history.is_staged else Verb.APPROVE
        steps.append(
            Told(Verb.PASS, history.closed_on, history.verifier or office, is_derived=True, method=history.method)
        )
        steps.append(Told(settling, history.closed_on, history.approver or office))
        steps += _told_look_back(history)
    return steps


def _told_look_back(history: History) -> list[Told]:
    if not history.looked_on or not history.look_result:
        return []
    result = LookBack.Result(history.look_result)
    by = history.new.office.name
    steps = [Told(Verb.LOOK_BACK, history.looked_on, by, note=as_recorded(result.label), look_result=result)]
    if result in NOT_PUT_RIGHT:
        steps.append(Told(Verb.REOPEN, history.looked_on, by, note=as_recorded(result.label)))
    return steps


def breaches_of(history: History) -> list[tuple[str, str]]:
    """(rule, what) for each rule of today that the history broke."""
    found: list[tuple[str, str]] = []
    new = history.new
    rectifier, verifier = person_name(new.rectifier_name), person_name(history.verifier)
    if verifier and verifier == rectifier:
        found.append(("verify-independent", f"核验人与责任人同名:{history.verifier}(须核实是否同一人)"))
    if history.approver and person_name(history.approver) in {verifier, rectifier}:
        found.append(("approve-other-person", f"审批人与核验人或责任人同名:{history.approver}"))
    if history.closed_on and not history.verifier:
        found.append(("verifier-missing", "已销号但没有核验人"))
    dated = [
        ("登记", new.registered_on),
        ("销号申请", history.applied_on),
        ("销号", history.closed_on),
        ("回头看", history.looked_on),
    ]
    known = [(name, day) for name, day in dated if day is not None]
    for (name, day), (later_name, later) in pairwise(known):
        if later < day:
            found.append(("dates-in-order", f"{later_name}日期 {later} 早于{name}日期 {day}"))
    return found


def ready(history: History) -> Ready:
    """The steps, the breaches and the grams of the row."""
    new = history.new
    said = joined(new.code, new.problem, new.facts, new.subject.name, new.rectifier_name, new.found_by)
    return Ready(told_steps(history), breaches_of(history), cut(said) if new.level <= Level.INTERNAL else "")


def write_history(rows: Iterable[History], *, by: Viewer) -> Iterator[list[Finding]]:
    """Writes findings with their steps in chunks, gives each chunk's findings in the order of the rows.

    The caller holds the transaction and records the act.
    """
    stream = iter(rows)
    moment = now()
    while chunk := list(islice(stream, CHUNK)):
        yield _write_chunk(chunk, by, moment)


def _write_chunk(chunk: list[History], by: Viewer, moment: datetime) -> list[Finding]:
    findings, steps = [], []
    prepared = [history.ready or ready(history) for history in chunk]
    for history, told in zip(chunk, prepared, strict=True):
        finding = draft(history.new, make_finding)
        finding.unit_sees = True
        finding.breach_count = len(told.breaches) or None
        steps.append(_steps(finding, told.steps, by, moment))
        findings.append(finding)
    Finding.objects.bulk_create(findings)
    for finding, own in zip(findings, steps, strict=True):
        for step in own:
            step.finding_id = finding.pk
    Step.objects.bulk_create(chain.from_iterable(steps))
    _write_parts(chunk, findings, prepared)
    index_cut((finding.pk, told.grams) for finding, told in zip(findings, prepared, strict=True))
    propose_for_many(findings)
    return findings


def complete_term(finding: Finding, due_on: date, *, by: Viewer) -> Finding:
    """The term that a ledger tells of a finding which has none: it held from registration on. A term that stands is extended."""
    finding = lock(finding)
    check_may(by, Verb.CORRECT, finding)
    if finding.first_due_on is not None:
        raise Refused("term-stands", "已有整改时限,不能由台账更改")
    finding.due_on = finding.first_due_on = due_on
    details = {"after": {"due_on": due_on.isoformat()}}
    act = Act(by=by, on=finding.registered_on, note=TERM_TOLD, is_derived=True, is_history=True, details=details)
    return move(finding, Verb.CORRECT, act, changed=["due_on", "first_due_on"])


def continue_history(finding: Finding, history: History, *, by: Viewer, measures: str = "") -> Finding:
    """Adds the later steps that a changed ledger now tells of a finding that nobody has worked on here.

    `measures`: those that it names for the first time.
    """
    finding = lock(finding)
    had = list(finding.steps.exclude(verb__in=sorted(WRITTEN)).order_by("seq").values_list("verb", flat=True))
    told = told_steps(history)
    if [each.verb for each in told[: len(had)]] != had:
        raise Refused("history-differs", "%(code)s:台账与已录入的步骤不一致,不能自动更新", code=finding.code)
    steps = _steps(finding, told[len(had) :], by, now())
    for step in steps:
        step.finding = finding
    Step.objects.bulk_create(steps)
    finding.save(update_fields=CACHES)
    _write_later_parts(finding, history, {step.verb for step in steps}, measures)
    return finding


def _write_later_parts(finding: Finding, history: History, fresh: set[str], measures: str) -> None:
    """What hangs on the later steps: the look-back, the measures' results, the rules they broke."""
    if Verb.LOOK_BACK in fresh:
        LookBack.objects.bulk_create([_looked(history, finding)])
    if measures:
        Measure(finding=finding, text=measures, **_standing(finding)).save(force_insert=True)
    if fresh & SETTLING:
        for row in Measure.objects.filter(finding=finding).exclude(result=Measure.Result.DONE):
            for name, value in _standing(finding).items():
                setattr(row, name, value)
            row.save()
    known = set(Breach.objects.filter(finding=finding).values_list("rule", "detail"))
    broken = [each for each in breaches_of(history) if each not in known]
    Breach.objects.bulk_create([Breach(finding=finding, rule=rule, detail=detail) for rule, detail in broken])
    finding.breach_count = len(known) + len(broken) or None
    finding.save(update_fields=["breach_count"])


def _standing(finding: Finding) -> dict[str, Any]:
    """How far a measure of the finding is, by the finding's state."""
    if finding.left_on is None and finding.closed_on is not None:
        if finding.state == State.STAGED:
            return {"result": Measure.Result.LASTING}
        return {"result": Measure.Result.DONE, "progress_percent": 100, "done_on": finding.closed_on}
    return {"result": Measure.Result.UNDER_WAY}


def _looked(history: History, finding: Finding) -> LookBack:
    return LookBack(
        finding=finding, planned_on=history.looked_on, done_on=history.looked_on, result=history.look_result
    )


def _steps(finding: Finding, told: list[Told], by: Viewer, moment: datetime) -> list[Step]:
    steps = []
    for seq, each in enumerate(told, start=finding.step_count + 1):
        state = State(finding.state)
        step = make_step(
            seq=seq,
            verb=each.verb,
            from_state="" if each.verb == Verb.REGISTER else state,
            to_state=State.REGISTERED if each.verb == Verb.REGISTER else target(each.verb, state),
            on=each.on,
            recorded_at=moment,
            by_name=each.by[:64],
            entered_by_id=by.user_id,
            note=each.note,
            method=each.method,
            is_derived=each.is_derived,
            is_history=True,
            due_on=finding.due_on,
        )
        apply_step(finding, step)
        if each.look_result:
            apply_look_back(finding, each.on, each.look_result)
        steps.append(step)
    return steps


def _write_parts(chunk: list[History], findings: list[Finding], prepared: list[Ready]) -> None:
    pairs = list(zip(chunk, findings, strict=True))
    Measure.objects.bulk_create([_measure(history, finding) for history, finding in pairs if history.measures])
    Breach.objects.bulk_create(
        [
            make_breach(finding=finding, rule=rule, detail=detail)
            for finding, told in zip(findings, prepared, strict=True)
            for rule, detail in told.breaches
        ]
    )
    LookBack.objects.bulk_create(
        [
            _looked(history, finding)
            for history, finding in pairs
            if history.looked_on and history.look_result and history.closed_on
        ]
    )


def _measure(history: History, finding: Finding) -> Measure:
    is_done = finding.closed_on is not None and not history.is_staged
    if is_done:
        return make_measure(
            finding=finding,
            text=history.measures,
            result=Measure.Result.DONE,
            progress_percent=100,
            done_on=history.closed_on,
        )
    result = Measure.Result.LASTING if history.is_staged else Measure.Result.UNDER_WAY
    return make_measure(finding=finding, text=history.measures, result=result)
