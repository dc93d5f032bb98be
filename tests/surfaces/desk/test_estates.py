"""小区公共收益 through its pages: a department's sheet in, coverage and gaps, one estate with everything about it."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.ledgers.conftest import city  # noqa: F401 -- a fixture
from tests.ledgers.estates import OFFICE, estate, shown
from tests.ledgers.test_coverage import PERIOD, book, good
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.sheets import find_table, read_rows
from jiandu.sources.ledgers import duty
from jiandu.sources.ledgers.models import Estate, Objection, Posting, Report, StatementLine
from jiandu.sources.ledgers.sheet import COLUMNS

PLACE = "/desk/estates/"


def only(model: Any) -> Any:
    with as_(SYSTEM):
        return model.objects.get()


def sheet(tmp_path: Path, *rows: tuple[Any, ...], name: str = "11月.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, book(tmp_path / "in.xlsx", *rows, facts=(PERIOD,)).read_bytes())


def test_a_departments_sheet_comes_in_and_is_confirmed(city: World, tmp_path: Path) -> None:
    client = client_of(city, "区纪委书记")
    said = {"office": city.offices[OFFICE].pk, "department": "市财政局", "as_of": "2022-11-30"}
    bad = ("A2", *good()[1:4], "部分", *good()[5:])
    refused = client.post(f"{PLACE}take/", {**said, "file": sheet(tmp_path, good(), bad)})
    assert (refused.status_code, "应为明细或仅总额" in refused.content.decode()) == (422, True)
    with as_(SYSTEM):
        assert Estate.objects.count() == 0
    assert client.post(f"{PLACE}take/", {**said, "file": sheet(tmp_path, good())}).status_code == 303
    listed = client.get("/desk/estate-reports/").content.decode()
    assert [words in listed for words in ("11月.xlsx", "待部门确认", "市财政局")] == [True] * 3
    place = f"/desk/estate-reports/{only(Report).uid}/"
    assert client.post(f"{place}confirm/", {"name": "王某", "on": "2022-12-01"}).status_code == 303
    assert "部门已确认" in client.get(place).content.decode()
    text = client.get("/desk/measures/estates_disclosing/?year=2022&as_of=2022-11-30").content.decode()
    assert "甲小区" in text
    assert client_of(city, "干部甲").get(place).status_code == 404


def test_the_sheet_to_fill_in_holds_the_estates_in_scope(city: World, tmp_path: Path) -> None:
    estate(city, "XQ1")
    rows = {}
    for name in ("区纪委书记", "干部甲"):
        answer = client_of(city, name).get(f"{PLACE}sheet/")
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
        with read_rows(path) as found:
            rows[name] = [row.cells["code"].text for row in find_table(found, COLUMNS)]
    assert rows == {"区纪委书记": ["XQ1"], "干部甲": []}


def test_one_estate_with_everything_about_it(city: World) -> None:
    client, period = client_of(city, "区纪委书记"), duty.latest_due(today())
    where = {"code": "XQ1", "name": "甲小区", "place": "350203009", "office": city.offices[OFFICE].pk}
    new = {**where, "body_kind": "property", "since": "2021-01-01"}
    assert client.post(f"{PLACE}register/", new).status_code == 303
    place = f"{PLACE}{only(Estate).uid}/"
    photo = SimpleUploadedFile("照片.jpg", b"\xff\xd8\xff" + b"x" * 50)
    up = {"period": period.isoformat(), "channel": "on_site", "is_detailed": "yes", "posted_on": duty.due_on(period)}
    assert client.post(f"{place}post/", {**up, "place": "南门公告栏", "photo": photo}).status_code == 303
    sums = {"opening_fen": "100", "income_fen": "50", "expense_fen": "20", "closing_fen": "125"}
    lines = "收入 广告 50 某传媒\n支出 税费 20"
    assert client.post(f"{place}state/", {"period": period.isoformat(), **sums, "lines": lines}).status_code == 303
    wrong = client.post(f"{place}state/", {"period": period.isoformat(), **sums, "lines": "收入 没有这项 50"})
    assert (wrong.status_code, "第1行：金额应大于零" in wrong.content.decode()) == (422, True)
    check = {"period": period.isoformat(), "on": today().isoformat(), "result": "as_told"}
    assert client.post(f"{place}spot-check/", check).status_code == 303
    assert client.post(f"{place}object/", {"raised_on": "2022-11-01", "text": "停车收入偏低"}).status_code == 303
    answer = {"on": "2022-11-05", "text": "已核对"}
    assert client.post(f"{place}answer/?on={only(Objection).pk}", answer).status_code == 303
    shown_page = client.get(place).content.decode()
    for words in ("南门公告栏", "按期公示", "相差", "广告", "与报送一致", "停车收入偏低", "已核对"):
        assert words in shown_page, words
    with as_(SYSTEM):
        assert StatementLine.objects.count() == 2
    file = client.get(f"{place}photos/{only(Posting).uid}/")
    assert (file.status_code, b"".join(file.streaming_content)[:3]) == (200, b"\xff\xd8\xff")  # type: ignore[attr-defined]
    assert client_of(city, "干部甲").get(f"{place}photos/{only(Posting).uid}/").status_code == 404
    gone = client.post(f"{place}withdraw-posting/?on={only(Posting).pk}", {"on": "2022-12-31", "reason": "抽查未见"})
    assert gone.status_code == 303
    assert "已撤下：抽查未见" in client.get(place).content.decode()


def test_coverage_leads_to_the_gaps(city: World) -> None:
    client, period = client_of(city, "区纪委书记"), duty.latest_due(today())
    shown(estate(city, "XQ1"), period=period, on=duty.due_on(period))
    estate(city, "XQ2")
    districts = client.get(f"{PLACE}coverage/").content.decode()
    streets = re.search(r'href="(/desk/estates/coverage/\?district=\d+)"', districts)
    gap = re.search(r'href="(/desk/estates/\?gap=missing[^"]+)"', districts)
    assert streets
    assert gap
    assert "筼筜" in client.get(streets[1]).content.decode()
    listed = client.get(gap[1].replace("&amp;", "&")).content.decode()
    assert ["XQ1" in listed, "XQ2" in listed] == [False, True]
    earlier = duty.due_on(period) - timedelta(days=1)  # then the period before was due, and nobody showed it
    figures = [client.get(f"{PLACE}coverage/?on={day}").content.decode() for day in (today(), earlier, "never")]
    told = [re.findall(r'class="(?:stat-)?value[^"]*"[^>]*>\s*(?:<[^>]+>)?(\d+)', text) for text in figures]
    assert duty.words(duty.period_before(period)) in figures[1]
    assert (told[0] == told[2], told[0] == told[1]) == (True, False), told
    everything = client.get(f"{PLACE}?text=XQ1").content.decode()
    assert ["小区XQ1" in everything, "小区XQ2" in everything] == [True, False]


def test_the_number_of_queries_does_not_grow(city: World) -> None:
    client, period = client_of(city, "区纪委书记"), duty.latest_due(today())
    first = estate(city)
    shown(first, period=period, on=duty.due_on(period))
    places = ("estates/", "estates/coverage/", "estate-reports/", f"estates/{first.uid}/")
    pages = [f"/desk/{path}" for path in places]
    few = questions(client, pages)
    for number in range(3):
        shown(estate(city), period=period, on=duty.due_on(period))
        shown(first, "on_site", period=period, on=duty.due_on(period).replace(day=1 + number))
    assert grown(few, questions(client, pages)) == {}


def test_a_line_is_told_with_its_party_term_due_resolution_and_slip(city: World) -> None:
    one, client = estate(city, "XQ1"), client_of(city, "区纪委书记")
    place, period = f"{PLACE}{one.uid}/", duty.latest_due(today())
    sums = {"opening_fen": "100", "income_fen": "50", "expense_fen": "20", "closing_fen": "130", "bank_fen": "129.50"}
    lines = (
        "收入 广告 50 合同对方：某某广告有限公司 合同期：2022年 应收:60 日期：2022-07-15 票据：0012345 电梯内\n"
        "支出 税费 20 决议：第3次会议 结算：现金"
    )
    said = {"period": period.isoformat(), **sums, "account": "专户"}
    for wrong in ("应收：很多", "日期：昨天"):
        assert client.post(f"{place}state/", {**said, "lines": f"收入 广告 50 {wrong}"}).status_code == 422
    assert client.post(f"{place}state/", {**said, "lines": lines}).status_code == 303
    with as_(SYSTEM):
        first, second = StatementLine.objects.order_by("pk")
    assert (first.party, first.term, first.due_fen, str(first.booked_on), first.slip_no, first.note, first.is_cash) == (
        "某某广告有限公司", "2022年", 60_00, "2022-07-15", "0012345", "电梯内", None,
    )  # fmt: skip
    assert (second.resolution, second.is_cash, second.note) == ("第3次会议", True, "")
    page = client.get(place).content.decode()
    assert [word in page for word in ("某某广告有限公司", "第3次会议", "与银行相差¥0.50", "支出 现金")] == [True] * 4
    assert "¥129.50" in client.get("/desk/estate-statements/").content.decode()


def test_what_an_estate_has_is_known_or_not_and_its_code_is_checked(city: World) -> None:
    one, client = estate(city, "XQ1"), client_of(city, "区纪委书记")
    said = {"name": one.name, "body": "某物业", "body_kind": "property", "has_lift_ads": "yes", "has_base_station": ""}
    place = f"{PLACE}{one.uid}/"
    assert client.post(f"{place}edit/", {**said, "body_code": "91350100M000100Y40"}).status_code == 422
    assert (
        client.post(f"{place}edit/", {**said, "body_code": "91350100M000100Y43", "cost_cap": "30"}).status_code == 303
    )
    kept = only(Estate)
    assert (kept.has_lift_ads, kept.has_base_station, kept.cost_cap, kept.body_code) == (
        True, None, 30, "91350100M000100Y43",
    )  # fmt: skip
    form = client.get(f"{place}?act=edit").content.decode()
    assert '<option value="yes" selected>' in form
    assert "电梯广告 有" in client.get(place).content.decode()
