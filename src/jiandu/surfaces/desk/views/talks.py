"""Talks: the list by kind, one talk, and whom nobody has talked to yet (for planning, not a ranking)."""

import re
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.activities.selectors import activity_by_uid
from jiandu.sources.talks import selectors, services
from jiandu.sources.talks.models import Talk
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import talks as forms
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import talks as told

Said = dict[str, Any]
NAMES = re.compile(r"[、,,;;\s]+")


def show_talks(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The talks; on its own tab whom nobody has talked to this year."""
    if request.GET.get("tab") == "not-yet":
        listed = told.not_yet(viewer)
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


def _add(one: Talk, said: Said, by: Viewer) -> None:
    for invited in _invited(said):
        services.add_attendee(talk=one, by=by, invited=invited)


def _correct(row: Any, said: Said, by: Viewer) -> None:
    services.correct_attendee(attendee=row, by=by, reason=said.pop("reason"), said=said)


def _seat(one: Talk, key: Any) -> Any:
    return one.attendees.filter(pk=key, withdrawn_on__isnull=True).first()


def _stands(one: Talk) -> bool:
    return one.withdrawn_on is None


TALKS_ROOM = Room(
    "desk:talks",
    lambda viewer: viewer,
    show_talks,
    Talk,
    (Act("hold", gettext_lazy("登记谈话"), forms.TalkForm, _hold),),
    keep="create",
)
TALK_ROOM = Room(
    "desk:talk",
    selectors.talk_by_uid,
    show_talk,
    Talk,
    (
        Act("follow-up", gettext_lazy("登记回访"), forms.FollowUpForm, lambda one, s, by: services.follow_up(talk=one, by=by, **s), fits=_stands),
        Act("attend", gettext_lazy("添加谈话对象"), forms.AttendeeForm, _add, fits=_stands),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: services.withdraw_talk(talk=one, by=by, **s), fits=_stands),
        Act("promise", gettext_lazy("登记表态"), forms.PromiseForm, lambda row, s, by: services.note_promise(attendee=row, by=by, **s), _seat),
        Act("drop", gettext_lazy("未到场"), ReasonForm, lambda row, s, by: services.drop_attendee(attendee=row, by=by, **s), _seat),
        Act("correct", gettext_lazy("更正"), forms.CorrectAttendeeForm, _correct, _seat),
    ),
)  # fmt: skip
