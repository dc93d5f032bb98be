"""Which office keeps the rows of a list: the one named, else the viewer's own, else the only one with petition officers."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from jiandu.base.books.lines import Line
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.tree import WIDTH
from jiandu.net.access.models import Grant
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import find_office, office_by_pk
from jiandu.net.subjects.models import Organisation, in_force

CLERK, CASES = "petition_clerk", "case_supervisor"
#: What the name of a commission says of its level.
NAMED_LEVELS = (
    (re.compile(r"省纪|自治区纪"), Organisation.Authority.PROVINCE),
    (re.compile(r"[区县旗]纪"), Organisation.Authority.DISTRICT),
    (re.compile(r"市纪"), Organisation.Authority.CITY),
)
PETITION_OFFICE = "信访室"


def offices_of(lines: Sequence[Line], by: Viewer) -> list[Office]:
    """The offices that keep the rows, in the order in which they come. Raises Refused (no-office)."""
    return [office_named(name, by) for name in dict.fromkeys(line.text("office") for line in lines)]


def office_named(name: str, by: Viewer) -> Office:
    """The office that keeps the list: the one named, else the viewer's own, else the only one with a petition officer."""
    mine = by.standing.office_ids if isinstance(by.standing, Standing) else ()
    if name:
        office = find_office(by, name)
    elif by.is_system:
        office = _office_of_clerks(by)
    else:
        office = office_by_pk(next(iter(mine))) if len(mine) == 1 else None
    if office is None or not (by.is_system or office.pk in mine):
        raise Refused("no-office", gettext_lazy("请在“登记机构”栏写明由哪个信访室登记：%(name)s"), name=name or "—")
    return office


def _office_of_clerks(by: Viewer) -> Office | None:
    """The only office with a petition officer. An installation without any has one office for them, opened when it is needed."""
    offices = offices_of_clerks(by)
    if offices:
        return offices[0] if len(offices) == 1 else None
    return find_office(by, PETITION_OFFICE) or Office(name=PETITION_OFFICE, kind=Office.Kind.DEPARTMENT)


def level_of(office: Office) -> str:
    """Of which level the commission is that an office belongs to: by its name, else by its place in the net (city, district)."""
    at_once = {Office.Kind.TOWN: Organisation.Authority.TOWN, Office.Kind.VILLAGE: Organisation.Authority.VILLAGE}
    if office.kind in at_once:
        return at_once[Office.Kind(office.kind)]
    above = [office.path[:end] for end in range(WIDTH, len(office.path) + 1, WIDTH)]
    rows = Office.objects.filter(path__in=above, kind=Office.Kind.COMMISSION).order_by("path")
    names = list(rows.values_list("name", flat=True))
    said = next((level for name in reversed(names) for mark, level in NAMED_LEVELS if mark.search(name)), None)
    return said or (Organisation.Authority.DISTRICT if len(names) > 1 else Organisation.Authority.CITY)


def offices_of_cases(by: Viewer) -> list[Office]:
    """The offices with case supervision officers today."""
    return _offices_with(by, CASES)


def is_of_cases(viewer: Viewer) -> bool:
    """Whether the viewer is a case supervision officer."""
    holds = viewer.standing.holds if isinstance(viewer.standing, Standing) else ()
    return any(hold.role == CASES for hold in holds)


def offices_of_clerks(by: Viewer) -> list[Office]:
    """The offices with petition officers today."""
    return _offices_with(by, CLERK)


def _offices_with(by: Viewer, role: str) -> list[Office]:
    guard.check_is_actor(by)
    keys = Grant.objects.filter(in_force(today()), role=role, office__isnull=False).values("office_id")
    return list(Office.objects.filter(pk__in=keys).order_by("pk"))
