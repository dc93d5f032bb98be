"""Keystrokes and seconds of what officers do with their hands every day (docs/hands.md), keys alone."""

import time

import pytest

from tests.e2e.browsing import DESK, PHONE, City, picture, wrong_on

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once]
TOWN = "街道干部"
KEY_SECONDS = 0.28  # a key of a practised typist who reads from paper (KLM: Card, Moran and Newell 1983)
LOOK_SECONDS = 2.4  # to find the next row on the paper and judge what was written there (two of KLM's mental acts)


def test_a_sheet_of_ten_assets_is_typed_in_within_three_minutes(city: City) -> None:
    """Scanned into the search field, ten digits, Enter: the page takes it from there."""
    uid = city.places["assets"]
    with city.as_(TOWN) as page:
        page.goto(f"{city.base}/desk/")
        began, keys = time.monotonic(), 0
        page.keyboard.press("/")
        page.keyboard.type(f"https://jiandu.office.internal/desk/d/12/{uid}/1/")  # a scanner types it
        with page.expect_navigation(url="**/assets/town/**"):
            page.keyboard.press("Enter")
        keys += 1
        assert page.evaluate("document.activeElement.name") == "r1-result"
        picture(page, "assets")
        for digit in "1432511243":
            page.keyboard.press(digit)
            keys += 1
        assert page.evaluate("document.activeElement.textContent").strip() == "保存"
        with page.expect_navigation(url=f"**/desk/checks/{uid}/"):
            page.keyboard.press("Enter")
        keys += 1
        machine = time.monotonic() - began
        assert "已登记10件资产的回头看" in page.inner_text("body")
        assert keys == 12
        hands = keys * KEY_SECONDS + 10 * LOOK_SECONDS
        print(f"assets: {keys} keys, machine {machine:.1f} s, hands {hands:.0f} s")
        assert machine + hands < 180


@pytest.mark.parametrize(("size", "language"), [(DESK, "en"), (PHONE, "zh-hans")])
def test_the_sheet_is_right_on_a_telephone_and_in_english(city: City, size: tuple[int, int], language: str) -> None:
    with city.as_(TOWN, size, language) as page:
        page.goto(f"{city.base}/desk/checks/{city.places['assets']}/assets/town/")
        picture(page, f"assets-{size[0]}-{language}")
        assert wrong_on(page, language) == []
