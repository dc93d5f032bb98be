"""问题归类: many findings are given one aspect, all of them or none; each has its step, the log one entry."""

from collections.abc import Sequence
from dataclasses import replace

from django.db.transaction import atomic
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit.services import record
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import in_use
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.correcting import written
from jiandu.loop.findings.services.moving import Act, begin, said, write_step
from jiandu.loop.findings.services.repeats import propose_again, repeat_key
from jiandu.loop.findings.states import Verb


@atomic
def sort_findings(*, findings: Sequence[Finding], aspect: Item, by: Viewer, note: str) -> list[Finding]:
    """归类: the findings that did not have the aspect yet, in order. Whoever may correct each of them; `note` says why.

    Raises Refused, naming the finding that stands in the way.
    """
    if aspect.kind != "aspect" or not in_use(aspect, today()):
        raise Refused("aspect-not-in-use", _("“%(label)s”不是可用的方面"), label=aspect.label_zh)
    if not findings:
        raise Refused("none-chosen", _("请先勾选问题"))
    if not note.strip():
        raise Refused("reason-needed", _("请写明归类的理由"))
    moved, entries = [], []
    for each in sorted(findings, key=lambda one: one.pk):  # locks are taken in one order
        finding, entry = _sort(each, aspect, Act(by=by, on=today(), note=note.strip()))
        if entry is not None:
            moved.append(finding)
            entries.append(entry)
    if entries:
        level = max(finding.level for finding in moved)
        propose_again(moved)
        record(by, "finding.sort", None, payload={"to": aspect.code, "steps": entries}, level=level)
    return moved


def _sort(finding: Finding, aspect: Item, act: Act) -> tuple[Finding, dict[str, object] | None]:
    """The finding as it is now, and what the log says of it; None where it has the aspect already."""
    code = finding.code
    try:
        finding = begin(finding, Verb.CORRECT, act)
    except Refused as refused:
        raise Refused(
            "cannot-sort", _("%(code)s 不能归类：%(reason)s"), code=code, reason=_reason(refused)
        ) from refused
    if finding.aspect_id == aspect.pk:
        return finding, None
    before = finding.aspect.code if finding.aspect else ""
    act = replace(act, columns=written({"aspect": finding.aspect_id}))
    finding.aspect = aspect
    finding.repeat_key = repeat_key(finding.subject_id, aspect.pk, finding.basis or finding.problem)
    step = write_step(finding, Verb.CORRECT, act, changed=["aspect", "repeat_key"])
    return finding, {"finding": str(finding.uid), "code": code, "from": before, **said(step, act)}


def _in_words(refused: Refused) -> str:
    sentence = gettext(str(refused.args[1]))
    return sentence % refused.details if refused.details else sentence


_reason = lazy(_in_words, str)  # said when it is shown, in the language of the reader
