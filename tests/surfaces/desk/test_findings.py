"""The ledger and a finding's page: the whole loop through the browser's requests, each refusal, the number of queries."""

import html
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.surfaces.counting import MOST, grown, questions
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.files import store
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Breach, Finding, Step
from jiandu.loop.findings.services import approvals, moves, parts
from jiandu.loop.findings.services.filing import add_evidence
from jiandu.loop.findings.services.repeats import say_repeat
from jiandu.loop.findings.states import Verb
from jiandu.loop.outcomes import services as outcomes
from jiandu.loop.outcomes.models import MoneyRecovered, PersonTalked
from jiandu.net.access.models import Assignment
from jiandu.net.access.persons import Who
from jiandu.net.access.roles import roles
from jiandu.net.access.services import assign_record, recuse

TOKEN = re.compile(rb'(csrfmiddlewaretoken" value|data-csrf)="[^"]*"')


def client_of(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def state_of(finding: Finding) -> str:
    with as_(SYSTEM):
        return Finding.objects.get(pk=finding.pk).state


@pytest.fixture
def lexicon(world: World) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)


PAGES = ("", "?tab=overdue", "?tab=done", "findings/", "findings/?due=overdue&text=台账", "findings/new/", "findings/at-once/",
         "verify/", "approvals/", "look-backs/", "instructions/", "repeats/", "projects/", "projects/new/")  # fmt: skip


def test_every_page_opens_and_its_queries_do_not_grow(world: World) -> None:
    def fill() -> None:
        world.finding()
        world.verified()
        world.closed()

    client, pages = client_of(world, "主任甲"), [f"/desk/{path}" for path in PAGES]
    fill()
    few = questions(client, pages)
    fill()
    fill()
    assert grown(few, questions(client, pages)) == {}


def test_the_whole_loop_from_the_desk(world: World, lexicon: None) -> None:
    project = world.project(approved_on=date(2022, 1, 5))
    officer, head, day = client_of(world, "干部甲"), client_of(world, "主任甲"), today().isoformat()
    office = world.offices["第一监督检查室"].pk
    made = officer.post(
        "/desk/findings/new/",
        {
            "subject": "市教育局",
            "problem": "台账不清",
            "source": f"activity:{project.uid}",
            "registered_on": day,
            "office": office,
        },
    )
    assert made.status_code == 303, made.content.decode()[:2000]
    place = made["Location"]
    acts: list[tuple[str, dict[str, Any]]] = [
        ("assign", {"on": day, "rectification": "by_term"}),
        ("receive", {"on": day, "rectifier": "责任人甲"}),
        ("plan", {"on": day, "measures": "制定方案\n明确责任人"}),
        ("progress", {"on": day, "note": "已完成一半"}),
        ("apply", {"on": day, "note": "已整改"}),
        ("verify", {"on": day, "method": "field"}),
    ]
    for slug, said in acts:
        answer = officer.post(f"{place}{slug}/", said)
        assert answer.status_code == 303, (slug, answer.content.decode()[:2000])
    with as_(SYSTEM):
        finding = Finding.objects.get()
        approval = finding.approvals.get()
    said = {"is_granted": "yes", "on": day, "opinion": "同意"}
    assert officer.post(f"{place}approvals/{approval.uid}/decide/", said).status_code == 404
    assert head.post(f"{place}approvals/{approval.uid}/decide/", said).status_code == 303
    assert state_of(finding) == "closed"
    assert officer.post(f"{place}look-back/", {"on": day, "result": "rebound", "note": "反弹"}).status_code == 303
    assert officer.post(f"{place}reopen/", {"on": day, "note": "反弹"}).status_code == 303
    assert state_of(finding) == "rectifying"


def test_a_refusal_reopens_the_form_with_the_reason(world: World) -> None:
    finding = world.applied()
    client = client_of(world, "干部甲")
    shown = client.post(
        f"/desk/findings/{finding.uid}/send-back/", {"on": "2021-01-01", "verb": "return_work", "note": "不实"}
    )
    assert shown.status_code == 422
    assert "日期不能早于上一步骤" in shown.content.decode()
    assert state_of(finding) == "to_verify"


