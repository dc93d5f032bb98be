"""The desk's rooms for numbers, ledgers, units and administrators: each opens for whom it should, and is 404 for others."""

import io
import re
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.surfaces.counting import MOST, grown, questions
from tests.world import SYSTEM, World, as_, settle_figures

from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.services import approvals
from jiandu.loop.findings.states import Verb
from jiandu.net.access.deciding import Signature
from jiandu.results.analysis.selectors import all_measures
from jiandu.results.reports.services import draft_review

Get = Callable[[str, str], HttpResponse]


@pytest.fixture
def get(world: World) -> Get:
    """Opens a page of the desk as somebody."""

    def opened(name: str, path: str) -> HttpResponse:
        client = Client()
        client.force_login(world.users[name])
        return client.get(f"/desk/{path}")  # type: ignore[return-value]

    return opened


OFFICERS = (
    "measures/?year=2022",
    "measures/project_findings/?year=2022",
    "search/?q=低保",
    "reviews/",
    "units/",
    "import/",
)
ADMINISTRATORS = (
    ("系统管理员", "dictionaries/"),
    ("安全管理员", "accounts/"),
    ("安全管理员", "roles/"),
    ("审计管理员", "audit/"),
)


@pytest.mark.parametrize("path", OFFICERS)
def test_rooms_open_for_officers_and_for_no_administrator(get: Get, path: str) -> None:
    assert get("主任甲", path).status_code == 200
    if not path.startswith("units"):
        assert get("审计管理员", path).status_code == 404


@pytest.mark.parametrize(("name", "path"), ADMINISTRATORS)
def test_administrators_desks_open_for_them_alone(get: Get, name: str, path: str) -> None:
    assert get(name, path).status_code == 200
    assert get("主任甲", path).status_code == 404


def test_anonymous_visitors_are_sent_to_sign_in(world: World) -> None:
    response = Client().get("/desk/measures/")
    assert (response.status_code, "next=" in response["Location"]) == (302, True)


def test_the_number_of_queries_does_not_grow_with_rows(world: World) -> None:
    client = Client()
    client.force_login(world.users["主任甲"])
    world.finding(on=date(2022, 3, 1))
    figures = "/desk/measures/?year=2022&as_of=2022-12-31"
    one = "/desk/measures/project_findings/?year=2022&as_of=2022-12-31"
    all_, few = questions(client, [figures]), questions(client, ["/desk/search/?q=台账", "/desk/units/", one])
    for _ in range(2):
        world.finding(on=date(2022, 3, 1))
    assert grown(few, questions(client, few)) == {}
    bases = {one.base or one.source for one in all_measures().values()}  # the page of every figure: a statement a base
    assert grown(all_, questions(client, all_), most=MOST + len(bases)) == {}


def test_search_finds_two_characters_and_rare_ones_in_scope_only(world: World, get: Get) -> None:
    world.finding(problem="筼筜片区低保发放不及时")
    shown = get("主任甲", "search/?q=低保").content.decode()
    assert "筼筜片区" in shown
    assert "筼筜片区" in get("主任甲", "search/?q=筼筜").content.decode()
    assert "筼筜片区" not in get("主任乙", "search/?q=低保").content.decode()


def test_a_measure_opens_the_rows_it_counts(world: World, get: Get) -> None:
    finding = world.closed(closed_on=date(2022, 5, 1))
    shown = get("主任甲", "measures/project_findings_rectified/?year=2022&as_of=2022-12-31").content.decode()
    assert finding.code in shown
    before = get("主任甲", "measures/project_findings_rectified/?year=2022&as_of=2022-04-30").content.decode()
    assert finding.code not in before
    assert get("主任甲", "measures/no_such_measure/").status_code == 404


def test_a_review_is_drafted_worded_frozen_and_given_as_word(world: World, get: Get) -> None:
    world.closed(closed_on=date(2022, 5, 1))
    client = Client()
    client.force_login(world.users["主任甲"])
    made = client.post("/desk/reviews/new/", {"year": 2022, "as_of": "2022-12-31"})
    assert made.status_code == 303
    place = made["Location"]
    assert "发现问题<a" in re.sub(r"\s+", "", client.get(place).content.decode())
    english = client.get(place, headers={"Accept-Language": "en"}).content.decode()
    assert ("official document in Chinese" in english, 'class="prose" lang="zh-Hans"' in english) == (True, True)
    assert re.search(r"<li>Findings of projects: <a [^>]+>1</a>", english)
    assert "<li>项目发现问题：" not in client.get(place).content.decode()  # the control: Chinese readers have the text
    wrong = client.post(f"{place}sections/1/", {"title": "项目化监督", "text": "共{no_such}个"})
    assert "没有这个统计指标" in wrong.content.decode()
    assert client.post(f"{place}freeze/").status_code == 404
    assert client.post(f"{place}sheet/ask/").status_code == 303
    client.force_login(world.users["书记"])
    refused = client.post(f"{place}freeze/")
    assert (refused.status_code, "项没有核定，暂不能定稿" in refused.content.decode()) == (409, True)
    assert client.post(f"{place}sheet/decide/", {"reason": " "}).status_code == 422
    assert client.post(f"{place}sheet/decide/", {"reason": "各室组已当面核对"}).status_code == 303
    assert client.post(f"{place}freeze/").status_code == 303
    assert "定稿锁数" in client.get(place).content.decode()
    word = client.get(f"{place}word/")
    assert (word.status_code, word.content[:2]) == (200, b"PK")


