"""The city of the matrix: an account for each role, one without a role, and ten records around each of them."""

import itertools
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from tests.access.oracle import INTERNAL, NAMED, ROLES, SENSITIVE, Person, Thing, sees
from tests.world import START, SYSTEM, World, as_

from jiandu.base.accounts.models import User
from jiandu.base.audit.models import Entry
from jiandu.base.core.errors import Refused
from jiandu.base.files import store
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import approvals, moves, parts
from jiandu.loop.findings.services.approvals import Request
from jiandu.loop.findings.services.filing import add_evidence
from jiandu.loop.findings.services.repeats import say_repeat
from jiandu.loop.findings.states import Verb
from jiandu.loop.outcomes.services import NewMoney, record_recovery
from jiandu.net.access.deciding import Signature
from jiandu.net.access.persons import Who
from jiandu.net.access.services import assign_record, recuse
from jiandu.net.overseers.services import supervise
from jiandu.net.subjects.models import Organisation

COMMISSION, DISTRICT = "市纪委监委", "思明区纪委监委"
FIRST, SECOND, BODY = "第一监督检查室", "第二监督检查室", "驻市教育局纪检监察组"
OFFICES: dict[str, tuple[str, tuple[str, ...]]] = {
    COMMISSION: ("commission", (COMMISSION,)),
    FIRST: ("supervision", (COMMISSION, FIRST)),
    SECOND: ("supervision", (COMMISSION, SECOND)),
    "党风政风监督室": ("department", (COMMISSION, "党风政风监督室")),
    BODY: ("stationed", (COMMISSION, BODY)),
    DISTRICT: ("commission", (COMMISSION, DISTRICT)),
    "筼筜街道纪工委": ("town", (COMMISSION, DISTRICT, "筼筜街道纪工委")),
}
PLACES = {
    "leader": COMMISSION,
    "secretary": COMMISSION,
    "conduct_officer": "党风政风监督室",
    "case_supervisor": "党风政风监督室",
    "stationed_officer": BODY,
    "stationed_head": BODY,
    "district_officer": DISTRICT,
    "district_head": DISTRICT,
    "town_officer": "筼筜街道纪工委",
    "village_officer": "筼筜街道纪工委",
}
NOWHERE = {"unit_operator", "system_admin", "security_admin", "audit_admin"}
WATCHED, OTHER = "市教育局", "市财政局"
KINDS = (
    *("own", "foreign", "supervised", "assigned", "recused", "level 2", "level 3 named", "level 3", "closed"),
    "absent",
)
DAY = date(2022, 3, 1)


@dataclass(frozen=True)
class Record:
    """A finding of the matrix with what hangs on it, and what the oracle knows of it and of its project."""

    uid: UUID
    project: UUID
    parts: dict[str, UUID]
    finding: Thing
    activity: Thing
    word: str  # stands in every text of the finding
    project_word: str


@dataclass
class City:
    """People by name ("stranger" has not signed in), and the record of each kind around each of them."""

    people: dict[str, Person]
    users: dict[str, User]
    records: dict[tuple[str, str], Record]
    others: dict[str, Any] = field(default_factory=dict)

    def visible_words(self, name: str) -> set[bytes]:
        """Every word of the records that this person may see."""
        person, seen = self.people[name], set[bytes]()
        for record in self.records.values():
            seen |= {record.word.encode(), str(record.uid).encode()} if sees(person, record.finding) else set()
            seen |= (
                {record.project_word.encode(), str(record.project).encode()} if sees(person, record.activity) else set()
            )
        return seen

    def secret_uids(self) -> set[bytes]:
        """The keys of all records and projects."""
        return {str(uid).encode() for record in self.records.values() for uid in (record.uid, record.project)}


def build(roles: tuple[str, ...] = ROLES) -> City:
    """Everything through services."""
    world = World()
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    for name, (kind, path) in OFFICES.items():
        world.office(name, kind, path[-2] if len(path) > 1 else "")
    for unit in (WATCHED, OTHER):
        world.unit(unit)
    with as_(SYSTEM) as by:
        supervise(office=world.offices[BODY], organisation=world.units[WATCHED], since=START, by=by)
    people = {}
    for role in roles:
        people[role] = _person(world, role)
        world.users["书记"] = world.users["leader"]  # for whom secretaries act
    nobody = User(username="nobody", name="nobody")
    nobody.set_unusable_password()
    nobody.save()
    world.users["nobody"] = nobody
    people |= {"nobody": Person("nobody", ""), "stranger": Person("stranger", "")}
    numbers = itertools.count(1)
    city = City(people, world.users, {})
    for name, person in people.items():
        for kind in KINDS[:-1]:
            city.records[name, kind] = _record(world, person, kind, next(numbers))
    city.others["organisation"] = Organisation.objects.get(name=WATCHED).uid
    city.others["account"] = nobody.pk
    city.others["entry"] = Entry.objects.filter(verb="finding.instruct").order_by("seq")[0].seq  # it quotes the 批示
    city.others["absent"] = uuid4()
    return city


