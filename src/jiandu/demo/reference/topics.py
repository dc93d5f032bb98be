"""点题整治 of the reference year: topics of livelihood with targets, messages of the public, what was found and resolved."""

from datetime import date, timedelta
from typing import Any

from jiandu.base.audit.services import record
from jiandu.base.core.guard import Viewer
from jiandu.demo.reference.places import YEAR, Places
from jiandu.loop.findings.services.history import History, write_history
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.events import tell
from jiandu.sources.topics.models import MonthlyCount
from jiandu.sources.topics.services.telling import NewCount, NewEvaluation, count_month, evaluate
from jiandu.sources.topics.services.topics import NewTopic, NewYear, begin_year, name_topic

TOPICS = (
    ("困难群众“漏保”“漏救”问题", "动态核查底数不清，符合条件的未及时纳入保障"),
    ("“脏乱差”店家入驻外卖平台问题", "平台资质审核把关不严，后厨卫生不达标"),
    ("工伤事项办理不够便民问题", "工伤认定材料多、跑动次数多"),
    ("拖欠农民工工资问题", "工资专户监管不到位，存在拖欠"),
    ("小区公共收益不透明问题", "公共收益未按季公示明细"),
)
RESOLVED, LATE, OPEN = 52, 4, 7
LAST = date(YEAR, 12, 31)


def run_topics(places: Places, by: Viewer, aspects: list[Any]) -> None:
    """Five topics: some carried on, some concluded; problems closed in January count for the next year's reader, not here."""
    years = [_topic(places, by, number, name) for number, (name, _) in enumerate(TOPICS)]
    rows = [_history(places, years, aspects, number) for number in range(RESOLVED + LATE + OPEN)]
    count = sum(len(chunk) for chunk in write_history(rows, by=by))
    record(by, "finding.import", None, payload={"rows": count, "year": YEAR})
    for number, activity in enumerate(years):
        _months(activity, by, number)
        verb = "carry_on" if number % 2 else "conclude"
        tell(activity=activity, by=by, verb=verb, on=date(YEAR, 12, 28), note="经会商评定")


def _topic(places: Places, by: Viewer, number: int, name: str) -> Activity:
    office = places.offices["党风政风监督室"]
    topic = name_topic(new=NewTopic(f"DT{number + 1:02d}", name, office, chosen_by="群众投票"), by=by)
    new = NewYear(
        year=YEAR,
        code=f"DT{YEAR}-{number + 1:02d}",
        approved_on=date(YEAR, 2, 15),
        plan="明确牵头部门和量化目标，开门整治。",
        measures="排查、整改、建制三步推进",
        schedule="3月排查，6月整改，12月评价",
    )
    return begin_year(topic=topic, by=by, new=new)


def _history(places: Places, years: list[Activity], aspects: list[Any], number: int) -> History:
    activity, on = years[number % len(years)], date(YEAR, 3, 10) + timedelta(days=number * 4)
    unit = places.departments[(number * 3) % len(places.departments)]
    new = NewFinding(
        subject=unit,
        problem=TOPICS[number % len(TOPICS)][1],
        office=places.offices["党风政风监督室"],
        registered_on=on,
        activity=activity,
        code=f"{activity.code}-{number + 1:03d}",
        aspect=aspects[number % len(aspects)],
        rectification="by_term",
        due_on=on + timedelta(days=90),
        rectifier_name=places.posts[unit.pk][1].person.name,
    )
    closed = min(on + timedelta(days=80), LAST) if number < RESOLVED else date(YEAR + 1, 1, 18)
    if number >= RESOLVED + LATE:
        return History(new=new, measures="正在整改")
    return History(
        new=new, measures="已整改到位", closed_on=closed, verifier="核验人", approver="室主任", method="field"
    )


def _months(activity: Activity, by: Viewer, number: int) -> None:
    for month in range(3, 13):
        came = 18 + (month * 7 + number * 5) % 15
        closed = came - (1 if month % 4 == 0 else 0)
        for kind, factor in ((MonthlyCount.Kind.MESSAGES, 1), (MonthlyCount.Kind.OWN_LIST, 6)):
            new = NewCount(kind, date(YEAR, month, 1), came * factor, closed * factor)
            count_month(activity=activity, by=by, new=new)
    said = NewEvaluation(date(YEAR, 12, 20), "社情民意调查中心", 1200, 9216, 9689, 9590)
    evaluate(activity=activity, by=by, new=said)
