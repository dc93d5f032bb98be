"""农村集体三资: collectives by place, a village, its ledgers as of a day, one thing with its history, what changed."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.audit.services import seen
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.persons import is_person
from jiandu.net.access.policy import verbs
from jiandu.sources.ledgers import villages
from jiandu.sources.ledgers.collectives import Collective, Contract, LedgerKind
from jiandu.sources.ledgers.columns import LEDGERS, NAMES
from jiandu.sources.ledgers.course import course
from jiandu.sources.ledgers.scans import scan_by_uid, standing_scan
from jiandu.sources.ledgers.services import collectives as services
from jiandu.sources.ledgers.services import scanning
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.files import handed_back, upload
from jiandu.surfaces.desk.forms import collectives as forms
from jiandu.surfaces.desk.forms.instruments import ScanForm
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import collectives as told
from jiandu.surfaces.desk.told import courses, holdings, on_the_spot, places, scanned
from jiandu.surfaces.desk.views import packs
from jiandu.surfaces.desk.views.grassroots import office_in
from jiandu.surfaces.door.answers import page

Said = dict[str, Any]


def day_in(request: HttpRequest, name: str, without: date) -> date:
    """The day that the query says, no later than today."""
    try:
        return min(date.fromisoformat(request.GET.get(name, "")), today())
    except ValueError:
        return without


def show_collectives(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The collectives, narrowed."""
    get = request.GET.get
    numbers = {
        name: int(get(name, ""))
        for name in ("district", "street")
        if get(name, "").isdecimal() and len(get(name, "")) < 10
    }
    narrowed = villages.Narrowed(**numbers, text=get("text", "")[:64])
    listed = told.collectives(viewer, narrowed, day_in(request, "on", today()))
    return registers.show_list(request, COLLECTIVES_ROOM, listed, opened, status)


def show_places(request: HttpRequest) -> HttpResponse:
    """The map: districts, or the towns of one, coloured by the number that is asked for."""
    viewer, text = request.viewer, request.GET.get("district", "")  # type: ignore[attr-defined]
    measure = request.GET.get("measure", "")
    district = int(text) if text.isdecimal() and len(text) < 10 else None
    asked = places.Asked(district, measure if measure in places.MEASURES else "assets", day_in(request, "on", today()))
    said = places.told(viewer, asked)
    columns = registers.headed(said["section"].columns)
    return page(request, "desk/grassroots/places.html", {"told": said, "columns": columns})


def show_collective(request: HttpRequest, one: Collective, opened: Opened | None, status: int) -> HttpResponse:
    """A village."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, COLLECTIVE_ROOM, one)
    said = told.village(viewer, one, day_in(request, "on", today()), _above(viewer, one))
    return registers.show(request, said, may, opened, status)


def _above(viewer: Viewer, one: Collective) -> tuple[list[Any], list[registers.Section]]:
    """The doors and panels of what stands above the ledgers."""
    return [*packs.door(viewer, one), courses.door(one)], on_the_spot.of_village(viewer, one)


def show_changes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What changed between two days: the last two on which something came in, where none are said."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _one(viewer, uid)
    sent = villages.sheets(viewer, one)
    days = sorted({row.as_of for row in sent}, reverse=True)
    last, before = (*days, today(), today())[0], (*days[1:], *days[:1], today())[0]
    first, second = day_in(request, "since", before), day_in(request, "until", last)
    said = holdings.changes(viewer, one, min(first, second), max(first, second), sent)
    return registers.show(request, said, registers.Doors(COLLECTIVE_ROOM, one, frozenset()), None, 200)


def show_course(request: HttpRequest, uid: UUID) -> HttpResponse:
    """How it went from sheet to sheet."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _one(viewer, uid)
    days = [row.as_of for row in villages.sheets(viewer, one)]
    said = courses.told(one, course(viewer, one, days))
    return registers.show(request, said, registers.Doors(COLLECTIVE_ROOM, one, frozenset()), None, 200)


