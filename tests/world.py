"""Builders: they reach a state only through services. A `World` holds a small net: offices, units, people, accounts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Approval, Finding
from jiandu.loop.findings.services import approvals, moves
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who
from jiandu.net.access.services import NewGrant, grant_role
from jiandu.net.access.standing import viewer_of
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.services import NewOffice, NewOfficer, enlist, give_account, open_office, supervise
from jiandu.net.subjects.models import Organisation, Person
from jiandu.net.subjects.services import NewOrganisation, NewPost, appoint, register_organisation, register_person
from jiandu.results.reports.asking import ask_offices, decide_figures
from jiandu.results.reports.models import Review
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.events import tell
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.sources.activities.services.proposing import NewClosing, evaluate
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem
from jiandu.sources.contactpoints.services.points import NewPoint, invite
from jiandu.sources.contactpoints.services.problems import Act as Step
from jiandu.sources.contactpoints.services.problems import NewProblem, answer, assign, study, take_in

START = date(2020, 1, 1)
SYSTEM = guard.system("tests")


@contextmanager
def as_(viewer: Viewer) -> Iterator[Viewer]:
    """Acts as the viewer inside a transaction, as a request does."""
    with transaction.atomic(), guard.acting(viewer):
        yield viewer


@dataclass
class World:
    """A city commission with two supervision offices, a stationed body, a district; two units; one account a role."""

    offices: dict[str, Office] = field(default_factory=dict)
    units: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    numbers: int = 0

    def viewer(self, name: str) -> Viewer:
        """The viewer as the next request would build it."""
        return viewer_of(User.objects.get(pk=self.users[name].pk))

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    # --- places and people ---

    def office(self, name: str, kind: str, parent: str = "") -> Office:
        with as_(SYSTEM) as by:
            new = NewOffice(name=name, kind=Office.Kind(kind), parent=self.offices.get(parent))
            self.offices[name] = open_office(new=new, by=by)
        return self.offices[name]

    def unit(self, name: str, parent: str = "") -> Organisation:
        with as_(SYSTEM) as by:
            new = NewOrganisation(name=name, parent=self.units.get(parent))
            self.units[name] = register_organisation(new=new, by=by)
        return self.units[name]

    def person(self, name: str, unit: str = "", title: str = "局长") -> Person:
        with as_(SYSTEM) as by:
            person = register_person(name=name, by=by)
            if unit:
                appoint(new=NewPost(person=person, organisation=self.units[unit], title=title, since=START), by=by)
        self.persons[name] = person
        return person

    def user(self, name: str, role: str, *, office: str = "", unit: str = "") -> User:
        """An account with a role; in an office, its person serves there."""
        user = User(username=f"u{self.number()}-{role}", name=name)
        user.set_unusable_password()
        user.save()
        with as_(SYSTEM) as by:
            if office:
                new = NewOfficer(person=register_person(name=name, by=by), office=self.offices[office], since=START)
                officer = give_account(officer=enlist(new=new, by=by), user=user, by=by)
                self.persons[name] = officer.person
            grant = NewGrant(
                user=user,
                role=role,
                since=START,
                office=self.offices.get(office),
                organisation=self.units.get(unit),
                acts_for=self.users["书记"] if role == "secretary" else None,
            )
            grant_role(new=grant, by=by)
        self.users[name] = user
        return user

    # --- work ---

    def project(
        self, *, office: str = "第一监督检查室", members: tuple[str, ...] = (), year: int = 2022, **more: Any
    ) -> Activity:
        number = self.number()
        new = NewActivity(
            kind=Activity.Kind.PROJECT,
            year=year,
            code=more.pop("code", f"XM{year}-{number:03d}"),
            name=more.pop("name", f"监督项目{number}"),
            lead=self.offices[office],
            approved_on=more.pop("approved_on", date(year, 1, 5)),
            **more,
        )
        with as_(SYSTEM) as by:
            return open_activity(new=new, by=by, members=[self.offices[name] for name in members])

    def evaluated(self, project: Activity, proposes: str = "end", **more: Any) -> Activity:
        """The project with its closing evaluation, which puts its end to the leader."""
        answers = dict.fromkeys(["targets", "findings", "rules", "materials"], "yes")
        counts = dict.fromkeys(["found", "settled", "rules_made"], 0)
        given = (
            {"on": date(project.year, 10, 31), "note": "目标任务完成", "proposes": proposes} | answers | counts | more
        )
        with as_(SYSTEM) as by:
            evaluate(activity=project, by=by, new=NewClosing(**given))
        return project

    def round(self, *, started_on: date | None = date(2022, 3, 1), year: int = 2022, **more: Any) -> Activity:
        """A round of 委领导挂钩监督, started unless the day is None."""
        number = self.number()
        new = NewActivity(
            kind=Activity.Kind.ROUND,
            year=year,
            code=f"GG{year}-{number:02d}",
            name=more.pop("name", f"挂钩监督第{number}轮"),
            lead=self.offices[more.pop("office", "第一监督检查室")],
            approved_on=started_on,
            **more,
        )
        with as_(SYSTEM) as by:
            activity = open_activity(new=new, by=by)
            if started_on:
                tell(activity=activity, by=by, verb="start", on=started_on)
            return activity

    def point(
        self, name: str = "", *, office: str = "第一监督检查室", since: date = date(2022, 1, 1), **more: Any
    ) -> ContactPoint:
        """A contact point of the city, looked after by that office."""
        name = name or f"厦海第{self.number()}贸易公司"
        with as_(SYSTEM) as by:
            return invite(new=NewPoint(name=name, office=self.offices[office], since=since, **more), by=by)

    def told(
        self,
        point: ContactPoint | None = None,
        *,
        on: date = date(2022, 3, 1),
        office: str = "第一监督检查室",
        **more: Any,
    ) -> ContactProblem:
        """A problem that a contact point told."""
        text = more.pop("problem", f"办理许可证等候过久{self.number()}")
        new = NewProblem(
            point=point or self.point(office=office),
            office=self.offices[office],
            problem=text,
            registered_on=on,
            **more,
        )
        with as_(SYSTEM) as by:
            return take_in(new=new, by=by)

    def answered(
        self, problem: ContactProblem, *, on: date = date(2022, 4, 1), unit: str = "市教育局"
    ) -> ContactProblem:
        """The problem, studied, assigned to the unit and answered by it, all on that day."""
        with as_(SYSTEM) as by:
            study(problem=problem, by=by, act=Step(on, "窗口作风"), nature="conduct")
            assign(problem=problem, by=by, act=Step(on, "请核实"), subject=self.units[unit])
            return answer(problem=problem, by=by, act=Step(on, "已增设窗口"))

    def new(
        self, *, on: date = date(2022, 3, 1), office: str = "第一监督检查室", unit: str = "市教育局", **more: Any
    ) -> NewFinding:
        if "activity" not in more and "signal" not in more:
            more["activity"] = self.project(office=office)
        problem = more.pop("problem", f"台账管理不规范{self.number()}")
        return NewFinding(
            subject=self.units[unit], problem=problem, office=self.offices[office], registered_on=on, **more
        )

    def finding(self, *, by: Viewer | None = None, **more: Any) -> Finding:
        """A registered finding."""
        new = self.new(**more)
        with as_(by or SYSTEM) as viewer:
            return moves.open_finding(new=new, by=viewer)

    def rectifying(self, *, lasting: bool = False, rectifier: Who | None = None, **more: Any) -> Finding:
        """A finding that the unit has taken."""
        finding = self.finding(**more)
        kind = Finding.Rectification.LASTING if lasting else Finding.Rectification.BY_TERM
        with as_(SYSTEM) as by:
            on = finding.registered_on
            moves.assign(finding=finding, by=by, on=on, rectification=kind, due_on=None, note="测试")
            who = rectifier or Who("责任人甲")
            return moves.receive(finding=finding, by=by, on=on, rectifier=who, note="测试")

    def applied(self, *, applied_on: date | None = None, **more: Any) -> Finding:
        """A finding that waits for verification."""
        finding = self.rectifying(**more)
        with as_(SYSTEM) as by:
            return moves.apply_to_close(
                finding=finding, by=by, on=applied_on or finding.registered_on, note="已完成整改"
            )

    def verified(self, *, verified_on: date | None = None, **more: Any) -> tuple[Finding, Approval]:
        """A finding that waits for approval, with the approval."""
        finding = self.applied(**more)
        with as_(SYSTEM) as by:
            verifier = Who("核验人乙")
            day = verified_on or finding.registered_on
            finding = moves.verify(finding=finding, by=by, on=day, method="field", note="测试", verifier=verifier)
            return finding, finding.approvals.get(status=Approval.Status.WAITING)

    def closed(self, *, closed_on: date | None = None, approver: str = "主任甲", **more: Any) -> Finding:
        """A settled finding, approved by the head of its office on that date."""
        finding, approval = self.verified(**more)
        with as_(self.viewer(approver)) as by:
            day = closed_on or finding.registered_on
            approvals.decide(approval=approval, by=by, signature=Signature(is_granted=True, on=day, opinion="同意"))
            return Finding.objects.get(pk=finding.pk)


def settle_figures(review: Review) -> Review:
    """The review with its 核数单 gone out and every figure decided on, so that it may be frozen."""
    with as_(SYSTEM) as by:
        ask_offices(review=review, by=by)
        decide_figures(review=review, by=by, reason="各室组已当面核对")
    return Review.objects.get(pk=review.pk)


def build() -> World:
    """The small net that most tests begin with."""
    world = World()
    world.office("市纪委监委", "commission")
    for name in ("第一监督检查室", "第二监督检查室"):
        world.office(name, "supervision", "市纪委监委")
    world.office("驻市教育局纪检监察组", "stationed", "市纪委监委")
    world.office("思明区纪委监委", "commission", "市纪委监委")
    world.office("筼筜街道纪工委", "town", "思明区纪委监委")
    for name in ("市教育局", "市财政局", "思明区教育局"):
        world.unit(name)
    world.unit("市第一中学", "市教育局")
    with as_(SYSTEM) as by:
        body, unit = world.offices["驻市教育局纪检监察组"], world.units["市教育局"]
        supervise(office=body, organisation=unit, since=START, by=by)
    for name, role, office in PEOPLE:
        world.user(name, role, office=office)
    world.user("经办人丁", "unit_operator", unit="市教育局")
    for name, role in (("系统管理员", "system_admin"), ("安全管理员", "security_admin"), ("审计管理员", "audit_admin")):
        world.user(name, role)
    return world


PEOPLE = (
    ("书记", "leader", "市纪委监委"),
    ("秘书", "secretary", "市纪委监委"),
    ("干部甲", "supervision_officer", "第一监督检查室"),
    ("干部丙", "supervision_officer", "第一监督检查室"),
    ("主任甲", "office_head", "第一监督检查室"),
    ("内勤甲", "office_clerk", "第一监督检查室"),
    ("干部乙", "supervision_officer", "第二监督检查室"),
    ("主任乙", "office_head", "第二监督检查室"),
    ("驻教干部", "stationed_officer", "驻市教育局纪检监察组"),
    ("区纪委书记", "district_head", "思明区纪委监委"),
    ("街道干部", "town_officer", "筼筜街道纪工委"),
)
