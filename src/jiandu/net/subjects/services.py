"""Writing the directory of who is supervised. Every change of a unit's name or parent is a version with its dates."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit.services import record
from jiandu.base.core import guard, places, tree
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import credit_code_problem, plain_code
from jiandu.net.subjects.divisions import load_divisions as load_divisions
from jiandu.net.subjects.endings import end_what_hangs_on
from jiandu.net.subjects.models import (
    BEGINNING,
    Charge,
    Organisation,
    OrganisationVersion,
    Period,
    Person,
    Post,
    Region,
)
from jiandu.net.subjects.names import name_key, person_name, tidy
from jiandu.net.subjects.periods import begin_version, check_free, check_life, check_name_free, check_order, end
from jiandu.net.subjects.selectors import find_person

SHOWN = 3


@dataclass(frozen=True)
class NewOrganisation:
    """What a unit is registered with. `since` None: its founding is not known, it was always there."""

    name: str
    kind: Organisation.Kind = Organisation.Kind.ORGAN
    authority: Organisation.Authority = Organisation.Authority.CITY
    parent: Organisation | None = None
    region: Region | None = None
    credit_code: str = ""
    since: date | None = None


@dataclass(frozen=True)
class NewPost:
    """Who takes up which post. `until` is known only for posts of the past."""

    person: Person
    organisation: Organisation
    title: str
    since: date
    kind: Post.Kind = Post.Kind.STAFF
    until: date | None = None


@transaction.atomic
def register_organisation(*, new: NewOrganisation, by: Viewer) -> Organisation:
    """Enter a unit, with the first version of its history. Refused for a name that its parent's units have already."""
    _allowed(by)
    if new.parent is not None and _locked(new.parent).until is not None:
        raise Refused("already-ended", _("“%(name)s”已撤销"), name=new.parent.name)
    name, code = _unit_name(new.name), _credit_code(new.credit_code)
    check_name_free(name, new.parent, new.since or BEGINNING)
    unit = Organisation.objects.create(
        name=name,
        kind=new.kind,
        authority=new.authority,
        parent=new.parent,
        region=new.region,
        credit_code=code,
        since=new.since,
    )
    tree.place(unit)
    OrganisationVersion.objects.create(
        organisation=unit, name=name, name_key=name_key(name), parent=new.parent, since=new.since or BEGINNING
    )
    record(by, "organisation.register", unit, payload={"name": name, "parent": _uid(new.parent)})
    return unit


@transaction.atomic
def rename_organisation(
    *, organisation: Organisation, name: str, on: date, by: Viewer, document: str = ""
) -> Organisation:
    """The unit is called `name` from `on`, by that document; the same day again corrects a slip. Refused before its last change."""
    unit = _locked(organisation)
    _allowed(by)
    name, earlier = _unit_name(name), unit.name
    if name == earlier:
        raise Refused("same-name", _("名称没有变化"))
    parent: Any = unit.parent  # mypy takes it for a TreeModel or an Organisation, by the order of its work
    check_name_free(name, parent, on, but=unit)
    document = tidy(document)
    begin_version(unit, on, name=name, parent=parent, document=document)
    unit.name = name
    unit.save(update_fields=["name"])
    payload = {"from": earlier, "to": name, "on": on.isoformat(), "document": document}
    record(by, "organisation.rename", unit, payload=payload)
    return unit


@transaction.atomic
def move_organisation(
    *, organisation: Organisation, parent: Organisation | None, on: date, by: Viewer, document: str = ""
) -> Organisation:
    """The unit, with all below it, stands under `parent` from `on`. Raises as rename_organisation, and for a cycle.

    Records about these units carry the new paths, so that scope is right from the next statement on.
    """
    places.hold_alone()
    unit = _locked(organisation)
    _allowed(by)
    if unit.parent == parent:
        raise Refused("same-parent", _("上级单位没有变化"))
    check_name_free(unit.name, parent, on, but=unit)
    document = tidy(document)
    begin_version(unit, on, name=unit.name, parent=parent, document=document)
    earlier = unit.path
    moved = tree.move(unit, parent)
    payload = {"from_path": earlier, "to_path": unit.path, "parent": _uid(parent), "on": on.isoformat()}
    record(by, "organisation.move", unit, payload=payload | {"document": document, "records": moved})
    return unit


