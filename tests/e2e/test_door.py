"""The door's pages, out of the registry of URLs: for strangers, for those who are in, and for the owner of a passkey."""

import re

import pytest
from playwright.sync_api import Page

from tests.access.endpoints import endpoints
from tests.accounts.people import PASSWORD
from tests.chromium import Complaints
from tests.e2e.browsing import DESK, PHONE, City, picture, wrong_on
from tests.e2e.city import KEY_USER, OFFICER

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once, pytest.mark.full]
LOOKS = [("zh-hans", DESK), ("en", PHONE)]
KEY = re.compile(r"<int:pk>")


def routes(*, is_open: bool) -> list[str]:
    """What can be asked for by its address alone."""
    return [
        f"/{one.route}"
        for one in endpoints()
        if not one.is_desk and "GET" in one.said.methods and one.said.is_open is is_open and "<" not in one.route
    ]


def judged(page: Page, base: str, paths: list[str], language: str) -> dict[str, list[str]]:
    """What is wrong where each path leads to."""
    complaints = Complaints(but=(403, 404))  # what is not set up is not there: that page is judged as well
    complaints.watch(page)
    found = {}
    for path in paths:
        answer = page.request.get(base + path)
        if "<html" in answer.text():
            page.goto(base + path, wait_until="load")
            width = page.viewport_size["width"] if page.viewport_size else 0
            picture(page, f"door{re.sub('[^a-z]+', '_', path)}-{language}-{width}")
            wrong = wrong_on(page, language) + complaints.said
            complaints.said.clear()
            if wrong:
                found[path] = wrong
    return found


@pytest.mark.parametrize(("language", "size"), LOOKS, ids=["zh-desk", "en-phone"])
def test_every_page_of_the_door_is_right(city: City, language: str, size: tuple[int, int]) -> None:
    with city.browser(size, language) as context:
        assert judged(context.new_page(), city.base, routes(is_open=True), language) == {}
    with city.as_(OFFICER, size, language) as page:
        assert judged(page, city.base, routes(is_open=False), language) == {}


def test_every_page_of_a_passkey_is_right(city: City) -> None:
    base = city.base.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    with city.browser() as context:
        page = context.new_page()
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        made = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
        made |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
        device.send("WebAuthn.addVirtualAuthenticator", {"options": made})
        page.goto(f"{base}/account/sign-in/?next=/account/factors/keys/add/")
        page.fill("#id_login", KEY_USER)
        page.fill("#id_password", PASSWORD)
        page.press("#id_password", "Enter")
        page.wait_for_url("**/keys/add/")
        page.click("[data-passkey-start]")
        page.wait_for_url(re.compile("/account/factors/(recovery/)?$"))
        page.goto(f"{base}/account/factors/keys/")
        number = re.search(r"keys/(\d+)/", page.content())
        assert number
        of_keys = [one.route for one in endpoints() if KEY.search(one.route) and not one.is_desk]
        assert len(of_keys) >= 2
        paths = [f"/{KEY.sub(number[1], route)}" for route in of_keys] + routes(is_open=False)
        for language, size in LOOKS:
            context.add_cookies([{"name": "django_language", "value": language, "url": base}])
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert judged(page, base, paths, language) == {}
