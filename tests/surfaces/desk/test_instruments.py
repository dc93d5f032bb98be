"""问题抄报, letters and campaigns through their pages: from a finding to a closed sheet; Word; figures open their rows."""

import hashlib
import json
import re
from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
from tests.instruments.net import leader, served, sheet
from tests.surfaces.counting import MOST, grown, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.instruments.models import Answer, Delivery, Instrument, SignOff, Suggestion
from jiandu.sources.activities.models import Activity, SelfCheck, Visit

PLACE, LETTERS, CAMPAIGNS = "/desk/copy-reports/", "/desk/letters/", "/desk/campaigns/"


def only(model: Any, **where: Any) -> Any:
    with as_(SYSTEM):
        return model.objects.get(**where)


def words(client: Any, place: str) -> str:
    answer = client.get(place)
    assert answer.status_code == 200, place
    return answer.content.decode()


def does(client: Any, place: str, **said: Any) -> None:
    answer = client.post(place, said)
    assert answer.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[:1500]


def test_a_copy_report_from_the_finding_to_its_closing(world: World) -> None:
    leader(world, "王副市长", "市教育局")
    leader(world, "市委书记", title="市委书记")
    finding = world.rectifying(on=date(2022, 4, 1))
    officer, head, chief = (client_of(world, name) for name in ("干部甲", "主任甲", "书记"))
    href = re.search(r'href="(/desk/copy-reports/\?act=draft[^"]+)"', words(officer, f"/desk/findings/{finding.uid}/"))
    assert href
    assert finding.code in words(officer, href[1].replace("&amp;", "&"))
    office = world.offices["第一监督检查室"].pk
    draft = {"findings": finding.code, "office": office, "drafted_on": "2022-05-05", "source": "日常监督"}
    does(officer, f"{PLACE}draft/", **draft, advice="请专题研究")
    place = f"/desk/letters/{only(Instrument).uid}/"
    does(officer, f"{place}submit/", on="2022-05-05")
    assert head.post(f"{place}sign/", {"is_granted": "yes", "on": "2022-05-06"}).status_code == 404
    does(chief, f"{place}sign/", is_granted="yes", on="2022-05-06", opinion="同意")
    does(client_of(world, "内勤甲"), f"{place}number/", word="厦纪抄", year=2022, serial=1)
    does(officer, f"{place}to-leader/", on="2022-05-09")
    does(officer, f"{place}copy/", on="2022-05-09", person="市委书记")
    shown = words(officer, place)
    for said in (
        "厦纪抄〔2022〕1号",
        "市政府副市长",
        "未批示",
        "2022-05-16",
        "2022-05-23",
        "反馈单缺单位主要负责人签字",
    ):
        assert said in shown, said
    on_finding = words(officer, f"/desk/findings/{finding.uid}/")
    assert ("厦纪抄〔2022〕1号" in on_finding, "督办" in on_finding) == (True, True)
    refused = head.post(f"{place}close/", {"on": "2022-06-01", "note": "属实"})
    assert (refused.status_code, "尚无分管领导批示或圈阅" in refused.content.decode()) == (422, True)
    handed = only(Delivery, to="leader").pk
    form = officer.get(f"{place}?act=endorse&on={handed}").content.decode()
    assert re.search(r'<input type="date" name="on" value="\d{4}-\d\d-\d\d"', form)  # a day, and not the row's number
    does(officer, f"{place}endorse/?on={handed}", verb="circle", on="2022-05-10")
    does(officer, f"{place}reply/", on="2022-05-20", measures="修订制度", unit_signer="教育局长")
    does(head, f"{place}close/", on="2022-06-01", note="核验属实")
    assert "已销号" in words(officer, place)
    assert "圈阅" in words(officer, f"{PLACE}?year=2022")
    for key, row in (
        ("copy_report_recipients", "王副市长"),
        ("copy_report_findings", finding.code),
        ("copy_reports", "厦纪抄"),
    ):
        assert row in words(officer, f"/desk/measures/{key}/?year=2022&as_of=2022-12-31")


