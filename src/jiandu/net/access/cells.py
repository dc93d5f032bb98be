"""What a cell of a sheet means: the office, the unit, the person of that name, as the viewer may name them."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Line
from jiandu.base.books.taking import CellRefused, at
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import find_office, office_by_pk
from jiandu.net.subjects.models import Organisation, Person, Region
from jiandu.net.subjects.selectors import find_organisation, find_person, find_region


def needed(line: Line, *keys: str) -> None:
    """These columns say something. Raises CellRefused."""
    for key in keys:
        if not line.says(key):
            raise CellRefused(key, Refused("cell-needed", _("必填")), line)


def own_office(line: Line, key: str, by: Viewer) -> Office:
    """The office that keeps the record: the one named, else the only one of the viewer. Only one's own, as on the forms."""
    mine = by.standing.office_ids if isinstance(by.standing, Standing) else ()
    name = line.text(key)
    with at(key, line):
        only = office_by_pk(next(iter(mine))) if len(mine) == 1 else None
        office = find_office(by, name) if name else only
        if office is None:
            words = _("没有叫“%(name)s”的监督机构") if name else _("请写明承办室组")
            raise Refused("no-office", words, name=name)
        if not by.is_system and office.pk not in mine:
            raise Refused("not-own-office", _("只能登记本室组的记录：%(name)s"), name=office.name)
        return office


def unit_of(line: Line, key: str, by: Viewer, *, on: date | None = None) -> Organisation:
    """The unit of that name on a day (today). Raises CellRefused."""
    needed(line, key)
    with at(key, line):
        unit = find_organisation(by, line.text(key), on=on or today())
        if unit is None:
            raise Refused("no-unit", _("没有叫“%(name)s”的单位"), name=line.text(key))
        return unit


def person_of(line: Line, key: str, by: Viewer, *, unit: Organisation | None, on: date | None = None) -> Person:
    """The person of that name, in the unit where one is said. Raises CellRefused."""
    needed(line, key)
    with at(key, line):
        person = find_person(by, line.text(key), organisation=unit, on=on or today())
        if person is None:
            raise Refused("unknown-person", _("没有登记过“%(name)s”，请先在单位档案登记任职"), name=line.text(key))
        return person


def region_of(line: Line, key: str, by: Viewer) -> Region:
    """The division of that name or code. Raises CellRefused."""
    needed(line, key)
    with at(key, line):
        region = find_region(by, line.text(key))
        if region is None:
            raise Refused("no-region", _("没有登记过这个区划"))
        return region
