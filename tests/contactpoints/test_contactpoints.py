"""联系点: terms, dated steps, one result, merging, suggestions of their own; each figure on both sides of its limits."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.loop.outcomes.models import RuleOrigin
from jiandu.loop.outcomes.services import NewRule, record_rule, record_rule_of
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure, rows_of
from jiandu.sources.contactpoints import selectors
from jiandu.sources.contactpoints.models import ContactProblem, PointTurn
from jiandu.sources.contactpoints.services import points, problems, suggestions
from jiandu.sources.contactpoints.services.problems import Act

YEAR_END = date(2022, 12, 31)
END = Ask(2022, YEAR_END)
DAY = date(2022, 5, 10)


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


def settled(world: World, problem: ContactProblem, result: str = "resolved", on: date = DAY) -> ContactProblem:
    world.answered(problem)
    return do(problems.settle, problem=problem, act=Act(on, "已核实", result, "satisfied"))


TERMS = {
    "no end": ({}, 1),
    "ends that day": ({"until": YEAR_END}, 1),
    "ended the day before": ({"until": YEAR_END - timedelta(1)}, 0),
    "begins that day": ({"since": YEAR_END}, 1),
    "begins the day after": ({"since": YEAR_END + timedelta(1)}, 0),
    "of a district": ({"tier": "district"}, 0),
    "an association": ({"kind": "association"}, 1),
}


@pytest.mark.parametrize(("more", "expected"), TERMS.values(), ids=TERMS)
def test_a_point_counts_within_its_term(world: World, more: dict[str, Any], expected: int) -> None:
    world.point(**more)
    assert value("contact_points") == expected
    assert value("contact_points_of_districts") == (more.get("tier") == "district")


def test_a_point_that_left_counts_until_the_day_before(world: World) -> None:
    stays, leaves = world.point(), world.point()
    turn = do(points.leave, point=leaves, on=date(2022, 5, 20), note="企业外迁")
    days = [date(2022, 5, 19), date(2022, 5, 20), YEAR_END]
    assert [value("contact_points", Ask(2022, day)) for day in days] == [2, 1, 1]
    assert rule_of(lambda: do(points.prolong, point=leaves, on=DAY, until=YEAR_END)) == "point-left"
    do(points.withdraw_turn, turn=turn, reason="登记有误")
    assert [value("contact_points", Ask(2022, day)) for day in [YEAR_END, today()]] == [1, 2]
    with as_(SYSTEM) as by:
        assert list(rows_of(by, "contact_points", Ask(2022, today()))) == [stays, leaves]


def test_a_prolonged_term_holds_from_the_day_it_was_prolonged(world: World) -> None:
    point = world.point(until=date(2022, 6, 30))
    known = now()
    do(points.prolong, point=point, on=date(2022, 7, 10), until=date(2023, 6, 30))
    days = [date(2022, 6, 30), date(2022, 7, 9), date(2022, 7, 10), date(2023, 6, 30), date(2023, 7, 1)]
    assert [value("contact_points", Ask(2022, day)) for day in days] == [1, 0, 1, 1, 0]
    assert value("contact_points", Ask(2022, YEAR_END, known)) == 0  # not yet entered then


def test_a_point_is_invited_once_and_put_right(world: World) -> None:
    point = world.point("厦海贸易公司")
    assert rule_of(lambda: world.point("厦海贸易公司")) == "point-twice"
    assert rule_of(lambda: world.point(" ")) == "name-needed"
    assert rule_of(lambda: world.point(until=date(2021, 1, 1))) == "period-in-order"
    facts = points.PointFacts(name="厦海商贸公司", liaison="赵经理")
    assert do(points.amend_point, point=point, facts=facts).name == "厦海商贸公司"
    do(points.withdraw_point, point=point, reason="重复登记")
    assert (value("contact_points"), value("contact_points", Ask(2022, today()))) == (1, 0)


def test_a_problem_goes_its_way_and_has_one_result(world: World) -> None:
    problem = world.told()
    act = Act(DAY, "已办")
    for verb in (problems.answer, problems.settle, problems.give_back):
        assert rule_of(lambda verb=verb: do(verb, problem=problem, act=Act(DAY, "x", "resolved"))) == "not-legal"
    world.answered(problem)
    assert (
        rule_of(lambda: do(problems.settle, problem=problem, act=Act(DAY, "", "resolved", "not_satisfied")))
        == "not-satisfied"
    )
    do(problems.give_back, problem=problem, act=Act(DAY, "仍需排队"))
    assert value("contact_problems_open") == 1
    assert (
        rule_of(lambda: do(problems.answer, problem=problem, act=Act(date(2022, 4, 30), "早于上一步"))) == "step-date"
    )
    assert rule_of(lambda: do(problems.answer, problem=problem, act=Act(today() + timedelta(1), "明天"))) == "step-date"
    do(problems.answer, problem=problem, act=act)
    found = do(problems.settle, problem=problem, act=Act(DAY, "", "resolved", "fairly"))
    assert (found.state, found.result) == ("settled", "resolved")
    assert rule_of(lambda: do(problems.settle, problem=problem, act=Act(DAY, "", "explained"))) == "answer-first"
    with as_(SYSTEM) as by:
        assert [step.verb for step in selectors.steps_of(by, problem)] == [
            "take_in", "study", "assign", "answer", "return", "answer", "settle",
        ]  # fmt: skip


def test_what_needs_no_answer_may_be_settled_after_the_study(world: World) -> None:
    problem = world.told()
    do(problems.study, problem=problem, act=Act(DAY, "属业务咨询"), nature="advice")
    assert rule_of(lambda: do(problems.settle, problem=problem, act=Act(DAY, "", "resolved"))) == "answer-first"
    assert do(problems.settle, problem=problem, act=Act(DAY, "已说明", "explained")).result == "explained"


def test_a_lasting_matter_may_be_resolved_later(world: World) -> None:
    problem = settled(world, world.told(), "lasting")
    later = date(2023, 2, 1)
    do(problems.settle, problem=problem, act=Act(later, "政策出台", "resolved"))
    keys = ("contact_problems_resolved", "contact_problems_otherwise", "contact_problems_open")
    assert [value(key) for key in keys] == [0, 1, 0]
    assert [value(key, Ask(2022, later)) for key in keys] == [1, 0, 0]


PARTS = ("contact_problems", "contact_problems_resolved", "contact_problems_otherwise", "contact_problems_open")


def told_in_all_ways(world: World) -> None:
    """One problem on each side of every limit of the definitions."""
    settled(world, world.told(), on=YEAR_END)
    settled(world, world.told(), on=date(2023, 1, 1))  # resolved too late
    settled(world, world.told(), "explained")
    back = settled(world, world.told())
    do(problems.give_back, problem=back, act=Act(date(2022, 6, 1), "问题反复"))
    again = settled(world, world.told())
    do(problems.give_back, problem=again, act=Act(date(2022, 6, 1), "问题反复"))
    do(problems.answer, problem=again, act=Act(date(2022, 6, 2), "再次办理"))
    do(problems.settle, problem=again, act=Act(date(2022, 6, 3), "", "resolved", "satisfied"))
    later = settled(world, world.told())
    do(problems.give_back, problem=later, act=Act(date(2023, 1, 1), "问题反复"))
    world.told(on=date(2021, 12, 31), point=world.point(since=date(2021, 1, 1)))
    world.told(on=date(2023, 1, 1))
    same = world.told()
    do(problems.merge, problem=same, into=back, act=Act(date(2022, 7, 1), "同一事项"))


def test_figures_of_problems_add_up_as_of_every_date(world: World) -> None:
    told_in_all_ways(world)
    dates = [date(2022, 6, 30), YEAR_END, date(2023, 3, 31)]
    assert [[value(key, Ask(2022, day)) for key in PARTS] for day in dates] == [
        [7, 2, 1, 4],
        [6, 3, 1, 2],
        [6, 3, 1, 2],
    ]
    assert [value("contact_problems_merged", Ask(2022, day)) for day in dates] == [0, 1, 1]
    assert value("contact_problems", Ask(2021, date(2021, 12, 31))) == 1


def test_what_was_entered_later_is_not_known_before(world: World) -> None:
    problem = world.told()
    world.answered(problem)
    before = now()
    do(problems.settle, problem=problem, act=Act(DAY, "", "resolved"))
    assert [value("contact_problems_resolved", Ask(2022, YEAR_END, at)) for at in (before, now())] == [0, 1]


def test_the_same_matter_of_several_points_counts_once(world: World) -> None:
    first, second = world.point(), world.point()
    problem = world.told(first)
    told = do(problems.join, problem=problem, point=second, on=DAY, words="我们也等了三个月")
    assert told.alias == "企业B"
    assert rule_of(lambda: do(problems.join, problem=problem, point=second, on=DAY)) == "told-twice"
    assert (value("contact_problems"), value("contact_reflections")) == (1, 2)
    gone = world.point()
    do(points.leave, point=gone, on=date(2022, 2, 1), note="外迁")
    assert rule_of(lambda: do(problems.join, problem=problem, point=gone, on=DAY)) == "point-not-then"


def test_merging_needs_another_that_stands(world: World) -> None:
    one, other = world.told(), world.told()
    assert rule_of(lambda: do(problems.merge, problem=one, into=one, act=Act(DAY))) == "merge-main"
    do(problems.merge, problem=one, into=other, act=Act(DAY, "同一事项"))
    assert rule_of(lambda: do(problems.merge, problem=other, into=one, act=Act(DAY))) == "merge-main"
    with as_(SYSTEM) as by:
        step = selectors.steps_of(by, one).last()
    assert do(problems.withdraw_step, step=step, reason="不是同一事项").merged_into is None
    assert [value("contact_problems", Ask(2022, day)) for day in (YEAR_END, today())] == [1, 2]


def test_only_the_last_step_is_taken_back(world: World) -> None:
    problem = settled(world, world.told())
    with as_(SYSTEM) as by:
        steps = list(selectors.steps_of(by, problem))
    assert rule_of(lambda: do(problems.withdraw_step, step=steps[0], reason="误登")) == "last-step"
    back = do(problems.withdraw_step, step=steps[-1], reason="误登")
    assert (back.state, back.result, back.unit_sees) == ("answered", "", True)
    for step in (steps[-2], steps[-3]):
        back = do(problems.withdraw_step, step=step, reason="误登")
    assert (back.state, back.unit_sees) == ("studied", False)
    assert [value("contact_problems_resolved", Ask(2022, day)) for day in (YEAR_END, today())] == [1, 0]


def test_a_problem_taken_back_counts_no_more(world: World) -> None:
    problem = settled(world, world.told())
    do(problems.withdraw_problem, problem=problem, reason="误登")
    assert [value("contact_problems", Ask(2022, day)) for day in (YEAR_END, today())] == [1, 0]
    assert rule_of(lambda: do(problems.give_back, problem=problem, act=Act(today(), "x"))) == "not-legal"


def test_a_rule_of_two_problems_and_a_finding_counts_once_each_way(world: World) -> None:
    one, two = world.told(), world.told()
    rule = NewRule("许可办理规程", "市教育局", date(2022, 9, 1))
    for problem in (one, two):
        do(record_rule_of, origin=problem, new=rule)
    do(record_rule_of, origin=world.told(on=date(2023, 1, 5)), new=NewRule("次年的办法", "市教育局", date(2023, 2, 1)))
    do(record_rule_of, origin=one, new=NewRule("一月的办法", "市教育局", date(2023, 1, 1)))
    do(record_rule, finding=world.finding(), new=rule)
    assert [value("contact_rules_made", Ask(2022, day)) for day in (date(2022, 8, 31), YEAR_END, date(2023, 1, 1))] == [
        0, 1, 2,
    ]  # fmt: skip
    assert value("project_rules_made") == 1
    with as_(SYSTEM):
        assert RuleOrigin.objects.filter(contact_problem__isnull=False).count() == 4


def test_a_suggestion_stands_by_itself_and_counts_when_adopted(world: World) -> None:
    office = world.offices["第一监督检查室"]
    new = suggestions.NewSuggestion("公开办件进度", date(2022, 3, 1), office)
    alone = do(suggestions.suggest, new=new)
    beside = do(
        suggestions.suggest, new=suggestions.NewSuggestion("减少检查频次", DAY, office, world.point(), world.told())
    )
    do(suggestions.suggest, new=suggestions.NewSuggestion("未采纳的建议", DAY, office))
    assert (value("contact_suggestions"), value("contact_suggestions_adopted"), value("contact_problems")) == (3, 0, 1)
    assert rule_of(lambda: do(suggestions.adopt, suggestion=alone, on=date(2022, 2, 1), used_for="x")) == "step-date"
    assert rule_of(lambda: do(suggestions.adopt, suggestion=alone, on=DAY, used_for=" ")) == "note-needed"
    adopted = do(suggestions.adopt, suggestion=alone, on=YEAR_END, used_for="专项监督检查要点")
    do(suggestions.adopt, suggestion=beside, on=date(2023, 1, 1), used_for="次年项目库")
    assert rule_of(lambda: do(suggestions.adopt, suggestion=alone, on=YEAR_END, used_for="再次")) == "already-decided"
    assert value("contact_suggestions_adopted") == 1
    assert value("contact_suggestions_adopted", Ask(2023, date(2023, 3, 31))) == 1
    do(suggestions.withdraw_adoption, adoption=adopted, reason="误登")
    assert [value("contact_suggestions_adopted", Ask(2022, day)) for day in (YEAR_END, today())] == [1, 0]
    do(suggestions.withdraw_suggestion, suggestion=alone, reason="误登")
    assert value("contact_suggestions", Ask(2022, today())) == 2


def test_another_office_counts_what_it_reaches(world: World) -> None:
    world.told()
    world.told(office="第二监督检查室")
    for name, expected in (("干部甲", 1), ("干部乙", 1), ("书记", 2)):
        with as_(world.viewer(name)) as by:
            assert [figure(by, key, END).value for key in ("contact_points", "contact_problems")] == [expected] * 2


# --- the enterprise's name ---

NAME = "厦海明珠茶业有限公司"


def test_no_word_that_the_unit_reads_holds_the_name(world: World) -> None:
    point = world.point(NAME, short_name="明珠茶业")
    said = lambda **more: lambda: world.told(point, **more)  # noqa: E731
    assert rule_of(said(problem=f"{NAME}办证难")) == "names-enterprise"
    assert rule_of(said(facts="明珠 茶业多次前往")) == "names-enterprise"
    problem = world.told(point, words=f"我们{NAME}等了三个月")
    study = lambda: do(problems.study, problem=problem, act=Act(DAY, "明珠茶业反映"), nature="conduct")  # noqa: E731
    assert rule_of(study) == "names-enterprise"
    amend = lambda: do(problems.amend_problem, problem=problem, said=NAME, facts="", aspect=None)  # noqa: E731
    assert rule_of(amend) == "names-enterprise"
    other = world.told(problem="明珠茶业以外的企业也等候")
    assert rule_of(lambda: do(problems.join, problem=other, point=point, on=DAY)) == "names-enterprise"
    new = suggestions.NewSuggestion(f"{NAME}的建议", DAY, world.offices["第一监督检查室"], point)
    assert rule_of(lambda: do(suggestions.suggest, new=new)) == "names-enterprise"


def test_who_does_not_see_the_point_learns_nothing_from_a_refusal(world: World) -> None:
    problem = world.told(world.point(NAME))
    with as_(SYSTEM) as by:
        problems.study(problem=problem, by=by, act=Act(DAY), nature="conduct")
        problems.assign(problem=problem, by=by, act=Act(DAY), subject=world.units["市教育局"])
    with as_(world.viewer("经办人丁")) as by:  # guesses a name: right or wrong, the answer is taken alike
        assert problems.answer(problem=problem, by=by, act=Act(DAY, f"已答复{NAME}")).state == "answered"


def test_the_unit_and_its_stationed_body_see_the_problem_and_not_who_told_it(world: World) -> None:
    problem = world.told(world.point(NAME), subject=world.units["市教育局"])
    with as_(world.viewer("经办人丁")) as by:
        assert selectors.problem_by_uid(by, problem.uid) is None  # not before it is assigned
    world.answered(problem)
    with as_(world.viewer("经办人丁")) as by:
        assert selectors.problem_by_uid(by, problem.uid) == problem
    for name in ("经办人丁", "驻教干部", "干部乙"):
        with as_(world.viewer(name)) as by:
            assert (list(selectors.points(by)), selectors.who_told(by, problem)) == ([], [])
    with as_(world.viewer("干部甲")) as by:  # the control: the office that looks after the point sees it
        assert [told.point.name for told in selectors.who_told(by, problem)] == [NAME]


def test_the_stationed_body_that_is_the_named_contact_sees_it(world: World) -> None:
    body = "驻市教育局纪检监察组"
    problem = world.told(world.point(NAME, office=body), office=body)
    with as_(world.viewer("驻教干部")) as by:
        assert [told.point.name for told in selectors.who_told(by, problem)] == [NAME]


def test_a_turn_is_dated_within_the_term(world: World) -> None:
    point = world.point()
    assert rule_of(lambda: do(points.leave, point=point, on=date(2021, 1, 1), note="x")) == "step-date"
    assert rule_of(lambda: do(points.leave, point=point, on=DAY, note=" ")) == "note-needed"
    assert rule_of(lambda: do(points.prolong, point=point, on=DAY, until=date(2022, 1, 1))) == "period-in-order"
    with as_(world.viewer("干部乙")) as by:
        assert rule_of(lambda: points.leave(point=point, by=by, on=DAY, note="x")) == "not-allowed"
    with as_(SYSTEM):
        assert PointTurn.objects.count() == 0