def test_a_proposal_is_drafted_in_a_campaign_answered_and_cancelled(world: World) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    officer, head, chief = (client_of(world, name) for name in ("干部甲", "主任甲", "书记"))
    office = world.offices["第一监督检查室"].pk
    grain = only(Item, kind="field", code="grain").pk
    opened = {"code": "ZX1", "name": "粮食购销领域专项整治", "field": grain, "year": 2022, "office": office}
    does(officer, f"{CAMPAIGNS}open/", **opened, approved_on="2022-01-04", plan="查问题、堵漏洞")
    campaign = f"{CAMPAIGNS}{only(Activity, code='ZX1').uid}/"
    does(officer, f"{campaign}self-check/", organisation="市教育局", on="2022-02-01", found_count=5, fixed_count=4)
    bad = officer.post(
        f"{campaign}self-check/", {"organisation": "市教育局", "on": "2022-02-02", "found_count": 1, "fixed_count": 2}
    )
    assert (bad.status_code, "已自纠的不能多于自查发现的" in bad.content.decode()) == (422, True)
    does(officer, f"{campaign}spot-check/", organisation="市财政局", on="2022-03-01", note="账实不符")
    does(officer, f"{campaign}rule/", title="储备粮轮换办法", issuer="市教育局", issued_on="2022-09-01")
    href = re.search(r'href="(/desk/letters/\?act=draft[^"]+)"', words(officer, campaign))
    assert href
    assert re.search(r'<option value="joint" selected', words(officer, href[1].replace("&amp;", "&")))
    letter = {"kind": "joint", "unit": "市教育局", "title": "规范轮换", "office": office, "drafted_on": "2022-05-05"}
    does(officer, f"{LETTERS}draft/", **letter, activity=campaign.split("/")[-2], suggestions="健全制度\n加强监管")
    place = f"/desk/letters/{only(Instrument).uid}/"
    does(officer, f"{place}submit/", on="2022-05-05")
    paper = {"is_granted": "yes", "on": "2022-05-06", "opinion": "同意", "signer": "书记"}
    does(officer, f"{place}paper/", **paper)
    row = only(SignOff).pk
    refused = officer.post(f"{place}confirm-paper/?on={row}")
    assert (refused.status_code, "由录入人以外的人确认" in refused.content.decode()) == (422, True)
    does(client_of(world, "内勤甲"), f"{place}confirm-paper/?on={row}")
    does(officer, f"{place}deliver/", on="2022-05-09", receiver="办公室")
    with as_(SYSTEM):
        rows = list(Suggestion.objects.order_by("pk").values_list("pk", flat=True))
    unit = client_of(world, "经办人丁")
    for each in rows:
        does(unit, f"{place}answer/?on={each}", kind="adopted", on="2022-05-20", text="已办")
    with as_(SYSTEM):
        answers = list(Answer.objects.values_list("pk", flat=True))
    for each in answers:
        does(officer, f"{place}verify/?on={each}", on="2022-06-01")
    does(head, f"{place}close/", on="2022-06-02", note="已落实")
    shown = words(chief, campaign)
    for said in ("储备粮轮换办法", "账实不符", "规范轮换", "已销号", "粮食购销"):
        assert said in shown, said
    for key, said in (("grain_proposals", "规范轮换"), ("grain_rules_made", "储备粮轮换办法")):
        assert said in words(officer, f"/desk/measures/{key}/?year=2022&as_of=2022-12-31")
    assert "0/0" in words(officer, f"{CAMPAIGNS}?year=2022")
    with as_(SYSTEM):
        assert (SelfCheck.objects.count(), Visit.objects.count()) == (1, 1)


def test_word_is_downloaded_by_who_sees_the_sheet(world: World) -> None:
    one = sheet(world, Instrument.Kind.JOINT)
    answer = client_of(world, "干部甲").get(f"/desk/letters/{one.uid}/word/")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert docx.Document(BytesIO(answer.content)).paragraphs[0].text == "第一监督检查室"
    assert client_of(world, "干部乙").get(f"/desk/letters/{one.uid}/word/").status_code == 404
    with as_(SYSTEM):
        said = json.loads(Entry.objects.get(verb="instrument.paper").payload.body)  # what did not leave is not there
    assert (said["paper"], said["sha256"]) == ("joint", hashlib.sha256(answer.content).hexdigest())


