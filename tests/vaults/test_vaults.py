"""Keys of offices: who may hold them, what a passphrase opens, what is left to who leaves, how all of it is recovered."""

import itertools
import json
import pickle

import pytest
from django.db import connection
from django.test import override_settings
from tests.vaults.people import OFFICE, Store, context_of, enrolled, keyed, phrase, unlocked
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry, Payload
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.sealing.envelope import open_envelope
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.shares import split
from jiandu.base.sealing.suites import PrivateKey
from jiandu.net.access.models import Grant
from jiandu.net.access.services import end_grant
from jiandu.net.vaults import passphrases
from jiandu.net.vaults.models import MemberKey, OfficeKey, Wrap
from jiandu.net.vaults.passphrases import Cost
from jiandu.net.vaults.selectors import office_keys, sealing_keys
from jiandu.net.vaults.services import (
    admit,
    change_passphrase,
    enrol,
    give_to_escrow,
    make_office_key,
    recover,
    register_escrow,
    remove,
    rotate,
)
from jiandu.net.vaults.unlocking import unlock

pytestmark = pytest.mark.django_db


def rule(act, **given) -> str:  # type: ignore[no-untyped-def]
    """The rule that refuses it, "" when it is done."""
    try:
        act(**given)
    except Refused as refused:
        return refused.rule
    return ""


def test_a_passphrase_opens_what_was_sealed_to_the_office(world: World) -> None:
    keyed(world, "干部甲", "主任甲")
    store = Store()
    uid = store.add(world, "某村账目".encode())
    for name in ("干部甲", "主任甲"):
        assert unlocked(world, name).open(store.rows[uid], context_of(uid)) == "某村账目".encode()


def test_who_holds_no_key_opens_nothing(world: World) -> None:
    keyed(world, "干部甲", "主任甲")
    enrolled(world, "干部丙")
    store = Store()
    uid = store.add(world, b"text")
    mine = unlocked(world, "干部丙")
    assert mine.held == {}
    assert rule(mine.open, envelope=store.rows[uid], context=context_of(uid)) == "sealed-to-others"
    with pytest.raises(Unopenable):
        open_envelope(store.rows[uid], key=mine.member, context=context_of(uid))


@pytest.mark.parametrize(
    ("name", "role", "compartment", "may"),
    [
        ("干部甲", "", "content", True),
        ("干部甲", "", "identity", False),
        ("干部乙", "", "content", False),  # of another office
        ("内勤甲", "", "content", False),
        ("系统管理员", "", "content", False),
        ("安全管理员", "", "content", False),
        ("审计管理员", "", "identity", False),
        ("保管员", "identity_custodian", "content", False),
        ("保管员", "identity_custodian", "identity", True),
    ],
)
def test_each_compartment_goes_to_its_roles_alone(
    world: World, name: str, role: str, compartment: str, may: bool
) -> None:
    if role:
        world.user(name, role, office=OFFICE)
    with as_(SYSTEM) as by:
        enrol(user=world.users[name], passphrase="清风徐来水波不兴举酒属客诵明月之诗", by=by)
    with as_(SYSTEM) as by:
        given = {"office": world.offices[OFFICE], "members": [world.users[name]], "by": by}
        said = rule(make_office_key, compartment=compartment, **given)
    assert said == ("" if may else "no-role-for-key")


def test_nobody_holds_both_compartments_of_an_office(world: World) -> None:
    keyed(world, "干部甲", "主任甲")
    world.user("保管员", "identity_custodian", office=OFFICE)
    keyed(world, "保管员", compartment="identity")
    Grant.objects.create(
        user=world.users["干部甲"], role="identity_custodian", office=world.offices[OFFICE], since="2020-01-01"
    )
    with as_(world.viewer("保管员")) as by:
        keys = unlock(by, phrase("保管员"))
        given = {"office": world.offices[OFFICE], "compartment": "identity", "unlocked": keys, "by": by}
        assert rule(admit, user=world.users["干部甲"], **given) == "compartments-apart"


