"""A talk before it is held: planned with its outline, put otherwise, given up, and held; only what was held is a talk."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.transaction import atomic
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.core.words import as_recorded
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity
from jiandu.sources.talks.models import Invitee, Talk, TalkPlan
from jiandu.sources.talks.services import Invited, NewTalk, check_said, hold_talk, named, places_of


@dataclass(frozen=True)
class NewPlan:
    """Kind, day planned, theme, our office, the officers who are to talk (at least two), with whom, about what."""

    kind: str
    on: date
    theme: str
    office: Office
    officers: list[str]
    invited: list[Invited]
    place: str = ""
    outline: str = ""
    activity: Activity | None = None
    recorder: str = ""


@dataclass(frozen=True)
class Held:
    """What is known only when the planned talk has been held: the day, who talked with whom, what was said."""

    on: date
    officers: list[str]
    invited: list[Invited]
    place: str = ""
    recorder: str = ""
    learned: str = ""
    pointed_out: str = ""
    follow_up_due_on: date | None = None


@atomic
def plan_talk(*, new: NewPlan, by: Viewer) -> TalkPlan:
    """拟定谈话. Raises Refused: not-allowed, theme-needed, two-officers, recorder, attendee-needed, talk-in-round, round-finished."""
    if not guard.allow(by, "create", TalkPlan):
        raise Refused("not-allowed", "您没有“登记谈话”的权限")
    plan = TalkPlan(owner_office=new.office, owner_path=new.office.path)
    _write(plan, new)
    record(by, "talk_plan.plan", plan, payload={"kind": plan.kind, "on": plan.on.isoformat()})
    return plan


@atomic
def replan_talk(*, plan: TalkPlan, by: Viewer, new: NewPlan) -> TalkPlan:
    """Another day, outline, officers or people; the office stays. As it was before stays in the log. Raises Refused as plan_talk."""
    row = _open(plan, by)
    before = {"on": row.on.isoformat(), "theme": row.theme, "outline": row.outline, "officers": row.officers}
    _write(row, new)
    record(by, "talk_plan.adjust", row, payload={"before": before, "on": row.on.isoformat()})
    return row


@atomic
def give_up_plan(*, plan: TalkPlan, by: Viewer, reason: str, on: date | None = None) -> TalkPlan:
    """取消: the talk is not held. Raises Refused (reason-needed, plan-closed)."""
    row = _open(plan, by)
    take_back(row, reason, on)
    record(by, "talk_plan.give_up", row, payload={"reason": reason})
    return row


@atomic
def hold_planned(*, plan: TalkPlan, by: Viewer, held: Held) -> Talk:
    """The talk as it was held; theme, kind, office, outline and round are those planned. Raises Refused as hold_talk, plan-closed."""
    row = _open(plan, by)
    said = {each.name: getattr(held, each.name) for each in fields(held)}
    planned = {name: getattr(row, name) for name in ("kind", "theme", "outline", "activity")}
    talk = hold_talk(new=NewTalk(office=row.owner_office, **planned, **said), by=by)
    row.talk = talk
    row.save(update_fields=["talk"])
    record(by, "talk_plan.hold", row, payload={"talk": str(talk.uid), "on": talk.on.isoformat()})
    return talk


def _open(plan: TalkPlan, by: Viewer) -> TalkPlan:
    """The plan, held until the transaction ends. Raises Refused (not-allowed, plan-closed)."""
    if not guard.allow(by, "edit", plan):
        raise Refused("not-allowed", "您没有办理该谈话的权限")
    row: TalkPlan = TalkPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if row.talk_id is not None or row.withdrawn_on is not None:
        raise Refused("plan-closed", "该谈话计划已谈话或已取消")
    return row


def _write(plan: TalkPlan, new: NewPlan) -> None:
    """The plan and whom it names, as they read now."""
    officers = named(new.officers)
    check_said(new, officers)
    places = places_of(new.invited, new.on)
    units = {place["organisation"] for place in places}
    plan.subject = units.pop() if len(units) == 1 else None
    plan.subject_path = plan.subject.path if plan.subject else ""
    plan.kind, plan.on, plan.theme, plan.place = Talk.Kind(new.kind), new.on, new.theme.strip(), new.place.strip()
    plan.outline, plan.officers, plan.recorder = new.outline.strip(), officers, new.recorder.strip()
    plan.activity, plan.source_uid = new.activity, new.activity.uid if new.activity else None
    plan.save()
    _invite(plan, places)


def _invite(plan: TalkPlan, places: list[dict[str, Any]]) -> None:
    """Who is named anew is added; who is named no longer, or in another post, is taken off the list."""
    held = {row.person_id: row for row in Invitee.objects.filter(plan=plan, withdrawn_on__isnull=True)}
    for place in places:
        row = held.pop(place["person"].pk, None)
        if row is not None and all(getattr(row, name) == value for name, value in place.items()):
            continue
        if row is not None:
            take_back(row, as_recorded(_("谈话计划调整")))
        Invitee(plan=plan, **place).save(force_insert=True)
    for row in held.values():
        take_back(row, as_recorded(_("谈话计划调整")))
