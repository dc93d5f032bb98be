"""The worked example: rule SZ-10 hits an occupied workshop, and what came of it moves two figures by exactly what was entered."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from jiandu.sources.crosscheck import own_ledgers
from tests.crosscheck.villages import NAME, NUMBER, UNIT
from tests.e2e.browsing import PROVED_SECONDS, City, picture, wrong_on
from tests.e2e.city import HEAD, OFFICER, VERIFIER
from tests.e2e.desk import Desk, in_days

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once]
YEAR = in_days(0)[:4]
CODE, WORKSHOP = "QC-001", "一号老车间"
RECTIFIED, RECOVERED = "grassroots_findings_rectified", "grassroots_money_recovered"


@pytest.fixture
def people(city: City) -> Iterator[dict[str, Desk]]:
    """Everybody at a browser of his own; none of them may complain."""
    with ExitStack() as stack:
        made = {
            name: Desk(stack.enter_context(city.as_(name, within=PROVED_SECONDS)), city.base, has_script=True)
            for name in (OFFICER, VERIFIER, HEAD)
        }
        yield made
        assert {name: desk.complaints.said for name, desk in made.items()} == dict.fromkeys(made, [])


def figure(desk: Desk, key: str) -> float:
    """What a figure of the year says today."""
    desk.open(f"/desk/measures/{key}/?year={YEAR}")
    said = desk.page.locator("main .stat-value b").first.inner_text()
    return float(re.sub(r"[^\d.]", "", said))


def alert_of(desk: Desk, thing: str) -> str:
    """The page of the alert on that thing, out of the queue."""
    desk.open("/desk/crosscheck/?rule=SZ-10&group=open")
    desk.page.locator("tr", has_text=thing).locator("td.code a").first.click()
    desk.page.wait_for_url("**/crosscheck/*-*/")
    return desk.path


HELD = {
    "编号": CODE,
    "名称": WORKSHOP,
    "资产性质": "经营性",
    "面积（亩）": 3.6,
    "使用现状": "被占用",
    "占用人": NAME,
    "占用人身份证号": NUMBER,
}
LET = {
    "编号": "QC-002",
    "名称": "二号老车间",
    "资产性质": "经营性",
    "面积（亩）": 1.2,
    "使用现状": "自用",
    "占用人": "",
    "占用人身份证号": "",
}


def village_sheet(path: Path, *rows: dict[str, object]) -> Path:
    """What the village sends: two lines above a heading in its own words, and what it owns."""
    book = Workbook()
    sheet = book.worksheets[0]
    for line in ((f"村集体：{UNIT}股份经济合作社",), (f"数据截止日：{in_days(-1)}",), tuple(rows[0])):
        sheet.append(line)
    for row in rows:
        sheet.append(tuple(row.values()))
    book.save(path)
    return path


def brought(desk: Desk, place: str, book: str, path: Path) -> None:
    """A sheet uploaded, looked at, taken in."""
    desk.open(place)
    form = desk.page.locator("main form.sheet, main form").first
    desk.fill(form, book=book, file=str(path))
    with desk.page.expect_navigation():
        form.locator("button.btn-primary").last.click()
    desk.page.get_by_role("button", name="确认导入").click()
    expect(desk.page.locator(".alert, .tone-done").filter(has_text="全部写入").first).to_be_visible(timeout=60_000)


def village_of(desk: Desk) -> str:
    """The page of the village that the sheet is about."""
    desk.open(f"/desk/collectives/?text={UNIT}")
    desk.page.locator(f"main a:has-text('{UNIT}股份经济合作社')").first.click()
    desk.page.wait_for_url("**/desk/collectives/*-*/")
    return desk.path


def run_over_own(desk: Desk, rule: str) -> None:
    """The run is asked for on the desk, and the worker does it."""
    desk.open("/desk/crosscheck/runs/")
    before = desk.page.locator("main tbody tr").count()
    desk.act("run", dataset=own_ledgers.NAME, rules=rule)
    for _turn in range(60):
        desk.open("/desk/crosscheck/runs/")
        rows = desk.page.locator("main tbody tr").filter(has_text=own_ledgers.NAME).filter(has_text=re.compile(r"BD"))
        if rows.count() and desk.page.locator("main tbody tr").count() > before:
            return
        desk.page.wait_for_timeout(1_000)
    raise AssertionError("the run was not done")


def packed(sent: Path, finding: str, **said: object) -> Path:
    """The pack as it left, with what was found of the finding's asset typed into its row, and nothing else touched."""
    book = load_workbook(sent)
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if "问题编号" in [cell.value for cell in row])
    titles = {str(cell.value).rstrip("*"): cell.column for cell in header}
    [row] = [row for row in sheet.iter_rows(min_row=header[0].row + 1) if row[titles["问题编号"] - 1].value == finding]
    for title, value in said.items():
        row[titles[title] - 1].value = value
    back = sent.with_name("核查包_收回.xlsx")
    book.save(back)
    return back


