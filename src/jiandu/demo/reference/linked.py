"""委领导挂钩监督 and talks of the reference year: three rounds, whose last report is approved only in the next year."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from jiandu.base.audit.services import record
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.demo.reference.places import YEAR, Places
from jiandu.demo.year import PROBLEMS
from jiandu.loop.findings.services.history import History, write_history
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.net.subjects.models import Organisation, Post
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.events import tell
from jiandu.sources.activities.services.finishing import finish_round, set_period
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.sources.activities.services.rounds import NewVisit, form_team, link_unit, set_points, visit, withdraw_visit
from jiandu.sources.talks.models import Talk
from jiandu.sources.talks.selectors import clue_receivers
from jiandu.sources.talks.services import Invited, NewTalk, hold_talk, withdraw_talk
from jiandu.sources.talks.services.clues import NewHandover, hand_over_clue
from jiandu.sources.talks.services.planning import NewPlan, plan_talk

THEMES = ("贯彻落实重大决策部署", "推动高质量发展、破解难题旧账", "学习宣传贯彻党的二十大精神")
BEGUN = (date(YEAR, 3, 1), date(YEAR, 6, 10), date(YEAR, 11, 1))
REPORTED = (date(YEAR, 5, 20), date(YEAR, 9, 15), date(YEAR + 1, 2, 20))
UNITS = (45, 40, 24)  # visited in each round for the first time: 109
TALKED = (18, 15, 10)  # key people of each round: 43
FOUND = (15, 17, 11)  # the first two rounds: 32
PROACTIVE = 2572
TOPICS = (
    "履行职责和廉洁从政情况",
    "落实全面从严治党责任",
    "重点项目和资金监管",
    "选人用人和权力运行",
    "改进作风、服务企业群众",
)


def run_rounds(places: Places, by: Viewer, aspects: list[Any]) -> None:
    """Three rounds; units are visited again, a visit is taken back, the third report comes later."""
    units = iter(places.units)
    seats = _Seats(places)
    for number, theme in enumerate(THEMES):
        mine = list(islice(units, UNITS[number]))
        again = places.units[:3] if number == 1 else []
        activity = _round(places, by, number, theme, [*mine, *again])
        _talk_in_round(places, by, activity, mine[: TALKED[number]], BEGUN[number])
        _find(places, by, activity, number, aspects, mine)
        # the report is handed in on the day on which the round ends
        finish_round(
            activity=activity, by=by, on=REPORTED[number] - timedelta(days=10), note="一家单位机构改革，未走访"
        )
        tell(activity=activity, by=by, verb="approve_report", on=REPORTED[number])
    _talks(places, by, seats)


def _round(places: Places, by: Viewer, number: int, theme: str, units: list[Organisation]) -> Activity:
    begun = BEGUN[number]
    new = NewActivity(
        kind=Activity.Kind.ROUND,
        year=YEAR,
        code=f"GG{YEAR}-{number + 1}",
        name=theme,
        lead=places.supervision[0],
        approved_on=begun,
        plan="委领导带队走访挂钩单位，约谈关键少数，查找具体问题，形成轮次报告。",
    )
    activity = open_activity(new=new, by=by)
    set_period(activity=activity, by=by, period_from=begun, period_to=begun + timedelta(days=60))
    set_points(activity=activity, by=by, texts=["服务中心工作是否有力", "难题旧账破解是否到位", "行业监管责任是否落实"])
    tell(activity=activity, by=by, verb="start", on=begun, note=f"印发第{number + 1}轮方案")
    count = len(places.leaders)
    teams = [
        form_team(activity=activity, by=by, name=f"第{seq + 1}组", leader=leader, members="监督检查室干部2人")
        for seq, leader in enumerate(places.leaders)
    ]
    for seq, unit in enumerate(units):
        on = begun + timedelta(days=7 + seq % 30)
        link_unit(team=teams[seq % count], by=by, organisation=unit, planned_on=on)
        visit(activity=activity, by=by, new=NewVisit(unit, on, place=unit.name, attendees="班子成员"))
    if number == 0:
        visit(activity=activity, by=by, new=NewVisit(units[0], begun + timedelta(days=45)))
        wrong = visit(activity=activity, by=by, new=NewVisit(units[1], begun + timedelta(days=46)))
        withdraw_visit(visit=wrong, by=by, reason="登记有误，当日未成行", on=begun + timedelta(days=50))
    spare = places.units[-1]
    link_unit(team=teams[0], by=by, organisation=spare, planned_on=None)  # linked, and never visited
    return activity


def _talk_in_round(places: Places, by: Viewer, activity: Activity, units: list[Organisation], begun: date) -> None:
    """The head of each unit; of the first also a key post, who is no 关键少数; one head twice."""
    for seq, unit in enumerate(units):
        head, key = places.posts[unit.pk][0], places.posts[unit.pk][3]
        people = [head, key] if seq == 0 else [head]
        _hold(places, by, "proactive", begun + timedelta(days=7 + seq % 30), people, activity)
    _hold(places, by, "proactive", begun + timedelta(days=40), [places.posts[units[0].pk][0]], activity)


def _find(
    places: Places, by: Viewer, activity: Activity, number: int, aspects: list[Any], units: list[Organisation]
) -> None:
    rows = []
    for seq in range(FOUND[number]):
        problem, on = PROBLEMS[seq % len(PROBLEMS)], BEGUN[number] + timedelta(days=20 + seq)
        new = NewFinding(
            subject=units[seq % len(units)],
            problem=problem.said,
            office=places.supervision[0],
            registered_on=on,
            activity=activity,
            code=f"{activity.code}-{seq + 1:03d}",
            facts=problem.fact.format(n=seq + 3),
            aspect=aspects[seq % len(aspects)],
            rectification="by_term",
            due_on=on + timedelta(days=60),
        )
        closed = on + timedelta(days=50) if seq % 4 else None
        rows.append(History(new=new, measures=problem.done, closed_on=closed, verifier="核验人", approver="主任"))
    count = sum(len(chunk) for chunk in write_history(rows, by=by))
    record(by, "finding.import", activity, payload={"rows": count})


class _Seats:
    """Who is talked to next: key people and holders of key posts of every unit, in turn, without end."""

    def __init__(self, places: Places) -> None:
        self.rows = [post for unit in places.units for post in places.posts[unit.pk] if post.kind != Post.Kind.STAFF]
        self.at = 0

    def next(self, count: int) -> list[Post]:
        """That many different people."""
        taken = [self.rows[(self.at + step) % len(self.rows)] for step in range(count)]
        self.at += count
        return taken


def _talks(places: Places, by: Viewer, seats: _Seats) -> None:
    """主动约谈 of all levels up to the year's number; other kinds of talk, and one that was entered twice, count nowhere."""
    left = PROACTIVE - sum(TALKED) - len(TALKED) * 2
    sizes = _sizes(left)
    for number, size in enumerate(sizes):
        staff = places.posts[places.units[number % len(places.units)].pk][5]
        people = [*seats.next(size), staff] if number % 6 == 0 else seats.next(size)  # a clerk present counts nowhere
        _hold(places, by, "proactive", date(YEAR, 1, 5) + timedelta(days=number % 355), people)
    for number, kind in enumerate(kind for kind in Talk.Kind for _ in range(4) if kind != Talk.Kind.PROACTIVE):
        _hold(places, by, kind, date(YEAR, 2, 1) + timedelta(days=number * 9), seats.next(2))
    _hold(places, by, "proactive", date(YEAR + 1, 1, 9), seats.next(3))
    twice = _hold(places, by, "proactive", date(YEAR, 8, 8), seats.next(1))
    withdraw_talk(talk=twice, by=by, reason="重复登记", on=date(YEAR, 8, 20))
    _before_and_after(places, by, seats)


