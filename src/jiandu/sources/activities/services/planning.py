"""Verbs of planned work: open a project, let offices join, merge or end it."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.models import Item
from jiandu.net.access.services import assign_to_office
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity, Party


@dataclass(frozen=True)
class NewActivity:
    """What opening asks: kind, year, number, name, lead office, approval date (none while only proposed)."""

    kind: str
    year: int
    code: str
    name: str
    lead: Office
    approved_on: date | None = None
    approved_is_derived: bool = False
    plan: str = ""
    field: Item | None = None  # of a campaign


@atomic
def open_activity(*, new: NewActivity, by: Viewer, members: list[Office] | None = None) -> Activity:
    """立项: the lead office and the bodies that take part reach the activity and its findings."""
    if not guard.allow(by, "create", Activity):
        raise Refused("not-allowed", "您没有“立项”的权限")
    if not new.code.strip() or not new.name.strip():
        raise Refused("name-needed", "请填写编号和名称")
    if new.field is not None and new.kind != Activity.Kind.CAMPAIGN:
        raise Refused("field-of-campaign", "只有专项整治填写领域")
    activity = Activity(
        kind=Activity.Kind(new.kind),
        year=new.year,
        code=new.code.strip(),
        name=new.name.strip(),
        approved_on=new.approved_on,
        approved_is_derived=new.approved_is_derived,
        plan=new.plan,
        field=new.field,
        owner_office=new.lead,
        owner_path=new.lead.path,
    )
    activity.save(force_insert=True)
    since = new.approved_on or today()
    _admit(activity, new.lead, Party.Role.LEAD, since)
    for office in members or []:
        _admit(activity, office, Party.Role.MEMBER, since)
    record(by, "activity.open", activity, payload={"code": new.code, "members": len(members or [])})
    return activity


def _admit(activity: Activity, office: Office, role: str, since: date) -> None:
    if Party.objects.filter(activity=activity, office=office).exists():
        return
    Party(activity=activity, office=office, role=role, since=since).save(force_insert=True)
    assign_to_office(thing_uid=activity.uid, office=office, since=since)


@atomic
def join(*, activity: Activity, by: Viewer, office: Office, since: date) -> Activity:
    """A body takes part from a date on; the activity still counts once."""
    if not guard.allow(by, "edit", activity):
        raise Refused("not-allowed", "您没有“调整承办室组”的权限")
    _admit(activity, office, Party.Role.MEMBER, since)
    record(by, "activity.join", activity, payload={"office": office.name, "since": since.isoformat()})
    return activity


@atomic
def amend_activity(*, activity: Activity, by: Viewer, name: str, plan: str) -> Activity:
    """The name and the plan in other words. The old words stay in the log."""
    if not guard.allow(by, "edit", activity):
        raise Refused("not-allowed", "您没有“更正”的权限")
    if not name.strip():
        raise Refused("name-needed", "请填写编号和名称")
    before = {"name": activity.name, "plan": activity.plan}
    activity.name, activity.plan = name.strip(), plan.strip()
    activity.save(update_fields=["name", "plan"])
    record(by, "activity.amend", activity, payload={"before": before, "name": activity.name})
    return activity


@atomic
def approve_activity(*, activity: Activity, by: Viewer, on: date) -> Activity:
    """A proposed activity is approved; from then on it counts, with the bodies that proposed it."""
    if not guard.allow(by, "approve", activity):
        raise Refused("not-allowed", "您没有“审批”的权限")
    if activity.approved_on is not None:
        raise Refused("already-decided", "该项目已立项")
    if on > today():
        raise Refused("step-date", "日期不能晚于今天:%(on)s", on=on.isoformat())
    activity.approved_on, activity.approved_is_derived = on, False
    activity.save(update_fields=["approved_on", "approved_is_derived"])
    _there_by(activity, on)
    record(by, "activity.approve", activity, payload={"on": on.isoformat()})
    return activity


def _there_by(activity: Activity, on: date) -> None:
    """Entered after the day of its approval: whoever has taken part from the first took part on that day."""
    first = Party.objects.get(activity=activity, role=Party.Role.LEAD).since
    for party in Party.objects.filter(activity=activity, since=first) if on < first else []:
        party.since = on
        party.save(update_fields=["since"])


@atomic
def merge_activity(*, activity: Activity, by: Viewer, into: Activity, reason: str, on: date | None = None) -> Activity:
    """已并入, on a day (today): from then on the project no longer counts; its parties join the main one."""
    if not guard.allow(by, "approve", activity):
        raise Refused("not-allowed", "您没有“审批”的权限")
    if into.pk == activity.pk or into.merged_into_id or activity.merged_into_id or not reason.strip():
        raise Refused("merge-main", "请选择另一个未并入的项目,并写明原因")
    day = on or today()
    if day > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=day.isoformat())
    for party in Party.objects.filter(activity=activity).order_by("pk"):
        _admit(into, Office.objects.get(pk=party.office_id), Party.Role.MEMBER, party.since)
    activity.merged_into, activity.merged_on, activity.merged_at = into, day, now()
    activity.save(update_fields=["merged_into", "merged_on", "merged_at"])
    record(by, "activity.merge", activity, payload={"into": str(into.uid), "on": day.isoformat(), "reason": reason})
    return activity


@atomic
def end_activity(*, activity: Activity, by: Viewer, on: date, note: str, is_stopped: bool = False) -> Activity:
    """同意结项, or 终止 before the targets were reached. An ended project still counts."""
    if not guard.allow(by, "approve", activity):
        raise Refused("not-allowed", "您没有“审批”的权限")
    if activity.ended_on is not None:
        raise Refused("already-decided", "该项目已结项，请刷新页面")
    if activity.approved_on is None or on < activity.approved_on or on > today():
        raise Refused("step-date", "结项日期应在立项之后且不晚于今天")
    activity.ended_on, activity.is_stopped = on, is_stopped
    activity.save(update_fields=["ended_on", "is_stopped"])
    verb = "activity.stop" if is_stopped else "activity.end"
    record(by, verb, activity, payload={"on": on.isoformat(), "note": note})
    return activity
