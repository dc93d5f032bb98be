"""What stands in the registers beside the ledger of the city in the browser: rounds and talks, estates, checks, the grid."""

import io
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from tests.e2e.city import CLERK, OFFICER, VERIFIER, hole

DISTRICT = "区纪委书记"
PETITIONS = "信访甲"
CASES, CASE_OFFICE = "案管干部", "案件监督管理室"
PASSPHRASE = "shan gao yue xiao shui luo shi chu"


def fill(world: Any) -> dict[str, Any]:
    """One or more of each, through the pages; where they stand."""
    made = {**_rounds(world), **_estates(world), **_rosters(world), **_contact(world), **_rule(world)}
    made |= {**_papers(world), **_topics(world), **_grassroots(world), **_portraits(world), **_collectives(world)}
    made |= {**_handover(world), **_forms(world), **_joints(world), **_petitions(world), **_notices(world)}
    checks = _crosscheck(world)
    return {**made, **checks, **{name: made[name] + checks[name] for name in ("more jobs", "more kinds")}}


def _crosscheck(world: Any) -> dict[str, Any]:
    """A run over two tables with an alert of each colour and state that a page shows in another way."""
    from jiandu.base.jobs.models import Job
    from jiandu.sources.crosscheck.models import LinkPair, RuleRun
    from jiandu.sources.crosscheck.services import links, triage
    from jiandu.sources.crosscheck.services.runs import How
    from tests.crosscheck import villages
    from tests.world import SYSTEM, as_

    world.unit(villages.UNIT)
    villages.write(found=villages.rows(occupied=3))
    run = villages.ran(world)
    held = villages.alerts(world, rule="SZ-10")
    with as_(world.viewer(OFFICER)) as by:
        triage.dispose(alert=held[1], by=by, verb="rectify", on=villages.DAY, note="已腾退")
    villages.write("承租人名册", villages.unsure())
    villages.ran(world, dataset="承租人名册", rules=("SZ-12",), how=How(link=True))
    with as_(SYSTEM):
        dataset = RuleRun.objects.prefetch_related("dataset").get(pk=run.pk).dataset
        job = Job.objects.filter(kind="crosscheck").earliest("pk")
        pairs = list(LinkPair.objects.order_by("code"))
    with as_(world.viewer(OFFICER)) as by:
        links.decide(pair=pairs[1], by=by, verb="another", on=villages.DAY, note="出生年份不符")
    brought = [_brought(world, "报来的资产", "2021-06-01"), _brought(world, "填错的资产", "不详")]
    place = "desk/crosscheck/"
    return {
        place: [hole(OFFICER, uid=one.uid) for one in held[:2]],
        f"{place}links/": [hole(OFFICER, uid=one.uid) for one in pairs],
        f"{place}runs/": [hole(OFFICER, uid=run.uid)],
        f"{place}datasets/": [hole(OFFICER, uid=dataset.uid)],
        f"{place}rules/": [hole(OFFICER, rule="SZ-01")],
        "more jobs": [hole(OFFICER, uid=each.uid) for each in (job, *brought)],
        "more kinds": [job.kind, brought[0].kind],
    }


def _brought(world: Any, name: str, since: str) -> Any:
    """Tables that came by hand: with a number that cannot be right, or with a day that is none."""
    from jiandu.sources.crosscheck import jobs
    from jiandu.sources.crosscheck.services.bringing import File, NewTables, ask_bring
    from tests.crosscheck import villages
    from tests.world import as_

    head = "资产编号,村居,使用状态,状态起始,使用人证件,备注"
    row = f"XB-1,{villages.UNIT},闲置,{since},110101199001010014,"
    files = [File("集体资产.csv", io.BytesIO(f"{head}\n{row}\n".encode()))]
    with as_(world.viewer(OFFICER)) as by:
        job = ask_bring(new=NewTables(world.offices[villages.OFFICE], name, villages.DAY, files), by=by)
    jobs.bring_tables.call(job.pk)
    return job


