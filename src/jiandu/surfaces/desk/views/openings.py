"""启封: custodians ask, consent, and look for as long as was consented to. A fresh proof stands before consent and look."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import pgettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.petitions import selectors
from jiandu.sources.petitions.models import SenderOpening
from jiandu.sources.petitions.services import opening as services
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import openings as forms
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import openings as told
from jiandu.surfaces.door.unlocking import to_unlock, unlocked

Said = dict[str, Any]


def show_openings(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The requests."""
    return registers.show_list(request, OPENINGS_ROOM, told.openings(viewer), opened, status)


def show_opening(request: HttpRequest, one: SenderOpening, opened: Opened | None, status: int) -> HttpResponse:
    """One request."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, OPENING_ROOM, one)
    return registers.show(request, told.opening(viewer, one), may, opened, status)


def look(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Who sent it, as far as was consented to; through an unlocked identity key alone."""
    viewer, keys = request.viewer, unlocked(request)  # type: ignore[attr-defined]
    one = selectors.opening_by_uid(viewer, uid)
    if one is None or not services.may_look(viewer, one):
        raise Http404
    try:
        sender = services.look(opening=one, by=viewer, unlocked=keys)
    except Refused as refused:
        if refused.rule != "locked":
            raise
        return to_unlock(request)
    may = registers.doors(viewer, OPENING_ROOM, one)
    return registers.show(request, told.opening(viewer, one, sender), may, None, 200)


def _ask(_viewer: Viewer, said: Said, by: Viewer) -> SenderOpening:
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return services.ask(new=services.NewOpening(office=office, **said), by=by)


def _waits(one: SenderOpening) -> bool:
    return one.decided_on is None and guard.require_actor().user_id != one.asker_id


OPENINGS_ROOM = Room(
    "desk:sender-openings",
    lambda viewer: viewer,
    show_openings,
    SenderOpening,
    (Act("ask", pgettext_lazy("act", "申请启封"), forms.AskForm, _ask),),
    keep="create",
)
OPENING_ROOM = Room(
    "desk:sender-opening",
    selectors.opening_by_uid,
    show_opening,
    SenderOpening,
    (
        Act("consent", pgettext_lazy("act", "同意启封"), forms.DecideForm, lambda one, s, by: services.decide(opening=one, by=by, is_granted=True, **s), is_sensitive=True, fits=_waits),
        Act("refuse", pgettext_lazy("act", "不同意"), forms.DecideForm, lambda one, s, by: services.decide(opening=one, by=by, is_granted=False, **s), fits=_waits),
    ),
)  # fmt: skip
