"""粘贴录入: a table from Excel or lines from Word, errors in their place, all registered or none, repeats proposed."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.surfaces.counting import MOST, asked
from tests.surfaces.desk.test_findings import client_of, lexicon
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.loop.findings.models import Finding, Repeat, Step
from jiandu.sources.activities.models import Activity

PLACE = "/desk/findings/paste/"
TABLE = "序号\t责任单位\t存在问题\t涉及金额（万元）\t发现日期\n1\t市教育局\t食堂采购未询价\t0.37\t2022年3月2日\n2\t\t台账不清\t\t\n合计\t\t\t0.37\t\n"
__all__ = ["lexicon"]


def said(world: World, room: Activity, text: str, **more: Any) -> dict[str, Any]:
    office = world.offices["第一监督检查室"].pk
    known = {"source": f"activity:{room.uid}", "office": office, "subject": "市财政局", "registered_on": "2022-03-11"}
    return {**known, "text": text, **more}


def rows() -> list[tuple[Any, ...]]:
    with as_(SYSTEM):
        found = Finding.objects.order_by("pk").values_list("subject__name", "problem", "amount_fen", "registered_on")
        return list(found)


def seen(text: str) -> str:
    return re.findall(r'name="seen" value="([0-9a-f]{64})"', text)[0]


def confirmed(client: Client, what: dict[str, Any]) -> Any:
    """Previewed, and then confirmed as it was shown."""
    shown = client.post(PLACE, what)
    assert shown.status_code == 200, shown.content.decode()
    return client.post(PLACE, {**what, "seen": seen(shown.content.decode()), "confirm": "1"})


def test_a_table_is_registered_as_it_was_shown_with_what_the_room_knows(world: World) -> None:
    client, room = client_of(world, "干部甲"), world.round()
    what = said(world, room, TABLE)
    assert client.get(f"{PLACE}?source=activity:{room.uid}").status_code == 200
    shown = client.post(PLACE, what).content.decode()
    assert ("将登记 2 个问题" in shown, "未采用的栏目：序号" in shown, rows()) == (True, True, [])
    answer = confirmed(client, what)
    assert (answer.status_code, answer["Location"]) == (303, f"/desk/findings/?activity={room.pk}")
    assert rows() == [
        ("市教育局", "食堂采购未询价", 3700_00, date(2022, 3, 2)),
        ("市财政局", "台账不清", None, date(2022, 3, 11)),
    ]
    with as_(SYSTEM):
        found = Finding.objects.values_list("activity", "owner_office", "source").distinct()
        assert list(found) == [(room.pk, world.offices["第一监督检查室"].pk, "round")]


def test_a_table_without_a_header_is_read_in_the_order_that_the_page_tells(world: World) -> None:
    client, room = client_of(world, "干部甲"), world.round()
    text = "市教育局\t食堂采购未询价\t抽查发现\t\t3,700元\t林志远\t2022/3/2\t多的\n\t台账不清\n"
    shown = client.post(PLACE, said(world, room, text)).content.decode()
    assert ("没有认出表头" in shown, "未采用的栏目：H" in shown) == (True, True)
    assert confirmed(client, said(world, room, text)).status_code == 303
    assert rows() == [
        ("市教育局", "食堂采购未询价", 3700_00, date(2022, 3, 2)),
        ("市财政局", "台账不清", None, date(2022, 3, 11)),
    ]


def test_a_long_paste_is_one_act_in_the_log_with_a_step_and_a_number_each(world: World) -> None:
    client, room = client_of(world, "干部甲"), world.round()
    world.finding(on=date(2022, 3, 1))
    text = "".join(f"台账不清{number}\n" for number in range(260))
    shown = client.post(PLACE, said(world, room, text)).content.decode()
    assert ("共 260 行，下面列出 200 行" in shown, shown.count('data-label="行"')) == (True, 200)
    before = Entry.objects.count()
    assert confirmed(client, said(world, room, text)).status_code == 303
    entry = Entry.objects.latest("seq")
    assert (Entry.objects.count() - before, entry.verb, entry.actor_name) == (1, "finding.register_many", "干部甲")
    with as_(SYSTEM):
        found = Finding.objects.filter(activity=room).order_by("pk")
        codes = [one.code for one in found]
        office = world.offices["第一监督检查室"].pk
        assert codes == [f"WT2022-{office}-{number:05d}" for number in range(2, 262)]
        steps = Step.objects.filter(finding__in=found.values("pk")).values_list("verb", "seq", "by_name", "note", "on")
        assert set(steps) == {("register", 1, "干部甲", "粘贴录入", date(2022, 3, 11))}
        assert set(found.values_list("state", "step_count")) == {("registered", 1)}
        assert world.finding(on=date(2022, 3, 1)).code == f"WT2022-{office}-00262"
    assert codes[7] in client.get("/desk/findings/?text=台账不清7").content.decode()  # its words are sought


def test_a_wrong_row_among_many_is_shown_without_the_others(world: World) -> None:
    client, room = client_of(world, "干部甲"), world.round()
    text = "存在问题\t发现日期\n" + "台账不清\t2022-03-01\n" * 240 + "超标\t2022-02-30\n"
    answer = client.post(PLACE, said(world, room, text))
    shown = answer.content.decode()
    assert (answer.status_code, "共 241 行，下面列出 1 行" in shown, rows()) == (422, True, [])
    assert ("日期不存在" in shown, shown.count('data-label="行"')) == (True, 1)


def test_lines_from_word_are_a_problem_each_and_quotes_are_only_quotes(world: World) -> None:
    client, room = client_of(world, "干部甲"), world.round()
    text = '问题表现\n"三重一大"决策未集体研究, 记录不全\n\n  台账不清  \n'
    assert confirmed(client, said(world, room, text)).status_code == 303
    assert [row[1] for row in rows()] == ['"三重一大"决策未集体研究, 记录不全', "台账不清"]


@pytest.mark.usefixtures("lexicon")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("责任单位\t存在问题\n市教育局\t台账不清\n不存在局\t超标\n", ("不存在局", "没有登记过这个单位 · no such unit")),
        ("存在问题\t涉及金额\n台账不清\t很多\n", ("不是可识别的金额", "not an amount")),
        ("存在问题\t发现日期\n台账不清\t2022-02-30\n", ("日期不存在", "no such day")),
        ("存在问题\t发现日期\n台账不清\t2099-01-01\n", ("日期晚于今天", "later than today")),
        ("存在问题\t方面\n台账不清\t没有的方面\n", ("没有这一项", "not in this year")),
        ("存在问题\t责任单位\n\t市教育局\n", ("必填 · required",)),
        ("责任单位\t具体事实\n市教育局\t事实\n", ("表头缺少栏目：问题表现",)),
        ("甲\t乙\n丙\t丁\n", ("没有认出表头", "没有登记过这个单位")),
        ("\n \n", ("没有可以登记的内容",)),
        ("问题表现\n", ("没有可以登记的内容",)),
        ("台账不清\n" * 5001, ("一次最多粘贴5000个问题",)),
    ],
)
def test_what_is_wrong_stands_in_its_place_and_nothing_is_registered(
    world: World, text: str, words: tuple[str, ...]
) -> None:
    client, room = client_of(world, "干部甲"), world.round()
    what = said(world, room, text)
    answer = client.post(PLACE, {**what, "confirm": "1"})
    shown = answer.content.decode()
    assert (answer.status_code, rows()) == (422, [])
    assert [word for word in words if word not in shown] == []


def test_only_what_was_shown_is_registered(world: World) -> None:
    client, room = client_of(world, "干部甲"), world.round()
    what = said(world, room, TABLE)
    mark = seen(client.post(PLACE, what).content.decode())
    changed = client.post(PLACE, {**what, "text": TABLE + "\n3\t市教育局\t超标\t\t", "seen": mark, "confirm": "1"})
    assert (changed.status_code, rows()) == (200, [])  # shown again
    assert client.post(PLACE, {**what, "confirm": "1"}).status_code == 200
    assert rows() == []
    assert client_of(world, "经办人丁").get(PLACE).status_code == 404
    other = client_of(world, "干部乙").post(PLACE, {**what, "seen": mark, "confirm": "1"})
    assert (other.status_code, rows()) == (422, [])  # neither the round nor the office is his


def test_what_was_found_before_is_proposed_as_a_repeat(world: World) -> None:
    client, room = client_of(world, "干部甲"), world.round()
    world.finding(unit="市财政局", problem="台账不清", on=date(2022, 1, 5))
    answer = confirmed(client, said(world, room, "台账不清\n食堂采购未询价\n"))
    assert (answer.status_code, answer["Location"]) == (303, "/desk/repeats/")
    with as_(SYSTEM):
        assert (Finding.objects.count(), Repeat.objects.count()) == (3, 1)


def test_the_page_asks_few_questions(world: World) -> None:
    client, room = client_of(world, "干部甲"), world.round()
    client.get(f"{PLACE}?source=activity:{room.uid}")
    with CaptureQueriesContext(connection) as captured:
        client.get(f"{PLACE}?source=activity:{room.uid}")
    assert len(asked(captured)) <= MOST
