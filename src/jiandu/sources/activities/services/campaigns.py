"""专项整治: what units found by themselves. A spot-check is a visit (services.rounds), a finding names the campaign."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity, SelfCheck
from jiandu.sources.activities.services.events import may, not_later


@dataclass(frozen=True)
class NewSelfCheck:
    """Which unit, when, how many problems it found, how many of them it had put right."""

    organisation: Organisation
    on: date
    found_count: int
    fixed_count: int
    note: str = ""


@atomic
def self_check(*, activity: Activity, by: Viewer, new: NewSelfCheck) -> SelfCheck:
    """登记自查自纠. Raises Refused: not-allowed, step-date, not-a-campaign, self-check-sum, self-check-twice."""
    may(by, "edit", activity)
    not_later(new.on)
    if activity.kind != Activity.Kind.CAMPAIGN:
        raise Refused("not-a-campaign", "自查自纠登记在专项整治中")
    if not 0 <= new.fixed_count <= new.found_count:
        raise Refused("self-check-sum", "已自纠的不能多于自查发现的")
    rows = SelfCheck.objects.filter(activity=activity, organisation=new.organisation, on=new.on)
    if rows.filter(withdrawn_on__isnull=True).exists():
        raise Refused("self-check-twice", "%(unit)s当日的自查已登记", unit=str(new.organisation))
    row = SelfCheck(
        activity=activity,
        organisation=new.organisation,
        on=new.on,
        found_count=new.found_count,
        fixed_count=new.fixed_count,
        note=new.note.strip(),
    )
    row.save(force_insert=True)
    record(by, "activity.self_check", activity, payload={"unit": str(new.organisation.uid), "on": new.on.isoformat()})
    return row


@atomic
def withdraw_self_check(*, row: SelfCheck, by: Viewer, reason: str, on: date | None = None) -> SelfCheck:
    """撤下 one that was entered by mistake."""
    may(by, "edit", row.activity)
    take_back(row, reason, on)
    record(by, "activity.withdraw_self_check", row.activity, payload={"check": str(row.uid), "reason": reason})
    return row
