"""谈话 → 问题: a talk points to findings of the ledger, existing ones or one registered from it. A pointer, and no clue."""

from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.loop.findings.models import Finding, TalkPointer
from jiandu.loop.findings.states import State
from jiandu.sources.talks.models import Talk

#: No problem, or none that a talk could point to any more.
GONE = frozenset({State.REFUSED, State.WITHDRAWN, State.MERGED, State.CLUE_PASSED})


@atomic
def point(*, talk: Talk, finding: Finding, by: Viewer) -> TalkPointer:
    """关联问题; the same one once. Raises Refused (not-allowed, outside-scope, talk-withdrawn, finding-gone)."""
    _may_edit(by, talk)
    found = Finding.objects.filter(pk=finding.pk).first()
    if found is None:
        raise Refused("outside-scope", "不能在本人职责范围以外登记")
    if talk.withdrawn_on is not None:
        raise Refused("talk-withdrawn", "该谈话已撤下，不能关联问题")
    if found.state in GONE:
        raise Refused(
            "finding-gone",
            "问题%(code)s的状态是“%(state)s”，不能关联",
            code=found.code,
            state=found.get_state_display(),
        )
    held = TalkPointer.objects.filter(talk=talk, finding=found, withdrawn_on__isnull=True).first()
    if held is not None:
        return held
    row = TalkPointer(talk=talk, finding=found)
    row.save(force_insert=True)
    record(by, "talk.point", talk, payload={"finding": str(found.uid)})
    return row


@atomic
def unpoint(*, pointer: TalkPointer, by: Viewer, reason: str, on: date | None = None) -> TalkPointer:
    """取消关联 of a finding that was linked by mistake; the finding stays as it is."""
    talk = pointer.talk
    _may_edit(by, talk)
    take_back(pointer, reason, on)
    record(by, "talk.unpoint", talk, payload={"pointer": str(pointer.uid), "reason": reason})
    return pointer


def _may_edit(by: Viewer, talk: Talk) -> None:
    if not guard.allow(by, "edit", talk):
        raise Refused("not-allowed", "您没有办理该谈话的权限")
