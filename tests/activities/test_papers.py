"""Papers of a round: what stands on them is what the records say, blank forms are blank, their layout is measured in tests/papers."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
from django.test import Client
from tests.activities.test_rounds import go, manned
from tests.findings.test_acts import grant
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.selectors.tallies import found_at
from jiandu.loop.findings.states import Verb
from jiandu.loop.findings.word import feedback_docx
from jiandu.net.subjects.models import Post
from jiandu.net.subjects.services import register_person
from jiandu.results.analysis.rounds import FIGURES, round_told
from jiandu.results.reports.rounds import round_docx
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.selectors import teams_of
from jiandu.sources.activities.services.events import tell
from jiandu.sources.activities.services.finishing import finish_round, set_period
from jiandu.sources.activities.services.rounds import (
    NewVisit,
    ask_material,
    receive_material,
    set_points,
    visit,
    withdraw_visit,
)
from jiandu.sources.activities.word import notices_docx, plan_docx, schedule_docx, visit_docx
from jiandu.sources.talks.services import Invited, NewTalk, hold_talk

POINTS = ["服务中心工作是否有力", "难题旧账破解是否到位。"]


def written(write: Callable[..., bytes], *given: Any, **more: Any) -> Any:
    with as_(SYSTEM) as by:
        return docx.Document(BytesIO(write(by, *given, **more)))


def texts(file: Any) -> list[str]:
    return [one.text for one in file.paragraphs if one.text]


def cells(table: Any) -> list[list[str]]:
    """Row by row; a box that reaches over several columns once."""
    return [[cell.text for cell in _once(row.cells)] for row in table.rows]


def _once(row: Any) -> list[Any]:
    return [cell for place, cell in enumerate(row) if place == 0 or cell._tc is not row[place - 1]._tc]


def planned(world: World) -> Activity:
    """A round with points, a plan, two units of one team; the first is visited."""
    activity = manned(world, "市教育局", "市财政局")
    with as_(world.viewer("干部甲")) as by:
        set_points(activity=activity, by=by, texts=POINTS)
        activity.plan = "分组走访，逐一核实。"
        activity.save(update_fields=["plan"])
        for linked, day in zip(activity.linked_units.order_by("pk"), (10, 21), strict=True):
            linked.planned_on = date(2022, 3, day)
            linked.save(update_fields=["planned_on"])
    new = NewVisit(
        world.units["市教育局"], date(2022, 3, 11), "市教育局三楼", "干部甲、干部丙", "局长", "台账不全\n账实不符"
    )
    with as_(world.viewer("干部甲")) as by:
        visit(activity=activity, by=by, new=new)
    return activity


def test_the_plan_says_theme_period_points_division_and_steps(world: World) -> None:
    activity = planned(world)
    file = written(plan_docx, activity)
    said = texts(file)
    assert said[:2] == [f"“{activity.name}”\n委领导挂钩监督方案", "一、监督主题"]
    assert [text for text in said if re.match("[一二三四五]、", text)] == [
        "一、监督主题", "二、监督时间", "三、监督要点", "四、组织分工", "五、工作安排",
    ]  # fmt: skip
    assert "2022年3月1日启动，走访安排在2022年3月10日至2022年3月21日。" in said
    with as_(world.viewer("干部甲")) as by:
        set_period(activity=activity, by=by, period_from=date(2022, 3, 1), period_to=date(2022, 5, 31))
    timed = texts(written(plan_docx, activity))
    assert timed[timed.index("二、监督时间") + 1].startswith("自2022年3月1日至2022年5月31日，2022年3月1日启动，走访")
    assert said[said.index("三、监督要点") + 1 :][:2] == ["1. 服务中心工作是否有力。", "2. 难题旧账破解是否到位。"]
    assert said[said.index("五、工作安排") + 1] == "分组走访，逐一核实。"
    division, schedule = file.tables
    assert cells(division)[1:] == [["第一组", "书记", "干部甲、干部丙", "市教育局、市财政局（2家）"]]
    assert cells(schedule)[1:] == cells(written(schedule_docx, activity).tables[0])[1:]
    assert said[said.index("附件") - 2 :][:2] == ["第一监督检查室", "2022年3月1日"]


def test_the_schedule_has_every_unit_with_the_days_planned_and_come(world: World) -> None:
    activity = planned(world)
    go(world, activity, "市教育局", date(2022, 4, 2))
    assert cells(written(schedule_docx, activity).tables[0])[1:] == [
        ["1", "第一组", "书记", "市教育局", "2022-03-10", "2022-03-11\n2022-04-02"],
        ["2", "第一组", "书记", "市财政局", "2022-03-21", "—"],
    ]


def test_a_notice_asks_for_what_has_not_come_and_goes_to_units_not_visited(world: World) -> None:
    activity = planned(world)
    with as_(world.viewer("干部甲")) as by:
        for name in ("会议记录", "述责述廉报告"):
            paper = ask_material(
                activity=activity, by=by, organisation=world.units["市财政局"], name=name, on=date(2022, 3, 5)
            )
        receive_material(material=paper, by=by, on=date(2022, 3, 6))
        ask_material(
            activity=activity, by=by, organisation=world.units["市教育局"], name="教育局的材料", on=date(2022, 3, 5)
        )
    said = texts(written(notices_docx, activity))
    assert [text for text in said if text.endswith("：")] == ["市财政局："]
    assert said[said.index("四、请准备的材料") + 1] == "1. 会议记录。"
    assert "2022年3月21日。" in said
    assert not any("述责述廉报告" in text or "教育局的材料" in text for text in said)
    with as_(SYSTEM) as by:
        linked = teams_of(by, activity)[0].units[0].linked
    again = texts(written(notices_docx, activity, linked))
    assert ("市教育局：" in again, "市财政局：" in again, "1. 教育局的材料。" in again) == (True, False, True)


def test_the_record_of_a_visit_is_filled_and_the_blank_one_is_not(world: World) -> None:
    activity = planned(world)
    with as_(SYSTEM) as by:
        made = teams_of(by, activity)[0].units[0].visits[0]
    filled, blank = (dict(_pairs(written(visit_docx, activity, *of))) for of in ([made], []))
    points = "1. 服务中心工作是否有力\n2. 难题旧账破解是否到位。"
    both = {
        "监督主题": activity.name,
        "监督要点": points,
        "发现的\n问　题": "",
        "记录人\n签　字": "",
        "单位人员\n签　　字": "",
    }
    assert filled == both | {
        "走访单位": "市教育局", "走访日期": "2022年3月11日", "监督组": "第一组", "带队委领导": "书记", "地　　点": "市教育局三楼",
        "参加人员": "干部甲、干部丙", "单位\n参加人员": "局长", "了解到的\n情　　况": "台账不全\n账实不符",
    }  # fmt: skip
    assert blank == both | dict.fromkeys(filled.keys() - both.keys(), "") | {"走访日期": "　　年　月　日"}


def test_the_record_of_a_visit_prints_what_that_visit_found(world: World) -> None:
    activity = planned(world)
    go(world, activity, "市教育局", date(2022, 4, 2))
    seen = {}
    for name, on, more in (
        ("当日发现", date(2022, 3, 11), {}),
        ("次日登记", date(2022, 3, 12), {}),
        ("再次走访发现", date(2022, 4, 2), {}),
        ("别家的问题", date(2022, 3, 11), {"unit": "市财政局"}),
        ("敏感的事", date(2022, 3, 11), {"level": 2}),
    ):
        seen[name] = world.finding(activity=activity, problem=name, on=on, **more)
    with as_(SYSTEM) as by:
        first, second = teams_of(by, activity)[0].units[0].visits
        found = {visit.on: [row.problem for row in found_at(by, visit)] for visit in (first, second)}
    assert found == {first.on: ["当日发现", "次日登记"], second.on: ["再次走访发现"]}
    officer = Client()
    officer.force_login(world.users["干部甲"])
    answer = officer.get(f"/desk/rounds/{activity.uid}/papers/visit/?visit={first.pk}")
    box = dict(_pairs(docx.Document(BytesIO(answer.content))))["发现的\n问　题"]
    codes = [seen[name].code for name in ("当日发现", "次日登记")]
    assert box == f"1. 当日发现（{codes[0]}）\n2. 次日登记（{codes[1]}）"


def _pairs(file: Any) -> list[tuple[str, str]]:
    """(label, words) of the form's boxes."""
    rows = cells(file.tables[0])
    return [(row[place], row[place + 1]) for row in rows for place in range(0, len(row), 2)]