def test_content_and_identity_open_apart(world: World) -> None:
    world.user("保管员", "identity_custodian", office=OFFICE)
    keyed(world, "干部甲", "主任甲")
    keyed(world, "保管员", compartment="identity")
    store = Store()
    who, what = store.add(world, b"who", compartment="identity"), store.add(world, b"what")
    handler, custodian = unlocked(world, "干部甲"), unlocked(world, "保管员")
    assert handler.key_for(store.rows[who]) is None
    assert custodian.key_for(store.rows[what]) is None
    assert custodian.open(store.rows[who], context_of(who)) == b"who"
    assert (set(handler.blind_keys), set(handler.identity_blind_keys)) == ({world.offices[OFFICE].pk}, set())
    assert (set(custodian.blind_keys), set(custodian.identity_blind_keys)) == (set(), {world.offices[OFFICE].pk})


def test_a_wrong_passphrase_waits_after_five_and_is_logged_without_it(world: World) -> None:
    enrolled(world, "干部甲")
    viewer = world.viewer("干部甲")
    with guard.acting(viewer):
        said = [rule(unlock, viewer=viewer, passphrase=f"不对的口令不对的口令{number}") for number in range(7)]
        assert said == ["wrong-passphrase"] * 5 + ["wait"] * 2
        assert rule(unlock, viewer=viewer, passphrase=phrase("干部甲")) == "wait"
    entries = Entry.objects.filter(verb="key.unlock")
    assert [entry.outcome for entry in entries] == ["refused"] * 5


def test_a_right_passphrase_wipes_the_count(world: World) -> None:
    enrolled(world, "干部甲")
    viewer = world.viewer("干部甲")
    with guard.acting(viewer):
        for _ in range(3):
            assert [rule(unlock, viewer=viewer, passphrase="不对的口令不对的口令") for _ in range(4)] == [
                "wrong-passphrase"
            ] * 4
            assert rule(unlock, viewer=viewer, passphrase=phrase("干部甲")) == ""


@pytest.mark.parametrize(
    "weak", ["short", "山高月小", "aaaaaaaaaaaaaaaa", "1234567890123456", "干部甲山高月小水落石出清风徐来"]
)
def test_weak_passphrases_are_refused(world: World, weak: str) -> None:
    with as_(world.viewer("干部甲")) as by:
        assert rule(enrol, user=world.users["干部甲"], passphrase=weak, by=by) == "weak-passphrase"


def test_the_sign_in_password_is_no_passphrase(world: World) -> None:
    user = world.users["干部甲"]
    user.set_password("清风徐来水波不兴举酒属客诵明月")
    user.save()
    with as_(world.viewer("干部甲")) as by:
        assert rule(enrol, user=user, passphrase="清风徐来水波不兴举酒属客诵明月", by=by) == "weak-passphrase"


def test_a_passphrase_is_set_by_its_owner_once(world: World) -> None:
    enrolled(world, "干部甲")
    with as_(world.viewer("干部乙")) as by:
        assert rule(enrol, user=world.users["干部丙"], passphrase=phrase("干部丙"), by=by) == "not-allowed"
    with as_(world.viewer("干部甲")) as by:
        assert rule(enrol, user=world.users["干部甲"], passphrase=phrase("干部丙"), by=by) == "already-enrolled"


def test_a_changed_passphrase_opens_the_same_keys_and_the_old_one_nothing(world: World) -> None:
    keyed(world, "干部甲", "主任甲")
    before = unlocked(world, "干部甲")
    with as_(world.viewer("干部甲")) as by:
        change_passphrase(member=before.member, passphrase=phrase("干部乙"), by=by)
    with guard.acting(world.viewer("干部甲")) as viewer:
        assert rule(unlock, viewer=viewer, passphrase=phrase("干部甲")) == "wrong-passphrase"
        assert unlock(viewer, phrase("干部乙")).keys == before.keys