def test_only_the_moves_that_may_be_made_are_offered(world: World, lexicon: None) -> None:
    finding = world.applied()
    place = f"/desk/findings/{finding.uid}/"
    officer, clerk = client_of(world, "干部甲"), client_of(world, "内勤甲")
    shown = officer.get(place).content.decode()
    assert 'href="?act=finding-verify"' in shown
    assert "act=finding-assign" not in shown
    assert "act=finding-verify" not in clerk.get(place).content.decode()
    assert officer.get(f"{place}?act=finding-verify").status_code == 200
    for client, act in (
        (officer, "finding-assign"),
        (clerk, "finding-verify"),
        (officer, "approvals-decide"),
        (officer, "x"),
    ):
        assert client.get(f"{place}?act={act}&on={finding.uid}").status_code == 404


def test_a_clerk_types_who_verified_and_an_officer_may_name_another(world: World, lexicon: None) -> None:
    finding, other, day = world.applied(), world.applied(), today().isoformat()
    clerk, officer = client_of(world, "内勤甲"), client_of(world, "干部甲")
    place = f"/desk/findings/{finding.uid}/"
    assert 'href="?act=finding-enter-verification"' in clerk.get(place).content.decode()
    assert "finding-enter-verification" not in officer.get(place).content.decode()
    said = {"on": day, "method": "field", "note": "看过现场"}
    alone = clerk.post(f"{place}enter-verification/", {**said, "verifier": "内勤甲"})
    assert (alone.status_code, "没有核验的权限" in alone.content.decode()) == (422, True)
    assert clerk.post(f"{place}enter-verification/", {**said, "verifier": "干部丙"}).status_code == 303
    assert 'value="干部甲"' in officer.get(f"/desk/findings/{other.uid}/?act=finding-verify").content.decode()
    assert officer.post(f"/desk/findings/{other.uid}/verify/", {**said, "verifier": "干部丙"}).status_code == 303
    with as_(SYSTEM):
        steps = Step.objects.filter(verb="pass").order_by("pk").values_list("by_name", "entered_by__name")
        assert list(steps) == [("干部丙", "内勤甲"), ("干部丙", "干部甲")]


def test_a_clerk_types_who_looked_back_and_an_officer_may_name_another(world: World, lexicon: None) -> None:
    finding, other, day = world.closed(), world.closed(), today().isoformat()
    clerk, officer = client_of(world, "内勤甲"), client_of(world, "干部甲")
    place = f"/desk/findings/{finding.uid}/"
    assert 'href="?act=finding-enter-look-back"' in clerk.get(place).content.decode()
    assert "finding-enter-look-back" not in officer.get(place).content.decode()
    said = {"on": day, "result": "held", "note": "看过现场"}
    assert clerk.post(f"{place}look-back/", {**said, "checker": "干部丙"}).status_code == 404
    alone = clerk.post(f"{place}enter-look-back/", {**said, "checker": "内勤甲"})
    assert (alone.status_code, "没有回头看的权限" in alone.content.decode()) == (422, True)
    assert clerk.post(f"{place}enter-look-back/", {**said, "checker": "干部丙"}).status_code == 303
    assert 'value="干部甲"' in officer.get(f"/desk/findings/{other.uid}/?act=finding-look-back").content.decode()
    for name in ("干部丙", "干部甲"):
        assert officer.post(f"/desk/findings/{other.uid}/look-back/", {**said, "checker": name}).status_code == 303
    with as_(SYSTEM):
        steps = Step.objects.filter(verb="look_back").order_by("pk").values_list("by_name", "entered_by__name")
        assert list(steps) == [("干部丙", "内勤甲"), ("干部丙", "干部甲"), ("干部甲", "干部甲")]


def test_a_secretary_is_offered_and_held_to_his_leader(world: World) -> None:
    finding, client = world.rectifying(), client_of(world, "秘书")
    place = f"/desk/findings/{finding.uid}/"
    assert 'value="书记"' in client.get(f"{place}?act=finding-instruct").content.decode()
    said = {"on": today().isoformat(), "text": "抓紧办", "given_to": world.offices["第一监督检查室"].pk}
    for language, words in (("zh-hans", "您只能登记“书记”的批示"), ("en", "only record the instructions of 书记")):
        refused = client.post(f"{place}instruct/", {**said, "leader": "副书记"}, headers={"Accept-Language": language})
        assert (refused.status_code, words in html.unescape(refused.content.decode())) == (422, True), language
    assert client.post(f"{place}instruct/", {**said, "leader": "书记"}).status_code == 303