def _petitions(world: Any) -> dict[str, Any]:
    """A named report that a room handles, with a draft beside it; an envelope for a superior; somebody who asked."""
    from jiandu.results.alarms.services import look_at_week
    from jiandu.sources.petitions.models import CaseNotice, Meddling, SuperiorReceipt
    from tests.petitions import city as cities
    from tests.surfaces.desk.test_contact import only
    from tests.surfaces.desk.test_findings import client_of
    from tests.world import as_

    cities.furnish(world)
    clerk, place = client_of(world, PETITIONS), "/desk/petitions/"
    handled = cities.accepted(world, cities.named(world, way="visit", unit="市财政局"))
    waiting = cities.registered(world, named="unverified", is_urgent=True)
    cities.drafted(world, waiting)
    office = world.offices[cities.OFFICE].pk
    taken = {"received_on": "2022-03-01", "envelope": "密封〔2022〕3号", "way": "letter", "office": office}
    assert clerk.post(f"{place}superior/take/", taken).status_code == 303
    asked = {"on": "2022-03-02", "manner": "asking", "who": "某副局长", "office": office}
    assert clerk.post(f"{place}{handled.uid}/meddling/", asked).status_code == 303
    _noticed_and_read(world, clerk, f"{place}{handled.uid}/")
    for number in range(9):
        cities.registered(world, on=date(2022, 3, 7), unit="市财政局", people=number + 1)
    with as_(world.viewer(PETITIONS)) as by:
        alarm, *_others = look_at_week(office=world.offices[cities.OFFICE], week=date(2022, 3, 7), by=by)
    return {
        **_bulletins(world),
        **_senders(world),
        **_lists(world),
        "desk/petitions/<uuid:uid>/files/": [hole(who=PETITIONS, **_online(world))],
        "desk/petitions/alarms/": [hole(who=PETITIONS, uid=alarm.uid)],
        "desk/petitions/": [hole(who=PETITIONS, uid=one.uid, paper="proposal") for one in (handled, waiting)],
        "desk/petitions/notices/received/": [hole(who=CASES, uid=only(CaseNotice).uid)],
        "desk/petitions/superior/": [hole(who=PETITIONS, uid=only(SuperiorReceipt).uid)],
        "desk/petitions/meddling/": [hole(who=PETITIONS, uid=only(Meddling).uid)],
    }


def _noticed_and_read(world: Any, clerk: Any, item: str) -> None:
    """Case supervision is told of it; two readers had its papers, one has them still."""
    told = {"on": "2022-03-01", "office": world.offices[CASE_OFFICE].pk, "receiver": CASES}
    assert clerk.post(f"{item}notify/", told).status_code == 303
    given = {"on": "2022-03-01", "due_on": "2022-03-04", "paper": "proposal", "copies": "1", "granted_by": "书记"}
    for reader in ("李书记", "张常委"):
        assert clerk.post(f"{item}read/", given | {"reader": reader}).status_code == 303
    from jiandu.sources.petitions.models import Reading
    from tests.world import SYSTEM, as_

    with as_(SYSTEM):
        first = Reading.objects.earliest("pk").pk
    back = {"on": "2022-03-02", "words": "请第一室核查"}
    assert clerk.post(f"{item}read-back/?on={first}", back).status_code == 303


def _lists(world: Any) -> dict[str, Any]:
    """A list out of the folder, with a row that could not be taken; a district's clerk whose key of what is told can be opened."""
    import os

    from django.conf import settings

    from jiandu.net.vaults.services import enrol, make_office_key
    from jiandu.sources.petitions import inbox
    from jiandu.sources.petitions.lists import PetitionList
    from tests.petitions import city as cities
    from tests.petitions.test_sheet import LEDGER, ROW, csv
    from tests.surfaces.desk.test_contact import only
    from tests.world import SYSTEM, as_

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / cities.OFFICE
        place.mkdir()
        os.utime(csv(place / "平台导出20220401.csv", [LEDGER, ROW, ("J3", "2022-13-45", *ROW[2:])]), (1e9, 1e9))
        settings.PETITIONS_INBOX = folder
        inbox.take_what_came()
    with as_(SYSTEM) as by:
        clerk = world.users["区信访"]
        enrol(user=clerk, passphrase=PASSPHRASE, by=by)
        make_office_key(office=world.offices[cities.DISTRICT_OFFICE], compartment="content", members=[clerk], by=by)
    uid = only(PetitionList).uid
    return {
        "desk/petitions/lists/": [hole(who=PETITIONS, uid=uid)],
        "desk/petitions/lists/import/": [hole(who=PETITIONS, uid=uid, which="sample")],
    }


def _joints(world: Any) -> dict[str, Any]:
    """A check of a unit that goes on the day of another office's round, which is asked; a clash beside it."""
    from jiandu.sources.activities.models import Activity
    from tests.activities.test_joining import SOON, joined
    from tests.surfaces.desk.test_schedule import linked
    from tests.world import SYSTEM, as_

    row, _other, joint = joined(world)
    linked(world, on=SOON)
    linked(world, unit="市教育局", on=SOON)
    with as_(SYSTEM):
        check = Activity.objects.get(pk=row.activity_id)
    return {
        "arrangements": str(check.uid),
        "desk/schedule/of/": [hole(uid=check.uid)],
        "desk/schedule/joints/": [hole(uid=joint.uid)],
    }


