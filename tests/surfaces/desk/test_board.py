"""问题归类: columns by aspect, many sorted at once or none, merged aspects keep their word, the log has one entry."""

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
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import merge_items
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.services import approvals
from jiandu.loop.findings.states import Verb
from jiandu.net.access.deciding import Signature

PLACE = "/desk/findings/board/"
__all__ = ["lexicon"]


def aspects() -> list[Item]:
    with as_(SYSTEM) as by:
        return list(items(by, "aspect", 2022))


def shown(client: Client, query: str) -> dict[str, list[str]]:
    """The numbers of the findings, by column."""
    text = client.get(f"{PLACE}?{query}").content.decode()
    columns = re.findall(r'<section class="panel" aria-label="([^"]+)">(.*?)</section>', text, re.DOTALL)
    return {name: re.findall(r'<small><a href="[^"]+">([^<]+)</a>', rows) for name, rows in columns}


def sort(client: Client, found: list[Finding], into: Item, query: str = "year=2022", **more: Any) -> Any:
    said = {"finding": [str(one.uid) for one in found], "aspect": into.pk, "note": "归类研判", **more}
    return client.post(f"{PLACE}sort/?{query}", said)


def aspect_of(finding: Finding) -> int | None:
    with as_(SYSTEM):
        return Finding.objects.get(pk=finding.pk).aspect_id


@pytest.mark.usefixtures("lexicon")
def test_findings_are_sorted_many_at_once_with_one_entry_in_the_log(world: World) -> None:
    client, (first, second, *_rest) = client_of(world, "干部甲"), aspects()
    one, two, three = (world.finding(on=date(2022, 3, day)) for day in (1, 2, 3))
    assert shown(client, "year=2022")["未归类"] == [three.code, two.code, one.code]
    with as_(SYSTEM):
        before = Entry.objects.count()
    answer = sort(client, [one, two], first)
    assert (answer.status_code, answer["Location"]) == (303, f"{PLACE}?year=2022")
    board = shown(client, "year=2022")
    assert (board["未归类"], board[first.label_zh], board[second.label_zh]) == ([three.code], [two.code, one.code], [])
    with as_(SYSTEM):
        entry = Entry.objects.order_by("-seq")[0]
        steps = Step.objects.filter(finding__in=[one, two], verb="correct").values_list("finding", "note")
        assert (Entry.objects.count() - before, entry.verb) == (1, "finding.sort")
        assert sorted(steps) == [(one.pk, "归类研判"), (two.pk, "归类研判")]
    assert sort(client, [one], first).status_code == 303  # it has it already: no further step
    with as_(SYSTEM):
        assert Step.objects.filter(finding=one, verb="correct").count() == 1
    assert shown(client, f"year=2022&column={first.pk}") == {first.label_zh: [two.code, one.code]}
    assert shown(client, "year=2021")["未归类"] == []


@pytest.mark.usefixtures("lexicon")
def test_all_are_sorted_or_none(world: World) -> None:
    client, first = client_of(world, "干部甲"), aspects()[0]
    one, foreign = world.finding(), world.finding(office="第二监督检查室")
    assert sort(client, [], first).status_code == 422
    assert sort(client, [one], first, note="  ").status_code == 422
    assert sort(client, [one], first, aspect="").status_code == 422
    assert client_of(world, "经办人丁").get(PLACE).status_code == 404
    answer = sort(client, [one, foreign], first)  # the other office's is not in scope and is passed over
    assert (answer.status_code, aspect_of(one), aspect_of(foreign)) == (303, first.pk, None)


