"""项目化监督 of the reference year: projects of several owners, what they found, how far it came, and what came of it."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.demo.reference.places import YEAR, Places
from jiandu.demo.year import PROBLEMS
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import approvals
from jiandu.loop.findings.services.approvals import Request
from jiandu.loop.findings.services.history import History, write_history
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.loop.findings.states import Verb
from jiandu.loop.outcomes.services import NewMoney, NewRule, record_recovery, record_rule, reverse_recovery
from jiandu.net.access.deciding import Signature
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.deciding import end_activity, merge_activity
from jiandu.sources.activities.services.planning import NewActivity, join, open_activity

THEMES = ("惠企政策", "数字政府", "民生补短板", "乡村振兴", "生态环保", "安全生产", "国企改革", "政府采购")
PROJECTS, FOUND, SETTLED, STAGED, LATE, RULES = 56, 256, 246, 3, 5, 163
NOISE = 9  # registered and then withdrawn, not recognised or merged
LAST = date(YEAR, 12, 31)
As = Callable[[str], Viewer]


def run_projects(places: Places, by: Viewer, aspects: list[Any], as_: As) -> None:
    """The year of the projects, in order of time."""
    chance = random.Random(YEAR + 1)  # noqa: S311 -- the same year each time
    projects = _projects(places, by)
    findings = _findings(places, by, projects, aspects, chance)
    settled = [one for one in findings if one.closed_on is not None]
    _leave(findings[FOUND:], findings[0], by, as_)
    _rules(settled, projects, by)
    _money(settled, by)
    end_activity(activity=projects[0], by=by, on=date(YEAR, 11, 30), note="目标任务完成,同意结项")


def _projects(places: Places, by: Viewer) -> list[Activity]:
    """Joint ones count once; one is merged away, one never got beyond the proposal; a body joins later."""
    opened = []
    for number in range(PROJECTS + 2):
        lead = places.supervision[number % len(places.supervision)]
        is_proposed = number == PROJECTS + 1
        new = NewActivity(
            kind=Activity.Kind.PROJECT,
            year=YEAR,
            code=f"XM{YEAR}-{number + 1:03d}",
            name=f"{THEMES[number % len(THEMES)]}落实情况监督项目",
            lead=lead,
            approved_on=None if is_proposed else date(YEAR, 1 + number % 3, 5 + number % 20),
            plan=f"围绕{THEMES[number % len(THEMES)]},通过走访调研、查阅台账、个别谈话查找问题,一项目一方案。",
        )
        bodies = [] if is_proposed else [places.bodies[number % (len(places.bodies) - 1)]]
        if number % 5 == 0:
            bodies.append(places.bodies[(number + 11) % (len(places.bodies) - 1)])
        opened.append(open_activity(new=new, by=by, members=bodies))
    merge_activity(activity=opened[PROJECTS], by=by, into=opened[0], reason="与主项目内容重复", on=date(YEAR, 4, 15))
    join(activity=opened[3], by=by, office=places.bodies[-1], since=date(YEAR, 6, 1))
    return opened[:PROJECTS]


def _findings(
    places: Places, by: Viewer, projects: list[Activity], aspects: list[Any], chance: random.Random
) -> list[Finding]:
    """In the order of their numbers: settled in the year, settled in January, still open; then those that leave."""
    rows = [_history(places, number, projects, aspects, chance) for number in range(FOUND + NOISE)]
    findings = [finding for chunk in write_history(rows, by=by) for finding in chunk]
    record(by, "finding.import", None, payload={"rows": len(findings), "year": YEAR})
    return findings


def _history(
    places: Places, number: int, projects: list[Activity], aspects: list[Any], chance: random.Random
) -> History:
    project, problem = projects[number % len(projects)], PROBLEMS[number % len(PROBLEMS)]
    office = next(each for each in places.supervision if each.pk == project.owner_office_id)
    on = max(project.approved_on or LAST, date(YEAR, 1, 10) + timedelta(days=chance.randint(0, 330)))
    closed = min(on + timedelta(days=chance.randint(20, 75)), LAST)
    unit = places.departments[number % len(places.departments)]
    new = NewFinding(
        subject=unit,
        problem=f"{problem.said}",
        office=office,
        registered_on=on,
        activity=project,
        code=f"{project.code}-{number + 1:03d}",
        facts=problem.fact.format(n=chance.randint(2, 40)),
        basis=problem.basis,
        aspect=aspects[number % len(aspects)],
        rectification="lasting" if number < STAGED else "by_term",
        due_on=on + timedelta(days=60),
        rectifier_name=places.posts[unit.pk][1].person.name,
        found_by=office.name,
    )
    return _course(number, new, problem.done, closed)


def _course(number: int, new: NewFinding, done: str, closed: date) -> History:
    """How far it came: only registered, still open, settled in January, or settled in the year."""
    if number >= FOUND:
        return History(new=new)
    closing = closed if number < SETTLED else date(YEAR + 1, 1, 10 + number % 15)
    if number >= SETTLED + LATE:
        return History(new=new, measures=done)
    return History(
        new=new,
        measures=done,
        applied_on=closing - timedelta(days=5),
        verifier=f"{new.office.name}核验人",
        method="papers",
        is_staged=number < STAGED,
        is_passed=True,
        approver=f"{new.office.name}主任",
        closed_on=closing,
        looked_on=closing + timedelta(days=40) if number % 9 == 0 and closing < date(YEAR, 10, 1) else None,
        look_result="held" if number % 9 == 0 else "",
    )


def _leave(noise: list[Finding], main: Finding, by: Viewer, as_: As) -> None:
    """Withdrawn, not recognised, merged: in no figure."""
    verbs = (Verb.WITHDRAW, Verb.REFUSE, Verb.MERGE)
    for number, finding in enumerate(noise):
        verb = verbs[number % 3]
        on = min(finding.registered_on + timedelta(days=3), LAST)
        asked = Request(verb, "重复登记或不属于问题", on, merge_into=main if verb == Verb.MERGE else None)
        approval = approvals.ask(finding=finding, by=by, request=asked)
        with guard.acting(as_("leader")) as leader:
            approvals.decide(approval=approval, by=leader, signature=Signature(is_granted=True, on=on, opinion="同意"))


def _rules(settled: list[Finding], projects: list[Activity], by: Viewer) -> None:
    """Each counts once, some led to by two findings; one was issued only in January, one was a draft never issued."""
    for number in range(RULES + 1):
        finding = settled[number % (SETTLED - 10)]
        year_end = number < RULES
        on = min((finding.closed_on or LAST) + timedelta(days=7), LAST) if year_end else date(YEAR + 1, 1, 20)
        new = NewRule(
            f"{finding.subject}管理办法({number + 1})", str(finding.subject), on, f"发〔{on.year}〕{number + 1}号"
        )
        record_rule(finding=finding, by=by, new=new)
        other = settled[(number + 8) % (SETTLED - 10)]
        if number % 10 == 0 and other.owner_office_id == finding.owner_office_id:
            record_rule(finding=other, by=by, new=new)


def _money(settled: list[Finding], by: Viewer) -> None:
    """Reached the account in the year; one sum was booked twice and corrected, on the day of the correction."""
    for number in range(12):
        finding = settled[number * 7]
        amount = 2_000_000 + number * 317_500
        money = record_recovery(
            finding=finding, by=by, new=NewMoney(amount, finding.closed_on or LAST, "市级国库", "缴款书")
        )
        if number == 5:
            twice = record_recovery(
                finding=finding, by=by, new=NewMoney(amount, money.received_on, "市级国库", "缴款书")
            )
            on = min(money.received_on + timedelta(days=10), LAST)
            reverse_recovery(money=twice, by=by, on=on, amount_fen=amount, proof="重复入账更正")
