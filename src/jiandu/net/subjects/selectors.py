"""What a unit was called, under whom and led by whom on a day; which unit or person a name in a sheet means."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.tree import WIDTH, subtree_q
from jiandu.net.subjects.models import Charge, Organisation, OrganisationVersion, Person, Post, Region, in_force
from jiandu.net.subjects.names import name_key, person_name

SEPARATORS = "/\\>-—·"  # between a unit and the one above it: 集美区/杏滨街道/西滨社区
PICKED = 20
FAR = 4


@dataclass(frozen=True)
class OrganisationAsOf:
    """A unit as it was on a day."""

    organisation: Organisation
    name: str
    parent: Organisation | None
    day: date


def organisations(
    viewer: Viewer, *, on: date | None = None, under: Organisation | None = None
) -> QuerySet[Organisation]:
    """Units in the order of the tree as it is now; those that existed on a day, those at or below a unit."""
    rows = Organisation.objects.all() if on is None else Organisation.objects.filter(in_force(on))
    return (rows if under is None else rows.filter(subtree_q("path", under.path))).order_by("path")


def regions(viewer: Viewer, *, under: Region | None = None) -> QuerySet[Region]:
    """Divisions in the order of the tree; those at or below one."""
    rows = Region.objects.all() if under is None else Region.objects.filter(subtree_q("path", under.path))
    return rows.order_by("code")


def organisation_as_of(viewer: Viewer, organisation: Organisation, day: date) -> OrganisationAsOf | None:
    """The unit's name and the unit above it on that day; None where it did not exist."""
    version = organisation.versions.filter(in_force(day)).select_related("parent").first()
    return OrganisationAsOf(organisation, version.name, version.parent, day) if version else None


def history(viewer: Viewer, organisation: Organisation) -> QuerySet[OrganisationVersion]:
    """The unit's versions, the latest first."""
    return organisation.versions.select_related("parent").order_by("-since")


def posts_on(viewer: Viewer, organisation: Organisation, day: date) -> QuerySet[Post]:
    """Who held a post in the unit on that day: heads, then team, key posts, others."""
    rows = Post.objects.filter(in_force(day), organisation=organisation).select_related("person")
    return rows.order_by(_rank("kind", Post.Kind.values), "since", "pk")


def posts_of(viewer: Viewer, person: Person, day: date) -> QuerySet[Post]:
    """The posts that the person held on that day."""
    return Post.objects.filter(in_force(day), person=person).select_related("organisation").order_by("since", "pk")


def is_key_few(viewer: Viewer, person: Person, day: date) -> bool:
    """Whether the person belonged to the 关键少数 (head or member of a leading team) on that day."""
    return Post.objects.filter(in_force(day), person=person, kind__in=Post.KEY_FEW).exists()


def leaders_in_charge(viewer: Viewer, organisation: Organisation, day: date) -> QuerySet[Person]:
    """The leaders in charge (分管) of the unit on that day."""
    charges = Charge.objects.filter(in_force(day), organisation=organisation)
    return Person.objects.filter(pk__in=charges.values("leader_id")).order_by("pk")


def find_organisation(viewer: Viewer, name: str, *, on: date) -> Organisation | None:
    """The unit that a name means on that day: its name then, else an earlier or later one, else a name that begins with
    those of units above it (杏滨街道西滨社区). None where there is none.

    Refused where several units bear the name, with where they stand, so that the writer can add it.
    """
    key = name_key(name)
    versions = OrganisationVersion.objects.filter(name_key__in=_tails(key)).select_related("organisation")
    by_length: dict[int, list[OrganisationVersion]] = {}
    for version in versions.order_by("-since", "pk"):
        by_length.setdefault(len(version.name_key), []).append(version)
    for length in sorted(by_length, reverse=True):
        meant = by_length[length]
        if length < len(key):
            meant = [version for version in meant if _stands_below(version.organisation, key[:-length])]
        then = [version for version in meant if _holds(version, on)]
        units = list({version.organisation_id: version.organisation for version in then or meant}.values())
        if units:
            return _only(units, name)
    return None


