"""问题抄报 and the grain campaign of the reference year, with sheets that were not signed, not delivered or taken back."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import items
from jiandu.demo.reference.places import START, YEAR, Places
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.moves import NewFinding, open_finding
from jiandu.loop.findings.states import EXCLUDED
from jiandu.loop.instruments.models import Instrument, InstrumentInstruction
from jiandu.loop.instruments.services import answering, serving, signing
from jiandu.loop.instruments.services.drafting import NewInstrument, draft, withdraw
from jiandu.loop.outcomes.services import NewRule, record_rule, record_rule_of
from jiandu.net.access.deciding import Signature
from jiandu.net.access.instructing import NewInstruction, answer_instruction, instruct
from jiandu.net.subjects.models import Organisation, Person, Post
from jiandu.net.subjects.services import (
    NewOrganisation,
    NewPost,
    appoint,
    put_in_charge,
    register_organisation,
    register_person,
)
from jiandu.sources.activities.models import Activity, ActivityInstruction
from jiandu.sources.activities.services.campaigns import NewSelfCheck, self_check
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.sources.activities.services.rounds import NewVisit, visit

As = Callable[[str], Viewer]
Kind = Instrument.Kind
RECIPIENTS, REPORTED, PAIRS = 6, 32, 3  # leaders; findings; sheets that carry two
PROPOSALS = (Kind.JOINT, Kind.JOINT, Kind.SUPERVISION, Kind.DISCIPLINE, Kind.SUPERVISION)
RULES, OF_FINDINGS = 48, 18
BEGUN, LAST = date(YEAR, 1, 12), date(YEAR, 12, 31)
DAY = timedelta(days=1)
ADVICE = "请督促责任单位专题研究，举一反三，限期整改并健全制度。"


def run_papers(places: Places, by: Viewer, as_: As) -> None:
    """The copy-reports, then the campaigns."""
    _copy_reports(places, by, as_)
    _campaigns(places, by, as_)


def _copy_reports(places: Places, by: Viewer, as_: As) -> None:
    """Six leaders, thirty-two findings; to one unit two leaders are in charge, one finding is reported twice."""
    secretary = _secretary(by)
    put_in_charge(leader=places.mayors[1], organisation=places.departments[0], since=START, by=by)
    found = {number: _of_mayor(places, number) for number in range(len(places.mayors))}
    left = REPORTED
    for place in range(REPORTED):
        if not left:
            break
        mayor = place % RECIPIENTS
        size = 2 if place < PAIRS else 1
        listed = [next(found[mayor]) for _ in range(size)]
        one = _sheet(by, as_, listed, places.mayors[mayor], _after(listed))
        left -= size
        _answered(one, by, place, secretary)
    again = _first_of(places.departments[0])
    one = _sheet(by, as_, [again], places.mayors[0], date(YEAR, 12, 20))
    serving.deliver_to_leader(instrument=one, by=by, on=date(YEAR, 12, 21), leader=places.mayors[1])
    _noise(places, by, as_, found)


def _secretary(by: Viewer) -> Person:
    """The principal of the Party committee, to whom copies go."""
    committee = register_organisation(new=NewOrganisation(name="市委"), by=by)
    person = register_person(name="市委主要负责人", by=by)
    appoint(new=NewPost(person=person, organisation=committee, title="书记", kind=Post.Kind.HEAD, since=START), by=by)
    return person


def _of_mayor(places: Places, number: int) -> Iterator[Finding]:
    """Findings of the year's projects in the departments of a mayor, whatever became of them but those left out."""
    units = [unit for place, unit in enumerate(places.departments) if place % len(places.mayors) == number]
    for unit in units:
        yield from _findings_of(unit)


def _findings_of(unit: Organisation) -> list[Finding]:
    """One sheet is about one unit: they come in pairs of the same."""
    rows = Finding.objects.filter(source=Activity.Kind.PROJECT, subject=unit).exclude(state__in=sorted(EXCLUDED))
    early = rows.filter(registered_on__lte=date(YEAR, 11, 15)).select_related("owner_office", "subject")
    return list(early.order_by("registered_on", "pk")[:6])


def _first_of(unit: Organisation) -> Finding:
    return _findings_of(unit)[0]


def _after(listed: list[Finding]) -> date:
    return max(finding.registered_on for finding in listed) + timedelta(days=20)


