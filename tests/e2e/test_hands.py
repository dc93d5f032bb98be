"""Keystrokes and seconds of what officers do with their hands every day (docs/hands.md), keys alone."""

import io
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import FileChooser, Page, expect

from tests.e2e.browsing import DESK, PHONE, PROVED_SECONDS, City, picture, wrong_on
from tests.filling.forms import monthly, save

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once]
TOWN, OFFICER = "街道干部", "干部甲"
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


@dataclass
class Hands:
    """Keys alone, each counted; a word by the input method is its letters and one key that takes it."""

    page: Page
    keys: int = 0

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)
            self.keys += len(name.split("+"))

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def word(self, text: str, letters: str) -> None:
        self.page.keyboard.insert_text(text)
        self.keys += len(letters) + 1

    def to(self, words: str, key: str = "Tab", most: int = 12) -> None:
        """On to the link or field that is called so."""
        for _time in range(most):
            self.press(key)
            if words in self.page.evaluate(CALLED):
                return
        raise AssertionError(f"{words} is not reached by {most} keys")

    def past_menu(self) -> None:
        """To the content by the link that comes first."""
        self.press("Tab", "Enter")

    def go(self, key: str = "Enter") -> None:
        with self.page.expect_navigation():
            self.press(key)


CALLED = """() => { const one = document.activeElement;
  return [one.textContent, one.name, one.getAttribute("aria-label")].filter(Boolean).join(" ").trim(); }"""


def superiors(offices: list[str]) -> bytes:
    """30 × 12, with two columns that go by a name of the superior's own, and a row of an office that is none of ours."""
    workbook: Any = load_workbook(io.BytesIO(monthly(offices)))
    for cell in ("K4", "L4"):
        workbook["月报"][cell] = "民生实事办成"
    return save(workbook)


def taken(hands: Hands, folder: Path, name: str) -> Any:
    """The workbook that is downloaded."""
    hands.past_menu()
    hands.to("下载填好的表")
    with hands.page.expect_download() as told:
        hands.press("Enter")
    told.value.save_as(folder / name)
    return load_workbook(folder / name)["月报"]


def chosen(page: Page, choosers: list[FileChooser]) -> FileChooser:
    """The dialog of the system in which a file is chosen, once it has opened."""
    until = time.monotonic() + 60
    while not choosers and time.monotonic() < until:
        page.wait_for_timeout(50)
    return choosers[0]


def test_a_form_of_thirty_rows_is_bound_within_five_minutes_and_filled_for_two_months(
    city: City, tmp_path: Path
) -> None:
    """The blank chosen, proposals accepted, two columns and a row set; then each month one link and one button."""
    offices = city.places["offices"]
    blank = tmp_path / "上级月报.xlsx"
    blank.write_bytes(superiors(offices))
    with city.as_(OFFICER, within=PROVED_SECONDS) as page:
        choosers: list[FileChooser] = []
        # Long before it opens: where it is asked for at that moment, it may be missed.
        page.on("filechooser", lambda one: choosers.append(one))
        page.goto(f"{city.base}/desk/")
        began, hands = time.monotonic(), Hands(page)
        hands.press("g")
        hands.go("g")
        hands.past_menu()
        hands.to("上传空表")
        hands.go()
        expect(page.locator("input[type=file]")).to_be_focused()
        hands.press("Enter")
        chosen(page, choosers).set_files(blank)
        hands.keys += 5  # the file is found as any is
        hands.to("name")
        hands.go()
        assert "采用全部建议" in page.evaluate(CALLED)
        picture(page, "form-proposed")
        hands.go()
        assert "at" in page.evaluate(CALLED)
        hands.type("K:L")
        hands.press("Tab")
        hands.word("督促解决", "ducujiejue")
        hands.go()
        assert "已设定 56 格" in page.inner_text("#toasts")
        hands.type("34")
        hands.press("Tab", "Tab", "Tab")
        hands.word("第一监督检查室", "diyijianduijianchashi")
        hands.go()
        assert "已设定 10 格" in page.inner_text("#toasts")
        bound = time.monotonic() - began + hands.keys * KEY_SECONDS + (12 + 30) * LOOK_SECONDS
        picture(page, "form-bound")
        assert wrong_on(page) == []
        hands.to("按期间填报", "Shift+Tab")
        hands.go()
        first = taken(hands, tmp_path, "first.xlsx")
        hands.to("‹")
        hands.go()
        picture(page, "form-filled")
        second = taken(hands, tmp_path, "second.xlsx")
        machine = time.monotonic() - began
    for sheet in (first, second):
        assert [type(sheet.cell(row, column).value) for row in (6, 33) for column in (2, 11, 12)] == [int] * 6
        assert (sheet["B35"].value, sheet["D6"].fill.fgColor.rgb) == ("=SUM(B6:B34)", "FFFFF2AB")
    spent = hands.keys * KEY_SECONDS + (12 + 30) * LOOK_SECONDS
    print(f"form: {hands.keys} keys, machine {machine:.1f} s, hands {spent:.0f} s, bound after {bound:.0f} s")
    assert bound < 300
    assert hands.keys <= 90


GRID = "/desk/findings/grid/?state=registered"


def test_one_name_for_ten_findings_is_typed_once_and_filled_down(city: City) -> None:
    """The keys of a spreadsheet in the ledger itself: nothing is exported, sent round or imported again."""
    with city.as_(OFFICER) as page:
        page.goto(city.base + GRID)
        rows = page.locator("#cells tbody tr")
        assert rows.count() >= 10
        began, hands = time.monotonic(), Hands(page)
        hands.press("Tab")
        hands.word("林一", "linyi")
        hands.press("Enter", "ArrowUp")
        for _row in range(9):
            hands.press("Shift+ArrowDown")
        hands.press("Control+d")
        expect(page.locator("#cells .pending")).to_have_count(0, timeout=60_000)
        machine = time.monotonic() - began
        assert [rows.nth(row).locator("td").nth(3).inner_text() for row in range(10)] == ["林一"] * 10
        print(
            f"grid: {hands.keys} keys, machine {machine:.1f} s, hands {hands.keys * KEY_SECONDS + LOOK_SECONDS:.0f} s"
        )
        for _act in range(2):
            hands.press("Control+z")
        expect(page.locator("#cells .pending")).to_have_count(0, timeout=60_000)
        page.reload()
        assert [rows.nth(row).locator("td").nth(3).inner_text() for row in range(10)] == [""] * 10
