"""台账表格: what the page shows and lets one correct, what its one POST answers, cell by cell."""

import json
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

from jiandu.base.core import guard
from jiandu.base.lexicon.selectors import items
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import levels
from jiandu.net.access.persons import Who
from jiandu.net.access.policy import doable

PLACE, POST = "/desk/findings/grid/", "/desk/findings/grid/cells/"
ROW = re.compile(r'<tr data-uid="([^"]+)".*?</tr>', re.DOTALL)
CELL = re.compile(r'data-v="([^"]*)"( data-shut)?><span class="said">([^<]*)</span>')
__all__ = ["lexicon"]


def sent(client: Client, *cells: tuple[Finding, str, str, str], **more: str) -> Any:
    said = [[str(finding.uid), name, seen, text] for finding, name, seen, text in cells]
    return client.post(POST, {"cells": json.dumps(said), **more})


def answered(client: Client, *cells: tuple[Finding, str, str, str], **more: str) -> list[dict[str, Any]]:
    answer = sent(client, *cells, **more)
    assert answer.status_code == 200, answer.content.decode()
    return list(answer.json()["cells"])


def told(cells: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["outcome"], one.get("value", ""), one.get("text", "")) for one in cells]


def rows(client: Client, query: str = "") -> dict[str, list[tuple[str, bool, str]]]:
    """(what it says, whether it may be corrected, what is shown) of each cell, by uid."""
    text = client.get(f"{PLACE}?{query}").content.decode()
    return {
        found[1]: [(value, not shut, shown) for value, shut, shown in CELL.findall(found[0])]
        for found in ROW.finditer(text)
    }


@pytest.mark.usefixtures("lexicon")
def test_what_is_typed_is_understood_as_a_sheet_would_be(world: World) -> None:
    finding, client = world.finding(), client_of(world, "干部甲")
    person = world.person("林志远", "市教育局")
    with as_(SYSTEM) as by:
        aspect = items(by, "aspect", 2022)[0]
    cells = answered(
        client,
        (finding, "due_on", "", "2022年6月1日"),
        (finding, "rectification", "", "限期整改"),
        (finding, "aspect", "", aspect.label_zh),
        (finding, "amount_fen", "", "0.37万元"),
        (finding, "people_count", "", "1,200"),
        (finding, "rectifier_name", "", "林志远"),
        (finding, "facts", "", "一\r\n二 "),
    )
    assert told(cells) == [
        *(("written", "2022-06-01", "2022-06-01"), ("written", "by_term", "限期整改")),
        *(("written", str(aspect.pk), aspect.label_zh), ("written", "3700.00", "3700.00")),
        *(("written", "1200", "1200"), ("written", "林志远", "林志远"), ("written", "一\n二", "一\n二")),
    ]
    with as_(SYSTEM):
        row = Finding.objects.get(pk=finding.pk)
    assert (row.rectifier_id, row.due_on, row.aspect_id) == (person.pk, date(2022, 6, 1), aspect.pk)
    assert [one["open"] for one in cells] == [False, *[True] * 6]  # a term that is set is extended


@pytest.mark.usefixtures("lexicon")
@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("due_on", "2022-02-30", "日期不存在"),
        ("amount_fen", "很多", "不是可识别的金额"),
        ("people_count", "三人", "“三人”不是人数"),
        ("rectification", "马上", "没有“马上”这种整改类型"),
        ("aspect", "没有的", "2022年度没有“没有的”这个方面"),
        ("problem", " ", "请填写问题表现"),
        ("problem", "长" * 501, "最多500个字"),
        ("rectifier_name", "长" * 65, "最多64个字"),
    ],
)
def test_what_is_no_value_of_its_column_is_refused_in_its_cell(world: World, name: str, text: str, why: str) -> None:
    finding = world.finding()
    seen = finding.problem if name == "problem" else ""
    bad, good = answered(client_of(world, "干部甲"), (finding, name, seen, text), (finding, "basis", "", "条款"))
    assert (bad["outcome"], why in bad["why"], bad["text"], good["outcome"]) == ("refused", True, seen, "written")


