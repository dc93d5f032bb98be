"""催报: asked by the lead office, answered by the body in words, or by what it enters."""

from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity, Party
from jiandu.sources.activities.project_parts import Urge
from jiandu.sources.activities.services.events import leads, may, not_later, office_of, settle_urge, urge_of


@atomic
def urge(*, activity: Activity, by: Viewer, office: Office, on: date, note: str) -> Urge:
    """催报 of a body that takes part. Raises Refused: not-allowed, lead-only, not-a-member, step-date, note-needed, urged."""
    may(by, "edit", activity)
    if not leads(by, activity):
        raise Refused("lead-only", "由牵头室组办理")
    not_later(on)
    if not Party.objects.filter(activity=activity, office=office, role=Party.Role.MEMBER).exists():
        raise Refused("not-a-member", "%(office)s没有参与该项目", office=office.name)
    if not note.strip():
        raise Refused("note-needed", "请写明内容")
    if urge_of(activity, office.pk) is not None:
        raise Refused("urged", "已催报%(office)s，尚未回复", office=office.name)
    row = Urge(activity=activity, office=office, on=on, by_name=by.name[:64], note=note.strip()[:300])
    row.save(force_insert=True)
    record(by, "activity.urge", activity, payload={"office": office.name, "on": on.isoformat(), "note": row.note})
    return row


@atomic
def answer_urge(*, row: Urge, by: Viewer, note: str) -> Urge:
    """The body says how it stands. Raises Refused: not-allowed, other-body, already-decided, note-needed."""
    activity = row.activity
    may(by, "edit", activity)
    if not by.is_system and row.office_id != office_of(by):
        raise Refused("other-body", "由被催报的机构回复")
    if row.answered_on is not None or row.withdrawn_on is not None:
        raise Refused("already-decided", "该事项已处理，请刷新页面")
    if not note.strip():
        raise Refused("note-needed", "请写明内容")
    settle_urge(row, note.strip())
    record(by, "activity.answer_urge", activity, payload={"urge": str(row.uid), "note": row.answer})
    return row


@atomic
def withdraw_urge(*, row: Urge, by: Viewer, reason: str, on: date | None = None) -> Urge:
    """撤下 one that was sent by mistake. Raises Refused: not-allowed, lead-only, reason-needed."""
    may(by, "edit", row.activity)
    if not leads(by, row.activity):
        raise Refused("lead-only", "由牵头室组办理")
    take_back(row, reason, on)
    record(by, "activity.withdraw_urge", row.activity, payload={"urge": str(row.uid), "reason": reason})
    return row
