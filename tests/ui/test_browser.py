"""The gallery in a browser under the strict content policy: accessibility, behaviour with and without JavaScript."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Dialog, Page
from tests.chromium import Complaints, launched

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("overview", "ledger", "record", "edit", "parts", "signin")
DESK, PHONE = (1366, 900), (390, 844)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.ui.gallery.server"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        server.terminate()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


def _context(chromium: Browser, base: str, size: tuple[int, int], **cookies: str) -> BrowserContext:
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    return context


@pytest.fixture
def desk(chromium: Browser, base: str) -> Iterator[Page]:
    context = _context(chromium, base, DESK)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("size", "text", "language"),
    [
        pytest.param(DESK, "normal", "zh-hans", id="desk"),
        pytest.param(DESK, "large", "en", id="desk-large", marks=pytest.mark.full),
        pytest.param(PHONE, "normal", "en", id="phone", marks=pytest.mark.full),
        pytest.param(PHONE, "large", "zh-hans", id="phone-large"),
    ],
)
def test_axe_finds_nothing(chromium: Browser, base: str, size: tuple[int, int], text: str, language: str) -> None:
    context = _context(chromium, base, size, text=text, django_language=language)
    found: dict[str, list[str]] = {}
    for name in PAGES:
        page = context.new_page()
        said = Complaints.of(page)
        page.goto(f"{base}/{name}/", wait_until="networkidle")
        report = Axe().run(page).response
        wrong = [f"{rule['id']}: {node['target']}" for rule in report["violations"] for node in rule["nodes"]]
        sideways = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found[name] = wrong + said + ([f"scrolls sideways by {sideways}"] if sideways > 0 else [])
        page.close()
    context.close()
    assert found == {name: [] for name in PAGES}


def test_axe_finds_nothing_in_what_opens(desk: Page, base: str) -> None:
    desk.goto(f"{base}/record/")
    desk.click("text=核验通过")
    assert Axe().run(desk).response["violations"] == []
    desk.keyboard.press("Escape")
    desk.click("summary.person")
    assert Axe().run(desk).response["violations"] == []


def test_policy_refuses_inline_script(desk: Page, base: str) -> None:
    said = Complaints.of(desk)
    desk.goto(f"{base}/ledger/")
    desk.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\" id=probe>x</p>')")
    assert "Content Security Policy" in said[0]


def test_rows_are_dense(desk: Page, base: str) -> None:
    desk.goto(f"{base}/ledger/")
    heights = desk.eval_on_selector_all(
        "[data-rows] tr", "rows => rows.map(r => Math.round(r.getBoundingClientRect().height))"
    )
    assert heights == [29] * 25


def test_header_stays_while_rows_scroll(desk: Page, base: str) -> None:
    desk.goto(f"{base}/ledger/")
    top = "document.querySelector('.ledger th').getBoundingClientRect().top"
    before = desk.evaluate(top)
    desk.evaluate("document.querySelector('.scroll').scrollTop = 60")
    assert desk.evaluate(top) == before


def test_keys_walk_and_open_rows(desk: Page, base: str) -> None:
    desk.goto(f"{base}/ledger/")
    for key in ("j", "j", "k", "j", "x"):
        desk.keyboard.press(key)
    assert desk.evaluate("document.activeElement.querySelector('a').textContent") == "WT-2022-0185"
    assert desk.inner_text("[data-bulk-count]") == "1"
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/record/")


def test_keys_search_and_go_to_rooms(desk: Page, base: str) -> None:
    desk.goto(f"{base}/ledger/")
    desk.keyboard.press("/")
    desk.keyboard.type("gd/")
    assert desk.input_value("[data-search]") == "gd/"
    desk.evaluate("document.activeElement.blur()")
    desk.keyboard.press("g")
    desk.keyboard.press("d")
    desk.wait_for_url("**/overview/")


def test_question_mark_opens_help_and_escape_closes(desk: Page, base: str) -> None:
    desk.goto(f"{base}/record/")
    desk.keyboard.press("?")
    assert desk.is_visible("#keys")
    desk.keyboard.press("Escape")
    assert not desk.is_visible("#keys")


def test_control_enter_submits_the_form(desk: Page, base: str) -> None:
    desk.goto(f"{base}/ledger/")
    desk.fill("#q", "租金")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**/ledger/?*q=%E7%A7%9F%E9%87%91*")


def test_select_all_shows_the_bulk_bar(desk: Page, base: str) -> None:
    desk.goto(f"{base}/ledger/")
    assert not desk.is_visible("[data-bulk-bar]")
    desk.check("[data-all]")
    assert (desk.is_visible("[data-bulk-bar]"), desk.inner_text("[data-bulk-count]")) == (True, "25")
    desk.uncheck("tbody tr:nth-child(3) input")
    assert desk.evaluate("document.querySelector('[data-all]').indeterminate") is True


def test_leaving_changed_form_asks(desk: Page, base: str) -> None:
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    desk.on("dialog", accept)
    desk.goto(f"{base}/edit/")
    desk.fill("textarea", "改动")
    desk.click("text=取消")
    desk.wait_for_url("**/ledger/")
    assert asked == ["beforeunload"]


def test_large_text_is_kept(desk: Page, base: str) -> None:
    desk.goto(f"{base}/ledger/")
    desk.click("text=大字版")
    assert desk.evaluate("getComputedStyle(document.body).fontSize") == "18.2px"
    desk.reload()
    assert desk.evaluate("document.documentElement.dataset.text") == "large"
    desk.click("text=标准字号")
    assert desk.evaluate("getComputedStyle(document.body).fontSize") == "14px"


def test_progress_polls_until_done(desk: Page, base: str) -> None:
    desk.goto(f"{base}/overview/")
    desk.wait_for_selector(".job >> text=2,640 / 3,000", timeout=5000)
    desk.wait_for_selector(".job >> text=已完成", timeout=5000)


def test_poll_event_renews_the_counter(desk: Page, base: str) -> None:
    desk.goto(f"{base}/ledger/", wait_until="networkidle")
    desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    desk.wait_for_selector(".todo .tally >> text=6")


def test_toast_from_header_event(desk: Page, base: str) -> None:
    desk.goto(f"{base}/ledger/")
    desk.evaluate("document.body.dispatchEvent(new CustomEvent('toast', {bubbles: true, detail: {text: '已催办'}}))")
    assert desk.inner_text("#toasts").split() == ["已催办", "×"]


def test_works_without_javascript(chromium: Browser, base: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{base}/record/")
    page.click("a[href='#verify']")
    assert page.is_visible("#verify textarea")
    page.click("#verify .box-close")
    page.click(".bar-menu")
    page.click("#menu >> text=问题台账")
    page.wait_for_url("**/ledger/")
    assert (page.is_visible("#unit"), page.is_visible("[data-bulk-bar]")) == (True, True)
    context.close()


def test_paper_has_no_furniture(desk: Page, base: str) -> None:
    desk.goto(f"{base}/ledger/")
    desk.emulate_media(media="print")
    shown = [part for part in (".top", ".rooms", ".head", ".pager", ".pick", ".print-head") if desk.is_visible(part)]
    assert shown == [".print-head"]
