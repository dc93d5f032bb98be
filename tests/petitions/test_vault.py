"""Compartments: the office opens the content, the custodian the sender, nobody both; who leaves the key opens nothing more."""

import pytest
from tests.petitions import city as cities
from tests.petitions.city import OFFICE, ROOM, WORDS, confirmed, drafted, registered
from tests.world import SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.net.vaults.holding import Unlocked
from jiandu.net.vaults.services import enrol, make_office_key, remove
from jiandu.net.vaults.unlocking import unlock
from jiandu.sources.petitions import rules, vault
from jiandu.sources.petitions.models import HandOff, Sealed
from jiandu.sources.petitions.services import deciding, handling
from jiandu.sources.petitions.services.steps import Done
from jiandu.sources.petitions.states import Verb
from jiandu.sources.petitions.vault import Content, Sender

SENDER = Sender("陈举报", "13812345678")
HOLDERS = ("信访甲", "信访乙", "保管员", "保管员乙", "干部甲", "主任甲")


def secret(name: str) -> str:
    return f"山高月小水落石出，清风徐来{HOLDERS.index(name)}"


@pytest.fixture
def keyed(city: World) -> World:
    """The petition office and the room have keys for what is told; two custodians hold the one for who tells it."""
    for name in ("保管员", "保管员乙"):
        city.user(name, "identity_custodian", office=OFFICE)
    for name in HOLDERS:
        with as_(city.viewer(name)) as by:
            enrol(user=city.users[name], passphrase=secret(name), by=by)
    for office, compartment, names in (
        (OFFICE, "content", ("信访甲", "信访乙")),
        (OFFICE, "identity", ("保管员", "保管员乙")),
        (ROOM, "content", ("干部甲", "主任甲")),
    ):
        with as_(SYSTEM) as by:
            members = [city.users[name] for name in names]
            make_office_key(office=city.offices[office], compartment=compartment, members=members, by=by)
    return city


def opened(city: World, name: str) -> Unlocked:
    with as_(city.viewer(name)) as by:
        return unlock(by, secret(name))


def read(city: World, name: str, petition) -> tuple[Content | None, Sender | None]:
    unlocked = opened(city, name)
    with as_(SYSTEM):
        return vault.content_of(petition, unlocked), vault.sender_of(petition, unlocked)


def test_each_compartment_opens_to_its_own_holders_alone(keyed: World):
    petition = registered(keyed, named="unverified", sender=SENDER)
    found = {name: tuple(bool(each) for each in read(keyed, name, petition)) for name in HOLDERS}
    assert found == {
        "信访甲": (True, False),
        "信访乙": (True, False),
        "保管员": (False, True),
        "保管员乙": (False, True),
        "干部甲": (False, False),
        "主任甲": (False, False),
    }
    assert read(keyed, "信访甲", petition)[0] == Content(WORDS, person="王某某", post="基建科长")
    assert read(keyed, "保管员", petition)[1] == SENDER


def test_without_an_unlocked_key_nothing_opens(keyed: World):
    petition = registered(keyed, named="unverified", sender=SENDER)
    with as_(SYSTEM):
        assert (vault.content_of(petition, None), vault.sender_of(petition, None)) == (None, None)


def test_the_whole_content_goes_to_the_room_only_from_an_unlocked_hand(keyed: World):
    petition = registered(keyed)
    draft = drafted(keyed, petition, is_full=True, extract="")
    with pytest.raises(Refused, match="解锁"):
        confirmed(keyed, draft)
    unlocked = opened(keyed, "信访乙")
    with as_(keyed.viewer("信访乙")) as by:
        deciding.confirm_hand_off(hand_off=draft, by=by, on=cities.DAY, unlocked=unlocked)
    assert read(keyed, "干部甲", petition)[0].summary == WORDS
    assert read(keyed, "信访甲", petition)[0].summary == WORDS


