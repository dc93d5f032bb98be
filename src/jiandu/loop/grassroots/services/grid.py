"""近邻监督: grid cells and contact points, who watches there and until when; meetings and training."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.lexicon.models import Item
from jiandu.loop.grassroots.models import GridCell, GridWorker, Meeting
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Region, in_force


@dataclass(frozen=True)
class NewCell:
    """A cell or contact point: name, our office, the village, the place, from when."""

    name: str
    office: Office
    since: date
    village: Organisation | None = None
    region: Region | None = None
    is_contact_point: bool = False


@atomic
def open_cell(*, new: NewCell, by: Viewer) -> GridCell:
    """Raises Refused: not-allowed, name-needed, cell-name."""
    if not guard.allow(by, "create", GridCell):
        raise Refused("not-allowed", "您没有设立监督网格的权限")
    name = new.name.strip()[:128]
    if not name or new.since > today():
        raise Refused("name-needed", "请填写网格名称，日期不能晚于今天")
    if GridCell.objects.filter(owner_office=new.office, name=name, until__isnull=True).exists():
        raise Refused("cell-name", "同名网格已设立：%(name)s", name=name)
    cell = GridCell(
        name=name,
        region=new.region,
        is_contact_point=new.is_contact_point,
        since=new.since,
        owner_office=new.office,
        owner_path=new.office.path,
        subject=new.village,
        subject_path=new.village.path if new.village else "",
    )
    cell.save(force_insert=True)
    record(by, "grid_cell.open", cell, payload={"name": name, "since": new.since.isoformat()})
    return cell


@atomic
def close_cell(*, cell: GridCell, by: Viewer, until: date) -> GridCell:
    """The cell ends, and the terms of those who watch there."""
    _may(by, cell)
    if cell.until is not None or not cell.since <= until <= today():
        raise Refused("step-date", "终止日期应不早于起始日期，且不晚于今天")
    cell.until = until
    cell.save(update_fields=["until"])
    for worker in GridWorker.objects.filter(in_force(until), cell=cell):
        worker.until = until
        worker.save(update_fields=["until"])
    record(by, "grid_cell.close", cell, payload={"until": until.isoformat()})
    return cell


@dataclass(frozen=True)
class NewWorker:
    """Who watches, of which kind, for which term."""

    name: str
    kind: Item
    since: date
    until: date | None = None
    contact: str = ""


@atomic
def engage(*, cell: GridCell, by: Viewer, new: NewWorker) -> GridWorker:
    """聘任 for a term. Raises Refused: name-needed, worker-kind, worker-twice, step-date."""
    _may(by, cell)
    name = new.name.strip()[:64]
    if not name:
        raise Refused("name-needed", "请填写姓名")
    if new.kind.kind != "grid_worker":
        raise Refused("worker-kind", "请选择人员类别")
    if new.since < cell.since or (new.until is not None and new.until < new.since):
        raise Refused("step-date", "任期应在网格设立之后，止日不早于起日")
    others = GridWorker.objects.filter(in_force(new.since), cell=cell, name=name)
    if others.exists():
        raise Refused("worker-twice", "%(name)s在该网格任期未满", name=name)
    worker = GridWorker(
        cell=cell, name=name, kind=new.kind, since=new.since, until=new.until, contact=new.contact.strip()[:64]
    )
    worker.save(force_insert=True)
    record(by, "grid_cell.engage", cell, payload={"kind": new.kind.code, "since": new.since.isoformat()})
    return worker


@atomic
def release(*, worker: GridWorker, by: Viewer, until: date) -> GridWorker:
    """The term ends."""
    _may(by, worker.cell)
    if not worker.since <= until <= today() or (worker.until is not None and worker.until < until):
        raise Refused("step-date", "终止日期应不早于起始日期，且不晚于今天")
    worker.until = until
    worker.save(update_fields=["until"])
    record(by, "grid_cell.release", worker.cell, payload={"worker": str(worker.uid), "until": until.isoformat()})
    return worker


def _may(by: Viewer, cell: GridCell) -> None:
    if not guard.allow(by, "edit", cell):
        raise Refused("not-allowed", "您没有办理该网格的权限")


@dataclass(frozen=True)
class NewMeeting:
    """Kind, day, theme, our office, how many came, and the rest."""

    kind: str
    on: date
    theme: str
    office: Office
    people_count: int
    place: str = ""
    audience: str = ""
    note: str = ""


@atomic
def hold_meeting(*, new: NewMeeting, by: Viewer) -> Meeting:
    """登记履职交流会、培训. Raises Refused: not-allowed, theme-needed, people-count, step-date."""
    if not guard.allow(by, "create", Meeting):
        raise Refused("not-allowed", "您没有登记交流培训的权限")
    if not new.theme.strip():
        raise Refused("theme-needed", "请填写主题")
    if new.people_count < 1:
        raise Refused("people-count", "人次应大于零")
    if new.on > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=new.on.isoformat())
    row = Meeting(
        kind=Meeting.Kind(new.kind),
        on=new.on,
        theme=new.theme.strip()[:200],
        people_count=new.people_count,
        place=new.place.strip()[:128],
        audience=new.audience.strip()[:200],
        note=new.note.strip(),
        owner_office=new.office,
        owner_path=new.office.path,
    )
    row.save(force_insert=True)
    record(by, "meeting.hold", row, payload={"kind": str(row.kind), "people": row.people_count})
    return row


@atomic
def withdraw_meeting(*, meeting: Meeting, by: Viewer, reason: str, on: date | None = None) -> Meeting:
    """撤下 one entered by mistake."""
    if not guard.allow(by, "edit", meeting):
        raise Refused("not-allowed", "您没有登记交流培训的权限")
    take_back(meeting, reason, on)
    record(by, "meeting.withdraw", meeting, payload={"reason": reason})
    return meeting
