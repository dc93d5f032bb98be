"""Unit sheets on the desk: one click out, back through a preview; small ones at once, and nobody else's."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.workbooks.test_units import Filled, assigned
from tests.world import SYSTEM, World, as_

from jiandu.loop.findings.models import Finding
from jiandu.loop.workbooks import jobs

CLERK = "内勤甲"


def client_of(world: World, name: str = CLERK) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def back(client: Client, content: bytes) -> HttpResponse:
    """The preview of a sheet that came back."""
    upload = SimpleUploadedFile("教育局.xlsx", content)
    return client.post("/desk/unit-sheets/", {"file": upload, "people": "", "on": ""}, follow=True)


def test_a_sheet_goes_out_with_one_click_and_comes_back_as_the_units_acts(world: World) -> None:
    finding, client = assigned(world), client_of(world)
    assigned(world, unit="市财政局")
    out = client.post("/desk/findings/unit-sheets/", {"subject": str(world.units["市教育局"].uid)})
    assert "filename*=utf-8''%E5%B8%82%E6%95%99%E8%82%B2%E5%B1%80" in out["Content-Disposition"]
    filled = Filled(b"".join(out)).fill(1, 新措施="清理台账")  # type: ignore[arg-type]
    previewed = back(client, filled.saved())
    assert previewed.context["said"]["counts"] == {"act": 1, "unchanged": 0, "conflict": 0, "error": 0}
    place = f"/desk/unit-sheets/{previewed.context['job'].uid}/commit/"
    assert client_of(world, "主任甲").post(place).status_code == 404
    done = client.post(place, follow=True)
    assert (done.context["job"].status, done.context["said"]["acts"]) == ("done", {"receive": 1, "plan": 1})
    with as_(SYSTEM):
        assert Finding.objects.get(pk=finding.pk).state == "rectifying"
    again = back(client, filled.saved())
    assert again.context["said"]["counts"]["unchanged"] == 1


def test_errors_of_a_sheet_are_named_and_it_cannot_be_taken(world: World) -> None:
    assigned(world)
    client = client_of(world)
    out = client.post("/desk/findings/unit-sheets/", {})
    previewed = back(client, Filled(b"".join(out)).fill(1, 进展="大半").saved())  # type: ignore[arg-type]
    assert (previewed.context["rows"][0]["is_wrong"], len(previewed.context["said"]["problems"])) == (True, 1)
    refused = client.post(f"/desk/unit-sheets/{previewed.context['job'].uid}/commit/", follow=True)
    assert refused.context["job"].status == "failed"


def test_a_large_export_is_a_job_and_its_file_is_kept_back_when_a_row_leaves_the_scope(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LARGE_ROWS", 1)
    first = assigned(world)
    assigned(world)
    client = client_of(world)
    waiting = client.post("/desk/findings/export/", {"kind": "xlsx"}, follow=True)
    job = waiting.context["job"]
    assert job.status == "waiting"
    jobs.run_job.func(job.pk)
    response = client.get(f"/desk/jobs/{job.uid}/file/")
    assert io.BytesIO(b"".join(response)).read(2) == b"PK"  # type: ignore[arg-type]
    with as_(SYSTEM):
        Finding.objects.filter(pk=first.pk).update(level=2)
    assert client.get(f"/desk/jobs/{job.uid}/file/").status_code == 404


def test_the_export_page_offers_its_columns(world: World) -> None:
    world.finding()
    page = client_of(world).get("/desk/findings/export/?state=registered")
    assert (page.status_code, page.context["count"]) == (200, 1)
    assert 'name="state" value="registered"' in page.content.decode()