def _person(world: World, role: str) -> Person:
    office = "" if role in NOWHERE else PLACES.get(role, FIRST)
    unit = WATCHED if role == "unit_operator" else ""
    world.user(role, role, office=office, unit=unit)
    supervised = frozenset({WATCHED}) if office == BODY else frozenset[str]()
    return Person(role, role, OFFICES[office][1] if office else (), unit, supervised)


def _record(world: World, person: Person, kind: str, number: int) -> Record:
    home = person.office[-1] if person.office else FIRST
    office = SECOND if kind in {"foreign", "supervised", "assigned", "level 3 named"} else home
    unit = WATCHED if kind == "supervised" or person.unit else OTHER
    level = {"level 2": SENSITIVE, "level 3": NAMED, "level 3 named": NAMED}.get(kind, INTERNAL)
    word, project_word = f"QF{number:04d}Z", f"QP{number:04d}Z"
    project = world.project(office=office, name=f"项目{project_word}")
    given = {"activity": project, "office": office, "unit": unit, "level": level, "problem": f"问题{word}"}
    finding = world.rectifying(**given, on=DAY)
    hung = _parts(world, finding, word, given)
    if kind == "closed":
        _close(world, finding)
    user = world.users.get(person.name)
    names = _names(finding, user, kind)
    path, own = OFFICES[office][1], frozenset({person.name})
    thing = Thing(
        "finding",
        path,
        unit,
        level,
        True,
        own if names == "named" else frozenset(),
        own if names == "recused" else frozenset(),
    )
    return Record(finding.uid, project.uid, hung, thing, Thing("activity", path), word, project_word)


def _names(finding: Finding, user: User | None, kind: str) -> str:
    """Opens the record to the person by name, or closes it; what was done."""
    if user is None or kind not in {"assigned", "level 3 named", "recused"}:
        return ""
    with as_(SYSTEM) as by:
        if kind == "recused":
            recuse(thing=finding, user=user, by=by)
            return "recused"
        try:
            assign_record(thing=finding, user=user, by=by)
        except Refused:  # a role that may take no record
            return ""
    return "named"


def _parts(world: World, finding: Finding, word: str, given: dict[str, Any]) -> dict[str, UUID]:
    """One of each that hangs on a finding."""
    again = _earlier(world, given)
    with as_(SYSTEM) as by:
        moves.report_plan(finding=finding, by=by, on=DAY, measures=[(f"措施{word}", None)], note="测试")
        new = parts.NewInstruction("书记", DAY, f"批示{word}", world.offices[given["office"]])
        instruction = parts.instruct(finding=finding, by=by, new=new)
        evidence = add_evidence(finding=finding, by=by, stored=store.keep([word.encode()]), name=f"{word}.txt")
        money = record_recovery(finding=finding, by=by, new=NewMoney(100, DAY, account=word))
        repeat = say_repeat(finding=finding, earlier=again, by=by)
        approval = approvals.ask(
            finding=finding, by=by, request=Request(Verb.EXTEND, f"延期{word}", DAY, new_due_on=date(2099, 1, 1))
        )
    made = {"instructions": instruction, "file": evidence, "money": money, "repeats": repeat, "approvals": approval}
    return {name: row.uid for name, row in made.items()}


def _earlier(world: World, given: dict[str, Any]) -> Finding:
    """A finding of the same place and level, without a word; one for all."""
    problem = f"旧问题{given['level']}"
    with as_(SYSTEM):
        place = {"owner_office": world.offices[given["office"]], "subject": world.units[given["unit"]]}
        found = Finding.objects.filter(problem=problem, **place).first()
    return found or world.finding(**{**given, "problem": problem})


def _close(world: World, finding: Finding) -> None:
    with as_(SYSTEM) as by:
        moves.apply_to_close(finding=finding, by=by, on=DAY, note="已完成整改")
        moves.verify(finding=finding, by=by, on=DAY, method="field", note="测试", verifier=Who("核验人乙"))
        signature = Signature(is_granted=True, on=DAY, opinion="同意")
        approvals.decide(approval=finding.approvals.get(verb=Verb.APPROVE), by=by, signature=signature)