def test_the_sheet_to_a_unit_has_its_problems_and_no_other(world: World) -> None:
    activity = planned(world)
    mine = world.finding(activity=activity, problem="台账不全", facts="缺三年记录。", due_on=date(2022, 6, 1))
    other = world.finding(activity=activity, problem="财政局的问题", unit="市财政局")
    secret = world.finding(activity=activity, problem="敏感问题", level=2)
    elsewhere = world.finding(problem="别的项目的问题")
    withdrawn = world.finding(activity=activity, problem="登记错的问题")
    grant(world, withdrawn, Verb.WITHDRAW)
    file = written(feedback_docx, activity, world.units["市教育局"])
    assert texts(file)[:2] == ["挂钩监督问题反馈单", "市教育局："]
    rows = cells(file.tables[0])[1:]
    assert [(row[1], row[3]) for row in rows] == [(mine.code, "台账不全\n缺三年记录。")]
    assert {one.problem for one in (other, secret, elsewhere, withdrawn)} & {row[3] for row in rows} == set()
    empty = cells(written(feedback_docx, activity).tables[0])[1:]
    assert [set(map(str.strip, row)) for row in empty] == [{""}] * 4
    with pytest.raises(Refused) as refused:
        written(feedback_docx, activity, world.units["思明区教育局"])
    assert refused.value.rule == "no-findings"


