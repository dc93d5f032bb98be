"""本周话题: what rose in the week, out of what the session's keys open; a word that several units share is put up as an alarm."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.words import NewWord, propose
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.topics import topics
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms.alarms import ProposeForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import petition_topics as told
from jiandu.surfaces.door.unlocking import to_unlock, unlocked

Said = dict[str, Any]


def show(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The topics; asked for, since it reads much."""
    found = topics(viewer, _week(request), unlocked(request))
    if found is None:
        return to_unlock(request)  # type: ignore[return-value]
    page = told.topics(viewer, found, may_propose=guard.allow(viewer, "create", Alarm))
    return registers.show(request, page, registers.doors(viewer, ROOM, viewer), opened, status)


def _week(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("week") or request.POST.get("week", ""))
    except ValueError:
        return today()


@dataclass(frozen=True)
class Place:
    """A topic by its place in the list: its word stands in no address."""

    pk: int

    def __str__(self) -> str:
        return _("第%(number)s个话题") % {"number": self.pk}


def _propose(place: Place, said: Said, by: Viewer) -> Alarm:
    """The topic is looked up anew; one that has moved meanwhile is refused."""
    found = topics(by, said["week"], said["unlocked"])
    listed = found.topics if found is not None else ()
    topic = listed[place.pk - 1] if 0 < place.pk <= len(listed) else None
    if topic is None or topic.items[0].uid != said["item"]:
        raise Refused("topic-moved", "话题已有变化，请刷新页面")
    office = office_by_pk(by.standing.office_id or 0) if isinstance(by.standing, Standing) else None
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return propose(office=office, new=NewWord(said["week"], topic.rise.term, topic.items), by=by)


ROOM = Room(
    "desk:petitions-topics",
    lambda viewer: viewer,
    show,
    Petition,
    (Act("propose", pgettext_lazy("act", "提出预警"), ProposeForm, _propose, verb="create", row=lambda _viewer, place: Place(place), is_opening=True),),
)  # fmt: skip
