"""What a unit was called, under whom and led by whom on a day; which unit or person a name in a sheet means."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, Prefetch, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import plain_code
from jiandu.base.core.tree import WIDTH, subtree_q
from jiandu.net.subjects.models import (
    Charge,
    Organisation,
    OrganisationVersion,
    Person,
    Post,
    Region,
    RegionOutline,
    in_force,
)
from jiandu.net.subjects.names import name_key, person_name, tidy
from jiandu.net.subjects.outlines import Rings, unpacked

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


def organisations_by_pk(viewer: Viewer, keys: Collection[int]) -> dict[int, Organisation]:
    """The units with these keys, by key."""
    return Organisation.objects.in_bulk(list(keys)) if keys else {}


def units_listed(viewer: Viewer, *, with_closed: bool = False, kind: str = "") -> QuerySet[Organisation]:
    """The units in the order of the tree, each with the one above it."""
    rows = organisations(viewer) if with_closed else organisations(viewer, on=today())
    return (rows.filter(kind=kind) if kind else rows).select_related("parent")


def find_units(viewer: Viewer, text: str, *, limit: int) -> list[Organisation]:
    """Units by what they are or were called, or by their credit code; those that are no more come last."""
    code = plain_code(text)
    coded = Organisation.objects.filter(credit_code__startswith=code).select_related("parent")[:limit]
    key = name_key(text)
    named = OrganisationVersion.objects.filter(name_key__contains=key) if key else OrganisationVersion.objects.none()
    found = Organisation.objects.filter(pk__in=named.values("organisation_id")).select_related("parent")
    rows = {unit.pk: unit for unit in [*(coded if len(code) > 3 else ()), *found.order_by("path")[: 4 * limit]]}
    ordered = sorted(rows.values(), key=lambda unit: (unit.until is not None, _distance(key, name_key(unit.name))))
    return ordered[:limit]


def earlier_names(viewer: Viewer, units: list[Organisation]) -> dict[int, list[str]]:
    """What the units were called before, by their key; the latest first."""
    found: dict[int, list[str]] = {}
    now = {unit.pk: unit.name for unit in units}
    for version in OrganisationVersion.objects.filter(organisation__in=units).order_by("-since"):
        names = found.setdefault(version.organisation_id, [])
        if version.name != now[version.organisation_id] and version.name not in names:
            names.append(version.name)
    return found


def children_of(viewer: Viewer, organisation: Organisation) -> QuerySet[Organisation]:
    """The units that stand directly below it today."""
    return Organisation.objects.filter(in_force(today()), parent=organisation).order_by("path")


def posts_ever(viewer: Viewer, organisation: Organisation) -> QuerySet[Post]:
    """Every post that was held in the unit: those held today first, heads first."""
    rows = Post.objects.filter(organisation=organisation).select_related("person")
    return rows.order_by(_ended_last(), _rank("kind", Post.Kind.values), "-since", "pk")


def charges_ever(
    viewer: Viewer, *, organisation: Organisation | None = None, leader: Person | None = None
) -> QuerySet[Charge]:
    """Who was ever in charge of the unit, or which units the leader ever was in charge of: those of today first."""
    rows = Charge.objects.filter(organisation=organisation) if organisation else Charge.objects.filter(leader=leader)
    return rows.select_related("leader", "organisation").order_by(_ended_last(), "-since", "pk")


def posts_of_person(viewer: Viewer, person: Person) -> QuerySet[Post]:
    """Every post that the person held: those of today first."""
    return Post.objects.filter(person=person).select_related("organisation").order_by(_ended_last(), "-since", "pk")


def people(viewer: Viewer, text: str = "") -> QuerySet[Person]:
    """Persons whose name holds the text, by name; each with the posts of today."""
    rows = Person.objects.filter(name__contains=person_name(text)) if text else Person.objects.all()
    posts = Post.objects.filter(in_force(today())).select_related("organisation").order_by("since", "pk")
    return rows.order_by("name", "pk").prefetch_related(Prefetch("posts", posts, to_attr="held"))


def person_by_uid(uid: UUID) -> Person | None:
    """The person, if there is one."""
    return Person.objects.filter(uid=uid).first()


def find_region(viewer: Viewer, text: str) -> Region | None:
    """The division with this code or name. None where there is none; Refused where several bear the name."""
    rows = list(Region.objects.filter(Q(code=text.strip()) | Q(name=tidy(text))).select_related("parent")[:PICKED])
    if len(rows) > 1:
        where = "、".join(f"{row.parent or ''}({row.code})" for row in rows)
        raise Refused("several-regions", _("有几个区划叫“%(name)s”,请填写代码:%(where)s"), name=text, where=where)
    return rows[0] if rows else None


def towns_under(viewer: Viewer, districts: Collection[int], on: date) -> list[Region]:
    """The towns and zones that stand directly under these districts on the day, by code."""
    kinds = (Region.Kind.TOWN, Region.Kind.ZONE)
    rows = Region.objects.filter(in_force(on), parent_id__in=list(districts), kind__in=kinds)
    return list(rows.select_related("parent").order_by("code"))


def outlines_of(viewer: Viewer, regions: Collection[int]) -> dict[int, Rings]:
    """Region key → its boundary, where the installation keeps one."""
    rows = RegionOutline.objects.filter(region_id__in=list(regions)) if regions else RegionOutline.objects.none()
    return {row.region_id: unpacked(row.rings) for row in rows}


def _ended_last() -> Case:
    return Case(When(in_force(today()), then=0), default=1)


def names_in(viewer: Viewer, text: str) -> list[str]:
    """The names of persons of the directory that stand in a text, the longest first."""
    names = Person.objects.order_by("name").values_list("name", flat=True).distinct().iterator(chunk_size=5000)
    return sorted((name for name in names if len(name) > 1 and name in text), key=len, reverse=True)
