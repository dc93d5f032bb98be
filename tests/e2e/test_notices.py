"""信息公开 in the browser: drafted, looked through, confirmed by another, read by a stranger without scripts, withdrawn by two."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page

from tests.core.test_personal import identity
from tests.e2e.browsing import PHONE, PROVED_SECONDS, City, picture, wrong_on
from tests.e2e.test_petitions import act

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once]
OFFICER, HEAD, LEADER = "干部甲", "主任甲", "书记"
TITLE = "关于某局食堂采购问题整改情况的公告"
FOUND = "来电13812345678，局长张局作了说明。"


def ask(page: Page, *, why: str = "") -> str:
    """送复核; gives what stands in the form before it is sent, and after it was refused."""
    page.get_by_role("link", name="送复核", exact=True).first.click()
    dialog = page.locator("dialog[open]")
    said = dialog.inner_text()
    if why:
        dialog.locator("[name=explanation]").fill(why)
    dialog.locator("button.btn-primary").click()
    page.wait_for_load_state()
    return said + page.inner_text("body")


@contextmanager
def stranger(city: City) -> Iterator[Page]:
    """A citizen: nobody has signed in, and no script runs."""
    with city.browser(PHONE, java_script_enabled=False) as context:
        yield context.new_page()
        assert [each["name"] for each in context.cookies()] == ["django_language"]  # what the test itself put there


def listed(city: City) -> str:
    with stranger(city) as page:
        page.goto(f"{city.base}/portal/notices/")
        return page.inner_text("main")


def test_from_the_draft_to_the_citizen_and_back(city: City) -> None:
    with city.as_(OFFICER) as page:
        page.goto(f"{city.base}/desk/publications/")
        said = {"kind": "整改公开", "title": TITLE, "issuer": "市纪委监委", "text": f"身份证{identity()}。\n{FOUND}"}
        act(page, "起草公开稿", **said)
        page.goto(f"{city.base}/desk/publications/")
        page.locator("tr", has_text=TITLE).locator("a").first.click()
        page.wait_for_url("**/desk/publications/*-*/")
        place = page.url
        told = ask(page, why="本人同意")  # no reason lets an identity number out
        assert [word in told for word in ("正文第1段第4字", "必须删除", "138****5678", "张局", "不得公开")] == [
            True
        ] * 5
        assert TITLE not in listed(city)
        page.goto(place)
        act(page, "修改", **(said | {"text": f"整改已完成。\n{FOUND}"}))
        assert "写明保留理由" in ask(page)
        page.goto(place)
        ask(page, why="联系电话经本人同意公开，姓名依法公开")
        assert "待复核" in page.inner_text("main")
        assert page.get_by_role("link", name="复核公开").count() == 0  # who drafted does not confirm: no such button
        picture(page, "publication-asked")
        assert wrong_on(page) == []
    assert TITLE not in listed(city)
    with city.as_(HEAD, within=PROVED_SECONDS) as page:
        page.goto(f"{city.base}/desk/")
        page.locator("#publications a", has_text="GK").first.click()
        page.goto(place)
        page.get_by_role("link", name="复核公开", exact=True).click()
        assert "联系电话经本人同意公开" in page.locator("dialog[open]").inner_text()
        with page.expect_navigation():
            page.locator("dialog[open] button.btn-primary").click()
        assert "已公开" in page.inner_text("main")
    read(city, place)
    withdraw(city, place)


def read(city: City, place: str) -> None:
    """A citizen finds it from the first page of the portal."""
    with stranger(city) as page:
        page.goto(f"{city.base}/portal/")
        page.click("text=查看公告")
        page.click(f"text={TITLE}")
        assert page.url == place.replace("/desk/publications/", "/portal/notices/")
        shown = page.inner_text("main")
        assert ("整改已完成。" in shown, "市纪委监委" in shown) == (True, True)
        picture(page, "portal-notice")


def withdraw(city: City, place: str) -> None:
    with city.as_(HEAD) as page:
        page.goto(place)
        act(page, "申请撤下", reason="联系电话有误")
        page.get_by_role("link", name="复核撤下", exact=True).click()
        page.locator("dialog[open] button.btn-primary").click()
        page.wait_for_load_state()
        assert "由另一人办理" in page.inner_text("body")  # who asked for it does not confirm it
    assert TITLE in listed(city)
    with city.as_(LEADER, within=PROVED_SECONDS) as page:
        page.goto(place)
        page.get_by_role("link", name="复核撤下", exact=True).click()
        with page.expect_navigation():
            page.locator("dialog[open] button.btn-primary").click()
        assert "已撤下" in page.inner_text("main")
    with stranger(city) as page:
        answer = page.goto(place.replace("/desk/publications/", "/portal/notices/"))
        assert answer is not None
        shown = page.inner_text("main")
        assert (answer.status, "已撤下" in shown, "整改已完成" in page.content()) == (410, True, False)
        page.goto(f"{city.base}/portal/notices/")
        assert TITLE not in page.content()
