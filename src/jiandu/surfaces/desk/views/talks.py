"""Talks: the list by kind, one talk, and whom nobody has talked to yet (for planning, not a ranking)."""

import re
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.selectors.talked import pointer_of
from jiandu.loop.findings.services.talked import point, unpoint
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.activities.selectors import activity_by_uid
from jiandu.sources.talks import selectors, services
from jiandu.sources.talks.models import Talk, TalkPlan
from jiandu.sources.talks.services import planning
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import talks as forms
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import talks as told
from jiandu.surfaces.desk.views.arranging import day_of

Said = dict[str, Any]
NAMES = re.compile(r"[、,,;;\s]+")


def show_talks(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The talks; on tabs of their own those that are planned, and whom nobody has talked to this year."""
    tab = request.GET.get("tab", "")
    if tab == "not-yet":
        listed = told.not_yet(viewer)
    elif tab in {"plans", "plans-closed"}:
        listed = told.plans(viewer, is_open=tab == "plans")
    else:
        listed = told.talks(viewer, request.GET.get("kind", ""), registers.year_of(request))
    return registers.show_list(request, TALKS_ROOM, listed, opened, status)


def show_talk(request: HttpRequest, one: Talk, opened: Opened | None, status: int) -> HttpResponse:
    """One talk."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, TALK_ROOM, one)
    return registers.show(request, told.talk(viewer, one, may), may, opened, status)


def _invited(said: Said) -> list[services.Invited]:
    return [services.Invited(person, unit) for person, unit in said.pop("people")]


def _hold(_viewer: Viewer, said: Said, by: Viewer) -> Talk:
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    uid = said.pop("activity")
    activity = activity_by_uid(by, UUID(uid)) if uid else None
    officers = NAMES.split(said.pop("officers"))
    new = services.NewTalk(office=office, officers=officers, invited=_invited(said), activity=activity, **said)
    return services.hold_talk(new=new, by=by)


def show_plan(request: HttpRequest, one: TalkPlan, opened: Opened | None, status: int) -> HttpResponse:
    """The plan of a talk."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, PLAN_ROOM, one)
    return registers.show(request, told.plan(viewer, one, may), may, opened, status)


def _planned(said: Said, by: Viewer, office: Office) -> planning.NewPlan:
    uid, same_day = said.pop("activity"), day_of(said.pop("join"))
    activity = activity_by_uid(by, UUID(uid)) if uid else None
    officers = NAMES.split(said.pop("officers"))
    said["on"] = same_day or said["on"]
    return planning.NewPlan(office=office, officers=officers, invited=_invited(said), activity=activity, **said)


def _plan(_viewer: Viewer, said: Said, by: Viewer) -> TalkPlan:
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return planning.plan_talk(new=_planned(said, by, office), by=by)


def _replan(one: TalkPlan, said: Said, by: Viewer) -> None:
    planning.replan_talk(plan=one, by=by, new=_planned(said, by, one.owner_office))


def _hold_planned(one: TalkPlan, said: Said, by: Viewer) -> None:
    officers = NAMES.split(said.pop("officers"))
    planning.hold_planned(plan=one, by=by, held=planning.Held(officers=officers, invited=_invited(said), **said))


def _is_open(one: TalkPlan) -> bool:
    return one.withdrawn_on is None and one.talk_id is None


def _add(one: Talk, said: Said, by: Viewer) -> None:
    for invited in _invited(said):
        services.add_attendee(talk=one, by=by, invited=invited)


def _correct(row: Any, said: Said, by: Viewer) -> None:
    services.correct_attendee(attendee=row, by=by, reason=said.pop("reason"), said=said)


def _amend(one: Talk, said: Said, by: Viewer) -> None:
    reason, recorder = said.pop("reason"), said.pop("recorder")
    services.amend_talk(talk=one, by=by, said=said, reason=reason, recorder=recorder)


def _point(one: Talk, said: Said, by: Viewer) -> None:
    for finding in said["findings"]:
        point(talk=one, finding=finding, by=by)


def _seat(one: Talk, key: Any) -> Any:
    return one.attendees.filter(pk=key, withdrawn_on__isnull=True).first()


def _stands(one: Talk) -> bool:
    return one.withdrawn_on is None


TALKS_ROOM = Room(
    "desk:talks",
    lambda viewer: viewer,
    show_talks,
    Talk,
    (
        Act("hold", gettext_lazy("登记谈话"), forms.TalkForm, _hold),
        Act("plan", gettext_lazy("拟定谈话"), forms.PlanForm, _plan),
    ),
    keep="create",
)
PLAN_ROOM = Room(
    "desk:talk-plan",
    selectors.plan_by_uid,
    show_plan,
    TalkPlan,
    (
        Act("held", gettext_lazy("登记谈话"), forms.HeldForm, _hold_planned, fits=_is_open),
        Act("replan", gettext_lazy("调整计划"), forms.ReplanForm, _replan, fits=_is_open),
        Act("give-up", gettext_lazy("取消谈话"), forms.GiveUpForm, lambda one, s, by: planning.give_up_plan(plan=one, by=by, **s), fits=_is_open),
    ),
)  # fmt: skip
TALK_ROOM = Room(
    "desk:talk",
    selectors.talk_by_uid,
    show_talk,
    Talk,
    (
        Act("follow-up", gettext_lazy("登记回访"), forms.FollowUpForm, lambda one, s, by: services.follow_up(talk=one, by=by, **s), fits=_stands),
        Act("attend", gettext_lazy("添加谈话对象"), forms.AttendeeForm, _add, fits=_stands),
        Act("point", gettext_lazy("关联问题"), forms.PointForm, _point, fits=_stands),
        Act("amend", gettext_lazy("更正"), forms.AmendTalkForm, _amend, fits=_stands),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: services.withdraw_talk(talk=one, by=by, **s), fits=_stands),
        Act("promise", gettext_lazy("登记表态"), forms.PromiseForm, lambda row, s, by: services.note_promise(attendee=row, by=by, **s), _seat),
        Act("drop", gettext_lazy("未到场"), ReasonForm, lambda row, s, by: services.drop_attendee(attendee=row, by=by, **s), _seat),
        Act("correct", gettext_lazy("更正"), forms.CorrectAttendeeForm, _correct, _seat),
        Act("unpoint", gettext_lazy("取消关联"), ReasonForm, lambda row, s, by: unpoint(pointer=row, by=by, **s), pointer_of),
    ),
)  # fmt: skip
