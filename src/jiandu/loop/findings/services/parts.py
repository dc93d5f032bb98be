"""What hangs on a finding besides its moves: look-backs, evidence, instructions, and 立行立改 in one form."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import add_months, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.models import Approval, Finding, Instruction, LookBack
from jiandu.loop.findings.services import moves
from jiandu.loop.findings.services.approvals import write_paper
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.loop.findings.services.moving import Act, apply_look_back, begin, lock, move
from jiandu.loop.findings.services.persons import check_officer, check_verifier
from jiandu.loop.findings.states import SETTLED, Verb
from jiandu.net.access.deciding import Signature
from jiandu.net.access.instructing import NewInstruction, close, give
from jiandu.net.access.persons import Who
from jiandu.sources.activities.models import Activity

LOOK_BACK_MONTHS = 3


@atomic
def plan_look_back(
    *, finding: Finding, by: Viewer, planned_on: date | None = None, activity: Activity | None = None
) -> LookBack:
    """Plans a look-back on a settled finding; by default three months after it was settled."""
    finding = lock(finding)
    if not guard.allow(by, "look_back", finding):
        raise Refused("not-allowed", "您没有“回头看”的权限")
    if finding.state not in SETTLED or finding.closed_on is None:
        raise Refused("illegal-move", "只有已销号的问题可以安排回头看")
    if finding.look_backs.filter(done_on__isnull=True).exists():
        raise Refused("already-planned", "该问题已有待办的回头看")
    planned = planned_on or add_months(finding.closed_on, LOOK_BACK_MONTHS)
    look_back = LookBack(finding=finding, activity=activity, planned_on=planned)
    look_back.save(force_insert=True)
    record(by, "finding.plan_look_back", finding, payload={"planned_on": planned.isoformat()})
    return look_back


@dataclass(frozen=True)
class Looked:
    """What a look-back found: when, result, by whom, in which words."""

    on: date
    result: str
    note: str = ""
    checker: Who | None = None


@atomic
def look_back(*, finding: Finding, by: Viewer, looked: Looked, planned: LookBack | None = None) -> LookBack:
    """回头看. The checker is independent as a verifier is. The officer may then take the problem up again (moves.reopen)."""
    act = Act(by=by, on=looked.on, note=looked.note, who=looked.checker)
    return _looked(begin(finding, Verb.LOOK_BACK, act), act, looked, planned)


@atomic
def enter_look_back(*, finding: Finding, by: Viewer, looked: Looked) -> LookBack:
    """回头看, typed by a clerk for the officer who did it. Raises Refused (verifier-officer) where that is no officer."""
    act = Act(by=by, on=looked.on, note=looked.note, who=looked.checker)
    finding = begin(finding, Verb.LOOK_BACK, act, permission="enter_look_back")
    check_officer(looked.checker or Who(""))
    return _looked(finding, act, looked, None)


def _looked(finding: Finding, act: Act, looked: Looked, planned: LookBack | None) -> LookBack:
    check_verifier(finding, act, "look_back")
    result = LookBack.Result(looked.result)
    fresh = LookBack.objects.get(pk=planned.pk) if planned else None
    row = fresh or finding.look_backs.filter(done_on__isnull=True).first() or LookBack(finding=finding)
    if row.finding_id != finding.pk or row.done_on is not None:
        raise Refused("already-decided", "该回头看已完成或不属于这个问题")
    row.done_on, row.result, row.note = looked.on, result, looked.note
    row.checker_name, row.checker_id = act.person.name, act.person.person_id
    row.save()
    apply_look_back(finding, looked.on, result)
    note = ":".join(filter(None, [as_recorded(result.label), looked.note]))
    move(finding, Verb.LOOK_BACK, replace(act, note=note, details={"result": result}))
    return row


@atomic
def instruct(*, finding: Finding, by: Viewer, new: NewInstruction) -> Instruction:
    """批示 on a finding. A secretary records it for the leader; the office that is given it reaches this finding from now on."""
    act = Act(by=by, on=today(), note=f"{new.leader}:{new.text}", details={"given_to": new.given_to.name})
    finding = begin(finding, Verb.INSTRUCT, act)
    row = Instruction(finding=finding)
    give(row, finding, by, new)
    move(finding, Verb.INSTRUCT, act)
    return row


@atomic
def answer_instruction(*, instruction: Instruction, by: Viewer, on: date, answer: str) -> Instruction:
    """What came of a 批示. Raises Refused, also when it has been answered before."""
    finding = lock(Finding(pk=instruction.finding_id))
    instruction = Instruction.objects.get(pk=instruction.pk)
    if not guard.allow(by, "edit", finding):
        raise Refused("not-allowed", "您没有“更正”的权限")
    close(instruction, on, answer)
    record(
        by, "finding.answer_instruction", finding, payload={"instruction": str(instruction.uid), "on": on.isoformat()}
    )
    return instruction


@dataclass(frozen=True)
class AtOnce:
    """立行立改 in one form: the correction, who made it, who verified it how, who approved it, each on its true date."""

    correction: str
    corrected_on: date
    rectifier: Who
    verifier: Who
    verified_on: date
    method: str
    approver: Who
    approved_on: date
    opinion: str = "同意销号"


@atomic
def correct_at_once(*, new: NewFinding, done: AtOnce, by: Viewer) -> tuple[Finding, Approval]:
    """Registers, corrects and verifies in one act; the approval was signed on paper and waits for a second person."""
    new = replace(new, rectification=Finding.Rectification.AT_ONCE)
    why = "立行立改一次登记"
    finding = moves.open_finding(new=new, by=by, note=why)
    finding = moves.assign(
        finding=finding, by=by, on=new.registered_on, rectification=new.rectification, due_on=new.due_on, note=why
    )
    finding = moves.receive(finding=finding, by=by, on=new.registered_on, rectifier=done.rectifier, note=why)
    finding = moves.apply_to_close(finding=finding, by=by, on=done.corrected_on, note=done.correction)
    finding = moves.verify(
        finding=finding, by=by, on=done.verified_on, method=done.method, note=why, verifier=done.verifier
    )
    approval = finding.approvals.get(status=Approval.Status.WAITING)
    signature = Signature(is_granted=True, on=done.approved_on, opinion=done.opinion, signer=done.approver)
    return finding, write_paper(approval=approval, by=by, signature=signature)
