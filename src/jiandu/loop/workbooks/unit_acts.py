"""What taking a unit sheet does: the checks that point at a cell, then the unit's acts through the services of findings."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from jiandu.base.audit.services import record
from jiandu.base.books import sheets as books
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.errors import CellProblem
from jiandu.loop.findings.models import Finding, Measure
from jiandu.loop.findings.rules import PERMISSION
from jiandu.loop.findings.services import moves
from jiandu.loop.findings.services.moving import latest_on
from jiandu.loop.findings.states import State, Verb
from jiandu.loop.workbooks.returned import Group, Returned
from jiandu.net.access.persons import Who
from jiandu.net.access.standing import units_of
from jiandu.net.subjects.selectors import find_person

NOTE = "责任单位填报表"
PERCENT_DONE = "结果为已完成时进展应为 100 · done means 100 %"
DATE_ALONE = "填写了完成日期时，结果应为已完成 · a date of completion needs the result 已完成"
DATE_LATE = "完成日期晚于填报日期 · completed after the day of the report"
NO_MEASURE = "请先在“新增整改措施”填写措施 · name the measure first"
MANY_MEASURES = "一行新报多项措施时，进展下次再填 · with several new measures in a row, report their progress next time"
TWO_PEOPLE = "同一问题各行填写的责任人不一致 · the rows of one finding name different persons"
NEEDS_PERSON = "申请销号须填写责任人 · an application needs the person who answers"
NEEDS_NOTE = "申请销号须填写整改情况 · an application says what was done"
STAGED = "阶段性销号的问题只报进展 · a finding settled in stages takes reports of progress alone"
NOT_ALLOWED = "您没有办理此项的权限 · you may not do this"
TOO_EARLY = "填报日期早于该问题上一步骤(%s) · the day of the report is before the last step (%s)"


def check_group(viewer: Viewer, group: Group, on: date | None) -> Iterator[CellProblem]:
    """What keeps the acts of this finding from being done, each at its cell."""
    finding, row = group.finding, group.answers[0].row
    yield from _check_progress(group, on)
    if len(group.rectifiers) > 1:
        yield row.problem("rectifier", TWO_PEOPLE)
    if Verb.APPLY in group.acts:
        if not group.rectifiers and not finding.rectifier_name:
            yield row.problem("rectifier", NEEDS_PERSON)
        if not group.note:
            yield row.problem("note", NEEDS_NOTE)
    if finding.state == State.STAGED and {Verb.PLAN, Verb.APPLY} & set(group.acts):
        yield row.problem("apply", STAGED)
    if not all(guard.allow(viewer, PERMISSION[verb], finding) for verb in group.acts):
        yield row.problem("code", NOT_ALLOWED)
    latest = latest_on(finding)
    if on is not None and on < latest:
        yield row.problem("code", TOO_EARLY % (latest, latest))


def _check_progress(group: Group, on: date | None) -> Iterator[CellProblem]:
    for answer in group.answers:
        measure, wished, row = group.measure_of(answer), answer.wished(), answer.row
        if wished is None:
            continue
        if measure is None and len(answer.measures) != 1:
            yield row.problem("percent", MANY_MEASURES if answer.measures else NO_MEASURE)
            continue
        percent, result = wished
        is_done = result == Measure.Result.DONE
        if is_done and percent != 100:
            yield row.problem("percent", PERCENT_DONE)
        if answer.done_anew and not is_done:
            yield row.problem("done_on", DATE_ALONE)
        if answer.done_anew and on and answer.done_anew > on:
            yield row.problem("done_on", DATE_LATE)


def take(viewer: Viewer, found: Returned, *, tell: Callable[[int, int], None]) -> dict[str, int]:
    """Does what the sheet asks, in the caller's transaction: all of it or nothing. Gives how many acts of each kind.

    Each step carries who in the unit answered and when; the typist is in the log. Raises Refused.
    """
    if found.problems or found.on is None:
        raise Refused("return-has-errors", "填报表有错误或冲突,未写入任何内容")
    counts: dict[str, int] = {}
    for at, group in enumerate(found.groups):
        for verb in group.acts:
            _do(viewer, group, verb, found.people, found.on)
            counts[verb] = counts.get(verb, 0) + 1
        tell(at, len(found.groups))
    for sheet in found.more:
        done = books.commit(viewer, replace(sheet, taken=[], problems=[]), digest=books.digest_of(sheet))
        own = books.counts_of(done)
        if changed := own["create"] + own["update"]:
            counts[sheet.register.book.key] = changed
    if counts:
        said = {"file": found.file, "sha256": found.sha256, "unit": found.unit, "rows": found.rows, "acts": counts}
        record(
            viewer, "finding.unit_return", None, payload={**said, "people": found.people, "on": found.on.isoformat()}
        )
    return counts


def _do(viewer: Viewer, group: Group, verb: Verb, people: str, on: date) -> None:
    finding, note = group.finding, group.note or NOTE
    who = _who(viewer, finding, people)
    rectifier = _who(viewer, finding, group.rectifiers[0]) if group.rectifiers else None
    if verb == Verb.RECEIVE:
        moves.receive(finding=finding, by=viewer, on=on, rectifier=rectifier, note=NOTE, who=who)
    elif verb == Verb.PLAN:
        measures = [(text, group.terms.get(text)) for text in group.fresh]
        moves.report_plan(finding=finding, by=viewer, on=on, measures=measures, note=NOTE, who=who)
    elif verb == Verb.PROGRESS:
        progress = list(_progress(group))
        moves.report_progress(finding=finding, by=viewer, on=on, note=note, progress=progress, who=who)
    elif verb == Verb.APPLY:
        moves.apply_to_close(finding=finding, by=viewer, on=on, note=note, rectifier=rectifier, who=who)
    elif rectifier is not None:
        moves.correct(finding=finding, by=viewer, note=NOTE, rectifier=rectifier)


def _progress(group: Group) -> Iterator[moves.Progress]:
    """The progress of each row; what the row has newly brought was written by 报方案 just before."""
    told = list(group.progressed())
    if any(measure is None for _, measure, _, _ in told):
        group.measures = {row.pk: row for row in Measure.objects.filter(finding=group.finding)}
    for answer, measure, percent, result in told:
        written = measure or group.measure_of(answer)
        if written is not None:
            yield moves.Progress(written, percent, result, answer.done_on if result == Measure.Result.DONE else None)


def _who(viewer: Viewer, finding: Finding, name: str) -> Who:
    """The person of the responsible unit by that name, else the name alone. Raises Refused for namesakes."""
    person = find_person(viewer, name, organisation=finding.subject, on=today())
    return Who(name, person.pk, units_of(person.pk)) if person else Who(name)