@pytest.mark.parametrize("way", ["object", "return"])
def test_what_was_handed_over_whole_and_given_back_opens_to_the_room_no_more(keyed: World, way: str):
    """The control: before, the room opens it. Without the key at hand it cannot be given back, for it would stay open."""
    petition = registered(keyed)
    draft = drafted(keyed, petition, is_full=True, extract="")
    with as_(keyed.viewer("信访乙")) as by:
        unlocked = opened(keyed, "信访乙")
        petition = deciding.confirm_hand_off(hand_off=draft, by=by, on=cities.DAY, unlocked=unlocked)
    with as_(SYSTEM):
        before = bytes(Sealed.objects.get(petition=petition, compartment="content").envelope)
    room = opened(keyed, "干部甲")
    assert room.key_for(before) is not None

    def back(unlocked: Unlocked | None) -> None:
        with as_(keyed.viewer("干部甲")) as by:
            said = {"petition": petition, "by": by, "unlocked": unlocked}
            if way == "object":
                handling.do(verb=Verb.OBJECT, done=Done(cities.DAY), **said)
            else:
                reason = next(iter(rules.RETURNED))
                handling.accept(petition=petition, by=by, done=Done(cities.DAY))
                handling.give_back(on=cities.DAY, reason=reason, granted_by="分管领导", **said)

    with pytest.raises(Refused, match="解锁"):
        back(None)
    back(room)
    with as_(SYSTEM):
        after = bytes(Sealed.objects.get(petition=petition, compartment="content").envelope)
        assert vault.content_of(petition, opened(keyed, "信访甲")).summary == WORDS
    assert (room.key_for(after), opened(keyed, "主任甲").key_for(after)) == (None, None)
    assert after[1024:] == before[1024:], "the body stays: one head is written anew"


def test_an_extract_opens_to_the_room_and_to_who_wrote_it(keyed: World):
    petition = registered(keyed)
    confirmed(keyed, drafted(keyed, petition, extract="反映某科长收受礼金"))
    found = {}
    for name in HOLDERS:
        unlocked = opened(keyed, name)
        with as_(SYSTEM):
            found[name] = vault.extract_of(HandOff.objects.get(), unlocked)
    assert {name for name, text in found.items() if text == "反映某科长收受礼金"} == {
        "信访甲",
        "信访乙",
        "干部甲",
        "主任甲",
    }
    assert found["保管员"] is None


def test_an_extract_does_not_open_in_the_place_of_another(keyed: World):
    petition = registered(keyed)
    first = drafted(keyed, petition, extract="反映某科长收受礼金")
    second = drafted(keyed, petition, extract="反映某科长违规用车")
    unlocked = opened(keyed, "信访甲")
    with as_(SYSTEM):
        assert vault.extract_of(HandOff.objects.get(pk=second.pk), unlocked) == "反映某科长违规用车"
        HandOff.objects.filter(pk=second.pk).update(envelope=HandOff.objects.get(pk=first.pk).envelope)
        with pytest.raises(ValueError, match="无法启封"):
            vault.extract_of(HandOff.objects.get(pk=second.pk), unlocked)


def test_who_leaves_the_key_opens_none_of_what_is_there_and_who_stays_all(keyed: World):
    petitions = [registered(keyed) for _ in range(3)]
    confirmed(keyed, drafted(keyed, petitions[0]))
    before = opened(keyed, "信访乙")
    with as_(keyed.viewer("信访甲")) as by:
        remove(
            user=keyed.users["信访乙"],
            office=keyed.offices[OFFICE],
            compartment="content",
            unlocked=unlock(by, secret("信访甲")),
            by=by,
        )
    with as_(SYSTEM):
        assert [vault.content_of(each, before) for each in petitions] == [None] * 3
        assert vault.extract_of(HandOff.objects.get(), before) is None
    assert [read(keyed, "信访甲", each)[0].summary for each in petitions] == [WORDS] * 3


def test_stored_sizes_say_nothing(keyed: World):
    registered(keyed, content=Content("短"))
    registered(keyed, content=Content("长" * 900))
    with as_(SYSTEM):
        assert {len(bytes(row.envelope)) for row in Sealed.objects.all()} == {4096}