def test_a_form_comes_alone_for_the_script_and_on_the_page_without(world: World, lexicon: None) -> None:
    finding = world.applied()
    place = f"/desk/findings/{finding.uid}/?act=finding-verify"
    client = client_of(world, "干部甲")
    alone = client.get(place, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in alone, "<form" in alone) == (False, True)
    whole = client.get(place).content.decode()
    assert ("<html" in whole, 'action="/desk/findings/' in whole) == (True, True)


def everything_on(world: World) -> Finding:
    """A finding with one more of every part that its page shows."""
    finding = world.closed()
    with as_(SYSTEM) as by:
        finding = Finding.objects.get(pk=finding.pk)
        parts.look_back(
            finding=finding, by=by, looked=parts.Looked(finding.registered_on, "rebound", "反弹", Who("核查人"))
        )
        finding = moves.reopen(finding=finding, by=by, on=finding.registered_on, note="反弹")
        add_everything(world, finding, by)
    return finding


def add_everything(world: World, finding: Finding, by: Viewer) -> None:
    day, number = today(), world.number()
    moves.report_plan(finding=finding, by=by, on=day, measures=[("措施", None)])
    add_evidence(finding=finding, by=by, stored=store.keep([b"%d" % number]), name=f"材料{number}.txt")
    parts.instruct(
        finding=finding, by=by, new=parts.NewInstruction("书记", day, "抓紧办", world.offices["第一监督检查室"])
    )
    verb = [Verb.SUSPEND, Verb.TRANSFER, Verb.PASS_CLUE, Verb.REFUSE, Verb.WITHDRAW][number % 5]
    if not finding.approvals.filter(verb=verb, status="waiting").exists():
        approvals.ask(finding=finding, by=by, request=approvals.Request(verb, "事由", day, receiver="某单位"))
    say_repeat(finding=finding, earlier=world.finding(), by=by)
    outcomes.record_rule(finding=finding, by=by, new=outcomes.NewRule(f"制度{number}", "市教育局", day))
    money = outcomes.record_recovery(finding=finding, by=by, new=outcomes.NewMoney(100_00, day))
    outcomes.reverse_recovery(money=money, by=by, on=day, amount_fen=40_00, proof="退回")
    outcomes.record_talked(finding=finding, by=by, row=PersonTalked(kind="talk", name=f"人{number}", on=day))
    assign_record(thing=finding, by=by, user=world.users[("干部乙", "主任乙", "秘书")[number % 3]])
    recuse(thing=finding, by=by, user=world.users["干部丙"])
    Breach(finding=finding, rule="x", detail=f"细节{number}").save()
    Finding.objects.filter(pk=finding.pk).update(breach_count=finding.breaches.count())


#: What the fields of an open form may ask beside the page: who, which file, what was decided before.
CHOICES = 3
ON_ITS_PAGE = {"": ("措施", "材料", "抓紧办", "某单位"), "?tab=after": ("制度", "¥60.00", "约谈", "干部乙", "细节")}


def test_the_page_with_everything_on_it_asks_few_queries_however_much_there_is(world: World, lexicon: None) -> None:
    finding = everything_on(world)
    client = client_of(world, "主任甲")
    words = {f"/desk/findings/{finding.uid}/{tab}": said for tab, said in ON_ITS_PAGE.items()}
    for page, said in words.items():
        shown = client.get(page).content.decode()
        assert [word for word in said if word not in shown] == []
    few = questions(client, words)
    with as_(SYSTEM) as by:
        for _ in range(2):
            add_everything(world, Finding.objects.get(pk=finding.pk), by)
    assert grown(few, questions(client, words)) == {}


@pytest.mark.parametrize("name", ["主任甲", "干部甲", "书记"])
def test_with_everything_on_it_the_page_with_any_form_open_asks_few_queries(
    world: World, lexicon: None, name: str
) -> None:
    place, client = f"/desk/findings/{everything_on(world).uid}/", client_of(world, name)
    shown = [client.get(f"{place}{tab}").content.decode() for tab in ON_ITS_PAGE]
    forms = {html.unescape(href) for page in shown for href in re.findall(r'href="([?]act=[^"]+)"', page)}
    assert len(forms) >= 3
    few = questions(client, sorted(f"{place}{form}" for form in forms))
    assert grown(few, few, most=MOST + CHOICES) == {}


