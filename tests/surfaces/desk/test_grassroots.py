"""Grassroots supervision through its pages: a village checked by the list, its problem in the ledger, the asset looked back at."""

import io
from datetime import date
from typing import Any

import docx
import pytest
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.models import (
    Answer,
    AssetLookBack,
    Checklist,
    ChecklistItem,
    GridCell,
    GridWorker,
    Inspection,
    Meeting,
)
from jiandu.loop.grassroots.services.checklists import load_checklists
from jiandu.loop.outcomes.models import MoneyRecovered
from jiandu.sources.activities.models import Activity

PLACE, TOWN = "/desk/checks/", "筼筜街道纪工委"


@pytest.fixture
def village(world: World) -> World:
    world.unit("西滨村")
    world.unit("后溪村")
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        load_checklists(by=by)
    return world


def only(model: Any, **where: Any) -> Any:
    with as_(SYSTEM):
        return model.objects.get(**where)


def opened(world: World, client: Any, kind: str = "village") -> str:
    said = {"kind": kind, "code": "JC1", "name": "村级检查", "on": "2022-05-01", "office": world.offices[TOWN].pk}
    assert client.post(f"{PLACE}open/", said).status_code == 303
    return f"{PLACE}{only(Activity, code='JC1').uid}/"


def inspected(client: Any, place: str, unit: str = "西滨村", on: str = "2022-05-10") -> str:
    said = {"organisation": unit, "on": on, "inspectors": "街道干部、甲"}
    assert client.post(f"{place}inspect/", said).status_code == 303
    with as_(SYSTEM):
        return f"{place}inspections/{Inspection.objects.order_by('-pk')[0].uid}/"


def number(of: int) -> int:
    return int(only(ChecklistItem, checklist__version="默认2022", number=of).pk)


def words_of(content: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(content))
    return [cell.text for table in document.tables for row in table.rows for cell in row.cells]


def test_a_village_is_checked_and_its_problem_goes_into_the_ledger(village: World) -> None:
    client = client_of(village, "街道干部")
    place = opened(village, client)
    page = inspected(client, place)
    missing = client.post(f"{page}answer/?on={number(15)}", {"result": "problem", "note": ""})
    assert (missing.status_code, "第15项发现问题，请写明情况" in missing.content.decode()) == (422, True)
    said = {"result": "problem", "note": "坐支租金3000元"}
    assert client.post(f"{page}answer/?on={number(15)}", said).status_code == 303
    assert "?act=rest" in client.get(page).content.decode()
    assert client.post(f"{page}rest/").status_code == 303
    assert "?act=rest" not in client.get(page).content.decode()  # nothing is left to be normal
    with as_(SYSTEM):
        assert (Answer.objects.count(), Answer.objects.filter(result="normal").count()) == (42, 41)
    take = client.get(f"{page}?act=take&on={only(Answer, result='problem').pk}").content.decode()
    assert "集体资金开户和入账：坐支租金3000元" in take
    assert client.post(f"{page}take/?on={only(Answer, result='problem').pk}", {"on": "2022-05-11"}).status_code == 303
    finding = only(Finding)
    assert (finding.basis.startswith("监督清单第15项"), str(finding.subject)) == (True, "西滨村")
    shown = client.get(page).content.decode()
    assert [words in shown for words in (finding.code, "42/42", "街道干部、甲")] == [True] * 3
    cells = words_of(client.get(f"{page}word/").content)
    assert (cells.count("正常"), cells.count("发现问题"), "坐支租金3000元" in cells) == (41, 1, True)
    gone = client.post(f"{place}withdraw/?on={only(Inspection).pk}", {"on": "2022-12-31", "reason": "误"})
    assert (gone.status_code, "已登记问题，不能撤下" in gone.content.decode()) == (422, True)
    assert client_of(village, "干部甲").get(page).status_code == 404
    assert client_of(village, "书记").get(page).status_code == 200


def test_the_asset_is_looked_back_at_and_the_money_is_told_by_kind(village: World) -> None:
    client, head = client_of(village, "街道干部"), client_of(village, "区纪委书记")
    place = opened(village, client, "assets")
    activity = only(Activity, code="JC1")
    finding = village.finding(activity=activity, unit="西滨村", office=TOWN, on=date(2022, 5, 10))
    look = {"finding": str(finding.uid), "asset": "店面3间", "on": "2022-06-01", "by_name": "镇干部甲"}
    early = head.post(f"{place}look/", {**look, "stage": "district", "result": "cleared"})
    assert (early.status_code, "尚未经镇街核实" in early.content.decode()) == (422, True)
    assert client.post(f"{place}look/", {**look, "stage": "town", "result": "partly"}).status_code == 303
    later = {**look, "stage": "district", "result": "cleared", "on": "2022-07-01", "by_name": "区干部乙"}
    assert head.post(f"{place}look/", later).status_code == 303
    shown = head.get(place).content.decode()
    assert [words in shown for words in ("店面3间", "部分清退", "已清退", "区级回头看")] == [True] * 4
    drop = only(AssetLookBack, stage="district").pk
    assert head.post(f"{place}withdraw-look/?on={drop}", {"on": "2022-12-31", "reason": "误登"}).status_code == 303
    assert "区干部乙" not in head.get(place).content.decode()
    money = {"amount": "95", "received_on": "2022-08-01", "kind": "rent", "account_kind": "collective"}
    assert client.post(f"/desk/findings/{finding.uid}/money/", money).status_code in {302, 303}
    assert (only(MoneyRecovered).kind, only(MoneyRecovered).account_kind) == ("rent", "collective")
    text = head.get("/desk/measures/grassroots_money_recovered/?year=2022&as_of=2022-12-31").content.decode()
    assert "¥95.00" in text


