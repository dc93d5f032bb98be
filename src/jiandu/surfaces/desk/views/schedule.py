"""上门日程: a month of visits, inspections, spot-checks, look-backs and talks at units, across the offices."""

from calendar import Calendar as Grid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiandu.base.core.clock import DAY, add_months, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.calendar import load_calendar
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import find_organisation
from jiandu.sources.activities.schedule import Kind, Span, knows_of_others
from jiandu.surfaces.desk.schedule import Entry, entries
from jiandu.surfaces.desk.views.dictionaries import WEEKDAYS
from jiandu.surfaces.door.answers import page, words_of

SHOWN = 4  # entries of a day; the others unfold
LAST_YEAR = 2100


@dataclass(frozen=True)
class Day:
    """One day of the grid."""

    on: date
    is_of_month: bool
    is_today: bool
    rest: str  # "off", "makeup" (a weekend day that is worked), or "" for an ordinary working day
    entries: list[Entry] = field(default_factory=list)

    @property
    def first(self) -> list[Entry]:
        return self.entries[:SHOWN]

    @property
    def others(self) -> list[Entry]:
        return self.entries[SHOWN:]


def show(request: HttpRequest) -> HttpResponse:
    """One month; unit (with those below it), office and kind narrow it."""
    viewer, first = request.viewer, month_of(request.GET.get("month", ""))  # type: ignore[attr-defined]
    unit, wrong = _unit(viewer, request.GET.get("unit", "").strip()[:200])
    last = add_months(first, 1) - DAY
    kind, office = request.GET.get("kind", ""), request.GET.get("office", "")
    span = Span(first, last, path=unit.path if unit else "")
    found = [] if wrong else entries(viewer, span, kind=kind)
    kept = [one for one in found if not office.isdigit() or one.office.pk == int(office)]
    context: dict[str, Any] = {
        "month": first,
        "before": f"{add_months(first, -1):%Y-%m}",
        "after": f"{add_months(first, 1):%Y-%m}",
        "this": f"{today():%Y-%m}",
        "weeks": _weeks(first, kept),
        "weekdays": WEEKDAYS,
        "kinds": [("", "—"), *Kind.choices],
        "offices": [("", "—"), *sorted({(str(one.office.pk), one.office.name) for one in found})],
        "said": {"unit": request.GET.get("unit", ""), "kind": kind, "office": office},
        "wrong": wrong,
        "told": _told(kept),
        "crowded": crowded(kept),
        "knows_of_others": knows_of_others(viewer),
    }
    return page(request, "desk/schedule/month.html", context)


def month_of(said: str) -> date:
    """The first day of the month that was asked for (2022-03), else of the current one."""
    try:
        first = date.fromisoformat(f"{said}-01")
    except ValueError:
        first = today().replace(day=1)
    return first if 1990 <= first.year < LAST_YEAR else today().replace(day=1)


def _unit(viewer: Viewer, name: str) -> tuple[Organisation | None, str]:
    """(the unit that the filter names, what is wrong with the name)."""
    if not name:
        return None, ""
    try:
        unit = find_organisation(viewer, name, on=today())
    except Refused as refused:
        return None, words_of(refused)
    return unit, "" if unit else _("没有登记过这个单位：%(name)s") % {"name": name}


def _weeks(first: date, found: Iterable[Entry]) -> list[list[Day]]:
    """The weeks of the month, Monday first; days of the months beside it carry nothing."""
    known, of_day = load_calendar(), dict[date, list[Entry]]()
    for one in found:
        of_day.setdefault(one.on, []).append(one)

    def day(on: date) -> Day:
        rest = "makeup" if on in known.makeup else "" if known.working_day(on) else "off"
        is_of_month = on.month == first.month
        return Day(on, is_of_month, is_of_month and on == today(), rest, of_day.get(on, []))

    return [[day(on) for on in week] for week in Grid().monthdatescalendar(first.year, first.month)]


def _told(found: list[Entry]) -> dict[str, int]:
    held = sum(one.dated.is_held for one in found)
    return {
        "all": len(found),
        "held": held,
        "planned": len(found) - held,
        "units": len({one.dated.unit_id for one in found}),
    }


def crowded(found: list[Entry]) -> list[dict[str, Any]]:
    """Units to which two offices or more come within what is shown: most often first."""
    of_unit: dict[int, list[Entry]] = {}
    for one in found:
        of_unit.setdefault(one.dated.unit_id, []).append(one)
    several = [rows for rows in of_unit.values() if len({one.office.pk for one in rows}) > 1]
    return [
        {
            "unit": rows[0].unit,
            "times": len(rows),
            "offices": list(dict.fromkeys(one.office.name for one in rows)),
            "is_joined": all(one.is_joined for one in rows),
        }
        for rows in sorted(several, key=lambda rows: (-len(rows), rows[0].unit.path))
    ]


def unit_tab(request: HttpRequest, viewer: Viewer, unit: Organisation, *_more: int) -> dict[str, Any]:
    """日程 of one unit in a year, this one where none is asked for."""
    said = request.GET.get("year", "")
    year = int(said) if said.isdigit() and 1990 <= int(said[:5]) < LAST_YEAR else today().year
    span = Span(date(year, 1, 1), date(year + 1, 1, 1) - timedelta(days=1), unit_ids=frozenset({unit.pk}))
    found = entries(viewer, span)
    return {
        "year": year,
        "rows": found,
        "told": _told(found),
        "is_crowded": bool(crowded(found)),
        "knows_of_others": knows_of_others(viewer),
    }
