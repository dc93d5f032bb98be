"""Verbs of topics: name one, work on it for a year, plan by 四定, carry it on or conclude it."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity, Event, Party
from jiandu.sources.activities.services.events import may, tell
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.sources.topics.models import LeadDepartment, Target, Topic, TopicYear


@dataclass(frozen=True)
class NewTopic:
    """What the public named: number, name, level, where it was chosen, our office in charge."""

    code: str
    name: str
    office: Office
    tier: str = Topic.Tier.CITY
    chosen_by: str = ""


@atomic
def name_topic(*, new: NewTopic, by: Viewer) -> Topic:
    """登记点题事项. Raises Refused (not-allowed, name-needed, topic-twice)."""
    if not guard.allow(by, "create", Topic):
        raise Refused("not-allowed", "您没有登记点题事项的权限")
    if not new.code.strip() or not new.name.strip():
        raise Refused("name-needed", "请填写编号和名称")
    if Topic.objects.filter(owner_office=new.office, code=new.code.strip()).exists():
        raise Refused("topic-twice", "编号已使用：%(code)s", code=new.code.strip())
    topic = Topic(
        code=new.code.strip(),
        name=new.name.strip()[:200],
        tier=Topic.Tier(new.tier),
        chosen_by=new.chosen_by.strip()[:200],
        owner_office=new.office,
        owner_path=new.office.path,
    )
    topic.save(force_insert=True)
    record(by, "topic.name", topic, payload={"code": topic.code})
    return topic


@dataclass(frozen=True)
class NewYear:
    """A year's work on a topic: number, the day it was set up, the plan's 定措施 and 定进度, the bodies that follow it."""

    year: int
    code: str
    approved_on: date
    plan: str = ""
    measures: str = ""
    schedule: str = ""


@atomic
def begin_year(*, topic: Topic, by: Viewer, new: NewYear, members: list[Office] | None = None) -> Activity:
    """立题: the year's activity. A year after the first needs the year before carried on. Raises Refused (topic-year)."""
    if not guard.allow(by, "edit", topic) or topic.withdrawn_on is not None:
        raise Refused("not-allowed", "您没有办理该点题事项的权限")
    earlier = TopicYear.objects.filter(topic=topic).order_by("-year")
    if earlier.filter(year__gte=new.year).exists():
        raise Refused("topic-year", "该事项%(year)s年度或以后年度已立题", year=new.year)
    last = earlier.first()
    if last is not None and not _happened(last.activity, Event.Verb.CARRY_ON):
        raise Refused("topic-not-carried-on", "%(year)s年度尚未评定为深化推进", year=last.year)
    opened = NewActivity(
        kind=Activity.Kind.TOPIC,
        year=new.year,
        code=new.code,
        name=topic.name,
        lead=topic.owner_office,
        approved_on=new.approved_on,
        plan=new.plan,
    )
    activity = open_activity(new=opened, by=by, members=members)
    row = TopicYear(
        activity=activity, topic=topic, year=new.year, measures=new.measures.strip(), schedule=new.schedule.strip()
    )
    row.save(force_insert=True)
    return activity


def _happened(activity: Activity, verb: str) -> bool:
    return Event.objects.filter(activity=activity, verb=verb, withdrawn_on__isnull=True).exists()


@atomic
def carry_on(
    *, activity: Activity, by: Viewer, on: date, new: NewYear | None = None, note: str = ""
) -> Activity | None:
    """深化推进, with the next year at once where it is said: its departments and members go with it. Gives that year."""
    tell(activity=activity, by=by, verb=Event.Verb.CARRY_ON, on=on, note=note)
    if new is None:
        return None
    topic = Topic.objects.get(pk=TopicYear.objects.get(activity=activity).topic_id)
    parties = Party.objects.filter(activity=activity, role=Party.Role.MEMBER).select_related("office").order_by("pk")
    fresh = begin_year(topic=topic, by=by, new=new, members=[party.office for party in parties])
    rows = LeadDepartment.objects.filter(activity=activity, withdrawn_on__isnull=True).select_related("organisation")
    for row in rows.order_by("pk"):
        name_department(activity=fresh, by=by, organisation=row.organisation, role=row.role)
    return fresh


@atomic
def conclude(*, activity: Activity, by: Viewer, on: date, note: str = "") -> Event:
    """结题完成. Raises Refused (topic-decided) where it was carried on."""
    return tell(activity=activity, by=by, verb=Event.Verb.CONCLUDE, on=on, note=note)


@atomic
def plan_year(*, activity: Activity, by: Viewer, measures: str, schedule: str) -> TopicYear:
    """定措施, 定进度. The old words stay in the log."""
    may(by, "edit", activity)
    row = TopicYear.objects.get(activity=activity)
    before = {"measures": row.measures, "schedule": row.schedule}
    row.measures, row.schedule = measures.strip(), schedule.strip()
    row.save(update_fields=["measures", "schedule"])
    record(by, "activity.plan_topic", activity, payload={"before": before})
    return row


@atomic
def name_department(
    *, activity: Activity, by: Viewer, organisation: Organisation, role: str = LeadDepartment.Role.LEAD
) -> LeadDepartment:
    """定主体. Raises Refused (department-twice)."""
    may(by, "edit", activity)
    here = LeadDepartment.objects.filter(activity=activity, organisation=organisation, withdrawn_on__isnull=True)
    if here.exists():
        raise Refused("department-twice", "%(unit)s已是答题部门", unit=str(organisation))
    row = LeadDepartment(activity=activity, organisation=organisation, role=LeadDepartment.Role(role))
    row.save(force_insert=True)
    record(by, "activity.department", activity, payload={"unit": str(organisation.uid), "role": row.role})
    return row


@dataclass(frozen=True)
class NewTarget:
    """定目标: what is counted, in which unit, how much of it, by when."""

    name: str
    unit: str
    planned: int
    due_on: date | None = None


@atomic
def set_target(*, activity: Activity, by: Viewer, new: NewTarget) -> Target:
    """Raises Refused (target-needed, target-twice)."""
    may(by, "edit", activity)
    name, unit = new.name.strip()[:200], new.unit.strip()[:16]
    if not name or not unit or new.planned <= 0:
        raise Refused("target-needed", "请填写目标、单位和大于零的目标值")
    if Target.objects.filter(activity=activity, name=name, withdrawn_on__isnull=True).exists():
        raise Refused("target-twice", "已有同名目标：%(name)s", name=name)
    row = Target(activity=activity, name=name, unit=unit, planned=new.planned, due_on=new.due_on)
    row.save(force_insert=True)
    record(by, "activity.target", activity, payload={"name": name, "planned": new.planned})
    return row


@atomic
def withdraw_topic(*, topic: Topic, by: Viewer, reason: str, on: date | None = None) -> Topic:
    """撤下 a topic that was entered by mistake and never worked on. Raises Refused (topic-begun)."""
    if not guard.allow(by, "edit", topic):
        raise Refused("not-allowed", "您没有办理该点题事项的权限")
    if TopicYear.objects.filter(topic=topic).exists():
        raise Refused("topic-begun", "该事项已立题，不能撤下")
    take_back(topic, reason, on)
    record(by, "topic.withdraw", topic, payload={"reason": reason})
    return topic
