"""What an officer decides on a repeat proposal: merge, take the earlier one up again, or keep it as new."""

from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding, Repeat
from jiandu.loop.findings.services.approvals import Request, ask
from jiandu.loop.findings.services.moves import NewFinding, open_finding, reopen
from jiandu.loop.findings.services.repeats import OUTCOMES, Decision, options, say_repeat
from jiandu.loop.findings.states import Verb


@atomic
def decide_repeat(*, repeat: Repeat, by: Viewer, decision: str, on: date, note: str = "") -> Repeat:
    """并案, 重新挂账 or 作为新问题. 并案 asks for its approval; 重新挂账 takes the earlier one up again and asks to merge into it."""
    finding = Finding.objects.get(pk=repeat.finding_id)
    if not guard.allow(by, "edit", finding):
        raise Refused("not-allowed", "您没有“更正”的权限")
    repeat = Repeat.objects.select_for_update(of=("self",)).get(pk=repeat.pk)
    earlier = Finding.objects.filter(pk=repeat.earlier_id).first()
    if repeat.decision != Decision.WAITING:
        raise Refused("already-decided", "该事项已处理,请刷新页面")
    if earlier is None or Decision(decision) not in options(finding, earlier):
        raise Refused("repeat-option", "此前问题的现状不允许这样处理")
    outcome = OUTCOMES[Decision(decision)]
    if outcome.takes_up:
        reopen(finding=earlier, by=by, on=on, note=note or f"同类问题再次发现:{finding.code}")
    if outcome.merges:
        ask(finding=finding, by=by, request=Request(Verb.MERGE, note or "重复问题并案", on, merge_into=earlier))
    repeat.decision, repeat.decided_on, repeat.decided_by, repeat.note = Decision(decision), on, by.name, note
    repeat.save(update_fields=["decision", "decided_on", "decided_by", "note"])
    record(by, "finding.decide_repeat", finding, payload={"decision": decision, "earlier": str(earlier.uid)})
    return repeat


@atomic
def open_as_repeat(*, new: NewFinding, earlier: Finding, decision: str, by: Viewer) -> Finding:
    """登记, and in the same act what becomes of it: 并案 into the earlier finding, or 重新挂账 of that one. All or nothing."""
    finding = open_finding(new=new, by=by)
    repeat = say_repeat(finding=finding, earlier=earlier, by=by)
    decide_repeat(repeat=repeat, by=by, decision=decision, on=today())
    return Finding.objects.get(pk=finding.pk)
