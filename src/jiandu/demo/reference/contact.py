"""营商环境监督联系点 of the reference year: points in their terms, what they told and what became of it, rules, suggestions."""

from datetime import date, timedelta
from typing import Any

from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.selectors import items
from jiandu.demo.reference.places import DISTRICTS, YEAR, Places
from jiandu.loop.outcomes.services import NewRule, record_rule_of
from jiandu.net.overseers.services import NewOfficer, enlist
from jiandu.net.subjects.models import Person
from jiandu.net.subjects.selectors import find_region
from jiandu.net.subjects.services import register_person
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem
from jiandu.sources.contactpoints.services.points import NewPoint, invite, leave
from jiandu.sources.contactpoints.services.problems import (
    Act,
    NewProblem,
    answer,
    assign,
    give_back,
    join,
    merge,
    settle,
    study,
    take_in,
)
from jiandu.sources.contactpoints.services.suggestions import NewSuggestion, adopt, suggest
from jiandu.sources.contactpoints.states import Result, Satisfaction

POINTS, OF_DISTRICTS, LEFT = 217, 30, 6
PROBLEMS, MERGED, RESOLVED = 253, 5, 212
RULES, ADOPTED, NOT_ADOPTED = 19, 51, 9
LAST = date(YEAR, 12, 31)
TOLD = (
    "奖补资金兑付流程长、材料重复提交", "同一事项多头重复检查", "政策解读渠道不清，申报口径不一致", "审批环节时限超出承诺",
    "招投标设置不合理的区域门槛", "涉企收费依据公示不全", "历史遗留用地手续久拖未决", "咨询电话长期无人接听",
)  # fmt: skip
#: A word of the name, and the field by its code in the dictionary.
INDUSTRIES = (
    ("制造", "manufacturing"), ("软件", "software"), ("物流", "transport"), ("餐饮", "catering"),
    ("建筑", "construction"), ("外贸", "trade"), ("医药", "manufacturing"), ("文创", "culture"),
)  # fmt: skip
OFFICERS = "林陈黄吴张李王郑蔡许杨刘洪谢"  # one contact officer an office


def run_contact_points(places: Places, by: Viewer) -> None:
    """The year: six points left in May, a matter told by several counts once, a settled one came back."""
    points = _points(places, by)
    problems = [_problem(places, by, points, number) for number in range(PROBLEMS + MERGED)]
    for number, problem in enumerate(problems[PROBLEMS:]):
        merge(problem=problem, by=by, into=problems[number], act=Act(problem.registered_on, "同一事项"))
    join(problem=problems[0], by=by, point=points[40], on=date(YEAR, 11, 20), words="我们也遇到同样的问题")
    for number, problem in enumerate(problems[:PROBLEMS]):
        _work(places, by, problem, number)
    _rules(by, problems)
    _suggestions(places, by, points, problems)


def _points(places: Places, by: Viewer) -> list[ContactPoint]:
    points, fields = [], {item.code: item for item in items(by, "industry", YEAR)}
    areas = [find_region(by, name) for name in DISTRICTS]
    officers = _officers(places, by)
    for number in range(POINTS + OF_DISTRICTS + LEFT):
        of_district = POINTS <= number < POINTS + OF_DISTRICTS
        kind = ContactPoint.Kind.ASSOCIATION if number % 12 == 0 else ContactPoint.Kind.ENTERPRISE
        what = "商会" if kind == ContactPoint.Kind.ASSOCIATION else "有限公司"
        word, field = INDUSTRIES[number % len(INDUSTRIES)]
        office = places.districts[number % 6] if of_district else places.supervision[number % 8]
        new = NewPoint(
            name=f"鹭岛{word}第{number + 1:03d}{what}",
            office=office,
            district=areas[number % 6],
            industry=fields[field],
            officer=officers[office.pk],
            since=date(YEAR - 1, 6, 1),
            kind=kind,
            tier=ContactPoint.Tier.DISTRICT if of_district else ContactPoint.Tier.CITY,
            liaison="企业联络人",
        )
        points.append(invite(new=new, by=by))
    for point in points[-LEFT:]:
        leave(point=point, by=by, on=date(YEAR, 5, 20), note="企业外迁，自愿退出")
    return points[:POINTS]