def _online(world: Any) -> dict[str, Any]:
    """A report from the portal with a file, taken in."""
    from uuid import UUID

    from jiandu.base.intake.models import Side
    from jiandu.base.intake.services.keys import NewKeys, publish_keys
    from jiandu.base.sealing.suites import PrivateKey
    from jiandu.sources.petitions import intake, vault
    from jiandu.sources.petitions.models import Petition
    from tests.intake.reports import Desk, file, sealed
    from tests.petitions.city import OFFICE
    from tests.world import SYSTEM, as_

    office, own = world.offices[OFFICE], PrivateKey.new().public.text
    publish_keys(keys=[NewKeys(office.uid, OFFICE, Side.OWN, (vault.installation_key().public.text,), (own,))])
    file(Desk(office=office.uid), files=[sealed("合同.pdf", b"%PDF-1.7")])
    intake.take_in_all()
    with as_(SYSTEM):
        petition = Petition.objects.latest("pk")
        content = vault.content_of(petition, None)
    assert content is not None
    return {"uid": petition.uid, "file": UUID(content.files[0]["uid"])}


def _senders(world: Any) -> dict[str, Any]:
    """A custodian asked to open who sent a petition, and another consented; one request waits."""
    from jiandu.base.core.clock import today
    from jiandu.sources.petitions.services import opening
    from tests.petitions import city as cities
    from tests.world import as_

    for name in ("保管员", "保管员乙"):
        world.user(name, "identity_custodian", office=cities.OFFICE)
    made = []
    for _ in range(2):
        petition = cities.named(world)
        with as_(world.viewer("保管员")) as by:
            new = opening.NewOpening(world.offices[cities.OFFICE], petition.code, "verify", "办公会纪要第3号", hours=24)
            made.append(opening.ask(new=new, by=by))
    with as_(world.viewer("保管员乙")) as by:
        opening.decide(opening=made[0], by=by, is_granted=True, on=today())
    return {"desk/petitions/senders/": [hole(who="保管员", uid=made[0].uid)]}


def _bulletins(world: Any) -> dict[str, Any]:
    """A bulletin that was kept, shown to a leader and sent to a room, which signed for it; one that is still a draft."""
    from jiandu.base.core.clock import today
    from jiandu.net.access.instructing import NewInstruction, instruct
    from jiandu.results.bulletins import drafting, sending
    from jiandu.results.bulletins.models import BulletinInstruction
    from jiandu.results.digests.periods import Kind, Period
    from tests.petitions.city import OFFICE, ROOM
    from tests.world import as_

    made = []
    with as_(world.viewer(PETITIONS)) as by:
        for month in (3, 4):
            new = drafting.NewBulletin(world.offices[OFFICE], Period(Kind.MONTH, 2022, month))
            made.append(drafting.draft(new=new, by=by))
        drafting.write_remarks(bulletin=made[0], by=by, text="来信集中在一个单位，建议开展提醒谈话。")
        kept = drafting.keep(bulletin=made[0], by=by, on=today())
        drafting.show_to(bulletin=kept, by=by, leader=world.users["书记"])
        to = sending.NewAdvisory(today(), office=world.offices[ROOM], asked="请研究提醒措施", due_on=today())
        advisory = sending.send(about=kept, by=by, new=to)
        again = drafting.NewBulletin(world.offices[OFFICE], Period(Kind.WEEK, 2022, 9))
        made.append(drafting.keep(bulletin=drafting.draft(new=again, by=by), by=by, on=today()))
    with as_(world.viewer("书记")) as by:
        note = NewInstruction("书记", today(), "请一室提出意见", world.offices[ROOM], today())
        instruct(row=BulletinInstruction(bulletin=kept), by=by, new=note)
    with as_(world.viewer("干部甲")) as by:
        sending.receive(advisory=advisory, by=by, on=today())
    return {
        "desk/petitions/bulletins/papers/": [hole(who=PETITIONS, uid=one.uid) for one in (kept, *made[1:])],
        "desk/petitions/advisories/": [hole(who=who, uid=advisory.uid) for who in ("干部甲", PETITIONS)],
    }


