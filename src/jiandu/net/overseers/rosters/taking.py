"""One row of a roster sheet done as the directory's own acts do it. Gives what it did and which cells differ.

What needs a day and a paper of its own (a unit that is called otherwise or stands elsewhere, a post from another day) is
a conflict: nothing is written, an officer does it on the page.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import plain_code
from jiandu.net.overseers import services as net
from jiandu.net.overseers.models import Link, Office, Supervision
from jiandu.net.overseers.rosters.books import POSTS_BOOK, TIES_BOOK, UNITS, post_kind
from jiandu.net.subjects import services as subjects
from jiandu.net.subjects.models import Charge, Organisation, Period, Person, Post, Region, in_force
from jiandu.net.subjects.selectors import find_organisation, find_person, find_region


def _unit(line: Line, key: str, by: Viewer) -> Organisation:
    """The unit that a cell names. Raises CellRefused where none or several do, or it is no more."""
    name = line.text(key)
    with at(key):
        unit = find_organisation(by, name, on=today())
        if unit is None:
            raise Refused("no-unit", _("没有叫“%(name)s”的单位"), name=name)
        if unit.until is not None:
            raise Refused("already-ended", _("“%(name)s”已撤销"), name=unit.name)
        return unit


def _region(line: Line, by: Viewer) -> Region | None:
    text = line.text("region")
    if not text:
        return None
    with at("region"):
        region = find_region(by, text)
        if region is None:
            raise Refused("no-region", _("没有代码或名称为“%(name)s”的区划"), name=text)
        return region


def take_unit(line: Line, by: Viewer) -> Taken:
    """A unit by its credit code, else by its name: registered, or its facts completed and corrected."""
    code = plain_code(line.text("code"))
    known = Organisation.objects.filter(credit_code=code, until__isnull=True).first() if code else None
    parent = _unit(line, "parent", by) if line.text("parent") else None
    if known is None:
        known = _named(line, parent, by)
    region = _region(line, by)
    if known is None:
        new = subjects.NewOrganisation(name=line.text("name"), parent=parent, since=line.on("since"))
        facts = {"credit_code": code, "region": region, "kind": line.text("kind"), "authority": line.text("authority")}
        subjects.register_organisation(new=_with(new, facts), by=by)
        return Taken("create")
    return _corrected(line, known, parent, region, by)


def _named(line: Line, parent: Organisation | None, by: Viewer) -> Organisation | None:
    name = line.text("name")
    if parent is not None:
        return Organisation.objects.filter(name=name, parent=parent, until__isnull=True).first() or (
            Organisation.objects.filter(name=name, until__isnull=True).first()
        )
    return find_organisation(by, name, on=today())


def _with(new: Any, facts: dict[str, Any]) -> Any:
    """The same with what the sheet says; what it leaves empty keeps its default."""
    return replace(new, **{name: value for name, value in facts.items() if value})


def _corrected(line: Line, unit: Organisation, parent: Organisation | None, region: Region | None, by: Viewer) -> Taken:
    if unit.until is not None:
        raise CellRefused("name", Refused("already-ended", _("“%(name)s”已撤销"), name=unit.name))
    moved = []
    if unit.name != line.text("name") and plain_code(line.text("code")):
        moved.append(("name", unit.name, line.text("name")))
    if parent is not None and unit.parent_id != parent.pk:
        moved.append(("parent", str(unit.parent or ""), parent.name))
    if moved:
        return Taken("conflict", tuple(moved))
    said = {"kind": line.text("kind"), "authority": line.text("authority"), "code": plain_code(line.text("code"))}
    held = {"kind": unit.kind, "authority": unit.authority, "code": unit.credit_code}
    cells = [(name, held[name], value) for name, value in said.items() if value and value != held[name]]
    if region is not None and unit.region_id != region.pk:
        cells.append(("region", str(unit.region or ""), str(region)))
    if not cells:
        return Taken("unchanged")
    facts = subjects.Facts(
        kind=said["kind"] or unit.kind,
        authority=said["authority"] or unit.authority,
        region=region or unit.region,
        credit_code=said["code"] or unit.credit_code,
    )
    subjects.correct_organisation(organisation=unit, facts=facts, by=by)
    return Taken("update", tuple(cells))


def take_post(line: Line, by: Viewer) -> Taken:
    """A person's post in a unit: entered, its mark corrected, or ended where the sheet says until when."""
    unit, since, until = _unit(line, "unit", by), line.on("since") or today(), line.on("until")
    kind, title = post_kind(line), line.text("title")
    person = _person(line, unit, by)
    held = Post.objects.filter(organisation=unit, person=person, title=title).order_by("-since") if person else None
    post = next((one for one in held or [] if one.since == since), None)
    if post is None and held and (last := held.filter(in_force(today())).first()):
        return Taken("conflict", (("since", last.since.isoformat(), since.isoformat()),))
    if post is None:
        person = person or subjects.person_in(name=line.text("name"), organisation=unit, by=by)
        new = subjects.NewPost(person=person, organisation=unit, title=title, since=since, until=until)
        subjects.appoint(new=_with(new, {"kind": kind}), by=by)
        return Taken("create")
    cells = [("kind", str(post.kind), kind)] if kind and kind != post.kind else []
    if cells:
        subjects.mark_post(post=post, kind=kind, by=by)
    return _ended(post, until, cells, lambda: subjects.end_post(post=post, until=until or today(), by=by))