def _officers(places: Places, by: Viewer) -> dict[int, Person]:
    """By office, who keeps contact with its points."""
    found = {}
    for surname, office in zip(OFFICERS, [*places.supervision[:8], *places.districts], strict=True):
        found[office.pk] = register_person(name=f"{surname}联平", by=by)
        enlist(new=NewOfficer(person=found[office.pk], office=office, since=date(YEAR - 1, 6, 1)), by=by)
    return found


def _problem(places: Places, by: Viewer, points: list[ContactPoint], number: int) -> ContactProblem:
    on = date(YEAR, 1, 6) + timedelta(days=number * 340 // (PROBLEMS + MERGED))
    point = points[number * 7 % POINTS]
    office = next(each for each in places.supervision if each.pk == point.owner_office_id)
    return take_in(new=NewProblem(point, office, TOLD[number % len(TOLD)], on), by=by)


def _work(places: Places, by: Viewer, problem: ContactProblem, number: int) -> None:
    """Resolved; explained; handed on; still open; given back after settling and not settled again; settled in January."""
    on = problem.registered_on
    if number == 0:
        on = date(YEAR, 11, 20)  # another enterprise joined on that day
    problem = study(problem=problem, by=by, act=Act(on, "属作风和服务问题"), nature=ContactProblem.Nature.values[0])
    others = number - RESOLVED
    if others >= 30:
        return
    if 10 <= others < 20:
        settle(problem=problem, by=by, act=Act(on, "无政策依据，已说明", Result.EXPLAINED, Satisfaction.FAIRLY))
        return
    unit = places.departments[number % len(places.departments)]
    problem = assign(problem=problem, by=by, act=Act(on, "请研究答复"), subject=unit, due_on=on + timedelta(days=30))
    day = min(on + timedelta(days=15), LAST - timedelta(days=2))
    problem = answer(problem=problem, by=by, act=Act(max(day, on), "已整改并回复"))
    if others < 0 or others >= 20:
        late = 20 <= others < 25
        done = date(YEAR + 1, 1, 12) if late else max(day, on)
        problem = settle(problem=problem, by=by, act=Act(done, "", Result.RESOLVED, Satisfaction.SATISFIED))
    if others >= 25:
        give_back(problem=problem, by=by, act=Act(max(day, on), "回访时反映问题仍在"))


def _rules(by: Viewer, problems: list[ContactProblem]) -> None:
    """One of them was led to by two problems; one was issued only in the next year."""
    for number in range(RULES + 1):
        year = YEAR if number < RULES else YEAR + 1
        on = date(YEAR, 6, 1) + timedelta(days=number * 11) if number < RULES else date(YEAR + 1, 2, 1)
        new = NewRule(f"涉企服务规定（{number + 1}）", "市营商环境工作专班", on, f"厦营商〔{year}〕{number + 1}号")
        _record(by, problems[number * 3], new)
        if number == 0:
            _record(by, problems[3 * 8], new)


def _record(by: Viewer, problem: Any, new: NewRule) -> None:
    problem = ContactProblem.objects.get(pk=problem.pk)
    record_rule_of(origin=problem, by=by, new=new)


def _suggestions(places: Places, by: Viewer, points: list[ContactPoint], problems: list[ContactProblem]) -> None:
    """Adopted ones, with and without a problem; others are only noted, one is adopted in the next year."""
    for number in range(ADOPTED + NOT_ADOPTED):
        on = date(YEAR, 2, 1) + timedelta(days=number * 6)
        office = places.supervision[number % 8]
        problem = problems[number] if number % 3 == 0 and problems[number].owner_office_id == office.pk else None
        new = NewSuggestion("建议加强惠企政策直达快享的监督", on, office, problem=problem)
        told = suggest(new=new, by=by)
        if number < ADOPTED:
            adopt(suggestion=told, by=by, on=on + timedelta(days=10), used_for="年度监督检查重点")
        elif number == ADOPTED:
            adopt(suggestion=told, by=by, on=date(YEAR + 1, 1, 15), used_for="下一年度监督检查重点")
