"""What leaves the queue of alerts: sheet, CSV, JSON, 核查单. None of it names a person; the page in clear does."""

import io
import json
from pathlib import Path
from typing import Any

import docx
import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.crosscheck import villages
from tests.crosscheck.villages import NAME, NUMBER, UNIT
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.sources.crosscheck.models import Alert

PLACE, ACCOUNT, PHONE = "/desk/crosscheck/", "6222021001116245702", "13950012345"
SECRETS = (NAME, NUMBER, ACCOUNT, PHONE)


@pytest.fixture
def city(world: World, tmp_path: Path, settings: Any) -> World:
    """A lessee who is told by name, number, account and phone, as registers have it."""
    settings.CROSSCHECK, settings.KEYRING = str(tmp_path / "crosscheck"), str(tmp_path / "fields.keys")
    world.unit(UNIT)
    found = villages.rows(occupied=2, name=NAME)
    found["asset"][0] |= {"user_name": f"{NAME}{ACCOUNT}"}
    found["asset"][1] |= {"user_name": f"{NAME}{PHONE}"}
    villages.write(found=found)
    villages.ran(world)
    return world


def seen(content: bytes | str) -> list[bool]:
    text = content if isinstance(content, str) else content.decode()
    return [each in text for each in SECRETS]


def exported(client: Client, kind: str, query: str = "") -> str:
    answer = client.get(f"{PLACE}export/?{query}as={kind}")
    assert answer.status_code == 200
    return str(answer.content.decode("utf-8-sig"))


def test_no_export_names_a_person_and_the_page_in_clear_does(city: World) -> None:
    client = client_of(city, "干部甲")
    sheet = load_workbook(io.BytesIO(client.get(f"{PLACE}?format=xlsx").content))
    told = [exported(client, "json"), exported(client, "csv")]
    told.append(str([[cell.value for cell in row] for row in sheet.active.iter_rows()]))
    with as_(SYSTEM):
        alerts = list(Alert.objects.order_by("code"))
    for one in alerts:
        paper = docx.Document(io.BytesIO(client.get(f"{PLACE}{one.uid}/paper/").content))
        told.append(" ".join(node.text or "" for node in paper.element.body.iter()))
    many = client.post("/desk/papers/alert/", {"uid": [str(one.uid) for one in alerts], "as": "docx"})
    content = b"".join(many)
    together = docx.Document(io.BytesIO(content))
    told.append(" ".join(node.text or "" for node in together.element.body.iter()))
    assert ["XB-001" in each for each in (*told[:3], told[-1])] == [True] * 4
    assert [seen(each) for each in told] == [[False] * 4] * len(told)
    clear = "".join(client.get(f"{PLACE}{one.uid}/clear/").content.decode() for one in alerts)
    assert seen(clear) == [True] * 4  # the control: there was something to hide


def test_an_export_holds_what_the_filters_say_and_is_logged(city: World) -> None:
    client = client_of(city, "干部甲")
    rows = json.loads(exported(client, "json", "rule=SZ-01&"))["alerts"]
    assert [(row["rule"], row["place"], bool(row["behind"])) for row in rows] == [("SZ-01", UNIT, True)]
    assert exported(client, "csv").count("SZ-10") == 2
    assert Entry.objects.filter(verb="list.export", actor_name="干部甲").count() == 2
    assert client.get(f"{PLACE}export/?as=xml").status_code == 404
    stale = client_of(city, "干部甲", proved=False).get(f"{PLACE}export/?as=json")
    assert (stale.status_code, "/account/confirm/" in stale["Location"]) == (302, True)
    assert Entry.objects.filter(verb="list.export").count() == 2


def test_the_paper_says_what_was_found_and_asks_what_came_of_it(city: World) -> None:
    client = client_of(city, "干部甲")
    with as_(SYSTEM):
        one = Alert.objects.get(rule="SZ-01")
    paper = docx.Document(io.BytesIO(client.get(f"{PLACE}{one.uid}/paper/").content))
    text = " ".join(node.text or "" for node in paper.element.body.iter())
    for words in (
        one.code,
        "规则及依据",
        "法规：民法典第七百三十三条",
        "HT-9",
        "□ 排除（数据原因）",
        "□ 转入问题台账",
        "复核人",
    ):
        assert words in text
    assert Entry.objects.filter(verb="alert.paper").count() == 1
    assert client_of(city, "驻教干部").get(f"{PLACE}{one.uid}/paper/").status_code == 404


def test_the_hits_of_a_run_stay_its_own_when_later_runs_hit_less(city: World) -> None:
    client = client_of(city, "干部甲")
    first = villages.ran(city)
    villages.write(found=villages.rows(occupied=1), on=villages.DAY.replace(day=30))
    second = villages.ran(city)
    shown = [client.get(f"{PLACE}?run={run.uid}").content.decode() for run in (first, second)]
    assert [("XB-001" in each, "XB-002" in each, "HT-9" in each) for each in shown] == [
        (True, True, True),
        (True, False, True),
    ]


def test_a_rule_says_its_sentence_in_words_and_its_question_in_three_dialects(city: World) -> None:
    client = client_of(city, "干部甲")
    page = client.get(f"{PLACE}rules/SZ-10/").content.decode()
    assert ("〔资产编号〕" in page, "{asset_id}" in page) == (True, False)
    said = [
        client.get(f"{PLACE}rules/SZ-16/sql/?dialect={each}").content.decode()
        for each in ("duckdb", "spark", "postgres", "x")
    ]
    assert ["SELECT" in each for each in said] == [True] * 4  # of a rule that never ran
    code = [each.partition('<pre class="code-lines"')[2].partition("</pre>")[0] for each in said]
    assert (code[3] == code[0], code[1] == code[0], code[2] == code[0]) == (True, False, False)
