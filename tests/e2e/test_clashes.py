"""撞期 by keys alone: a visit is planned, what another office plans there shows by itself, one button goes there together."""

import time
from datetime import timedelta

import pytest

from jiandu.base.core.clock import today
from tests.e2e.browsing import City, picture, wrong_on
from tests.e2e.test_hands import KEY_SECONDS, LOOK_SECONDS

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once]
OFFICER = "干部甲"


def test_a_visit_is_planned_and_its_clash_joined_without_leaving_the_form(city: City) -> None:
    """Unit and day are typed; what another office plans there stands below by itself, and one button goes there together."""
    place = f"{city.base}/desk/schedule/of/{city.places['arrangements']}/"
    on = today() + timedelta(days=44)
    with city.as_(OFFICER) as page:
        page.goto(f"{place}?act=arrange")
        began, keys = time.monotonic(), 0
        page.focus("#arrange-units")
        page.keyboard.insert_text("市教育局")
        keys += 5  # four initials by the input method, and the space that takes the word
        page.keyboard.press("Tab")
        page.keyboard.type(f"{on:%m%d%Y}")  # in the order of this browser's own language
        assert page.input_value("#arrange-on") == on.isoformat()
        page.keyboard.press("Tab")
        keys += 10
        page.wait_for_selector("#clashes button[name=join]")
        assert "第二监督检查室" in page.inner_text("#clashes")
        picture(page, "clashes")
        assert wrong_on(page) == []
        while page.evaluate("document.activeElement.name") != "join":
            page.keyboard.press("Tab")
            keys += 1
            assert keys < 40, page.evaluate("document.activeElement.outerHTML")
        keys += 1
        with page.expect_navigation():
            page.keyboard.press("Enter")
        machine = time.monotonic() - began
        shown = page.inner_text("main")
        assert [word in shown for word in ("合并开展", "待答复", "市教育局")] == [True, True, True]
        hands = keys * KEY_SECONDS + LOOK_SECONDS
        print(f"clash: {keys} keys, machine {machine:.1f} s, hands {hands:.0f} s")
        assert machine + hands < 60