def test_who_forgets_the_passphrase_begins_anew_and_is_admitted_again(world: World) -> None:
    keyed(world, "干部甲", "主任甲")
    store = Store()
    uid = store.add(world, b"text")
    with as_(world.viewer("干部甲")) as by:
        enrol(user=world.users["干部甲"], passphrase=phrase("干部乙"), by=by, anew=True)
        assert unlock(by, phrase("干部乙")).held == {}
    with as_(world.viewer("主任甲")) as by:
        keys = unlock(by, phrase("主任甲"))
        admit(user=world.users["干部甲"], office=world.offices[OFFICE], compartment="content", unlocked=keys, by=by)
    with as_(world.viewer("干部甲")) as by:
        assert unlock(by, phrase("干部乙")).open(store.rows[uid], context_of(uid)) == b"text"


def test_only_who_holds_the_key_admits(world: World) -> None:
    keyed(world, "干部甲", "主任甲")
    enrolled(world, "干部丙", "干部乙")
    place = {"office": world.offices[OFFICE], "compartment": "content"}
    with as_(world.viewer("干部丙")) as by:
        keys = unlock(by, phrase("干部丙"))
        assert rule(admit, user=world.users["干部丙"], unlocked=keys, by=by, **place) == "key-not-held"
    with as_(world.viewer("干部甲")) as by:
        keys = unlock(by, phrase("干部甲"))
        assert rule(admit, user=world.users["干部乙"], unlocked=keys, by=by, **place) == "no-role-for-key"
        assert rule(admit, user=world.users["主任甲"], unlocked=keys, by=by, **place) == "already-member"
        admit(user=world.users["干部丙"], unlocked=keys, by=by, **place)
    assert unlocked(world, "干部丙").keys == keys.keys


def test_a_removed_member_s_key_opens_nothing_and_the_others_open_all(world: World) -> None:
    keyed(world, "干部甲", "干部丙", "主任甲")
    store = Store()
    uids = [store.add(world, f"件{number}".encode()) for number in range(60)]
    kept = unlocked(world, "干部丙")
    assert all(kept.open(store.rows[uid], context_of(uid)) for uid in uids)
    bodies = {uid: store.rows[uid][1024:] for uid in uids}
    with as_(world.viewer("主任甲")) as by:
        keys = unlock(by, phrase("主任甲"))
        _, count = remove(
            user=world.users["干部丙"], office=world.offices[OFFICE], compartment="content", unlocked=keys, by=by
        )
    assert count == 60
    assert [uid for uid in uids if kept.key_for(store.rows[uid]) is not None] == []
    for private in (*kept.keys.values(), kept.member):
        for uid in uids:
            with pytest.raises(Unopenable):
                open_envelope(store.rows[uid], key=private, context=context_of(uid))
    for name in ("干部甲", "主任甲"):
        again = unlocked(world, name)
        assert [again.open(store.rows[uid], context_of(uid)).decode() for uid in uids] == [f"件{n}" for n in range(60)]
        assert again.blind_keys == kept.blind_keys  # rotation keeps it
    assert {uid: store.rows[uid][1024:] for uid in uids} == bodies
    assert unlocked(world, "干部丙").held == {}


def test_what_was_sealed_to_a_retired_key_and_comes_late_still_opens(world: World) -> None:
    keyed(world, "干部甲", "主任甲")
    store = Store()
    uid = store.add(world, b"late")
    late = store.rows.pop(uid)
    with as_(world.viewer("主任甲")) as by:
        rotate(office=world.offices[OFFICE], compartment="content", unlocked=unlock(by, phrase("主任甲")), by=by)
    assert unlocked(world, "干部甲").open(late, context_of(uid)) == b"late"


