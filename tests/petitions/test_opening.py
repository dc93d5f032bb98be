"""启封: who sent a petition is seen by the custodian who asked, after another consented, for its hours, as far as granted."""

from datetime import timedelta
from typing import Any

import pytest
from tests.petitions import city as cities
from tests.petitions.city import DISTRICT_OFFICE, OFFICE, registered
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.net.vaults.services import enrol, make_office_key
from jiandu.net.vaults.unlocking import unlock
from jiandu.sources.petitions import selectors
from jiandu.sources.petitions.models import Petition, SenderOpening
from jiandu.sources.petitions.services import opening
from jiandu.sources.petitions.services.opening import NewOpening
from jiandu.sources.petitions.vault import Sender

PLACE = "/desk/petitions/senders/"
SECRET = "山高月小水落石出，清风徐来水波不兴"
SENDER = Sender("陈举报", "13800000000", id_number="35020019800101001X")


def refusal(rule: str) -> Any:
    return pytest.raises(Refused, check=lambda refused: refused.rule == rule)


@pytest.fixture
def city(world: World) -> World:
    """Two custodians of the city's petition office with its identity key, one of the district's."""
    cities.furnish(world)
    for name, office in (("保管员", OFFICE), ("保管员乙", OFFICE), ("区保管员", DISTRICT_OFFICE)):
        world.user(name, "identity_custodian", office=office)
    with as_(SYSTEM) as by:
        for name in ("保管员", "保管员乙", "信访甲", "信访乙"):
            enrol(user=world.users[name], passphrase=SECRET, by=by)
        for compartment, names in (("identity", ("保管员", "保管员乙")), ("content", ("信访甲", "信访乙"))):
            members = [world.users[name] for name in names]
            make_office_key(office=world.offices[OFFICE], compartment=compartment, members=members, by=by)
    return world


def signed(city: World, **more: Any) -> Petition:
    return registered(city, named="unverified", sender=SENDER, **more)


def asked(city: World, petition: Petition, *, who: str = "保管员", office: str = OFFICE, **more: Any) -> SenderOpening:
    said = {"why": "verify", "note": "办公会纪要第3号"} | more
    with as_(city.viewer(who)) as by:
        return opening.ask(new=NewOpening(city.offices[office], petition.code, **said), by=by)


def granted(city: World, row: SenderOpening, *, who: str = "保管员乙", is_granted: bool = True) -> SenderOpening:
    with as_(city.viewer(who)) as by:
        return opening.decide(opening=row, by=by, is_granted=is_granted, on=today())


def looked(city: World, row: SenderOpening, *, who: str = "保管员") -> Sender:
    with as_(city.viewer(who)) as by:
        keys = unlock(by, SECRET)
        return opening.look(opening=row, by=by, unlocked=keys)


def test_two_custodians_open_what_was_granted_and_the_log_says_so(city: World):
    row = granted(city, asked(city, signed(city), extent="contact"))
    assert looked(city, row) == Sender("陈举报", "13800000000")  # no number of an identity card
    verbs = list(Entry.objects.filter(obj__contains=str(row.uid)).order_by("seq").values_list("verb", flat=True))
    assert verbs == ["sender_opening.ask", "sender_opening.decide", "seen"]
    whole = granted(city, asked(city, signed(city), extent="whole"))
    assert looked(city, whole) == SENDER  # control: the number is there


def test_one_custodian_alone_opens_nothing(city: World):
    row = asked(city, signed(city))
    with refusal("opening-over"):
        looked(city, row)
    with refusal("two-custodians"):
        granted(city, row, who="保管员")
    refused = granted(city, row, is_granted=False)
    with refusal("opening-over"):
        looked(city, refused)
    with refusal("already-decided"):
        granted(city, row)


def test_consent_opens_it_to_who_asked_alone_and_for_its_hours(city: World):
    row = granted(city, asked(city, signed(city), hours=4))
    with refusal("opening-over"):
        looked(city, row, who="保管员乙")
    assert timedelta(hours=3, minutes=55) < row.until_at - now() <= timedelta(hours=4)
    assert looked(city, row).name == "陈举报"
    with as_(SYSTEM):
        SenderOpening.objects.filter(pk=row.pk).update(until_at=now() - timedelta(seconds=1))
    with refusal("opening-over"):
        looked(city, row)