def test_an_occupied_workshop_from_the_villages_sheet_to_the_recovered_rent(
    people: dict[str, Desk], tmp_path: Path
) -> None:
    """The whole way over the system's own ledgers: sheet, run, hit, finding, rectified, verified, look-back, two figures."""
    officer, verifier, head = (people[name] for name in (OFFICER, VERIFIER, HEAD))
    before = {key: figure(officer, key) for key in (RECTIFIED, RECOVERED)}
    brought(officer, "/desk/collectives/import/", "collective-assets", village_sheet(tmp_path / "台账.xlsx", HELD, LET))
    village = village_of(officer)
    shown = officer.page.inner_text("main")
    assert [word in shown for word in ("他人占用且无有效合同", WORKSHOP, NAME, NUMBER)] == [True, True, False, False]
    picture(officer.page, "own-village")
    run_over_own(officer, "SZ-10")

    place = alert_of(officer, CODE)
    shown = officer.page.inner_text("main")
    assert [word in shown for word in ("非法占用集体资产", UNIT, "看不见现场已经腾退", NAME, NUMBER)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert "QC-002" not in officer.open("/desk/crosscheck/?rule=SZ-10&group=open").page.inner_text(
        "main"
    )  # the control
    picture(officer.open(place).page, "alert")
    officer.act("take", subject=UNIT, problem=f"{WORKSHOP}（{CODE}）被他人占用，没有合同", note="现场仍在使用")
    officer.page.locator("main a[href*='/desk/findings/']").first.click()
    officer.page.wait_for_url("**/desk/findings/*-*/")
    finding = officer.path
    number = re.search(r"WT[\w〔〕-]+|[\w]+-\d{4}-\d+", officer.page.inner_text("main"))
    assert number is not None

    officer.act("finding-assign", rectification="by_term", due_on=in_days(60), note="限期腾退")
    officer.act("finding-receive", rectifier="西滨社区主任")
    officer.act("finding-apply", note="已腾退并补缴占用费")
    assert "尚未销号" in verifier.open(place).refused("verify", note="现场核实")
    verifier.open(finding).act("finding-verify", note="看过现场和收据")
    head.open(finding).act("approvals-decide", is_granted="yes", opinion="同意销号")
    assert head.state == "已销号"
    verifier.open(place).act("verify", note="问题已销号")
    assert "黄" in verifier.page.locator(".facts").first.inner_text()
    assert "尚未经回头看" in verifier.refused("verify", note="再次核实")
    assert figure(officer, RECOVERED) == before[RECOVERED]  # nothing has come back yet

    with officer.page.expect_download() as told:
        officer.open(f"{village}pack/town/").page.locator("a[href*='format=xlsx']").first.click()
    told.value.save_as(tmp_path / "核查包.xlsx")
    money = {"收回金额(元)": "12345.67", "到账日期": in_days(0), "缴款日期": in_days(-1), "收据号": "0012345"}
    seen = {"结果": "已清退", "日期": in_days(0), "办理人": "镇街某某", "情况": "门已锁，设备已搬走"}
    back = packed(tmp_path / "核查包.xlsx", number[0], **seen, **money)
    brought(officer, "/desk/checks/assets/import/", "asset-pack", back)
    shown = officer.open(f"{village}pack/town/").page.inner_text("main")
    assert [word in shown for word in ("已清退", "12,345.67")] == [True, True]
    verifier.open(finding).act("finding-look-back", result="held", note="没有再占用")
    verifier.open(place).act("verify", note="回头看整改到位")
    assert "已消除" in verifier.page.locator(".facts").first.inner_text()

    after = {key: figure(officer, key) for key in (RECTIFIED, RECOVERED)}
    moved = {key: round(after[key] - before[key], 2) for key in after}
    assert moved == {RECTIFIED: 1, RECOVERED: 12345.67}
    assert wrong_on(officer.open(place).page) == []
    brought_again = packed(tmp_path / "核查包.xlsx", number[0], **seen, **money)
    officer.open("/desk/checks/assets/import/")
    form = officer.page.locator("main form.sheet, main form").first
    officer.fill(form, book="asset-pack", file=str(brought_again))
    with officer.page.expect_navigation():
        form.locator("button.btn-primary").last.click()
    assert "没有需要写入的内容" in officer.page.inner_text("main")  # the same return counts once


def test_a_pair_that_linkage_is_not_sure_of_is_decided_once(people: dict[str, Desk]) -> None:
    officer = people[OFFICER].open("/desk/crosscheck/links/?state=waiting")
    officer.page.locator("td.code a").first.click()
    officer.page.wait_for_url("**/links/*-*/")
    place, shown = officer.path, officer.page.inner_text("main")
    assert [words in shown for words in ("逐项比较", "同一的可能增至约", NAME, NUMBER)] == [True, True, False, False]
    assert wrong_on(officer.page) == []
    officer.act("decide", verb="same", note="与户籍、合同原件核对")
    assert officer.state == "同一"
    officer.open(place).act("take-back", note="同名，须再核")
    assert officer.state == "待认定"