def test_a_rotation_that_meets_an_altered_envelope_changes_nothing(world: World) -> None:
    key = keyed(world, "干部甲", "主任甲")
    store = Store()
    store.add(world, b"one")
    second = store.add(world, b"two")
    store.rows[second] = store.rows[second][:1000] + bytes([store.rows[second][1000] ^ 1]) + store.rows[second][1001:]
    with pytest.raises(Unopenable), as_(world.viewer("主任甲")) as by:
        rotate(office=world.offices[OFFICE], compartment="content", unlocked=unlock(by, phrase("主任甲")), by=by)
    assert OfficeKey.objects.get(until__isnull=True).pk == key.pk


def test_a_role_that_ended_holds_nothing_from_the_next_request_on(world: World) -> None:
    keyed(world, "干部甲", "主任甲")
    assert unlocked(world, "干部甲").held
    with as_(SYSTEM) as by:
        end_grant(grant=Grant.objects.get(user=world.users["干部甲"]), by=by)
    assert unlocked(world, "干部甲").held == {}


def test_any_two_shares_recover_and_one_does_not(world: World) -> None:
    escrow = PrivateKey.new()
    with as_(SYSTEM) as by:
        register_escrow(public=escrow.public, by=by)
    keyed(world, "干部甲", "主任甲")
    store = Store()
    uids = [store.add(world, b"text") for _ in range(20)]
    place = {"office": world.offices[OFFICE], "compartment": "content"}
    for number, pair in enumerate(itertools.combinations(split(escrow), 2)):
        with as_(SYSTEM) as by:
            enrol(user=world.users["干部丙"], passphrase=phrase("干部丙"), by=by, anew=bool(number))
            assert rule(recover, shares=pair[:1], members=[world.users["干部丙"]], by=by, **place) == "shares-needed"
        assert unlocked(world, "干部丙").held == {}
        with as_(SYSTEM) as by:
            recover(shares=pair, members=[world.users["干部丙"]], by=by, **place)
        again = unlocked(world, "干部丙")
        assert [again.open(store.rows[uid], context_of(uid)) for uid in uids] == [b"text"] * 20
    with as_(SYSTEM) as by:
        strangers = split(PrivateKey.new())
        assert rule(recover, shares=strangers, members=[], by=by, **place) == "wrong-shares"


def test_what_is_sealed_opens_with_escrow_itself(world: World) -> None:
    escrow = PrivateKey.new()
    with as_(SYSTEM) as by:
        register_escrow(public=escrow.public, by=by)
    keyed(world, "干部甲")
    store = Store()
    uid = store.add(world, b"text")
    assert open_envelope(store.rows[uid], key=escrow, context=context_of(uid)) == b"text"


def test_keys_go_to_a_new_escrow_only_by_the_act_of_a_holder(world: World) -> None:
    key = keyed(world, "干部甲", "主任甲")
    first, second = PrivateKey.new().public, PrivateKey.new().public
    for public in (first, second):
        with as_(SYSTEM) as by:
            register_escrow(public=public, by=by)
    with as_(world.viewer("干部甲")) as by:
        mine = unlock(by, phrase("干部甲"))
        new, _ = rotate(office=world.offices[OFFICE], compartment="content", unlocked=mine, by=by)
        assert not Wrap.objects.filter(escrow__isnull=False).exists()  # neither unlocking nor rotating gives it
        mine = unlock(by, phrase("干部甲"))
        assert rule(give_to_escrow, key_id=first.id.hex(), unlocked=mine, by=by) == "escrow-changed"
        assert give_to_escrow(key_id=second.id.hex(), unlocked=mine, by=by) == 2
        assert give_to_escrow(key_id=second.id.hex(), unlocked=mine, by=by) == 0
    for one in (key, new):
        assert one.wraps.filter(to_key=second.id.hex()).count() == 1
    newest, _ = rotated(world, "主任甲")
    assert newest.wraps.filter(to_key=second.id.hex()).count() == 1  # what a holder confirmed goes on


