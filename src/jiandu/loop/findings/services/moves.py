"""The moves of the loop that need no approval: register, assign, receive, report, apply, verify, send back, take up again."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.transaction import atomic

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.lexicon.models import Item
from jiandu.loop.findings import rules, terms
from jiandu.loop.findings.models import Approval, Finding, Measure
from jiandu.loop.findings.services.cells import check_seen
from jiandu.loop.findings.services.correcting import CORRECTABLE, check_correction, following, written
from jiandu.loop.findings.services.moving import Act, begin, move
from jiandu.loop.findings.services.persons import by_unit, check_officer, check_verifier
from jiandu.loop.findings.services.repeats import propose_again, propose_repeats, repeat_key
from jiandu.loop.findings.services.resuming import check_due, standstill
from jiandu.loop.findings.services.searching import index_finding, text_of
from jiandu.loop.findings.states import Verb
from jiandu.net.access.persons import Who
from jiandu.net.access.standing import account_of
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Person
from jiandu.sources.activities.models import Activity
from jiandu.sources.signals.models import Signal
from jiandu.sources.signals.services import take


@dataclass(frozen=True)
class NewFinding:
    """What registration asks: the unit, the problem, where it comes from, when, which office. The rest may come later."""

    subject: Organisation
    problem: str
    office: Office
    registered_on: date
    activity: Activity | None = None
    signal: Signal | None = None
    code: str = ""
    facts: str = ""
    basis: str = ""
    aspect: Item | None = None
    rectification: str = ""
    due_on: date | None = None
    amount_fen: int | None = None
    people_count: int | None = None
    rectifier_name: str = ""
    rectifier: Person | None = None
    lead_leader: str = ""
    found_by: str = ""
    level: int = 1


@atomic
def open_finding(*, new: NewFinding, by: Viewer, note: str = "") -> Finding:
    """登记. Gives the finding, with proposals when it looks like an earlier one. Raises Refused."""
    if not guard.allow(by, "create", Finding):
        raise Refused("not-allowed", "您没有“登记”的权限")
    rules.check_date(new.registered_on, date.min, today(), note or "登记")
    finding = draft(new)
    finding.save(force_insert=True)
    if new.signal is not None:
        take(signal=new.signal, by=by, on=new.registered_on)
    move(finding, Verb.REGISTER, Act(by=by, on=new.registered_on, note=note), changed=["step_count"])
    index_finding(finding)
    propose_repeats(finding)
    return finding


def draft(new: NewFinding, make: Callable[..., Finding] = Finding) -> Finding:
    """The row, not yet saved: placed in its office and unit, with its code and repeat key. Raises Refused."""
    if (new.activity is None) == (new.signal is None):
        raise Refused("one-source", "问题应当来自一项监督活动或一条线头,且只能来自一项")
    if not new.problem.strip():
        raise Refused("problem-needed", "请填写问题表现")
    source = new.activity or new.signal
    return make(
        code=new.code or next_code(new.office, new.registered_on.year),
        owner_office=new.office,
        owner_path=new.office.path,
        subject=new.subject,
        subject_path=new.subject.path,
        source_uid=source.uid if source else None,
        source=new.activity.kind if new.activity else new.signal.origin if new.signal else "",
        due_on=new.due_on,
        first_due_on=new.due_on,
        repeat_key=repeat_key(new.subject.pk, new.aspect.pk if new.aspect else None, new.basis or new.problem),
        **{name: getattr(new, name) for name in COPIED},
    )


COPIED = [
    "activity",
    "signal",
    "problem",
    "facts",
    "basis",
    "aspect",
    "rectification",
    "amount_fen",
    "people_count",
    "rectifier_name",
    "rectifier",
    "lead_leader",
    "found_by",
    "registered_on",
    "level",
]


NUMBERED = re.compile(r"-[A-Z]?\d{5}$")  # an office may have given numbers of another kind under the same head


def next_code(office: Office, year: int) -> str:
    """WT<year>-<office>-<number>: the next free number of the office in the year.

    Counted over all of the office's findings, also those above the viewer's clearance; two who register at the same
    moment wait for each other at the office's row.
    """
    return codes()(office, year)


def codes() -> Callable[[Office, int], str]:
    """Gives one free code after the other to findings that are written together."""
    taken: dict[str, int] = {}

    def give(office: Office, year: int) -> str:
        head = f"WT{year}-{office.pk}-"
        taken[head] = 1 + (taken[head] if head in taken else _last_number(office, head))
        return head + _numeral(taken[head])

    return give


def _last_number(office: Office, head: str) -> int:
    with guard.acting(guard.system("next number")):
        Office.objects.select_for_update(no_key=True).filter(pk=office.pk).first()
        mine = Finding.objects.filter(
            owner_office=office, code__gt=f"{head}0", code__lt=f"{head}a"
        )  # a range: LIKE walks
        last = next(filter(NUMBERED.search, mine.order_by("-code").values_list("code", flat=True)[:50]), "")
    return _number(last.removeprefix(head)) if last else 0


def _numeral(number: int) -> str:
    """Five digits; from 100,000 on a letter before them, so that codes sort as their numbers do: 99999, A00000."""
    letter = chr(ord("A") + number // 100_000 - 1) if number >= 100_000 else ""
    return f"{letter}{number % 100_000:05d}"


def _number(numeral: str) -> int:
    letter, digits = numeral[:-5], int(numeral[-5:])
    return digits + (ord(letter) - ord("A") + 1) * 100_000 if letter else digits


@atomic
def assign(
    *, finding: Finding, by: Viewer, on: date, rectification: str, due_on: date | None, note: str = ""
) -> Finding:
    """交办: the responsible unit is told what to put right, in which way and by when."""
    act = Act(by=by, on=on, note=note)
    finding = begin(finding, Verb.ASSIGN, act)
    finding.rectification = Finding.Rectification(rectification)
    finding.due_on = due_on or terms.default_due(rectification, on)
    if finding.due_on < on:
        raise Refused("due-after-assign", "整改时限不能早于交办日期")
    finding.first_due_on = finding.first_due_on or finding.due_on
    finding.unit_sees = True
    return move(finding, Verb.ASSIGN, act, changed=["rectification", "due_on", "first_due_on", "unit_sees"])


@atomic
def receive(
    *, finding: Finding, by: Viewer, on: date, rectifier: Who | None = None, note: str = "", who: Who | None = None
) -> Finding:
    """签收: the unit takes it and says who answers for the rectification. `who` of the unit did it."""
    act = Act(by=by, on=on, note=note, who=who)
    finding = begin(finding, Verb.RECEIVE, act)
    _name_rectifier(finding, rectifier)
    return move(finding, Verb.RECEIVE, by_unit(finding, act), changed=["rectifier", "rectifier_name"])


def _name_rectifier(finding: Finding, rectifier: Who | None) -> None:
    if rectifier is not None:
        finding.rectifier_name = rectifier.name
        finding.rectifier_id = rectifier.person_id


@atomic
def report_plan(
    *,
    finding: Finding,
    by: Viewer,
    on: date,
    measures: Sequence[tuple[str, date | None]],
    note: str = "",
    who: Who | None = None,
) -> Finding:
    """报方案: the measures (text, milestone date) that the unit will take. `who` of the unit said so."""
    act = Act(by=by, on=on, note=note, who=who, details={"measures": len(measures)})
    finding = begin(finding, Verb.PLAN, act)
    if not measures or not all(text.strip() for text, _ in measures):
        raise Refused("measures-needed", "请至少填写一项整改措施")
    for text, due_on in measures:
        Measure(finding=finding, text=text.strip(), due_on=due_on).save(force_insert=True)
    return move(finding, Verb.PLAN, by_unit(finding, act))


@dataclass(frozen=True)
class Progress:
    """How far one measure has come; done on the day of the report unless it says another."""

    measure: Measure
    percent: int
    result: str
    done_on: date | None = None


@atomic
def report_progress(
    *,
    finding: Finding,
    by: Viewer,
    on: date,
    note: str,
    progress: list[Progress] | None = None,
    who: Who | None = None,
) -> Finding:
    """报进展: what has been done, and how far each measure has come. `who` of the unit said so."""
    act = Act(by=by, on=on, note=note, who=who)
    finding = begin(finding, Verb.PROGRESS, act)
    for each in progress or []:
        _advance(finding, each, on)
    return move(finding, Verb.PROGRESS, by_unit(finding, act))


def _advance(finding: Finding, each: Progress, on: date) -> None:
    measure = each.measure
    if measure.finding_id != finding.pk:
        raise Refused("foreign-measure", "整改措施不属于这个问题")
    if each.done_on is not None and each.done_on > on:
        raise Refused("done-date", "完成日期不能晚于填报日期")
    if not 0 <= each.percent <= 100:
        raise Refused("percent", "进度应在 0 到 100 之间")
    measure.result = Measure.Result(each.result)
    is_done = measure.result == Measure.Result.DONE
    measure.progress_percent = 100 if is_done else each.percent
    measure.done_on = (each.done_on or on) if is_done else None
    measure.save(update_fields=["result", "progress_percent", "done_on"])


@atomic
def apply_to_close(
    *, finding: Finding, by: Viewer, on: date, note: str, rectifier: Who | None = None, who: Who | None = None
) -> Finding:
    """申请销号: the unit says that the problem is put right, and who put it right. `who` of the unit applied."""
    act = Act(by=by, on=on, note=note, who=who)
    finding = begin(finding, Verb.APPLY, act)
    _name_rectifier(finding, rectifier)
    if not finding.rectifier_name:
        raise Refused("rectifier-needed", "申请销号前请写明整改责任人")
    return move(finding, Verb.APPLY, by_unit(finding, act), changed=["rectifier", "rectifier_name"])


@atomic
def verify(
    *, finding: Finding, by: Viewer, on: date, method: str, note: str = "", verifier: Who | None = None
) -> Finding:
    """核验通过. The verifier is not the person, nor of the unit, that rectified (verify-independent); asks for approval."""
    act = Act(by=by, on=on, note=note, method=method, who=verifier)
    return _verified(begin(finding, Verb.PASS, act), act)


@atomic
def enter_verification(
    *, finding: Finding, by: Viewer, on: date, method: str, verifier: Who, note: str = ""
) -> Finding:
    """核验通过, typed by a clerk for the officer who verified. Raises Refused (verifier-officer) where that is no officer."""
    act = Act(by=by, on=on, note=note, method=method, who=verifier)
    finding = begin(finding, Verb.PASS, act, permission="enter_verification")
    check_officer(verifier)
    return _verified(finding, act)


def _verified(finding: Finding, act: Act) -> Finding:
    """The step, and the approval that it asks for: in the verifier's name, whoever typed it."""
    check_verifier(finding, act)
    finding = move(finding, Verb.PASS, act)
    asker = account_of(act.who.person_id) if act.who else None
    is_lasting = finding.rectification == Finding.Rectification.LASTING
    Approval(
        finding=finding,
        verb=Verb.STAGE if is_lasting else Verb.APPROVE,
        asked_on=act.on,
        asked_by_id=asker.pk if asker else None if act.who else act.by.user_id,
        asked_by_name=act.person.name,
    ).save(force_insert=True)
    return finding


