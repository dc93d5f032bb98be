"""关联认定: the pairs that wait for a person, one of them, and the same in clear."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.sources.crosscheck import selectors
from jiandu.sources.crosscheck.models import LinkPair
from jiandu.sources.crosscheck.services import links
from jiandu.sources.crosscheck.states import LinkState, LinkVerb, may_say
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import crosscheck as forms
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import crosscheck_links as told


def show_pairs(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The queue."""
    state, place = request.GET.get("state", ""), request.GET.get("place", "")[:64]
    listed = told.pairs(viewer, state if state in LinkState else "", place)
    return registers.show_list(request, PAIRS_ROOM, listed, opened, status)


def show_pair(request: HttpRequest, one: LinkPair, opened: Opened | None, status: int) -> HttpResponse:
    """One pair, both rows side by side."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, PAIR_ROOM, one)
    return registers.show(request, told.pair(viewer, one), may, opened, status)


def show_clear(request: HttpRequest, one: LinkPair, opened: Opened | None, status: int) -> HttpResponse:
    """The same in clear; the look is logged before anything is shown."""
    viewer = request.viewer  # type: ignore[attr-defined]
    clear = links.reveal(pair=one, by=viewer)
    may = registers.doors(viewer, CLEAR_ROOM, one)
    return registers.show(request, told.in_clear(one, clear), may, opened, status)


PAIRS_ROOM = Room("desk:link-pairs", lambda viewer: viewer, show_pairs, LinkPair)
PAIR_ROOM = Room(
    "desk:link-pair",
    selectors.link_by_uid,
    show_pair,
    LinkPair,
    (
        Act("decide", gettext_lazy("认定"), forms.LinkForm, lambda one, s, by: links.decide(pair=one, by=by, **s), fits=lambda one: may_say(LinkVerb.SAY_SAME, LinkState(one.state))),
        Act("take-back", gettext_lazy("撤回认定"), forms.NoteForm, lambda one, s, by: links.take_back(pair=one, by=by, **s), fits=lambda one: may_say(LinkVerb.TAKE_BACK, LinkState(one.state))),
    ),
)  # fmt: skip
CLEAR_ROOM = Room("desk:link-pair-clear", selectors.link_by_uid, show_clear, LinkPair, see="reveal")