def show_ledger(request: HttpRequest, uid: UUID, ledger: str) -> HttpResponse:
    """One ledger as of a day."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one, kind = _one(viewer, uid), _kind(ledger)
    listed = holdings.ledger(viewer, one, kind, request.GET.get("only", ""), day_in(request, "on", today()))
    return registers.show_list(request, LEDGER_ROOM, listed, None, 200)


def show_row(request: HttpRequest, row: Any, opened: Opened | None, status: int) -> HttpResponse:
    """One thing; where a person's name stands on it, the look is logged before."""
    viewer, one = request.viewer, row.collective  # type: ignore[attr-defined]
    kind = _kind_of(row)
    if is_person(*_user(row)):
        seen(viewer, one, what=f"{kind}:{row.code}"[:64])
    may = registers.Doors(ROW_ROOM, row, verbs(viewer, one) if isinstance(row, Contract) else frozenset())
    more = [*scanned.sections(viewer, one, row, may), *holdings.asset_sections(viewer, one, row, today())]
    return registers.show(request, holdings.thing(viewer, one, kind, row, more), may, opened, status)


def scan(request: HttpRequest, uid: UUID, file: UUID) -> HttpResponse:
    """The scan of a contract; the look is logged before."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _one(viewer, uid)
    kept = scan_by_uid(viewer, one, file)
    if kept is None:
        raise Http404
    seen(viewer, one, what=f"scan:{kept.code}"[:64])
    return handed_back(kept.sha256, kept.name)


def _row(viewer: Viewer, uid: UUID, ledger: str, row: UUID) -> Any | None:
    """One thing of a ledger, with the collective that it is of."""
    one, kind = _one(viewer, uid), _kind(ledger)
    found = villages.row_by_uid(viewer, one, kind, row)
    if found is not None:
        found.collective = one
    return found


def _kind_of(row: Any) -> LedgerKind:
    return next(kind for kind, ledger in LEDGERS.items() if isinstance(row, ledger.model))


def _user(row: Any) -> tuple[str, str]:
    """Whoever uses or leases it: name and mark."""
    return next(
        ((getattr(row, name), getattr(row, mark)) for name, mark in NAMES.items() if hasattr(row, name)),
        ("", ""),
    )  # fmt: skip


def _one(viewer: Viewer, uid: UUID) -> Collective:
    one = villages.collective_by_uid(viewer, uid)
    if one is None:
        raise Http404
    return one


def _kind(ledger: str) -> LedgerKind:
    if ledger not in LedgerKind:
        raise Http404
    return LedgerKind(ledger)


def _register(_viewer: Viewer, said: Said, by: Viewer) -> Collective:
    return services.register_collective(new=services.NewCollective(office=office_in(said), **said), by=by)


COLLECTIVES_ROOM = Room(
    "desk:collectives",
    lambda viewer: viewer,
    show_collectives,
    Collective,
    (Act("register", gettext_lazy("登记村集体"), forms.CollectiveForm, _register),),
    keep="create",
)
COLLECTIVE_ROOM = Room(
    "desk:collective",
    villages.collective_by_uid,
    show_collective,
    Collective,
    (
        Act("amend", gettext_lazy("更正"), forms.DescribedForm, lambda one, said, by: services.amend_collective(one=one, by=by, **said), fits=lambda one: one.withdrawn_on is None),
        Act("withdraw", gettext_lazy("撤下"), ReasonForm, lambda one, said, by: services.withdraw_collective(one=one, by=by, **said), fits=lambda one: one.withdrawn_on is None),
    ),
)  # fmt: skip
LEDGER_ROOM = Room("desk:collective-ledger", villages.collective_by_uid, show_collective, Collective)
ROW_ROOM = Room(
    "desk:collective-row",
    _row,
    show_row,
    Collective,
    (
        Act("attach-scan", gettext_lazy("上传合同扫描件"), ScanForm, lambda row, said, by: scanning.attach_scan(contract=row, by=by, scan=upload(said["scan"])), fits=lambda row: isinstance(row, Contract)),
        Act("withdraw-scan", gettext_lazy("撤下"), ReasonForm, lambda row, said, by: scanning.withdraw_scan(scan=row, by=by, **said), lambda row, key: standing_scan(row, key) if isinstance(row, Contract) else None),
    ),
)  # fmt: skip
