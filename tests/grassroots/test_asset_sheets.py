"""资产回头看 by sheet: the paper and the screen have the same rows in the same order; all that is typed in, or nothing."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader
from tests.activities.test_papers import cells, written
from tests.grassroots.test_checks import DAY, HEAD, TOWN, check, rule_of
from tests.papers.test_codes import codes
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.errors import Refused
from jiandu.base.documents.codes import Code, Opens
from jiandu.base.documents.pdf import to_pdf
from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.asset_word import assets_docx
from jiandu.loop.grassroots.models import AssetLookBack
from jiandu.loop.grassroots.selectors import assets_asked
from jiandu.loop.grassroots.services.checks import NewLook, look_at_asset
from jiandu.loop.grassroots.services.looking import Row, look_at_assets
from jiandu.net.access.models import Level
from jiandu.sources.activities.models import Activity

CLERK, FOREIGN = "街道干部", "干部乙"


@pytest.fixture
def asked(world: World) -> Activity:
    """A check with eleven problems of a village."""
    world.unit("西滨村")
    one = check(world, "assets")
    for place in range(11):
        world.finding(activity=one, unit="西滨村", office=TOWN, on=DAY, problem=f"店面{place}号被占用")
    return one


def findings(activity: Activity) -> list[Finding]:
    with as_(SYSTEM):
        return list(Finding.objects.filter(activity=activity).order_by("pk"))


def looks() -> list[tuple[str, str, date, str]]:
    with as_(SYSTEM):
        rows = AssetLookBack.objects.order_by("pk")
        return [(row.asset, str(row.result), row.on, row.by_name) for row in rows]


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.users[who])
    return client


def place_of(activity: Activity, stage: str = "town", leaf: int = 1) -> str:
    return f"/desk/checks/{activity.uid}/assets/{stage}/?leaf={leaf}"


def typed(rows: dict[int, str], **more: str) -> dict[str, str]:
    said = {"on": "2022-08-01", "by_name": "镇干部甲"} | more
    return said | {f"r{number}-result": digit for number, digit in rows.items()} | {
        f"r{number}-asset": f"店面{number}" for number in rows
    }  # fmt: skip


def test_the_paper_has_ten_rows_a_sheet_each_with_its_own_code(world: World, asked: Activity) -> None:
    with as_(SYSTEM) as by:
        content = assets_docx(by, asked, "town")
    file = written(assets_docx, asked, "town")
    heads, first, second_head, second = file.tables
    assert [row[0] for row in cells(first)[1:]] == [str(n) for n in range(1, 11)]
    assert [row[0] for row in cells(second)[1:]] == ["11"]
    codes_there = [one.code for one in findings(asked)]
    assert [row[1] for row in [*cells(first)[1:], *cells(second)[1:]]] == codes_there
    assert cells(heads)[0][-1] == "第1张，共2张"
    assert cells(second_head)[0][-1] == "第2张，共2张"
    paths = [Code(Opens.ASSETS_TOWN, asked.uid, leaf).path for leaf in (1, 2)]
    assert [one[one.index("/desk/") :] for one in codes(content)] == paths
    opened = client_of(world, CLERK).get(paths[1])
    assert opened.headers["Location"] == place_of(asked, leaf=2)
    assert client_of(world, FOREIGN).get(paths[1]).status_code == 404


@pytest.mark.office
@pytest.mark.once
def test_ten_rows_stay_on_one_page_however_long_their_words_are(world: World) -> None:
    world.unit("西滨村")
    one = check(world, "assets")
    for place in range(11):
        problem = f"集体店面{place}号被原租户占用，" + "合同到期后既不腾退也不续签" * 5
        finding = world.finding(activity=one, unit="西滨村", office=TOWN, on=DAY, problem=problem)
        with as_(SYSTEM) as by:
            look = NewLook("沿街集体店面一层东侧" * 10 + str(place), "town", DAY, "held", "镇干部甲")
            look_at_asset(finding=finding, by=by, new=look)
    with as_(SYSTEM) as by:
        content = assets_docx(by, one, "district")
    assert len(PdfReader(BytesIO(to_pdf(content))).pages) == 2


def test_a_sheet_typed_in_writes_the_rows_that_have_a_result(world: World, asked: Activity) -> None:
    client = client_of(world, CLERK)
    said = typed({1: "1", 3: "4"}, **{"r3-on": "2022-08-03", "r3-note": "租户不在"})
    assert client.post(place_of(asked), said).status_code == 303
    assert looks() == [
        ("店面1", "cleared", date(2022, 8, 1), "镇干部甲"),
        ("店面3", "held", date(2022, 8, 3), "镇干部甲"),
    ]
    with as_(SYSTEM):
        assert Entry.objects.filter(verb="asset_look_back.record").count() == 2
    shown = client.get(place_of(asked)).content.decode()
    assert "2022-08-03 未清退" in shown  # what was said last stands beside the row
    assert 'name="r3-asset"' not in shown  # it has its name now
    assert 'name="r2-asset"' in shown


def test_one_wrong_row_and_nothing_is_written(world: World, asked: Activity) -> None:
    client = client_of(world, CLERK)
    refused = client.post(place_of(asked), typed({1: "1", 2: "2"}, **{"r2-on": "2022-01-01"}))
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "日期应在问题登记之后且不晚于今天" in shown
    assert "第2行结果" in shown
    assert 'value="店面1"' in shown  # what was typed is still there
    assert looks() == []
    empty = client.post(place_of(asked), typed({}))
    assert (empty.status_code, "还没有填写任何一行的结果" in empty.content.decode()) == (422, True)
    assert client.post(place_of(asked), typed({1: "6"})).status_code == 422  # no such result
    assert client.post(place_of(asked), typed({1: "1"})).status_code == 303  # the control


def test_the_service_names_each_refused_row(world: World, asked: Activity) -> None:
    one, two, *_ = findings(asked)
    late, fine = NewLook("店面", "town", date(2022, 1, 1), "held", "甲"), NewLook("店面", "town", DAY, "held", "甲")
    with as_(world.viewer(CLERK)) as by:
        with pytest.raises(Refused) as refused:
            look_at_assets(rows=[Row(1, one, fine), Row(2, two, late)], by=by)
        rows: Any = refused.value.details["rows"]
        assert {number: why.rule for number, why in rows.items()} == {2: "step-date"}
        assert rule_of(lambda: look_at_assets(rows=[], by=by)) == "looks-empty"
    assert looks() == []
    with as_(world.viewer("书记")) as by:  # reads, and records nothing
        assert rule_of(lambda: look_at_assets(rows=[Row(1, one, fine)], by=by)) == "looks-refused"


def test_the_district_gets_what_the_town_has_verified(world: World, asked: Activity) -> None:
    one, two, *_ = findings(asked)
    with as_(SYSTEM) as by:
        with pytest.raises(Refused, match="没有可以回头看的资产"):
            assets_docx(by, asked, "district")
        for asset, finding in (("丙", two), ("乙", one), ("甲", one)):
            look_at_asset(finding=finding, by=by, new=NewLook(asset, "town", DAY, "held", "镇干部甲"))
        rows = assets_asked(by, asked, "district")
        assert [(row.number, row.asset, row.last) for row in rows] == [
            (1, "乙", None),
            (2, "甲", None),
            (3, "丙", None),
        ]
    client = client_of(world, HEAD)
    same = client.post(place_of(asked, "district"), {"on": "2022-08-01", "by_name": "镇干部甲", "r2-result": "1"})
    assert "区级回头看不能由核实人办理" in same.content.decode()
    said = {"on": "2022-08-01", "by_name": "区干部乙", "r2-result": "1"}
    assert client.post(place_of(asked, "district"), said).status_code == 303
    assert looks()[-1][:2] == ("甲", "cleared")
    with as_(SYSTEM) as by:
        told = [(row.asset, row.last and row.last.result) for row in assets_asked(by, asked, "district")]
    assert told == [("乙", None), ("甲", "cleared"), ("丙", None)]


def test_what_is_of_level_two_stands_on_no_sheet(world: World) -> None:
    """Whoever prints and whoever types may differ: the rows are the same for both."""
    world.unit("西滨村")
    one = check(world, "assets")
    secret = world.finding(activity=one, unit="西滨村", office=TOWN, on=DAY, problem="暗语店面", level=Level.SENSITIVE)
    plain = world.finding(activity=one, unit="西滨村", office=TOWN, on=DAY, problem="明语店面")
    rows = cells(written(assets_docx, one, "town").tables[1])[1:]
    assert [(row[0], row[1], row[2]) for row in rows] == [("1", plain.code, "明语店面")]
    for who in (CLERK, HEAD):
        shown = client_of(world, who).get(place_of(one)).content.decode()
        assert (plain.code in shown, secret.code in shown, "暗语店面" in shown) == (True, False, False)


def test_the_page_is_for_whoever_may_record_and_sees_the_check(world: World, asked: Activity) -> None:
    place = place_of(asked)
    answers: dict[str, Any] = {who: client_of(world, who).get(place).status_code for who in (CLERK, FOREIGN, "书记")}
    assert answers == {CLERK: 200, FOREIGN: 404, "书记": 404}
    assert client_of(world, FOREIGN).post(place, typed({1: "1"})).status_code == 404
    assert looks() == []
    assert client_of(world, CLERK).get(f"/desk/checks/{asked.uid}/assets/city/").status_code == 404
    assert place.split("?")[0] in client_of(world, CLERK).get(f"/desk/checks/{asked.uid}/").content.decode()