def _drafted(by: Viewer, listed: list[Finding], on: date) -> Instrument:
    first = listed[0]
    new = NewInstrument(
        kind=Kind.COPY_REPORT,
        title=first.problem,
        office=first.owner_office,
        subject=first.subject,  # type: ignore[arg-type]
        drafted_on=on,
        issuer="市纪委监委",
        source="项目化监督",
        advice=ADVICE,
        findings=listed,
    )
    return draft(new=new, by=by)


def _signed(by: Viewer, as_: As, one: Instrument, on: date) -> Instrument:
    row = signing.submit(instrument=one, by=by, on=one.drafted_on)
    with guard.acting(as_("leader")) as leader:
        signing.decide(sign_off=row, by=leader, signature=Signature(is_granted=True, on=on, opinion="同意"))
    return one


def _sheet(by: Viewer, as_: As, listed: list[Finding], leader: Person, on: date) -> Instrument:
    one = _signed(by, as_, _drafted(by, listed, on - 3 * DAY), on - DAY)
    serving.deliver_to_leader(instrument=one, by=by, on=on, leader=leader)
    return one


def _answered(one: Instrument, by: Viewer, place: int, secretary: Person) -> None:
    """Copies to the Party committee count nobody; most are seen, answered and closed, some are not."""
    on = one.deliveries.get().on
    if place % 4 == 0:
        serving.copy_to(instrument=one, by=by, on=on, person=secretary)
    if place % 5 == 4:
        return
    handed = one.deliveries.get(to="leader")
    verb, note = ("instruct", "请责任单位认真整改，限期见效。") if place % 2 else ("circle", "")
    serving.endorse(delivery=handed, by=by, verb=verb, on=on + 2 * DAY, note=note)
    answering.tell(instrument=one, by=by, verb="study", on=on + 3 * DAY, note="召开班子会议研究部署")
    done = "召开专题会议研究，逐项制定措施，已完成整改并修订制度。"
    reply = answering.NewReply(on + 10 * DAY, done, "已整改到位", "整改报告及佐证材料", "单位主要负责人")
    answering.reply(instrument=one, by=by, new=reply)
    answering.close(instrument=one, by=by, on=on + 15 * DAY, note="经核验，整改属实")


def _noise(places: Places, by: Viewer, as_: As, found: dict[int, Iterator[Finding]]) -> None:
    """What no figure of the year counts: taken back, delivered in January, never delivered, never signed."""
    back = _sheet(by, as_, [next(found[6])], places.mayors[6], date(YEAR, 10, 10))
    withdraw(instrument=back, by=by, reason="内容有误，已收回", on=date(YEAR, 11, 20))
    _sheet(by, as_, [next(found[7])], places.mayors[7], date(YEAR + 1, 1, 6))
    _signed(by, as_, _drafted(by, [next(found[7])], date(YEAR, 12, 28)), date(YEAR, 12, 30))
    _drafted(by, [next(found[6])], date(YEAR, 12, 15))


def _campaigns(places: Places, by: Viewer, as_: As) -> None:
    """粮食购销, and another field beside it."""
    fields = {item.code: item for item in items(by, "field", YEAR)}
    grain = _campaign(places, by, "粮食购销领域专项整治", fields["grain"])
    tenders = _campaign(places, by, "工程招投标领域专项整治", fields["tenders"])
    units = [places.enterprises[5], *places.departments[7:15]]
    for place, unit in enumerate(units):
        on = BEGUN + timedelta(days=30 + place)
        self_check(activity=grain, by=by, new=NewSelfCheck(unit, on, 3 + place % 4, 2, "对照清单逐项自查"))
        visit(activity=grain, by=by, new=NewVisit(unit, on + 40 * DAY, place=unit.name, note="抽查出入库台账"))
    for place, kind in enumerate(PROPOSALS):
        on = date(YEAR, (4, 5, 6, 8, 12)[place], 12)
        _adopted(by, _proposal(by, as_, grain, kind, units[place], on), on)
    for place, kind in enumerate((Kind.REMINDER, Kind.REMINDER, Kind.NOTICE)):
        _proposal(by, as_, grain, kind, units[place], date(YEAR, 5 + place, 16))
    _proposal(by, as_, grain, Kind.JOINT, units[6], date(YEAR + 1, 1, 10))
    letter = _proposal(by, as_, tenders, Kind.JOINT, units[7], date(YEAR, 8, 8))
    _noted(by, InstrumentInstruction(instrument=letter), "请跟踪建议书落实情况，按月报告。")
    row = _noted(by, ActivityInstruction(activity=grain), "请举一反三，年底前拿出制度成果。")
    answer_instruction(row=row, by=by, on=LAST, answer="已修订储备轮换等制度并印发。")
    back = _proposal(by, as_, grain, Kind.JOINT, units[5], date(YEAR, 7, 4))
    withdraw(instrument=back, by=by, reason="改以提醒函制发", on=date(YEAR, 7, 20))
    draft(new=_letter(grain, Kind.JOINT, units[8], date(YEAR, 12, 12)), by=by)
    _rules(by, grain, tenders, units)


