"""The door in Chromium under the strict content policy: password and code, passkeys, no complaint of axe or the browser."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from tests.accounts.people import PASSWORD
from tests.chromium import Complaints, launched
from tests.ground import installation
from tests.surfaces.door.server import SEED

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once]

ROOT = Path(__file__).resolve().parents[3]
DESK, PHONE = (1366, 900), (390, 844)
SHOTS = os.environ.get("JIANDU_SHOTS")  # a folder for pictures of each page
OPEN = ("account/sign-in/", "demo/", "no/such/page/", "open/fail/")
SIGNED = (
    *("account/factors/", "account/factors/keys/", "account/factors/recovery/", "account/factors/recovery/new/"),
    *("account/factors/app/remove/", "account/factors/keys/add/", "account/confirm/code/", "account/password/"),
    *("account/sign-out/", "desk/refuse/", "desk/"),
)
NEW = ("account/factors/", "account/factors/app/add/", "account/confirm/")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.surfaces.door.server"]
    with (
        installation(tmp_path_factory.mktemp("door")) as told,
        subprocess.Popen(command, cwd=ROOT, env=told, stdout=subprocess.PIPE, text=True) as server,
    ):
        assert server.stdout is not None
        yield f"http://localhost:{server.stdout.readline().strip()}"
        server.terminate()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport={"width": DESK[0], "height": DESK[1]}, locale="zh-CN")
    yield made
    made.close()


def sign_in(page: Page, base: str, username: str) -> None:
    page.goto(f"{base}/account/sign-in/")
    page.fill("#id_login", username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")


def code() -> str:
    """What li's authenticator shows; in the last second of a period, the next one."""
    if time.time() % 30 > 28:
        time.sleep(2.5)
    return format_hotp_value(hotp_value(SEED, int(time.time()) // 30))


@pytest.fixture(scope="module")
def kept(chromium: Browser, base: str) -> dict[str, Any]:
    """Cookies of browsers in which li has finished signing in, li has given the password only, he has no factor.

    And li's recovery codes.
    """
    states = {}
    for name, username in (("in", "li"), ("half", "li"), ("new", "he")):
        context = chromium.new_context(locale="zh-CN")
        page = context.new_page()
        sign_in(page, base, username)
        if name == "in":
            page.fill("#id_code", code())
            page.press("#id_code", "Enter")
            page.wait_for_url("**/desk/")
            page.goto(f"{base}/account/factors/recovery/new/")
            page.click("main .btn-primary")
            page.wait_for_url("**/recovery/")
            states["codes"] = page.inner_text(".codes").split()
        page.wait_for_load_state("networkidle")
        states[name] = context.storage_state()
        context.close()
    return states


@pytest.mark.parametrize(
    ("size", "language"),
    [
        pytest.param(DESK, "zh-hans", id="desk-zh-hans"),
        pytest.param(PHONE, "en", id="phone-en"),
        pytest.param(DESK, "en", id="desk-en", marks=pytest.mark.full),
        pytest.param(PHONE, "zh-hans", id="phone-zh-hans", marks=pytest.mark.full),
    ],
)
def test_axe_finds_nothing(
    chromium: Browser, base: str, kept: dict[str, Any], size: tuple[int, int], language: str
) -> None:
    found: dict[str, list[str]] = {}
    for state, pages in (("", OPEN), ("in", SIGNED), ("half", ("account/sign-in/code/",)), ("new", NEW)):
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", storage_state=kept.get(state)
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": base}])
        if state == "in":
            prove(context, base, kept)
        for name in pages:
            found[f"{state}:{name}"] = look(context, f"{base}/{name}", f"{language}-{size[0]}-{state}")
        context.close()
    assert {page: wrong for page, wrong in found.items() if wrong} == {}
    assert len(found) == len(OPEN) + len(SIGNED) + len(NEW) + 1


def prove(context: BrowserContext, base: str, kept: dict[str, Any]) -> None:
    """Steps up by a recovery code: the pages of factors ask for a proof of the last five minutes."""
    page = context.new_page()
    page.goto(f"{base}/account/confirm/code/?next=/desk/")
    page.fill("#id_code", kept["codes"].pop())
    page.press("#id_code", "Enter")
    page.wait_for_url("**/desk/")
    page.close()
    kept["in"] = context.storage_state()


def look(context: BrowserContext, url: str, label: str) -> list[str]:
    """Everything wrong with a page; it is left where it was asked for."""
    page = context.new_page()
    said = Complaints.of(page, but=(404, 409, 500))
    page.goto(url, wait_until="load")
    wrong = [
        f"{rule['id']}: {node['target']}" for rule in Axe().run(page).response["violations"] for node in rule["nodes"]
    ]
    sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    moved = [] if page.url == url else [f"moved to {page.url}"]
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{label}-{url.split('/', 3)[3].strip('/').replace('/', '_')}.png", full_page=True)
    page.close()
    return wrong + said + moved + ([f"scrolls sideways by {sideways}"] if sideways > 0 else [])


def authenticator(context: BrowserContext, page: Page, **options: bool) -> tuple[Any, str]:
    """A virtual device with a screen lock."""
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    given = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True} | options
    made = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True, **given}
    return device, device.send("WebAuthn.addVirtualAuthenticator", {"options": made})["authenticatorId"]