@transaction.atomic
def close_organisation(
    *, organisation: Organisation, until: date, by: Viewer, into: Organisation | None = None, document: str = ""
) -> Organisation:
    """The unit exists up to and including `until`; posts, charges, ties and its operators' rights end with it.

    `into` is the unit that took over (撤并). Refused while units below it go on, and where its history or a post begins later.
    """
    unit = _locked(organisation)
    _allowed(by)
    if unit.until is not None:
        raise Refused("already-ended", _("“%(name)s”已撤销"), name=unit.name)
    if until > today():
        raise Refused("not-in-future", _("日期不能晚于今天"))
    if into is not None and (into.pk == unit.pk or into.until is not None):
        raise Refused("merged-into", _("请选择另一个没有撤销的单位"))
    later = Q(until__isnull=True) | Q(until__gt=until)
    if Organisation.objects.filter(later, parent=unit).exists():
        raise Refused("unit-has-children", _("“%(name)s”还有下级单位，应先划转或撤销"), name=unit.name)
    held: tuple[QuerySet[Period], ...] = (
        unit.versions.filter(later),
        unit.posts.filter(later),
        unit.charges.filter(later),
    )
    if any(rows.filter(since__gt=until).exists() for rows in held):
        raise Refused("history-in-order", _("撤销日期早于沿革或任职的起始日期"))
    end_what_hangs_on(unit, until, by)
    unit.versions.filter(later).update(ended_by=tidy(document))
    for rows in held:
        rows.update(until=until)
    unit.until, unit.merged_into = until, into
    unit.save(update_fields=["until", "merged_into"])
    payload = {"until": until.isoformat(), "into": _uid(into), "document": tidy(document)}
    record(by, "organisation.close", unit, payload=payload)
    return unit


@dataclass(frozen=True)
class Facts:
    """What a unit is, apart from its name and place: corrected without a new version."""

    kind: str
    authority: str
    region: Region | None
    credit_code: str


@transaction.atomic
def correct_organisation(*, organisation: Organisation, facts: Facts, by: Viewer) -> Organisation:
    """Its nature, management authority (管理权限), division, credit code. The log keeps what they were."""
    unit = _locked(organisation)
    _allowed(by)
    before = _described(unit)
    unit.kind = Organisation.Kind(facts.kind)
    unit.authority = Organisation.Authority(facts.authority)
    unit.region, unit.credit_code = facts.region, _credit_code(facts.credit_code, but=unit)
    after = _described(unit)
    if after == before:
        raise Refused("nothing-changed", _("没有更改任何内容"))
    unit.save(update_fields=["kind", "authority", "region", "credit_code"])
    record(by, "organisation.correct", unit, payload={"from": before, "to": after})
    return unit


@transaction.atomic
def register_person(*, name: str, by: Viewer) -> Person:
    """Enter a person. Namesakes are different persons: look for the person first (selectors.find_person)."""
    _allowed(by)
    person = Person.objects.create(name=_person_name(name))
    record(by, "person.register", person)
    return person


@transaction.atomic
def rename_person(*, person: Person, name: str, by: Viewer) -> Person:
    """Correct a person's name, or take over a new one."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    _allowed(by)
    person.name = _person_name(name)
    person.save(update_fields=["name"])
    record(by, "person.rename", person)
    return person


@transaction.atomic
def person_in(*, name: str, organisation: Organisation, by: Viewer, is_another: bool = False) -> Person:
    """The person of that name who holds or held a post in the unit; else a new one.

    Refused where persons of that name are known elsewhere, saying where, unless it `is_another`.
    """
    _allowed(by)
    if is_another:
        return register_person(name=name, by=by)
    person = find_person(by, name, organisation=organisation, on=today())
    if person is not None:
        return person
    elsewhere = Post.objects.filter(person__name=person_name(name)).select_related("organisation").order_by("-since")
    known = "、".join(dict.fromkeys(f"{post.organisation.name}{post.title}" for post in elsewhere[:SHOWN]))
    if known or Person.objects.filter(name=person_name(name)).exists():
        words = _("已有同名人员“%(name)s”(%(known)s):是同一人的,请在其人员页登记任职;是另一人的,请勾选“同名的另一人”")
        raise Refused("same-name-elsewhere", words, name=name, known=known or _("未登记任职"))
    return register_person(name=name, by=by)


@transaction.atomic
def appoint(*, new: NewPost, by: Viewer) -> Post:
    """A person holds a post in a unit from a day on. Refused twice at the same time, and outside the unit's life."""
    unit = _locked(new.organisation)
    _allowed(by)
    title = tidy(new.title)
    if not title:
        raise Refused("post-incomplete", _("应填写职务"))
    check_order(new.since, new.until)
    check_life(unit, new.since, new.until)
    check_free(Post.objects.filter(person=new.person, organisation=unit, title=title), new.since, new.until)
    post = Post.objects.create(
        person=new.person, organisation=unit, title=title, kind=new.kind, since=new.since, until=new.until
    )
    record(by, "post.appoint", post, payload={"unit": _uid(unit), "since": new.since.isoformat()})
    return post


