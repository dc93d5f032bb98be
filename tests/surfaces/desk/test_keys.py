"""解锁 in a session: what the passphrase opens, how long, and that neither the session's row nor the cookie opens alone."""

import json
import re
from base64 import urlsafe_b64decode
from typing import Any

import pytest
import time_machine
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import connection
from django.test import Client
from tests.surfaces.counting import grown, questions
from tests.vaults.people import OFFICE, Store, context_of, enrolled, keyed, phrase
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry, Payload
from jiandu.base.core import guard
from jiandu.base.sealing.suites import PrivateKey
from jiandu.net.access.models import Grant
from jiandu.net.access.services import end_grant
from jiandu.net.vaults.models import MemberKey, OfficeKey, Wrap
from jiandu.net.vaults.selectors import member_key, unlocked_by
from jiandu.net.vaults.services import admit, enrol, register_escrow
from jiandu.net.vaults.unlocking import prove, unlock
from jiandu.surfaces.door import unlocking

pytestmark = pytest.mark.django_db
PAGE, LOCK, PASSPHRASE = "/desk/keys/", "/desk/keys/lock/", "/desk/keys/passphrase/"
OPEN, SHUT = "退出登录或点", "输入解锁口令"


def signed(world: World, name: str) -> Client:
    browser = Client()
    browser.force_login(world.users[name])
    return browser


def opened(world: World, name: str) -> Client:
    """Signed in, and unlocked."""
    browser = signed(world, name)
    assert browser.post(PAGE, {"passphrase": phrase(name)}).status_code == 303
    return browser


def is_open(browser: Client) -> bool:
    said = browser.get(PAGE).content.decode()
    assert (OPEN in said) != (SHUT in said)
    return OPEN in said


@pytest.fixture
def office(world: World) -> OfficeKey:
    return keyed(world, "干部甲", "主任甲")


def test_the_passphrase_unlocks_for_the_session_and_the_button_locks(world: World, office: OfficeKey) -> None:
    browser = signed(world, "干部甲")
    assert not is_open(browser)
    assert browser.post(PAGE, {"passphrase": "不是这个口令不是这个口令"}).status_code == 422
    assert not is_open(browser)
    assert browser.post(PAGE, {"passphrase": phrase("干部甲")}).status_code == 303
    assert is_open(browser)
    assert is_open(browser)
    assert browser.post(LOCK).status_code == 303
    assert not is_open(browser)
    assert [
        entry.verb
        for entry in Entry.objects.filter(actor_name="干部甲", verb__in=["key.unlock", "key.lock"]).order_by("seq")
    ] == [
        "key.unlock",
        "key.unlock",
        "key.lock",
    ]


def test_a_wrong_passphrase_stays_counted_over_requests(world: World, office: OfficeKey) -> None:
    browser = signed(world, "干部甲")
    said = [browser.post(PAGE, {"passphrase": f"猜一猜猜一猜猜一猜猜一猜{n}"}).content.decode() for n in range(6)]
    assert ["解锁口令不对" in text for text in said] == [True] * 5 + [False]
    assert "尝试次数过多" in said[5]
    assert "尝试次数过多" in browser.post(PAGE, {"passphrase": phrase("干部甲")}).content.decode()


def test_a_quarter_of_an_hour_without_use_locks(world: World, office: OfficeKey) -> None:
    with time_machine.travel("2022-03-01T02:00:00Z", tick=False) as clock:
        browser = opened(world, "干部甲")
        for _ in range(3):
            clock.shift(899)
            assert is_open(browser)
        clock.shift(600)
        assert browser.get("/desk/").status_code == 200  # the session lives on, without using the keys
        clock.shift(300)
        assert browser.get("/desk/").status_code == 200
        assert not is_open(browser)


def test_sign_out_locks_and_takes_the_cookie(world: World, office: OfficeKey) -> None:
    browser = opened(world, "干部甲")
    kept = browser.cookies["unlock"].value
    assert browser.post("/account/sign-out/").status_code == 302
    assert browser.cookies["unlock"].value == ""
    browser.force_login(world.users["干部甲"])
    browser.cookies["unlock"] = kept
    assert not is_open(browser)


