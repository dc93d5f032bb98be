"""Keystrokes and seconds of three tasks of the general office (docs/hands.md), keys alone: 催报, 批量文书, 校数."""

import io
import re
import time
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from playwright.sync_api import FileChooser, expect

from jiandu.base.core.clock import today
from tests.e2e.browsing import PROVED_SECONDS, City, picture, wrong_on
from tests.e2e.test_hands import KEY_SECONDS, LOOK_SECONDS, Hands, chosen

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once]
CLERK, OFFICER, HEAD = "内勤甲", "干部甲", "主任甲"
ROW = "整改情况和佐证说明"


def answered(content: bytes) -> tuple[bytes, int]:
    """A unit's workbook as it comes back, each problem told of, by somebody, today; and how many problems these are."""
    book: Any = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if "问题编号" in [cell.value for cell in row])
    titles = {cell.value: cell.column for cell in header}
    for number in range(header[0].row + 1, sheet.max_row + 1):
        sheet.cell(number, titles[ROW]).value = "正在按方案推进"
    for label, said in (("填报人:", "陈经办"), ("填报日期:", today().isoformat())):
        cell = next(cell for row in sheet.iter_rows(max_row=header[0].row) for cell in row if cell.value == label)
        sheet.cell(cell.row, cell.column + 1).value = said
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), sheet.max_row - header[0].row


def returned(sent: Path, folder: Path) -> tuple[Path, int, int]:
    """What the units sent back, as one zip; how many units, how many problems."""
    back, problems = folder / "收回.zip", 0
    with ZipFile(sent) as out, ZipFile(back, "w") as archive:
        names = out.namelist()
        for name in names:
            content, count = answered(out.read(name))
            archive.writestr(name, content)
            problems += count
    return back, len(names), problems


def test_every_unit_that_owes_gets_its_workbook_and_all_come_back_as_one_zip(city: City, tmp_path: Path) -> None:
    """One button out, one file back, one button to write what is right."""
    with city.as_(CLERK, within=PROVED_SECONDS) as page:
        choosers: list[FileChooser] = []
        page.on("filechooser", lambda one: choosers.append(one))
        page.goto(f"{city.base}/desk/unit-sheets/owing/")
        began, hands = time.monotonic(), Hands(page)
        hands.past_menu()
        hands.to("生成各单位反馈表")
        with page.expect_download() as told:
            hands.press("Enter")
        told.value.save_as(tmp_path / "out.zip")
        back, units, problems = returned(tmp_path / "out.zip", tmp_path)
        hands.to("收回反馈表")
        hands.go()
        hands.past_menu()
        hands.to("file")
        hands.press("Enter")
        chosen(page, choosers).set_files(back)
        hands.keys += 5  # the file is found as any is
        hands.to("people")
        with page.expect_navigation(url="**/unit-sheets/batch/**"):
            hands.press("Enter")  # the page begins at its content, as the one before it
        hands.to("写入没有错误的")
        hands.go()
        expect(page.locator(".state .tone-done").first).to_be_visible(timeout=60_000)
        machine = time.monotonic() - began
        picture(page, "owing-batch")
        assert wrong_on(page) == []
    spent = hands.keys * KEY_SECONDS + LOOK_SECONDS
    print(f"owing: {units} units, {problems} problems, {hands.keys} keys, machine {machine:.1f} s, hands {spent:.0f} s")
    assert units > 1
    assert hands.keys < 40


def test_the_papers_of_all_records_are_one_word_file(city: City, tmp_path: Path) -> None:
    """All ticked at once, one button; each numbered as it is alone."""
    with city.as_(OFFICER, within=PROVED_SECONDS) as page:
        page.goto(f"{city.base}/desk/papers/letter/")
        count = page.locator("tbody input[name=uid]").count()
        began, hands = time.monotonic(), Hands(page)
        hands.past_menu()
        hands.to("全选")
        hands.press("Space")
        assert page.locator("tbody input[name=uid]:checked").count() == count
        with page.expect_download() as told:
            hands.press("Enter")  # one Word file is the first button of the form
        machine = time.monotonic() - began
        assert told.value.suggested_filename.endswith(".docx")
    print(
        f"papers: {count} papers, {hands.keys} keys, machine {machine:.1f} s, hands {hands.keys * KEY_SECONDS + LOOK_SECONDS:.0f} s"
    )


def test_the_forty_numbers_of_a_draft_are_proved_in_one_go(city: City) -> None:
    """Pasted from Word; each number that is wrong is told with what it should be."""
    with city.as_(HEAD) as page:
        page.goto(f"{city.base}/desk/measures/project_findings/?year=2022&as_of=2022-12-31")
        found = re.search(r"(\d[\d,]*)", page.inner_text(".stats"))
        right = int(found[1]) if found else 0
        said = [right - (1 if number % 7 == 3 else 0) for number in range(40)]
        draft = "\n".join(f"截至2022年12月31日，项目监督共发现问题{number}个。" for number in said)
        page.goto(f"{city.base}/desk/reviews/proof/")
        began, hands = time.monotonic(), Hands(page)
        hands.press("Control+a", "Control+c")  # in Word
        hands.past_menu()
        hands.to("text")
        page.keyboard.insert_text(draft)
        hands.keys += 2  # Control+v
        hands.to("year")
        hands.go()
        machine = time.monotonic() - began
        wrong = page.locator(".prose a.tone-danger").count()
        assert wrong == sum(number != right for number in said) == 6
    spent = hands.keys * KEY_SECONDS + wrong * LOOK_SECONDS
    print(f"proof: 40 numbers, {wrong} wrong, {hands.keys} keys, machine {machine:.1f} s, hands {spent:.0f} s")
    assert hands.keys < 30
