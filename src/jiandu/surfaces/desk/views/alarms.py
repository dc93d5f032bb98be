"""苗头预警: a week is looked at, each alarm is confirmed or dismissed, each rule has its record."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.instruments.models import Instrument
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.results.alarms import selectors, services
from jiandu.results.alarms.letters import NewLetter, draft_letter
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.words import word_of
from jiandu.results.bulletins.sending import NewAdvisory, send
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import alarms as forms
from jiandu.surfaces.desk.forms.bulletins import SendForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import alarms as told
from jiandu.surfaces.door.unlocking import unlocked

Said = dict[str, Any]


def show_alarms(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The alarms."""
    state = request.GET.get("state", "") if request.GET.get("state") in Alarm.State else ""
    rule = request.GET.get("rule", "") if request.GET.get("rule") in Alarm.Rule else ""
    return registers.show_list(request, ALARMS_ROOM, told.alarms(viewer, state, rule), opened, status)


def show_alarm(request: HttpRequest, one: Alarm, opened: Opened | None, status: int) -> HttpResponse:
    """One alarm with the items behind it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, ALARM_ROOM, one)
    word = word_of(one, unlocked(request)) if one.rule == Alarm.Rule.WORD else None
    return registers.show(request, told.alarm(viewer, one, word), may, opened, status)


def show_precision(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """How often each rule was right."""
    may = registers.doors(viewer, PRECISION_ROOM, viewer)
    return registers.show(request, told.precision(viewer), may, opened, status)


def _look(_viewer: Viewer, said: Said, by: Viewer) -> Any:
    office = office_by_pk(int(said["office"]))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return services.look_at_week(office=office, week=said["week"], by=by)


def _letter(one: Alarm, said: Said, by: Viewer) -> Any:
    texts = tuple(said.pop("suggestions").splitlines())
    return draft_letter(alarm=one, by=by, new=NewLetter(**said, suggestions=texts))


def _may_write(one: Alarm) -> bool:
    return one.state == Alarm.State.CONFIRMED and guard.allow(guard.require_actor(), "create", Instrument)


def _waits(one: Alarm) -> bool:
    return one.state == Alarm.State.WAITING


ALARMS_ROOM = Room(
    "desk:alarms",
    lambda viewer: viewer,
    show_alarms,
    Alarm,
    (Act("look", pgettext_lazy("act", "检测一周"), forms.LookForm, _look),),
    keep="create",
)
ALARM_ROOM = Room(
    "desk:alarm",
    selectors.by_uid,
    show_alarm,
    Alarm,
    (
        Act("confirm", pgettext_lazy("alarm act", "确认"), forms.ConfirmForm, lambda one, s, by: services.confirm(alarm=one, by=by, **s), fits=_waits),
        Act("send", pgettext_lazy("act", "分送"), SendForm, lambda one, s, by: send(about=one, by=by, new=NewAdvisory(**s)), verb="send", fits=lambda one: one.state == Alarm.State.CONFIRMED),
        Act("letter", gettext_lazy("起草文书"), forms.LetterForm, _letter, fits=_may_write),
        Act("dismiss", pgettext_lazy("alarm act", "排除"), forms.DismissForm, lambda one, s, by: services.dismiss(alarm=one, by=by, **s), fits=_waits),
    ),
)  # fmt: skip
PRECISION_ROOM = Room("desk:alarms-precision", lambda viewer: viewer, show_precision, Alarm)