def test_the_cookie_carries_every_attribute(world: World, office: OfficeKey, settings: Any) -> None:
    cookie = opened(world, "干部甲").cookies["unlock"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Strict", "/", "")
    settings.HTTPS = True
    browser = signed(world, "干部甲")
    browser.post(PAGE, {"passphrase": phrase("干部甲")}, secure=True)
    assert browser.cookies["__Host-unlock"]["secure"]
    assert "domain" not in {name for name, value in browser.cookies["__Host-unlock"].items() if value}


def test_neither_the_row_of_the_session_nor_the_cookie_opens_alone(world: World, office: OfficeKey) -> None:
    browser = opened(world, "干部甲")
    row = Session.objects.get(session_key=browser.session.session_key).get_decoded()
    cookie = signing.loads(browser.cookies["unlock"].value, salt=unlocking.SALT)
    member = key_of(world, "干部甲")
    told = json.dumps([row, cookie])
    lying = urlsafe_b64decode(row[unlocking.KEPT]) + urlsafe_b64decode(cookie[1])
    assert member not in lying
    assert member.hex() not in told
    assert phrase("干部甲") not in told
    kept, browser.cookies["unlock"] = browser.cookies["unlock"].value, ""
    assert not is_open(browser)
    other = signed(world, "干部甲")
    other.cookies["unlock"] = kept
    assert not is_open(other)
    browser.cookies["unlock"] = kept
    assert is_open(browser)  # the control: together they open


def test_a_cookie_of_another_session_does_not_open(world: World, office: OfficeKey) -> None:
    one, other = opened(world, "干部甲"), opened(world, "主任甲")
    one.cookies["unlock"], other.cookies["unlock"] = other.cookies["unlock"].value, one.cookies["unlock"].value
    assert not is_open(one)
    assert not is_open(other)


def test_what_was_taken_back_is_gone_at_the_next_request(world: World, office: OfficeKey) -> None:
    browser = opened(world, "干部甲")
    assert browser.get(f"{PAGE}{office.uid}/").status_code == 200
    with as_(SYSTEM) as by:
        end_grant(grant=Grant.objects.get(user=world.users["干部甲"]), by=by)
    assert browser.get(f"{PAGE}{office.uid}/").status_code == 404


def test_the_passphrase_is_set_changed_and_begun_anew_on_its_page(world: World) -> None:
    browser = signed(world, "干部甲")
    assert "还没有解锁口令" in browser.get(PAGE).content.decode()
    mine, next_one = phrase("干部甲"), phrase("干部乙")
    assert browser.post(PASSPHRASE, {"passphrase": mine, "again": mine + "x"}).status_code == 422
    assert browser.post(PASSPHRASE, {"passphrase": "short", "again": "short"}).status_code == 422
    assert browser.post(PASSPHRASE, {"passphrase": mine, "again": mine}).status_code == 303
    wrong = {"present": "不是这个口令不是这个口令", "passphrase": next_one, "again": next_one}
    assert browser.post(PASSPHRASE, wrong).status_code == 422
    assert browser.post(PASSPHRASE, wrong | {"present": mine}).status_code == 303
    assert browser.post(PAGE, {"passphrase": mine}).status_code == 422
    assert browser.post(PAGE, {"passphrase": next_one}).status_code == 303
    assert browser.post(f"{PASSPHRASE}?anew=1", {"passphrase": mine, "again": mine}).status_code == 303
    assert browser.post(PAGE, {"passphrase": mine}).status_code == 303


def test_a_member_is_admitted_and_removed_on_the_page(world: World, office: OfficeKey) -> None:
    enrolled(world, "干部丙")
    store = Store()
    uid = store.add(world, b"text")
    browser, user = opened(world, "主任甲"), world.users["干部丙"].pk
    said = browser.get(f"{PAGE}{office.uid}/").content.decode()
    assert "干部丙" in said
    assert browser.post(f"{PAGE}{office.uid}/admit/", {"user": user}).status_code == 303
    with guard.acting(world.viewer("干部丙")) as viewer:
        mine = unlocked_by(viewer, prove(viewer, phrase("干部丙")))
        assert mine.open(store.rows[uid], context_of(uid)) == b"text"
    assert browser.post(f"{PAGE}{office.uid}/remove/", {"user": user}).status_code == 303
    assert mine.key_for(store.rows[uid]) is None
    assert browser.get(f"{PAGE}{office.uid}/").status_code == 404  # retired
    now = OfficeKey.objects.get(until__isnull=True)
    assert "干部丙" not in table_of(browser.get(f"{PAGE}{now.uid}/").content.decode())


def test_a_new_escrow_key_is_confirmed_by_its_fingerprint(world: World, office: OfficeKey) -> None:
    with as_(SYSTEM) as by:
        escrow = register_escrow(public=PrivateKey.new().public, by=by)
    browser = opened(world, "主任甲")
    assert escrow.fingerprint in browser.get(PAGE).content.decode()
    assert browser.post(f"{PAGE}escrow/", {"key": "0" * 32}).status_code == 409
    assert browser.post(f"{PAGE}escrow/", {"key": escrow.key_id}).status_code == 303
    assert escrow.fingerprint not in browser.get(PAGE).content.decode()
    assert office.wraps.filter(escrow=escrow).count() == 1
    assert signed(world, "主任甲").post(f"{PAGE}escrow/", {"key": escrow.key_id}).headers["Location"].startswith(PAGE)


def test_who_is_admitted_is_named_with_the_fingerprint_that_he_sees(world: World, office: OfficeKey) -> None:
    enrolled(world, "干部丙")
    with as_(world.viewer("干部丙")) as viewer:
        own = member_key(viewer)
    assert own is not None
    assert f"本人密钥指纹 {own.fingerprint}" in signed(world, "干部丙").get(PAGE).content.decode()
    assert f"干部丙 · {own.fingerprint}" in opened(world, "主任甲").get(f"{PAGE}{office.uid}/").content.decode()


def test_a_holder_without_the_role_is_marked_until_the_key_is_taken_back(world: World, office: OfficeKey) -> None:
    browser = opened(world, "主任甲")
    assert "应收回" not in browser.get(PAGE).content.decode()
    with as_(SYSTEM) as by:
        end_grant(grant=Grant.objects.get(user=world.users["干部甲"]), by=by)
    assert "应收回" in browser.get(PAGE).content.decode()
    assert "应收回" in browser.get(f"{PAGE}{office.uid}/").content.decode()
    assert browser.post(f"{PAGE}{office.uid}/remove/", {"user": world.users["干部甲"].pk}).status_code == 303
    assert "应收回" not in browser.get(PAGE).content.decode()


def test_members_are_changed_only_while_unlocked(world: World, office: OfficeKey) -> None:
    enrolled(world, "干部丙")
    browser, user = signed(world, "主任甲"), world.users["干部丙"].pk
    said = browser.get(f"{PAGE}{office.uid}/").content.decode()
    assert ("/admit/" in said, "/remove/" in said) == (False, False)
    for answer in (
        browser.post(f"{PAGE}{office.uid}/admit/", {"user": user}),
        browser.post(f"{PAGE}{office.uid}/remove/", {"user": world.users["干部甲"].pk}),
    ):
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith(PAGE + "?next=")
    assert Wrap.objects.count() == 2


def test_who_may_hold_no_key_finds_no_page(world: World, office: OfficeKey) -> None:
    for name in ("系统管理员", "安全管理员", "审计管理员", "秘书", "内勤甲", "经办人丁"):
        assert signed(world, name).get(PAGE).status_code == 404
    assert signed(world, "干部乙").get(f"{PAGE}{office.uid}/").status_code == 404


@pytest.mark.parametrize("said", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "evil"])
def test_unlocking_leads_back_to_our_own_pages_alone(world: World, office: OfficeKey, said: str) -> None:
    answer = signed(world, "干部甲").post(PAGE, {"passphrase": phrase("干部甲"), "next": said})
    assert answer.headers["Location"] == PAGE
    answer = signed(world, "干部甲").post(PAGE, {"passphrase": phrase("干部甲"), "next": "/desk/findings/?q=1"})
    assert answer.headers["Location"] == "/desk/findings/?q=1"


