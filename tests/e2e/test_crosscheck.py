"""The worked example: rule SZ-10 hits an occupied workshop, and what came of it moves two figures by exactly what was entered."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.crosscheck.villages import NAME, NUMBER, UNIT
from tests.e2e.browsing import City, picture, wrong_on
from tests.e2e.city import HEAD, OFFICER, VERIFIER
from tests.e2e.desk import Desk, in_days

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once]
YEAR = in_days(0)[:4]
RECTIFIED, RECOVERED = "grassroots_findings_rectified", "grassroots_money_recovered"


@pytest.fixture
def people(city: City) -> Iterator[dict[str, Desk]]:
    """Everybody at a browser of his own; none of them may complain."""
    with ExitStack() as stack:
        made = {
            name: Desk(stack.enter_context(city.as_(name)), city.base, has_script=True)
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


def test_an_occupied_workshop_from_the_rule_to_the_recovered_rent(people: dict[str, Desk]) -> None:
    officer, verifier, head = (people[name] for name in (OFFICER, VERIFIER, HEAD))
    before = {key: figure(officer, key) for key in (RECTIFIED, RECOVERED)}
    place = alert_of(officer, "XB-001")
    shown = officer.page.inner_text("main")
    assert [words in shown for words in ("非法占用集体资产", UNIT, "看不见现场已经腾退", NAME, NUMBER)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    picture(officer.page, "alert")
    officer.act("take", subject=UNIT, problem="厂房XB-001被他人占用，没有合同", note="现场仍在使用")
    officer.page.locator("main a[href*='/desk/findings/']").first.click()
    officer.page.wait_for_url("**/desk/findings/*-*/")
    finding = officer.path

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
    verifier.open(finding).act("finding-look-back", result="held", note="没有再占用")
    verifier.open(place).act("verify", note="回头看整改到位")
    assert "已消除" in verifier.page.locator(".facts").first.inner_text()
    officer.open(finding).act(
        "finding-money",
        amount="12345.67",
        received_on=in_days(0),
        kind="rent",
        account_kind="collective",
        proof="银行回单",
    )
    after = {key: figure(officer, key) for key in (RECTIFIED, RECOVERED)}
    moved = {key: round(after[key] - before[key], 2) for key in after}
    assert moved == {RECTIFIED: 1, RECOVERED: 12345.67}
    assert wrong_on(officer.open(place).page) == []


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