def rotated(world: World, name: str) -> tuple[OfficeKey, int]:
    with as_(world.viewer(name)) as by:
        place = {"office": world.offices[OFFICE], "compartment": "content"}
        return rotate(unlocked=unlock(by, phrase(name)), by=by, **place)


def test_who_writes_to_the_database_is_not_given_the_next_key(world: World) -> None:
    """An exchanged public key, a row put in, an escrow key of one's own: a rotation hands nothing to them."""
    key = keyed(world, "干部甲", "干部丙", "主任甲")
    thief = PrivateKey.new().public
    with as_(SYSTEM):
        honest = MemberKey.objects.filter(made_by=world.users["干部丙"]).values("public", "key_id").get()
        MemberKey.objects.filter(made_by=world.users["干部丙"]).update(public=thief.text, key_id=thief.id.hex())
    assert rule(rotated, world=world, name="主任甲") == "keys-altered"
    wrap = key.wraps.get(user=world.users["干部丙"])
    Wrap.objects.filter(pk=wrap.pk).update(to_key=thief.id.hex())
    assert rule(rotated, world=world, name="主任甲") == "keys-altered"
    with as_(SYSTEM):
        MemberKey.objects.filter(made_by=world.users["干部丙"]).update(**honest)
    Wrap.objects.filter(pk=wrap.pk).update(to_key=wrap.to_key)
    forged = Wrap.objects.create(
        office_key=key, user=world.users["书记"], to_key=thief.id.hex(), data=wrap.data, mark=wrap.mark
    )
    assert rule(rotated, world=world, name="主任甲") == "keys-altered"
    forged.delete()
    with as_(SYSTEM) as by:
        register_escrow(public=thief, by=by)
    new, _ = rotated(world, "主任甲")  # the control: put right, it is rotated; the thief's escrow gets nothing
    assert sorted(one.user.name for one in new.wraps.select_related("user")) == sorted(["干部甲", "干部丙", "主任甲"])


@override_settings(DEMO=False)
def test_an_office_for_real_work_takes_nothing_in_without_escrow_and_two_members(world: World) -> None:
    office = world.offices[OFFICE]
    assert rule(sealing_keys, office=office, compartment="content") == "no-office-key"
    enrolled(world, "干部甲", "主任甲")
    with as_(SYSTEM) as by:
        given = {"office": office, "compartment": "content", "by": by}
        assert rule(make_office_key, members=[world.users["干部甲"]], **given) == "too-few-holders"
        make_office_key(members=[world.users["干部甲"], world.users["主任甲"]], **given)
    assert rule(sealing_keys, office=office, compartment="content") == "no-escrow"
    escrow = PrivateKey.new().public
    with as_(SYSTEM) as by:
        register_escrow(public=escrow, by=by)
    assert sealing_keys(office, "content")[1:] == [escrow]
    with as_(world.viewer("主任甲")) as by:
        keys = unlock(by, phrase("主任甲"))
        removal = {"office": office, "compartment": "content", "unlocked": keys, "by": by}
        assert rule(remove, user=world.users["干部甲"], **removal) == "too-few-holders"
    with as_(world.viewer("干部甲")) as by:
        enrol(user=world.users["干部甲"], passphrase=phrase("干部乙"), by=by, anew=True)
    assert rule(sealing_keys, office=office, compartment="content") == "too-few-members"


def test_a_member_key_is_seen_by_its_owner_alone(world: World) -> None:
    enrolled(world, "干部甲", "主任甲")
    for name in ("干部甲", "主任甲"):
        with as_(world.viewer(name)):
            assert [row.made_by.name for row in MemberKey.objects.all()] == [name]
    with as_(world.viewer("系统管理员")):
        assert not MemberKey.objects.exists()


