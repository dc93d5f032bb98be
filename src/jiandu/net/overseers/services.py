"""Writing the net itself: offices, who serves in them, which units they watch, which leader is linked to which."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User
from jiandu.base.audit.services import record
from jiandu.base.core import guard, places, tree
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.models import Link, Office, Officer, Supervision
from jiandu.net.subjects.endings import end_all, end_what_hangs_on, when_ended
from jiandu.net.subjects.models import Organisation, Person
from jiandu.net.subjects.names import person_name, tidy
from jiandu.net.subjects.periods import check_free, check_life, check_order, end
from jiandu.net.subjects.services import register_person


@dataclass(frozen=True)
class NewOffice:
    """What an office is opened with. `since` None: it was always there."""

    name: str
    kind: Office.Kind
    parent: Office | None = None
    since: date | None = None


@dataclass(frozen=True)
class NewOfficer:
    """Who begins to serve where. The account may come later (give_account)."""

    person: Person
    office: Office
    since: date
    duty: str = ""
    user: User | None = None
    until: date | None = None


@transaction.atomic
def open_office(*, new: NewOffice, by: Viewer) -> Office:
    """Enter a body of the net. Names are unique in the city, so that a sheet can name an office."""
    if new.parent is not None:
        _open(_locked(new.parent))
    _allowed(by)
    name = _office_name(new.name)
    office = Office.objects.create(name=name, kind=new.kind, parent=new.parent, since=new.since)
    tree.place(office)
    record(by, "office.open", office, payload={"name": name, "parent": str(new.parent.uid) if new.parent else None})
    return office


@transaction.atomic
def rename_office(*, office: Office, name: str, by: Viewer) -> Office:
    """The office is called `name` from now on; the log keeps what it was called."""
    office = _locked(office)
    _allowed(by)
    _open(office)
    earlier, office.name = office.name, _office_name(name, but=office)
    office.save(update_fields=["name"])
    record(by, "office.rename", office, payload={"from": earlier, "to": office.name})
    return office


@transaction.atomic
def move_office(*, office: Office, parent: Office | None, by: Viewer) -> Office:
    """Hang the office, with all below it, under another. Refused for a cycle.

    Records of these offices carry the new paths, so that scope is right from the next statement on.
    """
    places.hold_alone()
    office = _locked(office)
    _allowed(by)
    _open(office)
    if parent is not None:
        _open(parent)
    earlier = office.path
    moved = tree.move(office, parent)
    payload = {"from_path": earlier, "to_path": office.path, "parent": str(parent.uid) if parent else None}
    record(by, "office.move", office, payload=payload | {"records": moved})
    return office


@transaction.atomic
def close_office(*, office: Office, until: date, by: Viewer) -> Office:
    """The office exists up to and including `until`; supervisions, services and rights that still hold end with it.

    Refused while offices below it go on, while it has open records (access.closing.retire_office hands them over), and
    where a supervision or service begins later.
    """
    office = _locked(office)
    _allowed(by)
    _open(office)
    if office.since is not None:
        check_order(office.since, until)
    if until > today():
        raise Refused("not-in-future", _("日期不能晚于今天"))
    later = Q(until__isnull=True) | Q(until__gt=until)
    if Office.objects.filter(later, parent=office).exists():
        raise Refused("office-has-children", _("“%(name)s”还有下级机构，应先划转或撤销"), name=office.name)
    supervisions, services = office.supervisions.filter(later), office.officers.filter(later)
    if supervisions.filter(since__gt=until).exists() or services.filter(since__gt=until).exists():
        raise Refused("period-in-order", _("结束日期不能早于起始日期"))
    for officer in services:
        end_what_hangs_on(officer, until, by)
    end_what_hangs_on(office, until, by)
    supervisions.update(until=until)
    services.update(until=until)
    office.until = until
    office.save(update_fields=["until"])
    record(by, "office.close", office, payload={"until": until.isoformat()})
    return office


@transaction.atomic
def supervise(*, office: Office, organisation: Organisation, since: date, by: Viewer) -> Supervision:
    """The office watches the unit (and what stands below it) from a day on."""
    office = _locked(office)
    _allowed(by)
    _open(office)
    check_life(organisation, since)
    check_free(Supervision.objects.filter(office=office, organisation=organisation), since, None)
    supervision = Supervision.objects.create(office=office, organisation=organisation, since=since)
    record(by, "supervision.begin", office, payload={"unit": str(organisation.uid), "since": since.isoformat()})
    return supervision


@transaction.atomic
def end_supervision(*, supervision: Supervision, until: date, by: Viewer) -> Supervision:
    """The office watched the unit up to and including `until`."""
    supervision = (
        Supervision.objects.select_for_update(of=("self",))
        .select_related("office", "organisation")
        .get(pk=supervision.pk)
    )
    _allowed(by)
    end(supervision, until)
    payload = {"unit": str(supervision.organisation.uid), "until": until.isoformat()}
    record(by, "supervision.end", supervision.office, payload=payload)
    return supervision


@transaction.atomic
def enlist(*, new: NewOfficer, by: Viewer) -> Officer:
    """A person serves in an office from a day on. An account belongs to one person only."""
    office = _locked(new.office)
    _allowed(by)
    if new.until is None or (office.until is not None and new.until > office.until):
        _open(office)
    check_order(new.since, new.until)
    check_free(Officer.objects.filter(person=new.person, office=office), new.since, new.until)
    if new.user is not None:
        _account_free(new.user, new.person)
    officer = Officer.objects.create(
        person=new.person,
        office=office,
        user=new.user,
        duty=tidy(new.duty),
        since=new.since,
        until=new.until,
    )
    record(by, "officer.enlist", officer, payload={"office": str(office.uid), "since": new.since.isoformat()})
    return officer


@transaction.atomic
def officer_named(*, name: str, by: Viewer, is_another: bool = False) -> Person:
    """The officer of that name, wherever he serves or served; else a new person.

    Refused where the name is that of several, or of somebody who never served, unless it `is_another`.
    """
    _allowed(by)
    people = list(Person.objects.filter(name=person_name(name)).order_by("pk"))
    served = {row.person_id for row in Officer.objects.filter(person__in=people)}
    if is_another or not people:
        return register_person(name=name, by=by)
    if len(served) == 1:
        return next(person for person in people if person.pk in served)
    words = _("已有同名人员“%(name)s”:是同一人的,请在其人员页登记;是另一人的,请勾选“同名的另一人”")
    raise Refused("same-name-elsewhere", words, name=name)


@transaction.atomic
def give_account(*, officer: Officer, user: User, by: Viewer) -> Officer:
    """The officer signs in with this account from now on."""
    officer = Officer.objects.select_for_update(of=("self",)).select_related("person").get(pk=officer.pk)
    _allowed(by)
    _account_free(user, officer.person)
    officer.user = user
    officer.save(update_fields=["user"])
    record(by, "officer.give_account", officer, payload={"user": user.pk})
    return officer


@transaction.atomic
def end_service(*, officer: Officer, until: date, by: Viewer) -> Officer:
    """The person served in the office up to and including `until`; the rights that came with it end the same day."""
    officer = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
    _allowed(by)
    end(officer, until)
    end_what_hangs_on(officer, until, by)
    record(by, "officer.end", officer, payload={"until": until.isoformat()})
    return officer


@transaction.atomic
def link_leader(*, leader: Person, organisation: Organisation, since: date, by: Viewer) -> Link:
    """A commission leader is linked (挂钩) to the unit from a day on."""
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    _allowed(by)
    check_life(organisation, since)
    check_free(Link.objects.filter(leader=leader, organisation=organisation), since, None)
    link = Link.objects.create(leader=leader, organisation=organisation, since=since)
    record(by, "link.begin", organisation, payload={"leader": str(leader.uid), "since": since.isoformat()})
    return link


@transaction.atomic
def end_link(*, link: Link, until: date, by: Viewer) -> Link:
    """The leader was linked to the unit up to and including `until`."""
    link = Link.objects.select_for_update(of=("self",)).select_related("leader", "organisation").get(pk=link.pk)
    _allowed(by)
    end(link, until)
    record(by, "link.end", link.organisation, payload={"leader": str(link.leader.uid), "until": until.isoformat()})
    return link


def _unit_ends(unit: Organisation, until: date, by: Viewer) -> None:
    """A unit that is no more is neither watched nor linked."""
    ended = (
        end_all(Supervision.objects.filter(organisation=unit), until),
        end_all(Link.objects.filter(organisation=unit), until),
    )
    if any(ended):
        payload = {"supervisions": ended[0], "links": ended[1], "on": until.isoformat()}
        record(by, "organisation.ties_end", unit, payload=payload)


def follow_endings() -> None:
    """Called once, when the models are ready."""
    when_ended(Organisation, _unit_ends)


def _allowed(by: Viewer) -> None:
    if not guard.allow(by, "edit", Office):
        raise Refused("not-allowed", _("您没有维护监督机构的权限"))


def _office_name(text: str, but: Office | None = None) -> str:
    name = tidy(text)
    if not 2 <= len(name) <= 128:
        raise Refused("office-name", _("机构名称应为2至128个字"))
    if Office.objects.filter(name=name).exclude(pk__in=[but.pk] if but else []).exists():
        raise Refused("office-exists", _("已有机构“%(name)s”"), name=name)
    return name


def _locked(office: Office) -> Office:
    return Office.objects.select_for_update(of=("self",)).select_related("parent").get(pk=office.pk)


def _open(office: Office) -> None:
    if office.until is not None:
        raise Refused("already-ended", _("“%(name)s”已撤销"), name=office.name)


def _account_free(user: User, person: Person) -> None:
    if Officer.objects.filter(user=user).exclude(person=person).exists():
        raise Refused("account-taken", _("账号“%(name)s”已属于另一干部"), name=user.username)