def test_each_measure_has_its_own_term_or_that_of_all(world: World) -> None:
    finding, client = world.rectifying(), client_of(world, "干部甲")
    lines = "完善台账 2026-03-31\n公开明细\t2026年4月1日\n\n开展培训\n抽查 12"
    said = {"on": today().isoformat(), "due_on": "2026-05-01", "measures": lines}
    place = f"/desk/findings/{finding.uid}/plan/"
    assert client.post(place, {**said, "measures": "完善台账\n2026-03-31 2026-04-01\n 2026-05-01"}).status_code == 422
    assert client.post(place, said).status_code == 303
    with as_(SYSTEM):
        assert list(finding.measures.order_by("pk").values_list("text", "due_on")) == [
            ("完善台账", date(2026, 3, 31)),
            ("公开明细", date(2026, 4, 1)),
            ("开展培训", date(2026, 5, 1)),
            ("抽查 12", date(2026, 5, 1)),
        ]


def test_not_yours_and_not_there_are_the_same(world: World) -> None:
    finding = world.finding(office="第一监督检查室")
    client = client_of(world, "干部乙")
    nobody = "00000000-0000-4000-8000-000000000000"
    hidden, absent = (client.get(f"/desk/findings/{uid}/") for uid in (finding.uid, nobody))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    said = TOKEN.sub(b"", hidden.content).replace(str(finding.uid).encode(), nobody.encode())
    assert said == TOKEN.sub(b"", absent.content)
    assert (
        client.post(
            f"/desk/findings/{finding.uid}/assign/", {"on": today().isoformat(), "rectification": "by_term"}
        ).status_code
        == 404
    )
    assert state_of(finding) == "registered"


def test_what_was_not_known_at_registration_is_completed_later(world: World, lexicon: None) -> None:
    finding = world.finding()
    client, place = client_of(world, "干部甲"), f"/desk/findings/{finding.uid}/"
    said = {
        "problem": finding.problem,
        "facts": "抽查12份",
        "basis": "第三条",
        "amount_fen": "0.37万元",
        "people_count": "12",
        "note": "补录",
    }
    assert client.post(f"{place}correct/", {**said, "amount_fen": "三千"}).status_code == 422
    assert client.post(f"{place}correct/", said).status_code == 303
    with as_(SYSTEM):
        finding.refresh_from_db()
    assert (finding.facts, finding.amount_fen, finding.people_count) == ("抽查12份", 3700_00, 12)
    assert 'value="3700.00"' in client.get(f"{place}?act=finding-correct").content.decode()
    nothing = client.post(f"{place}correct/", {**said, "note": "又一次"})
    assert (nothing.status_code, "没有更改任何内容" in nothing.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("name", "act", "said", "words"),
    [
        ("主任甲", "decide", {"on": "2022-03-01", "opinion": "写好的意见"}, "写好的意见"),
        (
            "主任甲",
            "decide",
            {"is_granted": "yes", "on": "2021-01-01", "opinion": "写好的意见"},
            "日期不能早于上一步骤",
        ),
        ("内勤甲", "sign", {"is_granted": "yes", "on": "2022-03-01", "opinion": "写好的意见"}, "写好的意见"),
        ("内勤甲", "sign", {"is_granted": "yes", "on": "2022-03-01", "signer": "核验人乙"}, "审批人不能是提请人"),
    ],
)
def test_a_decision_that_is_refused_stays_on_the_page_with_what_was_typed(
    world: World, name: str, act: str, said: dict[str, str], words: str
) -> None:
    finding, approval = world.verified()
    shown = client_of(world, name).post(f"/desk/findings/{finding.uid}/approvals/{approval.uid}/{act}/", said)
    text = shown.content.decode()
    assert (shown.status_code, words in text, f'id="act-{act}"' in text) == (422, True, True)
    assert state_of(finding) == "to_approve"


def test_a_scan_of_the_paper_is_kept_as_evidence(world: World) -> None:
    finding, approval = world.verified()
    place = f"/desk/findings/{finding.uid}/"
    said = {
        "is_granted": "yes",
        "on": "2022-03-01",
        "signer": "张主任",
        "scan": SimpleUploadedFile("签批件.pdf", b"%PDF-1.4 y"),
    }
    assert client_of(world, "内勤甲").post(f"{place}approvals/{approval.uid}/sign/", said).status_code == 303
    with as_(SYSTEM):
        approval.refresh_from_db()
        assert (approval.scan.name, approval.typed_by.name) == ("签批件.pdf", "内勤甲")
    assert "签批件.pdf" in client_of(world, "干部甲").get(place).content.decode()