def find_person(viewer: Viewer, name: str, *, organisation: Organisation | None, on: date) -> Person | None:
    """The person of that name with a post in the unit (in any, given None) on that day, else at any time.

    None where there is none. Refused where namesakes cannot be told apart.
    """
    rows = Person.objects.filter(name=person_name(name))
    if organisation is not None:
        rows = rows.filter(posts__organisation=organisation)
    people = list(rows.distinct().order_by("pk"))
    if len(people) > 1:
        posts = Post.objects.filter(in_force(on), person__in=people)
        if organisation is not None:
            posts = posts.filter(organisation=organisation)
        then = set(posts.values_list("person_id", flat=True))
        people = [person for person in people if person.pk in then] or people
    if len(people) > 1:
        raise Refused("several-persons", _("有%(count)d人叫“%(name)s”，无法区分"), count=len(people), name=name)
    return people[0] if people else None


def search_organisations(
    viewer: Viewer, text: str, *, on: date, under: Organisation | None = None, limit: int = PICKED
) -> list[Organisation]:
    """Units for a picker: those whose name of that day has the text's characters in order (集美教育 → 集美区教育局).

    Best first: the same, beginning so, containing it, having its characters; then the shorter name. No pinyin.
    """
    key = name_key(text)
    if not key:
        return list(organisations(viewer, on=on, under=under)[:limit])
    rows = OrganisationVersion.objects.filter(in_force(on)).select_related("organisation")
    if under is not None:
        rows = rows.filter(subtree_q("organisation__path", under.path))
    for character in dict.fromkeys(key[:PICKED]):
        rows = rows.filter(name_key__contains=character)
    found = [row for row in rows if _distance(key, row.name_key) < FAR]
    found.sort(key=lambda row: (_distance(key, row.name_key), len(row.name_key), row.organisation.path))
    return [row.organisation for row in found[:limit]]


def _distance(key: str, name: str) -> int:
    """0 the same name, 1 begins so, 2 contains it, 3 has its characters in order, FAR not at all."""
    letters = iter(name)
    tests = (name == key, name.startswith(key), key in name, all(letter in letters for letter in key))
    return next((place for place, holds in enumerate(tests) if holds), FAR)


def _tails(key: str) -> list[str]:
    """The name, and each shorter end of it of two characters or more."""
    return [key] + [key[start:] for start in range(1, len(key) - 1)]


def _holds(version: OrganisationVersion, day: date) -> bool:
    return version.since <= day and (version.until is None or day <= version.until)


def _stands_below(unit: Organisation, head: str) -> bool:
    """Whether `head` is made of names of units above this one, the nearest last; some may be left out."""
    paths = [unit.path[:end] for end in range(WIDTH, len(unit.path), WIDTH)]
    above = Organisation.objects.filter(path__in=paths).order_by("-path").values_list("name", flat=True)
    head = head.rstrip(SEPARATORS)
    for name in above:
        head = head.removesuffix(name_key(name)).rstrip(SEPARATORS)
    return not head


def _only(units: list[Organisation], name: str) -> Organisation:
    if len(units) > 1:
        above = Organisation.objects.filter(children__in=units).order_by("path")
        where = "、".join(above.values_list("name", flat=True))
        words = _("有%(count)d个单位叫“%(name)s”，请写明上级单位：%(where)s")
        raise Refused("several-units", words, count=len(units), name=name, where=where)
    return units[0]


def _rank(field: str, values: list[str]) -> Case:
    """Orders by the place of the field's value in the list."""
    return Case(*(When(**{field: value}, then=place) for place, value in enumerate(values)), default=len(values))


def organisation_by_uid(uid: UUID) -> Organisation | None:
    """The unit, if there is one."""
    return Organisation.objects.filter(uid=uid).first()