def reported(world: World) -> Activity:
    """A round with findings of two aspects, one settled and one withdrawn, a talk with a head and a clerk."""
    activity = planned(world)
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        aspects = list(items(by, "aspect", 2022))[:2]
        people = [register_person(name=name, by=by) for name in ("张局", "李科员")]
        seats = [
            Invited(person, world.units["市教育局"], "职务", category)
            for person, category in zip(people, (Post.Kind.HEAD, Post.Kind.STAFF), strict=True)
        ]
        for on in (date(2022, 3, 11), date(2022, 3, 12)):
            new = NewTalk(
                "proactive", on, "履职", world.offices["第一监督检查室"], ["甲", "乙"], seats, activity=activity
            )
            hold_talk(new=new, by=by)
    on = {"on": date(2022, 3, 15)}
    world.finding(activity=activity, aspect=aspects[0], problem="台账不全", **on)
    world.finding(activity=activity, aspect=aspects[0], problem="难题未解", unit="市财政局", **on)
    world.closed(activity=activity, aspect=aspects[1], problem="公示不及时", **on)
    world.finding(activity=activity, problem="敏感的事", level=2, **on)
    go(world, activity, "市教育局", date(2022, 4, 2))
    wrong = go(world, activity, "市财政局", date(2022, 4, 3))
    with as_(world.viewer("干部甲")) as by:
        withdraw_visit(visit=wrong, by=by, reason="未成行", on=date(2022, 4, 4))
    return activity


EXPECTED = {
    "teams": 1, "units": 2, "visited": 1, "visits": 2, "talked": 1, "findings": 4, "aspects": 2, "found_units": 2,
    "settled": 1, "open": 3,
}  # fmt: skip


