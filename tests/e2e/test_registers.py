"""Each mechanism by those whose work it is, from its register to its own end, in Chinese and in English: every page right."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Locator

from tests.e2e.browsing import DESK, City, picture, wrong_on
from tests.e2e.city import CLERK, HEAD, LEADER, OFFICER, OPERATOR, VERIFIER
from tests.e2e.desk import Desk
from tests.e2e.registers import DISTRICT

# In the full run until it is seen to pass beside the other suites: servers and browsers of two workers share two cores.
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once, pytest.mark.full]
Said = dict[str, str]
#: What the path in each language calls its own records.
NAMES = {"zh-hans": {"n": "甲", "year": "2021"}, "en": {"n": "乙", "year": "2022"}}


@dataclass(frozen=True)
class Does:
    """One act on the page where the path stands, by its form; first through a link, or at another place, where it says so."""

    act: str
    said: Said = field(default_factory=dict)
    who: str = OFFICER
    link: str = ""
    at: str = ""


@dataclass(frozen=True)
class Path:
    """Where the work begins, its acts in their order, in which register the record then stands, and as what."""

    place: str
    shown: str
    acts: tuple[Does, ...]
    register: str = ""

    def __str__(self) -> str:
        return (self.register or self.place).removeprefix("/desk/").strip("/").replace("/", "-")


DAY, LATER, THEN, END = "2022-06-01", "2022-06-10", "2022-06-20", "2022-07-01"
POINT = {"name": "厦海远航贸易公司{n}", "short_name": "远航{n}", "since": DAY}
TOLD = {"registered_on": DAY, "problem": "消防验收等候过久{n}", "quote": "跑了四趟", "aspect": ""}
ASSIGNED = {"on": DAY, "subject": "市教育局", "due_on": THEN, "note": "请核实"}
SETTLED = {"on": END, "result": "resolved", "satisfaction": "satisfied", "note": "已办妥"}
SUGGESTED = {"text": "公开验收进度{n}", "raised_on": DAY, "quote": "看得到进度就好"}
TALK = {
    "kind": "proactive",
    "on": DAY,
    "theme": "招生工作廉政风险{n}",
    "officers": f"{OFFICER}、{VERIFIER}",
    "people": "张局",
}
PROMISED = {"promise": "带头落实", "has_signed": "on"}
RULE = {"title": "储备粮轮换办法{n}", "number": "厦粮{n}号", "issuer": "市发改委", "issued_on": THEN}
COUNT = {"kind": "messages", "month": "2022-06", "received": "40", "closed": "38"}
JUDGED = {
    "on": END,
    "evaluator": "市统计局",
    "sample": "1000",
    "known": "91.5",
    "satisfied": "93",
    "supported": "96.25",
}
ESTATE = {"code": "XQ7{n}", "name": "丙小区{n}", "place": "350203009", "since": "2021-01-01"}
STATED = {"opening_fen": "100", "income_fen": "50", "expense_fen": "20", "closing_fen": "130", "lines": "收入 广告 50"}
REPORT = {"unit": "市财政局", "period_from": "{year}-01-01", "period_to": "{year}-06-30", "year": "{year}"}
LETTER = {"kind": "joint", "unit": "市教育局", "title": "关于食堂采购{n}", "drafted_on": DAY, "suggestions": "公开询价"}
ANSWERED = {"kind": "adopted", "on": THEN, "text": "已公开询价"}
YES = {"is_granted": "yes", "opinion": "同意"}
PATHS = (
    Path("/desk/rounds/", "浏览器轮次{n}", (
        Does("open", {"code": "GG7{n}", "name": "浏览器轮次{n}", "year": "2022"}),
        Does("points", {"texts": "服务大局\n破解旧账"}),
        Does("start", {"on": DAY}),
        Does("team", {"name": "第一组", "leader": "书记", "members": OFFICER}),
        Does("link", {"units": "市财政局", "planned_on": LATER}),
        Does("visit", {"on": LATER, "place": "市财政局", "note": "流程清楚"}),
        Does("material", {"names": "会议记录", "on": LATER}),
        Does("received", {"on": THEN}),
        Does("report", {"on": THEN, "note": "报告初稿"}),
        Does("approve-report", {"on": END}, HEAD),
    )),
    Path("/desk/findings/{assigned}/", "惠企政策兑现{n}", (
        Does("draft", {"title": "惠企政策兑现{n}", "advice": "请专题研究"}),
        Does("submit"),
        Does("sign", YES, LEADER),
        Does("number", {"word": "厦纪抄{n}", "serial": "7"}, CLERK),
        Does("to-leader", {"leader": "王副市长"}),
        Does("endorse", {"verb": "instruct", "note": "请限期办结"}),
        Does("reply", {"measures": "修订兑现流程", "unit_signer": "张局"}),
        Does("close", {"note": "核验属实"}, HEAD),
    ), "/desk/copy-reports/"),
    Path("/desk/projects/new/", "智慧食堂监督{n}", (
        Does("", {"code": "XM7{n}", "name": "智慧食堂监督{n}", "year": "2022"}),
        Does("approve", {"on": DAY}, HEAD),
        Does("follow-up", {"on": LATER, "note": "完成摸底"}),
        Does("line", {"kind": "step", "text": "走访摸底{n}"}, link="/plan/"),
        Does("evaluate", {"on": END, "proposes": "end", "note": "目标完成，同意结项"}),
        Does("end", {"on": END, "note": "目标完成，同意结项"}, HEAD, link="智慧食堂监督{n}"),
    ), "/desk/projects/"),
    Path("/desk/talks/", "招生工作廉政风险{n}", (
        Does("hold", TALK),
        Does("promise", PROMISED),
        Does("follow-up", {"on": LATER, "by_name": VERIFIER, "note": "承诺已落实"}),
    )),
    Path("/desk/contact/points/", POINT["name"], (
        Does("invite", POINT),
        Does("prolong", {"on": END, "until": "2030-01-01"}),
    )),
    Path("/desk/contact/points/{points}/", "消防验收等候过久{n}", (
        Does("take-in", TOLD),
        Does("study", {"on": DAY, "nature": "conduct"}),
        Does("assign", ASSIGNED),
        Does("answer", {"on": LATER, "note": "已增设窗口"}, OPERATOR),
        Does("return", {"on": LATER, "note": "仍要排队"}),
        Does("answer", {"on": THEN, "note": "已改为网上办理"}, OPERATOR),
        Does("settle", SETTLED),
    ), "/desk/contact/"),
    Path("/desk/contact/suggestions/", "公开验收进度{n}", (
        Does("suggest", SUGGESTED),
        Does("adopt", {"on": LATER, "used_for": "专项监督要点"}),
    )),
    Path("/desk/topics/names/", "老旧电梯整治{n}", (
        Does("name", {"code": "DT7{n}", "name": "老旧电梯整治{n}", "chosen_by": "网络征集"}),
        Does("begin", {"year": "2022", "code": "DT2022-7{n}", "approved_on": DAY, "measures": "逐台排查"}),
        Does("department", {"organisation": "市财政局", "role": "lead"}, link="DT2022-7{n}"),
        Does("target", {"name": "更新电梯", "planned": "30", "unit": "台", "due_on": END}),
        Does("reach", {"on": THEN, "amount": "12"}),
        Does("progress", {"month": "2022-06", "text": "完成排查"}),
        Does("count", COUNT),
        Does("evaluate", JUDGED, link="/results/"),
        Does("achieve", {"on": END, "text": "为老人加装电梯"}),
        Does("conclude", {"on": END}, HEAD, link="DT2022-7{n}", at="/desk/topics/?year=2022"),
    )),
    Path("/desk/campaigns/", "校园餐整治{n}", (
        Does("open", {"code": "ZX7{n}", "name": "校园餐整治{n}", "year": "2022", "approved_on": DAY}),
        Does("self-check", {"organisation": "市教育局", "on": LATER, "found_count": "5", "fixed_count": "4"}),
        Does("spot-check", {"organisation": "市财政局", "on": LATER, "note": "账实不符"}),
        Does("note", {"on": THEN, "note": "部署会"}),
        Does("end", {"on": END}, HEAD),
    )),
    Path("/desk/campaigns/{campaigns}/", "储备粮轮换办法{n}", (
        Does("rule", RULE),
        Does("rule", RULE, at="/desk/topics/{topics}/results/"),
    ), "/desk/rules/"),
    Path("/desk/letters/", "关于食堂采购{n}", (
        Does("draft", LETTER),
        Does("submit", {"on": DAY}),
        Does("sign", YES | {"on": DAY}, LEADER),
        Does("number", {"word": "厦纪建{n}", "serial": "7"}, CLERK),
        Does("deliver", {"on": LATER, "receiver": "办公室"}),
        Does("answer", ANSWERED, OPERATOR),
        Does("verify", {"on": END, "note": "属实"}),
        Does("close", {"on": END, "note": "已落实"}, HEAD),
    )),
    Path("/desk/portraits/", "市财政局", (
        Does("begin", REPORT),
        Does("judge", {"text": "能够对照部署抓落实", "petition_count": "2"}),
        Does("summary", {"summary": "总体平稳"}),
        Does("attach", {"file": "报告.docx"}),
        Does("approve", {"on": END}, LEADER),
    )),
    Path("/desk/checks/", "浏览器检查{n}", (
        Does("open", {"code": "JC7{n}", "name": "浏览器检查{n}", "kind": "village", "on": DAY}, DISTRICT),
        Does("inspect", {"organisation": "西滨村", "on": LATER, "inspectors": "甲、乙"}, DISTRICT),
        Does("answer", {"result": "problem", "note": "坐支租金"}, DISTRICT, link="/inspections/"),
        Does("rest", {}, DISTRICT),
        Does("take", {"on": THEN}, DISTRICT),
    )),
    Path("/desk/grid/", "浏览器网格{n}", (
        Does("open", {"name": "浏览器网格{n}", "village": "西滨村", "since": DAY}, DISTRICT),
        Does("engage", {"name": "林某", "since": DAY}, DISTRICT),
        Does("release", {"until": THEN}, DISTRICT),
    )),
    Path("/desk/meetings/", "一肩挑履职交流{n}", (
        Does("hold", {"kind": "exchange", "on": DAY, "theme": "一肩挑履职交流{n}", "people_count": "60"}, DISTRICT),
    )),
    Path("/desk/estates/", "丙小区{n}", (
        Does("register", ESTATE, DISTRICT),
        Does("post", {"channel": "online", "is_detailed": "yes", "place": "业主群"}, DISTRICT),
        Does("state", STATED, DISTRICT),
        Does("spot-check", {"note": "与账户一致"}, DISTRICT),
        Does("object", {"raised_on": LATER, "text": "广告收入未列"}, DISTRICT),
        Does("answer", {"on": THEN, "text": "已补列"}, DISTRICT),
    )),
)  # fmt: skip


def complete(form: Locator) -> None:
    """A choice that must be made and that the path says nothing of: the first."""
    for chosen in form.locator("select[required]").all():
        if not chosen.input_value():
            chosen.select_option(index=1)


class Walk:
    """A path in one language: everybody at a browser of his own, and what was wrong on the pages they saw."""

    def __init__(self, city: City, stack: ExitStack, path: Path, language: str) -> None:
        self.city, self.stack, self.path, self.language = city, stack, path, language
        self.desks: dict[str, Desk] = {}
        self.wrong: list[str] = []
        self.pictures = 0
        holes = {place.strip("/").rpartition("/")[2]: said for place, said in city.places.items() if "desk/" in place}
        self.names: dict[str, Any] = {
            **NAMES[language],
            **{name: said[0]["values"]["uid"] for name, said in holes.items() if "uid" in said[0]["values"]},
            **city.places["findings"],
        }
        self.here = self.named(path.place)
        self.register = self.named(path.register or path.place)

    def named(self, text: str) -> str:
        """The text with what the city and the language call things."""
        return text.format(**self.names)

    def desk(self, who: str) -> Desk:
        """The desk of that person, where the path stands."""
        if who not in self.desks:
            page = self.stack.enter_context(self.city.as_(who, DESK, self.language))
            self.desks[who] = Desk(page, self.city.base, has_script=True)
        return self.desks[who].open(self.here)

    def judge(self, desk: Desk) -> None:
        self.pictures += 1
        picture(desk.page, f"path-{self.path}-{self.language}-{self.pictures:02d}")
        self.wrong += [f"{desk.page.url}: {one}" for one in wrong_on(desk.page, self.language)]

    def does(self, one: Does) -> None:
        """The act by its form, which is right itself; it was done, and not refused."""
        self.here = self.named(one.at) or self.here
        desk = self.desk(one.who)
        if one.link:
            link = self.named(one.link)
            self.follow(desk, desk.page.locator(f"main a[href*='{link}'], main a:has-text('{link}')"))
        said: dict[str, Any] = {name: self.named(value) for name, value in one.said.items()}
        if "file" in said:
            said["file"] = {"name": said["file"], "mimeType": "application/octet-stream", "buffer": b"PK1"}
        form = desk.begin(one.act, **said) if one.act else desk.page.locator("main form.sheet")
        if not one.act:
            desk.fill(form, **said)
        complete(form)
        self.judge(desk)
        desk.send(form)
        wrong = desk.page.locator("main .summary")
        assert wrong.count() == 0, f"{one.act}: {wrong.first.inner_text()}"
        self.judge(desk)
        if desk.page.url.partition("?")[0] == desk.base + self.register:
            self.follow(desk, self.listed(desk).locator("a"))
            self.judge(desk)
        self.here = desk.page.url.removeprefix(desk.base).partition("?")[0]

    def listed(self, desk: Desk) -> Locator:
        return desk.page.locator("table.ledger tbody tr", has_text=self.named(self.path.shown))

    @staticmethod
    def follow(desk: Desk, link: Locator) -> None:
        with desk.page.expect_navigation():
            link.first.click()


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("path", PATHS, ids=str)
def test_a_mechanism_is_worked_to_its_end_and_found_again(city: City, path: Path, language: str) -> None:
    with ExitStack() as stack:
        walk = Walk(city, stack, path, language)
        for one in path.acts:
            walk.does(one)
        walk.here = walk.register
        desk = walk.desk(path.acts[0].who)
        walk.judge(desk)
        complaints = {who: one.complaints.said for who, one in walk.desks.items()}
        assert (walk.wrong, walk.listed(desk).count() > 0, complaints) == ([], True, dict.fromkeys(complaints, []))
