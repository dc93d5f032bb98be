"""The ledger of an office, as messy as it comes: corrected, imported, counted, reviewed, frozen, and taken away as Word."""

import json
import re
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from jiandu.results.analysis.selectors import find
from tests.chromium import Complaints
from tests.e2e.browsing import City
from tests.e2e.city import CLERK, CONDUCT, LEADER, LEDGER
from tests.workbooks.books import TITLES, line

# In the full run until it is seen to pass beside the other suites: servers and browsers of two workers share two cores.
pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.office, pytest.mark.full]
EXPECTED = json.loads(LEDGER.with_name("project_ledger_2022.expected.json").read_text(encoding="utf-8"))["as_of"]
AS_OF = "2022-12-31"
MANY = 5_200  # more than is done while one waits
COLUMNS = {"amount_fen": "金额", "received": "受理", "closed": "办结", "people_count": "人次"}
ROWS = "table.ledger tbody tr:not(:has(.nothing))"


def upload(page: Page, base: str, path: Path) -> None:
    page.goto(f"{base}/desk/import/")
    page.set_input_files("input[type=file]", str(path))
    with page.expect_navigation():
        page.click("main form.sheet .btn-primary")


def stats(page: Page) -> dict[str, int]:
    """The counts at the head of a preview or of what was imported."""
    pairs = zip(
        page.locator(".stat-label").all_inner_texts(), page.locator(".stat-value").all_inner_texts(), strict=True
    )
    return {label.strip(): int(value.replace(",", "")) for label, value in pairs}


def spoilt(folder: Path) -> Path:
    """The ledger with a day nobody can read."""
    book = load_workbook(LEDGER)
    book.worksheets[0]["C5"] = "昨天"
    book.save(folder / "有误.xlsx")
    return folder / "有误.xlsx"


def figures(page: Page, base: str) -> dict[str, tuple[Decimal, str]]:
    """Key → value and address of its rows, off the page of all figures."""
    page.goto(f"{base}/desk/measures/?year=2022&as_of={AS_OF}")
    shown = {}
    for link in page.locator("td.num a[href*='/measures/']").all():
        href = link.get_attribute("href") or ""
        key = href.split("/measures/")[1].split("/")[0]
        shown.setdefault(key, (Decimal(link.inner_text().replace(",", "")), href))
    return shown


def column_of(key: str) -> str:
    """The column that a figure adds up; "" where it counts its rows."""
    total = find(key).total
    return COLUMNS[total] if total else ""


def counted(page: Page, address: str, column: str) -> Decimal:
    """What a figure counts, on however many pages: its rows, or what stands in that column of them."""
    page.goto(address)
    total = Decimal(0)
    while True:
        if column:
            texts = page.locator(f"td[data-label='{column}']").all_inner_texts()
            total += sum(Decimal(re.sub(r"[¥,]", "", text)) for text in texts)
        else:
            total += page.locator(ROWS).count()
        further = page.locator("a[rel=next]")
        if not further.count():
            return total
        with page.expect_navigation():
            further.first.click()


def test_from_the_ledger_to_the_review(city: City, tmp_path: Path) -> None:
    with city.as_(CONDUCT, accept_downloads=True) as page:
        complaints = Complaints()
        complaints.watch(page)
        before = {key: value for key, (value, _) in figures(page, city.base).items()}
        shows_errors_in_place(page, city.base, tmp_path)
        upload(page, city.base, LEDGER)
        assert stats(page) == {"新增": 256, "更新": 0, "不变": 0, "冲突": 0, "错误": 0}
        page.check("[name=create_missing]")
        with page.expect_navigation():
            page.click("main form.sheet .btn-primary")
        assert stats(page)["新增"] == 256
        upload(page, city.base, LEDGER)
        assert stats(page)["不变"] == 256

        after = figures(page, city.base)
        gained = {key: int(after[key][0] - before[key]) for key in EXPECTED[AS_OF]}
        assert gained == EXPECTED[AS_OF] | {"project_bodies": gained["project_bodies"]}
        for key, (value, address) in after.items():
            assert (key, value) == (key, counted(page, city.base + address, column_of(key)))
        path = drafted(page, city.base)
        assert complaints.said == []
    with city.as_(LEADER, accept_downloads=True) as page:
        frozen(page, city.base + path, tmp_path)


