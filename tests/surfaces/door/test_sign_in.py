"""Signing in: password, throttle, second factor, where one lands, and what an account that is not finished must do."""

import statistics
import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django.fixtures import Settings
from tests.accounts.people import PASSWORD
from tests.surfaces.door.conftest import Code
from tests.surfaces.door.steps import NOON, is_in, sign_in
from tests.world import SYSTEM, World, as_

from jiandu.base.accounts.models import User
from jiandu.base.accounts.services import disable_account, open_account, set_password
from jiandu.base.audit.models import Entry

WRONG = "登录名或密码不正确"


def test_sign_in_leads_to_the_desk(client: Client, zhang: User) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert client.get("/desk/").status_code == 200
    assert list(Entry.objects.filter(verb="sign_in").values_list("actor_name", flat=True)) == ["张明"]


@pytest.mark.parametrize("username", ["ZhangMing", " zhangming "])
def test_case_and_blanks_of_the_name_do_not_matter(client: Client, zhang: User, username: str) -> None:
    assert sign_in(client, username).status_code == 302


def test_wrong_unknown_and_disabled_are_one_answer(zhang: User) -> None:
    with as_(SYSTEM) as by:
        out = open_account(username="gone", name="离职", password=PASSWORD, by=by)
        disable_account(user=out, by=by)
        open_account(username="empty", name="无密码", password=None, by=by)
    pages = []
    for username, password in (
        ("zhangming", "wrong"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("gone", "wrong"),
        ("empty", ""),
        ("empty", "!"),
    ):
        browser = Client(REMOTE_ADDR=f"10.0.0.{len(pages)}")
        browser.get("/account/sign-in/")
        page = sign_in(browser, username, password or "x").content.decode()
        pages.append(page.replace(f'value="{username}"', "").split("<main")[1].split("csrfmiddlewaretoken")[0])
    assert WRONG in pages[0]
    assert len(set(pages)) == 1
    assert Entry.objects.filter(verb="sign_in").count() == 0


def test_unknown_names_take_as_long_as_wrong_passwords(zhang: User, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    zhang.set_password(PASSWORD)
    zhang.save()
    with as_(SYSTEM) as by:
        disable_account(user=open_account(username="gone", name="离职", password=PASSWORD, by=by), by=by)
    took: dict[str, list[float]] = {"zhangming": [], "nobody": [], "gone": []}
    for number in range(3):
        for username, times in took.items():
            browser = Client(REMOTE_ADDR=f"10.{number}.0.{len(username)}")
            began = time.process_time()  # the work done, whatever else the machine does meanwhile
            sign_in(browser, username, "wrong password")
            times.append(time.process_time() - began)
    middle = {name: statistics.median(times) for name, times in took.items()}
    assert max(middle.values()) < 2 * min(middle.values())


def test_the_sixth_try_waits_and_says_so(noon, client: Client, zhang: User) -> None:
    said = [sign_in(client, password="wrong").content.decode() for _ in range(6)]
    assert [WRONG in page for page in said] == [True] * 5 + [False]
    assert "尝试次数过多，请在 30 秒后再试" in said[5]
    assert "尝试次数过多" in sign_in(client).content.decode()
    noon.shift(30)
    assert sign_in(client).status_code == 302


def test_an_unknown_name_waits_in_the_same_words(noon, client: Client, zhang: User) -> None:
    for _ in range(5):
        sign_in(client, "nobody", "wrong")
    assert "尝试次数过多，请在 30 秒后再试" in sign_in(client, "nobody", "wrong").content.decode()


def test_the_owner_signs_in_while_an_attacker_hammers(noon, zhang: User) -> None:
    attacker, owner = Client(REMOTE_ADDR="10.9.9.9"), Client(REMOTE_ADDR="10.0.0.1")
    for _ in range(40):
        noon.shift(97)
        sign_in(attacker, password="guess")
    assert sign_in(owner).status_code == 302


def test_a_known_browser_is_not_held_up_by_the_neighbours(noon, client: Client, zhang: User) -> None:
    sign_in(client)
    client.post("/account/sign-out/")
    neighbour = Client()
    for _ in range(8):
        sign_in(neighbour, password="guess")
    assert "尝试次数过多" in sign_in(neighbour).content.decode()
    assert sign_in(client).status_code == 302


def test_behind_a_proxy_the_forwarded_address_counts(noon, zhang: User, settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for number in range(7):
        sign_in(Client(headers={"x-forwarded-for": "10.9.9.9"}), f"user{number}", "guess")
    waiting = sign_in(Client(headers={"x-forwarded-for": "1.2.3.4, 10.9.9.9"}))
    assert "尝试次数过多" in waiting.content.decode()
    assert sign_in(Client(headers={"x-forwarded-for": "10.9.9.9, 10.0.0.1"})).status_code == 302


def test_a_forwarded_address_is_not_believed_without_a_proxy(noon, zhang: User) -> None:
    for number in range(6):
        sign_in(Client(headers={"x-forwarded-for": f"10.9.9.{number}"}), f"user{number}", "guess")
    assert "尝试次数过多" in sign_in(Client()).content.decode()


def test_one_network_of_version_six_is_one_source(noon, zhang: User) -> None:
    for number in range(6):
        sign_in(Client(REMOTE_ADDR=f"2001:db8::{number:x}"), f"user{number}", "guess")
    assert "尝试次数过多" in sign_in(Client(REMOTE_ADDR="2001:db8::ffff")).content.decode()
    assert sign_in(Client(REMOTE_ADDR="2001:db8:0:1::1")).status_code == 302


def test_ten_guesses_are_an_entry_for_the_security_administrator(noon, zhang: User) -> None:
    for number in range(12):
        sign_in(Client(REMOTE_ADDR=f"10.9.9.{number}"), password="guess")
        sign_in(Client(REMOTE_ADDR=f"10.9.8.{number}"), "nobody", "guess")
    assert list(Entry.objects.filter(verb="account.guessed").values_list("outcome", flat=True)) == ["refused"]


def test_an_overlong_password_is_not_hashed(client: Client, zhang: User) -> None:
    began = time.perf_counter()
    assert WRONG in sign_in(client, password="x" * 5_000_000).content.decode()
    assert time.perf_counter() - began < 2


# --- second factor ---


def test_a_code_finishes_the_sign_in(noon, client: Client, code: Code) -> None:
    assert sign_in(client)["Location"] == "/account/sign-in/code/"
    assert not is_in(client)
    answer = client.post("/account/sign-in/code/", {"code": code(NOON)})
    assert answer["Location"] == "/desk/"
    assert is_in(client)


def test_a_code_is_refused_a_second_time(noon, zhang: User, code: Code) -> None:
    first, second = Client(), Client()
    for browser in (first, second):
        sign_in(browser)
        browser.post("/account/sign-in/code/", {"code": code(NOON)})
    assert (is_in(first), is_in(second)) == (True, False)
    assert "验证码不正确，或已经用过" in second.post("/account/sign-in/code/", {"code": code(NOON)}).content.decode()


def test_codes_are_throttled_whatever_the_source(noon, code: Code) -> None:
    said = []
    for number in range(6):
        browser = Client(REMOTE_ADDR=f"10.0.0.{number}")
        sign_in(browser)
        said.append(browser.post("/account/sign-in/code/", {"code": "000000"}).content.decode())
    assert ["尝试次数过多" in page for page in said] == [False] * 5 + [True]


def test_the_code_page_is_closed_to_strangers(client: Client, zhang: User) -> None:
    assert client.get("/account/sign-in/code/")["Location"] == "/account/sign-in/"
    assert client.post("/account/sign-in/code/", {"code": "000000"})["Location"] == "/account/sign-in/"


def test_an_account_disabled_at_the_code_page_stays_out(noon, client: Client, zhang: User, code: Code) -> None:
    sign_in(client)
    with as_(SYSTEM) as by:
        disable_account(user=zhang, by=by)
    client.post("/account/sign-in/code/", {"code": code(NOON)})
    assert not is_in(client)


def test_cancelling_the_code_page_forgets_the_password(noon, client: Client, code: Code) -> None:
    sign_in(client)
    client.post("/account/sign-out/")
    client.post("/account/sign-in/code/", {"code": code(NOON)})
    assert not is_in(client)


# --- the session's key, the way back, unfinished accounts ---


def test_the_session_gets_a_new_key_at_sign_in(client: Client, zhang: User) -> None:
    client.get("/account/sign-in/key/", headers={"accept": "application/json"})
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


FOREIGN = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:///evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "\t//evil.example",
    "/\t/evil.example",
    " https://evil.example",
    "http://testserver/desk/",
    "http://localhost/desk/",
    "desk/",
]


@pytest.mark.parametrize("target", FOREIGN)
def test_next_leads_nowhere_else(client: Client, zhang: User, target: str) -> None:
    assert sign_in(client, next=target)["Location"] == "/desk/"
    assert client.get("/account/sign-in/", {"next": target})["Location"] == "/desk/"
    assert client.post("/account/confirm/", {"password": PASSWORD, "next": target})["Location"] == "/desk/"
    assert client.post("/account/sign-out/", {"next": target})["Location"] == "/account/sign-in/"


@pytest.mark.parametrize("target", FOREIGN)
def test_switches_lead_nowhere_else(client: Client, target: str) -> None:
    for route, field in (("/language/", {"language": "en"}), ("/text/", {"text": "large"})):
        assert client.post(route, {**field, "next": target})["Location"] == "/"


def test_the_page_asked_for_is_shown_after_sign_in(client: Client, zhang: User) -> None:
    asked = client.get("/desk/records/7/?tab=2")
    assert asked["Location"] == "/account/sign-in/?next=/desk/records/7/%3Ftab%3D2"
    page = client.get(asked["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/desk/records/7/?tab=2">' in page
    assert sign_in(client, next="/desk/records/7/?tab=2")["Location"] == "/desk/records/7/?tab=2"


def test_a_post_is_not_a_way_back(client: Client, db: None) -> None:
    assert client.post("/desk/refuse/")["Location"] == "/account/sign-in/"


def test_a_fragment_moves_the_whole_page_to_sign_in(client: Client, db: None) -> None:
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/records/7/?a=1"}
    answer = client.get("/desk/poll/", headers=asked)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/account/sign-in/?next=/desk/records/7/")


def test_an_account_without_factor_sets_one_up_first(signed: Client, settings: Settings) -> None:
    settings.MFA_REQUIRED = True
    assert signed.get("/desk/")["Location"] == "/account/factors/"
    page = signed.get("/account/factors/").content.decode()
    assert "本单位要求两步验证" in page
    assert signed.get("/account/factors/app/add/").status_code == 200
    assert signed.post("/language/", {"language": "en"}).status_code == 303


def test_a_password_somebody_else_chose_is_changed_first(client: Client, zhang: User, settings: Settings) -> None:
    settings.DEMO = False
    with as_(SYSTEM) as by:
        set_password(user=zhang, password="一架红色的旧水车八十八斤", by=by)
    sign_in(client, password="一架红色的旧水车八十八斤")
    assert client.get("/desk/")["Location"] == "/account/password/"
    form = {"oldpassword": "一架红色的旧水车八十八斤", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/account/password/", form).status_code == 302
    assert is_in(client)


# --- changing the password ---


def test_changing_the_password_ends_the_other_sessions(client: Client, zhang: User) -> None:
    other = Client()
    for browser in (client, other):
        sign_in(browser)
    before = client.session.session_key
    new = "一架红色的旧水车八十八斤"
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(client), is_in(other)) == (True, False)
    assert client.session.session_key != before
    assert Entry.objects.order_by("seq").last().verb == "account.change_password"


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", "一架红色的旧水车八十八斤", "一架红色的旧水车八十八斤", "现用密码不正确"),
        (PASSWORD, "short", "short", "密码太短，至少需要12个字符"),
        (PASSWORD, "一架红色的旧水车八十八斤", "一架红色的旧水车八十九斤", "两次输入的新密码不一致"),
        (PASSWORD, "zhangming-1234", "zhangming-1234", "密码与登录名、姓名或单位名称太接近"),
    ],
)
def test_a_password_is_not_changed_otherwise(signed: Client, old: str, new: str, again: str, said: str) -> None:
    page = signed.post("/account/password/", {"oldpassword": old, "password1": new, "password2": again})
    assert said in page.content.decode()
    assert User.objects.get(username="zhangming").check_password(PASSWORD)


def test_the_present_password_cannot_be_guessed_on_an_unlocked_screen(noon, signed: Client) -> None:
    new = "一架红色的旧水车八十八斤"
    form = {"oldpassword": "guess", "password1": new, "password2": new}
    said = [signed.post("/account/password/", form).content.decode() for _ in range(6)]
    assert ["尝试次数过多" in page for page in said] == [False] * 5 + [True]


def test_office_and_unit_are_no_passwords(client: Client, world: World) -> None:
    officer = world.users["干部甲"]
    officer.set_password(PASSWORD)
    officer.save()
    sign_in(client, officer.username)
    new = "第一监督检查室的石榴花开了"
    page = client.post("/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert "密码与登录名、姓名或单位名称太接近" in page.content.decode()


def test_who_has_no_password_changes_none(client: Client, world: World) -> None:
    client.force_login(world.users["干部甲"])
    assert client.get("/account/password/")["Location"] == "/account/factors/"