def _notices(world: Any) -> dict[str, Any]:
    """公开稿 in each state that its page shows in another way: with and without what is personal, public, gone."""
    from jiandu.results.publications import services
    from tests.publications.publishing import asked, does, drafted, published, recalled

    made = [
        drafted(world, text="举报电话13812345678，张某受到处分。"),
        asked(world, text="举报电话13812345678，张某受到处分。", explanation="举报电话依法公开"),
        published(world),
        does(world, OFFICER, published(world), services.ask_recall, reason="内容有误"),
        recalled(world, published(world)),
    ]
    who = (OFFICER, "主任甲", OFFICER, "主任甲", OFFICER)
    return {"desk/publications/": [hole(name, uid=row.uid) for name, row in zip(who, made, strict=True)]}


def _rounds(world: Any) -> dict[str, Any]:
    """A round of 委领导挂钩监督 at work, and a talk that was held on it."""
    from jiandu.net.subjects.models import Post
    from jiandu.net.subjects.services import NewPost, appoint, register_person
    from jiandu.sources.activities.models import LinkedUnit, Team
    from jiandu.sources.talks.models import ClueHandover, Talk, TalkPlan
    from tests.surfaces.desk.test_findings import client_of
    from tests.surfaces.desk.test_rounds import only, opened
    from tests.world import SYSTEM, as_

    with as_(SYSTEM) as by:
        head = NewPost(
            person=register_person(name="张局", by=by),
            organisation=world.units["市教育局"],
            title="局长",
            kind=Post.Kind.HEAD,
            since=date(2021, 1, 1),
        )
        appoint(new=head, by=by)
    officer = client_of(world, OFFICER)
    place = opened(world, officer)
    office = world.offices["第一监督检查室"].pk
    talk = {"kind": "proactive", "on": "2022-03-11", "theme": "履职情况", "office": office, "people": "张局"}
    for act, said in (
        ("start/", {"on": "2022-03-01"}),
        ("points/", {"texts": "服务中心大局\n破解难题旧账"}),
        ("team/", {"name": "第一组", "leader": "书记", "members": OFFICER}),
    ):
        assert officer.post(place + act, said).status_code == 303, act
    linked = officer.post(
        f"{place}link/?on={only(Team).pk}", {"units": "市教育局\n市财政局", "planned_on": "2022-03-10"}
    )
    assert linked.status_code == 303
    unit = only(LinkedUnit, organisation=world.units["市教育局"]).pk
    assert officer.post(f"{place}visit/?on={unit}", {"on": "2022-03-11", "place": "市教育局"}).status_code == 303
    said = {**talk, "officers": f"{OFFICER}、{VERIFIER}", "activity": place.split("/")[-2]}
    assert officer.post("/desk/talks/hold/", said).status_code == 303
    ahead = {**talk, "on": "2099-01-01", "officers": f"{OFFICER}、{VERIFIER}", "outline": "一、履职情况"}
    assert officer.post("/desk/talks/plan/", ahead).status_code == 303
    one, held = place.split("/")[-2], only(Talk).uid
    world.user("案管干部", "case_supervisor", office=world.office("案件监督管理室", "department", "市纪委监委").name)
    clue = {"on": "2022-03-12", "receiver": world.offices["案件监督管理室"].pk, "envelope": "密封〔2022〕3号"}
    assert officer.post(f"/desk/talks/{held}/clues/hand-over/", clue).status_code == 303
    return {
        "desk/rounds/": [hole(uid=one)],
        "desk/papers/": [hole(OFFICER, kind="record"), hole(OFFICER, kind="letter")],
        "desk/d/": [hole(opens=1, uid=one, leaf=1)],  # what the QR of a blank record of a visit opens
        "desk/rounds/<uuid:uid>/papers/": [hole(uid=one, paper="plan")],
        "desk/talks/": [hole(uid=held)],
        "desk/talks/<uuid:uid>/papers/": [hole(uid=held, paper="outline")],
        "desk/talks/clues/<uuid:uid>/": [hole(uid=only(ClueHandover).uid)],
        "desk/talks/plans/<uuid:uid>/": [hole(uid=only(TalkPlan).uid)],
        "desk/talks/import/": [hole(book="talks")],
        "desk/rounds/import/": [hole(book="division")],
    }


