"""Verbs of planned work: open a project, put it in other words, let offices join."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.models import Item
from jiandu.net.access.services import assign_to_office
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity, ActivityApproval, Party
from jiandu.sources.activities.services.granting import Decided, grant_online


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
    due_on: date | None = None  # of a project: by when it is to end


@atomic
def open_activity(*, new: NewActivity, by: Viewer, members: list[Office] | None = None) -> Activity:
    """立项: the lead office and the bodies that take part reach the activity and its findings.

    A project is entered as proposed, or with the day of its approval by who may approve it. Raises Refused: not-allowed,
    name-needed, field-of-campaign, approval-not-yours, step-date.
    """
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
        due_on=new.due_on,
        owner_office=new.lead,
        owner_path=new.lead.path,
    )
    activity.save(force_insert=True)
    _approve_at_once(activity, by)
    since = new.approved_on or today()
    admit(activity, new.lead, Party.Role.LEAD, since)
    for office in members or []:
        admit(activity, office, Party.Role.MEMBER, since)
    record(by, "activity.open", activity, payload={"code": new.code, "members": len(members or [])})
    return activity


def _approve_at_once(activity: Activity, by: Viewer) -> None:
    """Who enters a project as approved approves it. A derived date is history: a ledger knew the project, not its day."""
    if activity.kind != Activity.Kind.PROJECT or activity.approved_on is None or activity.approved_is_derived:
        return
    if not guard.allow(by, "approve", activity):
        raise Refused("approval-not-yours", "您没有“审批”的权限，立项日期请留空：先登记为拟立项，再由有权限的人立项")
    if activity.approved_on > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=activity.approved_on.isoformat())
    grant_online(activity, by, Decided(ActivityApproval.Verb.APPROVE, activity.approved_on))


def admit(activity: Activity, office: Office, role: str, since: date) -> None:
    """The office shares the activity, unless it does already."""
    if Party.objects.filter(activity=activity, office=office).exists():
        return
    Party(activity=activity, office=office, role=role, since=since).save(force_insert=True)
    assign_to_office(thing_uid=activity.uid, office=office, since=since)


@atomic
def join(*, activity: Activity, by: Viewer, office: Office, since: date) -> Activity:
    """A body takes part from a date on; the activity still counts once."""
    if not guard.allow(by, "edit", activity):
        raise Refused("not-allowed", "您没有“调整承办室组”的权限")
    admit(activity, office, Party.Role.MEMBER, since)
    record(by, "activity.join", activity, payload={"office": office.name, "since": since.isoformat()})
    return activity


@atomic
def amend_activity(*, activity: Activity, by: Viewer, name: str, plan: str, due_on: date | None = None) -> Activity:
    """The name and the plan in other words, and by when it is to end: once that is approved, 延期结项 alone moves it.

    The old words stay in the log. Raises Refused: not-allowed, name-needed, due-approved.
    """
    if not guard.allow(by, "edit", activity):
        raise Refused("not-allowed", "您没有“更正”的权限")
    if not name.strip():
        raise Refused("name-needed", "请填写编号和名称")
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    due = due_on or activity.due_on
    if due != activity.due_on and activity.due_on is not None and activity.approved_on is not None:
        raise Refused("due-approved", "立项后的计划结项日期由延期结项变更")
    before = {"name": activity.name, "plan": activity.plan, "due": str(activity.due_on or "")}
    activity.name, activity.plan, activity.due_on = name.strip(), plan.strip(), due
    activity.save(update_fields=["name", "plan", "due_on"])
    record(by, "activity.amend", activity, payload={"before": before, "name": activity.name})
    return activity
