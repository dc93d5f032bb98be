"""立行立改 on its page: problem, correction, verifier and approver with their true dates, filled in as an officer would."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Approval, Finding, Step
from jiandu.sources.signals.models import Signal

PAGE, OFFICE, UNIT = "/desk/findings/at-once/", "第一监督检查室", "市教育局"
REQUIRED = re.compile(r'<(?:input|select|textarea)[^>]* name="(\w+)"[^>]* required')
DAYS = [(today() - timedelta(days=back)).isoformat() for back in (4, 3, 2, 1)]
AHEAD = (today() + timedelta(days=30)).isoformat()


def client_of(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


@pytest.fixture
def said(world: World) -> dict[str, str]:
    """What stands in the form: the day of each of the four acts is its own."""
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    world.person("单位的人", unit=UNIT)
    registered, corrected, verified, approved = DAYS
    return {
        "subject": UNIT, "problem": "公示不及时", "source": f"activity:{world.project(office=OFFICE).uid}",
        "registered_on": registered, "office": str(world.offices[OFFICE].pk),
        "correction": "当场补贴公示", "rectifier_name": "责任人甲", "corrected_on": corrected,
        "verifier": "干部丙", "verified_on": verified, "method": "field", "approver": "主任甲", "approved_on": approved,
    }  # fmt: skip


def written() -> tuple[int, ...]:
    with as_(SYSTEM):
        return tuple(kind.objects.count() for kind in (Finding, Signal, Step, Approval))


def test_one_form_tells_it_all_and_a_second_person_closes_it(world: World, said: dict[str, str]) -> None:
    """The page asks for exactly this; every step is told of whoever did it, on its own day, typed by the officer."""
    officer, mate = client_of(world, "干部甲"), client_of(world, "干部丙")
    asked = set(REQUIRED.findall(officer.get(PAGE).content.decode()))
    assert asked == said.keys() - {"office", "method"}  # lists that begin with a choice: ours
    made = officer.post(PAGE, said)
    assert made.status_code == 303, unescape(made.content.decode())
    with as_(SYSTEM):
        finding = Finding.objects.get()
        approval = finding.approvals.get()
    assert (finding.state, finding.rectification, finding.closed_on) == ("to_approve", "at_once", None)
    confirm = f"{made['Location']}approvals/{approval.uid}/confirm/"
    assert officer.post(confirm).status_code == 422  # typed by oneself
    assert mate.post(confirm).status_code == 303
    with as_(SYSTEM):
        closed = Finding.objects.get()
        rows = finding.steps.order_by("seq").values_list("verb", "on", "by_name", "actor", "entered_by__name")
        found = [(verb, on.isoformat(), *rest) for verb, on, *rest in rows]
    assert (closed.state, closed.closed_on and closed.closed_on.isoformat()) == ("closed", DAYS[3])
    verifier, approver = world.persons["干部丙"].pk, world.persons["主任甲"].pk
    assert [step[:2] for step in found[:2]] == [("register", DAYS[0]), ("assign", DAYS[0])]
    assert found[2:] == [
        ("receive", DAYS[0], "责任人甲", None, "干部甲"),
        ("apply", DAYS[1], "责任人甲", None, "干部甲"),
        ("pass", DAYS[2], "干部丙", verifier, "干部甲"),
        ("approve", DAYS[3], "主任甲", approver, "干部丙"),
    ]


#: What is wrong in the form, and the words that say so.
WRONG = (
    *(({name: ""}, "这个字段是必填项") for name in ("correction", "rectifier_name", "verifier", "approver")),
    ({"subject": "没有的单位"}, "没有登记过这个单位"),
    ({"corrected_on": "2020-01-01"}, f"日期不能早于上一步骤({DAYS[0]})"),
    ({"verified_on": DAYS[0]}, f"日期不能早于上一步骤({DAYS[1]})"),
    ({"approved_on": DAYS[1]}, f"日期不能早于上一步骤({DAYS[2]})"),
    ({"approved_on": AHEAD}, "日期不能晚于今天"),
    ({"verifier": "单位的人"}, "核验人不能是责任单位的人员"),
    ({"verifier": "责任人甲"}, "核验人不能是整改责任人本人"),
    ({"approver": "干部丙"}, "审批人不能是提请人、核验人或整改责任人"),
    ({"approver": "责任人甲"}, "审批人不能是提请人、核验人或整改责任人"),
)


def test_what_is_wrong_is_said_on_the_page_and_nothing_is_written(world: World, said: dict[str, str]) -> None:
    """What was typed stays in the form. The control: the same form without the fault is taken."""
    officer, before = client_of(world, "干部甲"), written()
    for wrong, words in WRONG:
        refused = officer.post(PAGE, said | wrong)
        text = unescape(refused.content.decode())
        assert (refused.status_code, written(), words in text) == (422, before, True), wrong
        assert "公示不及时" in text
    assert officer.post(PAGE, said).status_code == 303


def test_who_does_not_verify_is_shut_out(world: World, said: dict[str, str]) -> None:
    clerk, before = client_of(world, "内勤甲"), written()
    assert [clerk.get(PAGE).status_code, clerk.post(PAGE, said).status_code] == [404, 404]
    other = client_of(world, "干部乙").post(PAGE, said)  # of another office: neither its project nor its room
    assert (other.status_code, written()) == (422, before)