def _estates(world: Any) -> dict[str, Any]:
    """小区公共收益: an estate with a posting and a statement, a department's sheet."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from jiandu.base.core.clock import today
    from jiandu.sources.ledgers import duty
    from jiandu.sources.ledgers.models import Estate, Posting, Report
    from tests.ledgers.estates import OFFICE
    from tests.ledgers.test_coverage import PERIOD, book, good
    from tests.surfaces.desk.test_findings import client_of
    from tests.surfaces.desk.test_rounds import only
    from tests.world import SYSTEM, as_

    client, office, period = client_of(world, DISTRICT), world.offices[OFFICE].pk, duty.latest_due(today())
    new = {"code": "XQ9", "name": "乙小区", "place": "350203009", "office": office, "body_kind": "property"}
    assert client.post("/desk/estates/register/", {**new, "since": "2021-01-01"}).status_code == 303
    place = f"/desk/estates/{only(Estate).uid}/"
    photo = SimpleUploadedFile("照片.jpg", b"\xff\xd8\xff" + b"x" * 50)
    up = {"period": period.isoformat(), "channel": "on_site", "is_detailed": "yes", "posted_on": duty.due_on(period)}
    assert client.post(f"{place}post/", {**up, "place": "南门公告栏", "photo": photo}).status_code == 303
    sums = {"opening_fen": "100", "income_fen": "50", "expense_fen": "20", "closing_fen": "125"}
    said = {"period": period.isoformat(), **sums, "lines": "收入 广告 50 某传媒\n支出 税费 20"}
    assert client.post(f"{place}state/", said).status_code == 303
    shown = only(Posting).uid
    with tempfile.TemporaryDirectory() as folder, as_(SYSTEM):
        sheet = book(Path(folder) / "in.xlsx", good(), facts=(PERIOD,)).read_bytes()
    given = {"office": office, "department": "市财政局", "as_of": "2022-11-30"}
    file = SimpleUploadedFile("11月.xlsx", sheet)
    assert client.post("/desk/estates/take/", {**given, "file": file}).status_code == 303
    uid = place.split("/")[-2]
    return {
        "desk/estate-statements/import/": [hole(DISTRICT, book="estate-statements")],
        "desk/estates/": [hole(DISTRICT, uid=uid)],
        "desk/estates/<uuid:uid>/photos/": [hole(DISTRICT, uid=uid, posting=shown)],
        "desk/estate-reports/": [hole(DISTRICT, uid=only(Report).uid)],
    }


def _grassroots(world: Any) -> dict[str, Any]:
    """A village checked by the list with a problem in the ledger, an asset looked back at, a grid cell, a training."""
    from jiandu.base.lexicon.selectors import items
    from jiandu.loop.findings.models import Finding
    from jiandu.loop.grassroots.models import Answer, Checklist, GridCell, Meeting
    from jiandu.loop.grassroots.services.checklists import load_checklists
    from tests.surfaces.desk.test_findings import client_of
    from tests.surfaces.desk.test_grassroots import TOWN, inspected, number, only, opened
    from tests.world import SYSTEM, as_

    world.unit("西滨村")
    with as_(SYSTEM) as by:
        load_checklists(by=by)
        kind = items(by, "grid_worker", 2022)[0].pk
    client, office = client_of(world, DISTRICT), world.offices[TOWN].pk
    town = client_of(world, "街道干部")
    place = opened(world, town)
    page = inspected(town, place)
    assert town.post(f"{page}answer/?on={number(15)}", {"result": "problem", "note": "坐支租金"}).status_code == 303
    assert town.post(f"{page}rest/").status_code == 303
    problem = only(Answer, result="problem").pk
    assert town.post(f"{page}take/?on={problem}", {"on": "2022-05-11"}).status_code == 303
    with as_(SYSTEM):
        finding = Finding.objects.order_by("-pk")[0].uid
    look = {"asset": "店面", "stage": "town", "on": "2022-06-01", "by_name": "甲", "result": "partly"}
    assert town.post(f"{place}look/", {**look, "finding": str(finding)}).status_code == 303
    cell = {"name": "西滨网格", "village": "西滨村", "office": office, "since": "2022-01-01"}
    assert town.post("/desk/grid/open/", cell).status_code == 303
    grid = only(GridCell).uid
    worker = {"name": "陈某", "kind": kind, "since": "2022-02-01"}
    assert client.post(f"/desk/grid/{grid}/engage/", worker).status_code == 303
    said = {"kind": "training", "on": "2022-04-01", "theme": "送教下乡", "people_count": "120", "office": office}
    assert town.post("/desk/meetings/hold/", said).status_code == 303
    with as_(SYSTEM):
        checklist = Checklist.objects.order_by("since")[0].uid
    check = place.split("/")[-2]
    return {
        "assets": _assets(world),
        "desk/checks/": [hole(DISTRICT, uid=check)],
        "desk/checks/<uuid:uid>/assets/": [hole(DISTRICT, uid=check, stage="town")],
        "desk/checks/<uuid:uid>/inspections/": [hole(DISTRICT, uid=check, inspection=page.split("/")[-2])],
        "desk/checklists/": [hole(DISTRICT, uid=checklist)],
        "desk/grid/": [hole(DISTRICT, uid=grid)],
        "desk/grid/import/": [hole(DISTRICT, book="grid")],
        "desk/meetings/": [hole(DISTRICT, uid=only(Meeting).uid)],
        "desk/meetings/import/": [hole(DISTRICT, book="training")],
        "desk/checks/import/": [hole(DISTRICT, book="inspections")],
        "desk/checks/assets/import/": [hole(DISTRICT, book="assets")],
    }


def _collectives(world: Any) -> dict[str, Any]:
    """A village whose ledgers came in twice: what others hold without a contract, arrears, books that do not agree."""
    from jiandu.sources.ledgers.collectives import Asset, Contract
    from tests.ledgers.collectives import booked, filled, scanned
    from tests.world import SYSTEM, as_

    one = filled(world)
    booked(one)
    with as_(SYSTEM):
        row = Asset.objects.get(collective=one, code="ZC-002", until__isnull=True)
        contract = Contract.objects.get(collective=one, code="HT-1", until__isnull=True)
    scan = scanned(contract)
    here = "desk/collectives/<uuid:uid>/"
    return {
        "desk/collectives/": [hole(DISTRICT, uid=one.uid)],
        f"{here}pack/": [hole(DISTRICT, uid=one.uid, stage="town")],
        here: [
            hole(DISTRICT, uid=one.uid, ledger=ledger)
            for ledger in ("asset", "contract", "fund", "works", "journal", "disclosure")
        ],
        f"{here}scans/": [hole(DISTRICT, uid=one.uid, file=scan.uid)],
        f"{here}<slug:ledger>/": [
            hole(DISTRICT, uid=one.uid, ledger="asset", row=row.uid),
            hole(DISTRICT, uid=one.uid, ledger="contract", row=contract.uid),
        ],
        "desk/collectives/import/": [hole(DISTRICT, book="collective-assets")],
    }


def _assets(world: Any) -> str:
    """A check with ten assets held by others: the uid of its page."""
    from tests.grassroots.test_checks import DAY, TOWN, check

    one = check(world, "assets")
    for place in range(10):
        world.finding(activity=one, unit="西滨村", office=TOWN, on=DAY, problem=f"集体店面{place + 1}号被占用")
    return str(one.uid)


def _portraits(world: Any) -> dict[str, Any]:
    """A report judged in part, with its file."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from jiandu.base.core.clock import today
    from jiandu.results.portraits.models import PortraitApproval
    from tests.surfaces.desk.test_findings import client_of
    from tests.surfaces.desk.test_portraits import begun, dimensions, only

    client = client_of(world, OFFICER)
    place = begun(world, client)
    judged = {"text": "能够对照部署抓落实", "petition_count": "2"}
    assert client.post(f"{place}judge/?on={dimensions()[0]}", judged).status_code == 303
    assert client.post(f"{place}attach/", {"file": SimpleUploadedFile("报告.docx", b"PK1")}).status_code == 303
    scan = SimpleUploadedFile("签批件.pdf", b"%PDF-1.4 signed")
    signed = {"is_granted": "yes", "signer": "书记", "on": today().isoformat(), "scan": scan}
    assert client_of(world, CLERK).post(f"{place}sign-paper/", signed).status_code == 303
    paper = only(PortraitApproval).uid
    return {
        "desk/portraits/<uuid:uid>/scans/": [hole(OFFICER, uid=place.split("/")[-2], file=paper)],
        "desk/portraits/": [hole(OFFICER, uid=place.split("/")[-2])],
        "desk/portraits/import/": [hole(OFFICER, book="portraits")],
    }


