"""The fictional city's work of two years: projects, findings in every state, what came of them, and the reviews."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.files import store
from jiandu.base.lexicon.selectors import items
from jiandu.demo.reference.places import YEAR
from jiandu.demo.year import PROBLEMS, PROJECTS, STATIONED, Plan, Problem, plan_years
from jiandu.loop.findings.models import Finding, LookBack, Measure
from jiandu.loop.findings.services import approvals, filing, moves, parts
from jiandu.loop.findings.services.approvals import Request
from jiandu.loop.findings.services.moves import NewFinding, Progress
from jiandu.loop.findings.states import State, Verb
from jiandu.loop.outcomes.models import PersonTalked
from jiandu.loop.outcomes.services import NewMoney, NewRule, record_recovery, record_rule, record_talked
from jiandu.net.access.deciding import Signature
from jiandu.net.access.instructing import NewInstruction
from jiandu.net.access.persons import Who
from jiandu.results.analysis.measures.registry import find
from jiandu.results.reports.asked import may_answer
from jiandu.results.reports.asking import NewAnswer, answer_figure, ask_offices, decide_figures
from jiandu.results.reports.models import FigureLine, Review
from jiandu.results.reports.services import draft_review, freeze
from jiandu.results.reports.states import Verdict
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.planning import NewActivity, open_activity

if TYPE_CHECKING:
    from jiandu.demo.net import Net

SEED = 20221231
NOTE = "演示数据"
VERIFIER = Who("王干部")
FIRST = "第一监督检查室"  # whose people have accounts here


def do_the_work(net: "Net", by: Viewer) -> None:
    """Everything that was done, in order of time."""
    chance = random.Random(SEED)  # noqa: S311 -- the same demo each time
    now = today()
    projects = {year: _projects(net, year, by) for year in (now.year - 1, now.year)}
    for number, plan in enumerate(plan_years(chance, now)):
        project = projects[plan.registered_on.year][number % len(PROJECTS)]
        _Story(net, by, number, plan, chance).tell(project)
    _reviews(net, by, now)


def _projects(net: "Net", year: int, by: Viewer) -> list[Activity]:
    bodies = list(STATIONED)
    opened = []
    for number, name in enumerate(PROJECTS):
        new = NewActivity(
            kind=Activity.Kind.PROJECT,
            year=year,
            code=f"XM{year}-{number + 1:03d}",
            name=f"{name}专项监督",
            lead=net.offices["第二监督检查室" if number % 3 == 1 else "第一监督检查室"],
            approved_on=date(year, 1, 10),
            plan=f"围绕{name}，通过走访调研、查阅台账、个别谈话等方式，查找责任落实、作风和制度方面的问题。",
        )
        opened.append(open_activity(new=new, by=by, members=[net.offices[bodies[number % len(bodies)]]]))
    return opened


class _Story:
    """One finding from its registration as far as its plan says."""

    def __init__(self, net: "Net", by: Viewer, number: int, plan: Plan, chance: random.Random) -> None:
        self.net, self.by, self.number, self.plan, self.chance = net, by, number, plan, chance
        self.problem: Problem = PROBLEMS[(number * 7) % len(PROBLEMS)]
        self.now = today()

    def tell(self, project: Activity) -> None:
        finding = self._register(project)
        day = self._soon(self.plan.registered_on, 2)
        if self.plan.registered_on > self.now - timedelta(days=4):
            return
        due = day + timedelta(days=self.plan.term_days)
        moves.assign(finding=finding, by=self.by, on=day, rectification=self.plan.kind, due_on=due, note=NOTE)
        if self.plan.registered_on > self.now - timedelta(days=8):
            return
        head = Who(f"{finding.subject}经办人")
        moves.receive(finding=finding, by=self.by, on=self._soon(day, 1), rectifier=head, note=NOTE)
        self._plan_measures(finding, self._soon(day, 3), due)
        if self.plan.ending in {"withdrawn", "transferred", "suspended"}:
            self._leave(finding, self._soon(day, 12))
            return
        self._rectify(finding)
        self._around(finding)

    def _register(self, project: Activity) -> Finding:
        unit = self.chance.choice(list(self.net.units.values()))
        aspects = list(items(self.by, "aspect", self.plan.registered_on.year))
        office = next(office for office in self.net.offices.values() if office.pk == project.owner_office_id)
        new = NewFinding(
            subject=unit,
            problem=self.problem.said,
            office=office,
            registered_on=self.plan.registered_on,
            activity=project,
            aspect=None if self.number % 19 == 0 else aspects[self.number % len(aspects)],
            basis=self.problem.basis,
            facts=self.problem.fact.format(n=self.chance.randint(2, 30)),
        )
        return moves.open_finding(new=new, by=self.by, note=NOTE)

    def _plan_measures(self, finding: Finding, day: date, due: date) -> None:
        half = day + (due - day) / 2
        measures: list[tuple[str, date | None]] = [
            ("制定整改方案，明确责任人和时间表。", half),
            (self.problem.done, due),
        ]
        moves.report_plan(finding=finding, by=self.by, on=day, measures=measures, note=NOTE)

    def _rectify(self, finding: Finding) -> None:
        """From progress to settling and looking back, as far as the dates have come."""
        plan, by = self.plan, self.by
        first = finding.measures.order_by("pk").first()
        day = min(self.now, (plan.applied_on or self.now) - timedelta(days=1))
        if first and day > plan.registered_on + timedelta(days=12):
            done = [Progress(first, 100, Measure.Result.DONE)]
            moves.report_progress(finding=finding, by=by, on=day, note="方案已制定，正在逐项落实。", progress=done)
        if plan.applied_on:
            moves.apply_to_close(finding=finding, by=by, on=plan.applied_on, note=self.problem.done)
            self._file(finding)
        if plan.verified_on:
            method = self.chance.choice(["papers", "field", "visit"])
            moves.verify(finding=finding, by=by, on=plan.verified_on, method=method, note=NOTE, verifier=VERIFIER)
        if plan.settled_on:
            self._settle(finding, plan.settled_on)

    def _settle(self, finding: Finding, day: date) -> None:
        approval = finding.approvals.get(status="waiting")
        signature = Signature(is_granted=True, on=day, opinion="同意")
        if self.number % 3 == 1 and finding.owner_office_id == self.net.offices[FIRST].pk:
            signed = Signature(is_granted=True, on=day, opinion="同意销号", signer=Who("陈主任"))
            self._as("office_clerk", lambda by: approvals.sign_on_paper(approval=approval, by=by, signature=signed))
            self._as("supervision_officer", lambda by: approvals.confirm_paper(approval=approval, by=by))
        else:
            self._as("leader", lambda by: approvals.decide(approval=approval, by=by, signature=signature))
        self._outcomes(finding, day)
        if self.plan.looked_on:
            result = LookBack.Result.REBOUND if self.plan.ending == "rebound" else LookBack.Result.HELD
            looked = parts.Looked(self.plan.looked_on, result, "现场查看并抽查资料。", VERIFIER)
            parts.look_back(finding=finding, by=self.by, looked=looked)
            if self.plan.ending == "rebound":
                moves.reopen(finding=finding, by=self.by, on=self.plan.looked_on, note="同类问题再次出现。")
        elif self.number % 4 == 0:
            parts.plan_look_back(finding=finding, by=self.by)

    def _outcomes(self, finding: Finding, day: date) -> None:
        if self.problem.rule and self.number % 2 == 0:
            number = f"〔{day.year}〕{self.number + 1}号"
            rule = NewRule(self.problem.rule, str(finding.subject), day, f"{str(finding.subject)[1:3]}发{number}")
            record_rule(finding=finding, by=self.by, new=rule)
        if self.number % 7 == 3:
            amount = self.chance.randint(8, 900) * 10_000
            money = NewMoney(amount, day, "市级国库", f"缴款书{day:%Y%m}{self.number:03d}")
            record_recovery(finding=finding, by=self.by, new=money)
        if self.number % 11 == 6:
            talked = PersonTalked(kind=PersonTalked.Kind.REMIND, name="李某", title="科室负责人", on=day)
            record_talked(finding=finding, by=self.by, row=talked)

    def _leave(self, finding: Finding, day: date) -> None:
        """Out of the loop, with reason and approver."""
        asked = {
            "withdrawn": Request(Verb.WITHDRAW, "与另一项目重复登记，登记有误。", day),
            "transferred": Request(Verb.TRANSFER, "属地管辖。", day, receiver="思明区纪委监委"),
            "suspended": Request(Verb.SUSPEND, "相关诉讼未审结。", day),
        }[self.plan.ending]
        approval = approvals.ask(finding=finding, by=self.by, request=asked)
        signature = Signature(is_granted=True, on=self._soon(day, 2), opinion="同意")
        self._as("leader", lambda by: approvals.decide(approval=approval, by=by, signature=signature))

    def _around(self, finding: Finding) -> None:
        """Instructions, urging and an extension, where there is something to urge."""
        finding = Finding.objects.get(pk=finding.pk)
        if self.number % 17 == 8:
            given = NewInstruction(
                "李书记", self.now, "请抓紧整改，月底前报告结果。", finding.owner_office, self.now + timedelta(days=20)
            )
            parts.instruct(finding=finding, by=self.by, new=given)
        if finding.state != State.RECTIFYING or finding.due_on is None or self.plan.ending:
            return
        if finding.due_on < self.now and self.number % 2:
            moves.urge(finding=finding, by=self.by, on=self.now, note="整改时限已过，请尽快报送进展。")
        elif self.number % 2 == 0 and finding.owner_office_id == self.net.offices[FIRST].pk:
            later = max(finding.due_on, self.now) + timedelta(days=30)
            asked = Request(Verb.EXTEND, "需与相关部门会商。", self.now, new_due_on=later)
            self._as("supervision_officer", lambda by: approvals.ask(finding=finding, by=by, request=asked))

    def _file(self, finding: Finding) -> None:
        if self.number % 5 == 0:
            text = f"{finding.subject}关于“{finding.problem}”整改情况的说明\n\n{self.problem.done}\n".encode()
            stored = store.keep([text])
            filing.add_evidence(finding=finding, by=self.by, stored=stored, name="整改情况说明.txt")

    def _soon(self, day: date, days: int) -> date:
        return min(self.now, day + timedelta(days=days))

    def _as(self, role: str, act: Callable[[Viewer], Any]) -> None:
        """As somebody of that role."""
        with guard.acting(self.net.viewer(role)) as by:
            act(by)


def _reviews(net: "Net", by: Viewer, now: date) -> None:
    """Last year's review, frozen as it was published at the year's end; this year's draft; the reference year's with its 核数单 out."""
    _ask(net, draft_review(year=YEAR, as_of=date(YEAR, 12, 31), by=by), by, now)
    last = draft_review(year=now.year - 1, as_of=date(now.year - 1, 12, 31), by=by)
    ask_offices(review=last, by=by)
    with guard.acting(net.viewer("leader")) as leader:
        decide_figures(review=last, by=leader, reason="上年度数字已经各室组年底核对，纸质核数单存档。")
        freeze(review=last, by=leader)
    draft_review(year=now.year, as_of=now, by=by)


#: What the office objects to, and why: the answer waits for the general office.
OBJECTED = "contact_problems_resolved"
OBJECTION = "其中2件尚在公示期内，反映单位未签字确认，建议按已签字的计。"
LEFT_OPEN = ("topic", "estates")  # mechanisms whose figures nobody has answered yet


def _ask(net: "Net", review: Review, by: Viewer, now: date) -> None:
    """核数单 of the review in the middle of its round: most figures are confirmed, one is objected to, some are open."""
    lines = ask_offices(review=review, by=by)
    for role in ("conduct_officer", "case_supervisor"):
        with guard.acting(net.viewer(role)) as officer:
            for line in lines:
                if may_answer(officer, line) and find(line.key).mechanism.value not in LEFT_OPEN:
                    answer_figure(line=line, by=officer, new=_answer(line, now))


def _answer(line: FigureLine, now: date) -> NewAnswer:
    if line.key == OBJECTED:
        return NewAnswer(Verdict.OBJECT, line.digest, now, OBJECTION)
    return NewAnswer(Verdict.AGREE, line.digest, now)
