"""A fictional net with one account a role: offices, units, people; built through services, never by hand."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from jiandu.base.accounts.models import User
from jiandu.base.accounts.services import open_account
from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.services import load_defaults
from jiandu.demo.crosscheck import tell_alerts
from jiandu.demo.keys import give_keys, open_portal
from jiandu.demo.notices import tell_notices
from jiandu.demo.petitions import tell_petitions
from jiandu.demo.reference.year import build_year
from jiandu.demo.work import do_the_work
from jiandu.demo.year import CITY, OFFICES, PEOPLE, SECONDS, STATIONED, UNITS
from jiandu.net.access.services import NewGrant, grant_role
from jiandu.net.access.standing import viewer_of
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.services import NewOffice, NewOfficer, enlist, give_account, open_office, supervise
from jiandu.net.subjects.divisions import load_divisions
from jiandu.net.subjects.models import Organisation, Post
from jiandu.net.subjects.services import NewOrganisation, NewPost, appoint, register_organisation, register_person

START = date(2021, 1, 1)
SECOND = "_2"  # ends the key of a role's second account


@dataclass
class Net:
    """What the demo has built, by name; accounts by role."""

    offices: dict[str, Office] = field(default_factory=dict)
    units: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)  # by role; the second of a role has SECOND after it
    viewers: dict[str, Viewer] = field(default_factory=dict)  # nobody's standing changes while the demo is built

    def viewer(self, role: str) -> Viewer:
        """Somebody of that role, as a request would build the viewer."""
        if role not in self.viewers:
            self.viewers[role] = viewer_of(self.users[role])
        return self.viewers[role]


def build() -> None:
    """The whole demo, in one transaction: all of it or nothing."""
    with transaction.atomic(), guard.acting(guard.system("演示数据")) as by:
        net = build_net(by)
        give_keys(net.users, net.offices, by)
        open_portal(net.offices)
        build_year(net, by)
        do_the_work(net, by)
        tell_petitions(net, by)
        tell_alerts(net, by)
        tell_notices(net)


def build_net(by: Viewer) -> Net:
    """Dictionaries, divisions, offices, units and one account a role."""
    load_defaults(by=by)
    load_divisions(by=by)
    net = Net()
    _places(net, by)
    _people(net, by)
    return net


def _places(net: Net, by: Viewer) -> None:
    net.offices[CITY] = open_office(new=NewOffice(name=CITY, kind=Office.Kind.COMMISSION), by=by)
    for name, kind, parent in OFFICES:
        new = NewOffice(name=name, kind=Office.Kind(kind), parent=net.offices[parent])
        net.offices[name] = open_office(new=new, by=by)
    for name, (head, title) in UNITS.items():
        net.units[name] = register_organisation(new=NewOrganisation(name=name), by=by)
        person = register_person(name=head, by=by)
        post = NewPost(person=person, organisation=net.units[name], title=title, kind=Post.Kind.HEAD, since=START)
        appoint(new=post, by=by)
    for body, unit in STATIONED.items():
        supervise(office=net.offices[body], organisation=net.units[unit], since=START, by=by)


def _people(net: Net, by: Viewer) -> None:
    seconds = [(f"{role}{SECOND}", role, name, office) for role, name, office in SECONDS]
    for key, role, name, office in [*((role, role, name, office) for role, name, office in PEOPLE), *seconds]:
        user = open_account(username=f"demo-{key}", name=name, password=None, by=by)
        net.users[key] = user
        if office:
            serving = NewOfficer(person=register_person(name=name, by=by), office=net.offices[office], since=START)
            give_account(officer=enlist(new=serving, by=by), user=user, by=by)
        leader = net.users["leader"] if role == "secretary" else None
        place = net.offices.get(office)
        grant_role(new=NewGrant(user=user, role=role, since=START, office=place, acts_for=leader), by=by)
    operator = open_account(username="demo-unit_operator", name="责任单位经办人", password=None, by=by)
    net.users["unit_operator"] = operator
    unit = net.units["市教育局"]
    grant_role(new=NewGrant(user=operator, role="unit_operator", since=START, organisation=unit), by=by)