def test_a_new_version_of_the_checklist_is_published_from_the_last(village: World) -> None:
    head = client_of(village, "区纪委书记")
    form = head.get("/desk/checklists/?act=publish").content.decode()
    assert "政治与决策执行|上级决策部署落实|" in form
    said = {"version": "区版", "name": "清单", "since": "2026-01-01", "note": "本区试行"}
    wrong = head.post("/desk/checklists/publish/", {**said, "lines": "方面|事项|要点"})
    assert (wrong.status_code, "第1行：应有7栏" in wrong.content.decode()) == (422, True)
    lines = "方面一|事项一|要点|走访|每季度|村“两委”|依据\n方面二｜事项二｜要点｜走访｜每年｜｜依据"
    assert head.post("/desk/checklists/publish/", {**said, "lines": lines}).status_code == 303
    page = f"/desk/checklists/{only(Checklist, version='区版').uid}/"
    assert [words in head.get(page).content.decode() for words in ("事项一", "事项二", "本区试行")] == [True] * 3
    cells = words_of(head.get(f"{page}word/").content)
    assert [words in cells for words in ("事项一", "事项二", "结果")] == [True] * 3
    assert client_of(village, "街道干部").post("/desk/checklists/publish/", {**said, "lines": lines}).status_code == 404
    for key, rows in (("village_checklist_aspects", "政治与决策执行"), ("village_checklist_items", "上级决策部署落实")):
        text = head.get(f"/desk/measures/{key}/?year=2022&as_of=2022-12-31").content.decode()
        assert rows in text


def test_cells_contact_points_people_and_training(village: World) -> None:
    client, office = client_of(village, "街道干部"), village.offices[TOWN].pk
    cell = {
        "name": "西滨联系点",
        "village": "西滨村",
        "office": office,
        "since": "2022-01-01",
        "is_contact_point": "on",
    }
    assert client.post("/desk/grid/open/", cell).status_code == 303
    assert "西滨联系点" in client.get("/desk/grid/?tab=points").content.decode()
    assert "西滨联系点" not in client.get("/desk/grid/").content.decode()
    place = f"/desk/grid/{only(GridCell).uid}/"
    with as_(SYSTEM) as by:
        kind = items(by, "grid_worker", 2022)[0].pk
    assert client.post(f"{place}engage/", {"name": "陈某", "kind": kind, "since": "2022-02-01"}).status_code == 303
    worker = only(GridWorker).pk
    assert "陈某" in client.get(place).content.decode()
    assert client.post(f"{place}release/?on={worker}", {"until": "2022-12-01"}).status_code == 303
    assert client.post(f"{place}close/", {"until": "2022-12-31"}).status_code == 303
    said = {"kind": "training", "on": "2022-04-01", "theme": "送教下乡", "people_count": "120", "office": office}
    assert client.post("/desk/meetings/hold/", said).status_code == 303
    assert "送教下乡" in client.get("/desk/meetings/?kind=training&year=2022").content.decode()
    meeting = f"/desk/meetings/{only(Meeting).uid}/"
    assert client.post(f"{meeting}withdraw/", {"on": "2022-12-31", "reason": "重复登记"}).status_code == 303
    assert "已撤下：重复登记" in client.get(meeting).content.decode()
    assert client_of(village, "干部甲").get(place).status_code == 404


PAGES = ["checks/", "checks/{check}/", "{inspection}", "checklists/", "grid/", "grid/{cell}/", "meetings/"]


def test_the_number_of_queries_does_not_grow(village: World) -> None:
    client, office = client_of(village, "街道干部"), village.offices[TOWN].pk
    place = opened(village, client)
    page = inspected(client, place)
    client.post("/desk/grid/open/", {"name": "网格0", "office": office, "since": "2022-01-01"})
    cell = only(GridCell).uid
    with as_(SYSTEM) as by:
        kind = items(by, "grid_worker", 2022)[0].pk
    names = {"check": place.split("/")[-2], "inspection": page.removeprefix("/desk/"), "cell": cell}
    pages = [f"/desk/{path.format(**names)}" for path in PAGES]

    def more(row: int) -> None:
        client.post(f"{page}answer/?on={number(row)}", {"result": "problem", "note": "有问题"})
        with as_(SYSTEM):
            answer = Answer.objects.order_by("-pk")[0].pk
        client.post(f"{page}take/?on={answer}", {"on": "2022-05-11"})
        client.post(f"/desk/grid/{cell}/engage/", {"name": f"甲{row}", "kind": kind, "since": "2022-02-01"})
        with as_(SYSTEM):
            finding = Finding.objects.order_by("-pk")[0].uid
        look = {"asset": "店面", "stage": "town", "on": "2022-06-01", "by_name": "甲", "result": "held"}
        client.post(f"{place}look/", {**look, "finding": str(finding)})
        said = {"kind": "training", "on": "2022-04-01", "theme": f"课{row}", "people_count": "9", "office": office}
        client.post("/desk/meetings/hold/", said)

    more(1)
    few = questions(client, pages)
    for row in (2, 3):
        more(row)
        inspected(client, place, "后溪村", f"2022-05-1{row}")
    assert grown(few, questions(client, pages)) == {}
