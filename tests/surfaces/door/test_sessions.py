"""Limits of a session, exact under a moved clock; what a revoked right is worth on the next request; cookies; step-up."""

from datetime import date

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings
from tests.accounts.people import PASSWORD
from tests.surfaces.door.conftest import Code
from tests.surfaces.door.steps import NOON, is_in, sign_in
from tests.world import SYSTEM, World, as_

from jiandu.base.accounts.models import User
from jiandu.base.accounts.services import disable_account, enable_account
from jiandu.base.audit.models import Entry
from jiandu.net.access.models import Grant
from jiandu.net.access.services import end_grant

IDLE, WHOLE = 15 * 60, 8 * 3600


# --- idle and absolute limits ---


@pytest.mark.parametrize(("pause", "served"), [(IDLE - 0.001, True), (IDLE, False), (IDLE + 1, False)])
def test_the_idle_limit_is_exact(noon, signed: Client, pause: float, served: bool) -> None:
    noon.shift(10)
    assert is_in(signed)
    noon.shift(pause)
    assert is_in(signed) is served


@pytest.mark.parametrize(("end", "served"), [(WHOLE - 0.001, True), (WHOLE, False), (WHOLE + 1, False)])
def test_the_absolute_limit_is_exact(noon, signed: Client, end: float, served: bool) -> None:
    for step in range(1, int(WHOLE / 840) + 1):
        noon.move_to(NOON + step * 840)
        assert is_in(signed)
    noon.move_to(NOON + end)
    assert is_in(signed) is served


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(pauses=st.lists(st.one_of(st.integers(0, 1200), st.integers(895, 905)), max_size=12), whole=st.integers(1, 3))
def test_served_exactly_while_used_and_young(db: None, zhang: User, settings: Settings, pauses, whole: int) -> None:
    settings.SESSION_ABSOLUTE_HOURS = whole
    browser, moment, alive = Client(), NOON, True
    with time_machine.travel(NOON, tick=False) as clock:
        browser.force_login(zhang)
        for pause in pauses:
            moment += pause
            clock.move_to(moment)
            alive = alive and pause < IDLE and moment - NOON < whole * 3600
            assert is_in(browser) is alive


def test_polls_do_not_keep_a_session_alive(noon, signed: Client) -> None:
    for _ in range(14):
        noon.shift(60)
        assert signed.get("/desk/poll/").status_code == 200
    noon.shift(60)
    assert signed.get("/desk/poll/").status_code == 302


def test_an_ended_session_is_deleted_and_says_so(noon, signed: Client) -> None:
    noon.shift(IDLE)
    answer = signed.get("/desk/", follow=True)
    assert "登录已超时，请重新登录" in answer.content.decode()
    assert not any("_auth_user_id" in row.get_decoded() for row in Session.objects.all())


def test_without_its_cookie_a_session_lasts_a_quarter_hour_from_sign_in(noon, signed: Client) -> None:
    noon.shift(600)
    assert is_in(signed)
    del signed.cookies["seen"]
    noon.shift(299)
    assert is_in(signed)
    noon.shift(1)
    del signed.cookies["seen"]
    assert not is_in(signed)


def test_the_cookie_of_another_session_is_worth_nothing(noon, signed: Client, zhang: User) -> None:
    other = Client()
    noon.shift(600)
    sign_in(other)
    noon.shift(400)
    is_in(other)
    signed.cookies["seen"] = other.cookies["seen"].value
    assert not is_in(signed)


@pytest.mark.parametrize("value", ["", "x", "eyJ9:1:2"])
def test_a_forged_cookie_is_worth_nothing(noon, signed: Client, value: str) -> None:
    noon.shift(IDLE)
    signed.cookies["seen"] = value
    assert not is_in(signed)


def test_a_clock_that_jumps_back_ends_the_session(noon, signed: Client) -> None:
    noon.shift(-30)
    assert is_in(signed)
    noon.shift(-3600)
    assert not is_in(signed)


# --- what ends on the next request ---


def test_a_disabled_user_is_served_nothing_more(signed: Client, zhang: User) -> None:
    with as_(SYSTEM) as by:
        disable_account(user=zhang, by=by)
    assert [signed.get(page).status_code for page in ("/desk/", "/desk/records/1/", "/account/factors/")] == [302] * 3
    assert signed.post("/desk/refuse/").status_code == 302


