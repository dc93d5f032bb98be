"""What the QR of a form opens: the record, on the form in which what came back on paper is typed.

Not there and not yours are the same 404; whoever may see the record and not write it comes to its page.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.documents.codes import Opens
from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.models import AssetLookBack
from jiandu.loop.grassroots.selectors import check_by_uid, inspection_by_uid, meeting_by_uid
from jiandu.net.access.handover_list import handover_by_uid, signatures_of
from jiandu.net.access.signing import Signing
from jiandu.sources.activities.selectors import linked_by_uid, round_by_uid, visit_by_uid
from jiandu.sources.ledgers.villages import collective_by_uid
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.rooms import Room
from jiandu.surfaces.desk.views import collectives, contact, crosscheck, grassroots, handovers, rounds, talks

Finds = Callable[[Viewer, UUID, int], str]  # the address that the sheet of a record opens; "" where there is none


def scanned(request: HttpRequest, opens: int, uid: UUID, leaf: int = 0) -> HttpResponseBase:
    """Goes to what the code opens."""
    finds = SHEETS.get(opens)
    place = finds(request.viewer, uid, leaf) if finds else ""  # type: ignore[attr-defined]
    if not place:
        raise Http404
    return HttpResponseRedirect(place)


def _of(room: Room, *slugs: str) -> Finds:
    """The page of a room, with the first of these acts that may be done now."""
    return lambda viewer, uid, _leaf: _opened(viewer, room, room.find(viewer, uid), slugs)


def _opened(viewer: Viewer, room: Room, thing: Any, slugs: tuple[str, ...], row: Any = None) -> str:
    """The page of the thing with the first of these acts, about the row if there is one."""
    if thing is None:
        return ""
    doors = registers.doors(viewer, room, thing)
    first = doors.first((slug, row, "") for slug in slugs)
    return reverse(room.url, args=[thing.uid]) + (str(first["href"]) if first else "")


def _visit(viewer: Viewer, uid: UUID, _leaf: int) -> str:
    row = visit_by_uid(viewer, uid)
    one = round_by_uid(viewer, row.activity.uid) if row else None
    return _opened(viewer, rounds.ROUND_ROOM, one, ("amend-visit",), row)


def _unit_visit(viewer: Viewer, uid: UUID, _leaf: int) -> str:
    row = linked_by_uid(viewer, uid)
    one = round_by_uid(viewer, row.activity.uid) if row else None
    return _opened(viewer, rounds.ROUND_ROOM, one, ("visit",), row)


def _unit_feedback(viewer: Viewer, uid: UUID, _leaf: int) -> str:
    """The problems that stand on the sheet, each to be opened for what the unit wrote beside it."""
    row = linked_by_uid(viewer, uid)
    if row is None:
        return ""
    said = {"activity": row.activity_id, "subject": row.organisation.uid}
    return f"{reverse('desk:findings')}?{urlencode(said)}"


def _round_feedback(viewer: Viewer, uid: UUID, _leaf: int) -> str:
    """A blank sheet has problems that nobody has registered."""
    one = round_by_uid(viewer, uid)
    if one is None or not guard.allow(viewer, "create", Finding):
        return _opened(viewer, rounds.ROUND_ROOM, one, ())
    return f"{reverse('desk:finding-new')}?source=activity:{one.uid}"


def _inspection(viewer: Viewer, uid: UUID, _leaf: int) -> str:
    row = inspection_by_uid(viewer, uid)
    return reverse("desk:inspection", args=[row.activity.uid, row.uid]) if row else ""


def _assets(stage: str) -> Finds:
    """The sheet of that number, for whoever may fill it in."""

    def place(viewer: Viewer, uid: UUID, leaf: int) -> str:
        one = check_by_uid(viewer, uid)
        if one is None or not guard.allow(viewer, "create", AssetLookBack):
            return _opened(viewer, grassroots.CHECK_ROOM, one, ())
        return f"{reverse('desk:check-assets', args=[uid, stage])}?leaf={leaf}"

    return place


def _pack(stage: str) -> Finds:
    """The sheet of that number of a village's pack, for whoever may fill it in."""

    def place(viewer: Viewer, uid: UUID, leaf: int) -> str:
        one = collective_by_uid(viewer, uid)
        if one is None or not guard.allow(viewer, "create", AssetLookBack):
            return _opened(viewer, collectives.COLLECTIVE_ROOM, one, ())
        return f"{reverse('desk:collective-pack', args=[uid, stage])}?leaf={leaf}"

    return place


def _meeting(viewer: Viewer, uid: UUID, _leaf: int) -> str:
    return reverse("desk:meeting", args=[uid]) if meeting_by_uid(viewer, uid) else ""


def _handover(viewer: Viewer, uid: UUID, _leaf: int) -> str:
    """The form in which the first signature that is still waited for is typed from the paper."""
    one = handover_by_uid(viewer, uid)
    rows = signatures_of(viewer, one) if one else []
    row = next((row for row in rows if row.status == Signing.Status.WAITING), None)
    return _opened(viewer, handovers.HANDOVER_ROOM, one, ("sign-paper",), row)


SHEETS: dict[int, Finds] = {
    Opens.ROUND_VISIT: _of(rounds.ROUND_ROOM),
    Opens.UNIT_VISIT: _unit_visit,
    Opens.VISIT: _visit,
    Opens.ROUND_FEEDBACK: _round_feedback,
    Opens.UNIT_FEEDBACK: _unit_feedback,
    Opens.TALK: _of(talks.TALK_ROOM, "amend"),
    Opens.TALK_PLAN: _of(talks.PLAN_ROOM, "held"),
    Opens.CONTACT_PROBLEM: _of(contact.PROBLEM_ROOM, "answer"),
    Opens.CONTACT_REPLY: _of(contact.PROBLEM_ROOM, "settle"),
    Opens.INSPECTION: _inspection,
    Opens.MEETING: _meeting,
    Opens.ASSETS_TOWN: _assets(AssetLookBack.Stage.TOWN),
    Opens.ASSETS_DISTRICT: _assets(AssetLookBack.Stage.DISTRICT),
    Opens.HANDOVER: _handover,
    Opens.PACK_TOWN: _pack(AssetLookBack.Stage.TOWN),
    Opens.PACK_DISTRICT: _pack(AssetLookBack.Stage.DISTRICT),
    Opens.ALERT: _of(crosscheck.ALERT_ROOM, "dispose", "verify"),
}