def test_what_changed_since_a_review_was_frozen_opens_its_rows(world: World) -> None:
    gone = world.closed(on=date(2022, 3, 1), closed_on=date(2022, 5, 1))
    client = Client()
    client.force_login(world.users["书记"])
    with as_(world.viewer("主任甲")) as by:
        review = settle_figures(draft_review(year=2022, as_of=date(2022, 12, 31), by=by))
    place = f"/desk/reviews/{review.uid}/"
    assert client.post(f"{place}freeze/").status_code == 303
    assert "没有变化" in client.get(place).content.decode()
    late = [world.closed(on=date(2022, 4, 1), closed_on=date(2022, 6, 1)) for _ in range(2)]
    with as_(SYSTEM) as by:
        asked = approvals.ask(finding=gone, by=by, request=approvals.Request(Verb.WITHDRAW, "误录", date(2022, 5, 2)))
    with as_(world.viewer("书记")) as by:
        approvals.decide(
            approval=asked, by=by, signature=Signature(is_granted=True, on=date(2022, 5, 2), opinion="同意")
        )
    shown = client.get(place).content.decode()
    figure = f"{place}figures/project_findings/"
    assert (f'<a href="{figure}">1</a>' in shown, "新计入 2 条" in shown, "不再计入 1 条" in shown) == (True,) * 3
    now = re.search(r'<a href="(/desk/measures/project_findings/[^"]+)">2</a>', shown)
    assert now is not None
    codes = [row.code for row in (gone, *late)]
    for at, wanted in (
        (figure, [True, False, False]),
        (f"{figure}?since=added", [False, True, True]),
        (f"{figure}?since=removed", [True, False, False]),
        (now[1].replace("&amp;", "&"), [False, True, True]),
    ):
        rows = client.get(at).content.decode()
        assert (at, [code in rows for code in codes]) == (at, wanted)


def test_an_import_shows_errors_in_place_and_writes_nothing(world: World, get: Get) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    text = (
        "问题编号,登记日期,项目编号,监督检查室,责任单位,问题表现\nA1,2022-13-40,XM1,第一监督检查室,市教育局,台账不清\n"
    )
    client = Client()
    client.force_login(world.users["干部甲"])
    upload = io.BytesIO(text.encode())
    upload.name = "台账.csv"
    shown = client.post("/desk/import/", {"file": upload}, follow=True).content.decode()
    assert "登记日期" in shown
    assert "2022-13-40" in shown
    assert "确认导入" not in shown


def test_a_ledger_is_previewed_committed_and_exported(world: World, get: Get) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    world.project(code="XM2022-777", office="第一监督检查室")
    text = "问题编号,登记日期,项目编号,监督检查室,责任单位,问题表现\nA1,2022年3月4日,XM2022-777,第一监督检查室,市教育局,=台账不清\n"
    client = Client()
    client.force_login(world.users["干部甲"])
    upload = io.BytesIO(text.encode("gb18030"))
    upload.name = "台账.csv"
    shown = client.post("/desk/import/", {"file": upload}, follow=True).content.decode()
    place = re.search(r'action="(/desk/import/[^"]+/commit/)"', shown)
    assert place
    assert client.post(place[1]).status_code == 303
    assert client.post(f"/desk/import/{uuid4()}/commit/").status_code == 404
    out = client.post("/desk/findings/export/", {"kind": "csv"})
    content = b"".join(out.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "A1" in content
    assert "'=台账不清" in content
    assert "水印" in content


def test_the_log_is_shown_and_verified(world: World, get: Get) -> None:
    world.finding()
    client = Client()
    client.force_login(world.users["审计管理员"])
    assert "finding.register" in client.get("/desk/audit/").content.decode()
    assert "完整" in client.post("/desk/audit/verify/").content.decode()