def test_an_enabled_user_signs_in_again(client: Client, zhang: User) -> None:
    with as_(SYSTEM) as by:
        enable_account(user=disable_account(user=zhang, by=by), by=by)
    sign_in(client)
    assert is_in(client)


def test_an_ended_grant_is_gone_on_the_next_request(client: Client, world: World) -> None:
    client.force_login(world.users["安全管理员"])
    assert client.get("/desk/accounts/").status_code == 200
    with as_(SYSTEM) as by:
        end_grant(grant=Grant.objects.get(user=world.users["安全管理员"]), by=by)
    assert client.get("/desk/accounts/").status_code == 404


def test_a_grant_ends_with_its_day(client: Client, world: World) -> None:
    Grant.objects.filter(user=world.users["安全管理员"]).update(until=date(2022, 9, 30))
    with time_machine.travel("2022-09-30T23:59:00+08:00", tick=False) as clock:
        client.force_login(world.users["安全管理员"])
        assert client.get("/desk/accounts/").status_code == 200
        clock.shift(60)
        assert client.get("/desk/accounts/").status_code == 404


def test_signing_out_ends_the_session_on_the_server(signed: Client) -> None:
    kept = dict(signed.cookies.items())
    signed.post("/account/sign-out/")
    thief = Client()
    thief.cookies.load({name: cookie.value for name, cookie in kept.items()})
    assert not is_in(thief)
    assert Entry.objects.filter(verb="sign_out").count() == 1


# --- cookies ---


def attributes(cookie) -> dict[str, object]:
    return {name: cookie[name] for name in ("httponly", "secure", "samesite", "path", "domain")}


@pytest.fixture
def encrypted(settings: Settings) -> None:
    """The profile for real work: as project/settings.py sets it."""
    settings.HTTPS = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000


def test_each_cookie_carries_all_its_attributes(encrypted: None, zhang: User) -> None:
    browser = Client()
    browser.get("/account/sign-in/", secure=True)
    browser.post("/account/sign-in/", {"login": "zhangming", "password": PASSWORD}, secure=True)
    browser.post("/language/", {"language": "en"}, secure=True)
    browser.post("/text/", {"text": "large"}, secure=True)
    strict = {"httponly": True, "secure": True, "samesite": "Strict", "path": "/", "domain": ""}
    kept = {"httponly": "", "secure": True, "samesite": "Lax", "path": "/", "domain": ""}
    assert {name: attributes(cookie) for name, cookie in browser.cookies.items()} == {
        "__Host-session": strict,
        "__Host-csrf": strict,
        "__Host-seen": strict,
        "__Host-device": strict,
        "django_language": kept,
        "text": kept,
    }


def test_without_encryption_the_names_are_plain(client: Client, zhang: User) -> None:
    client.get("/account/sign-in/")
    sign_in(client)
    assert set(client.cookies) == {"sessionid", "csrftoken", "seen", "device"}
    assert {cookie["samesite"] for cookie in client.cookies.values()} == {"Strict"}


def test_session_and_seen_end_with_the_browser(signed: Client) -> None:
    assert {name: signed.cookies[name]["max-age"] for name in ("sessionid", "seen")} == {"sessionid": "", "seen": ""}


def test_signing_out_takes_the_seen_cookie_away(signed: Client) -> None:
    signed.post("/account/sign-out/")
    assert signed.cookies["seen"]["max-age"] == 0


# --- step-up ---


def test_who_has_just_signed_in_is_fresh(noon, signed: Client) -> None:
    noon.shift(299.9)
    assert signed.get("/desk/sensitive/").content == b"sealed"


def test_after_five_minutes_a_proof_is_asked_for(noon, signed: Client) -> None:
    noon.shift(300)
    asked = signed.get("/desk/sensitive/?a=1")
    assert asked["Location"] == "/account/confirm/code/?next=%2Fdesk%2Fsensitive%2F%3Fa%3D1"
    asked = signed.get(asked["Location"])
    assert asked["Location"] == "/account/confirm/?next=%2Fdesk%2Fsensitive%2F%3Fa%3D1"
    answer = signed.post(asked["Location"], {"password": PASSWORD, "next": "/desk/sensitive/?a=1"})
    assert answer["Location"] == "/desk/sensitive/?a=1"
    assert signed.get("/desk/sensitive/").content == b"sealed"