def test_a_conflict_tells_who_when_and_what_stands_now(world: World) -> None:
    finding = world.finding()
    answered(client_of(world, "干部丙"), (finding, "basis", "", "丙的条款"))
    (cell,) = answered(client_of(world, "干部甲"), (finding, "basis", "", "甲的条款"))
    assert (cell["outcome"], cell["text"], cell["by"]) == ("conflict", "丙的条款", "干部丙")
    assert re.fullmatch(r"\d\d-\d\d \d\d:\d\d", cell["at"])


def test_an_undo_gives_back_what_it_said(world: World) -> None:
    finding, client = world.finding(), client_of(world, "干部甲")
    answered(client, (finding, "due_on", "", "2022-06-01"))
    assert told(answered(client, (finding, "due_on", "2022-06-01", ""))) == [("refused", "2022-06-01", "2022-06-01")]
    assert told(answered(client, (finding, "due_on", "2022-06-01", ""), undo="1")) == [("written", "", "")]


def test_what_no_page_of_ours_sends_is_refused_whole(world: World) -> None:
    finding, client = world.finding(), client_of(world, "干部甲")
    for cells in ("", "{", "[]x", "[1]", '[["x", "basis", "", ""]]', f'[["{finding.uid}", "state", "", "closed"]]'):
        assert client.post(POST, {"cells": cells}).status_code == 422, cells
    assert sent(client, *[(finding, "basis", "", "甲")] * 2201).status_code == 422
    assert client_of(world, "书记").get(PLACE).status_code == 404  # who may correct nothing
    assert sent(client_of(world, "书记"), (finding, "basis", "", "甲")).status_code == 404


def test_the_page_shows_which_cells_may_be_corrected(world: World) -> None:
    open_, closed, client = world.finding(), world.closed(), client_of(world, "干部甲")
    shown = rows(client)
    assert [is_open for _, is_open, _ in shown[str(open_.uid)]] == [True] * 11
    keys = [True, False, False, False, *[True] * 7]  # 责任人, 时限 and 类型 of what is settled stand
    assert [is_open for _, is_open, _ in shown[str(closed.uid)]] == keys
    assert shown[str(closed.uid)][3] == ("by_term", False, "限期整改")
    assert rows(client, "state=closed").keys() == {str(closed.uid)}


def test_what_is_kept_to_a_few_shows_no_word_and_takes_none(world: World) -> None:
    finding, client = world.finding(facts="密事"), client_of(world, "主任甲")
    with as_(world.viewer("主任甲")) as by:
        levels.restrict(finding=finding, by=by, level=2, note="敏感")
    shown = rows(client)[str(finding.uid)]
    assert ("密事" in str(shown), [is_open for _, is_open, _ in shown]) == (False, [False] * 11)
    (cell,) = answered(client, (finding, "facts", "密事", "新"))
    assert (cell["outcome"], cell["text"], cell["value"]) == ("refused", "", "")


def test_whose_rows_may_be_corrected_is_told_as_for_each(world: World) -> None:
    """A page of rows in one query says what the policy says of each."""
    for office, unit in (
        ("第一监督检查室", "市教育局"),
        ("第二监督检查室", "市财政局"),
        ("第二监督检查室", "市教育局"),
    ):
        world.finding(office=office, unit=unit)
    for name in world.users:
        with as_(world.viewer(name)) as viewer:
            found = list(Finding.objects.all())
            each = {one.pk for one in found if guard.allow(viewer, "edit", one)}
            assert doable(viewer, "edit", Finding, [one.pk for one in found]) == each, name


def test_the_page_asks_few_questions_however_many_rows(world: World) -> None:
    client, counts = client_of(world, "干部甲"), []
    for _ in range(2):
        world.rectifying(rectifier=Who("责任人甲"))
        world.finding()
        client.get(PLACE)
        with CaptureQueriesContext(connection) as captured:
            client.get(PLACE)
        counts.append(len(asked(captured)))
    assert counts[0] == counts[1] <= MOST
