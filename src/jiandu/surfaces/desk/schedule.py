"""上门日程 composed: what every context has dated at units, with the names of units and offices and where a record opens."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.selectors.schedule import looked_back
from jiandu.loop.grassroots.schedule import outings_and_inspections
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import offices_by_pk
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import organisations_by_pk
from jiandu.sources.activities.schedule import Dated, Kind, Span
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
    units = organisations_by_pk(viewer, {one.unit_id for one in kept})
    offices = offices_by_pk(viewer, {one.office_id for one in kept})
    told = [Entry(one, units[one.unit_id], offices[one.office_id], _href(one, units[one.unit_id])) for one in kept]
    return sorted(told, key=_order)


def _order(one: Entry) -> tuple[Any, ...]:
    return one.on, one.unit.path, one.dated.kind, one.office.path, one.dated.is_held


def _href(one: Dated, unit: Organisation) -> str:
    """Where its record stands: a look-back's is the unit's list of them."""
    if one.kind is Kind.LOOK_BACK and one.opens is None:
        return f"{reverse('desk:unit', args=[unit.uid])}?tab=findings"
    if one.opens is None or one.opens[0] not in OPENS:
        return ""
    return reverse(OPENS[one.opens[0]], args=[one.opens[1]])
