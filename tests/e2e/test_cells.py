"""台账表格 in the browser: the keys of a spreadsheet, each act saved, a conflict chosen in its cell, nothing lost."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import PHONE, City, wrong_on
from tests.e2e.city import OFFICER, VERIFIER

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once, pytest.mark.full]
PLACE = "/desk/findings/grid/?state=registered"
PROBLEM, RECTIFIER = 2, 3
FOCUSED = "document.activeElement.closest('td').dataset.label"


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator("#cells tbody tr").nth(row).locator("td").nth(column)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def saved(page: Page) -> str:
    """What the page says once all is saved."""
    expect(page.locator("#cells .pending")).to_have_count(0, timeout=60_000)
    return page.locator("#cells-said").evaluate("said => said.value")


@contextmanager
def opened(city: City, name: str = OFFICER) -> Iterator[Page]:
    with city.as_(name, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(city.base + PLACE)
        yield page


def test_a_name_is_typed_filled_down_and_taken_back(city: City) -> None:
    with opened(city) as page:
        assert page.evaluate(FOCUSED) == "问题表现"
        press(page, "Tab")
        page.keyboard.type("填充甲")
        press(page, "Enter")
        assert (saved(page), cell(page, 0, RECTIFIER).inner_text()) == ("已保存 1 格", "填充甲")
        press(page, "ArrowUp", "Shift+ArrowDown", "Control+d")
        assert (saved(page), cell(page, 1, RECTIFIER).inner_text()) == ("已保存 1 格", "填充甲")
        press(page, "Control+z")
        assert (saved(page), cell(page, 1, RECTIFIER).inner_text()) == ("已撤销 1 格", "")
        press(page, "Control+z")
        assert (saved(page), cell(page, 0, RECTIFIER).inner_text()) == ("已撤销 1 格", "")
        page.reload()
        assert cell(page, 0, RECTIFIER).inner_text() == ""


def test_a_block_goes_out_and_in_as_excel_has_it(city: City) -> None:
    with opened(city) as page:
        before = cell(page, 1, PROBLEM).inner_text()
        page.evaluate("navigator.clipboard.writeText('\"粘贴的\\n第一行\"\\t甲\\r\\n粘贴的第二行\\t乙\\r\\n')")
        press(page, "Control+v")
        assert saved(page) == "已保存 4 格"
        press(page, "Control+c")
        assert page.evaluate("navigator.clipboard.readText()") == '"粘贴的\n第一行"\t甲\r\n粘贴的第二行\t乙'
        press(page, "Control+z")
        assert (saved(page), cell(page, 1, PROBLEM).inner_text()) == ("已撤销 4 格", before)


def test_a_conflict_stands_in_its_cell_until_one_is_chosen(city: City) -> None:
    with opened(city) as mine, opened(city, VERIFIER) as theirs:
        theirs.keyboard.type("对方的问题")
        press(theirs, "Enter")
        saved(theirs)
        mine.keyboard.type("我的问题")
        press(mine, "Enter")
        assert saved(mine) == "1 格已被他人更改，请选择"
        clash = cell(mine, 0, PROBLEM)
        assert ["我的问题" in clash.inner_text(), f"{VERIFIER} " in clash.inner_text()] == [True, True]
        assert wrong_on(mine) == []
        press(mine, "ArrowUp", "Enter")
        assert mine.evaluate("document.activeElement.textContent") == "用我的"
        press(mine, "Enter")
        assert (saved(mine), clash.inner_text()) == ("已保存 1 格", "我的问题")


def test_what_is_wrong_stays_in_the_cell_with_its_reason(city: City) -> None:
    with opened(city) as page:
        press(page, "ArrowRight", "ArrowRight")
        page.keyboard.type("2022-02-30")
        press(page, "Tab")
        assert saved(page) == "1 格未写入，原因见格内"
        assert "“2022-02-30” 日期不存在" in cell(page, 0, 4).inner_text()
        assert wrong_on(page) == []


def test_what_could_not_be_sent_is_kept_and_sent_again(city: City) -> None:
    with opened(city) as page:
        page.route("**/cells/", lambda route: route.abort())
        press(page, "Tab")
        page.keyboard.type("断网乙")
        press(page, "Enter")
        assert "没有保存 1 格" in saved(page)
        page.unroute("**/cells/")
        page.click("#cells-again")
        assert (saved(page), cell(page, 0, RECTIFIER).inner_text()) == ("已保存 1 格", "断网乙")
        press(page, "Escape", "Tab")
        assert page.evaluate("Boolean(document.activeElement.closest('#cells'))") is False


def test_a_phone_and_a_browser_without_scripts_have_the_list(city: City) -> None:
    with city.as_(OFFICER, PHONE) as page:
        page.goto(city.base + PLACE)
        assert (page.get_attribute("#cells", "role"), page.is_visible("#cells-bar"), wrong_on(page)) == (
            None,
            False,
            [],
        )
    with city.as_(OFFICER, java_script_enabled=False) as page:
        page.goto(city.base + PLACE)
        page.locator("#cells tbody a").first.click()
        assert page.locator("form[action$='/correct/']").count() == 1
