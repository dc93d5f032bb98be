"""Persons and offices: who they are, where they serve, what they watch; who keeps the directory keeps them here."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers import selectors as overseers
from jiandu.net.overseers.models import Office
from jiandu.net.subjects import selectors as subjects
from jiandu.net.subjects.models import Person
from jiandu.surfaces.desk.directory import OFFICE, OFFICES, PEOPLE, PERSON, acts_for
from jiandu.surfaces.desk.rooms import Opened, Room
from jiandu.surfaces.door.answers import page

PAGE = 50


def _kept(viewer: Viewer, acts: Any, thing: Any) -> dict[str, Any]:
    """The acts on a thing for who keeps the directory."""
    keeps = guard.allow(viewer, "edit", Office)
    return {"keeps": keeps, "acts": acts_for(acts, thing) if keeps else [], "today": today()}


def show_people(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Persons by name, with the posts of today."""
    text = request.GET.get("q", "").strip()[:50]
    paged = Paginator(subjects.people(viewer, text), PAGE).get_page(request.GET.get("page"))
    context = {"text": text, "rows": paged.object_list, "paged": paged, "opened": opened}
    return page(request, "desk/offices/people.html", context | _kept(viewer, PEOPLE, viewer), status=status)


def show_person(request: HttpRequest, person: Person, opened: Opened | None, status: int) -> HttpResponse:
    """One person: posts, services, charges, links, with their days."""
    viewer = request.viewer  # type: ignore[attr-defined]
    context = {
        "person": person,
        "posts": subjects.posts_of_person(viewer, person),
        "services": overseers.services_ever(viewer, person=person),
        "charges": subjects.charges_ever(viewer, leader=person),
        "links": overseers.links_ever(viewer, leader=person),
        "opened": opened,
    }
    return page(request, "desk/offices/person.html", context | _kept(viewer, PERSON, person), status=status)


def show_offices(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The net's own tree."""
    with_closed = bool(request.GET.get("closed"))
    rows = overseers.offices_listed(viewer, with_closed=with_closed)
    context = {"rows": rows, "with_closed": with_closed, "opened": opened}
    return page(request, "desk/offices/offices.html", context | _kept(viewer, OFFICES, viewer), status=status)


def show_office(request: HttpRequest, office: Office, opened: Opened | None, status: int) -> HttpResponse:
    """One office: who serves there, which units it watches, with their days."""
    viewer = request.viewer  # type: ignore[attr-defined]
    context = {
        "office": office,
        "below": [one for one in overseers.offices(viewer, on=today(), under=office) if one.pk != office.pk],
        "services": overseers.services_ever(viewer, office=office),
        "watched": overseers.watched_ever(viewer, office=office),
        "opened": opened,
    }
    return page(request, "desk/offices/office.html", context | _kept(viewer, OFFICE, office), status=status)


def _person(_viewer: Viewer, uid: UUID) -> Person | None:
    return subjects.person_by_uid(uid)


PEOPLE_ROOM = Room("desk:people", lambda viewer: viewer, show_people, Person, PEOPLE)
PERSON_ROOM = Room("desk:person", _person, show_person, Person, PERSON)
OFFICES_ROOM = Room("desk:offices", lambda viewer: viewer, show_offices, Office, OFFICES)
OFFICE_ROOM = Room("desk:office", overseers.office_by_uid, show_office, Office, OFFICE)