def test_from_password_to_passkey(context: BrowserContext, base: str) -> None:
    """zhang signs in, sets an app up, adds a passkey, and signs in with it; then with the password and the passkey."""
    page = context.new_page()
    said = Complaints.of(page)
    authenticator(context, page)
    sign_in(page, base, "zhang")
    page.wait_for_url("**/desk/")
    page.goto(f"{base}/account/factors/app/add/")
    seed = page.inner_text(".seed").replace(" ", "")
    page.fill("#id_code", format_hotp_value(hotp_value(seed, int(time.time()) // 30)))
    page.press("#id_code", "Enter")
    page.wait_for_url("**/recovery/")
    assert page.locator(".codes li").count() == 10
    page.goto(f"{base}/account/factors/keys/add/")
    page.click("[data-passkey-start]")
    page.wait_for_url("**/account/factors/")
    assert "通行密钥已添加" in page.inner_text("#toasts")

    page.goto(f"{base}/account/sign-out/")
    page.click("main .btn-primary")
    page.wait_for_url("**/account/sign-in/")
    page.click("[data-passkey-start]")
    page.wait_for_url("**/desk/")

    context.clear_cookies()
    sign_in(page, base, "zhang")
    page.wait_for_url("**/account/sign-in/code/")
    page.click("[data-passkey-start]")
    page.wait_for_url("**/desk/")
    assert said == []


def test_a_passkey_confirms_a_step_up(context: BrowserContext, base: str) -> None:
    page = context.new_page()
    page.goto(f"{base}/demo/")
    page.click("text=林志远")
    page.wait_for_url("**/desk/")
    authenticator(context, page)
    page.goto(f"{base}/account/factors/keys/add/")
    page.click("[data-passkey-start]")
    page.wait_for_url("**/recovery/")
    page.goto(f"{base}/account/confirm/key/?next=/desk/cached/")
    page.click("[data-passkey-start]")
    page.wait_for_url(f"{base}/desk/cached/")
    assert page.inner_text("body") == "rows"


def test_a_device_that_says_no_is_told_in_words(context: BrowserContext, base: str) -> None:
    page = context.new_page()
    authenticator(context, page, isUserVerified=False)
    page.goto(f"{base}/account/sign-in/")
    page.click("[data-passkey-start]")
    page.wait_for_selector("[data-passkey-error]:not(:empty)")
    assert page.inner_text("[data-passkey-error]") == "已取消或超时，请重试"
    assert page.is_enabled("[data-passkey-start]")


def test_an_address_without_a_name_is_explained(context: BrowserContext, base: str) -> None:
    page = context.new_page()
    page.goto(f"{base.replace('localhost', '127.0.0.1')}/account/sign-in/")
    page.click("[data-passkey-start]")
    page.wait_for_selector("[data-passkey-error]:not(:empty)")
    assert page.inner_text("[data-passkey-error]") == "此网址不能使用通行密钥：须用域名和 HTTPS 访问"


def test_a_password_signs_in_without_javascript(chromium: Browser, base: str) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{base}/account/sign-in/")
    assert not page.is_visible("[data-passkey-start]")
    page.click("text=English")
    assert page.inner_text("h1") == "Sign in"
    sign_in(page, base, "li")
    assert page.url.endswith("/account/sign-in/code/")
    context.close()


def test_own_forms_are_sent_with_their_origin(context: BrowserContext, base: str) -> None:
    """Under Referrer-Policy no-referrer it would be "null", and every form would be refused."""
    page = context.new_page()
    sent: list[str | None] = []
    page.on("request", lambda request: sent.append(request.headers.get("origin")) if request.method == "POST" else None)
    page.goto(f"{base}/account/sign-in/")
    page.click("text=English")
    page.wait_for_load_state()
    assert sent == [base]


def test_text_and_language_switch_on_the_shell(context: BrowserContext, base: str) -> None:
    page = context.new_page()
    page.goto(f"{base}/demo/")
    page.click("text=王建国")
    page.wait_for_url("**/desk/")
    page.click("text=大字版")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.text") == "large"
    page.click("text=English")
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.url == f"{base}/desk/"
