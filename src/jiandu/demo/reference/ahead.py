"""What the offices plan at units in the coming weeks: days that lie near each other, two of them joined. No figure counts them."""

from datetime import date, timedelta

from jiandu.base.core.clock import add_months, today
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.calendar import load_calendar
from jiandu.demo.reference.places import Places
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity, LinkedUnit
from jiandu.sources.activities.schedule import Kind, Theirs
from jiandu.sources.activities.services.arranging import NewArrangement, arrange
from jiandu.sources.activities.services.joining import answer_joint, join
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.sources.activities.services.rounds import form_team, link_unit
from jiandu.sources.topics.models import LeadDepartment
from jiandu.sources.topics.services.telling import report_month
from jiandu.sources.topics.services.topics import NewTopic, NewYear, begin_year, name_department, name_topic

UNITS = 6


def plan_ahead(places: Places, by: Viewer) -> None:
    """A round of the first office and a campaign of the second go to the same units; the second one asks twice to join."""
    units = places.departments[:UNITS]
    linked = _round(places, by)
    campaign = _open(by, Activity.Kind.CAMPAIGN, "ZX", "公务接待和公务用车专项整治", places.supervision[1])
    rows = [
        arrange(activity=campaign, by=by, new=NewArrangement(unit, _day(9 + 4 * number), "查阅台账、实地抽查"))
        for number, unit in enumerate(units[:4])
    ]
    days = [other.planned_on for other in linked if other.planned_on]
    office = places.supervision[0].pk
    joints = [
        join(plan=row, by=by, theirs=Theirs(office, Kind.VISIT, on)) for row, on in zip(rows[:2], days[:2], strict=True)
    ]
    answer_joint(joint=joints[0], by=by, answer="agreed", note="上午走访、下午抽查")
    _topic(places, by)


def _topic(places: Places, by: Viewer) -> None:
    """A topic of this year, led by one of two departments: of its first month it has told, the others it owes."""
    begun = max(date(today().year, 1, 1), today() - timedelta(days=100))
    topic = name_topic(new=NewTopic(f"DT{today().year}", "校园食堂公款采购不规范", places.supervision[0]), by=by)
    work = begin_year(topic=topic, by=by, new=NewYear(begun.year, f"DT{begun.year}-01", begun))
    for unit, role in zip(places.departments[:2], (LeadDepartment.Role.LEAD, LeadDepartment.Role.MEMBER), strict=True):
        name_department(activity=work, by=by, organisation=unit, role=role)
    if add_months(begun.replace(day=1), 1) <= today():
        report_month(activity=work, by=by, month=begun.replace(day=1), text="印发方案，部署自查自纠。")


def _round(places: Places, by: Viewer) -> list[LinkedUnit]:
    activity = _open(by, Activity.Kind.ROUND, "GG", "推动重点任务落实", places.supervision[0])
    team = form_team(activity=activity, by=by, name="第1组", leader=places.leaders[0], members="监督检查室干部2人")
    return [
        link_unit(team=team, by=by, organisation=unit, planned_on=_day(6 + 3 * number))
        for number, unit in enumerate(places.departments[:UNITS])
    ]


def _open(by: Viewer, kind: str, head: str, name: str, lead: Office) -> Activity:
    year, begun = today().year, today() - timedelta(days=20)
    new = NewActivity(kind=kind, year=year, code=f"{head}{year}-9", name=name, lead=lead, approved_on=begun)
    return open_activity(new=new, by=by)


def _day(ahead: int) -> date:
    """So many days from now, or the first working day after."""
    return load_calendar().roll_over(today() + timedelta(days=ahead))
