"""The desk and its queues: what waits for whom, counts, rounds of look-backs; each page in few queries."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.surfaces.counting import asked, grown, questions
from tests.surfaces.desk.test_findings import client_of, everything_on, lexicon, state_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.loop.findings.models import Finding, LookBack
from jiandu.loop.findings.selectors import queues
from jiandu.loop.findings.selectors.ledger import scope_of
from jiandu.loop.findings.services import approvals, moves, parts
from jiandu.loop.findings.services.approvals import Request
from jiandu.loop.findings.states import SETTLED, Verb
from jiandu.net.access.deciding import Signature
from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.views.todo import counted

__all__ = ["lexicon"]
QUEUES = (
    "", "?tab=running", "?tab=overdue", "?tab=done", "?tab=lacking", "verify/", "approvals/", "approvals/?tab=all", "approvals/?tab=done",
    "instructions/", "instructions/?tab=all", "instructions/?tab=done", "repeats/", "repeats/?tab=done", "breaches/", "look-backs/",
    "look-backs/?tab=all", "look-backs/?tab=done", "look-backs/?tab=rounds", "approvals/?tab=all&unit=教育&text=台账",
)  # fmt: skip


def waiting_for(world: World, name: str) -> dict[str, int]:
    with as_(world.viewer(name)) as viewer:
        return queues.count_all(viewer, queues.todo(viewer))


def fill(world: World) -> None:
    """One more of everything that waits, and of what was done."""
    world.finding(problem="台账不清", activity=world.project())
    world.told()
    world.applied()
    world.verified()
    finding = world.closed()
    everything_on(world)
    with as_(SYSTEM) as by:
        finding = Finding.objects.get(pk=finding.pk)
        parts.plan_look_back(finding=finding, by=by, planned_on=finding.registered_on)
        row = Finding.objects.filter(state="rectifying").latest("pk")
        office = world.offices["第一监督检查室"]
        for answer in ("", "已办"):
            new = parts.NewInstruction("书记", today(), "抓紧办", office)
            instruction = parts.instruct(finding=row, by=by, new=new)
            if answer:
                parts.answer_instruction(instruction=instruction, by=by, on=today(), answer=answer)


def test_every_queue_asks_few_queries_however_much_waits(world: World, lexicon: None) -> None:
    client, pages = client_of(world, "主任甲"), [f"/desk/{path}" for path in QUEUES]
    fill(world)
    few = questions(client, pages)
    fill(world)
    fill(world)
    assert grown(few, questions(client, pages)) == {}


def test_a_narrow_scope_is_counted_in_one_walk_as_it_is_by_queues(world: World) -> None:
    fill(world)
    world.finding(problem="第二件", activity=world.project(), due_on=today() - timedelta(days=1))
    for name in ("主任甲", "干部甲", "书记", "经办人丁", "主任乙"):
        counts = []
        for is_narrow in (True, False):
            with as_(world.viewer(name)) as viewer:
                viewer.notes["few_findings"] = is_narrow
                found = scope_of(viewer)
                counts.append(queues.count_all(viewer, queues.todo(viewer, found) | queues.desk(viewer, found)))
        assert counts[0] == counts[1], name
        assert counts[0]["running"] + counts[0]["done"] > 0 or name == "主任乙"


def test_what_waits_is_only_what_one_may_do(world: World) -> None:
    finding, _approval = world.verified()
    with as_(SYSTEM) as by:
        request = Request(Verb.WITHDRAW, "误录", today())
        approvals.ask(finding=Finding.objects.get(pk=finding.pk), by=by, request=request)
    world.applied()
    assert waiting_for(world, "经办人丁") == {"receive": 0}
    assert waiting_for(world, "主任甲")["approvals"] == 2
    assert waiting_for(world, "干部甲")["approvals"] == 0, "an officer confirms paper, he does not approve"
    assert waiting_for(world, "主任乙")["approvals"] == 0
    assert waiting_for(world, "书记") == {"approvals": 2}
    assert waiting_for(world, "内勤甲").keys() == {"approvals", "assign", "repeats"}
    operator = client_of(world, "经办人丁").get("/desk/").content.decode()
    assert "待签批" not in operator
    assert "登记问题" not in operator


def test_nobody_is_asked_to_approve_his_own_request(world: World) -> None:
    finding = world.rectifying(unit="市财政局")
    with as_(world.viewer("主任甲")) as by:
        approvals.ask(finding=finding, by=by, request=Request(Verb.SUSPEND, "诉讼", today()))
    assert waiting_for(world, "主任甲")["approvals"] == 0
    assert waiting_for(world, "书记")["approvals"] == 1


def test_instructions_wait_for_the_office_they_were_given_to(world: World) -> None:
    finding = world.rectifying()
    with as_(SYSTEM) as by:
        new = parts.NewInstruction("书记", today(), "抓紧办", world.offices["第二监督检查室"])
        parts.instruct(finding=finding, by=by, new=new)
    for name, waits in (("干部甲", 0), ("干部乙", 1), ("书记", 0)):
        with as_(world.viewer(name)) as viewer:
            assert counted(viewer)["instructions"] == waits, name
    client = client_of(world, "干部甲")
    assert "抓紧办" not in client.get("/desk/instructions/").content.decode()
    assert "抓紧办" in client.get("/desk/instructions/?tab=all").content.decode()
    led = client_of(world, "书记").get("/desk/instructions/").content.decode()
    assert ("抓紧办" in led, "本室组承办" in led) == (True, False), "who gives them begins with all that are open"


def test_look_backs_wait_when_they_are_due(world: World) -> None:
    due, later = world.closed(), world.closed()
    with as_(SYSTEM) as by:
        parts.plan_look_back(finding=due, by=by, planned_on=today())
        parts.plan_look_back(finding=later, by=by, planned_on=today() + timedelta(days=1))
    assert waiting_for(world, "干部甲")["look_backs"] == 1
    shown = client_of(world, "干部甲").get("/desk/").content.decode()
    assert (due.code in shown, later.code in shown) == (True, False)


def test_counts_are_polled_and_answered_with_nothing_when_nothing_changed(world: World) -> None:
    client = client_of(world, "主任甲")
    world.verified()
    first = client.get("/desk/todo/")
    assert (first.status_code, 'id="tally-approvals"' in first.content.decode()) == (200, True)
    assert client.get("/desk/todo/").status_code == 204
    with CaptureQueriesContext(connection) as some:
        client.get("/desk/todo/")
    assert len(asked(some)) <= 8
    world.verified()
    again = client.get("/desk/todo/")
    assert (again.status_code, ">2</span>" in again.content.decode()) == (200, True)
    shown = client.get("/desk/measures/").content.decode()
    assert '<span class="tally" id="tally-approvals">2</span>' in shown
    other = Client()
    other.force_login(world.users["主任乙"])
    other.cookies["todo"] = client.cookies["todo"].value
    assert '<span class="tally" id="tally-approvals"></span>' in other.get("/desk/measures/").content.decode()


def test_an_administrator_has_no_business_waiting(world: World) -> None:
    world.verified()
    client = client_of(world, "审计管理员")
    assert "tally-" not in client.get("/desk/todo/").content.decode()
    assert client.get("/desk/approvals/").status_code == 404


def test_done_is_what_is_settled_and_nothing_that_left_that_state(world: World) -> None:
    kept, again, gone = world.closed(), world.closed(), world.closed()
    world.rectifying()
    with as_(SYSTEM) as by:
        moves.reopen(finding=Finding.objects.get(pk=again.pk), by=by, on=today(), note="反弹")
        request = Request(Verb.WITHDRAW, "误录", today())
        asked_for = approvals.ask(finding=Finding.objects.get(pk=gone.pk), by=by, request=request)
    with as_(world.viewer("书记")) as by:
        approvals.decide(approval=asked_for, by=by, signature=Signature(is_granted=True, on=today()))
    with as_(SYSTEM):
        settled = set(Finding.objects.filter(state__in=sorted(SETTLED)).values_list("code", flat=True))
    shown = client_of(world, "主任甲").get("/desk/?tab=done").content.decode()
    assert settled == {kept.code}
    assert [finding.code in shown for finding in (kept, again, gone)] == [True, False, False]


def test_empty_queues_say_so_kindly(world: World) -> None:
    client = client_of(world, "干部甲")
    for path, words in (
        ("", "待办都处理完了"),
        ("verify/", "没有等待核验的问题"),
        ("approvals/", "没有等待您签批"),
        ("instructions/", "没有交给本室组办理的批示件"),
        ("repeats/", "没有等待研判的重复提示"),
        ("look-backs/", "没有到期的回头看"),
        ("look-backs/?tab=rounds", "还没有抽样的回头看计划"),
    ):
        assert words in client.get(f"/desk/{path}").content.decode()


def test_a_queue_is_filtered_by_unit_and_paged(world: World) -> None:
    school, money = world.applied(unit="市教育局"), world.applied(unit="市财政局")
    client = client_of(world, "干部甲")
    shown = client.get("/desk/verify/?unit=教育").content.decode()
    assert (school.code in shown, money.code in shown) == (True, False)
    assert (
        "page=1" in client.get("/desk/verify/?page=2").content.decode()
        or client.get("/desk/verify/?page=2").status_code == 200
    )
    assert client.get("/desk/verify/?page=x").status_code == 200


def test_a_round_is_previewed_drawn_looked_at_and_a_rebound_is_taken_up_again(world: World) -> None:
    findings = [world.closed() for _ in range(3)]
    client, office = client_of(world, "干部甲"), world.offices["第一监督检查室"].pk
    said = {"name": "三月回头看", "office": office, "planned_on": today().isoformat(), "percent": 100, "seed": 7}
    preview = client.post("/desk/look-backs/new/", {**said, "preview": "1"}).content.decode()
    assert all(finding.code in preview for finding in findings)
    with as_(SYSTEM):
        assert not LookBack.objects.exists()
    unknown = client.post("/desk/look-backs/new/", {**said, "unit": "没有的单位", "confirm": "1"})
    assert (unknown.status_code, "没有登记过这个单位" in unknown.content.decode()) == (422, True)
    made = client.post("/desk/look-backs/new/", {**said, "confirm": "1"})
    assert made.status_code == 303
    shown = client.get(made["Location"]).content.decode()
    assert ("种子7" in shown, all(finding.code in shown for finding in findings)) == (True, True)
    place = f"/desk/findings/{findings[0].uid}/"
    answer = client.post(
        f"{place}look-back/", {"on": today().isoformat(), "result": "rebound", "note": "又发生"}, follow=True
    )
    assert "请研判是否重新挂账" in answer.content.decode()
    assert client.post(f"{place}reopen/", {"on": today().isoformat(), "note": "反弹"}).status_code == 303
    assert state_of(findings[0]) == "rectifying"
    with as_(SYSTEM):
        row = LookBack.objects.get(finding=findings[0])
        assert (row.activity.kind, row.result) == ("look_back", "rebound")
        assert Activity.objects.filter(kind="look_back").count() == 1
    assert "1/3" in client.get("/desk/look-backs/?tab=rounds").content.decode()


def test_decisions_stand_in_the_register_online_or_on_paper(world: World) -> None:
    world.closed()
    finding, approval = world.verified()
    place = f"/desk/findings/{finding.uid}/approvals/{approval.uid}/"
    said = {"is_granted": "yes", "on": finding.registered_on.isoformat(), "signer": "张主任"}
    assert client_of(world, "内勤甲").post(f"{place}sign/", said).status_code == 303
    assert waiting_for(world, "内勤甲")["approvals"] == 0, "who typed it does not confirm it"
    assert waiting_for(world, "干部甲")["approvals"] == 1
    assert client_of(world, "干部甲").post(f"{place}confirm/").status_code == 303
    register = client_of(world, "主任甲").get("/desk/approvals/?tab=done").content.decode()
    assert ("线上" in register, "纸质" in register, "张主任" in register) == (True, True, True)
