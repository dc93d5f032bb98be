"""Who supervises and who is supervised in the reference year: offices, bodies, units, leaders, key people with posts."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.services import NewOffice, NewOfficer, enlist, link_leader, open_office, supervise
from jiandu.net.subjects.models import Organisation, Person, Post
from jiandu.net.subjects.services import (
    NewOrganisation,
    NewPost,
    appoint,
    put_in_charge,
    register_organisation,
    register_person,
)

START = date(2021, 1, 1)
YEAR = 2022
CITY = "市纪委监委"
DISTRICTS = ("思明区", "湖里区", "集美区", "海沧区", "同安区", "翔安区")
DEPARTMENTS = (
    "发展改革局", "工业和信息化局", "科学技术局", "公安局", "司法局", "人力资源和社会保障局", "自然资源局", "生态环境局",
    "建设局", "水利局", "商务局", "文化和旅游局", "退役军人事务局", "应急管理局", "审计局", "国有资产监督管理委员会",
    "市场监督管理局", "体育局", "统计局", "医疗保障局", "机关事务管理局", "信访局", "海洋发展局", "市政园林局", "城市管理局",
    "地方金融监督管理局", "数字政府管理局", "口岸管理局", "供销合作社", "住房公积金中心", "总工会", "残疾人联合会",
    "港口管理局", "气象局", "税务局",
)  # fmt: skip
BELOW = ("教育局", "财政局", "民政局", "农业农村局", "建设局", "市场监督管理局", "卫生健康局", "城市管理局")
ENTERPRISES = (
    "轨道集团", "市政集团", "公交集团", "港务集团", "文旅集团", "粮食集团", "水务集团", "国贸控股", "建发控股", "安居集团",
    "信息集团", "路桥集团", "环境集团", "会展集团", "产业投资集团", "担保公司", "机场集团", "燃气集团", "特房集团", "金圆集团",
    "夏商集团", "象屿集团", "翔业集团", "广播电视集团", "报业集团",
)  # fmt: skip
SURNAMES = "林陈黄吴张李王郑蔡许杨刘洪谢苏庄郭叶曾卢江罗潘魏傅汪邱颜施柯䶮"
GIVEN = (
    "志远",
    "丽萍",
    "建平",
    "文彬",
    "海燕",
    "晓东",
    "雅婷",
    "明辉",
    "秀兰",
    "国强",
    "淑芬",
    "伟民",
    "燕玲",
    "永昌",
    "筼",
    "嘉诚",
)
LEADERS = ("书记", "副书记", "副书记", "常委", "常委", "委员")
DEPUTY_MAYORS = 8
SUPERVISION_OFFICES = 8
BODIES = 38


@dataclass
class Places:
    """What was made: by name where names matter."""

    offices: dict[str, Office] = field(default_factory=dict)
    supervision: list[Office] = field(default_factory=list)
    bodies: list[Office] = field(default_factory=list)
    districts: list[Office] = field(default_factory=list)
    departments: list[Organisation] = field(default_factory=list)  # of the city
    below: list[Organisation] = field(default_factory=list)  # of the districts
    enterprises: list[Organisation] = field(default_factory=list)
    leaders: list[Person] = field(default_factory=list)  # of the commission
    mayors: list[Person] = field(default_factory=list)  # in charge of units
    posts: dict[int, list[Post]] = field(default_factory=dict)  # by unit: head, team, key posts

    @property
    def units(self) -> list[Organisation]:
        return [*self.departments, *self.below, *self.enterprises]


def build_places(by: Viewer, offices: dict[str, Office], units: dict[str, Organisation]) -> Places:
    """On top of what the demo has: `offices` and `units` by name."""
    places, names = Places(offices=dict(offices)), _names()
    _units(places, by, units)
    _offices(places, by)
    _people(places, by, names)
    return places


def _names() -> Iterator[str]:
    """Names that nobody real need bear, the same each time; rare characters among them."""
    chance = random.Random(YEAR)  # noqa: S311 -- the same city each time
    taken: set[str] = set()
    while True:
        name = chance.choice(SURNAMES) + chance.choice(GIVEN)
        name = name if name not in taken else name[0] + chance.choice("文志晓国海") + name[-1]
        if name not in taken:
            taken.add(name)
            yield name
        elif len(taken) > 2000:
            yield f"{name}{len(taken)}"


def _units(places: Places, by: Viewer, known: dict[str, Organisation]) -> None:
    places.departments = list(known.values())[:7]  # the demo's own; the eighth is a street
    for name in DEPARTMENTS:
        new = NewOrganisation(name=f"市{name}")
        places.departments.append(register_organisation(new=new, by=by))
    for district in DISTRICTS:
        for name in BELOW:
            new = NewOrganisation(name=f"{district}{name}", authority=Organisation.Authority.DISTRICT)
            places.below.append(register_organisation(new=new, by=by))
    for name in ENTERPRISES:
        new = NewOrganisation(name=f"市{name}", kind=Organisation.Kind.ENTERPRISE)
        places.enterprises.append(register_organisation(new=new, by=by))


def _offices(places: Places, by: Viewer) -> None:
    city = places.offices[CITY]
    numerals = "一二三四五六七八"
    for numeral in numerals[:SUPERVISION_OFFICES]:
        places.supervision.append(_office(places, by, f"第{numeral}监督检查室", Office.Kind.SUPERVISION, city))
    for district in DISTRICTS:
        places.districts.append(_office(places, by, f"{district}纪委监委", Office.Kind.COMMISSION, city))
    for unit in places.departments[:BODIES]:
        name = f"驻{unit.name}纪检监察组"
        is_new = name not in places.offices
        places.bodies.append(_office(places, by, name, Office.Kind.STATIONED, city))
        if is_new:
            supervise(office=places.bodies[-1], organisation=unit, since=START, by=by)


def _office(places: Places, by: Viewer, name: str, kind: Office.Kind, parent: Office) -> Office:
    if name not in places.offices:
        places.offices[name] = open_office(new=NewOffice(name=name, kind=kind, parent=parent), by=by)
    return places.offices[name]


def _people(places: Places, by: Viewer, names: Iterator[str]) -> None:
    """Leaders with the units they are linked to or in charge of; each unit's head, team and key posts."""
    city = places.offices[CITY]
    for duty in LEADERS:
        person = register_person(name=next(names), by=by)
        enlist(new=NewOfficer(person=person, office=city, since=START, duty=duty), by=by)
        places.leaders.append(person)
    government = register_organisation(new=NewOrganisation(name="市人民政府"), by=by)
    for _ in range(DEPUTY_MAYORS):
        person = register_person(name=next(names), by=by)
        new = NewPost(person=person, organisation=government, title="副市长", kind=Post.Kind.TEAM, since=START)
        appoint(new=new, by=by)
        places.mayors.append(person)
    for number, unit in enumerate(places.units):
        link_leader(leader=places.leaders[number % len(LEADERS)], organisation=unit, since=START, by=by)
        if unit in places.departments:
            put_in_charge(leader=places.mayors[number % DEPUTY_MAYORS], organisation=unit, since=START, by=by)
        places.posts[unit.pk] = [_post(unit, title, kind, by, names) for title, kind in TEAM]


TEAM = (
    ("主要负责人", Post.Kind.HEAD),
    ("分管负责人", Post.Kind.TEAM),
    ("班子成员", Post.Kind.TEAM),
    ("办公室负责人", Post.Kind.KEY),
    ("采购岗位负责人", Post.Kind.KEY),
    ("一般干部", Post.Kind.STAFF),
)


def _post(unit: Organisation, title: str, kind: Post.Kind, by: Viewer, names: Iterator[str]) -> Post:
    person = register_person(name=next(names), by=by)
    return appoint(new=NewPost(person=person, organisation=unit, title=title, kind=kind, since=START), by=by)
