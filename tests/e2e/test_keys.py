"""The desk without a mouse: rows, search, rooms, the way past the menu; a dialog takes the focus and gives it back."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import City
from tests.e2e.city import OFFICER

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once, pytest.mark.full]
FOCUSED = "document.activeElement.closest('tr').querySelector('a').textContent.trim()"
#: How the element that has the focus is seen to have it.
OUTLINE = (
    "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + ' ' + s.outlineWidth; })()"
)


def at(page: Page, city: City, path: str) -> Page:
    page.goto(city.base + path)
    return page


def test_rows_are_walked_ticked_and_opened(city: City) -> None:
    with city.as_(OFFICER) as page:
        codes = at(page, city, "/desk/findings/").locator("[data-rows] td.code a").all_inner_texts()
        for key in ("j", "j", "j", "k"):
            page.keyboard.press(key)
        assert page.evaluate(FOCUSED) == codes[1]
        page.keyboard.press("x")
        assert (page.inner_text("[data-bulk-count]"), page.is_visible("[data-bulk-bar]")) == ("1", True)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.inner_text("h1").startswith(codes[1])


def test_search_and_rooms_are_a_key_away(city: City) -> None:
    with city.as_(OFFICER) as page:
        at(page, city, "/desk/").keyboard.press("/")
        page.keyboard.type("惠企")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator(".ledger tbody tr").count() > 0
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("g")
        with page.expect_navigation():
            page.keyboard.press("f")
        assert page.url == f"{city.base}/desk/findings/"
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()


def test_the_first_stop_leads_past_the_menu_and_every_stop_is_seen(city: City) -> None:
    with city.as_(OFFICER) as page:
        at(page, city, "/desk/findings/").keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        seen = []
        for _ in range(12):
            page.keyboard.press("Tab")
            seen.append(page.evaluate("Boolean(document.activeElement.closest('main'))"))
            assert page.evaluate(OUTLINE) != "none 0px" or page.evaluate(
                "getComputedStyle(document.activeElement).boxShadow !== 'none'"
            ), page.evaluate("document.activeElement.outerHTML")
        assert seen == [True] * 12


def test_an_act_takes_the_focus_and_gives_it_back(city: City) -> None:
    with city.as_(OFFICER) as page:
        at(page, city, f"/desk/findings/{city.places['findings']['assigned']}/")
        opener = page.locator("a[href='?act=finding-receive']")
        opener.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#act-slot dialog[open]")).to_be_visible()
        assert page.evaluate("document.activeElement.name") == "on"
        for _ in range(30):  # the focus stays inside
            page.keyboard.press("Tab")
            assert page.evaluate(
                "document.activeElement === document.body || !document.activeElement.closest('main > :not(#act-slot)')"
            )
        page.keyboard.press("Escape")
        expect(page.locator("#act-slot dialog[open]")).to_have_count(0)
        assert page.evaluate("document.activeElement.getAttribute('href')") == "?act=finding-receive"


def test_a_form_is_sent_from_the_keyboard(city: City) -> None:
    with city.as_(OFFICER) as page:
        at(page, city, "/desk/findings/new/").focus("[name=problem]")
        page.keyboard.type("只填了一项")
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        assert page.evaluate("document.activeElement.matches('.summary')")
        assert page.input_value("[name=problem]") == "只填了一项"
