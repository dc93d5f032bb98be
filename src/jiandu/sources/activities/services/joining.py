"""合并开展: a plan moves to the day on which another body comes to the same unit, and that body is asked. Never a block."""

from datetime import date
from typing import Any

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.access.models import Level
from jiandu.net.access.services import assign_to_office
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.arrangements import Arrangement, Joint
from jiandu.sources.activities.models import Activity, LinkedUnit
from jiandu.sources.activities.schedule import OF_ACTIVITY, Kind, Theirs, plan_named
from jiandu.sources.activities.services.arranging import rearrange
from jiandu.sources.activities.services.division import replan_unit
from jiandu.sources.activities.services.events import may, office_of

Answer = Joint.Answer


@atomic
def join(*, plan: LinkedUnit | Arrangement, by: Viewer, theirs: Theirs) -> Joint:
    """提请合并开展: my plan goes to their day, and the other office finds the request on its desk. Agreed at once where
    both are mine.

    Raises Refused: not-allowed, joint-level, joint-gone, joint-twice, and as replanning.
    """
    activity = plan.activity
    may(by, "edit", activity)
    if activity.level > Level.INTERNAL:
        raise Refused("joint-level", "工作敏感以上的工作不提请其他室组合并开展")
    named = plan_named(by, plan.organisation_id, theirs, besides=activity.pk) if theirs.on >= today() else None
    if named is None:
        raise Refused("joint-gone", "对方的安排已变动，请刷新页面后再选")
    if Joint.objects.filter(plan_uid=plan.uid, other_plan_uid=named[1], withdrawn_on__isnull=True).exists():
        raise Refused("joint-twice", "已提请合并开展")
    _move(plan, by, theirs)
    row = _written(plan, by, theirs, named)
    record(by, "joint.propose", row, payload={"on": theirs.on.isoformat(), "office": row.other_office_id})
    return row


def _move(plan: LinkedUnit | Arrangement, by: Viewer, theirs: Theirs) -> None:
    if isinstance(plan, Arrangement):
        rearrange(row=plan, by=by, on=theirs.on)
    elif plan.planned_on != theirs.on:
        replan_unit(linked=plan, by=by, planned_on=theirs.on)


def _written(plan: LinkedUnit | Arrangement, by: Viewer, theirs: Theirs, named: tuple[Activity, Any]) -> Joint:
    """The request, opened to the other office."""
    mine, (other, other_plan) = plan.activity, named
    office = Office.objects.filter(pk=office_of(by) or 0).first() or mine.owner_office
    row = Joint(
        owner_office=office,
        owner_path=office.path,
        subject=plan.organisation,
        subject_path=plan.organisation.path,
        source_uid=mine.uid,
        on=theirs.on,
        kind=OF_ACTIVITY.get(Activity.Kind(mine.kind), Kind.VISIT),
        other_office=other.owner_office,
        other_kind=theirs.kind,
        plan_uid=plan.uid,
        other_plan_uid=other_plan,
        other_uid=other.uid,
        by_name=by.name[:64],
        asked_on=today(),
    )
    if other.owner_office_id in {office.pk, mine.owner_office_id}:
        row.answer, row.answered_on, row.answered_by = Answer.AGREED, today(), by.name[:64]
    row.save(force_insert=True)
    assign_to_office(thing_uid=row.uid, office=other.owner_office, since=today())
    return row


@atomic
def answer_joint(*, joint: Joint, by: Viewer, answer: str, note: str = "") -> Joint:
    """答复 of the other office: 同意合并 or 不便合并. Raises Refused: not-allowed, other-side, joint-closed, note-needed."""
    row = _open(joint, by)
    if not by.is_system and row.other_office_id not in _offices(by):
        raise Refused("other-side", "由对方室组答复")
    said = Answer(answer)
    if said == Answer.DECLINED and not note.strip():
        raise Refused("note-needed", "请写明内容")
    row.answer, row.answered_on, row.answered_by = said, today(), by.name[:64]
    row.note = note.strip()[:200]
    row.save(update_fields=["answer", "answered_on", "answered_by", "note"])
    record(by, "joint.answer", row, payload={"answer": said, "note": row.note})
    return row


@atomic
def cancel_joint(*, joint: Joint, by: Viewer, reason: str, on: date | None = None) -> Joint:
    """撤回: each comes by itself; the planned days stay. By either office. Raises Refused: not-allowed, joint-closed."""
    if not guard.allow(by, "edit", joint):
        raise Refused("not-allowed", "您没有办理合并开展的权限")
    row = Joint.objects.select_for_update(of=("self",)).get(pk=joint.pk)
    take_back(row, reason, on)
    record(by, "joint.take_back", row, payload={"reason": reason})
    return row


def _open(joint: Joint, by: Viewer) -> Joint:
    """The request, held until the transaction ends. Raises Refused (not-allowed, joint-closed)."""
    if not guard.allow(by, "edit", joint):
        raise Refused("not-allowed", "您没有办理合并开展的权限")
    row: Joint = Joint.objects.select_for_update(of=("self",)).get(pk=joint.pk)
    if row.withdrawn_on is not None or row.answer != Answer.WAITING:
        raise Refused("joint-closed", "该事项已答复或已撤回，请刷新页面")
    return row


def _offices(by: Viewer) -> tuple[int, ...]:
    return by.standing.office_ids if isinstance(by.standing, Standing) else ()