def test_a_passphrase_never_goes_into_an_address_or_the_session(world: World, office: OfficeKey) -> None:
    """Who has a password must prove who he is first; what was typed meanwhile is not kept."""
    user = world.users["干部甲"]
    user.set_password("清风徐来水波不兴举酒属客诵明月")
    user.save()
    browser = signed(world, "干部甲")
    answer = browser.post(PAGE, {"passphrase": phrase("干部甲")})
    assert answer.status_code == 303
    assert "confirm" in answer.headers["Location"]
    assert phrase("干部甲") not in answer.headers["Location"]
    assert "passphrase" not in answer.headers["Location"]
    assert phrase("干部甲") not in json.dumps(dict(browser.session.items()), ensure_ascii=False)


def test_no_secret_stands_on_a_page_in_the_log_or_in_the_database(world: World, office: OfficeKey) -> None:
    browser = opened(world, "干部甲")
    pages = [browser.get(PAGE), browser.get(f"{PAGE}{office.uid}/"), browser.get(PASSPHRASE), browser.get("/desk/")]
    member = key_of(world, "干部甲")
    told = "".join(answer.content.decode() for answer in pages)
    told += "".join(Payload.objects.values_list("body", flat=True))
    with as_(SYSTEM), guard.unguarded("test"), connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            told += "".join(map(str, cursor.fetchall()))
    secrets = [member, *(row for row in held_by(world, "干部甲"))]
    for secret in secrets:
        assert secret.hex() not in told
        assert repr(secret)[2:-1] not in told
    assert phrase("干部甲") not in told