def _person(line: Line, unit: Organisation, by: Viewer) -> Person | None:
    with at("name"):
        return find_person(by, line.text("name"), organisation=unit, on=today())


def _ended(row: Period, until: Any, cells: list[tuple[str, str, str]], end: Callable[[], Any]) -> Taken:
    """What is left to say of a period that is there: when it ended."""
    if until is not None and row.until is None:
        end()
        cells.append(("until", "", until.isoformat()))
    elif until is not None and row.until != until:
        return Taken("conflict", (("until", row.until.isoformat() if row.until else "", until.isoformat()),))
    return Taken("update", tuple(cells)) if cells else Taken("unchanged")


def take_tie(line: Line, by: Viewer) -> Taken:
    """An office watches, a leader is in charge of, or is linked to, a unit."""
    unit, since, until = _unit(line, "unit", by), line.on("since") or today(), line.on("until")
    who, held, begin, end = _tie(line, unit, by)
    row = held.filter(since=since).first()
    if row is None and (last := held.filter(in_force(today())).first()):
        return Taken("conflict", (("since", last.since.isoformat(), since.isoformat()),))
    if row is not None:
        return _ended(row, until, [], lambda: end(row, until))
    made = begin(who, since)
    if until is not None:
        end(made, until)
    return Taken("create")


def _tie(line: Line, unit: Organisation, by: Viewer) -> tuple[Any, Any, Any, Any]:
    """(who, the ties of that kind between the two, how one begins, how one ends)."""
    if line.text("tie") == "watch":
        office = Office.objects.filter(name=line.text("who")).first()
        if office is None:
            raise CellRefused("who", Refused("no-office", _("没有叫“%(name)s”的监督机构"), name=line.text("who")))
        return (
            office,
            Supervision.objects.filter(office=office, organisation=unit),
            lambda who, since: net.supervise(office=who, organisation=unit, since=since, by=by),
            lambda row, until: net.end_supervision(supervision=row, until=until, by=by),
        )
    leader = _leader(line, by)
    if line.text("tie") == "charge":
        return (
            leader,
            Charge.objects.filter(leader=leader, organisation=unit),
            lambda who, since: subjects.put_in_charge(leader=who, organisation=unit, since=since, by=by),
            lambda row, until: subjects.end_charge(charge=row, until=until, by=by),
        )
    return (
        leader,
        Link.objects.filter(leader=leader, organisation=unit),
        lambda who, since: net.link_leader(leader=who, organisation=unit, since=since, by=by),
        lambda row, until: net.end_link(link=row, until=until, by=by),
    )


def _leader(line: Line, by: Viewer) -> Person:
    """The leader of that name: the only person so called who serves, leads or has a post; else a new one."""
    named = Person.objects.filter(name=line.text("who"))
    busy = named.filter(pk__in=Charge.objects.values("leader_id")) | named.filter(
        pk__in=Link.objects.values("leader_id")
    )
    people = list(busy.distinct()[:2])
    if len(people) == 1:
        return people[0]
    with at("who"):
        return named.get() if named.count() == 1 else net.officer_named(name=line.text("who"), by=by)


def _in_order(lines: list[Line]) -> Iterator[Line]:
    """A unit comes after the one it stands under, wherever the sheet has them."""
    waiting = {line.text("name") for line in lines}
    left = list(lines)
    while left:
        ready = [
            line for line in left if line.text("parent") not in waiting or line.text("parent") == line.text("name")
        ]
        ready = ready or left  # a circle: the services say so
        yield from ready
        done = {id(line) for line in ready}
        left = [line for line in left if id(line) not in done]
        waiting = {line.text("name") for line in left}


DENIED = _("您没有维护单位档案的权限")
_KEPT: dict[str, Any] = {"model": Organisation, "log": "roster", "verb": "edit", "denied": DENIED}
REGISTERS = (
    Register(UNITS, take=singly(take_unit), main="name", order=_in_order, **_KEPT),
    Register(POSTS_BOOK, take=singly(take_post), main="name", **_KEPT),
    Register(TIES_BOOK, take=singly(take_tie), main="who", **_KEPT),
)