def shows_errors_in_place(page: Page, base: str, folder: Path) -> None:
    """The cell is named on the page and marked in the workbook that is handed back; nothing can be imported."""
    upload(page, base, spoilt(folder))
    assert stats(page)["错误"] == 1
    told = page.locator(".row-danger").first.inner_text()
    assert ("C5" in told, "昨天" in told) == (True, True)
    assert page.locator("form[action$='/commit/']").count() == 0
    with page.expect_download() as waited:
        page.click(".note a[href$='/file/']")
    waited.value.save_as(folder / "标注.xlsx")
    marked = load_workbook(folder / "标注.xlsx")
    cell = marked["问题台账"]["C5"]
    assert (marked.sheetnames[0], cell.value, "昨天" in str(cell.comment and cell.comment.text)) == (
        "错误清单",
        "昨天",
        True,
    )


def drafted(page: Page, base: str) -> str:
    """A new review as of the year's end; every number in it opens as many rows. The path of its page."""
    page.goto(f"{base}/desk/reviews/")
    page.fill("form.sheet [name=year]", "2022")
    page.fill("form.sheet [name=as_of]", AS_OF)
    with page.expect_navigation():
        page.click("form.sheet .btn-primary")
    path = page.url.removeprefix(base)
    numbers = [(link.inner_text(), link.get_attribute("href") or "") for link in page.locator(".prose a").all()]
    assert len(numbers) >= 8
    for text, href in numbers:
        key = href.split("/measures/")[1].split("/")[0]
        exact = counted(page, base + href, column_of(key))
        assert (href, text) == (href, worded(exact) if "万" in text else str(exact))
    page.goto(f"{base}{path}sheet/")
    with page.expect_navigation():
        page.click("form[action$='/ask/'] button")
    assert page.locator("table.ledger .state").count() > len(numbers) // 2
    return path


def worded(yuan: Decimal) -> str:
    """950余万 for 9,523,400 yuan: what it surely exceeds, tens of ten thousands from a hundred of them on."""
    whole, rest = divmod(yuan, 10_000)
    floor = whole - whole % 10 if whole >= 100 else whole
    return f"{floor:.0f}{'余' if rest or floor != whole else ''}万"


def frozen(page: Page, address: str, folder: Path) -> None:
    """Frozen by the leader: the numbers stand, and the Word file opens in an office program with its appendix."""
    page.goto(address)
    said = page.locator(".prose").all_inner_texts()
    page.goto(f"{address}sheet/")
    page.fill("[name=reason]", "各室组已当面核对")
    with page.expect_navigation():
        page.click("form[action$='/decide/'] .btn-primary")
    page.goto(address)
    with page.expect_navigation():
        page.click("form[action$='/freeze/'] button")
    assert page.locator(".prose").all_inner_texts() == said
    assert page.locator("form[action$='/freeze/']").count() == 0
    with page.expect_download() as waited:
        page.click("a[href$='/word/']")
    waited.value.save_as(folder / "综述.docx")
    convert = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/office", "--convert-to", "pdf"]
    subprocess.run([*convert, "--outdir", str(folder), str(folder / "综述.docx")], check=True, capture_output=True)
    text = subprocess.run(
        ["pdftotext", str(folder / "综述.pdf"), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert [word in text for word in ("监督工作综述", "统计指标及口径", "统计截止日")] == [True] * 3
    subprocess.run(["pdftoppm", "-r", "40", "-png", str(folder / "综述.pdf"), str(folder / "page")], check=True)
    pages = sorted(folder.glob("page*.png"))
    assert min(len(page.read_bytes()) for page in pages) > 1_000  # none is blank


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that is read in the background."""
    path = tmp_path_factory.mktemp("large") / "大台账.xlsx"
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append(["2022年度问题台账"])
    sheet.append(list(TITLES))
    for number in range(MANY):
        said = line(number, 问题编号=f"DT2022-{number:05d}")
        sheet.append([said.get(title) for title in TITLES])
    book.save(path)
    return path


def test_a_large_ledger_shows_its_progress_by_itself(city: City, large: Path) -> None:
    with city.as_(CLERK) as page:
        complaints = Complaints()
        complaints.watch(page)
        upload(page, city.base, large)
        seen = set()
        while page.locator(".job").count():
            seen.add(page.locator(".job-head").first.inner_text())
            page.wait_for_timeout(200)
        expect(page.locator(".stats")).to_be_visible(timeout=60_000)  # nobody clicked
        assert len(seen) >= 1, seen
        assert stats(page)["新增"] == MANY
        assert complaints.said == []


def test_a_large_ledger_shows_its_progress_by_a_link(city: City, large: Path) -> None:
    with city.as_(CLERK, java_script_enabled=False) as page:
        upload(page, city.base, large)
        looked = 0
        while page.locator(".job a").count():
            with page.expect_navigation():
                page.click(".job noscript a")
            looked += 1
            page.wait_for_timeout(300)
        assert (looked > 0, stats(page)["新增"]) == (True, MANY)
