"""A fictional net with one account a role, and findings in every state: built through services, never by hand."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from jiandu.base.accounts.models import User
from jiandu.base.accounts.services import open_account
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.demo.year import OFFICES, PROBLEMS, STATIONED, UNITS, Plan, plan_year
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.rules import Who
from jiandu.loop.findings.services import moves
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.net.access.services import NewGrant, grant_role
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.services import NewOffice, NewOfficer, enlist, give_account, open_office, supervise
from jiandu.net.subjects.divisions import load_divisions
from jiandu.net.subjects.models import Organisation, Post
from jiandu.net.subjects.services import NewOrganisation, NewPost, appoint, register_organisation, register_person
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services import NewActivity, open_activity

START = date(2021, 1, 1)
SEED = 20221231
CITY = "市纪委监委"
PEOPLE = (
    ("leader", "李书记", CITY),
    ("secretary", "周秘书", CITY),
    ("supervision_officer", "王干部", "第一监督检查室"),
    ("office_head", "陈主任", "第一监督检查室"),
    ("office_clerk", "吴内勤", "第一监督检查室"),
    ("conduct_officer", "郑干部", "党风政风监督室"),
    ("case_supervisor", "孙干部", "案件监督管理室"),
    ("stationed_officer", "黄干部", "驻市教育局纪检监察组"),
    ("stationed_head", "许组长", "驻市教育局纪检监察组"),
    ("district_officer", "何干部", "思明区纪委监委"),
    ("district_head", "林书记", "思明区纪委监委"),
    ("town_officer", "蔡干部", "筼筜街道纪工委"),
    ("system_admin", "系统管理员", ""),
    ("security_admin", "安全管理员", ""),
    ("audit_admin", "审计管理员", ""),
)


@dataclass
class Net:
    """What the demo has built, by name."""

    offices: dict[str, Office]
    units: dict[str, Organisation]
    projects: list[Activity]


def build() -> None:
    """The whole demo, in one transaction: all of it or nothing."""
    with transaction.atomic(), guard.acting(guard.system("演示数据")) as by:
        load_defaults(by=by)
        load_divisions(by=by)
        net = _places(by)
        _people(net, by)
        net.projects = [_project(net, number, by) for number in range(1, 13)]
        _findings(net, by)


def _places(by: Viewer) -> Net:
    offices = {CITY: open_office(new=NewOffice(name=CITY, kind=Office.Kind.COMMISSION), by=by)}
    for name, kind, parent in OFFICES:
        offices[name] = open_office(new=NewOffice(name=name, kind=Office.Kind(kind), parent=offices[parent]), by=by)
    units = {name: register_organisation(new=NewOrganisation(name=name), by=by) for name in UNITS}
    for body, unit in STATIONED.items():
        supervise(office=offices[body], organisation=units[unit], since=START, by=by)
    for number, organisation in enumerate(units.values(), start=1):
        person = register_person(name=f"{'赵钱孙李周吴郑王冯陈'[number % 10]}{'建国' if number % 2 else '丽华'}", by=by)
        post = NewPost(person=person, organisation=organisation, title="局长", kind=Post.Kind.HEAD, since=START)
        appoint(new=post, by=by)
    return Net(offices, units, [])


def _people(net: Net, by: Viewer) -> None:
    for role, name, office in PEOPLE:
        user = open_account(username=f"demo-{role}", name=name, password=None, by=by)
        _serve(net, user, name, office, by)
        grant = NewGrant(user=user, role=role, since=START, office=net.offices.get(office))
        grant_role(new=grant, by=by)
    operator = open_account(username="demo-unit_operator", name="责任单位经办人", password=None, by=by)
    unit = net.units["市教育局"]
    grant_role(new=NewGrant(user=operator, role="unit_operator", since=START, organisation=unit), by=by)


def _serve(net: Net, user: User, name: str, office: str, by: Viewer) -> None:
    if office:
        person = register_person(name=name, by=by)
        give_account(
            officer=enlist(new=NewOfficer(person=person, office=net.offices[office], since=START), by=by),
            user=user,
            by=by,
        )


def _project(net: Net, number: int, by: Viewer) -> Activity:
    year = today().year
    bodies = list(STATIONED)
    new = NewActivity(
        kind=Activity.Kind.PROJECT,
        year=year,
        code=f"XM{year}-{number:03d}",
        name=f"{PROBLEMS[number % len(PROBLEMS)][:4]}专项监督项目",
        lead=net.offices["第一监督检查室" if number % 2 else "第二监督检查室"],
        approved_on=date(year, 1, 10),
    )
    return open_activity(new=new, by=by, members=[net.offices[bodies[number % len(bodies)]]])


def _findings(net: Net, by: Viewer) -> None:
    chance = random.Random(SEED)  # noqa: S311 -- the same demo each time
    aspects = list(items(by, "aspect", today().year))
    for number, plan in enumerate(plan_year(chance, today())):
        project = net.projects[number % len(net.projects)]
        unit = net.units[chance.choice(list(net.units))]
        finding = moves.open_finding(
            new=NewFinding(
                subject=unit,
                problem=chance.choice(PROBLEMS),
                office=Office.objects.get(pk=project.owner_office_id),
                registered_on=plan.registered_on,
                activity=project,
                aspect=chance.choice(aspects),
                facts=f"抽查发现{unit.name}{chance.randint(2, 30)}件事项办理不规范。",
            ),
            by=by,
            note="演示数据",
        )
        _advance(finding, plan, by)


def _advance(finding: Finding, plan: Plan, by: Viewer) -> None:
    """Takes the finding as far as the plan says."""
    day = plan.registered_on
    note = "演示数据"
    if plan.stage >= 1:
        due = day + timedelta(days=plan.term_days)
        moves.assign(finding=finding, by=by, on=day, rectification=plan.rectification, due_on=due, note=note)
    if plan.stage >= 2:
        moves.receive(finding=finding, by=by, on=day, rectifier=Who(f"{finding.subject}经办人"), note=note)
        measures = [("制定整改方案,明确责任人和时间表。", day + timedelta(days=plan.term_days))]
        moves.report_plan(finding=finding, by=by, on=day, measures=measures, note=note)
    if plan.stage >= 3:
        moves.apply_to_close(finding=finding, by=by, on=plan.applied_on, note="已完成整改,申请销号。")
    if plan.stage >= 4:
        moves.verify(finding=finding, by=by, on=plan.applied_on, method="field", note=note, verifier=Who("王干部"))
