"""内容分类: what is proposed for one item, and how often proposals were what clerks chose."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from jiandu.base.audit.services import seen
from jiandu.base.core.guard import Viewer
from jiandu.sources.petitions import categories, selectors
from jiandu.sources.petitions.models import Petition
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.rooms import Opened, Room
from jiandu.surfaces.desk.told import petition_categories as told
from jiandu.surfaces.desk.told.petitions import tabs
from jiandu.surfaces.door.unlocking import to_unlock, unlocked


def show_categories(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Each field with its items and hits."""
    may = registers.doors(viewer, CATEGORIES_ROOM, viewer)
    return registers.show(
        request, told.hits(categories.hits(viewer), tabs(viewer, "petitions-categories")), may, opened, status
    )


def proposals(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """What an item is proposed for, learnt from the office's choices that the session's keys open."""
    viewer, keys = request.viewer, unlocked(request)  # type: ignore[attr-defined]
    one = selectors.by_uid(viewer, uid)
    if one is None:
        raise Http404
    seen(viewer, one, what="petition category")
    found = categories.suggestions(viewer, one, keys)
    if found is None:
        return to_unlock(request)
    may = registers.doors(viewer, PROPOSALS_ROOM, one)
    return registers.show(request, told.proposals(one, found), may, None, 200)


CATEGORIES_ROOM = Room("desk:petitions-categories", lambda viewer: viewer, show_categories, Petition)
PROPOSALS_ROOM = Room("desk:petition-category", selectors.by_uid, show_categories, Petition)
