"""本周话题 out of sealed words: within an unlocked session alone, of the reader's own items alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.petitions import city as cities
from tests.petitions.city import DISTRICT_OFFICE, OFFICE, registered
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.net.vaults.services import enrol, make_office_key
from jiandu.net.vaults.unlocking import unlock
from jiandu.sources.petitions.topics import topics
from jiandu.sources.petitions.vault import Content

WEEK = date(2022, 6, 6)  # a Monday
SECRET = "山高月小水落石出，清风徐来水波不兴"
UNIFORMS = "反映校服采购价格虚高"


@pytest.fixture
def city(world: World) -> World:
    cities.furnish(world)
    with as_(SYSTEM) as by:
        for name, office in (("信访甲", OFFICE), ("区信访", DISTRICT_OFFICE)):
            enrol(user=world.users[name], passphrase=SECRET, by=by)
            make_office_key(office=world.offices[office], compartment="content", members=[world.users[name]], by=by)
    return world


def letter(city: World, words: str, on: date, **more: Any) -> Any:
    return registered(city, on=on, content=Content(words), **more)


def fill(city: World) -> list[Any]:
    """A year of other matters, and five letters on one in the week; the district has its own."""
    for number in range(1, 20):
        letter(city, "反映工程招标存在围标", WEEK - timedelta(weeks=number))
    for number in range(6):
        letter(city, "反映彩票站点选址不公", WEEK + timedelta(days=number), office=DISTRICT_OFFICE)
    for number in range(1, 16):
        letter(city, "反映医院收费不规范", WEEK - timedelta(weeks=number), office=DISTRICT_OFFICE)
    letter(city, "反映工程招标存在围标", WEEK)
    return [letter(city, UNIFORMS, WEEK + timedelta(days=number)) for number in range(5)]


def test_what_rose_is_told_with_items_of_the_readers_own(city: World):
    made = fill(city)
    with as_(city.viewer("信访甲")) as by:
        said = topics(by, WEEK + timedelta(days=3), unlock(by, SECRET))
    assert said is not None
    assert (said.first, said.read, said.read_before, said.in_scope) == (WEEK, 6, 19, 25)
    assert said.topics[0].rise.now == 5
    assert {one.rise.term for one in said.topics} & {"彩票站点", "站点选址"} == set()
    assert set(said.topics[0].examples) <= set(made)
    assert Entry.objects.filter(verb="seen", obj__contains=str(city.offices[OFFICE].uid)).count() == 1
    with as_(city.viewer("区信访")) as by:  # control: the district sees its own
        other = topics(by, WEEK, unlock(by, SECRET))
    assert other is not None
    assert (other.in_scope, other.topics[0].rise.now) == (21, 6)


def test_a_topic_says_how_many_units_its_items_are_about(city: World):
    units = ["市教育局", "市财政局"]
    for number in range(1, 20):
        letter(city, "反映工程招标存在围标", WEEK - timedelta(weeks=number))
    for number, unit in enumerate([*units, "", "", ""]):
        letter(city, UNIFORMS, WEEK + timedelta(days=number % 7), unit=unit)
    with as_(city.viewer("信访甲")) as by:
        said = topics(by, WEEK, unlock(by, SECRET))
    assert said is not None
    assert (len(units) > 1, said.topics[0].units) == (True, len(units))  # what is about nobody known counts for none


def test_nothing_is_told_while_locked(city: World):
    fill(city)
    with as_(city.viewer("信访甲")) as by:
        assert topics(by, WEEK, None) is None


def test_the_page_asks_for_the_passphrase_and_then_tells(city: World):
    fill(city)
    clerk, place = client_of(city, "信访甲"), f"/desk/petitions/topics/?week={WEEK.isoformat()}"
    assert (clerk.get(place).status_code, "/desk/keys/" in clerk.get(place)["Location"]) == (302, True)
    assert clerk.post("/desk/keys/", {"passphrase": SECRET}).status_code == 303
    shown = clerk.get(place).content.decode()
    assert ("校服" in shown, "彩票" in shown) == (True, False)
    assert "没有明显上升的话题" in clerk.get("/desk/petitions/topics/").content.decode()
    custodian = client_of(city, "干部甲")
    assert "校服" not in custodian.get(place).content.decode()
