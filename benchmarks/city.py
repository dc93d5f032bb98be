"""The net that a million findings stand in, made by the services: offices, units, projects, and three who look.

Narrow: an officer of one office with 0.05 % of the findings. Middle: the head of a district with 5 %. Wide: a leader
who reaches all. Each is named on records to 500 assignments, and recused from 45 records and five units.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from jiandu.base.accounts.models import User
from jiandu.base.accounts.services import open_account
from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.selectors import items
from jiandu.base.lexicon.services import load_defaults
from jiandu.net.access.models import Assignment, Recusal
from jiandu.net.access.services import NewGrant, grant_role
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.services import NewOffice, open_office, supervise
from jiandu.net.subjects.divisions import load_divisions
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.services import NewOrganisation, register_organisation
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.planning import NewActivity, open_activity

START = date(2020, 1, 1)
YEARS = range(2022, 2027)
CITY, NARROW, DISTRICT = "市纪委监委", "第十二监督检查室", "筼筜区纪委监委"
LOOKERS = {
    "narrow": ("supervision_officer", NARROW, 0.0005),
    "middle": ("district_head", DISTRICT, 0.05),
    "wide": ("leader", CITY, 1.0),
}
UNITS = ("教育局", "财政局", "民政局", "农业农村局", "住房局", "交通运输局", "卫生健康局", "水利局", "文化局", "审计局")
PROJECTS_A_YEAR = 4  # of each office


@dataclass
class City:
    """What was made; `offices` by name, `projects` by (office, year)."""

    offices: dict[str, Office]
    units: list[Organisation]
    projects: dict[tuple[int, int], list[Activity]]
    rounds: dict[int, Activity]
    aspects: dict[int, list[Any]]

    @property
    def middle(self) -> list[Office]:
        path = self.offices[DISTRICT].path
        return [office for office in self.offices.values() if office.path.startswith(path)]

    @property
    def others(self) -> list[Office]:
        apart = {office.pk for office in [*self.middle, self.offices[NARROW], self.offices[CITY]]}
        return [office for office in self.offices.values() if office.pk not in apart]


def build() -> City:
    """Makes the net in one transaction."""
    with transaction.atomic(), guard.acting(guard.system("benchmark")) as by:
        load_defaults(by=by)
        load_divisions(by=by)
        city = City(_offices(by), _units(by), {}, {}, {})
        city.aspects = {year: list(items(by, "aspect", year)) for year in YEARS}
        bodies = [office for office in city.offices.values() if office.kind == Office.Kind.STATIONED]
        for body, unit in zip(bodies, city.units, strict=False):
            supervise(office=body, organisation=unit, since=START, by=by)
        _activities(city, by)
        for name, (role, office, _) in LOOKERS.items():
            user = open_account(username=f"bench-{name}", name=f"观测员{name}", password=None, by=by)
            grant_role(new=NewGrant(user=user, role=role, since=START, office=city.offices[office]), by=by)
    return city


def _offices(by: Viewer) -> dict[str, Office]:
    kind = Office.Kind
    said = [(CITY, kind.COMMISSION, "")]
    said += [(f"第{number}监督检查室", kind.SUPERVISION, CITY) for number in "一二三四五六七八九"]
    said += [(NARROW, kind.SUPERVISION, CITY)]
    said += [(f"驻市第{number}纪检监察组", kind.STATIONED, CITY) for number in range(1, 21)]
    for district in (DISTRICT, "东渡区纪委监委", "西滨区纪委监委", "南山区纪委监委", "北屿区纪委监委"):
        said.append((district, kind.COMMISSION, CITY))
        said += [(f"{district[:2]}第{number}街道纪工委", kind.TOWN, district) for number in range(1, 9)]
    made: dict[str, Office] = {}
    for name, sort, parent in said:
        made[name] = open_office(new=NewOffice(name=name, kind=sort, parent=made.get(parent)), by=by)
    return made


def _units(by: Viewer) -> list[Organisation]:
    units = []
    for place in ("市", "筼筜区", "东渡区", "西滨区", "南山区", "北屿区"):
        for name in UNITS:
            head = register_organisation(new=NewOrganisation(name=f"{place}{name}"), by=by)
            units.append(head)
            for number in range(1, 16):
                below = NewOrganisation(name=f"{place}{name}第{number}中心", parent=head)
                units.append(register_organisation(new=below, by=by))
    return units


def _activities(city: City, by: Viewer) -> None:
    for year in YEARS:
        for office in city.offices.values():
            city.projects[office.pk, year] = [
                open_activity(new=_project(office, year, number), by=by) for number in range(PROJECTS_A_YEAR)
            ]
        new = NewActivity("look_back", year, f"HT{year}", f"{year}年回头看", city.offices[CITY], date(year, 1, 3))
        city.rounds[year] = open_activity(new=new, by=by)


def _project(office: Office, year: int, number: int) -> NewActivity:
    code = f"XM{year}-{office.pk:03d}-{number}"
    return NewActivity("project", year, code, f"{office.name}{year}年第{number}项监督", office, date(year, 1, 5))


def name_lookers(city: City, named: dict[str, list[str]], recused: dict[str, list[str]]) -> None:
    """Opens records (by uid) to each who looks, and bars others and five units."""
    with transaction.atomic(), guard.acting(guard.system("benchmark")):
        for name in LOOKERS:
            user = User.objects.get(username=f"bench-{name}")
            Assignment.objects.bulk_create(Assignment(thing_uid=uid, user=user, since=START) for uid in named[name])
            Recusal.objects.bulk_create(Recusal(user=user, thing_uid=uid, since=START) for uid in recused[name])
            units = city.units[3:800:160]
            Recusal.objects.bulk_create(Recusal(user=user, organisation=unit, since=START) for unit in units)
