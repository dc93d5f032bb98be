"""文书用语: an office's clerk words its sheets and letters, looks at them on paper and puts them to use."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.loop.instruments.kinds import kind_of
from jiandu.loop.instruments.letters import in_words, sample
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.selectors import wordings
from jiandu.loop.instruments.services import wording
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms.rooms import RoomForm
from jiandu.surfaces.desk.forms.wordings import WordingForm
from jiandu.surfaces.desk.handing_out import Paper, hand_out
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import wordings as told


def office_of(viewer: Viewer) -> Office | None:
    """The office that the viewer words for: his own, the highest of several."""
    mine = viewer.standing.office_ids if isinstance(viewer.standing, Standing) else ()
    offices = [office for office in map(office_by_pk, sorted(mine)) if office is not None]
    return min(offices, key=lambda office: len(office.path), default=None)


def _found(viewer: Viewer, kind: str) -> told.Worded | None:
    office = office_of(viewer)
    return told.of_office(office, kind) if office and kind in Instrument.Kind.values else None


def show_all(request: HttpRequest, office: Office, opened: Opened | None, status: int) -> HttpResponse:
    """Every kind."""
    nothing = registers.Doors(ROOM, office, frozenset())
    return registers.show(request, told.every_kind(office), nothing, opened, status)


def show_kind(request: HttpRequest, one: told.Worded, opened: Opened | None, status: int) -> HttpResponse:
    """One kind with its versions."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, KIND_ROOM, one)
    return registers.show(request, told.one_kind(viewer, one, may), may, opened, status)


def preview(request: HttpRequest, kind: str, version: int) -> HttpResponse:
    """A version on paper, as Word or with `?format=pdf` as PDF; version 0: as shipped."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _found(viewer, kind)
    rows = {row.version: row for row in wordings(viewer, kind, one.office)} if one else {}
    if one is None or (version and version not in rows):
        raise Http404
    words = in_words(kind_of(kind), rows.get(version))
    paper = Paper("wording", f"{one.label}样张_{version}", lambda _mark: sample(words, one.office.name))
    return hand_out(request, "instrument.paper", None, paper)


def _write(one: told.Worded, said: dict[str, Any], by: Viewer) -> Any:
    return wording.write(kind=one.kind.kind, office=one.office, by=by, **said)


def _version(one: told.Worded, key: int) -> Any:
    """A version of the kind that is not in use yet, by its key."""
    rows = wordings(guard.require_actor(), one.kind.kind, one.office)
    return next((row for row in rows if row.pk == key and row.used_on is None), None)


ROOM = Room("desk:wordings", office_of, show_all, Instrument, see="word", keep="word")
KIND_ROOM = Room(
    "desk:wording",
    _found,
    show_kind,
    Instrument,
    (
        Act("edit", gettext_lazy("修改用语"), WordingForm, _write),
        Act(
            "use", gettext_lazy("启用"), RoomForm, lambda row, _s, by: wording.put_to_use(wording=row, by=by), _version
        ),
    ),
    see="word",
    keep="word",
)
