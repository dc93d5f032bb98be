"""催办清单: what is overdue or due soon, office by office; own office or all; numbers open their rows; sensitive words stay away."""

import io
import re
from datetime import date, timedelta

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.activities.test_papers import cells, texts
from tests.surfaces.counting import MOST, asked
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import moves
from jiandu.net.access.models import Level
from jiandu.net.access.persons import Who
from jiandu.net.access.services import assign_record

ONE, TWO, SECRET = "第一监督检查室", "第二监督检查室", "敏感暗语"
PLACE = "/desk/due/"


def due(world: World, days: int, *, office: str = ONE, **more: object) -> Finding:
    """A problem whose term ends in so many days (before today: negative)."""
    finding = world.finding(office=office, on=today() - timedelta(days=60), **more)
    with as_(SYSTEM) as by:
        said = {"rectification": Finding.Rectification.BY_TERM, "due_on": today() + timedelta(days=days)}
        moves.assign(finding=finding, by=by, on=finding.registered_on, note="测试", **said)
        return moves.receive(finding=finding, by=by, on=finding.registered_on, rectifier=Who("甲"), note="测试")


@pytest.fixture
def filled(world: World) -> World:
    """Of the first office: one late by 3 days, one due today, in 7, 8, 14, 15 days; of the second: a sensitive one, late."""
    for days in (-3, 0, 7, 8, 14, 15):
        due(world, days, problem=f"到期{days}的事")
    due(world, -9, office=TWO, problem=SECRET, level=Level.SENSITIVE)
    due(world, -1, office=TWO, problem="二室的事")
    world.closed(problem="已销号的事")
    return world


def told(world: World, name: str, query: str = "") -> dict[str, list[str]]:
    """Office → what its table says of each row: problem and days."""
    page = client_of(world, name).get(PLACE + query)
    assert page.status_code == 200
    return {
        str(one["said"].office): [f"{row.listed} {(row.due_on - today()).days}" for row in one["said"].rows]
        for one in page.context["sections"]
    }


def test_an_office_sees_its_own_in_order_of_the_term(filled: World) -> None:
    week = [f"到期{days}的事 {days}" for days in (-3, 0, 7)]
    assert told(filled, "主任甲") == {ONE: week}
    assert told(filled, "主任甲", "?days=14") == {ONE: [*week, "到期8的事 8", "到期14的事 14"]}
    assert told(filled, "主任甲", "?days=99") == {ONE: week}
    assert told(filled, "驻教干部") == {}  # it watches the unit, but the problems are other offices'


def test_the_leader_sees_every_office_and_may_ask_for_one(filled: World) -> None:
    everything = told(filled, "书记")
    assert list(everything) == [ONE, TWO]
    assert everything[TWO] == ["二室的事 -1"]  # what is sensitive is not browsed from above
    assert told(filled, "书记", f"?office={filled.offices[TWO].pk}") == {TWO: ["二室的事 -1"]}
    assert told(filled, "主任甲", f"?office={filled.offices[TWO].pk}") == {}


def test_what_is_sensitive_keeps_its_words(filled: World) -> None:
    client = client_of(filled, "主任乙")
    page = client.get(PLACE).content.decode()
    paper = docx.Document(io.BytesIO(client.get(PLACE + "word/").content))
    assert "工作敏感" in page
    assert SECRET not in page
    assert [row[3] for row in cells(paper.tables[0])[1:]] == ["工作敏感", "二室的事"]


def test_the_numbers_open_their_rows(filled: World) -> None:
    client = client_of(filled, "书记")
    for days, due_count in ((7, 2), (14, 4)):
        page = client.get(f"{PLACE}?days={days}")
        first = page.context["sections"][0]
        assert (first["said"].overdue, first["said"].due) == (1, due_count)
        for href, count in ((first["overdue_href"], 1), (first["due_href"], due_count)):
            assert href.replace("&", "&amp;") in page.content.decode()
            assert client.get(href).context["shown"].total == count


def test_who_is_on_it_is_named(filled: World) -> None:
    page = client_of(filled, "主任甲").get(PLACE)
    assert {row.handler for row in page.context["sections"][0]["said"].rows} == {"tests"}  # who assigned it
    with as_(SYSTEM) as by:
        one = Finding.objects.get(problem="到期0的事")
        assign_record(thing=one, user=filled.users["干部丙"], by=by)
    rows = client_of(filled, "主任甲").get(PLACE).context["sections"][0]["said"].rows
    assert [row.handler for row in rows] == ["tests", "干部丙", "tests"]


def test_the_desk_offers_it_to_who_may_urge(filled: World) -> None:
    for name in ("主任甲", "内勤甲", "书记", "干部甲"):
        assert f'href="{PLACE}"' in client_of(filled, name).get("/desk/").content.decode(), name
    for name in ("经办人丁", "系统管理员"):
        client = client_of(filled, name)
        assert f'href="{PLACE}"' not in client.get("/desk/").content.decode()
        assert client.get(PLACE).status_code == 404
        assert client.get(PLACE + "word/").status_code == 404


def test_the_paper_has_a_table_an_office_and_the_log_knows_it(filled: World) -> None:
    paper = docx.Document(io.BytesIO(client_of(filled, "书记").get(PLACE + "word/?days=14").content))
    said = texts(paper)
    assert f"截至{date.today().year}年" in said[1]  # noqa: DTZ011 -- the year of the clock will do
    assert "超期2件，14天内到期4件。" in said[1]
    assert [line for line in said if "监督检查室" in line] == [
        f"一、{ONE}（超期1件，临期4件）",
        f"二、{TWO}（超期1件，临期0件）",
    ]
    rows = cells(paper.tables[0])[1:]
    assert [row[6] for row in rows] == ["超期3天", "今日到期", "剩7天", "剩8天", "剩14天"]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    with as_(SYSTEM):
        assert Entry.objects.order_by("-seq")[0].verb == "list.paper"


def test_it_asks_little_however_much_is_due(filled: World) -> None:
    client, counts = client_of(filled, "书记"), []
    for _ in range(2):
        client.get(PLACE)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(PLACE).content.decode()
        counts.append(len(asked(captured)))
        for number in range(4):
            due(filled, number)
    assert counts[0] == counts[1] <= MOST
    assert len(re.findall(r"<section class=\"panel panel-flush due-office", page)) == 2