def test_only_legal_decisions_on_a_repeat_are_offered_with_the_earlier_ones(world: World) -> None:
    project = world.project()
    earlier = world.closed(problem="公示不及时", activity=project)
    again = world.finding(problem="公示不及时", activity=project)
    client, place = client_of(world, "干部甲"), f"/desk/findings/{again.uid}/"
    with as_(SYSTEM):
        repeat = again.repeats.get()
    shown = client.get(f"{place}?act=repeats-decide&on={repeat.uid}").content.decode()
    offered = re.findall(r'name="decision" value="(\w+)"', shown)
    assert offered == ["reopen", "new"]
    assert earlier.code in shown
    assert "审批销号" in shown
    refused = client.post(f"{place}repeats/{repeat.uid}/decide/", {"decision": "merge", "on": today().isoformat()})
    assert refused.status_code == 422
    done = client.post(f"{place}repeats/{repeat.uid}/decide/", {"decision": "reopen", "on": today().isoformat()})
    assert done.status_code == 303
    assert state_of(earlier) == "rectifying"


def test_a_recovery_is_reversed_in_part_and_never_beyond_what_is_left(world: World) -> None:
    finding = world.closed()
    with as_(SYSTEM) as by:
        money = outcomes.record_recovery(finding=finding, by=by, new=outcomes.NewMoney(100_00, finding.registered_on))
    client, place = client_of(world, "干部甲"), f"/desk/findings/{finding.uid}/"
    assert f"act=money-reverse&amp;on={money.uid}" in client.get(f"{place}?tab=after").content.decode()
    assert 'value="100.00"' in client.get(f"{place}?act=money-reverse&on={money.uid}").content.decode()
    said = {"on": today().isoformat(), "amount": "40", "proof": "退回"}
    assert client.post(f"{place}money/{money.uid}/reverse/", said).status_code == 303
    over = client.post(f"{place}money/{money.uid}/reverse/", {**said, "amount": "60.01"})
    assert (over.status_code, "冲销金额" in over.content.decode()) == (422, True)
    with as_(SYSTEM):
        assert sorted(MoneyRecovered.objects.values_list("amount_fen", flat=True)) == [-40_00, 100_00]


def test_an_instruction_is_answered_once(world: World) -> None:
    finding = world.rectifying()
    leader, officer, place = client_of(world, "秘书"), client_of(world, "干部甲"), f"/desk/findings/{finding.uid}/"
    day = today().isoformat()
    said = {"leader": "书记", "on": day, "text": "抓紧办", "given_to": world.offices["第一监督检查室"].pk}
    assert leader.post(f"{place}instruct/", said).status_code == 303
    with as_(SYSTEM):
        row = finding.instructions.get()
    assert officer.post(f"{place}instructions/{row.uid}/answer/", {"on": day, "answer": ""}).status_code == 422
    assert officer.post(f"{place}instructions/{row.uid}/answer/", {"on": day, "answer": "已办"}).status_code == 303
    again = officer.post(f"{place}instructions/{row.uid}/answer/", {"on": day, "answer": "又办"})
    assert (again.status_code, "已处理" in again.content.decode()) == (422, True)


def test_a_record_is_opened_to_a_person_and_closed_again_and_a_recusal_shuts_it(world: World) -> None:
    finding = world.finding()
    place = f"/desk/findings/{finding.uid}/"
    head, other, mate = client_of(world, "主任甲"), client_of(world, "干部乙"), client_of(world, "干部丙")
    assert other.get(place).status_code == 404
    assert head.post(f"{place}appoint/", {"user": "", "given_to": ""}).status_code == 422
    assert head.post(f"{place}appoint/", {"user": world.users["干部乙"].pk}).status_code == 303
    assert other.get(place).status_code == 200
    with as_(SYSTEM):
        row = Assignment.objects.get(user=world.users["干部乙"])
    assert head.post(f"{place}people/{row.uid}/end/").status_code == 303
    assert other.get(place).status_code == 404
    assert mate.post(f"{place}recuse/", {"user": world.users["主任甲"].pk}).status_code == 422
    away = mate.post(f"{place}recuse/", {"user": world.users["干部丙"].pk, "reason": "亲属"})
    assert (away.status_code, away["Location"]) == (303, "/desk/findings/")
    assert mate.get(place).status_code == 404


