"""内容分类: proposed at registration, chosen by a clerk, learnt within an unlocked session; how often it was right is counted."""

from typing import Any

import pytest
from tests.petitions import city as cities
from tests.petitions.city import DAY, DISTRICT_OFFICE, OFFICE, registered
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import meaning
from jiandu.net.vaults.services import enrol, make_office_key
from jiandu.net.vaults.unlocking import unlock
from jiandu.sources.petitions import vault
from jiandu.sources.petitions.categories import Hits, first, hits, named, suggestions
from jiandu.sources.petitions.models import Petition, Sealed
from jiandu.sources.petitions.services.classifying import classify
from jiandu.sources.petitions.vault import Content

RELIEF = "反映村支书截留低保金，符合条件的困难户申请低保被拒绝"
BICYCLES = "共享单车堵在盲道上，没有人清理"
ANIMALS = ("猫狗半夜叫个不停", "养的狼犬没拴绳吓到小孩", "楼下养鸡气味难闻", "有人在阳台养鸽子，满地鸟粪")
AIRPORT = ("飞机飞得太低太吵", "半夜货机起降睡不着", "航班噪音震得窗户响", "跑道边上夜里轰鸣，老人失眠")
SECRET = "山高月小水落石出，清风徐来水波不兴"


def refusal(rule: str) -> Any:
    return pytest.raises(Refused, check=lambda refused: refused.rule == rule)


@pytest.fixture
def city(world: World) -> World:
    cities.furnish(world)
    with as_(SYSTEM) as by:
        enrol(user=world.users["信访甲"], passphrase=SECRET, by=by)
        members = [world.users["信访甲"]]
        make_office_key(office=world.offices[OFFICE], compartment="content", members=members, by=by)
    return world


def letter(city: World, words: str, **more: Any) -> Petition:
    return registered(city, content=Content(words), **more)


def sorted_as(city: World, petition: Petition, category: str, *, who: str = "信访甲", key: bool = False) -> Petition:
    with as_(city.viewer(who)) as by:
        return classify(petition=petition, by=by, category=category, unlocked=unlock(by, SECRET) if key else None)


def test_a_letter_is_proposed_for_a_category_when_it_is_registered(city: World):
    one = letter(city, RELIEF)
    assert (one.category, one.proposed_category, len(one.proposed_category)) == ("", first(RELIEF), 7)
    assert one.proposed_category.startswith("D06")
    assert letter(city, "您好").proposed_category == ""
    assert len(named(one.proposed_category).split(" · ")) == 3


def test_what_clerks_chose_is_learnt_where_a_key_is_open_alone(city: World):
    field = "D09"
    for _ in range(4):
        sorted_as(city, letter(city, BICYCLES), field)
    one = letter(city, f"{BICYCLES}，希望管一管")
    with as_(city.viewer("信访甲")) as by:
        found = suggestions(by, one, unlock(by, SECRET))
        assert found is not None
        assert found[0].code.startswith(field)
        assert suggestions(by, one, None) is None
    done = sorted_as(city, one, field, key=True)
    assert done.proposed_category.startswith(field)  # what had been learnt by now, not what the words said at first


def test_what_an_item_means_is_sealed_when_it_is_put_into_a_category(city: World):
    one = letter(city, BICYCLES)
    sorted_as(city, one, "D09")
    with as_(city.viewer("信访甲")):
        assert not Sealed.objects.filter(petition=one, compartment="meaning").exists()  # locked: nobody read it
    sorted_as(city, one, "D09", key=True)
    sorted_as(city, one, "D08", key=True)
    with as_(city.viewer("信访甲")) as by:
        kept = Sealed.objects.get(petition=one, compartment="meaning")
        vector = meaning.vectors([BICYCLES])[0]
        assert vault.meanings_of([one], unlock(by, SECRET)) == {one.pk: vector}
        assert vault.meanings_of([one], None) == {}
        assert vector[:64] not in bytes(kept.envelope)
        assert vault.content_of(one, unlock(by, SECRET)) == Content(BICYCLES)


def test_other_words_for_what_was_chosen_before_are_proposed_for_it(city: World, monkeypatch: pytest.MonkeyPatch):
    for words, field in (ANIMALS, "D09"), (AIRPORT, "D13"):
        for each in words[:3]:
            sorted_as(city, letter(city, each), field, key=True)
    asked = [letter(city, words[3]) for words in (ANIMALS, AIRPORT)]

    def chances() -> list[float]:
        with as_(city.viewer("信访甲")) as by:
            said = [suggestions(by, one, unlock(by, SECRET)) or [] for one in asked]
        return [
            next((each.chance for each in found if each.code.startswith(field)), 0)
            for found, field in zip(said, ("D09", "D13"), strict=True)
        ]

    with_meaning = chances()
    monkeypatch.setattr(meaning, "is_installed", lambda: False)
    assert all(more > less for more, less in zip(with_meaning, chances(), strict=True))


def test_only_the_offices_clerks_put_items_into_categories_that_there_are(city: World):
    one = letter(city, RELIEF)
    with refusal("unknown-category"):
        sorted_as(city, one, "D99")
    other = letter(city, RELIEF, office=DISTRICT_OFFICE)
    with as_(city.viewer("信访甲")) as by, pytest.raises(Petition.DoesNotExist):
        classify(petition=other, by=by, category="D06")
    new = cities.NewPetition(DAY, city.offices[OFFICE], cities.tags(), Content(RELIEF), category="低保")
    with as_(SYSTEM) as by, refusal("unknown-category"):
        cities.registering.register(new=new, by=by)
    sorted_as(city, one, "D06")
    said = Entry.objects.filter(verb="petition.classify").get()
    assert RELIEF not in str(said.payload.body)


def test_hits_are_counted_by_field_in_the_readers_scope(city: World):
    right = letter(city, RELIEF)
    sorted_as(city, right, right.proposed_category)
    sorted_as(city, letter(city, RELIEF), "D06")
    sorted_as(city, letter(city, RELIEF), "D01")
    sorted_as(city, letter(city, "您好"), "D01")
    letter(city, RELIEF)  # nobody has chosen yet
    with as_(city.viewer("信访甲")) as by:
        assert hits(by) == [Hits("D01", 2, 1, 0, 0), Hits("D06", 2, 2, 1, 2)]
    with as_(city.viewer("区信访")) as by:
        assert hits(by) == []


def test_through_the_pages(city: World):
    clerk, place = client_of(city, "信访甲"), "/desk/petitions/"
    one = letter(city, RELIEF)
    page = clerk.get(f"{place}{one.uid}/").content.decode()
    assert ("建议分类" in page, named(one.proposed_category) in page) == (True, True)
    assert clerk.get(f"{place}{one.uid}/category/").status_code == 302  # locked
    assert clerk.post("/desk/keys/", {"passphrase": SECRET}).status_code == 303
    shown = clerk.get(f"{place}{one.uid}/category/").content.decode()
    assert ("低保金" in shown, f"category={one.proposed_category}" in shown) == (True, True)
    assert clerk.post(f"{place}{one.uid}/classify/", {"category": one.proposed_category}).status_code == 303
    shown = clerk.get(f"{place}categories/").content.decode()
    assert ("100%" in shown, "column=category" in shown) == (True, True)
    assert one.code in clerk.get(f"{place}?column=category&value=D06").content.decode()
    assert one.code not in clerk.get(f"{place}?column=category&value=D01").content.decode()
    assert client_of(city, "区信访").get(f"{place}{one.uid}/category/").status_code == 404
