"""点题整治 through its pages: from the topic to the lists for publication; every figure opens its rows; Word says the same."""

import io
from datetime import date
from typing import Any

from docx import Document
from openpyxl import load_workbook
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.sources.activities.models import Activity
from jiandu.sources.topics.models import MonthlyCount, Target, Topic
from jiandu.sources.topics.services import telling, topics

PLACE = "/desk/topics/"


def only(model: Any, **where: Any) -> Any:
    with as_(SYSTEM):
        return model.objects.get(**where)


def begun(world: World, client: Any) -> str:
    office = world.offices["第一监督检查室"].pk
    said = {"code": "DT1", "name": "拖欠农民工工资", "tier": "city", "chosen_by": "媒体征集", "office": office}
    assert client.post(f"{PLACE}names/name/", said).status_code == 303
    year = {
        "year": 2022,
        "code": "DT2022-1",
        "approved_on": "2022-01-10",
        "measures": "联合执法",
        "schedule": "三季度见效",
    }
    assert client.post(f"{PLACE}names/{only(Topic).uid}/begin/", year).status_code == 303
    return f"{PLACE}{only(Activity, code='DT2022-1').uid}/"


def test_a_topic_from_its_naming_to_the_published_lists(world: World) -> None:
    officer, head = client_of(world, "干部甲"), client_of(world, "主任甲")
    place = begun(world, officer)
    for slug, said in (
        ("department", {"organisation": "市教育局", "role": "lead"}),
        ("department", {"organisation": "市财政局", "role": "lead"}),
        ("target", {"name": "清欠项目", "planned": 30, "unit": "个", "due_on": "2022-11-30"}),
        ("progress", {"month": "2022-06", "text": "开展联合检查"}),
        ("count", {"kind": "messages", "month": "2022-06", "received": 40, "closed": 38}),
        ("count", {"kind": "own_list", "month": "2022-06", "received": 500, "closed": 480}),
        (
            "evaluate",
            {
                "on": "2022-12-01",
                "evaluator": "调查队",
                "sample": 1200,
                "known": "92.16",
                "satisfied": "96.89",
                "supported": "95.9",
            },
        ),
        ("achieve", {"on": "2022-12-05", "text": "为一百名农民工追回工资"}),
        ("rule", {"title": "工资支付监管办法", "issuer": "市教育局", "issued_on": "2022-09-01"}),
    ):
        where = "results/" if slug in {"evaluate", "achieve", "rule"} else ""
        assert officer.post(f"{place}{where}{slug}/", said).status_code == 303, slug
    target = only(Target).pk
    assert officer.post(f"{place}reach/?on={target}", {"on": "2022-11-30", "amount": 31}).status_code == 303
    with as_(SYSTEM):
        activity = Activity.objects.get(code="DT2022-1")
    world.closed(activity=activity, closed_on=date(2022, 10, 1))
    over = officer.post(f"{place}count/", {"kind": "messages", "month": "2022-07", "received": 1, "closed": 9})
    assert (over.status_code, "多于此前未办结和本月受理的3件" in over.content.decode()) == (422, True)
    assert officer.post(f"{place}carry-on/", {"on": "2023-01-15"}).status_code == 404  # the head decides
    assert head.post(f"{place}carry-on/", {"on": "2023-01-15", "code": "DT2023-1"}).status_code == 303
    shown = head.get(place).content.decode() + head.get(f"{place}results/").content.decode()
    for words in (
        "市财政局",
        "清欠项目",
        "31",
        "38/40 95.0%",
        "480/500 96.0%",
        "96.89%",
        "1200",
        "工资支付监管办法",
        "深化推进",
    ):
        assert words in shown, words
    listed = head.get(f"{PLACE}?year=2023").content.decode()
    assert ("DT2023-1" in listed, "DT2022-1" in listed, "市教育局、市财政局" in listed) == (True, False, True)
    assert "2022、2023" in head.get(f"{PLACE}names/").content.decode()
    for key in ("topics", "topic_problems_resolved", "topic_messages", "topic_rules_made"):
        text = head.get(f"/desk/measures/{key}/?year=2022&as_of=2022-12-31").content.decode()
        assert ("DT2022-1" in text or "台账" in text or "工资支付" in text) is True, key
    said = words_of_docx(head.get(f"{place}word/").content)
    for words in (
        "答题部门：市教育局、市财政局。",
        "为一百名农民工追回工资",
        "办结率95.0%",
        "知晓率92.16%",
        "《工资支付监管办法》",
    ):
        assert words in said, words


def words_of_docx(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_list_leaves_as_a_sheet_with_stable_row_ids(world: World) -> None:
    officer = client_of(world, "干部甲")
    begun(world, officer)
    answer = officer.get(f"{PLACE}names/?format=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert [str(cell) for cell in rows[-1][:3]] == ["DT1", "拖欠农民工工资", "市级"]
    assert str(only(Topic).uid) == rows[-1][-1]
    assert "导出编号" in rows[0][0]
    stale = client_of(world, "干部甲", proved=False).get(f"{PLACE}?format=xlsx")
    assert (stale.status_code, "/account/confirm/" in stale["Location"]) == (302, True)


def test_the_page_asks_no_more_for_more_rows(world: World) -> None:
    officer = client_of(world, "干部甲")
    place = begun(world, officer)
    with as_(SYSTEM):
        activity = Activity.objects.get(code="DT2022-1")
    counts = []
    for part in range(2):
        for each in range(1, 4):
            with as_(SYSTEM) as by:
                month = date(2022, part * 3 + each, 1)
                telling.report_month(activity=activity, by=by, month=month, text="进展")
                telling.count_month(activity=activity, by=by, new=telling.NewCount("messages", month, 5, 5))
                telling.achieve(activity=activity, by=by, on=month, text=f"成果{part}{each}")
                target = topics.set_target(activity=activity, by=by, new=topics.NewTarget(f"目标{part}{each}", "个", 3))
                telling.reach(target=target, by=by, on=month, amount=2)
        counts.append(questions(officer, [place]))
    assert grown(*counts) == {}


def test_what_was_told_is_taken_back_on_the_page(world: World) -> None:
    officer = client_of(world, "干部甲")
    place = begun(world, officer)
    said = {"kind": "messages", "month": "2022-06", "received": 40, "closed": 38}
    assert officer.post(f"{place}count/", said).status_code == 303
    row = only(MonthlyCount).pk
    assert (
        officer.post(f"{place}withdraw-messages/?on={row}", {"on": "2022-07-01", "reason": "重复"}).status_code == 303
    )
    assert officer.post(f"{place}count/", said).status_code == 303
    other = client_of(world, "干部乙")
    assert [other.get(address).status_code for address in (place, f"{place}word/")] == [404, 404]