def _forms(world: Any) -> dict[str, Any]:
    """A superior's form that is bound and accepted, and one that waits for that."""
    from jiandu.results.filling.models import SuperiorForm
    from tests.filling.forms import monthly
    from tests.surfaces.desk.test_findings import client_of
    from tests.surfaces.desk.test_rounds import only
    from tests.surfaces.desk.test_superior_forms import upload

    client, content = client_of(world, OFFICER), monthly([*list(world.offices)[1:4], "其他单位"])
    for name in ("监督工作情况月报表", "监督工作情况季报表"):
        assert upload(world, client, content, name=name).status_code == 303
    bound, new = only(SuperiorForm, name="监督工作情况月报表"), only(SuperiorForm, name="监督工作情况季报表")
    assert client.post(f"/desk/forms/{bound.uid}/accept/", {"seen": bound.sha256}).status_code == 303
    return {
        "offices": [*list(world.offices)[1:29], "其他单位"],
        "desk/forms/": [hole(OFFICER, uid=bound.uid)],
        "desk/forms/<uuid:uid>/bind/": [hole(OFFICER, uid=new.uid), hole(OFFICER, uid=bound.uid)],
    }


def _rosters(world: Any) -> dict[str, Any]:
    """The keeper of the directory takes a sheet of units in; the jobs of it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from jiandu.base.jobs.models import Job
    from tests.overseers.test_rosters import KEEPER, UNITS, book_of
    from tests.surfaces.desk.test_findings import client_of
    from tests.world import as_

    client = client_of(world, KEEPER)
    with tempfile.TemporaryDirectory() as folder:
        content = book_of(UNITS, Path(folder) / "a.xlsx").read_bytes()
    said = {"book": "units", "file": SimpleUploadedFile("名册.xlsx", content)}
    seen = client.post("/desk/directory/import/", said, follow=True)
    client.post(f"/desk/directory/import/{seen.context['job'].uid}/commit/")
    with as_(world.viewer(KEEPER)):
        jobs = list(Job.objects.filter(made_by=world.users[KEEPER]).order_by("pk"))
    return {
        "desk/directory/import/": [hole(book="units")],
        "more jobs": [hole(KEEPER, uid=job.uid) for job in jobs],
        "more kinds": sorted({job.kind for job in jobs}),
    }


def _handover(world: Any) -> dict[str, Any]:
    """An officer hands over what is in his hands; his signature came back on paper."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from jiandu.base.core.clock import today
    from jiandu.net.access.hands import list_of
    from jiandu.net.access.models import Handover
    from tests.surfaces.desk.test_findings import client_of
    from tests.world import as_

    client, day = client_of(world, OFFICER), today().isoformat()
    held = [str(row.uid) for row in list_of(world.users[OFFICER], giveable=True)]
    said = {"to": VERIFIER, "on": day, "why": "away", "chosen": held, "supervisor": "主任甲"}
    assert client.post("/desk/handovers/draft/", said).status_code == 303
    with as_(world.viewer(OFFICER)):
        one = Handover.objects.get()
        row = one.signatures.get(role="giver")
    scan = {"on": day, "scan": SimpleUploadedFile("签字件.pdf", b"%PDF-1.4 signed")}
    assert client.post(f"/desk/handovers/{one.uid}/sign-paper/?on={row.pk}", scan).status_code == 303
    return {"desk/handovers/": [hole(OFFICER, uid=one.uid, file=row.uid)], **_template(world)}


