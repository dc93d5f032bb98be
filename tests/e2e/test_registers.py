"""Each register by an officer whose work it is: open it, create through its form, do the next act, find it in the list."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator

from tests.e2e.browsing import DESK, City, wrong_on
from tests.e2e.city import OFFICER
from tests.e2e.desk import Desk
from tests.e2e.registers import DISTRICT

# In the full run until it is seen to pass beside the other suites: servers and browsers of two workers share two cores.
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.full]
Said = dict[str, str]


@dataclass(frozen=True)
class Path:
    """Who works at which register, the act that creates, what the list then shows, the next act on it."""

    place: str
    create: str
    said: Said
    shown: str
    act: str
    then: Said = field(default_factory=dict)
    who: str = OFFICER

    def __str__(self) -> str:
        return self.place.split("/")[-2]


DAY = "2022-06-01"
POINT = {"name": "厦海远航贸易公司", "short_name": "远航贸易", "since": DAY}
CELL = {"name": "浏览器网格", "village": "西滨村", "since": DAY}
ESTATE = {"code": "XQ77", "name": "丙小区", "place": "350203009", "since": "2021-01-01"}
REPORT = {"unit": "市财政局", "period_from": "2022-01-01", "period_to": "2022-06-30", "year": "2022"}
VISIT = {"organisation": "西滨村", "on": "2022-06-02", "inspectors": "甲、乙"}
NOTE = {"on": DAY, "note": "部署会"}
PATHS = (
    Path("/desk/rounds/", "open", {"code": "GG77", "name": "浏览器轮次", "year": "2022"}, "浏览器轮次", "points", {"texts": "服务大局"}),
    Path("/desk/letters/", "draft", {"unit": "市教育局", "title": "关于食堂采购", "drafted_on": DAY}, "关于食堂采购", "edit"),
    Path("/desk/contact/points/", "invite", POINT, "远航贸易", "prolong", {"on": "2022-07-01", "until": "2030-01-01"}),
    Path("/desk/topics/names/", "name", {"code": "DT77", "name": "老旧电梯整治", "chosen_by": "网络征集"}, "老旧电梯整治", "begin"),
    Path("/desk/campaigns/", "open", {"code": "ZX77", "name": "校园餐整治", "year": "2022", "approved_on": DAY}, "校园餐整治", "note", NOTE),
    Path("/desk/portraits/", "begin", REPORT, "市财政局", "summary", {"summary": "总体平稳"}),
    Path("/desk/checks/", "open", {"code": "JC77", "name": "浏览器检查", "on": DAY}, "浏览器检查", "inspect", VISIT, who=DISTRICT),
    Path("/desk/grid/", "open", CELL, "浏览器网格", "engage", {"name": "林某", "since": DAY}, who=DISTRICT),
    Path("/desk/estates/", "register", ESTATE, "丙小区", "object", {"raised_on": DAY, "text": "未见公示"}, who=DISTRICT),
)  # fmt: skip


def complete(form: Locator) -> None:
    """A choice that must be made and that the path says nothing of: the first."""
    for chosen in form.locator("select[required]").all():
        if not chosen.input_value():
            chosen.select_option(index=1)


def does(desk: Desk, act: str, said: Said) -> None:
    """The act by its form, which is right itself; it was done, and not refused."""
    form = desk.begin(act, **said)
    complete(form)
    desk.send(form)
    wrong = desk.page.locator("main .summary")
    assert wrong.count() == 0, wrong.first.inner_text()


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_an_officer_creates_acts_and_finds_it_again(city: City, path: Path) -> None:
    with city.as_(path.who, DESK) as page:
        desk = Desk(page, city.base, has_script=True).open(path.place)
        wrong = wrong_on(page)
        does(desk, path.create, path.said)
        if path.act and f"{city.base}{path.place}" == page.url.partition("?")[0]:
            page.locator("table.ledger tbody tr", has_text=path.shown).first.locator("a").first.click()
            page.wait_for_load_state()
        wrong += wrong_on(page)
        if path.then:
            does(desk, path.act, path.then)
            wrong += wrong_on(page)
        desk.open(path.place)
        listed = page.locator("table.ledger tbody tr", has_text=path.shown).count()
        assert (wrong, listed > 0, desk.complaints.said) == ([], True, [])
