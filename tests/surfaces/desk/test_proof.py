"""What leaves the house, or gives a right, asks for a fresh proof; what was filled in meanwhile comes back."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from tests.accounts.people import PASSWORD
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry, Payload
from jiandu.base.jobs.models import Job
from jiandu.net.access.models import Grant
from jiandu.surfaces.door.routes import Declared

OFFICER = "干部甲"
#: What security.md §3.2 names, as far as it is there: export, grant, publish.
SENSITIVE = {
    *("findings-export", "unit-sheets", "job-file", "review-word", "review-freeze", "audit-export"),
    *("round-report-word", "contact-points-word", "review-edition", "papers", "form-file", "petition-paper"),
    *("petitions-bulletin-word", "bulletin-word", "advisory-word", "sender-opening-look"),
    *("petition-file", "collective-scan", "alert-clear", "alerts-export", "link-pair-clear"),
    *("keys", "keys-passphrase", "key-admit", "key-remove", "keys-escrow"),
}


def prove(client: Client, answer: HttpResponse) -> HttpResponse:
    """Gives the password where the answer leads; gives the page that follows."""
    asked = client.get(answer["Location"], follow=True)
    place = asked.redirect_chain[-1][0] if asked.redirect_chain else answer["Location"]
    onward = parse_qs(urlsplit(place).query)["next"][0]
    return client.post(urlsplit(place).path, {"password": PASSWORD, "next": onward}, follow=True)  # type: ignore[return-value]


def entries(verb: str) -> list[dict[str, Any]]:
    rows = Payload.objects.filter(entry__verb=verb).order_by("entry__seq")
    return [json.loads(row.body) for row in rows]


def test_every_route_out_asks_for_a_proof() -> None:
    declared = {
        pattern.name
        for pattern in get_resolver("jiandu.surfaces.desk.urls").url_patterns
        if isinstance(getattr(pattern.callback, "declared", None), Declared) and pattern.callback.declared.proves
    }
    assert declared == SENSITIVE


def test_an_export_returns_to_the_form_as_it_was_filled_in(world: World) -> None:
    world.finding(office="第一监督检查室")
    stale = client_of(world, OFFICER, proved=False)
    said = {"kind": "csv", "column": ["state", "facts"], "year": "2022", "reason": "核对数据"}
    answer = stale.post("/desk/findings/export/", said)
    assert (answer.status_code, "/account/confirm/" in answer["Location"]) == (303, True)
    assert Entry.objects.filter(verb="finding.export").count() == 0
    form = prove(stale, answer)
    assert (form.status_code, form.context["kind"], form.context["columns"]) == (200, "csv", ("state", "facts"))
    assert form.context["said"]["year"] == "2022"
    out = stale.post("/desk/findings/export/", said)  # the proof holds: once is enough
    assert (out["Content-Type"], len(b"".join(out).splitlines()) > 1) == ("text/csv; charset=utf-8", True)
    with as_(SYSTEM):
        left = entries("finding.export")[0]
    assert (left["rows"], left["reason"], len(left["sha256"])) == (1, "核对数据", 64)


def test_what_has_no_form_waits_and_goes_on_with_one_button(world: World) -> None:
    stale = client_of(world, "安全管理员", proved=False)
    user, leader = world.users["干部丙"], world.users["书记"]
    place = f"/desk/accounts/{user.pk}/grant/"
    said = {
        "role": "secretary",
        "since": "2022-01-01",
        "office": str(world.offices["市纪委监委"].pk),
        "acts_for": str(leader.pk),
    }
    page = prove(stale, stale.post(place, said))
    assert (page.status_code, Grant.objects.filter(user=user, role="secretary").count()) == (200, 0)
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    assert {name: kept.get(name) for name in said} == said
    assert stale.post(place, said).status_code == 303
    assert Grant.objects.filter(user=user, role="secretary").count() == 1


def test_a_password_is_not_kept(world: World) -> None:
    stale = client_of(world, "安全管理员", proved=False)
    stale.post(f"/desk/accounts/{world.users['干部丙'].pk}/password/", {"password": "a-new-Secret-2022"})
    assert "a-new-Secret-2022" not in str(dict(stale.session.items()))
    assert "kept_request" not in stale.session
    stale.post(f"/desk/accounts/{world.users['干部丙'].pk}/disable/", {"reason": "x"})
    assert stale.session["kept_request"]["fields"] == [["reason", "x"]]  # the control


def test_what_waits_is_this_sessions_alone_and_not_for_long(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = client_of(world, "安全管理员", proved=False)
    stale.post(f"/desk/accounts/{world.users['干部丙'].pk}/disable/")
    assert stale.get("/account/go-on/").status_code == 200
    assert client_of(world, "安全管理员").get("/account/go-on/").status_code == 302
    monkeypatch.setattr("jiandu.surfaces.door.proving.KEPT_SECONDS", -1)
    assert stale.get("/account/go-on/").status_code == 302


def test_a_result_is_checked_proved_for_and_logged_at_each_download(world: World) -> None:
    world.finding(office="第一监督检查室")
    fresh = client_of(world, OFFICER)
    b"".join(fresh.post("/desk/findings/export/", {"kind": "csv"}))
    with as_(SYSTEM):
        job = Job.objects.get()
    place = f"/desk/jobs/{job.uid}/file/"
    stale = client_of(world, OFFICER, proved=False)
    answer = stale.get(place)
    assert (answer.status_code, "/account/confirm/" in answer["Location"]) == (302, True)
    page = prove(stale, answer)
    assert f'href="{place}"' in page.content.decode()
    assert b"".join(stale.get(place)).startswith(b"\xef\xbb\xbf")
    fetched, left = entries("export.fetch"), entries("finding.export")
    assert [one["export"] for one in fetched] == [left[0]["export"]]
    assert client_of(world, "干部丙").get(place).status_code == 404  # another's job


def test_rows_of_other_offices_leave_for_a_reason(world: World) -> None:
    world.finding(office="第一监督检查室")
    leader = client_of(world, "书记")
    refused = leader.post("/desk/findings/export/", {"kind": "csv", "column": ["state"]})
    assert (refused.status_code, refused.context["columns"]) == (422, ("state",))
    assert "请写明导出用途" in refused.content.decode()
    b"".join(leader.post("/desk/findings/export/", {"kind": "csv", "reason": "向市委汇报"}))
    b"".join(client_of(world, OFFICER).post("/desk/findings/export/", {"kind": "csv"}))  # one's own: no reason needed
    assert [one.get("reason", "") for one in entries("finding.export")] == ["向市委汇报", ""]
