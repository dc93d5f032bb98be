"""What an officer decides on a repeat proposal: merge, take the earlier one up again, or keep it as new."""

from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding, Repeat
from jiandu.loop.findings.services.approvals import Request, ask
from jiandu.loop.findings.services.moves import reopen
from jiandu.loop.findings.services.repeats import Decision, options
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
    if earlier is None or Decision(decision) not in options(repeat, earlier):
        raise Refused("repeat-option", "此前问题的现状不允许这样处理")
    if decision == Decision.REOPEN:
        reopen(finding=earlier, by=by, on=on, note=note or f"同类问题再次发现:{finding.code}")
    if decision in {Decision.MERGE, Decision.REOPEN}:
        ask(finding=finding, by=by, request=Request(Verb.MERGE, note or "重复问题并案", on, merge_into=earlier))
    repeat.decision, repeat.decided_on, repeat.decided_by, repeat.note = Decision(decision), on, by.name, note
    repeat.save(update_fields=["decision", "decided_on", "decided_by", "note"])
    record(by, "finding.decide_repeat", finding, payload={"decision": decision, "earlier": str(earlier.uid)})
    return repeat
