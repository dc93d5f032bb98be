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
from jiandu.loop.findings import rules
from jiandu.loop.findings.models import Approval, Finding, Instruction, LookBack
from jiandu.loop.findings.rules import Who
from jiandu.loop.findings.services import moves
from jiandu.loop.findings.services.approvals import write_paper
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.loop.findings.services.moving import Act, apply_look_back, begin, lock, move
from jiandu.loop.findings.services.signing import Signature
from jiandu.loop.findings.states import SETTLED, Verb
from jiandu.net.access.services import assign_to_office
from jiandu.net.overseers.models import Office
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
    finding = begin(finding, Verb.LOOK_BACK, act)
    rules.check_independent(act.person, moves.rectifier_of(finding), finding.subject_path)
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


@dataclass(frozen=True)
class NewInstruction:
    """A leader's 批示 as written: who, when, text, given to whom, by when."""

    leader: str
    on: date
    text: str
    given_to: Office
    due_on: date | None = None


@atomic
def instruct(*, finding: Finding, by: Viewer, new: NewInstruction) -> Instruction:
    """批示 on a finding. A secretary records it for the leader; the office that is given it reaches this finding from now on."""
    act = Act(by=by, on=today(), note=f"{new.leader}:{new.text}", details={"given_to": new.given_to.name})
    finding = begin(finding, Verb.INSTRUCT, act)
    if not new.text.strip() or not new.leader.strip():
        raise Refused("instruction-needed", "请填写批示领导和批示内容")
    if new.due_on is not None and new.due_on < new.on:
        raise Refused("instruction-due", "办理时限不能早于批示日期")
    row = Instruction(
        finding=finding, leader=new.leader, on=new.on, text=new.text, given_to=new.given_to, due_on=new.due_on
    )
    row.save(force_insert=True)
    if new.given_to.pk != finding.owner_office_id:
        assign_to_office(thing_uid=finding.uid, office=new.given_to, since=today())
    move(finding, Verb.INSTRUCT, act)
    return row


@atomic
def answer_instruction(*, instruction: Instruction, by: Viewer, on: date, answer: str) -> Instruction:
    """What came of a 批示. Raises Refused, also when it has been answered before."""
    finding = lock(Finding(pk=instruction.finding_id))
    instruction = Instruction.objects.get(pk=instruction.pk)
    if not guard.allow(by, "edit", finding):
        raise Refused("not-allowed", "您没有“更正”的权限")
    if instruction.answered_on is not None:
        raise Refused("already-decided", "该事项已处理,请刷新页面")
    if not answer.strip() or not instruction.on <= on <= today():
        raise Refused("answer-needed", "请填写办理结果,办结日期不能早于批示日期,也不能晚于今天")
    instruction.answered_on, instruction.answer = on, answer
    instruction.save(update_fields=["answered_on", "answer"])
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
    approval.asked_by_id, approval.asked_by_name = None, done.verifier.name
    approval.save(update_fields=["asked_by", "asked_by_name"])
    return finding, write_paper(approval=approval, by=by, signature=signature)
