"""Who watches whom on a day: offices, officers, supervised and linked units; and which office a name means."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Case, Count, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.tree import WIDTH, subtree_q
from jiandu.net.overseers.models import Link, Office, Officer, Supervision
from jiandu.net.subjects.models import Organisation, Person, in_force
from jiandu.net.subjects.names import name_key, person_name


def offices(viewer: Viewer, *, on: date | None = None, under: Office | None = None) -> QuerySet[Office]:
    """Offices in the order of the tree; those that existed on a day, those at or below one."""
    rows = Office.objects.all() if on is None else Office.objects.filter(in_force(on))
    return (rows if under is None else rows.filter(subtree_q("path", under.path))).order_by("path")


def bodies(viewer: Viewer, *, on: date) -> QuerySet[Office]:
    """The stationed and dispatched bodies (派驻、派出机构) of that day."""
    return offices(viewer, on=on).filter(kind=Office.Kind.STATIONED)


def office_of(viewer: Viewer, user: User, *, on: date) -> Office | None:
    """The office where the user serves on that day; of several, the one entered last."""
    services = Officer.objects.filter(in_force(on), user=user).select_related("office")
    last = services.order_by("-since", "-pk").first()
    return last.office if last else None


def officers_of(viewer: Viewer, office: Office, day: date) -> QuerySet[Officer]:
    """Who serves in the office on that day."""
    return Officer.objects.filter(in_force(day), office=office).select_related("person", "user").order_by("since", "pk")


def supervised_units(viewer: Viewer, office: Office, day: date) -> QuerySet[Organisation]:
    """The units that the office watches by name on that day; what stands below them is not listed."""
    watched = Supervision.objects.filter(in_force(day), office=office).values("organisation_id")
    return Organisation.objects.filter(in_force(day), pk__in=watched).order_by("path")


def supervisors_of(viewer: Viewer, organisation: Organisation, day: date) -> QuerySet[Office]:
    """The offices that watch the unit on that day, by its own name or that of a unit above it."""
    width = len(organisation.path)
    above = [organisation.path[:end] for end in range(WIDTH, width + 1, WIDTH)]
    watching = Supervision.objects.filter(in_force(day), organisation__path__in=above).values("office_id")
    return Office.objects.filter(in_force(day), pk__in=watching).order_by("path")


def linked_units(viewer: Viewer, leader: Person, day: date) -> QuerySet[Organisation]:
    """The units to which the leader is linked (挂钩) on that day."""
    linked = Link.objects.filter(in_force(day), leader=leader).values("organisation_id")
    return Organisation.objects.filter(in_force(day), pk__in=linked).order_by("path")


def leaders_linked(viewer: Viewer, organisation: Organisation, day: date) -> QuerySet[Person]:
    """The commission leaders linked to the unit on that day."""
    linked = Link.objects.filter(in_force(day), organisation=organisation).values("leader_id")
    return Person.objects.filter(pk__in=linked).order_by("pk")


def find_office(viewer: Viewer, name: str) -> Office | None:
    """The office of that name, whatever its width and spaces. None where there is none."""
    key = name_key(name)
    return next((office for office in Office.objects.order_by("pk") if name_key(office.name) == key), None)


def find_officer(viewer: Viewer, name: str, *, office: Office | None, on: date) -> Officer | None:
    """The officer of that name who serves in the office (in any, given None) on that day.

    None where there is none. Refused where namesakes cannot be told apart.
    """
    rows = Officer.objects.filter(in_force(on), person__name=person_name(name)).select_related("person", "office")
    found = list((rows if office is None else rows.filter(office=office)).order_by("pk"))
    if len({officer.person_id for officer in found}) > 1:
        raise Refused("several-persons", _("有%(count)d人叫“%(name)s”，无法区分"), count=len(found), name=name)
    return found[0] if found else None


def office_by_pk(pk: int) -> Office | None:
    """The office with this key."""
    return Office.objects.filter(pk=pk).first()


def offices_by_pk(viewer: Viewer, keys: Collection[int]) -> dict[int, Office]:
    """The offices with these keys, by key."""
    return Office.objects.in_bulk(list(keys)) if keys else {}


def office_by_uid(viewer: Viewer, uid: UUID) -> Office | None:
    """The office, if there is one."""
    return Office.objects.select_related("parent").filter(uid=uid).first()


def offices_listed(viewer: Viewer, *, with_closed: bool = False) -> QuerySet[Office]:
    """The offices in the order of the tree, each with how many serve there and how many units it watches today."""
    rows = offices(viewer) if with_closed else offices(viewer, on=today())
    served = Officer.objects.filter(in_force(today()), office=OuterRef("pk")).order_by().values("office")
    watched = Supervision.objects.filter(in_force(today()), office=OuterRef("pk")).order_by().values("office")
    return rows.select_related("parent").annotate(
        officers_now=Coalesce(Subquery(served.annotate(n=Count("pk")).values("n")), 0),
        units_now=Coalesce(Subquery(watched.annotate(n=Count("pk")).values("n")), 0),
    )


def services_ever(viewer: Viewer, *, office: Office | None = None, person: Person | None = None) -> QuerySet[Officer]:
    """Who ever served in the office, or where the person ever served: those of today first."""
    rows = Officer.objects.filter(office=office) if office else Officer.objects.filter(person=person)
    return rows.select_related("office", "person", "user").order_by(_ended_last(), "-since", "pk")


def watched_ever(
    viewer: Viewer, *, office: Office | None = None, organisation: Organisation | None = None
) -> QuerySet[Supervision]:
    """Which units the office ever watched by name, or which offices ever watched the unit: those of today first."""
    rows = (
        Supervision.objects.filter(office=office) if office else Supervision.objects.filter(organisation=organisation)
    )
    return rows.select_related("office", "organisation").order_by(_ended_last(), "-since", "pk")


def links_ever(
    viewer: Viewer, *, organisation: Organisation | None = None, leader: Person | None = None
) -> QuerySet[Link]:
    """Which leaders were ever linked (挂钩) to the unit, or to which units the leader was: those of today first."""
    rows = Link.objects.filter(organisation=organisation) if organisation else Link.objects.filter(leader=leader)
    return rows.select_related("leader", "organisation").order_by(_ended_last(), "-since", "pk")


def _ended_last() -> Case:
    return Case(When(in_force(today()), then=0), default=1)