def test_the_report_takes_every_number_from_the_records(world: World) -> None:
    activity = reported(world)
    file = written(round_docx, activity)
    said = texts(file)
    assert [row[2] for row in cells(file.tables[-1])[1:]] == [
        f"{EXPECTED[key]}{unit}" for key, (_label, unit, _how) in FIGURES.items()
    ]
    work = next(text for text in said if text.startswith("本轮挂钩监督以"))
    assert work.endswith("设1个监督组，由委领导带队，挂钩2家单位。已走访1家、2家次，约谈关键少数1人。")
    assert "共发现问题4个，涉及2家单位、2个方面。" in said
    assert "统计截止日，已销号1个，未销号3个。" in said
    heads = [text for text in said if re.match("（[一二三]）", text)]
    assert [re.sub("（[一二三]）.*（", "（", text) for text in heads] == ["（2个）", "（1个）", "（1个）"]
    units = cells(file.tables[-3])
    assert units[-1] == ["合计", "4", "1", "3"]
    assert units[1:-1] == [["市教育局", "3", "1", "2"], ["市财政局", "1", "0", "1"]]
    listed = [row for table in file.tables[:-3] for row in cells(table)[1:]]
    assert sorted((row[2], row[4]) for row in listed) == [
        ("公示不及时", "已销号"),
        ("台账不全", "未销号"),
        ("难题未解", "未销号"),
    ]
    assert [text for text in said if "敏感的事" in text] == []
    assert "另有1个问题按工作敏感事项管理，不在本报告中列出。" in said
    assert file.sections[0].header.paragraphs[0].text == "草稿"


def test_an_approved_report_keeps_the_numbers_of_its_approval(world: World) -> None:
    activity = reported(world)
    with as_(world.viewer("主任甲")) as by:
        tell(activity=activity, by=by, verb="report", on=date(2022, 5, 1))
        tell(activity=activity, by=by, verb="approve_report", on=today(), note="同意")
    with as_(SYSTEM) as by:
        before = round_told(by, activity).values
    world.finding(activity=activity, problem="补录的问题", on=date(2022, 4, 1))
    go(world, activity, "市财政局", date(2022, 4, 20))
    with as_(SYSTEM) as by:
        assert (before, round_told(by, activity).values) == (EXPECTED, EXPECTED)
    file = written(round_docx, activity, mark="某人")
    assert dict(_pairs_of(file.tables[-2])) == {
        "报送日期": "2022年5月1日", "报 送 人": "主任甲", "审定日期": f"{today().year}年{today().month}月{today().day}日",
        "审 定 人": "主任甲", "审定意见": "同意",
    }  # fmt: skip
    assert file.sections[0].header.paragraphs[0].text == "某人"


def test_the_report_says_from_when_to_when_and_how_the_round_ended(world: World) -> None:
    activity = reported(world)
    with as_(world.viewer("干部甲")) as by:
        set_period(activity=activity, by=by, period_from=date(2022, 3, 1), period_to=date(2022, 4, 30))
        finish_round(activity=activity, by=by, on=date(2022, 5, 1), note="市财政局因机构改革未走访。")
    work = next(text for text in texts(written(round_docx, activity)) if text.startswith("本轮挂钩监督"))
    assert work.startswith("本轮挂钩监督自2022年3月1日至2022年4月30日，以“")
    assert work.endswith("约谈关键少数1人。本轮于2022年5月1日结束，市财政局因机构改革未走访。")


def test_an_end_that_was_entered_after_the_approval_does_not_stand_in_the_approved_report(world: World) -> None:
    activity = reported(world)
    with as_(world.viewer("主任甲")) as by:
        tell(activity=activity, by=by, verb="report", on=date(2022, 5, 1))
        tell(activity=activity, by=by, verb="approve_report", on=today(), note="同意")
        finish_round(activity=activity, by=by, on=date(2022, 5, 1), note="市财政局未走访。")
    assert not any("结束" in text for text in texts(written(round_docx, activity)))


def _pairs_of(table: Any) -> list[tuple[str, str]]:
    return [(row[place], row[place + 1]) for row in cells(table) for place in range(0, len(row), 2)]


def test_a_report_as_of_its_day_leaves_out_what_came_later(world: World) -> None:
    activity = reported(world)
    world.finding(activity=activity, problem="以后的问题", on=date(2022, 6, 1))
    with as_(world.viewer("主任甲")) as by:
        tell(activity=activity, by=by, verb="approve_report", on=date(2022, 5, 9))
    with as_(SYSTEM) as by:
        assert round_told(by, activity).values == EXPECTED
