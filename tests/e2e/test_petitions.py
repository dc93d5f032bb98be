"""信访举报 in the browser: a clerk's day from the letter to the routed item; the bulletin as Word; an alarm to its theme bulletin."""

import io
from datetime import timedelta
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page

from jiandu.base.core.clock import today
from tests.e2e.browsing import PHONE, PROVED_SECONDS, City, picture, wrong_on
from tests.e2e.registers import PASSPHRASE

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once]
CLERK, SECOND, ROOM, DISTRICT = "信访甲", "信访乙", "干部甲", "区信访"
WORDS = "反映某局科长在食堂采购中收受供应商礼金"


def act(page: Page, label: str, **values: str) -> None:
    """Opens the act by its button, fills its form, does it."""
    page.get_by_role("link", name=label, exact=True).first.click()
    dialog = page.locator("dialog[open]")
    for name, value in values.items():
        field = dialog.locator(f"[name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    with page.expect_navigation():
        dialog.locator("button.btn-primary").click()


def test_a_clerks_day_from_the_letter_to_the_routed_item(city: City) -> None:
    on = (today() - timedelta(days=1)).isoformat()
    with city.as_(CLERK) as page:
        page.goto(f"{city.base}/desk/petitions/")
        act(page, "登记信访件", received_on=on, kind="检举控告", subject="市教育局", person="王某某", summary=WORDS)
        page.goto(f"{city.base}/desk/petitions/?way=letter")
        page.locator("td a").first.click()
        page.wait_for_url("**/desk/petitions/*-*/")
        place = page.url
        assert WORDS in page.inner_text("main")
        act(page, "拟办", on=on, note="拟转监督检查室")
        act(page, "批办", on=on, granted_by="书记")
        act(page, "拟转办", on=on, office="第一监督检查室", extract="反映某科长收受礼金")
        shown = page.inner_text("main")
        assert ("待复核" in shown, "市教育局" in shown) == (True, True)
        picture(page, "petition")
        assert wrong_on(page) == []
    with city.as_(ROOM) as page:  # nothing has gone yet
        answer = page.goto(place)
        assert answer is not None
        assert answer.status == 404
    with city.as_(SECOND) as page:
        page.goto(place)
        page.locator("td.acts-cell a", has_text="复核并转办").click()
        with page.expect_navigation():
            page.locator("dialog[open] button.btn-primary").click()
        assert "已转出" in page.inner_text("main")
    with city.as_(ROOM, PHONE) as page:
        page.goto(place)
        act(page, "受理", on=today().isoformat())
        shown = page.inner_text("main")
        assert ("提出问题线索处置意见" in shown, "第二十一条" in shown) == (True, True)
        assert wrong_on(page) == []


def test_the_bulletin_leaves_as_word_with_the_figures_of_its_page(city: City, tmp_path: Path) -> None:
    with city.as_(CLERK, within=PROVED_SECONDS) as page:
        page.goto(f"{city.base}/desk/petitions/bulletins/?kind=month&year=2022&number=3")
        sentence = page.inner_text("main").split("共接受信访举报")[1].split("件")[0]
        with page.expect_download() as told:
            page.get_by_role("link", name="Word", exact=True).click()
        told.value.save_as(tmp_path / "bulletin.docx")
    paper = docx.Document(io.BytesIO((tmp_path / "bulletin.docx").read_bytes()))
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert f"2022年3月共接受信访举报{sentence}件" in text


def test_an_alarm_is_decided_and_leads_to_its_theme_bulletin(city: City) -> None:
    with city.as_(CLERK) as page:
        page.goto(f"{city.base}/desk/petitions/alarms/?state=waiting")
        page.locator("td a").first.click()
        page.wait_for_url("**/alarms/*-*/")
        assert "预期" in page.inner_text("main")
        act(page, "确认", on=today().isoformat(), note="集中反映，拟作专题分析")
        assert wrong_on(page) == []
        page.get_by_role("link", name="专题分析", exact=True).click()
        page.wait_for_url("**/bulletins/**")
        assert "共接受" in page.inner_text("main")
        picture(page, "theme")


def test_a_list_of_a_platform_is_tried_looked_at_and_taken_in(city: City, tmp_path: Path) -> None:
    """The sample as it is offered: up, looked at, in; the register shows its rows, and nothing waits any more."""
    with city.as_(DISTRICT) as page:
        page.goto(f"{city.base}/desk/petitions/lists/import/")
        page.fill("[name=passphrase]", PASSPHRASE)
        with page.expect_navigation():
            page.locator("main form .btn-primary").first.click()
        with page.expect_download() as told:
            page.get_by_role("link", name="平台导出示例").click()
        told.value.save_as(tmp_path / "示例.xlsx")
        page.set_input_files("input[type=file]", str(tmp_path / "示例.xlsx"))
        with page.expect_navigation():
            page.click("main form.sheet .btn-primary")
        shown = page.inner_text("main")
        assert ("举报人、联系电话" in shown, "购物卡" in shown, "见原件" in shown) == (True, False, False)
        picture(page, "list-preview")
        assert wrong_on(page) == []
        with page.expect_navigation():
            page.click("main form.sheet .btn-primary")
        page.wait_for_url("**/lists/*-*/")
        assert "示例.xlsx" in page.inner_text("main")
        assert wrong_on(page) == []
        page.goto(f"{city.base}/desk/petitions/")
        assert page.locator("table.ledger tbody tr").count() >= 5
        page.goto(f"{city.base}/desk/petitions/lists/import/")
        assert "等待确认的清单" not in page.inner_text("main")
