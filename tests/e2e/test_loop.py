"""The whole loop by those whose work it is: once in the browser as it is, once without JavaScript, refusals included."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page

from tests.accounts.people import PASSWORD
from tests.e2e.browsing import DESK, City
from tests.e2e.city import HEAD, LEADER, OFFICER, OPERATOR, PASSWORD_USER, SEED, TOTP_USER, VERIFIER
from tests.e2e.desk import Desk, in_days

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket, pytest.mark.once(full_on_both=True)]


@pytest.fixture(
    params=[pytest.param(True, id="by_script"), pytest.param(False, id="without_script", marks=pytest.mark.full)]
)
def people(request: pytest.FixtureRequest, city: City) -> Iterator[dict[str, Desk]]:
    """Everybody at a browser of his own; none of them may complain."""
    has_script = bool(request.param)
    with ExitStack() as stack:
        made = {
            name: Desk(
                stack.enter_context(city.as_(name, java_script_enabled=has_script)), city.base, has_script=has_script
            )
            for name in (OFFICER, VERIFIER, HEAD, LEADER, OPERATOR)
        }
        stranger = stack.enter_context(city.browser(DESK, java_script_enabled=has_script)).new_page()
        made["登记人"] = Desk(stranger, city.base, has_script=has_script)
        yield made
        assert {name: desk.complaints.said for name, desk in made.items()} == dict.fromkeys(made, [])


def sign_in(page: Page, base: str, username: str) -> None:
    """By name and password; whoever has an authenticator app types its code as well."""
    page.goto(f"{base}/desk/findings/new/")
    page.fill("#id_login", username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    if username == TOTP_USER:
        page.wait_for_url("**/account/sign-in/code/**")
        page.fill("#id_code", format_hotp_value(hotp_value(SEED, int(time.time()) // 30)))
        page.press("#id_code", "Enter")
    page.wait_for_url("**/desk/findings/new/")


def registered(desk: Desk, head: Desk, number: str) -> str:
    """A project that its head approved, and the finding that came out of it, by the five questions; the path of its page."""
    page = desk.page
    desk.open("/desk/projects/new/")
    form = page.locator("main form.sheet")
    desk.fill(form, code=number, name=f"食堂管理专项监督{number}")
    desk.send(form)
    head.open(desk.path).act("approve", on=in_days(0))
    desk.open(desk.path)
    page.locator(".head a.btn-primary").click()
    form = page.locator("main form.sheet")
    desk.fill(form, subject="没有这个单位", problem=f"食堂采购未按规定询价{number}")
    desk.send(form)
    assert "没有登记过这个单位" in form.locator(".summary").inner_text()
    assert form.locator("[name=problem]").input_value() == f"食堂采购未按规定询价{number}"
    desk.fill(form, subject="市教育局")
    desk.send(form)
    assert desk.state == "已登记"
    return desk.path


def test_the_loop_from_finding_to_rebound(people: dict[str, Desk], tmp_path: Path) -> None:
    officer, verifier, head, leader, unit = (people[name] for name in (OFFICER, VERIFIER, HEAD, LEADER, OPERATOR))
    first = people["登记人"]
    number = "E-1" if first.has_script else "E-2"
    sign_in(first.page, first.base, TOTP_USER if first.has_script else PASSWORD_USER)
    path = registered(first, head, number)
    assert "已办理：交办" in first.act("finding-assign", rectification="by_term", due_on=in_days(30), note="限期整改")
    assert first.state == "已交办"

    rectifies(unit.open(path), tmp_path)
    verifier.open(path).act("finding-urge", level="1", note="请抓紧")
    leader.open(path).act("finding-instruct", leader="李书记", text="请限期办结", due_on=in_days(10))
    officer.open(path).act("instructions-answer", answer="已督促整改")
    head.open(path).act("approvals-decide", is_granted="yes", opinion="同意延期")
    assert "原时限" in head.page.locator(".facts").inner_text()

    verified(unit, verifier, officer, path)
    assert not [link for link in unit.open(path).offers() if "decide" in link or "verify" in link]
    assert head.open(path).state == "待审批"
    head.act("approvals-decide", is_granted="yes", opinion="同意销号")
    assert head.state == "已销号"
    looked_back(officer, verifier, path, number)
    assert officer.open(path).history() == [
        *(
            "重新挂账",
            "回头看",
            "审批销号",
            "核验通过",
            "申请销号",
            "退回继续整改",
            "申请销号",
            "退回补充材料",
            "申请销号",
        ),
        *("延期", "批示", "催办", "报进展", "报方案", "签收", "交办", "登记"),
    ]


def rectifies(unit: Desk, folder: Path) -> None:
    """The unit takes it, plans, asks for more time, reports, files its evidence."""
    paper = folder / "询价记录.txt"
    paper.write_text("三家供应商的询价记录", encoding="utf-8")
    unit.act("finding-receive", rectifier="陈经办")
    assert unit.state == "整改中"
    unit.act("finding-plan", measures="重新询价\n退回差价", due_on=in_days(20))
    unit.act("finding-extend", reason="需与供应商会商", new_due_on=in_days(45))
    unit.act("finding-progress", note="已重新询价", percent="100", result="done")
    unit.act("finding-evidence", file=str(paper))
    assert "询价记录.txt" in unit.page.locator("main").inner_text()


def verified(unit: Desk, verifier: Desk, officer: Desk, path: str) -> None:
    """Sent back for papers, then for work; who answers for the work is refused as verifier, another one passes it."""
    for verb, why in (("return_papers", "缺付款凭证"), ("return_work", "差价未退")):
        unit.open(path).act("finding-apply", note="整改完成")
        verifier.open(path).act("finding-send-back", verb=verb, note=why)
        assert verifier.state == "整改中"
    unit.open(path).act("finding-apply", note="差价已退", rectifier=VERIFIER)
    assert "不能是整改责任人本人" in verifier.open(path).refused("finding-verify", note="看过现场")
    assert verifier.open(path).state == "待核验"
    officer.open(path).act("finding-verify", note="看过现场和凭证")
    assert officer.state == "待审批"


def looked_back(officer: Desk, verifier: Desk, path: str, number: str) -> None:
    """A round is seen before it is drawn; the problem is back, and is taken up again."""
    officer.open("/desk/look-backs/new/")
    form = officer.page.locator("main form.sheet")
    officer.fill(form, name=f"回头看{number}", percent="100", since=in_days(0))
    with officer.page.expect_navigation():
        form.locator("[name=preview]").click()
    assert number in officer.page.locator(".ledger").inner_text()
    with officer.page.expect_navigation():
        officer.page.locator("main form.sheet [name=confirm]").click()
    officer.page.locator(f".ledger a[href^='{path}']").click()
    form = officer.page.locator("#act-slot dialog[open] form")
    officer.fill(form, result="rebound", note="又未询价")
    officer.send(form)
    assert officer.state == "已销号"
    officer.act("finding-reopen", note="问题反弹", due_on=in_days(20))
    assert (officer.state, verifier.open(path).state) == ("整改中", "整改中")


def test_what_the_unit_had_before_is_told_while_typing_and_merged_by_one_button(people: dict[str, Desk]) -> None:
    officer, head = people[OFFICER], people[HEAD]
    before = registered(officer, head, f"JZ-{int(officer.has_script)}")
    officer.open("/desk/findings/new/")
    form = officer.page.locator("main form.sheet")
    form.locator("[name=source]").select_option(index=1)
    officer.fill(form, subject="市教育局", problem="食堂采购没有按规定进行询价")
    if not officer.has_script:
        form.locator("[name=look]").click()
    told = form.locator("#earlier")
    told.get_by_text("同类问题第").wait_for()
    assert told.locator(f"a[href='{before}']").count() == 1
    told.locator(f"tr:has(a[href='{before}']) button[value$=':merge']").click()
    officer.page.get_by_text("并案申请待审批").first.wait_for()
    assert (officer.state, officer.path == before) == ("已登记", False)
