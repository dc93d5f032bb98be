"""登记 of many findings at once, all of them or none: written in bulk, each with its step, the log with one entry."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db.transaction import atomic
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings import rules
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.services.moves import NewFinding, codes, draft
from jiandu.loop.findings.services.moving import Act, apply_step, next_step
from jiandu.loop.findings.services.repeats import propose_for_many
from jiandu.loop.findings.services.searching import cut, index_cut, text_of
from jiandu.loop.findings.states import Verb
from jiandu.net.access.models import Level


@atomic
def open_findings(*, news: Sequence[tuple[int, NewFinding]], by: Viewer, note: str) -> list[Finding]:
    """The findings of an activity, in order, with proposals for those that look like earlier ones, these among them.

    Each comes with the number of its row, by which a refusal names it. Raises Refused; then none is written.
    """
    if not guard.allow(by, "create", Finding):
        raise Refused("not-allowed", "您没有“登记”的权限")
    numbers, moment, findings, steps = codes(), now(), [], []
    for row, new in news:
        try:
            finding = _checked(new, numbers(new.office, new.registered_on.year))
        except Refused as refused:
            reason = _reason(refused)
            raise Refused("one-of-many", _("第%(row)d行：%(reason)s"), row=row, reason=reason) from refused
        step = next_step(finding, Verb.REGISTER, Act(by=by, on=new.registered_on, note=note, recorded_at=moment))
        apply_step(finding, step)
        findings.append(finding)
        steps.append(step)
    _write(findings, steps)
    said = [{"finding": str(one.uid), "code": one.code, "on": one.registered_on.isoformat()} for one in findings]
    record(by, "finding.register_many", None, payload={"note": note, "steps": said}, level=Level.INTERNAL)
    return findings


def _checked(new: NewFinding, code: str) -> Finding:
    rules.check_date(new.registered_on, date.min, today(), "登记")
    if new.activity is None or new.level > Level.INTERNAL:
        raise Refused("one-source", "问题应当来自一项监督活动或一条线头,且只能来自一项")
    return draft(replace(new, code=new.code or code))


def _write(findings: list[Finding], steps: list[Step]) -> None:
    Finding.objects.bulk_create(findings)
    for finding, step in zip(findings, steps, strict=True):
        step.finding = finding
    Step.objects.bulk_create(steps)
    index_cut((one.pk, cut(text_of(one))) for one in findings)
    propose_for_many(findings)


def _in_words(refused: Refused) -> str:
    sentence = gettext(str(refused.args[1]))
    return sentence % refused.details if refused.details else sentence


_reason = lazy(_in_words, str)  # said when it is shown, in the language of the reader
