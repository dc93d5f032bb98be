"""近邻监督 and training: cells with their people, meetings."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.selectors import item_by_key
from jiandu.loop.grassroots import selectors
from jiandu.loop.grassroots.models import GridCell, Meeting
from jiandu.loop.grassroots.services import grid
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import grassroots as forms
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import grid as told
from jiandu.surfaces.desk.views.grassroots import office_in

Said = dict[str, Any]


def show_cells(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The cells of today, or the contact points."""
    listed = told.cells(viewer, points=request.GET.get("tab") == "points")
    return registers.show_list(request, GRID_ROOM, listed, opened, status)


def show_cell(request: HttpRequest, one: GridCell, opened: Opened | None, status: int) -> HttpResponse:
    """One cell."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, CELL_ROOM, one)
    return registers.show(request, told.cell(viewer, one, may), may, opened, status)


def show_meetings(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Meetings and training."""
    listed = told.meetings(viewer, request.GET.get("kind", ""), registers.year_of(request))
    return registers.show_list(request, MEETINGS_ROOM, listed, opened, status)


def show_meeting(request: HttpRequest, one: Meeting, opened: Opened | None, status: int) -> HttpResponse:
    """One of them."""
    may = registers.doors(request.viewer, MEETING_ROOM, one)  # type: ignore[attr-defined]
    return registers.show(request, told.meeting(one), may, opened, status)


def _open(_viewer: Viewer, said: Said, by: Viewer) -> Any:
    return grid.open_cell(new=grid.NewCell(office=office_in(said), **said), by=by)


def _engage(one: GridCell, said: Said, by: Viewer) -> Any:
    kind = item_by_key(by, said.pop("kind"))
    return grid.engage(cell=one, by=by, new=grid.NewWorker(kind=kind, **said))


def _hold(_viewer: Viewer, said: Said, by: Viewer) -> Any:
    return grid.hold_meeting(new=grid.NewMeeting(office=office_in(said), **said), by=by)


def _is_open(one: GridCell) -> bool:
    return one.until is None


GRID_ROOM = Room("desk:grid", lambda viewer: viewer, show_cells, GridCell, (Act("open", gettext_lazy("设立网格"), forms.CellForm, _open),), keep="create")  # fmt: skip
CELL_ROOM = Room(
    "desk:cell",
    selectors.cell_by_uid,
    show_cell,
    GridCell,
    (
        Act("engage", gettext_lazy("聘任监督员"), forms.WorkerForm, _engage, fits=_is_open),
        Act("close", gettext_lazy("终止"), forms.EndForm, lambda one, s, by: grid.close_cell(cell=one, by=by, **s), fits=_is_open),
        Act("release", gettext_lazy("结束任期"), forms.EndForm, lambda row, s, by: grid.release(worker=row, by=by, **s), lambda one, key: one.workers.filter(pk=key).first()),
    ),
)  # fmt: skip
MEETINGS_ROOM = Room("desk:meetings", lambda viewer: viewer, show_meetings, Meeting, (Act("hold", gettext_lazy("登记交流培训"), forms.MeetingForm, _hold),), keep="create")  # fmt: skip
MEETING_ROOM = Room(
    "desk:meeting",
    selectors.meeting_by_uid,
    show_meeting,
    Meeting,
    (Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, s, by: grid.withdraw_meeting(meeting=one, by=by, **s), fits=lambda one: one.withdrawn_on is None),),
)  # fmt: skip
