"""点题整治: a topic across years, 四定, months counted once, an evaluation with its sample; what is found resolved in the year."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import moves
from jiandu.loop.outcomes.services import NewRule, record_rule, record_rule_of
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure, rows_of, shares
from jiandu.sources.activities.models import Activity
from jiandu.sources.topics import selectors
from jiandu.sources.topics.models import Topic
from jiandu.sources.topics.services import telling, topics

YEAR_END, NEXT = date(2022, 12, 31), date(2023, 3, 31)
END = Ask(2022, YEAR_END)
OFFICE = "第一监督检查室"


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def do(act: Callable[..., Any], /, **said: Any) -> Any:
    with as_(SYSTEM) as by:
        return act(by=by, **said)


def value(key: str, ask: Ask = END) -> object:
    with as_(SYSTEM) as by:
        return figure(by, key, ask).value


def topic(world: World, **more: Any) -> Topic:
    new = topics.NewTopic(code=f"DT{world.number()}", name="拖欠农民工工资", office=world.offices[OFFICE], **more)
    return do(topics.name_topic, new=new)


def year(world: World, one: Topic | None = None, when: int = 2022) -> Activity:
    new = topics.NewYear(when, f"DT{when}-{world.number()}", date(when, 1, 10))
    return do(topics.begin_year, topic=one or topic(world), new=new)


def test_a_topic_lives_across_years_when_it_is_carried_on(world: World) -> None:
    one = topic(world)
    first = year(world, one)
    assert rule_of(lambda: year(world, one)) == "topic-year"
    assert rule_of(lambda: year(world, one, 2023)) == "topic-not-carried-on"
    do(topics.name_department, activity=first, organisation=world.units["市教育局"])
    do(topics.name_department, activity=first, organisation=world.units["市财政局"])
    new = topics.NewYear(2023, "DT2023-1", date(2023, 1, 20))
    second = do(topics.carry_on, activity=first, on=date(2023, 1, 15), new=new)
    with as_(SYSTEM) as by:
        assert [row.activity for row in selectors.chain_of(by, one)] == [first, second]
        assert selectors.departments_of(by, [second])[second.pk] == ["市教育局", "市财政局"]
        assert selectors.years_of(by, [one]) == {one.pk: [2022, 2023]}
    assert rule_of(lambda: do(topics.conclude, activity=first, on=today())) == "topic-decided"
    do(topics.conclude, activity=second, on=date(2024, 1, 10))
    keys = ("topics", "topics_carried_on", "topics_concluded")
    assert [value(key) for key in keys] == [1, 0, 0]
    assert [value(key, Ask(2022, NEXT)) for key in keys] == [1, 1, 0]
    assert [value(key, Ask(2023, date(2024, 1, 10))) for key in keys] == [1, 0, 1]


def test_a_plan_has_departments_and_targets_that_are_reached_step_by_step(world: World) -> None:
    one = year(world)
    do(topics.plan_year, activity=one, measures="专项执法", schedule="三季度见成效")
    target = do(topics.set_target, activity=one, new=topics.NewTarget("清欠项目", "个", 30, date(2022, 11, 30)))
    assert (
        rule_of(lambda: do(topics.set_target, activity=one, new=topics.NewTarget("清欠项目", "个", 5)))
        == "target-twice"
    )
    assert (
        rule_of(lambda: do(topics.set_target, activity=one, new=topics.NewTarget("无数", "个", 0))) == "target-needed"
    )
    do(topics.name_department, activity=one, organisation=world.units["市教育局"])
    twice = lambda: do(topics.name_department, activity=one, organisation=world.units["市教育局"])  # noqa: E731
    assert rule_of(twice) == "department-twice"
    row = do(telling.reach, target=target, on=date(2022, 6, 30), amount=12)
    assert rule_of(lambda: do(telling.reach, target=target, on=date(2022, 7, 31), amount=11)) == "reached-less"
    assert rule_of(lambda: do(telling.reach, target=target, on=date(2022, 5, 31), amount=13)) == "reached-less"
    assert rule_of(lambda: do(telling.reach, target=target, on=date(2022, 6, 30), amount=12)) == "reached-twice"
    do(telling.reach, target=target, on=date(2022, 9, 30), amount=30)
    with as_(SYSTEM) as by:
        work = selectors.work_of(by, one)
        assert work.year is not None
        assert work.topic == work.year.topic.uid
    assert [(row.name, row.came) for row in work.targets] == [("清欠项目", 30)]
    assert work.year.measures == "专项执法"
    do(telling.withdraw_row, row=row, reason="误报")
    do(telling.withdraw_latest, target=target, reason="误报")
    assert rule_of(lambda: do(telling.withdraw_latest, target=target, reason="误报")) == "nothing-reached"
    do(telling.withdraw_row, row=target, reason="目标调整")
    assert rule_of(lambda: do(telling.reach, target=target, on=date(2022, 10, 31), amount=40)) == "target-gone"


def test_messages_and_own_lists_are_told_by_month_and_never_merge(world: World) -> None:
    one = year(world)
    told = [("messages", 3, 40, 30), ("messages", 4, 10, 20), ("own_list", 4, 500, 480)]
    for kind, month, received, closed in told:
        do(telling.count_month, activity=one, new=telling.NewCount(kind, date(2022, month, 9), received, closed))
    again = lambda: do(telling.count_month, activity=one, new=telling.NewCount("messages", date(2022, 3, 1), 1, 1))  # noqa: E731
    assert rule_of(again) == "month-twice"
    more = lambda: do(telling.count_month, activity=one, new=telling.NewCount("messages", date(2022, 5, 1), 2, 3))  # noqa: E731
    assert rule_of(more) == "closed-more"
    other = lambda: do(telling.count_month, activity=one, new=telling.NewCount("messages", date(2021, 5, 1), 2, 2))  # noqa: E731
    assert rule_of(other) == "month-year"
    keys = (
        "topic_messages",
        "topic_messages_closed",
        "topic_own_list",
        "topic_own_list_closed",
        "topic_problems_resolved",
    )
    assert [value(key) for key in keys] == [50, 50, 500, 480, 0]
    assert [value(key, Ask(2022, date(2022, 4, 29))) for key in keys] == [40, 30, 0, 0, 0]  # April is not over
    with as_(SYSTEM) as by:
        assert [(part.of, part.value) for part in shares(by, "topic_messages", END, by="month")] == [
            ("2022-03", 40),
            ("2022-04", 10),
        ]
        work = selectors.work_of(by, one)
        assert (work.total("messages").percent, work.total("own_list").percent) == ("100.0%", "96.0%")
        row = next(row for row in work.counts if row.kind == "own_list")
    before = now()
    do(telling.withdraw_row, row=row, reason="重复填报", on=date(2022, 6, 1))
    assert [value("topic_own_list", Ask(2022, YEAR_END, at)) for at in (before, None)] == [500, 0]


def test_an_evaluation_has_a_sample_an_evaluator_and_rates_within_a_hundred(world: World) -> None:
    one = year(world)
    new = {
        "on": date(2022, 12, 1),
        "evaluator": "调查队",
        "sample": 1200,
        "known": 9216,
        "satisfied": 9689,
        "supported": 9590,
    }
    wrong = {"evaluator": (" ", "evaluator-needed"), "sample": (0, "sample-needed"), "known": (10_001, "rate-range")}
    for name, (said, rule) in wrong.items():
        more = telling.NewEvaluation(**{**new, name: said})
        assert rule_of(lambda more=more: do(telling.evaluate, activity=one, new=more)) == rule
    do(telling.evaluate, activity=one, new=telling.NewEvaluation(**new))
    do(telling.report_month, activity=one, month=date(2022, 6, 15), text="开展联合检查")
    assert rule_of(lambda: do(telling.report_month, activity=one, month=date(2022, 6, 1), text="再报")) == "month-twice"
    do(telling.achieve, activity=one, on=date(2022, 12, 1), text="清欠一千万元")
    assert rule_of(lambda: do(telling.achieve, activity=one, on=today() + timedelta(1), text="明天")) == "step-date"
    with as_(SYSTEM) as by:
        assert [row.sample for row in selectors.evaluations_of(by, one)] == [1200]
        assert [row.text for row in selectors.achievements_of(by, one)] == ["清欠一千万元"]


def test_findings_count_when_they_are_found_resolved_in_the_year(world: World) -> None:
    one = year(world)
    on_time = world.closed(activity=one, closed_on=YEAR_END)
    world.closed(activity=one, closed_on=date(2023, 1, 1))  # resolved too late
    world.rectifying(activity=one)
    world.closed(closed_on=date(2022, 6, 1))  # of a project
    world.closed(
        activity=year(world, when=2021), on=date(2021, 3, 1), closed_on=date(2022, 2, 1)
    )  # of last year's topic
    assert [value(key) for key in ("topic_findings", "topic_problems_resolved")] == [3, 1]
    assert value("topic_problems_resolved", Ask(2022, date(2022, 12, 30))) == 0
    assert value("topic_problems_resolved", Ask(2022, NEXT)) == 1
    with as_(SYSTEM) as by:
        assert list(rows_of(by, "topic_problems_resolved", END)) == [on_time]


def test_what_is_taken_up_again_counts_no_more_from_then_on(world: World) -> None:
    finding = world.closed(activity=year(world), closed_on=date(2022, 6, 1))
    reopen(world, finding, date(2023, 2, 1))
    assert [value("topic_problems_resolved", Ask(2022, day)) for day in (YEAR_END, NEXT)] == [1, 0]


def reopen(world: World, finding: Finding, on: date) -> None:
    with as_(SYSTEM) as by:
        moves.reopen(finding=finding, by=by, on=on, note="问题反弹")


def test_a_rule_of_a_topic_and_of_its_finding_counts_once(world: World) -> None:
    one = year(world)
    rule = NewRule("工资支付监管办法", "市教育局", date(2022, 9, 1))
    do(record_rule_of, origin=one, new=rule)
    do(record_rule, finding=world.finding(activity=one), new=rule)
    do(record_rule_of, origin=one, new=NewRule("次年办法", "市教育局", date(2023, 1, 1)))
    do(record_rule_of, origin=world.project(), new=NewRule("项目办法", "市教育局", date(2022, 9, 1)))
    assert [value("topic_rules_made", Ask(2022, day)) for day in (date(2022, 8, 31), YEAR_END, NEXT)] == [0, 1, 2]


def test_another_office_neither_sees_nor_edits(world: World) -> None:
    one = year(world)
    with as_(world.viewer("干部乙")) as by:
        assert figure(by, "topics", END).value == 0
        assert rule_of(lambda: topics.plan_year(activity=one, by=by, measures="x", schedule="")) == "not-allowed"
    with as_(world.viewer("干部甲")) as by:
        assert figure(by, "topics", END).value == 1
        assert rule_of(lambda: topics.conclude(activity=one, by=by, on=today())) == "not-allowed"  # the head decides


def test_a_topic_that_was_worked_on_stays(world: World) -> None:
    one, other = topic(world), topic(world)
    year(world, one)
    assert rule_of(lambda: do(topics.withdraw_topic, topic=one, reason="误登")) == "topic-begun"
    assert do(topics.withdraw_topic, topic=other, reason="误登").withdrawn_for == "误登"
    with as_(SYSTEM) as by:
        assert list(selectors.topics(by)) == [one]
    new = topics.NewTopic(code=one.code, name="重复编号", office=world.offices[OFFICE])
    assert rule_of(lambda: do(topics.name_topic, new=new)) == "topic-twice"