def test_a_form_that_is_no_longer_fresh_is_not_carried_out(noon, signed: Client) -> None:
    noon.shift(301)
    answer = signed.post("/desk/sensitive/", {"amount": "7"})
    assert (answer.status_code, answer["Location"]) == (
        303,
        "/account/confirm/code/?next=%2Fdesk%2Fsensitive%2F%3Famount%3D7",
    )


def test_the_session_gets_a_new_key_at_step_up(noon, signed: Client) -> None:
    before = signed.session.session_key
    noon.shift(301)
    signed.post("/account/confirm/", {"password": PASSWORD})
    assert signed.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert is_in(signed)


def test_who_has_a_factor_steps_up_by_it_alone(noon, client: Client, code: Code) -> None:
    sign_in(client)
    client.post("/account/sign-in/code/", {"code": code(NOON)})
    assert client.get("/desk/sensitive/").content == b"sealed"
    noon.shift(600)
    assert client.get("/account/confirm/")["Location"] == "/account/confirm/code/"
    client.post("/account/confirm/", {"password": PASSWORD})
    assert client.get("/desk/sensitive/").status_code == 302
    client.post("/account/confirm/code/", {"code": code(NOON + 600)})
    assert client.get("/desk/sensitive/").content == b"sealed"


def test_wrong_proofs_wait_too(noon, signed: Client) -> None:
    noon.shift(301)
    said = [signed.post("/account/confirm/", {"password": "guess"}).content.decode() for _ in range(6)]
    assert ["尝试次数过多" in page for page in said] == [False] * 5 + [True]


def test_a_factor_is_added_only_when_fresh(noon, signed: Client) -> None:
    assert signed.get("/account/factors/app/add/").status_code == 200
    noon.shift(301)
    assert signed.get("/account/factors/app/add/")["Location"].startswith("/account/confirm/?next=")
    assert signed.post("/account/factors/app/add/", {"code": "000000"})["Location"].startswith("/account/confirm/")


def test_one_click_accounts_of_the_demo_need_no_proof(client: Client, world: World, settings: Settings) -> None:
    client.force_login(world.users["干部甲"])
    assert client.get("/desk/sensitive/").status_code == 200
    settings.DEMO = False
    assert client.get("/desk/sensitive/").status_code == 302


# --- the pages of factors ---


def test_a_new_app_proves_who_is_there_and_its_code_is_used_up(noon, signed: Client) -> None:
    secret = signed.get("/account/factors/app/add/").context["form"].secret
    shown = format_hotp_value(hotp_value(secret, NOON // 30))
    assert signed.post("/account/factors/app/add/", {"code": shown})["Location"] == "/account/factors/recovery/"
    assert signed.get("/account/factors/recovery/").status_code == 200
    noon.shift(301)
    signed.post("/account/confirm/code/", {"code": shown})
    assert signed.get("/desk/sensitive/").status_code == 302


def test_the_last_factor_stays_where_one_is_required(noon, client: Client, code: Code, settings: Settings) -> None:
    settings.MFA_REQUIRED = True
    sign_in(client)
    client.post("/account/sign-in/code/", {"code": code(NOON)})
    page = client.post("/account/factors/app/remove/")
    assert "这是您唯一的验证方式" in page.content.decode()
    settings.MFA_REQUIRED = False
    assert client.post("/account/factors/app/remove/")["Location"] == "/account/factors/"


def test_recovery_codes_are_for_the_fresh(noon, client: Client, code: Code) -> None:
    sign_in(client)
    client.post("/account/sign-in/code/", {"code": code(NOON)})
    assert client.post("/account/factors/recovery/new/")["Location"] == "/account/factors/recovery/"
    listed = client.get("/account/factors/recovery/codes.txt").content.split()
    assert len(listed) == 10
    noon.shift(301)
    assert client.get("/account/factors/recovery/codes.txt").status_code == 302


@pytest.mark.parametrize("act", ["rename", "remove"])
def test_keys_of_others_are_not_there(signed: Client, world: World, act: str) -> None:
    other = Authenticator(user=world.users["干部甲"], type="webauthn", data={"name": "别人的", "credential": {}})
    other.save()
    missing = signed.get(f"/account/factors/keys/999999/{act}/")
    theirs = signed.get(f"/account/factors/keys/{other.pk}/{act}/")
    assert (theirs.status_code, theirs.content) == (404, missing.content)
    assert signed.post(f"/account/factors/keys/{other.pk}/{act}/", {"name": "我的"}).status_code == 404
