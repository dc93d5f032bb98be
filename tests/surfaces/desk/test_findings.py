"""The ledger and a finding's page: the whole loop through the browser's requests, each refusal, the number of queries."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding

MOST = 15
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


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_and_its_queries_do_not_grow(world: World, path: str) -> None:
    def fill() -> None:
        world.finding()
        world.verified()
        world.closed()

    client = client_of(world, "主任甲")
    fill()
    client.get(f"/desk/{path}")
    with CaptureQueriesContext(connection) as few:
        assert client.get(f"/desk/{path}").status_code == 200
    fill()
    fill()
    with CaptureQueriesContext(connection) as many:
        client.get(f"/desk/{path}")
    assert len(many) == len(few) <= MOST + 5


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


def test_only_the_moves_that_may_be_made_are_offered(world: World) -> None:
    finding = world.applied()
    shown = client_of(world, "干部甲").get(f"/desk/findings/{finding.uid}/").content.decode()
    assert 'id="act-verify"' in shown
    assert 'id="act-assign"' not in shown
    clerk = client_of(world, "内勤甲").get(f"/desk/findings/{finding.uid}/").content.decode()
    assert 'id="act-verify"' not in clerk


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


def test_paper_is_typed_by_one_and_confirmed_by_another(world: World) -> None:
    finding, approval = world.verified()
    said = {"is_granted": "yes", "on": finding.registered_on.isoformat(), "signer": "张主任", "opinion": "同意"}
    place = f"/desk/findings/{finding.uid}/approvals/{approval.uid}/"
    assert client_of(world, "内勤甲").post(f"{place}sign/", said).status_code == 303
    assert client_of(world, "内勤甲").post(f"{place}confirm/").status_code == 409
    assert state_of(finding) == "to_approve"
    assert client_of(world, "干部甲").post(f"{place}confirm/").status_code == 303
    assert state_of(finding) == "closed"


def test_corrected_at_once_waits_for_the_second_person(world: World, lexicon: None) -> None:
    project, day = world.project(), today().isoformat()
    said = {
        "subject": "市教育局", "problem": "公示不及时", "source": f"activity:{project.uid}", "registered_on": day,
        "office": world.offices["第一监督检查室"].pk, "correction": "当场改正", "corrected_on": day, "rectifier_name": "责任人甲",
        "verifier": "核验人乙", "verified_on": day, "method": "field", "approver": "审批人丙", "approved_on": day,
    }  # fmt: skip
    refused = client_of(world, "内勤甲").post("/desk/findings/at-once/", said)
    assert refused.status_code == 422, "a clerk does not verify"
    with as_(SYSTEM):
        assert not Finding.objects.exists()
    made = client_of(world, "干部甲").post("/desk/findings/at-once/", said)
    assert made.status_code == 303, made.content.decode()[:3000]
    with as_(SYSTEM):
        finding = Finding.objects.get()
        approval = finding.approvals.get()
    assert finding.state == "to_approve"
    assert (
        client_of(world, "干部丙").post(f"/desk/findings/{finding.uid}/approvals/{approval.uid}/confirm/").status_code
        == 303
    )
    assert state_of(finding) == "closed"


def test_a_verifier_of_the_unit_is_found_out_by_name(world: World, lexicon: None) -> None:
    world.person("单位的人", unit="市教育局")
    project, day = world.project(), today().isoformat()
    said = {
        "subject": "市教育局", "problem": "公示不及时", "source": f"activity:{project.uid}", "registered_on": day,
        "office": world.offices["第一监督检查室"].pk, "correction": "当场改正", "corrected_on": day, "rectifier_name": "责任人甲",
        "verifier": "单位的人", "verified_on": day, "method": "field", "approver": "审批人丙", "approved_on": day,
    }  # fmt: skip
    answer = client_of(world, "干部甲").post("/desk/findings/at-once/", said)
    assert answer.status_code == 422
    assert "核验人不能是责任单位的人员" in answer.content.decode()


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
    assert answer["Content-Disposition"].startswith("attachment")
    assert client_of(world, "干部乙").get(f"{place}evidence/{evidence.uid}/").status_code == 404
    secret = SimpleUploadedFile("机密★.pdf", b"%PDF-1.4 x")
    assert client.post(f"{place}evidence/", {"file": secret}).status_code == 422


def test_many_are_assigned_at_once_or_none(world: World) -> None:
    one, two = world.finding(), world.finding()
    client = client_of(world, "干部甲")
    answer = client.post(
        "/desk/findings/assign/", {"finding": [str(one.uid), str(two.uid)], "rectification": "by_term"}
    )
    assert answer.status_code == 303
    assert (state_of(one), state_of(two)) == ("assigned", "assigned")
    three = world.finding()
    assert client.post("/desk/findings/assign/", {"finding": [str(three.uid), str(one.uid)]}).status_code == 409
    assert state_of(three) == "registered"


def test_a_project_is_opened_and_shown(world: World) -> None:
    client = client_of(world, "干部甲")
    office = world.offices["第一监督检查室"].pk
    answer = client.post(
        "/desk/projects/new/",
        {"code": "XM1", "name": "粮食安全", "year": 2022, "lead": office, "approved_on": "2022-01-05"},
    )
    assert answer.status_code == 303
    assert "粮食安全" in client.get(answer["Location"]).content.decode()