@transaction.atomic
def end_post(*, post: Post, until: date, by: Viewer) -> Post:
    """The person held the post up to and including `until`."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    _allowed(by)
    end(post, until)
    record(by, "post.end", post, payload={"until": until.isoformat()})
    return post


@transaction.atomic
def mark_post(*, post: Post, kind: str, by: Viewer) -> Post:
    """Corrects what a post counts as (一把手, 班子成员, 重点岗位). The log keeps what it was."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    _allowed(by)
    earlier, post.kind = post.kind, Post.Kind(kind)
    post.save(update_fields=["kind"])
    record(by, "post.correct", post, payload={"from": earlier, "to": post.kind})
    return post


@transaction.atomic
def put_in_charge(*, leader: Person, organisation: Organisation, since: date, by: Viewer) -> Charge:
    """The leader is in charge (分管) of the unit from a day on."""
    unit = _locked(organisation)
    _allowed(by)
    check_life(unit, since)
    check_free(Charge.objects.filter(leader=leader, organisation=unit), since, None)
    charge = Charge.objects.create(leader=leader, organisation=unit, since=since)
    record(by, "charge.begin", unit, payload={"leader": _uid(leader), "since": since.isoformat()})
    return charge


@transaction.atomic
def end_charge(*, charge: Charge, until: date, by: Viewer) -> Charge:
    """The leader was in charge of the unit up to and including `until`."""
    charge = Charge.objects.select_for_update().select_related("organisation", "leader").get(pk=charge.pk)
    _allowed(by)
    end(charge, until)
    record(by, "charge.end", charge.organisation, payload={"leader": _uid(charge.leader), "until": until.isoformat()})
    return charge


def _allowed(by: Viewer) -> None:
    if not guard.allow(by, "edit", Organisation):
        raise Refused("not-allowed", _("您没有维护单位档案的权限"))


def _locked(unit: Organisation) -> Organisation:
    return Organisation.objects.select_for_update(of=("self",)).select_related("parent").get(pk=unit.pk)


def _unit_name(text: str) -> str:
    name = tidy(text)
    if not 2 <= len(name) <= 128:
        raise Refused("unit-name", _("单位名称应为2至128个字"))
    return name


def _person_name(text: str) -> str:
    name = person_name(text)
    if not 1 <= len(name) <= 64:
        raise Refused("person-name", _("姓名应为1至64个字"))
    return name


def _described(unit: Organisation) -> dict[str, str]:
    region = unit.region.code if unit.region else ""
    return {"kind": unit.kind, "authority": unit.authority, "region": region, "credit_code": unit.credit_code}


def _credit_code(text: str, but: Organisation | None = None) -> str:
    code = plain_code(text)
    problem = credit_code_problem(code) if code else None
    if problem:
        raise Refused("credit-code", problem)
    same = Organisation.objects.filter(credit_code=code, until__isnull=True).exclude(pk__in=[but.pk] if but else [])
    if code and same.exists():
        raise Refused("credit-code-taken", _("统一社会信用代码%(code)s已属于另一单位"), code=code)
    return code


def _uid(thing: Organisation | Person | None) -> str | None:
    return str(thing.uid) if thing is not None else None