@pytest.mark.usefixtures("lexicon")
def test_a_finding_that_may_not_be_corrected_holds_up_the_others_and_is_named(world: World) -> None:
    first, one, gone = aspects()[0], world.finding(), world.finding()
    with as_(world.viewer("干部甲")) as by:
        request = approvals.Request(verb=Verb.WITHDRAW, on=date(2022, 3, 2), reason="重复录入")
        asked_for = approvals.ask(finding=gone, by=by, request=request)
    with as_(world.viewer("主任甲")) as by:
        signature = Signature(is_granted=True, on=date(2022, 3, 3), opinion="同意")
        approvals.decide(approval=asked_for, by=by, signature=signature)
    answer = sort(client_of(world, "干部甲"), [one, gone], first)
    assert (answer.status_code, f"{gone.code} 不能归类" in answer.content.decode(), aspect_of(one)) == (422, True, None)
    client = client_of(world, "干部甲")
    client.cookies["django_language"] = "en"
    said = sort(client, [one, gone], first).content.decode()
    assert f"{gone.code} cannot be sorted" in said


@pytest.mark.usefixtures("lexicon")
def test_a_merged_aspect_keeps_the_word_of_its_time(world: World) -> None:
    client, (first, second, *_rest) = client_of(world, "干部甲"), aspects()
    one = world.finding(on=date(2022, 3, 1))
    sort(client, [one], first)
    with as_(SYSTEM) as by:
        merge_items(items=[first], into=second, on=date(2022, 6, 1), by=by)
    text = client.get(f"{PLACE}?year=2022").content.decode()
    board = shown(client, "year=2022")
    assert (board[second.label_zh], first.label_zh in board) == ([one.code], False)
    assert (f"登记时称“{first.label_zh}”" in text, aspect_of(one)) == (True, first.pk)
    assert shown(client, f"year=2022&column={second.pk}") == {second.label_zh: [one.code]}


@pytest.mark.usefixtures("lexicon")
def test_the_ledger_finds_by_an_aspect_what_was_merged_into_it_and_the_page_says_so(world: World) -> None:
    client, (first, second, third, *_rest) = client_of(world, "干部甲"), aspects()
    one, two, other = (world.finding(on=date(2022, 3, day)) for day in (1, 2, 3))
    for finding, aspect in ((one, first), (two, second), (other, third)):
        sort(client, [finding], aspect)
    place = f"/desk/findings/?year=2022&aspect={third.pk}"
    assert codes_in(client, place) == {other.code}
    with as_(SYSTEM) as by:
        merge_items(items=[first], into=second, on=date(2022, 6, 1), by=by)
        merge_items(items=[second], into=third, on=date(2022, 7, 1), by=by)
    assert codes_in(client, place) == {one.code, two.code, other.code}
    told = {one: f"{first.label_zh}（已并入“{third.label_zh}”）", other: f"<dd>{third.label_zh}</dd>"}
    for finding, words in told.items():
        assert words in client.get(f"/desk/findings/{finding.uid}/").content.decode()
    client.cookies["django_language"] = "en"
    assert "merged into" in client.get(f"/desk/findings/{one.uid}/").content.decode()


def codes_in(client: Client, place: str) -> set[str]:
    return set(re.findall(r"\b[A-Z]+\d{4}-[\d-]+\b", client.get(place).content.decode()))


@pytest.mark.usefixtures("lexicon")
def test_a_column_is_walked_page_by_page_and_the_questions_do_not_grow(world: World) -> None:
    client, place = client_of(world, "干部甲"), world.round()
    found = [world.finding(activity=place, on=date(2022, 3, 1)) for _ in range(3)]
    queries = (f"activity={place.uid}", f"activity={place.uid}&column=none")
    few = []
    for query in queries:
        client.get(f"{PLACE}?{query}")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{PLACE}?{query}")
        few.append(len(asked(captured)))
    found += [world.finding(activity=place, on=date(2022, 3, 2)) for _ in range(25)]
    for query, before in zip(queries, few, strict=True):
        with CaptureQueriesContext(connection) as captured:
            text = client.get(f"{PLACE}?{query}").content.decode()
        assert before <= len(asked(captured)) <= MOST
    assert len(shown(client, queries[0])["未归类"]) == 6
    older = re.findall(r'rel="next" href="\?([^"]+)"', text)[0].replace("&amp;", "&")
    walked = shown(client, queries[1])["未归类"] + shown(client, older)["未归类"]
    assert sorted(walked) == sorted(one.code for one in found)
    assert client.get(f"{PLACE}?activity=no").status_code == 404
