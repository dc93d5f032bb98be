"""上门日程 composed: what every context has dated at units, with the names of units and offices and where a record opens."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.selectors.schedule import looked_back
from jiandu.loop.grassroots.schedule import outings_and_inspections
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import offices_by_pk
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import organisations_by_pk
from jiandu.sources.activities.arranged import joints_within
from jiandu.sources.activities.arrangements import Joint
from jiandu.sources.activities.schedule import Dated, Kind, Span, Theirs, window
from jiandu.sources.talks.schedule import talked
from jiandu.surfaces.desk.activity_pages import PAGES

OPENS = {**PAGES, "talk": "desk:talk", "talk-plan": "desk:talk-plan"}


@dataclass(frozen=True)
class Entry:
    """One dated thing as the pages show it; `href` is empty where the viewer may not open the record."""

    dated: Dated
    unit: Organisation
    office: Office
    href: str
    joint: Joint | None = None  # it is made together with another office's, or that has been asked

    @property
    def is_joined(self) -> bool:
        """The other office has agreed."""
        return self.joint is not None and self.joint.answer == Joint.Answer.AGREED

    @property
    def joint_href(self) -> str:
        return reverse("desk:joint", args=[self.joint.uid]) if self.joint else ""

    @property
    def on(self) -> date:
        return self.dated.on

    @property
    def kind(self) -> str:
        return str(self.dated.kind.label)

    @property
    def state(self) -> str:
        return _("已开展") if self.dated.is_held else _("计划")

    @property
    def tone(self) -> str:
        return "done" if self.dated.is_held else "progress"


def entries(viewer: Viewer, span: Span, *, kind: str = "") -> list[Entry]:
    """Everything in the span, in order of date, unit and kind: talks and look-backs of the viewer's own scope alone."""
    wanted = Kind(kind) if kind in Kind.values else None
    found: list[Dated] = []
    if wanted is not Kind.TALK:
        found += outings_and_inspections(viewer, span)
    if wanted in (None, Kind.TALK):
        found += talked(viewer, span)
    if wanted in (None, Kind.LOOK_BACK):
        found += looked_back(viewer, span)
    kept = [one for one in found if wanted in (None, one.kind)]
    told = _named(viewer, kept, organisations_by_pk(viewer, {one.unit_id for one in kept}))
    joints = {key: joint for joint in joints_within(viewer, span) for key in _sides(joint)} if told else {}
    return [replace(one, joint=joints.get(_key(one.dated))) for one in told]


Side = tuple[int, date, int, str]


def _key(one: Dated) -> Side:
    return one.unit_id, one.on, one.office_id, str(one.kind)


def _sides(joint: Joint) -> list[Side]:
    """The two days on the calendar that a joint visit makes one."""
    unit, on = joint.subject_id or 0, joint.on
    return [(unit, on, joint.owner_office_id, joint.kind), (unit, on, joint.other_office_id, joint.other_kind)]


def _named(viewer: Viewer, found: list[Dated], units: dict[int, Organisation]) -> list[Entry]:
    offices = offices_by_pk(viewer, {one.office_id for one in found})
    told = [Entry(one, units[one.unit_id], offices[one.office_id], _href(one, units[one.unit_id])) for one in found]
    return sorted(told, key=_order)


Planned = dict[Organisation, date]
JOINABLE = (Kind.VISIT, Kind.INSPECTION, Kind.SPOT_CHECK)


@dataclass(frozen=True)
class Clash:
    """Another one near a day that is planned; `value` names it where the two may be joined."""

    entry: Entry
    planned: date

    @property
    def days(self) -> int:
        """How many days before (negative) or after."""
        return (self.entry.on - self.planned).days

    @property
    def value(self) -> str:
        one = self.entry.dated
        is_ahead = not one.is_held and one.on >= today() and one.kind in JOINABLE
        return f"{one.unit_id}:{one.office_id}:{one.kind}:{one.on.isoformat()}" if is_ahead else ""


def theirs_of(value: str) -> tuple[int, Theirs] | None:
    """(the unit, the planned day of the other office) that `Clash.value` names; None for anything else."""
    unit, office, kind, on = (*value.split(":"), "", "", "")[:4]
    try:
        return int(unit), Theirs(int(office), str(Kind(kind)), date.fromisoformat(on))
    except ValueError:
        return None


def clashes(viewer: Viewer, planned: Planned, *, besides: UUID | None = None) -> list[Clash]:
    """What is dated near the day planned for each unit, the nearest first: visits and the viewer's talks.

    Nothing of the activity `besides`, nor the talks held in it; nor look-backs, whose planned day is a term and no visit.
    """
    if not planned:
        return []
    near = {unit.pk: window(on) for unit, on in planned.items()}
    span = Span(min(low for low, _ in near.values()), max(high for _, high in near.values()), unit_ids=frozenset(near))
    found = [*outings_and_inspections(viewer, span), *talked(viewer, span, besides=besides)]
    kept = [one for one in found if one.opens is None or one.opens[1] != besides]
    kept = [one for one in kept if near[one.unit_id][0] <= one.on <= near[one.unit_id][1]]
    days = {unit.pk: on for unit, on in planned.items()}
    told = [Clash(one, days[one.dated.unit_id]) for one in _named(viewer, kept, {unit.pk: unit for unit in planned})]
    return sorted(told, key=lambda clash: (clash.entry.unit.path, abs(clash.days), clash.days, clash.entry.dated.kind))


def _order(one: Entry) -> tuple[Any, ...]:
    return one.on, one.unit.path, one.dated.kind, one.office.path, one.dated.is_held


def _href(one: Dated, unit: Organisation) -> str:
    """Where its record stands: a look-back's is the unit's list of them."""
    if one.kind is Kind.LOOK_BACK and one.opens is None:
        return f"{reverse('desk:unit', args=[unit.uid])}?tab=findings"
    if one.opens is None or one.opens[0] not in OPENS:
        return ""
    return reverse(OPENS[one.opens[0]], args=[one.opens[1]])