@atomic
def send_back(*, finding: Finding, by: Viewer, on: date, verb: Verb, note: str) -> Finding:
    """退回补充材料 (papers) or 退回继续整改 (work), with the reason. A waiting approval lapses."""
    if verb not in {Verb.RETURN_PAPERS, Verb.RETURN_WORK}:
        raise Refused("illegal-move", "只能退回补充材料或退回继续整改")
    if not note.strip():
        raise Refused("reason-needed", "请写明退回原因")
    act = Act(by=by, on=on, note=note)
    return move(begin(finding, verb, act), verb, act)


@atomic
def reopen(*, finding: Finding, by: Viewer, on: date, note: str, due_on: date | None = None) -> Finding:
    """重新挂账: a settled problem is taken up again; its history stays."""
    if not note.strip():
        raise Refused("reason-needed", "请写明重新挂账的原因")
    act = Act(by=by, on=on, note=note)
    finding = begin(finding, Verb.REOPEN, act)
    finding.due_on = due_on or terms.default_due(finding.rectification or Finding.Rectification.BY_TERM, on)
    finding.first_due_on = finding.first_due_on or finding.due_on
    return move(finding, Verb.REOPEN, act, changed=["due_on", "first_due_on"])


@atomic
def urge(*, finding: Finding, by: Viewer, on: date, note: str, level: int | None = None) -> Finding:
    """催办: 提醒, 督办 or 挂牌督办; one step up the ladder unless a level is given."""
    act = Act(by=by, on=on, note=note)
    finding = begin(finding, Verb.URGE, act)
    wanted = terms.next_urging(finding.urging) if level is None else Finding.Urging(level)
    if wanted < finding.urging or wanted == Finding.Urging.NONE:
        raise Refused("urge-forward", "催办级别不能降低")
    finding.urging = wanted
    return move(finding, Verb.URGE, Act(by=by, on=on, note=f"{as_recorded(wanted.label)}:{note}"), changed=["urging"])