def test_keys_are_listed_to_who_may_hold_them(world: World) -> None:
    key = keyed(world, "干部甲", "主任甲")
    seen = {}
    for name in ("干部甲", "干部丙", "干部乙", "系统管理员", "书记"):
        with as_(world.viewer(name)) as viewer:
            seen[name] = office_keys(viewer) == [key]
    assert seen == {"干部甲": True, "干部丙": True, "干部乙": False, "系统管理员": False, "书记": False}


def test_secrets_stand_in_no_log_repr_or_pickle(world: World) -> None:
    keyed(world, "干部甲", "干部丙", "主任甲")
    with as_(world.viewer("主任甲")) as by:
        keys = unlock(by, phrase("主任甲"))
        place = {"office": world.offices[OFFICE], "compartment": "content", "unlocked": keys, "by": by}
        remove(user=world.users["干部丙"], **place)
    mine = unlocked(world, "主任甲")
    secrets = [mine.member.raw, *(one.private.raw for one in mine.held.values()), *mine.blind_keys.values()]
    told = json.dumps(list(Payload.objects.values_list("body", flat=True)), ensure_ascii=False)
    told += repr(mine) + str(mine) + repr(mine.held) + repr(list(mine.held.values()))
    for secret in secrets:
        assert secret.hex() not in told
        assert repr(secret) not in told
    assert phrase("主任甲") not in told
    with pytest.raises(TypeError):
        pickle.dumps(mine)
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert verbs >= {"key.enrol", "key.make", "key.unlock", "key.remove", "key.rotate"}


def test_what_lies_in_the_database_opens_nothing_without_a_passphrase(world: World) -> None:
    """The seizure: every byte string of our tables is tried as a key, then the passphrase as the control."""
    keyed(world, "干部甲", "主任甲")
    store = Store()
    uid = store.add(world, b"sealed")
    lying: set[bytes] = set()
    with as_(SYSTEM), guard.unguarded("test"), connection.cursor() as cursor:
        for table in ("vaults_memberkey", "vaults_wrap", "vaults_officekey", "vaults_escrowkey"):
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                for value in row:
                    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    lying |= {raw[at : at + 32] for at in range(max(len(raw) - 31, 1))}
    opened = 0
    for raw in lying:
        try:
            opened += bool(
                open_envelope(store.rows[uid], key=PrivateKey(1, raw.ljust(32, b"0")), context=context_of(uid))
            )
        except (Unopenable, ValueError):
            continue
    assert len(lying) > 300
    assert opened == 0
    assert unlocked(world, "干部甲").open(store.rows[uid], context_of(uid)) == b"sealed"


def test_one_guess_costs_what_was_promised(monkeypatch: pytest.MonkeyPatch, settings) -> None:  # type: ignore[no-untyped-def]
    settings.UNLOCK_MEBIBYTES = 256
    assert passphrases.usual_cost() == Cost(3, 256 * 2**20)
    key = PrivateKey.new()
    locked = passphrases.lock(key, "山高月小，水落石出", Cost(3, 256 * 2**20))
    assert passphrases.unlock(locked, "山高月小,水落石出", Cost(3, 256 * 2**20), key.public) == key  # any width
    with pytest.raises(Unopenable):
        passphrases.unlock(locked, "山高月小，水落石", Cost(3, 2**20), key.public)


def test_a_wrap_of_one_office_does_not_pass_for_another_s(world: World) -> None:
    keyed(world, "干部甲", "主任甲")
    world.user("保管员", "identity_custodian", office=OFFICE)
    other = keyed(world, "保管员", compartment="identity")
    mine = Wrap.objects.get(user=world.users["干部甲"])
    Wrap.objects.create(office_key=other, user=mine.user, to_key=mine.to_key, data=mine.data)
    Grant.objects.filter(user=mine.user).update(role="identity_custodian")
    with guard.acting(world.viewer("干部甲")) as viewer:
        assert rule(unlock, viewer=viewer, passphrase=phrase("干部甲")) == "keys-altered"