def _template(world: Any) -> dict[str, Any]:
    """The office's own ledger, into which it exports."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from jiandu.loop.workbooks.models import LedgerTemplate
    from tests.surfaces.desk.test_findings import client_of
    from tests.workbooks.own_books import own_book

    office = world.offices["第一监督检查室"].pk
    said = {"office": office, "name": "本室台账", "file": SimpleUploadedFile("台账.xlsx", own_book())}
    assert client_of(world, CLERK).post("/desk/ledger-templates/keep/", said).status_code == 303
    return {"desk/ledger-templates/": [hole(CLERK, uid=LedgerTemplate.objects.get().uid)]}


def _contact(world: Any) -> dict[str, Any]:
    """A contact point with a problem that it told of and a suggestion."""
    from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem, ContactSuggestion, Reflection
    from tests.surfaces.desk.test_contact import NAME, PLACE, SHORT, only
    from tests.surfaces.desk.test_findings import client_of

    officer, office = client_of(world, OFFICER), world.offices["第一监督检查室"].pk
    point = {"name": NAME, "short_name": SHORT, "kind": "enterprise", "tier": "city", "office": office}
    invited = {**point, "since": "2022-01-01", "officer": OFFICER}
    assert officer.post(f"{PLACE}points/invite/", invited).status_code == 303
    of = {"point": only(ContactPoint).uid, "office": office}
    told = {**of, "registered_on": "2022-03-01", "problem": "办证等候过久", "quote": "每次都要等"}
    assert officer.post(f"{PLACE}take-in/", told).status_code == 303
    suggested = {**of, "text": "公开办件进度", "raised_on": "2022-03-16"}
    place = f"{PLACE}{only(ContactProblem).uid}/"
    assert officer.post(f"{place}suggest/", suggested).status_code == 303
    return {
        "desk/contact/": [hole(uid=only(ContactProblem).uid)],
        "desk/contact/<uuid:uid>/replies/": [
            hole(uid=only(ContactProblem).uid, reflection=only(Reflection, problem__isnull=False).uid)
        ],
        "desk/contact/points/": [hole(uid=of["point"])],
        "desk/contact/points/import/": [hole(book="points")],
        "desk/contact/import/": [hole(book="contact-problems")],
        "desk/contact/suggestions/": [hole(uid=only(ContactSuggestion).uid)],
    }


def _topics(world: Any) -> dict[str, Any]:
    """A topic and a year's work on it, with something in each of its lists."""
    from jiandu.sources.activities.models import Activity
    from jiandu.sources.topics.models import Topic
    from tests.surfaces.desk.test_findings import client_of
    from tests.surfaces.desk.test_topics import begun, only

    officer = client_of(world, OFFICER)
    place = begun(world, officer)
    for act, said in (
        ("department/", {"organisation": "市教育局", "role": "lead"}),
        ("target/", {"name": "清欠项目", "planned": 30, "unit": "个", "due_on": "2022-11-30"}),
        ("progress/", {"month": "2022-06", "text": "开展联合检查"}),
        ("count/", {"kind": "messages", "month": "2022-06", "received": 40, "closed": 38}),
        ("results/achieve/", {"on": "2022-12-05", "text": "为一百名农民工追回工资"}),
    ):
        assert officer.post(place + act, said).status_code == 303, act
    return {
        "desk/topics/": [hole(uid=only(Activity, code="DT2022-1").uid)],
        "desk/topics/names/": [hole(uid=only(Topic).uid)],
        "desk/topics/import/": [hole(book="topics"), hole(book="topic-months")],
    }