def _noted(by: Viewer, row: Any, text: str) -> Any:
    """What the leader wrote in August, given to the office whose record it is for two months."""
    on, office = date(YEAR, 8, 15), getattr(row, row.root_field).owner_office
    return instruct(row=row, by=by, new=NewInstruction("李书记", on, text, office, on + 60 * DAY))


def _campaign(places: Places, by: Viewer, name: str, field: Item) -> Activity:
    new = NewActivity(
        kind=Activity.Kind.CAMPAIGN,
        year=YEAR,
        code=f"ZX{YEAR}-{field.code}",
        name=name,
        lead=places.supervision[1],
        approved_on=BEGUN,
        plan="单位自查、重点抽查、查处问题、以案促改、建章立制，分步推进。",
        field=field,
    )
    return open_activity(new=new, by=by)


def _letter(activity: Activity, kind: str, unit: Organisation, on: date) -> NewInstrument:
    return NewInstrument(
        kind=kind,
        title="规范储备轮换和资金管理",
        office=activity.owner_office,
        subject=unit,
        drafted_on=on,
        issuer="市纪委监委",
        activity=activity,
        source=activity.name,
        facts="轮换计划执行不严，出入库手续不全。",
        causes="制度不健全，日常监管不到位。",
        suggestions=["健全轮换和出入库制度。", "加强资金监管和日常检查。"],
    )


def _proposal(by: Viewer, as_: As, activity: Activity, kind: str, unit: Organisation, on: date) -> Instrument:
    return serve(by, as_, _letter(activity, kind, unit, on - 5 * DAY), on)


def serve(by: Viewer, as_: As, new: NewInstrument, on: date) -> Instrument:
    """Drafted, signed, numbered, and brought to the unit on that day."""
    one = _signed(by, as_, draft(new=new, by=by), on - 2 * DAY)
    word = "市纪监建" if new.kind in Instrument.PROPOSALS else "市纪监函"
    signing.give_number(instrument=one, by=by, word=word, year=on.year, serial=signing.next_serial(word, on.year))
    serving.deliver_to_unit(instrument=one, by=by, on=on, receiver="办公室")
    return one


def _adopted(by: Viewer, one: Instrument, on: date) -> None:
    """Every suggestion adopted, verified, and the letter cancelled."""
    for suggestion in one.suggestions.order_by("pk"):
        answer = answering.answer(
            suggestion=suggestion, by=by, kind="adopted", on=on + 20 * DAY, text="已修订制度并落实"
        )
        answering.verify(answer=answer, by=by, on=on + 35 * DAY, note="现场核验")
    answering.close(instrument=one, by=by, on=on + 40 * DAY, note="建议均已采纳并落实")


def _rules(by: Viewer, grain: Activity, tenders: Activity, units: list[Organisation]) -> None:
    """Thirty because of the campaign, eighteen because of what it found; linked twice, issued in January, of another field."""
    found = [_found(by, grain, unit, place) for place, unit in enumerate(units)]
    for place in range(RULES):
        on = min(date(YEAR, 3, 1) + timedelta(days=6 * place), LAST)
        new = NewRule(f"粮食购销管理制度（{place + 1}）", str(units[place % len(units)]), on)
        if place < OF_FINDINGS:
            record_rule(finding=found[place % len(found)], by=by, new=new)
        if place >= OF_FINDINGS or place % 6 == 0:
            record_rule_of(origin=grain, by=by, new=new)
    record_rule_of(origin=grain, by=by, new=NewRule("粮食购销廉政风险防控办法", str(units[0]), date(YEAR + 1, 1, 18)))
    record_rule_of(origin=tenders, by=by, new=NewRule("招投标监督办法", str(units[1]), date(YEAR, 9, 9)))


def _found(by: Viewer, grain: Activity, unit: Organisation, place: int) -> Finding:
    new = NewFinding(
        subject=unit,
        problem="储备轮换、出入库和资金管理不规范",
        office=grain.owner_office,
        registered_on=BEGUN + timedelta(days=75 + place),
        activity=grain,
        facts=f"抽查发现{place + 2}笔业务手续不全。",
    )
    return open_finding(new=new, by=by)
