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
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.services import load_defaults
from jiandu.results.analysis.selectors import all_measures

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
    wrong = client.post(f"{place}sections/1/", {"title": "项目化监督", "text": "共{no_such}个"})
    assert "没有这个统计指标" in wrong.content.decode()
    assert client.post(f"{place}freeze/").status_code == 404
    client.force_login(world.users["书记"])
    assert client.post(f"{place}freeze/").status_code == 303
    assert "定稿锁数" in client.get(place).content.decode()
    word = client.get(f"{place}word/")
    assert (word.status_code, word.content[:2]) == (200, b"PK")


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
