"""Acts that need an approval: settling, side exits, extensions. Decided online, or on paper and confirmed by a second person."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings import rules, terms
from jiandu.loop.findings.models import Approval, Finding, Step
from jiandu.loop.findings.services import merging
from jiandu.loop.findings.services.filing import keep
from jiandu.loop.findings.services.levels import change_level
from jiandu.loop.findings.services.moving import Act, begin, latest_on, lock, move
from jiandu.loop.findings.services.persons import rectifier_of
from jiandu.loop.findings.states import APPROVED, MERGING, SETTLING, State, Verb
from jiandu.net.access import deciding as signing
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who, check_other_person
from jiandu.net.access.standing import viewer_as_person

Status = Approval.Status


@dataclass(frozen=True)
class Request:
    """What is asked for: the act, its reason, and what the act needs (new due date, main finding, receiver)."""

    verb: Verb
    reason: str
    on: date
    new_due_on: date | None = None
    merge_into: Finding | None = None
    receiver: str = ""
    new_level: int | None = None


@atomic
def ask(*, finding: Finding, by: Viewer, request: Request) -> Approval:
    """Asks for a side exit or an extension. The finding moves when it is approved."""
    if request.verb not in APPROVED or request.verb in {Verb.APPROVE, Verb.STAGE}:
        raise Refused("no-approval", "该事项不走签批")
    finding = begin(finding, request.verb, Act(by=by, on=request.on, note=request.reason))
    _check_request(finding, request)
    if finding.approvals.filter(verb=request.verb, status__in=[Status.WAITING, Status.ON_PAPER]).exists():
        raise Refused("already-asked", "同一事项已在签批中")
    approval = Approval(
        finding=finding,
        verb=request.verb,
        reason=request.reason,
        new_due_on=request.new_due_on,
        merge_into=request.merge_into,
        receiver=request.receiver,
        new_level=request.new_level,
        asked_on=request.on,
        asked_by_id=by.user_id,
        asked_by_name=by.name,
    )
    approval.save(force_insert=True)
    record(by, f"finding.ask_{request.verb}", finding, payload={"reason": request.reason})
    return approval


def _check_request(finding: Finding, request: Request) -> None:
    if not request.reason.strip():
        raise Refused("reason-needed", "请写明事由")
    if request.verb == Verb.EXTEND:
        if request.new_due_on is None:
            raise Refused("extend-forward", "请填写延期后的时限")
        terms.check_extension(finding.due_on, request.new_due_on)
    if request.verb in MERGING:
        merging.check_main(finding, request.merge_into.pk if request.merge_into else None)
    if request.verb == Verb.WITHDRAW:
        merging.check_alone(finding)
    if request.verb == Verb.WIDEN:
        rules.check_widened(finding.level, request.new_level)
    if request.verb in {Verb.TRANSFER, Verb.PASS_CLUE} and not request.receiver.strip():
        raise Refused("receiver-needed", "请填写接收单位")


@atomic
def decide(*, approval: Approval, by: Viewer, signature: Signature) -> Approval:
    """The approver decides online. Granting makes the move on that date. Raises Refused (approve-other-person)."""
    finding, approval = _locked(approval, Status.WAITING)
    if not guard.allow(by, "approve", finding):
        raise Refused("not-allowed", "您没有“审批”的权限")
    person = viewer_as_person(by)
    return _carry_out(approval, finding, by, Signature(signature.is_granted, signature.on, signature.opinion, person))


@atomic
def sign_on_paper(*, approval: Approval, by: Viewer, signature: Signature) -> Approval:
    """纸质签批: a clerk types what was signed on paper. Nothing moves until a second person confirms."""
    finding = lock(Finding(pk=approval.finding_id))
    if not guard.allow(by, "paper", finding):
        raise Refused("not-allowed", "您没有“纸质签批”的权限")
    return write_paper(approval=approval, by=by, signature=signature)


@atomic
def write_paper(*, approval: Approval, by: Viewer, signature: Signature) -> Approval:
    """What `sign_on_paper` writes, for a service that has asked for its own permission (立行立改 in one form)."""
    finding, approval = _locked(approval, Status.WAITING)
    signer = signing.check_signer_named(signature)
    rules.check_date(signature.on, min(approval.asked_on, latest_on(finding)), today(), signature.opinion or "纸质签批")
    _check_signer(approval, finding, signer)
    signing.write_paper(approval, by, signature)
    if signature.scan:
        approval.scan = keep(finding, by, signature.scan)
        approval.save(update_fields=["scan"])
    record(by, "finding.sign_on_paper", finding, payload=_said(approval))
    return approval


@atomic
def confirm_paper(*, approval: Approval, by: Viewer) -> Approval:
    """A second person has seen the paper: the decision takes effect on the date it was signed."""
    finding, approval = _locked(approval, Status.ON_PAPER)
    if not guard.allow(by, "confirm_paper", finding):
        raise Refused("not-allowed", "您没有“确认纸质签批”的权限")
    return _carry_out(approval, finding, by, signing.confirm(approval, by))


def _locked(approval: Approval, status: str) -> tuple[Finding, Approval]:
    finding = lock(Finding(pk=approval.finding_id))
    fresh = Approval.objects.get(pk=approval.pk)
    if fresh.status != status:
        raise Refused("already-decided", "该事项已处理,请刷新页面")
    return finding, fresh


def _carry_out(approval: Approval, finding: Finding, by: Viewer, signature: Signature) -> Approval:
    signer = signature.signer or viewer_as_person(by)
    _check_signer(approval, finding, signer)
    if not approval.is_paper:
        rules.check_date(signature.on, latest_on(finding), today(), signature.opinion or "审批")
    signing.write(approval, signature)
    record(by, "finding.decide", finding, payload=_said(approval))
    if signature.is_granted:
        _make_move(approval, finding, by, signature)
    elif approval.verb in SETTLING and approval.verb != Verb.CONCLUDE:
        act = Act(
            by=by, on=signature.on, note=signature.opinion or "审批不同意", who=signer, on_paper=approval.is_paper
        )
        move(finding, Verb.RETURN_WORK, act)
    return approval


def _check_signer(approval: Approval, finding: Finding, signer: Who) -> None:
    """The approver is none of: who asked, who verified, who rectified."""
    check_other_person(signer, rectifier_of(finding))
    asker = signing.asker_of(approval)
    if asker is not None:
        check_other_person(signer, asker)
    verifier = Step.objects.filter(finding=finding, verb=Verb.PASS).order_by("-seq").first()
    if approval.verb in SETTLING and verifier is not None:
        check_other_person(signer, Who(verifier.by_name, verifier.actor_id))


def _make_move(approval: Approval, finding: Finding, by: Viewer, signature: Signature) -> None:
    verb = Verb(approval.verb)
    rules.check_move(verb, State(finding.state))
    changed = []
    if verb == Verb.EXTEND:
        finding.due_on = approval.new_due_on
        changed = ["due_on"]
    if verb == Verb.WITHDRAW:
        merging.check_alone(finding)
    if verb in MERGING:
        merging.check_main(finding, approval.merge_into_id)
        finding.merged_into_id = approval.merge_into_id
        changed = ["merged_into"]
    if verb == Verb.WIDEN:
        change_level(finding, rules.check_widened(finding.level, approval.new_level))
    note = ";".join(filter(None, [approval.reason, approval.receiver, signature.opinion]))
    on = max(signature.on, latest_on(finding))
    move(finding, verb, Act(by=by, on=on, note=note, who=signature.signer, on_paper=approval.is_paper), changed=changed)


def _said(approval: Approval) -> dict[str, object]:
    return {"verb": approval.verb, **signing.said(approval)}
