"""Each paragraph of the annual review: officers act through their pages, and the paragraph prints what they did, no more.

No service is called between the first page and the printed text. Each story holds what a wrong definition would count, too.
"""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.instruments.net import leader
from tests.ledgers.estates import OFFICE as DISTRICT
from tests.ledgers.test_coverage import PERIOD, book, good
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.models import GridCell, GridWorker
from jiandu.loop.grassroots.services.checklists import load_checklists
from jiandu.loop.instruments.models import Delivery, Instrument
from jiandu.loop.outcomes.models import MoneyRecovered
from jiandu.net.subjects.divisions import load_divisions
from jiandu.net.subjects.models import Post
from jiandu.net.subjects.services import NewPost, appoint
from jiandu.results.portraits.models import Portrait
from jiandu.results.reports.drafting import default_text, draft
from jiandu.sources.activities.models import Activity, LinkedUnit, Team, Visit
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem, ContactSuggestion
from jiandu.sources.ledgers.models import Estate
from jiandu.sources.talks.models import Talk
from jiandu.sources.topics.models import Topic

DAY = date(2022, 12, 31)
ROOM, TOWN = "第一监督检查室", "筼筜街道纪工委"
KEYS = [section["key"] for section in default_text()["sections"]]


class Story:
    """The net's people at their desks."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients: dict[str, Client] = {}

    def client(self, name: str) -> Client:
        return self.clients.setdefault(name, client_of(self.world, name))

    def does(self, name: str, place: str, /, **said: Any) -> str:
        """The form, as its page posts it. Gives where the page goes then."""
        answer = self.client(name).post(place, said)
        assert answer.status_code == 303, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[-1500:]
        return str(answer["Location"])

    def office(self, name: str = ROOM) -> int:
        return int(self.world.offices[name].pk)

    def finds(self, name: str, source: Activity, on: str, office: str = ROOM, **more: Any) -> str:
        said = {"subject": "市教育局", "problem": "台账不清", "source": f"activity:{source.uid}", **more}
        return self.does(name, "/desk/findings/new/", **said, registered_on=on, office=self.office(office))

    def closes(self, name: str, place: str, on: str, head: str) -> None:
        """The loop from handing over to the approved closing, all on that day but the registration."""
        self.does(name, f"{place}assign/", on=on, rectification="by_term", note="补录")
        self.does(name, f"{place}receive/", on=on, rectifier="责任人甲", note="补录")
        self.does(name, f"{place}apply/", on=on, note="已整改")
        self.does(name, f"{place}verify/", on=on, method="field", note="补录")
        self.decides(head, place, on)

    def leaves(self, name: str, place: str, verb: str, on: str, **more: Any) -> None:
        """A side exit: asked for, and granted by the leader."""
        self.does(name, f"{place}ask/", verb=verb, on=on, reason="登记有误", **more)
        self.decides("书记", place, on)

    def decides(self, name: str, place: str, on: str) -> None:
        with as_(SYSTEM):
            approval = Finding.objects.get(uid=place.split("/")[-2]).approvals.get(status="waiting")
        self.does(name, f"{place}approvals/{approval.uid}/decide/", is_granted="yes", on=on, opinion="同意")


def only(model: Any, **where: Any) -> Any:
    """What the pages made; their addresses hold its identity."""
    with as_(SYSTEM):
        return model.objects.get(**where)


def last(model: Any) -> Any:
    with as_(SYSTEM):
        return model.objects.order_by("-pk")[0]


def printed(key: str) -> list[str]:
    """The paragraph as the review of the year prints it."""
    with as_(SYSTEM) as by:
        section = draft(by, year=2022, as_of=DAY).sections[KEYS.index(key)]
    return ["".join(run.text for run in runs) for runs in section.sentences]


@pytest.fixture
def story(world: World) -> Story:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        load_divisions(by=by)
        for name, unit in (("张局", "市教育局"), ("李局", "市财政局")):
            person = world.person(name)
            appoint(new=NewPost(person, world.units[unit], "局长", date(2021, 1, 1), Post.Kind.HEAD), by=by)
    return Story(world)


def test_every_paragraph_has_its_story() -> None:
    told = {name.removeprefix("test_story_of_") for name in globals() if name.startswith("test_story_of_")}
    assert set(KEYS) - told == set()


def test_story_of_linked(story: Story) -> None:
    for code, start in (("GG1", "2022-03-01"), ("GG2", "2022-11-01")):
        opened = {"code": code, "name": "贯彻二十大精神", "year": 2022, "office": story.office()}
        story.does("干部甲", "/desk/rounds/open/", **opened, plan="分组走访")
        story.does("干部甲", f"/desk/rounds/{only(Activity, code=code).uid}/start/", on=start)
    activity, later = only(Activity, code="GG1"), only(Activity, code="GG2")
    place = f"/desk/rounds/{activity.uid}/"
    story.does("干部甲", f"{place}team/", name="第一组", leader="书记", members="干部甲")
    story.does("干部甲", f"{place}link/?on={only(Team).pk}", units="市教育局\n市财政局\n思明区教育局")
    for unit, day in (("市教育局", "2022-03-11"), ("市教育局", "2022-04-11"), ("市财政局", "2022-03-12"), ("思明区教育局", "2022-03-13")):  # fmt: skip
        linked = only(LinkedUnit, organisation=story.world.units[unit]).pk
        story.does("干部甲", f"{place}visit/?on={linked}", on=day, place=unit)
    wrong = only(Visit, organisation=story.world.units["思明区教育局"]).pk
    story.does("干部甲", f"{place}withdraw-visit/?on={wrong}", on="2022-03-20", reason="当日未成行")
    for day in ("2022-03-11", "2022-03-15"):  # the same two heads, twice
        talk = {"kind": "proactive", "on": day, "theme": "履职", "office": story.office(), "officers": "干部甲、干部丙"}
        story.does("干部甲", "/desk/talks/hold/", **talk, people="张局\n李局", activity=str(activity.uid))
    with as_(SYSTEM):
        one, two = Item.objects.filter(kind="aspect")[:2]
    first = story.finds("干部甲", activity, "2022-03-20", aspect=one.pk)
    story.finds("干部甲", activity, "2022-03-21", aspect=two.pk, problem="制度不健全")
    merged = story.finds("干部甲", activity, "2022-03-22", problem="同一问题")
    code = only(Finding, uid=first.split("/")[-2]).code
    story.leaves("干部甲", merged, "merge", "2022-04-01", merge_into=code)
    story.finds("干部甲", later, "2022-11-10", problem="报告尚未审定")
    story.does("干部甲", f"{place}report/", on="2022-05-01")
    story.does("主任甲", f"{place}approve-report/", on="2022-05-02")
    assert printed("linked") == [
        "全年启动委领导挂钩监督2轮，走访市（区）直部门、企业2家（3家次），约谈各单位关键少数2人。",
        "截至2022年12月31日，报告已审定的轮次共发现2个方面2个问题。",
    ]


def test_story_of_copy_reports(story: Story) -> None:
    leader(story.world, "王副市长", "市教育局")
    leader(story.world, "市委书记", title="市委书记")
    source = _project(story, "XM1")
    places = [story.finds("干部甲", source, "2022-04-01", problem=f"问题{number}") for number in range(4)]
    codes = [only(Finding, uid=place.split("/")[-2]).code for place in places]
    for listed, day in ((codes[:2], "2022-05-09"), (codes[2:3], "2022-06-09"), (codes[3:], "2023-01-09")):
        drafted = {"office": story.office(), "drafted_on": "2022-05-05", "source": "项目化监督", "advice": "请专题研究"}
        story.does("干部甲", "/desk/copy-reports/draft/", findings="\n".join(listed), **drafted)
        sheet = f"/desk/letters/{last(Instrument).uid}/"
        story.does("干部甲", f"{sheet}submit/", on="2022-05-05")
        story.does("书记", f"{sheet}sign/", is_granted="yes", on="2022-05-06", opinion="同意")
        story.does("干部甲", f"{sheet}to-leader/", on=day)
    first = only(Delivery, on=date(2022, 5, 9)).instrument_id
    story.does("干部甲", f"/desk/letters/{only(Instrument, pk=first).uid}/copy/", on="2022-05-09", person="市委书记")
    assert printed("copy_reports") == ["全年向1位分管市领导送达问题抄报单2份，抄报典型问题3个。"]


def _project(story: Story, code: str, *members: str, **more: Any) -> Activity:
    said = {"year": 2022, "lead": story.office(), "code": code, "name": f"监督项目{code}", "approved_on": "2022-01-05"}
    bodies = [story.world.offices[name].pk for name in members]
    story.does("主任甲", "/desk/projects/new/", **{**said, **more}, members=bodies)
    return only(Activity, code=code)  # type: ignore[no-any-return]


def test_story_of_projects(story: Story) -> None:
    body = "驻市教育局纪检监察组"
    main, double = _project(story, "XM1", body, "思明区纪委监委"), _project(story, "XM2", body)
    _project(story, "XM3", approved_on="")  # proposed only
    story.does("主任甲", f"/desk/projects/{double.uid}/merge/", code="XM1", reason="重复立项", on="2022-06-01")
    first, second, third, fourth = (
        story.finds("干部甲", main, day, problem=f"问题{day}")
        for day in ("2022-03-01", "2022-03-02", "2022-03-03", "2022-03-04")
    )
    story.closes("干部甲", first, "2022-05-10", "主任甲")
    story.closes("干部甲", second, "2023-01-10", "主任甲")
    story.closes("干部甲", third, "2022-05-12", "主任甲")
    story.does("干部甲", f"{third}look-back/", on="2022-09-01", result="rebound", note="反弹")
    story.does("干部甲", f"{third}reopen/", on="2022-09-02", note="反弹")
    story.leaves("干部甲", fourth, "withdraw", "2022-04-01")
    rule = {"title": "校园采购办法", "issuer": "市教育局", "issued_on": "2022-06-01"}
    for place in (first, second):  # one rule, two origins
        story.does("干部甲", f"{place}rule/", **rule)
    story.does("干部甲", f"{first}rule/", title="来年的办法", issuer="市教育局", issued_on="2023-01-20")
    for _twice in range(2):
        story.does(
            "干部甲", f"{first}money/", amount="12345.67", received_on="2022-06-01", kind="other", account_kind="other"
        )
    twice = last(MoneyRecovered).uid
    story.does("干部甲", f"{first}money/{twice}/reverse/", on="2022-06-09", amount="12345.67", proof="重复入账更正")
    told = printed("projects")
    assert told[0].startswith("全年立项1个政治监督项目，1个派驻（派出）机构参与，")
    assert told[1:3] == [
        "截至2022年12月31日，项目监督共发现问题3个，已督促整改1个，推动完善制度1项，挽回金额1余万元。",
        "另有1个问题经撤销、不予认定或并案，不计入上述数字。",
    ]
    assert told[3].startswith("已回头看1个，其中反弹1个；已整改未回头看1个")


def test_story_of_ecology(story: Story) -> None:
    with as_(SYSTEM) as by:
        dimensions = [item.pk for item in items(by, "dimension", 2022)]
    for unit, day in (("市教育局", "2022-08-01"), ("市财政局", "2023-01-16"), ("思明区教育局", "")):
        said = {"period_from": "2022-01-01", "period_to": "2022-06-30", "year": 2022, "office": story.office()}
        story.does("干部甲", "/desk/portraits/begin/", unit=unit, **said)
        place = f"/desk/portraits/{last(Portrait).uid}/"
        for key in dimensions:
            story.does("干部甲", f"{place}judge/?on={key}", text="总体平稳")
        story.does("干部甲", f"{place}summary/", summary="总体平稳", reviewers="主任甲")
        if day:
            story.does("主任甲", f"{place}approve/", on=day)
    first = only(Portrait, approved_on=date(2022, 8, 1))
    story.does("干部甲", f"/desk/portraits/{first.uid}/revise/")
    story.does("主任甲", f"/desk/portraits/{last(Portrait).uid}/approve/", on="2022-12-01")
    assert printed("ecology") == [f"围绕{len(dimensions)}个维度开展政治生态分析研判，全年审定政治生态分析报告1份。"]


def test_story_of_proactive(story: Story) -> None:
    said = {"theme": "履职", "office": story.office(), "officers": "干部甲、干部丙"}
    for kind, day, people in (
        ("proactive", "2022-03-11", "张局\n李局"),
        ("proactive", "2022-06-11", "张局"),
        ("reminder", "2022-06-12", "张局"),
        ("proactive", "2023-01-11", "张局"),
        ("proactive", "2022-08-08", "李局"),
    ):
        story.does("干部甲", "/desk/talks/hold/", **said, kind=kind, on=day, people=people)
    twice = only(Talk, on=date(2022, 8, 8)).uid
    story.does("干部甲", f"/desk/talks/{twice}/withdraw/", on="2022-08-20", reason="重复登记")
    assert printed("proactive") == [
        "全市各级纪检监察机构主动约谈关键少数及重点岗位人员3人次（按对象计，共2场），推动抓早抓小。"
    ]


def test_story_of_contact(story: Story) -> None:
    place = "/desk/contact/"
    for number, name in enumerate(("厦海明珠茶业有限公司", "鹭岛云帆软件有限公司", "鹭岛已退出贸易公司")):
        said = {"name": name, "kind": "enterprise", "tier": "city", "office": story.office(), "since": "2022-01-01"}
        story.does("干部甲", f"{place}points/invite/", **said, officer="干部甲", short_name=f"企业{number}")
    with as_(SYSTEM):
        one, other, gone = ContactPoint.objects.order_by("pk")
    story.does("干部甲", f"{place}points/{gone.uid}/leave/", on="2022-05-20", note="企业外迁")
    problems = []
    for point, day, text in (
        (one, "2022-03-01", "办证等候过久"),
        (other, "2022-03-02", "多头重复检查"),
        (other, "2022-03-03", "办证还要等很久"),
        (one, "2023-01-05", "来年的问题"),
    ):
        told = {"point": point.uid, "registered_on": day, "problem": text, "office": story.office()}
        story.does("干部甲", f"{place}take-in/", **told)
        problems.append(last(ContactProblem))
    into = str(problems[0].uid)
    story.does("干部甲", f"{place}{problems[2].uid}/merge/", on="2022-03-04", into=into, note="同一事项")
    for problem in problems[:2]:
        where = f"{place}{problem.uid}/"
        story.does("干部甲", f"{where}study/", on="2022-03-05", nature="conduct")
        story.does("干部甲", f"{where}assign/", on="2022-03-05", subject="市教育局", note="请核实", due_on="2022-03-20")
        story.does("经办人丁", f"{where}answer/", on="2022-03-10", note="已增设窗口")
        story.does("干部甲", f"{where}settle/", on="2022-03-16", result="resolved", satisfaction="satisfied")
    story.does("干部甲", f"{place}{problems[1].uid}/return/", on="2022-04-01", note="问题仍在")
    rule = {"title": "许可办理规程", "issuer": "市教育局", "issued_on": "2022-04-01"}
    for problem in problems[:2]:
        story.does("干部甲", f"{place}{problem.uid}/rule/", **rule)
    for day in ("2022-03-16", "2022-03-17"):
        story.does("干部甲", f"{place}suggestions/suggest/", text="公开办件进度", raised_on=day, office=story.office())
    adopted = f"{place}suggestions/{last(ContactSuggestion).uid}/adopt/"
    story.does("干部甲", adopted, on="2022-04-02", used_for="专项监督要点")
    assert printed("contact") == [
        "截至2022年12月31日，在任期内的营商环境监督联系点2家。",
        "联系点全年反映3件次、2个问题，已推动解决1个，正在办理1个；同一事项合并的1个不重复计算。",
        "由此推动建章立制1项；联系点提出建议2条，纳入监督参考1条。",
    ]


def test_story_of_topic(story: Story) -> None:
    said = {"code": "DT1", "name": "拖欠农民工工资", "tier": "city", "chosen_by": "媒体征集", "office": story.office()}
    story.does("干部甲", "/desk/topics/names/name/", **said)
    year = {"year": 2022, "code": "DT2022-1", "approved_on": "2022-01-10", "measures": "执法", "schedule": "三季度"}
    story.does("干部甲", f"/desk/topics/names/{only(Topic).uid}/begin/", **year)
    activity = only(Activity, code="DT2022-1")
    place = f"/desk/topics/{activity.uid}/"
    story.does("干部甲", f"{place}department/", organisation="市教育局", role="lead")
    story.does("干部甲", f"{place}count/", kind="messages", month="2022-06", received=40, closed=38)
    story.does("干部甲", f"{place}count/", kind="own_list", month="2022-06", received=500, closed=480)
    for problem, day in (("漏保漏救", "2022-08-01"), ("欠薪", "2023-01-18"), ("仍在整改", "")):
        found = story.finds("干部甲", activity, "2022-04-01", problem=problem)
        if day:
            story.closes("干部甲", found, day, "主任甲")
    story.does("主任甲", f"{place}conclude/", on="2022-12-28")
    assert printed("topic") == [
        "本年度开展点题整治1项，评定为结题完成1项。",
        "点题整治发现问题3个，督促解决民生领域问题1个。",
        "受理群众留言40件，办结38件；答题部门自查问题500件，自查办结480件。",
    ]


def test_story_of_estates(story: Story, tmp_path: Path) -> None:
    totals = ("A2", *good()[1:4], "仅总额", *good()[5:])
    silent = ("A3", *good()[1:5], None, None, *good()[7:])
    both = ("A4", *good()[1:6], date(2022, 10, 21), *good()[7:])
    rows = [good(), totals, silent, both]
    named = [(row[0], f"{row[0]}小区", *row[2:]) for row in rows]
    file = SimpleUploadedFile("11月.xlsx", book(tmp_path / "in.xlsx", *named, facts=(PERIOD,)).read_bytes())
    said = {"office": story.office(DISTRICT), "department": "市财政局", "as_of": "2022-11-30"}
    story.does("区纪委书记", "/desk/estates/take/", **said, file=file)
    with as_(SYSTEM):
        assert Estate.objects.count() == 4
    told = printed("estates")
    assert told == [
        "督促主管部门推动小区公共收益“线上+线下”公示。截至2022年11月30日，2个小区实现公共收益明细公示，"
        "其中线上线下均公示明细的1个；应公示的小区4个，仅公示总额的1个。"
    ]


def test_story_of_campaigns(story: Story) -> None:
    for code, field in (("ZX1", "grain"), ("ZX2", "tenders")):
        said = {"code": code, "name": f"专项整治{code}", "field": only(Item, kind="field", code=field).pk, "year": 2022}
        story.does(
            "干部甲", "/desk/campaigns/open/", **said, office=story.office(), approved_on="2022-01-04", plan="查"
        )
        rule = {"title": f"管理办法{code}", "issuer": "市教育局", "issued_on": "2022-09-01"}
        story.does("干部甲", f"/desk/campaigns/{only(Activity, code=code).uid}/rule/", **rule)
    for code, kind, day in (
        ("ZX1", "joint", "2022-05-09"),
        ("ZX1", "supervision", ""),
        ("ZX1", "joint", "2023-01-09"),
        ("ZX1", "reminder", "2022-05-09"),
        ("ZX2", "joint", "2022-05-09"),
    ):
        letter = {
            "kind": kind,
            "unit": "市教育局",
            "title": "规范轮换",
            "office": story.office(),
            "drafted_on": "2022-05-05",
        }
        of = only(Activity, code=code).uid
        story.does("干部甲", "/desk/letters/draft/", **letter, activity=of, suggestions="健全制度\n加强监管")
        place = f"/desk/letters/{last(Instrument).uid}/"
        story.does("干部甲", f"{place}submit/", on="2022-05-05")
        story.does("书记", f"{place}sign/", is_granted="yes", on="2022-05-06", opinion="同意")
        if day:
            story.does("干部甲", f"{place}deliver/", on=day, receiver="办公室")
    assert printed("campaigns") == ["粮食购销领域专项整治制发纪检监察建议书1份，推动建章立制1项。"]


def _villages(story: Story) -> None:
    for name in ("西滨村", "后溪村"):
        story.world.unit(name)
    with as_(SYSTEM) as by:
        load_checklists(by=by)


def test_story_of_assets(story: Story) -> None:
    _villages(story)
    town = story.office(TOWN)
    opened = {"kind": "assets", "code": "JC1", "name": "三资检查", "on": "2022-02-10", "office": town}
    story.does("街道干部", "/desk/checks/open/", **opened)
    activity = only(Activity, code="JC1")
    for unit, day in (("西滨村", "2022-05-10"), ("后溪村", "2022-05-11"), ("西滨村", "2022-09-10")):
        said = {"organisation": unit, "on": day, "inspectors": "街道干部、甲"}
        story.does("街道干部", f"/desk/checks/{activity.uid}/inspect/", **said)
    for problem, day in (("租金拖欠", "2022-08-01"), ("坐支", "2023-01-12"), ("票据不全", "")):
        place = story.finds("街道干部", activity, "2022-05-11", TOWN, subject="西滨村", problem=problem)
        if day:
            story.closes("街道干部", place, day, "区纪委书记")
    money = {"amount": "9537201", "received_on": "2022-08-01", "kind": "rent", "account_kind": "collective"}
    for more in ({}, {"kind": "fine"}, {"account_kind": "finance"}, {"received_on": "2023-01-12"}):
        story.does("街道干部", f"{place}money/", **{**money, **more})
    assert printed("assets") == [
        "全市各级围绕农村集体资金、资产、资源开展监督检查，到村居2个，发现问题3个，督促整改农村三资等重点问题1个，"
        "收回拖欠租金和集体资金950余万元。"
    ]


def test_story_of_village(story: Story) -> None:
    _villages(story)
    town = story.office(TOWN)
    cells = (("西滨网格", {}), ("后溪网格", {}), ("西滨联系点", {"is_contact_point": "on"}))
    with as_(SYSTEM) as by:
        kind = items(by, "grid_worker", 2022)[0].pk
    for name, more in cells:
        cell = {"name": name, "village": f"{name[:2]}村", "office": town, "since": "2022-01-01", **more}
        story.does("街道干部", "/desk/grid/open/", **cell)
    with as_(SYSTEM):
        place = f"/desk/grid/{GridCell.objects.get(name='西滨网格').uid}/"
    for name in ("陈某", "林某"):
        story.does("街道干部", f"{place}engage/", name=name, kind=kind, since="2022-02-01")
    story.does("街道干部", f"{place}release/?on={last(GridWorker).pk}", until="2022-08-31")
    for kind_of, day, count in (("training", "2022-04-01", 120), ("training", "2023-01-12", 90), ("exchange", "2022-05-01", 30)):  # fmt: skip
        said = {"kind": kind_of, "on": day, "theme": "送教下乡", "people_count": count, "office": town}
        story.does("街道干部", "/desk/meetings/hold/", **said)
    assert printed("village") == [
        "制定村级“一肩挑”监督清单，明确6个方面42项监督内容，设立工作联系点1个。",
        "推行近邻监督，1名近邻监督员划片联网；召开履职交流会1场，培训120人次。",
    ]