def _rule(world: Any) -> dict[str, Any]:
    """The rule that the finding with everything on it led to."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from jiandu.loop.outcomes.models import RuleMade
    from tests.surfaces.desk.test_findings import client_of
    from tests.world import SYSTEM, as_

    with as_(SYSTEM):
        made = RuleMade.objects.latest("pk").uid
    text = {"file": SimpleUploadedFile("制度.docx", b"PK1")}
    assert client_of(world, OFFICER).post(f"/desk/rules/{made}/attach/", text).status_code == 303
    return {"desk/rules/": [hole(uid=made)], "desk/rules/import/": [hole(book="rules")]}


def _papers(world: Any) -> dict[str, Any]:
    """A copy-report that was delivered, a proposal made in a campaign."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from jiandu.loop.instruments.models import Instrument, Reply
    from jiandu.sources.activities.models import Activity, ActivityApproval
    from tests.instruments.net import leader, served
    from tests.surfaces.desk.test_findings import client_of
    from tests.surfaces.desk.test_rounds import only

    leader(world, "王副市长", "市教育局")
    said = {"code": "ZX1", "name": "粮食购销领域专项整治", "year": 2022, "office": world.offices["第一监督检查室"].pk}
    officer = client_of(world, OFFICER)
    assert officer.post("/desk/campaigns/open/", {**said, "approved_on": "2022-01-04"}).status_code == 303
    campaign = only(Activity, code="ZX1")
    project = world.project(code="XM-P", approved_on=None)
    scan = SimpleUploadedFile("签批件.pdf", b"%PDF-1.4 signed")
    signed = {"verb": "approve", "is_granted": "yes", "signer": "书记", "on": "2022-01-05", "scan": scan}
    assert client_of(world, CLERK).post(f"/desk/projects/{project.uid}/sign-paper/", signed).status_code == 303
    sheets = [served(world), served(world, Instrument.Kind.JOINT, activity=campaign)]
    reply = {"on": "2022-05-20", "measures": "已整改", "scan": SimpleUploadedFile("反馈单.pdf", b"%PDF-1.4 signed")}
    assert officer.post(f"/desk/letters/{sheets[1].uid}/reply/", reply).status_code == 303
    scanned = only(Reply, instrument=sheets[1])
    return {
        "desk/letters/": [hole(OFFICER, uid=one.uid) for one in sheets],
        "desk/letters/<uuid:uid>/scans/": [hole(OFFICER, uid=sheets[1].uid, file=scanned.uid)],
        "desk/activities/<uuid:uid>/scans/": [hole(uid=project.uid, file=only(ActivityApproval).uid)],
        "desk/letters/import/": [hole(OFFICER, book="letters")],
        "desk/wordings/": [hole(CLERK, kind="reminder", version=0)],
        "desk/copy-reports/import/": [hole(OFFICER, book="copy-reports")],
        "desk/campaigns/": [hole(OFFICER, uid=campaign.uid)],
    }
