"""Papers of a talk: who took notes, what was corrected. Their layout is measured in tests/papers."""

import json
from datetime import date
from typing import Any

from django.test import Client
from tests.activities.test_papers import cells, texts, written
from tests.talks.test_talks import hold, rule_of, staff
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.sources.talks.models import Talk, Talker
from jiandu.sources.talks.selectors import whole
from jiandu.sources.talks.services import amend_talk, withdraw_talk
from jiandu.sources.talks.word import QUESTIONS, outline_docx, record_docx

__all__ = ["staff"]
OUTLINE = "1. 主体责任落实情况。\n2. 采购管理情况。"


def full(world: World, staff: dict[str, Any], **more: Any) -> Talk:
    said = {
        "outline": OUTLINE,
        "learned": "制度不全。",
        "pointed_out": "采购未验收。",
        "recorder": "干部丙",
        "place": "谈话室",
    }
    return hold(world, list(staff.values()), **(said | more))


def boxed(file: Any) -> dict[str, str]:
    """The boxes of a form: label → words."""
    rows = [row for table in file.tables for row in cells(table)]
    return {row[place]: row[place + 1] for row in rows for place in range(0, len(row) - 1, 2)}


def test_the_record_says_who_talked_and_who_took_notes(world: World, staff: dict[str, Any]) -> None:
    said = boxed(written(record_docx, full(world, staff)))
    assert {label: said[label] for label in ("谈 话 人", "记 录 人", "形　　式", "了解到的\n情　　况")} == {
        "谈 话 人": "干部甲",
        "记 录 人": "干部丙",
        "形　　式": "集体",
        "了解到的\n情　　况": "制度不全。",
    }
    assert boxed(written(record_docx, full(world, staff, recorder="")))["记 录 人"] == ""


def test_the_outline_asks_what_was_written_or_the_usual_questions(world: World, staff: dict[str, Any]) -> None:
    asked = texts(written(outline_docx, full(world, staff)))
    at = asked.index("一、谈话内容")
    assert asked[at + 1 : at + 3] == OUTLINE.splitlines()
    usual = texts(written(outline_docx, full(world, staff, outline="")))
    assert usual[at + 1 : at + 1 + len(QUESTIONS)] == [f"{n}. {text}。" for n, text in enumerate(QUESTIONS, 1)]


def test_a_recorder_is_one_of_those_who_talked(world: World, staff: dict[str, Any]) -> None:
    assert rule_of(lambda: full(world, staff, recorder="干部丁")) == "recorder"
    with as_(SYSTEM):
        assert Talk.objects.count() == 0


def test_what_is_written_of_a_talk_is_corrected_on_the_page_with_a_reason(world: World, staff: dict[str, Any]) -> None:
    talk, client = full(world, staff), Client()
    client.force_login(world.users["干部甲"])
    place = f"/desk/talks/{talk.uid}/"
    form = client.get(f"{place}?act=amend").context["opened"].form
    assert {name: form[name].value() for name in ("outline", "learned", "recorder")} == {
        "outline": OUTLINE,
        "learned": "制度不全。",
        "recorder": "干部丙",
    }
    said = {"theme": talk.theme, "outline": OUTLINE, "learned": "制度不全，已补。", "recorder": "干部甲"}
    assert client.post(f"{place}amend/", said).status_code == 422  # no reason
    early = client.post(f"{place}amend/", {**said, "reason": "笔误", "follow_up_due_on": "2022-05-05"})
    assert (early.status_code, "回访时限不能早于谈话日期" in early.content.decode()) == (422, True)
    assert (
        client.post(f"{place}amend/", {**said, "reason": "笔误", "follow_up_due_on": "2022-06-01"}).status_code == 303
    )
    with as_(SYSTEM) as by:
        now = Talk.objects.get(pk=talk.pk)
        told = whole(by, now)
        body = json.loads(Entry.objects.get(verb="talk.correct").payload.body)
    assert (now.learned, now.pointed_out, now.outline, now.follow_up_due_on) == (
        "制度不全，已补。",
        "",
        OUTLINE,
        date(2022, 6, 1),
    )
    assert [(row.name, row.is_recorder) for row in told.talkers] == [("干部丙", False), ("干部甲", True)]
    assert body["reason"] == "笔误"
    assert body["before"] == {
        "learned": "制度不全。",
        "place": "谈话室",
        "pointed_out": "采购未验收。",
        "follow_up_due_on": "",
        "recorder": "干部丙",
    }
    assert body["after"]["recorder"] == "干部甲"


def test_a_correction_that_changes_nothing_is_not_logged_and_a_withdrawn_talk_takes_none(
    world: World, staff: dict[str, Any]
) -> None:
    talk = full(world, staff)
    with as_(world.viewer("干部甲")) as by:
        amend_talk(talk=talk, by=by, said={"learned": "制度不全。"}, reason="再看", recorder="干部丙")
        assert rule_of(lambda: amend_talk(talk=talk, by=by, said={"theme": " "}, reason="改")) == "theme-needed"
        assert rule_of(lambda: amend_talk(talk=talk, by=by, said={}, reason="改", recorder="路人")) == "recorder"
        withdraw_talk(talk=talk, by=by, reason="重复登记")
        assert rule_of(lambda: amend_talk(talk=talk, by=by, said={"learned": "改"}, reason="改")) == "talk-withdrawn"
    with as_(world.viewer("书记")) as by:
        assert rule_of(lambda: amend_talk(talk=talk, by=by, said={"learned": "改"}, reason="改")) == "not-allowed"
    with as_(SYSTEM):
        assert Entry.objects.filter(verb="talk.correct").count() == 0
        assert Talker.objects.filter(talk=talk, is_recorder=True).count() == 1
