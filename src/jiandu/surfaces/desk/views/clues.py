"""线索密封移交: the register of what went on sealed, for the office that handed over and the one that receives; one of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.talks import selectors
from jiandu.sources.talks.models import ClueHandover, Talk
from jiandu.sources.talks.services import clues
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import talks as forms
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import clues as told

Said = dict[str, Any]


def show_clues(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """What was handed over, as far as the viewer may know."""
    return registers.show_list(request, CLUES_ROOM, told.handovers(viewer), opened, status)


def show_clue(request: HttpRequest, one: ClueHandover, opened: Opened | None, status: int) -> HttpResponse:
    """One hand-over."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, CLUE_ROOM, one)
    return registers.show(request, told.handover(viewer, one), may, opened, status)


def show_handing(request: HttpRequest, one: Talk, opened: Opened | None, status: int) -> HttpResponse:
    """Where a clue that came up in a talk is handed over."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, HANDING_ROOM, one)
    return registers.show(request, told.handing(viewer, one), may, opened, status)


def _hand_over(one: Talk, said: Said, by: Viewer) -> ClueHandover:
    receiver = office_by_pk(int(said.pop("receiver")))
    if receiver is None:
        raise Refused("clue-receiver", "线索只移交给案件监督管理部门")
    return clues.hand_over_clue(talk=one, by=by, new=clues.NewHandover(receiver=receiver, **said))


def _waits(one: ClueHandover) -> bool:
    return one.received_on is None and one.withdrawn_on is None


CLUES_ROOM = Room("desk:clues", lambda viewer: viewer, show_clues, ClueHandover)
CLUE_ROOM = Room(
    "desk:clue",
    selectors.handover_by_uid,
    show_clue,
    ClueHandover,
    (
        Act("receive", gettext_lazy("登记接收"), forms.ReceivedClueForm, lambda one, s, by: clues.receive_clue(handover=one, by=by, **s), verb="receive", fits=_waits),
        Act("withdraw", gettext_lazy("撤下"), forms.WithdrawHandoverForm, lambda one, s, by: clues.withdraw_handover(handover=one, by=by, **s), fits=_waits),
    ),
)  # fmt: skip
HANDING_ROOM = Room(
    "desk:talk-clues",
    selectors.talk_by_uid,
    show_handing,
    ClueHandover,
    (Act("hand-over", gettext_lazy("登记密封移交"), forms.HandOverForm, _hand_over, fits=lambda one: one.withdrawn_on is None),),
    keep="create",
)  # fmt: skip
