"""政治生态分析报告 through its pages: judged by dimension, approved by the head, revised; as Word, as uploaded."""

import io
import re
from datetime import date
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.results.portraits.models import Judgement, Portrait

PLACE = "/desk/portraits/"


@pytest.fixture(autouse=True)
def scheme(db: None) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)


def only(model: Any, **where: Any) -> Any:
    with as_(SYSTEM):
        return model.objects.get(**where)


def said(world: World, unit: str = "市教育局", **more: Any) -> dict[str, Any]:
    period = {"period_from": "2022-01-01", "period_to": "2022-06-30", "year": 2022}
    return {"unit": unit, "office": world.offices["第一监督检查室"].pk, **period, **more}


def begun(world: World, client: Any) -> str:
    assert client.post(f"{PLACE}begin/", said(world)).status_code == 303
    return f"{PLACE}{only(Portrait).uid}/"


def dimensions() -> list[int]:
    with as_(SYSTEM) as by:
        return [item.pk for item in items(by, "dimension", 2022)]


def test_a_report_is_judged_by_dimension_and_approved_by_the_head(world: World) -> None:
    client, head = client_of(world, "干部甲"), client_of(world, "主任甲")
    finding = world.finding(on=date(2022, 3, 1), problem="会议记录不完整")
    place = begun(world, client)
    twice = client.post(f"{PLACE}begin/", said(world))
    assert (twice.status_code, "该分析期的报告已登记" in twice.content.decode()) == (422, True)
    both = client.post(f"{PLACE}begin/", said(world, unit="", period_to="2022-03-31"))
    assert (both.status_code, "请填写分析的单位或地区" in both.content.decode()) == (422, True)
    for key in dimensions():
        judged = {"text": f"研判{key}", "petition_count": "2"}
        assert client.post(f"{place}judge/?on={key}", judged).status_code == 303
    assert f"研判{dimensions()[0]}</textarea>" in client.get(f"{place}?act=judge&on={dimensions()[0]}").content.decode()
    row = only(Judgement, dimension_id=dimensions()[0]).pk
    form = client.get(f"{place}?act=ground&on={row}").content.decode()
    choice = re.search(r'value="(finding:[^"]+)"', form)
    assert choice
    assert client.post(f"{place}ground/?on={row}", {"ground": choice[1]}).status_code == 303
    assert client.post(f"{place}summary/", {"summary": "总体平稳", "reviewers": "主任甲"}).status_code == 303
    assert client.post(f"{place}approve/", {"on": "2022-08-01"}).status_code == 404
    assert head.post(f"{place}approve/", {"on": "2022-08-01"}).status_code == 303
    shown = head.get(place).content.decode()
    assert [words in shown for words in (finding.code, "总体平稳", "已审定", "主任甲")] == [True] * 4
    assert "act=judge" not in shown
    words = [paragraph.text for paragraph in docx.Document(io.BytesIO(head.get(f"{place}word/").content)).paragraphs]
    assert "关于市教育局政治生态的分析报告" in words
    assert any("会议记录不完整" in each for each in words)
    counted = head.get("/desk/measures/portrait_reports/?year=2022&as_of=2022-12-31").content.decode()
    assert "关于市教育局政治生态的分析报告" in counted
    assert client_of(world, "干部乙").get(place).status_code == 404


def test_a_report_comes_as_a_file_and_is_revised(world: World) -> None:
    client, head = client_of(world, "干部甲"), client_of(world, "主任甲")
    place = begun(world, client)
    empty = head.post(f"{place}approve/", {"on": "2022-08-01"})
    assert (empty.status_code, "尚缺5个维度" in empty.content.decode()) == (422, True)
    wrong = client.post(f"{place}attach/", {"file": SimpleUploadedFile("报告.xlsx", b"PK")})
    assert (wrong.status_code, "报告文件应为 Word" in wrong.content.decode()) == (422, True)
    assert client.get(f"{place}file/").status_code == 404
    assert client.post(f"{place}attach/", {"file": SimpleUploadedFile("报告.docx", b"PK1")}).status_code == 303
    assert b"".join(client.get(f"{place}file/").streaming_content) == b"PK1"  # type: ignore[attr-defined]
    assert head.post(f"{place}approve/", {"on": "2022-08-01"}).status_code == 303
    assert client.post(f"{place}revise/").status_code == 303
    again = only(Portrait, revises__isnull=False)
    assert "起草中(修订)" in client.get(f"{PLACE}{again.uid}/").content.decode()
    assert f"{PLACE}{again.uid}/" in client.get(place).content.decode()
    listed = client.get(f"{PLACE}?year=2022&status=approved").content.decode()
    assert listed.count(f'href="{place}"') >= 1
    assert client.post(f"{PLACE}{again.uid}/withdraw/", {"on": "2022-12-31", "reason": "不修订了"}).status_code == 303
    assert f"{PLACE}{again.uid}/" not in client.get(PLACE).content.decode()


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    client = client_of(world, "干部甲")
    place = begun(world, client)
    first, second, *_rest = dimensions()
    finding = world.finding(on=date(2022, 3, 1))
    client.post(f"{place}judge/?on={first}", {"text": "一"})
    row = only(Judgement, dimension_id=first).pk
    client.post(f"{place}ground/?on={row}", {"ground": f"finding:{finding.uid}"})
    few = questions(client, [PLACE, place])
    client.post(f"{place}judge/?on={second}", {"text": "二"})
    for _ in range(3):
        other = world.finding(on=date(2022, 3, 1))
        client.post(f"{place}ground/?on={row}", {"ground": f"finding:{other.uid}"})
    for unit in ("市财政局", "思明区教育局"):
        client.post(f"{PLACE}begin/", said(world, unit=unit))
    assert grown(few, questions(client, few)) == {}