@atomic
def resume(*, finding: Finding, by: Viewer, on: date, note: str, due_on: date | None = None) -> Finding:
    """恢复办理 of a suspended finding: its due date moves by the working days that it stood still, unless one is given."""
    finding = begin(finding, Verb.RESUME, Act(by=by, on=on, note=note))
    stood = standstill(finding, on)
    if due_on is not None:
        check_due(finding, on, due_on)
    before, finding.due_on = finding.due_on, due_on or stood.due_on
    finding.first_due_on = finding.first_due_on or finding.due_on
    details = {"suspended_on": stood.since.isoformat(), "working_days": stood.days, "due_before": str(before or "")}
    act = Act(by=by, on=on, note=stood.said(note, before, finding.due_on), details=details)
    return move(finding, Verb.RESUME, act, changed=["due_on", "first_due_on"])


@atomic
def correct(
    *,
    finding: Finding,
    by: Viewer,
    note: str,
    is_history: bool = False,
    rectifier: Who | None = None,
    seen: Mapping[str, str] | None = None,
    **values: Any,
) -> Finding:
    """更正 or complete the columns that are not steps (待补 items, wording), as far as `correcting` allows.

    Who answers is given as `rectifier`; a ledger (`is_history`) gives the name alone. The old values stay in the log.
    `seen` is what the columns said (`cells.cell_text`) when they were shown: one that somebody changed since is refused.
    """
    if rectifier is not None:
        values["rectifier_name"] = rectifier.name
    unknown = set(values) - CORRECTABLE
    if unknown:
        raise Refused("not-correctable", "这些栏目不能直接更改:%(names)s", names="、".join(sorted(unknown)))
    if not str(values.get("problem", finding.problem)).strip():
        raise Refused("problem-needed", "请填写问题表现")
    before = {name: getattr(finding, name) for name in values}
    details = {"before": {k: str(v) for k, v in before.items()}, "after": {k: str(v) for k, v in values.items()}}
    act = Act(by=by, on=today(), note=note, details=details, is_history=is_history)
    finding = begin(finding, Verb.CORRECT, act)
    check_seen(finding, values, seen or {})
    if not is_history:
        check_correction(finding, values, rectifier)
    act = replace(act, columns=written({name: getattr(finding, name) for name in values}))
    old_text, values = text_of(finding), values | following(values, rectifier)
    for name, value in values.items():
        setattr(finding, name, value)
    old_key = finding.repeat_key
    finding.repeat_key = repeat_key(finding.subject_id, finding.aspect_id, finding.basis or finding.problem)
    finding = move(finding, Verb.CORRECT, act, changed=[*values, "repeat_key"])
    index_finding(finding, old_text)
    if finding.repeat_key != old_key:
        propose_again([finding])
    return finding
