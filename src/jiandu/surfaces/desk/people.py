"""Names that a form gives, matched to persons: a rule on persons and units must not be passed by typing a name."""

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.net.access.persons import Who
from jiandu.net.access.standing import units_of
from jiandu.net.overseers.selectors import find_officer
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import find_person


def person_named(viewer: Viewer, name: str, *, unit: Organisation | None = None) -> Who:
    """The person: of the unit when one is given, else an officer, else anybody of that name. Raises Refused for namesakes.

    A name that nobody bears stays a name.
    """
    name, day = name.strip(), today()
    person = find_person(viewer, name, organisation=unit, on=day) if unit else None
    if person is None and unit is None:
        officer = find_officer(viewer, name, office=None, on=day)
        person = officer.person if officer else find_person(viewer, name, organisation=None, on=day)
    return Who(name, person.pk, units_of(person.pk)) if person else Who(name)