def test_without_the_identity_key_nothing_opens(city: World):
    row = granted(city, asked(city, signed(city)))
    with as_(city.viewer("保管员")) as by, refusal("locked"):
        opening.look(opening=row, by=by, unlocked=None)
    with as_(city.viewer("信访甲")) as clerk:
        keys = unlock(clerk, SECRET)
    with as_(city.viewer("保管员")) as by, refusal("locked"):  # keys of the content open no sender
        opening.look(opening=row, by=by, unlocked=keys)


def test_clerks_leaders_and_other_offices_neither_ask_nor_see(city: World):
    petition = signed(city)
    for who in ("信访甲", "书记", "主任甲", "区保管员"):
        with refusal("not-allowed"):
            asked(city, petition, who=who)
    row = granted(city, asked(city, petition))
    for who in ("信访甲", "书记", "区保管员"):
        with as_(city.viewer(who)) as viewer:
            assert selectors.opening_by_uid(viewer, row.uid) is None
    with as_(city.viewer("保管员乙")) as viewer:  # control
        assert selectors.opening_by_uid(viewer, row.uid) == row
        assert not Petition.objects.exists()  # a custodian reaches no petition


def test_what_is_anonymous_or_anothers_and_what_is_not_there_are_one_answer(city: World):
    other = signed(city, office=DISTRICT_OFFICE)
    for petition in (registered(city), other, Petition(code="XF2022-0-00001")):
        with refusal("nothing-sealed"):
            asked(city, petition)
    with refusal("opening-note"):
        asked(city, signed(city), note=" ")


def test_equal_senders_are_seen_as_such_without_an_identity_key(city: World):
    from jiandu.sources.petitions.repeats import proposals
    from jiandu.sources.petitions.services.registering import register

    made = []
    for sender in (SENDER, SENDER, Sender("林举报", "13900000000")):
        with as_(city.viewer("信访甲")) as by:
            keys = unlock(by, SECRET)
            new = cities.new(city, named="unverified", sender=sender)
            made.append(register(new=new, by=by, unlocked=keys))
    with as_(city.viewer("信访甲")) as by:
        found = proposals(by, made[1], unlock(by, SECRET))
    assert found is not None
    assert {each.petition: each.is_same_sender for each in found[1]} == {made[0]: True, made[2]: False}
    with as_(SYSTEM):
        assert signed(city).sender_mark is None  # control: without a key there is no mark


def text(client: Any, place: str, status: int = 200) -> str:
    answer = client.get(place)
    assert answer.status_code == status, (place, answer.status_code)
    return answer.content.decode()


def test_through_the_pages_with_a_fresh_proof_and_an_unlocked_key(city: World):
    petition = signed(city)
    one, other, clerk = (client_of(city, name) for name in ("保管员", "保管员乙", "信访甲"))
    said = {"petition_code": petition.code, "why": "verify", "note": "纪要", "extent": "name", "hours": "1"}
    assert one.post(f"{PLACE}ask/", said | {"office": city.offices[OFFICE].pk}).status_code == 303
    with as_(SYSTEM):
        row = SenderOpening.objects.get()
    place = f"{PLACE}{row.uid}/"
    assert row.code in text(one, PLACE)
    assert ('href="?act=consent"' in text(one, place), 'href="?act=consent"' in text(other, place)) == (False, True)
    text(one, f"{place}look/", 404)
    assert other.post(f"{place}consent/", {"on": today().isoformat()}).status_code == 303
    assert one.get(f"{place}look/").status_code == 302  # locked: to the passphrase
    assert one.post("/desk/keys/", {"passphrase": SECRET}).status_code == 303
    shown = text(one, f"{place}look/")
    assert ("陈举报" in shown, "13800000000" in shown) == (True, False)
    assert "陈举报" not in text(one, place)
    text(other, f"{place}look/", 404)
    text(clerk, place, 404)