def test_paper_is_typed_by_one_and_confirmed_by_another(world: World) -> None:
    finding, approval = world.verified()
    said = {"is_granted": "yes", "on": finding.registered_on.isoformat(), "signer": "张主任", "opinion": "同意"}
    place = f"/desk/findings/{finding.uid}/approvals/{approval.uid}/"
    assert client_of(world, "内勤甲").post(f"{place}sign/", said).status_code == 303
    own = client_of(world, "内勤甲").post(f"{place}confirm/")
    assert (own.status_code, "须由录入人以外的人确认" in own.content.decode()) == (422, True)
    assert state_of(finding) == "to_approve"
    assert client_of(world, "干部甲").post(f"{place}confirm/").status_code == 303
    assert state_of(finding) == "closed"


def test_only_who_can_finish_it_is_offered_the_form_of_what_was_corrected_at_once() -> None:
    needed = ("create", "assign", "receive", "submit")
    verifying = [role for role in roles().values() if role.may("verify", "finding")]
    assert verifying
    assert [role.key for role in verifying if not all(role.may(verb, "finding") for verb in needed)] == []


def test_what_a_clerk_types_for_the_unit_the_unit_did(world: World, lexicon: None) -> None:
    finding, day = world.finding(), today().isoformat()
    with as_(SYSTEM) as by:
        moves.assign(finding=finding, by=by, on=today(), rectification="by_term", due_on=None)
    person, place = world.person("科长戊", unit="市教育局"), f"/desk/findings/{finding.uid}/"
    clerk = client_of(world, "内勤甲")
    assert 'name="who"' in clerk.get(f"{place}?act=finding-receive").content.decode()
    for slug, said in (
        ("receive", {"rectifier": "责任人甲", "who": "科长戊"}),
        ("plan", {"measures": "补签", "who": ""}),
        ("progress", {"note": "在办", "who": "科员己"}),
        ("apply", {"note": "已改", "rectifier": "责任人甲", "who": ""}),
    ):
        assert clerk.post(f"{place}{slug}/", {"on": day, **said}).status_code == 303
    with as_(SYSTEM):
        rows = finding.steps.order_by("seq").values_list("verb", "by_name", "actor", "entered_by__name")
        assert list(rows)[2:] == [
            ("receive", "科长戊", person.pk, "内勤甲"),
            ("plan", "责任人甲", None, "内勤甲"),
            ("progress", "科员己", None, "内勤甲"),
            ("apply", "责任人甲", None, "内勤甲"),
        ]
    assert clerk.get(place).content.decode().count("录入：内勤甲") == 4


def test_evidence_goes_in_and_comes_out_as_an_attachment(world: World) -> None:
    finding = world.rectifying()
    client = client_of(world, "干部甲")
    place = f"/desk/findings/{finding.uid}/"
    file = SimpleUploadedFile("整改照片.pdf", b"%PDF-1.4 x", content_type="application/pdf")
    assert client.post(f"{place}evidence/", {"file": file}).status_code == 303
    with as_(SYSTEM):
        evidence = finding.evidence.get()
    answer = client.get(f"{place}evidence/{evidence.uid}/")
    assert answer.content == b"%PDF-1.4 x"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E6%95%B4%E6%94%B9%E7%85%A7%E7%89%87.pdf"
    assert client_of(world, "干部乙").get(f"{place}evidence/{evidence.uid}/").status_code == 404
    secret = SimpleUploadedFile("机密★.pdf", b"%PDF-1.4 x")
    assert client.post(f"{place}evidence/", {"file": secret}).status_code == 422


def test_a_project_is_opened_and_shown(world: World) -> None:
    client = client_of(world, "干部甲")
    office = world.offices["第一监督检查室"].pk
    answer = client.post(
        "/desk/projects/new/",
        {"code": "XM1", "name": "粮食安全", "year": 2022, "lead": office, "approved_on": "2022-01-05"},
    )
    assert answer.status_code == 303
    assert "粮食安全" in client.get(answer["Location"]).content.decode()