def test_the_idle_limit_of_the_session_is_that_of_the_keys() -> None:
    assert site.SESSION_IDLE_MINUTES == 15


def test_a_page_of_keys_asks_no_more_for_more_people_and_keys(world: World, office: OfficeKey) -> None:
    enrolled(world, "干部丙")
    browser = opened(world, "主任甲")
    pages = [PAGE, f"{PAGE}{office.uid}/"]
    few = questions(browser, pages)
    with as_(world.viewer("主任甲")) as by:
        place = {"office": world.offices[OFFICE], "compartment": "content"}
        admit(user=world.users["干部丙"], unlocked=unlock(by, phrase("主任甲")), by=by, **place)
    for name in ("干部己", "干部庚"):
        world.user(name, "supervision_officer", office=OFFICE)
        with as_(SYSTEM) as by:
            enrol(user=world.users[name], passphrase="清风徐来水波不兴举酒属客诵明月之诗", by=by)
    assert grown(few, questions(browser, pages)) == {}


def key_of(world: World, name: str) -> bytes:
    with guard.acting(world.viewer(name)) as viewer:
        return prove(viewer, phrase(name)).raw


def held_by(world: World, name: str) -> list[bytes]:
    with as_(world.viewer(name)) as viewer:
        mine = unlocked_by(viewer, prove(viewer, phrase(name)))
    return [part for one in mine.held.values() for part in (one.private.raw, one.blind)]


def table_of(said: str) -> str:
    """The holders, without the form below."""
    found = re.search(r"<tbody>.*?</tbody>", said, re.S)
    return found[0] if found else ""


def test_an_altered_wrap_locks_and_says_so(world: World, office: OfficeKey) -> None:
    browser = opened(world, "干部甲")
    wrap = Wrap.objects.get(user=world.users["干部甲"])
    other = Wrap.objects.get(user=world.users["主任甲"])
    Wrap.objects.filter(pk=wrap.pk).update(data=other.data)
    assert not is_open(browser)
    assert "已被改动" in browser.post(PAGE, {"passphrase": phrase("干部甲")}).content.decode()
    with as_(world.viewer("干部甲")):
        assert MemberKey.objects.count() == 1
