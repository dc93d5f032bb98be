"""校数 in the browser: a draft is pasted, its wrong number is found and opens the records; the Word file says it in a comment."""

import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page

from tests.e2e.browsing import DESK, PHONE, City, picture, wrong_on

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once]
OFFICER, PLACE = "主任甲", "/desk/reviews/proof/"


def counted(page: Page, base: str) -> int:
    """What the records say, by the page of the figure."""
    page.goto(f"{base}/desk/measures/project_findings/?year=2022&as_of=2022-12-31")
    found = re.search(r"(\d[\d,]*)", page.inner_text(".stats"))
    assert found is not None
    return int(found[1].replace(",", ""))


def draft(number: int) -> str:
    """Fewer than the officer himself sees is wrong; more may be what others see."""
    return f"截至2022年12月31日，项目监督共发现问题{number}个。全市共有桥梁7座。"


@pytest.mark.parametrize(("size", "language"), [(DESK, "zh-hans"), (PHONE, "en")])
def test_a_wrong_number_is_found_and_opens_its_records(city: City, size: tuple[int, int], language: str) -> None:
    with city.as_(OFFICER, size, language) as page:
        right = counted(page, city.base)
        page.goto(city.base + PLACE)
        page.fill("textarea[name=text]", draft(right - 1))
        page.click("form.sheet button.btn-primary")
        picture(page, f"proof-{size[0]}-{language}")
        assert wrong_on(page, language) == []
        assert (page.locator(".note.tone-danger").count(), page.locator(".prose a.tone-danger").count()) == (1, 1)
        assert page.locator(".prose a.tone-danger").inner_text().startswith(str(right - 1))
        page.click(f".ledger td.num a:text-is('{right}')")
        assert "project_findings" in page.url
        page.goto(city.base + PLACE)
        page.fill("textarea[name=text]", draft(right))  # the control: the right number is not flagged
        page.click("form.sheet button.btn-primary")
        assert (page.locator(".note.tone-danger").count(), page.locator(".prose a.tone-danger").count()) == (0, 0)


def test_the_word_file_carries_a_comment_on_the_wrong_number(city: City, tmp_path: Path) -> None:
    with city.as_(OFFICER) as page:
        right = counted(page, city.base)
        page.goto(city.base + PLACE)
        text = tmp_path / "综述稿.txt"
        text.write_text(draft(right - 1), encoding="utf-8")
        page.set_input_files("input[type=file]", text)
        with page.expect_download() as told:
            page.click("button[name=word]")
        told.value.save_as(tmp_path / "out.docx")
    with ZipFile(tmp_path / "out.docx") as file:
        comments = file.read("word/comments.xml").decode()
    words: Any = re.sub(r"<[^>]+>", "", comments)
    assert ("综述稿（校数）.docx" in told.value.suggested_filename, str(right) in words) == (True, True)