def _before_and_after(places: Places, by: Viewer, seats: _Seats) -> None:
    """A talk that is only planned, and a clue that went on sealed: neither is in a figure of the year."""
    people = [Invited(post.person, post.organisation) for post in seats.next(2)]
    office, officers = places.supervision[0], ["约谈人甲", "约谈人乙"]
    outline = "一、履行主体责任情况。\n二、重点岗位廉政风险防控情况。\n三、对监督工作的意见建议。"
    soon = today() + timedelta(days=7)
    plan_talk(new=NewPlan("proactive", soon, TOPICS[0], office, officers, people, "谈话室", outline), by=by)
    held = date(YEAR, 9, 8)
    talk = _hold(places, by, "integrity", held, seats.next(1))
    new = NewHandover(held + timedelta(days=1), clue_receivers()[0], f"密封〔{YEAR}〕1号")
    hand_over_clue(talk=talk, by=by, new=new)


def _sizes(total: int) -> Iterator[int]:
    """Sizes of talks that add up: mostly one or two people, every tenth a group of thirty."""
    number = 0
    while total:
        size = min(total, 30 if number % 10 == 9 else 1 + number % 3)
        total, number = total - size, number + 1
        yield size


def _hold(places: Places, by: Viewer, kind: str, on: date, posts: list[Post], activity: Activity | None = None) -> Talk:
    levels = [*places.supervision, *places.bodies, *places.districts]
    office = places.supervision[0] if activity else levels[on.toordinal() % len(levels)]
    new = NewTalk(
        kind=kind,
        on=on,
        theme=TOPICS[on.toordinal() % len(TOPICS)],
        office=office,
        officers=["约谈人甲", "约谈人乙"],
        invited=[Invited(post.person, post.organisation) for post in posts],
        place="谈话室",
        activity=activity,
    )
    return hold_talk(new=new, by=by)