def test_without_libreoffice_the_pdf_is_refused_in_words(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    one = sheet(world, Instrument.Kind.JOINT)
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = client_of(world, "干部甲").get(f"/desk/letters/{one.uid}/word/?format=pdf")
    assert (answer.status_code, "请下载Word文件" in answer.content.decode()) == (409, True)


def test_a_sheet_of_another_office_is_not_there(world: World) -> None:
    one = sheet(world, Instrument.Kind.JOINT)
    assert client_of(world, "干部乙").get(f"/desk/letters/{one.uid}/").status_code == 404
    assert one.code not in words(client_of(world, "干部乙"), LETTERS)
    assert one.code in words(client_of(world, "干部甲"), LETTERS)


@pytest.mark.parametrize("tab", ["outcomes", "all"])
def test_a_units_file_holds_the_sheets_and_letters_in_scope(world: World, tab: str) -> None:
    letter, report = sheet(world, Instrument.Kind.JOINT), served(world)
    file = f"/desk/units/{letter.subject.uid}/?tab={tab}"
    assert [one.code in words(client_of(world, "干部甲"), file) for one in (letter, report)] == [True, True]
    assert [one.code in words(client_of(world, "干部乙"), file) for one in (letter, report)] == [False, False]
    other = f"/desk/units/{world.units['市财政局'].uid}/?tab={tab}"
    assert letter.code not in words(client_of(world, "干部甲"), other)


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    leader(world, "王副市长", "市教育局")
    leader(world, "李副市长", "市教育局")
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    client = client_of(world, "主任甲")
    office = world.offices["第一监督检查室"].pk
    said = {"name": "专项", "year": 2022, "office": office, "approved_on": "2022-01-04"}
    does(client, f"{CAMPAIGNS}open/", **said, code="ZX0", field=only(Item, kind="field", code="grain").pk)
    campaign = only(Activity, code="ZX0")
    findings = [world.finding() for _ in range(3)]
    one = served(world, findings=findings[:1])
    letter = served(world, Instrument.Kind.JOINT, activity=campaign, suggestions=["一"])
    places = ("copy-reports/", "letters/", f"letters/{one.uid}/", f"letters/{letter.uid}/", "campaigns/",
              f"campaigns/{campaign.uid}/", f"units/{one.subject.uid}/?tab=outcomes")  # fmt: skip
    few = questions(client, [f"/desk/{path}" for path in places])
    on_finding = questions(client, [f"/desk/findings/{findings[0].uid}/"])
    for place in range(3):
        served(world, findings=findings)
        served(world, Instrument.Kind.JOINT, activity=campaign)
        does(client, f"/desk/letters/{one.uid}/reply/", on="2022-05-20", measures=f"措施{place}")
        does(client, f"/desk/letters/{letter.uid}/follow-up/", on="2022-05-20", note=f"催办{place}")
        check = {"organisation": "市教育局", "on": f"2022-02-0{place + 1}", "found_count": 1, "fixed_count": 1}
        does(client, f"{CAMPAIGNS}{campaign.uid}/self-check/", **check)
        does(client, f"{CAMPAIGNS}open/", **said, code=f"ZX{place + 1}", field="")
    assert grown(few, questions(client, few)) == {}
    assert grown(on_finding, questions(client, on_finding), most=MOST + 3) == {}  # that page has its own limit


def test_the_tabs_tell_what_waits_for_a_signature_and_for_the_unit(world: World) -> None:
    leader(world, "王副市长", "市教育局")
    draft, late = sheet(world), served(world)
    answered = served(world)
    client = client_of(world, "干部甲")
    does(client, f"/desk/letters/{answered.uid}/reply/", on="2022-05-20", measures="已办")
    does(client, f"/desk/letters/{draft.uid}/submit/", on="2022-05-05")
    shown = {tab: words(client, f"{PLACE}?tab={tab}") for tab in ("", "waiting", "unanswered", "late")}
    found = {tab: [one.code in text for one in (draft, late, answered)] for tab, text in shown.items()}
    assert found == {
        "": [True, True, True],
        "waiting": [True, False, False],
        "unanswered": [False, True, False],
        "late": [False, True, False],
    }


def test_what_waits_for_a_signature_stands_on_the_desk_of_who_signs_it(world: World) -> None:
    proposal, reminder = sheet(world, Instrument.Kind.JOINT), sheet(world, Instrument.Kind.REMINDER)
    officer = client_of(world, "干部甲")
    for one in (proposal, reminder):
        does(officer, f"/desk/letters/{one.uid}/submit/", on="2022-05-05")
    shown = {name: words(client_of(world, name), "/desk/") for name in ("书记", "主任甲", "干部甲")}
    found = {name: [one.code in text for one in (proposal, reminder)] for name, text in shown.items()}
    assert found == {"书记": [True, True], "主任甲": [False, True], "干部甲": [False, False]}
    does(client_of(world, "主任甲"), f"/desk/letters/{reminder.uid}/decide/", is_granted="yes", on="2022-05-06")
    assert reminder.code not in words(client_of(world, "主任甲"), "/desk/")
