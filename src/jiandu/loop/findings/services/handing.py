"""Findings change hands: their office closes, or the unit they are about. One dated step each says so in the timeline.

Called by `access` as the system: who keeps the directory need not see a single finding.
"""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from jiandu.base.core.clock import today
from jiandu.loop.findings.models import Finding, Instruction, Step
from jiandu.loop.findings.services.moving import Act, apply_step, next_step
from jiandu.loop.findings.services.repeats import propose_again, repeat_key
from jiandu.loop.findings.services.searching import index_many
from jiandu.loop.findings.states import Verb
from jiandu.net.access.handing import Handed
from jiandu.net.access.instructing import handed as instructions_handed
from jiandu.net.access.instructing import waiting_for
from jiandu.net.access.standing import viewer_as_person
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation

CHUNK = 500
give_instructions, told_of_instructions = instructions_handed(Instruction)


def told(thing: Office | Organisation) -> list[str]:
    """批示 that the office has not answered."""
    return told_of_instructions(thing)


def follow(handed: Handed) -> dict[str, int]:
    """A step on every open finding that moves or stays behind; 批示 go to the office that takes over. Gives counts."""
    instructions = list(waiting_for(Instruction, handed.of)) if isinstance(handed.of, Office) and handed.to else []
    notes = _notes(handed, instructions)
    pks = sorted(notes)
    for start in range(0, len(pks), CHUNK):
        _write(pks[start : start + CHUNK], notes, handed)
    return ({"step": len(pks)} if pks else {}) | give_instructions(handed)


def _open(handed: Handed) -> QuerySet[Finding]:
    mine = Q(owner_office_id=handed.of.pk) if isinstance(handed.of, Office) else Q(subject_id=handed.of.pk)
    return Finding.objects.filter(mine, Finding.still_open)


def _notes(handed: Handed, instructions: list[Instruction]) -> dict[int, str]:
    """What the step says, by the finding's key: kept in the language of the records."""
    said: dict[int, list[str]] = defaultdict(list)
    for pk in _open(handed).values_list("pk", flat=True):
        said[pk].extend(_said(handed))
    for row in instructions:
        said[row.finding_id].append(f"{row.leader}{row.on.isoformat()}批示改由“{handed.to}”办理")
    return {pk: "；".join(parts) for pk, parts in said.items()}


def _said(handed: Handed) -> Iterator[str]:
    of, kind = handed.of.name, "承办室组" if isinstance(handed.of, Office) else "责任单位"
    yield f"{kind}由“{of}”改为“{handed.to}”" if handed.to else f"{kind}“{of}”已撤销，问题保留在原单位名下"
    if handed.note:
        yield handed.note


def _write(pks: list[int], notes: dict[int, str], handed: Handed) -> None:
    """The steps of some findings and their caches; where the unit changes, the repeat key and the search text too."""
    findings = list(Finding.objects.filter(pk__in=pks).select_related("subject").order_by("pk"))
    steps, who = [], viewer_as_person(handed.by)
    for finding in findings:
        step = next_step(finding, Verb.HAND_OVER, Act(by=handed.by, on=today(), note=notes[finding.pk], who=who))
        apply_step(finding, step)
        steps.append(step)
    Step.objects.bulk_create(steps)
    fields = ["step_count", "told_at"]
    if isinstance(handed.to, Organisation):
        fields.append("repeat_key")
        for finding in findings:  # the row itself is moved by `access`
            finding.subject = handed.to
            finding.repeat_key = repeat_key(handed.to.pk, finding.aspect_id, finding.basis or finding.problem)
        index_many(findings)
    Finding.objects.bulk_update(findings, fields)
    if "repeat_key" in fields:
        propose_again(findings)
