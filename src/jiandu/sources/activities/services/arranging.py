"""上门安排: a unit is to be inspected or visited on a day; another day, cancelled, carried out. A round plans with its teams."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.arrangements import Arrangement, Joint
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.events import may


@dataclass(frozen=True)
class NewArrangement:
    """Which unit, when, about what; unannounced, other offices are not told."""

    organisation: Organisation
    on: date
    note: str = ""
    is_unannounced: bool = False


@atomic
def arrange(*, activity: Activity, by: Viewer, new: NewArrangement) -> Arrangement:
    """安排上门. Raises Refused: not-allowed, activity-ended, round-plans, arranged."""
    may(by, "edit", activity)
    if activity.ended_on is not None:
        raise Refused("activity-ended", "该项工作已结项，不能再安排")
    if activity.kind == Activity.Kind.ROUND:
        raise Refused("round-plans", "挂钩监督的走访在挂钩单位中安排")
    if Arrangement.objects.filter(Arrangement.still_open, activity=activity, organisation=new.organisation).exists():
        raise Refused("arranged", "%(unit)s已安排上门，尚未开展", unit=str(new.organisation))
    row = Arrangement(
        activity=activity,
        organisation=new.organisation,
        on=new.on,
        note=new.note.strip()[:200],
        is_unannounced=new.is_unannounced,
    )
    row.save(force_insert=True)
    record(by, "activity.arrange", activity, payload={"unit": str(new.organisation.uid), "on": new.on.isoformat()})
    return row


@atomic
def rearrange(*, row: Arrangement, by: Viewer, on: date) -> Arrangement:
    """Another day; what was to be joined is no more. Raises Refused (not-allowed, arrangement-closed)."""
    may(by, "edit", row.activity)
    row = _open(row)
    if on == row.on:
        return row
    before, row.on = row.on, on
    row.save(update_fields=["on"])
    leave_joints(row.uid)
    payload = {"unit": str(row.organisation.uid), "before": before.isoformat(), "on": on.isoformat()}
    record(by, "activity.rearrange", row.activity, payload=payload)
    return row


@atomic
def cancel(*, row: Arrangement, by: Viewer, reason: str, on: date | None = None) -> Arrangement:
    """取消安排. Raises Refused: not-allowed, arrangement-closed, reason-needed."""
    may(by, "edit", row.activity)
    row = _open(row)
    take_back(row, reason, on)
    leave_joints(row.uid)
    payload = {"unit": str(row.organisation.uid), "reason": reason}
    record(by, "activity.cancel_arrangement", row.activity, payload=payload)
    return row


def carry_out(activity: Activity, organisation: Organisation, on: date) -> None:
    """The unit was visited: what was arranged is done. Called by the service that records the visit, in its transaction."""
    rows = Arrangement.objects.filter(Arrangement.still_open, activity=activity, organisation=organisation)
    rows.update(held_on=on)


def not_carried_out(activity: Activity, organisation: Organisation, on: date) -> None:
    """The visit of that day was taken back: the arrangement is open again, unless there is a newer one."""
    rows = Arrangement.objects.filter(activity=activity, organisation=organisation, withdrawn_on__isnull=True)
    if not rows.filter(held_on__isnull=True).exists():
        last = rows.filter(held_on=on).order_by("-pk").first()
        if last is not None:
            last.held_on = None
            last.save(update_fields=["held_on"])


def leave_joints(plan_uid: UUID) -> None:
    """A planned day has moved or is no more: what was to be joined on it, on either side, stands no longer."""
    rows = Joint.objects.filter(Q(plan_uid=plan_uid) | Q(other_plan_uid=plan_uid), withdrawn_on__isnull=True)
    rows.update(withdrawn_on=today(), withdrawn_at=now(), withdrawn_for="计划日期已变动")


def _open(row: Arrangement) -> Arrangement:
    """The arrangement, held until the transaction ends. Raises Refused (arrangement-closed)."""
    now_is: Arrangement = Arrangement.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if now_is.held_on is not None or now_is.withdrawn_on is not None:
        raise Refused("arrangement-closed", "该安排已开展或已取消，请刷新页面")
    return now_is
