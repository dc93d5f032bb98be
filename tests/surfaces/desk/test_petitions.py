"""信访举报 through its pages: a clerk's day from the letter to the routed item; what shows only where a key is open; papers."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook
from tests.petitions import city as cities
from tests.petitions.city import DAY, OFFICE, ROOM, WORDS, accepted, named, registered
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.services import load_defaults
from jiandu.net.subjects.models import Region
from jiandu.net.subjects.services import load_divisions
from jiandu.net.vaults.services import enrol, make_office_key
from jiandu.results.alarms.models import Alarm
from jiandu.results.bulletins.models import Advisory, PetitionBulletin
from jiandu.sources.petitions.models import CaseNotice, HandOff, Meddling, Petition, Reading, SuperiorReceipt
from jiandu.sources.petitions.services import deciding
from jiandu.sources.petitions.services.steps import Done
from jiandu.sources.petitions.vault import Content

PLACE = "/desk/petitions/"
GIVEN = {
    "on": "2022-03-01",
    "due_on": "2022-03-04",
    "paper": "masked",
    "copies": "1",
    "reader": "李书记",
    "granted_by": "书记",
}
SECRET = "山高月小水落石出，清风徐来水波不兴"


@pytest.fixture
def city(world: World) -> World:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    return cities.furnish(world)


def only(model: Any, **where: Any) -> Any:
    with as_(SYSTEM):
        return model.objects.get(**where)


def said(city: World, **more: Any) -> dict[str, Any]:
    return {
        "received_on": DAY.isoformat(),
        "way": "letter",
        "kind": "accusation",
        "origin": "direct",
        "named": "anonymous",
        "people": "1",
        "competence": "own",
        "subject": "市教育局",
        "person": "王某某",
        "post": "基建科长",
        "rank": "township",
        "nature": "integrity",
        "summary": WORDS,
        "office": city.offices[OFFICE].pk,
    } | more


def text(client: Client, place: str) -> str:
    answer = client.get(place)
    assert answer.status_code == 200, (place, answer.status_code)
    return answer.content.decode()


def test_a_clerks_day_from_the_letter_to_the_room_that_handles_it(city: World):
    clerk, other, room = (client_of(city, name) for name in ("信访甲", "信访乙", "干部甲"))
    assert clerk.post(f"{PLACE}register/", said(city)).status_code == 303
    petition = only(Petition)
    place = f"{PLACE}{petition.uid}/"
    shown = text(clerk, place)
    assert all(words in shown for words in (petition.code, "王某某 基建科长 市教育局", WORDS, "违反廉洁纪律"))
    assert room.get(place).status_code == 404
    assert clerk.post(f"{place}propose/", {"on": DAY.isoformat(), "note": "拟转监督检查室"}).status_code == 303
    granted = {"on": DAY.isoformat(), "granted_by": "书记", "note": "同意"}
    assert clerk.post(f"{place}approve/", granted).status_code == 303
    draft = {"on": DAY.isoformat(), "office": city.offices[ROOM].pk, "extract": "反映某科长收受礼金"}
    assert clerk.post(f"{place}hand-off/", draft).status_code == 303
    row = only(HandOff)
    assert clerk.post(f"{place}confirm/?on={row.pk}", {"on": DAY.isoformat()}).status_code == 422  # not by who drafted
    assert other.post(f"{place}confirm/?on={row.pk}", {"on": DAY.isoformat()}).status_code == 303
    assert "提出问题线索处置意见" not in text(room, place)
    assert room.post(f"{place}accept/", {"on": DAY.isoformat()}).status_code == 303
    assert "提出问题线索处置意见" in text(room, place)
    for slug, more in (("dispose", {"disposal": "verify"}), ("conclude", {"truth": "partly"})):
        assert room.post(f"{place}{slug}/", {"on": DAY.isoformat(), **more}).status_code == 303
    assert only(Petition).state == "concluded"
    shown = text(clerk, f"{PLACE}?state=concluded")
    assert petition.code in shown


def test_the_page_offers_first_what_the_item_waits_for(city: World):
    clerk, petition = client_of(city, "信访甲"), registered(city, named="unverified")
    first = re.compile(r'<a class="btn btn-sm btn-primary" href="\?act=([\w-]+)"')
    place = f"{PLACE}{petition.uid}/"
    found = first.findall(text(clerk, place))
    clerk.post(f"{place}name/", {"on": DAY.isoformat(), "found": "verified"})
    found += first.findall(text(clerk, place))
    clerk.post(f"{place}propose/", {"on": DAY.isoformat()})
    found += first.findall(text(clerk, place))
    assert found == ["name", "propose", "propose"]


def test_what_it_says_shows_only_where_a_key_is_open(city: World, settings: Any):
    with as_(SYSTEM) as by:
        for name in ("信访甲", "信访乙"):
            enrol(user=city.users[name], passphrase=SECRET, by=SYSTEM)
        members = [city.users[name] for name in ("信访甲", "信访乙")]
        make_office_key(office=city.offices[OFFICE], compartment="content", members=members, by=by)
    petition = registered(city, unit="市教育局")
    clerk, place = client_of(city, "信访甲"), f"{PLACE}{petition.uid}/"
    locked = text(clerk, place)
    assert (WORDS in locked, "密封中" in locked) == (False, True)
    assert clerk.post("/desk/keys/", {"passphrase": SECRET}).status_code == 303
    assert WORDS in text(clerk, place)
    assert clerk.post("/desk/keys/lock/").status_code == 303
    assert WORDS not in text(clerk, place)


def test_every_look_at_an_item_is_logged_before_it_shows(city: World):
    petition = registered(city)
    before = Entry.objects.filter(obj__contains=str(petition.uid), verb__startswith="seen").count()
    text(client_of(city, "信访甲"), f"{PLACE}{petition.uid}/")
    assert Entry.objects.filter(obj__contains=str(petition.uid), verb__startswith="seen").count() == before + 1


def test_a_refusal_keeps_what_was_typed(city: World):
    clerk = client_of(city, "信访甲")
    answer = clerk.post(f"{PLACE}register/", said(city, sender_name="陈举报"))
    assert (answer.status_code, "匿名件不登记举报人信息" in answer.content.decode()) == (422, True)
    assert "陈举报" in answer.content.decode()
    with as_(SYSTEM):
        assert Petition.objects.count() == 0


def test_what_is_due_is_told_by_office_and_article(city: World):
    accepted(city, named(city))
    shown = text(client_of(city, "信访甲"), f"{PLACE}due/")
    assert all(words in shown for words in ("告知实名检举控告人受理情况", "第二十六条", "2022-03-22", ROOM))


def test_a_superiors_item_through_its_pages(city: World):
    clerk = client_of(city, "信访甲")
    new = {
        "received_on": DAY.isoformat(),
        "envelope": "密封〔2022〕3号",
        "way": "letter",
        "office": city.offices[OFFICE].pk,
    }
    assert clerk.post(f"{PLACE}superior/take/", new).status_code == 303
    place = f"{PLACE}superior/{only(SuperiorReceipt).uid}/"
    assert "2022-03-08" in text(clerk, place)
    handed = {"on": "2022-03-02", "receiver": "省纪委监委", "deliverer": "信访甲"}
    assert clerk.post(f"{place}hand-up/", handed).status_code == 303
    assert "已报送" in text(clerk, f"{PLACE}superior/")
    assert client_of(city, "干部甲").get(place).status_code == 404


def test_meddling_is_noted_from_the_item(city: World):
    petition, clerk = registered(city), client_of(city, "信访甲")
    new = {"on": DAY.isoformat(), "manner": "asking", "who": "某副局长", "office": city.offices[OFFICE].pk}
    assert clerk.post(f"{PLACE}{petition.uid}/meddling/", new).status_code == 303
    row = only(Meddling)
    shown = text(clerk, f"{PLACE}meddling/{row.uid}/")
    assert ("某副局长" in shown, petition.code in shown) == (True, True)
    assert "某副局长" not in text(clerk, f"{PLACE}meddling/")


def words_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize(
    ("paper", "holds"),
    [
        ("proposal", ("信访举报拟办（阅批）单", WORDS, "王某某", "第二十一条")),
        ("transfer", ("信访举报转办函", f"{ROOM}：", "反映某科长在采购中收受礼金", "不得查找、打听举报人")),
        ("assignment", ("信访举报交办函", "2022年6月1日前办结", "再次延期须经我机关批准")),
        ("told", ("检举举报受理告知记录单", "2022年3月22日", "第二十六条")),
        ("reading", ("信访举报材料送阅登记表", "送阅对象")),
    ],
)
def test_papers_of_an_item(city: World, paper: str, holds: tuple[str, ...]):
    petition = accepted(city, named(city))
    clerk = client_of(city, "信访甲")
    answer = clerk.get(f"{PLACE}{petition.uid}/papers/{paper}/")
    assert answer.status_code == 200
    written = words_of(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    assert [words for words in holds if words not in written] == []
    assert "陈举报" not in written


def test_who_recuses_himself_sees_the_item_no_more_and_his_colleague_does(city: World):
    petition = registered(city)
    clerk, other = client_of(city, "信访甲"), client_of(city, "信访乙")
    page, act = f"{PLACE}{petition.uid}/", f"{PLACE}{petition.uid}/recuse/"
    assert "是被反映人或者其近亲属" in clerk.get(f"{page}?act=recuse").content.decode()
    answer = clerk.post(act, {"user": city.users["信访甲"].pk, "reason": "reported"})
    assert (answer.status_code, answer["Location"]) == (303, PLACE)
    assert (clerk.get(page).status_code, petition.code in clerk.get(PLACE).content.decode()) == (404, False)
    assert (other.get(page).status_code, petition.code in other.get(PLACE).content.decode()) == (200, True)  # control
    assert "信访甲" in other.get(f"{page}?act=recuse").content.decode()
    assert Entry.objects.filter(verb="recusal.give").count() == 1


def test_only_who_may_recuse_others_is_offered_them(city: World):
    petition = accepted(city, named(city))
    clerk, officer = client_of(city, "信访甲"), client_of(city, "干部甲")
    act, pk = f"{PLACE}{petition.uid}/recuse/", city.users["信访乙"].pk
    assert officer.post(act, {"user": pk, "reason": ""}).status_code == 422
    answer = clerk.post(act, {"user": pk, "reason": ""})
    assert (answer.status_code, answer["Location"]) == (303, f"{PLACE}{petition.uid}/")
    assert client_of(city, "信访乙").get(f"{PLACE}{petition.uid}/").status_code == 404


def test_the_proposal_holds_what_was_proposed_and_what_the_leader_wrote(city: World):
    petition = registered(city)
    with as_(SYSTEM) as by:
        deciding.propose(petition=petition, by=by, done=Done(DAY, "拟转第一监督检查室"))
        deciding.approve(petition=petition, by=by, done=Done(DAY, "同意拟办意见", granted_by="李书记"))
    answer = client_of(city, "信访甲").get(f"{PLACE}{petition.uid}/papers/proposal/")
    written = words_of(answer.content)
    assert ("拟转第一监督检查室" in written, f"同意拟办意见　李书记　{DAY}" in written) == (True, True)


def test_a_visit_has_its_own_form_and_a_letter_has_none(city: World):
    clerk = client_of(city, "信访甲")
    came = registered(city, way="visit", people=5)
    answer = clerk.get(f"{PLACE}{came.uid}/papers/visit/")
    assert answer.status_code == 200
    assert clerk.get(f"{PLACE}{registered(city).uid}/papers/visit/").status_code == 404


def test_statements_do_not_grow_with_the_rows(city: World):
    clerk = client_of(city, "信访甲")
    places = [PLACE, f"{PLACE}due/", f"{PLACE}superior/", f"{PLACE}meddling/"]
    first = accepted(city, named(city))
    places.append(f"{PLACE}{first.uid}/")
    few = questions(clerk, places)
    for _ in range(3):
        named(city, on=DAY + timedelta(days=1))
    assert grown(few, questions(clerk, places)) == {}


def test_the_register_filters(city: World):
    registered(city, way="visit", kind="advice")
    letter = registered(city, on=date(2021, 3, 1))
    clerk = client_of(city, "信访甲")
    assert letter.code in text(clerk, f"{PLACE}?year=2021&way=letter&kind=accusation")
    assert letter.code not in text(clerk, f"{PLACE}?way=visit")
    assert letter.code in text(clerk, f"{PLACE}?text={letter.code}")
    nothing = text(clerk, f"{PLACE}?text=zzz")
    assert ("没有符合条件的记录" in nothing, "没有可以查看的信访件" in nothing) == (True, False)


def test_a_figure_of_the_bulletin_opens_the_rows_that_it_counts(city: World):
    letter, visit = registered(city), registered(city, way="visit")
    clerk = client_of(city, "信访甲")
    page = text(clerk, f"{PLACE}bulletins/?kind=month&year=2022&number=3")
    assert "2022年3月共接受信访举报2件" in page
    links = re.findall(r'href="(/desk/petitions/\?[^"]*column=way&amp;value=visit)"', page)
    rows = text(clerk, links[0].replace("&amp;", "&"))
    assert (visit.code in rows, letter.code in rows) == (True, False)
    answer = clerk.get(f"{PLACE}bulletins/word/?kind=month&year=2022&number=3")
    assert "共接受信访举报2件" in words_of(answer.content)
    assert "2022年12月" in text(
        clerk, f"{PLACE}bulletins/?kind=month&year=2022&number=48"
    )  # the form's week, of months
    assert "2022年第1季度" in text(clerk, f"{PLACE}bulletins/?kind=quarter&year=2022&number=")
    theme = text(clerk, f"{PLACE}bulletins/?kind=quarter&year=2022&number=1&domain=education&outside=1")
    before = re.search(r'href="([^"]*number=4[^"]*)"', theme)
    assert before is not None
    assert all(word in before[1] for word in ("year=2021", "domain=education", "outside=1"))
    for wrong in ("kind=x&year=2022", "kind=month&year=x", "kind=month&year=0"):
        assert clerk.get(f"{PLACE}bulletins/?{wrong}").status_code == 404


@pytest.mark.parametrize("period", [("month", 3), ("week", 9)])
@pytest.mark.parametrize("theme", [False, True])
def test_every_figure_of_a_bulletin_is_as_many_rows_as_it_opens(city: World, period: tuple[str, int], theme: bool):

    from jiandu.net.subjects.populations import NewPopulation, write_population
    from jiandu.results.digests.counting import Theme, bulletin
    from jiandu.results.digests.periods import Kind, Period
    from jiandu.results.digests.word import levels
    from jiandu.surfaces.desk.told.bulletins import figure_rows, sections

    told_of_all(city)
    unit = city.units["市教育局"]
    of = {"unit": str(unit.uid)} if theme else {}
    with as_(SYSTEM) as by:
        where = only(Region, name="思明区")
        write_population(new=NewPopulation(where, date(2021, 12, 31), 1_073_000, "第七次人口普查"), by=by)
    with as_(city.viewer("信访甲")) as viewer:
        about = Theme(subject_path=unit.path, name="市教育局") if theme else None
        said = bulletin(viewer, Period(Kind(period[0]), 2022, period[1]), theme=about)
        wrong, opened = {}, 0
        for table in said.tables:
            for row, level in levels(table):
                if level and row.key == "—":
                    continue
                place = figure_rows(said, table.key, row.key, of)
                opened += 1
                if (found := len(behind(viewer, place))) != row.count:
                    wrong[table.key, row.key] = (row.count, found)
        places = {
            cell["href"]: cell["text"]
            for one in sections(said, of)
            for row in one.rows
            for cell in row["cells"]
            if isinstance(cell, dict) and cell.get("href")
        }
        for place, count in places.items():
            if (found := len(behind(viewer, place))) != count:
                wrong[place] = (count, found)
    assert (wrong, opened > 20, len(places) > 20) == ({}, True, True)
    assert ("place" in "".join(places)) is (period[0] == "month")


def told_of_all(city: World) -> None:
    """Something for every table: senders who write often, what is urgent and overdue, categories of three levels, a place."""
    with as_(SYSTEM) as by:
        load_divisions(by=by)
    where = only(Region, name="思明区")
    cities.concluded(city, named(city, unit="市教育局"))
    for more in ({"way": "visit", "rank": ""}, {"kind": "advice", "people": 4}, {"nature": "", "origin": "forwarded"}):
        for place in (None, where):
            registered(city, unit="市教育局", region=place, is_urgent=place is None, **more)
    registered(city, way="visit")
    with as_(SYSTEM):
        rows = list(Petition.objects.order_by("pk"))
        for number, (row, code) in enumerate(
            zip(rows, ("D010101", "D010102", "D0102", "D02", "D02", "", "D030101", ""), strict=True)
        ):
            mark = None if number > 5 else bytes([number // 2 if number < 4 else number]) * 32
            Petition.objects.filter(pk=row.pk).update(category=code, sender_mark=mark)


def behind(viewer: Any, place: str) -> list[Petition]:
    """The rows that a link of a bulletin opens, as the page reads it."""
    from django.test import RequestFactory

    from jiandu.sources.petitions.selectors import petitions
    from jiandu.surfaces.desk.views.petitions import _wanted

    return list(petitions(viewer, _wanted(RequestFactory().get(place))))


def test_the_desk_of_a_petition_officer_says_what_is_due_first(city: World):
    petition = named(city)
    page = text(client_of(city, "信访甲"), "/desk/")
    assert (petition.code in page, "告知实名检举控告人受理情况" in page) == (True, True)
    assert "不接触业务内容" in text(client_of(city, "安全管理员"), "/desk/")


def test_an_alarm_from_the_week_to_the_theme_bulletin(city: World):
    school = only(Item, kind="petition_domain", code="education")
    for number in range(6):
        registered(city, on=date(2022, 6, 6), unit="市教育局", domain=school, people=number + 1)
    clerk = client_of(city, "信访甲")
    looked = {"week": "2022-06-08", "office": city.offices[OFFICE].pk}
    for number in range(2, 30, 3):
        registered(city, on=date(2022, 6, 6) - timedelta(weeks=number), unit="市教育局", domain=school)
    assert clerk.post(f"{PLACE}alarms/look/", looked).status_code == 303
    alarm = only(Alarm, subject=city.units["市教育局"], domain=school)
    assert alarm.code in text(clerk, f"{PLACE}alarms/?state=waiting&rule=rise")
    place = f"{PLACE}alarms/{alarm.uid}/"
    shown = text(clerk, place)
    assert ("本周6件，预期" in shown, shown.count("XF2022-")) == (True, 6)
    said = {"on": "2022-06-13", "note": "食堂采购问题集中，拟作专题分析"}
    assert clerk.post(f"{place}confirm/", said).status_code == 303
    assert client_of(city, "干部甲").get(place).status_code == 404
    assert "100%" in text(clerk, f"{PLACE}alarms/precision/")
    [theme] = re.findall(r'href="(/desk/petitions/bulletins/[^"]*domain=education[^"]*)"', text(clerk, place))
    page = text(clerk, theme.replace("&amp;", "&"))
    assert "2022年6月市教育局教育信访举报情况专题分析" in page
    assert "共接受市教育局教育信访举报6件" in page


def test_what_an_item_may_repeat_is_proposed_and_the_clerk_decides(city: World):
    words = "反映市教育局基建科长王某某在第三中学食堂采购中收受供应商礼金八千元，要求查处"
    main = registered(city, content=Content(words, person="王某某"), on=DAY - timedelta(days=30))
    alike = registered(
        city, content=Content(words.replace("王某某", "赵某").replace("八千", "三万").replace("第三", "第九"))
    )
    registered(city, content=Content("反映社区集体店面长期低价出租，租金未入账"))
    again = registered(
        city,
        content=Content("要求查处。" + words[:-5].replace("收受", "收"), person="王某某"),
        on=DAY + timedelta(days=2),
    )
    clerk, place = client_of(city, "信访甲"), f"{PLACE}{again.uid}/"
    assert f"{place}repeats/" in text(clerk, place)
    shown = text(clerk, f"{place}repeats/")
    assert f"?act=repeat&amp;main={main.uid}" in shown
    assert (main.code in shown, "重复" in shown, "同一被反映人" in shown) == (True, True, True)
    row = re.search(rf"{alike.code}.*?</tr>", shown, re.S)
    assert row is None or "tone-warn" not in row[0]
    assert clerk.post(f"{place}repeat/", {"on": "2022-03-04", "main": str(main.uid)}).status_code == 303
    assert only(Petition, pk=again.pk).repeat_of_id == main.pk
    assert client_of(city, "干部甲").get(f"{place}repeats/").status_code == 404


def test_registered_with_the_key_open_the_same_person_and_hand_have_the_same_marks(city: World):
    with as_(SYSTEM) as by:
        for name in ("信访甲", "信访乙"):
            enrol(user=city.users[name], passphrase=SECRET, by=SYSTEM)
        members = [city.users[name] for name in ("信访甲", "信访乙")]
        make_office_key(office=city.offices[OFFICE], compartment="content", members=members, by=by)
        identity = [city.user(name, "identity_custodian", office=OFFICE) for name in ("保管员", "保管员乙")]
        for user in identity:
            enrol(user=user, passphrase=SECRET, by=SYSTEM)
        make_office_key(office=city.offices[OFFICE], compartment="identity", members=identity, by=by)
    clerk = client_of(city, "信访甲")
    assert clerk.post("/desk/keys/", {"passphrase": SECRET}).status_code == 303
    signed = {"named": "unverified", "sender_name": "陈举报", "sender_contact": "138 0000 0000"}
    for more in (
        signed,
        {**signed, "sender_contact": "１３８００００００００"},
        {**signed, "sender_name": "另一人", "person": "赵某"},
    ):
        assert clerk.post(f"{PLACE}register/", said(city, **more)).status_code == 303
    with as_(SYSTEM):
        first, second, other = (
            (bytes(row.person_mark), bytes(row.sender_mark)) for row in Petition.objects.order_by("pk")
        )
    assert first == second
    assert (other[0] == first[0], other[1] == first[1]) == (False, False)


def test_a_topic_of_several_units_becomes_an_alarm_whose_word_stands_in_no_address(city: World):
    word = "加装电梯补贴"
    units = ("市教育局", "市财政局", "思明区教育局")
    for number in range(16):
        registered(city, on=DAY - timedelta(weeks=number + 2), content=Content("反映某单位采购走过场"))
    for unit in (*units, *units):
        registered(city, on=DAY, unit=unit, content=Content(f"{word}被截留，群众意见大"))
    clerk = client_of(city, "信访甲")
    page = text(clerk, f"{PLACE}topics/?week=2022-03-01")
    [link, *_] = re.findall(r'href="(\?act=propose[^"]*)"', page)
    assert (word in page, "%" in link, word in link) == (
        True,
        False,
        False,
    )  # shown where the key is open, never in an address
    form = text(clerk, f"{PLACE}topics/{link.replace('&amp;', '&')}")
    assert "第1个话题" in form
    asked = dict(pair.split("=") for pair in link.replace("&amp;", "&").removeprefix("?").split("&"))
    told = {"week": asked["week"], "item": asked["item"]}
    moved = clerk.post(f"{PLACE}topics/propose/?on=7", told)
    assert (moved.status_code, "话题已有变化" in moved.content.decode()) == (422, True)
    assert clerk.post(f"{PLACE}topics/propose/?on={asked['on']}", told).status_code == 303
    alarm = only(Alarm, rule="word")
    assert alarm.observed == 3
    shown = text(clerk, f"{PLACE}alarms/{alarm.uid}/")
    assert (shown.count("XF2022-"), "多个单位同一关键词" in shown) == (6, True)
    assert "3个单位" in text(clerk, f"{PLACE}alarms/")
    assert "提出预警" not in text(client_of(city, "干部甲"), "/desk/petitions/")


def test_a_confirmed_alarm_opens_a_letter_and_the_letter_leads_back(city: World):
    for number in range(9):
        registered(city, on=date(2022, 6, 6), unit="市教育局", people=number + 1)
    clerk = client_of(city, "信访甲")
    clerk.post(f"{PLACE}alarms/look/", {"week": "2022-06-08", "office": city.offices[OFFICE].pk})
    for number in range(2, 30, 3):
        registered(city, on=date(2022, 6, 6) - timedelta(weeks=number), unit="市教育局")
    clerk.post(f"{PLACE}alarms/look/", {"week": "2022-06-08", "office": city.offices[OFFICE].pk})
    alarm = only(Alarm, subject=city.units["市教育局"])
    place = f"{PLACE}alarms/{alarm.uid}/"
    assert clerk.get(f"{place}?act=letter").status_code == 404  # it waits
    clerk.post(f"{place}confirm/", {"on": "2022-06-13", "note": "集中"})
    form = text(clerk, f"{place}?act=letter")
    assert ("我机关收到反映你单位问题的信访举报9件" in form, 'value="市教育局"' in form) == (True, True)
    said = {
        "kind": "petition",
        "unit": "市教育局",
        "title": "食堂采购",
        "drafted_on": "2022-06-14",
        "facts": "9件",
        "suggestions": "自查",
    }
    assert clerk.post(f"{place}letter/", said).status_code == 303
    page = text(clerk, place)
    [letter] = re.findall(r'href="(/desk/letters/[0-9a-f-]{36}/)"', page)
    assert f'href="{place}"' in text(clerk, letter)
    assert client_of(city, "干部甲").get(letter).status_code == 404


def test_an_office_is_reminded_from_the_bulletin_and_populations_are_kept_beside_it(city: World):
    with as_(SYSTEM) as by:
        load_divisions(by=by)
    late = accepted(city)
    registered(city, region=only(Region, name="思明区"))
    clerk = client_of(city, "信访甲")
    place = f"{PLACE}bulletins/populations/"
    said = {"region": "思明区", "on": "2020-11-01", "people": "1073315", "source": "第七次全国人口普查公报"}
    assert clerk.post(f"{place}write/", said).status_code == 303
    assert clerk.post(f"{place}write/", said).status_code == 422  # once a day
    assert "1,073,315" in text(clerk, place)
    assert client_of(city, "干部甲").get(place).status_code == 404
    draft = {"span": "month", "year": "2022", "number": "3", "office": city.offices[OFFICE].pk}
    assert clerk.post(f"{PLACE}bulletins/papers/draft/", draft).status_code == 303
    paper = f"{PLACE}bulletins/papers/{only(PetitionBulletin).uid}/"
    assert clerk.post(f"{paper}keep/", {"on": today().isoformat()}).status_code == 303
    page = text(clerk, paper)
    assert ("每万人信访举报" in page, "投诉举报问题清单" in page, page.count(late.code) >= 1) == (True, True, True)
    assert "超期1件" in text(clerk, f"{paper}?act=remind")
    asked = {"to": city.offices[ROOM].pk, "on": today().isoformat(), "asked": "请抓紧"}
    assert clerk.post(f"{paper}remind/", asked).status_code == 303
    sent = f"{PLACE}advisories/{only(Advisory).uid}/"
    assert late.code in text(client_of(city, "干部甲"), sent)
    assert "工作提醒函" in words_of(clerk.get(f"{sent}word/").content)


# --- who manages, notices, readings ---


def test_the_form_is_in_groups_and_folds_the_rare(city: World):
    clerk = client_of(city, "信访甲")
    shown = text(clerk, f"{PLACE}?act=register")
    assert re.findall(r"<legend>([^<]+)</legend>", shown.split('id="act-register"')[1])[:5] == [
        "收件",
        "被反映对象",
        "性质和管辖",
        "其他问题性质",
        "反映内容",
    ]
    fold = re.search(r'<details class="form-group" data-part="report"( open)?>', shown)
    assert (fold is not None, fold[1] if fold else "") == (True, None)
    wrong = clerk.post(f"{PLACE}register/", said(city, competence="lower", competence_why=""))
    assert (wrong.status_code, "按管理权限应为“本级管辖”" in wrong.content.decode()) == (422, True)
    assert '<details class="form-group" data-part="report" open>' in wrong.content.decode()


def test_a_superiors_item_is_turned_away_by_the_form_and_nothing_is_stored(city: World):
    clerk = client_of(city, "信访甲")
    answer = clerk.post(f"{PLACE}register/", said(city, authority="above"))
    assert (answer.status_code, "上级管辖件移交回执" in answer.content.decode()) == (422, True)
    with as_(SYSTEM):
        assert Petition.objects.count() == 0


def test_who_manages_and_what_stands_beside_what_counts_are_told(city: World):
    clerk = client_of(city, "信访甲")
    more = {
        "authority": "district",
        "competence": "own",
        "competence_why": "提级办理",
        "is_party_member": "yes",
        "is_supervisee": "no",
        "is_typical": "on",
        "further_natures": ["duty", "work"],
        "people": "12",
        "named": "unverified",
        "sender_name": "陈举报",
        "representatives": "甲\n乙",
    }
    assert clerk.post(f"{PLACE}register/", said(city, **more)).status_code == 303
    petition = only(Petition)
    shown = text(clerk, f"{PLACE}{petition.uid}/")
    told = ("区管", "提级办理", "违反工作纪律、职务违法", "只作标记，不计入统计", "典型")
    assert [words for words in told if words not in shown] == [
        "违反工作纪律、职务违法"
    ]  # in the order in which they were ticked
    assert "职务违法、违反工作纪律" in shown
    assert petition.code in text(clerk, f"{PLACE}?authority=district")
    assert petition.code not in text(clerk, f"{PLACE}?authority=city")
    refused = clerk.post(f"{PLACE}register/", said(city, **(more | {"representatives": "甲\n乙\n丙\n丁\n戊\n己"})))
    assert (refused.status_code, "代表不超过5人" in refused.content.decode()) == (422, True)


def test_a_correction_begins_with_what_stands_and_keeps_it(city: World):
    petition, clerk = (
        registered(city, competence="own", is_party_member=True, further_natures=("work",)),
        client_of(city, "信访甲"),
    )
    place = f"{PLACE}{petition.uid}/"
    shown = text(clerk, f"{place}?act=edit")
    assert 'value="yes" selected' in shown
    kept = {
        "way": "letter",
        "origin": "direct",
        "kind": "accusation",
        "people": "1",
        "authority": "district",
        "is_party_member": "yes",
        "nature": "integrity",
        "further_natures": ["work"],
        "reason": "核对名册",
    }
    assert clerk.post(f"{place}edit/", kept).status_code == 303
    row = only(Petition)
    assert (row.authority, row.competence, row.is_party_member, row.further_natures) == (
        "district",
        "lower",
        True,
        ["work"],
    )


def test_what_case_supervision_is_told_of_and_what_waits(city: World):
    city.office("案件监督管理室", "department", "市纪委监委")
    city.user("案管甲", "case_supervisor", office="案件监督管理室")
    clerk, other, cases = (client_of(city, name) for name in ("信访甲", "信访乙", "案管甲"))
    petition = registered(city)
    row = cities.drafted(city, petition)
    place = f"{PLACE}{petition.uid}/"
    assert "同时通报案管" in text(other, f"{place}?act=confirm&on={row.pk}")
    doors = [f"?act=confirm&amp;on={row.pk}" in text(client, place) for client in (clerk, other)]
    assert doors == [False, True]  # who drafted it does not confirm it
    assert other.post(f"{place}confirm/?on={row.pk}", {"on": DAY.isoformat()}).status_code == 303
    for page in (f"{PLACE}due/", f"{PLACE}notices/", f"{PLACE}notices/?which=lacks", place):
        assert (page, "待通报" in text(clerk, page)) == (page, True)
    assert petition.code not in text(cases, f"{PLACE}notices/received/")
    assert clerk.post(f"{place}notify/", {"on": DAY.isoformat(), "office": "", "receiver": "案管甲"}).status_code == 303
    assert petition.code not in text(clerk, f"{PLACE}notices/?which=lacks")
    assert all(words in text(clerk, place) for words in ("通报案管日期", "案件监督管理室", "案管甲"))
    notice = only(CaseNotice)
    received = f"{PLACE}notices/received/{notice.uid}/"
    assert cases.get(place).status_code == 404
    assert petition.code in text(cases, f"{PLACE}notices/received/")
    assert "收到的案管通报" in text(cases, f"{PLACE}notices/received/")
    assert cases.post(f"{PLACE}notices/received/take/", {"uid": ["x"]}).status_code == 409
    assert clerk.post(f"{PLACE}notices/received/take/", {"uid": [notice.uid]}).status_code == 409
    assert cases.post(f"{received}take/", {"on": DAY.isoformat()}).status_code == 303
    assert "已签收" in text(cases, received)
    again = cities.routed(city)
    assert clerk.post(f"{PLACE}{again.uid}/notify/", {"on": DAY.isoformat(), "office": ""}).status_code == 303
    waits = only(CaseNotice, source_uid=again.uid)
    assert cases.post(f"{PLACE}notices/received/take/", {"uid": [waits.uid]}).status_code == 303
    assert "待签收" not in text(cases, f"{PLACE}notices/received/")
    assert clerk.get(received).status_code == 404


def test_papers_are_given_to_read_and_come_back(city: World):
    petition, clerk = registered(city), client_of(city, "信访甲")
    place = f"{PLACE}{petition.uid}/"
    assert clerk.post(f"{place}read/", GIVEN | {"copies": "2"}).status_code == 303
    row = only(Reading)
    for page in (place, f"{PLACE}readings/", f"{PLACE}readings/?which=late", f"{PLACE}due/"):
        shown = text(clerk, page)
        assert (page, "李书记" in shown, "未退" in shown) == (page, True, True)
    back = {"on": "2022-03-02", "words": "请第一室核查"}
    assert clerk.post(f"{place}read-back/?on={row.pk}", back).status_code == 303
    assert "请第一室核查" in text(clerk, place)
    assert "李书记" not in text(clerk, f"{PLACE}readings/?which=out")
    assert "请第一室核查" not in text(clerk, f"{PLACE}readings/")
    answer = clerk.get(f"{place}papers/reading/")
    written = words_of(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    assert all(words in written for words in ("李书记", "遮盖身份后的复印件2份", "2022-03-02", "请第一室核查"))


def test_no_reading_leaves_as_a_sheet(city: World):
    petition, clerk = registered(city), client_of(city, "信访甲")
    assert clerk.post(f"{PLACE}{petition.uid}/read/", GIVEN).status_code == 303
    for page in ("readings/", "notices/", ""):
        answer = clerk.get(f"{PLACE}{page}?format=xlsx")
        assert answer.status_code == 200
        book = load_workbook(io.BytesIO(answer.content))
        cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value]
        assert (
            page,
            "信访编号" in " ".join(cells),
            any(petition.code in cell or "李书记" in cell for cell in cells),
        ) == (page, True, False)


def test_the_registers_ask_the_same_for_one_row_and_for_three(city: World):
    clerk = client_of(city, "信访甲")
    pages = [f"{PLACE}{page}" for page in ("readings/", "notices/", "due/")]

    def more() -> Petition:
        petition = cities.routed(city)
        assert clerk.post(f"{PLACE}{petition.uid}/read/", GIVEN).status_code == 303
        return petition

    first = more()
    own = f"{PLACE}{first.uid}/"
    few = questions(clerk, [*pages, own])
    for _ in range(2):
        more()
        assert clerk.post(f"{own}read/", GIVEN).status_code == 303
    assert grown(few, questions(clerk, [*pages, own])) == {}


def test_what_case_supervision_has_to_sign_for_waits_on_its_desk(city: World):
    city.office("案件监督管理室", "department", "市纪委监委")
    city.user("案管甲", "case_supervisor", office="案件监督管理室")
    clerk, cases, room = (client_of(city, name) for name in ("信访甲", "案管甲", "干部甲"))

    def told() -> Petition:
        petition = cities.routed(city)
        said = {"on": DAY.isoformat(), "office": "", "receiver": ""}
        assert clerk.post(f"{PLACE}{petition.uid}/notify/", said).status_code == 303
        return petition

    pages = ["/desk/", f"{PLACE}due/"]
    first = told()
    few = questions(cases, pages)
    for page in pages:
        shown = [("待签收案管通报" in text(client, page)) for client in (cases, room, clerk)]
        assert (page, shown, first.code in text(cases, page)) == (page, [True, False, False], True)
    told(), told()
    assert grown(few, questions(cases, pages)) == {}
    assert cases.get("/desk/todo/").status_code in {200, 204}
    with as_(SYSTEM):
        rows = [str(row.uid) for row in CaseNotice.objects.all()]
    assert cases.post(f"{PLACE}notices/received/take/", {"uid": rows}).status_code == 303
    assert [("待签收案管通报" in text(cases, page)) for page in pages] == [False, True]  # the figure stays, at none
    assert first.code not in text(cases, "/desk/")
