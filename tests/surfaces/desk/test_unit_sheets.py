"""Unit sheets on the desk: one click out, back through a preview; small ones at once, and nobody else's."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.workbooks.test_units import Filled, assigned
from tests.world import SYSTEM, World, as_

from jiandu.base.jobs.models import Job
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import moves
from jiandu.loop.workbooks import jobs
from jiandu.net.access.persons import Who

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


def sheets(client: Client, **asked: str) -> dict[str, bytes]:
    """One click: a file for each unit, by the unit's name."""
    out = client.post("/desk/findings/unit-sheets/", asked)
    with zipfile.ZipFile(io.BytesIO(b"".join(out))) as archive:  # type: ignore[arg-type]
        return {name.split("_")[0]: archive.read(name) for name in archive.namelist()}


def owes(client: Client, since: str = "2022-02-01", query: str = "") -> dict[str, tuple[int, int]]:
    """Unit → (waiting, reported since), in the order of the list."""
    page = client.get(f"/desk/unit-sheets/owing/?since={since}{query}")
    assert page.status_code == 200
    return {str(row["one"].unit): (row["one"].waiting, row["one"].told) for row in page.context["rows"]}


def test_all_files_that_came_back_are_read_and_written_together(world: World) -> None:
    client = client_of(world)
    for unit in ("市教育局", "市财政局", "思明区教育局", "市第一中学"):
        assigned(world, unit=unit)
    sent = sheets(client)
    assert owes(client) == dict.fromkeys(sent, (1, 0))
    good, other = (Filled(sent[unit]).fill(1, 新措施="清理台账").saved() for unit in ("市教育局", "市财政局"))
    bad = Filled(sent["思明区教育局"]).fill(1, 进展="大半").saved()
    files = [SimpleUploadedFile(f"{place}.xlsx", content) for place, content in enumerate((good, bad, other))]
    page = client.post("/desk/unit-sheets/", {"file": files, "people": "", "on": ""}, follow=True)
    assert [row["said"]["unit"] for row in page.context["rows"]] == ["市教育局", "思明区教育局", "市财政局"]
    assert [row["said"]["counts"]["error"] for row in page.context["rows"]] == [0, 1, 0]
    assert page.context["ready"] == 2
    of = page.context["of"]
    assert client_of(world, "主任甲").post("/desk/unit-sheets/batch/commit/", {"of": of}).status_code == 404
    assert client_of(world, "主任甲").get(f"/desk/unit-sheets/batch/?of={of}").context["rows"] == []
    done = client.post("/desk/unit-sheets/batch/commit/", {"of": of}, follow=True)
    assert [getattr(row["taken"], "status", "") for row in done.context["rows"]] == ["done", "", "done"]
    assert done.context["ready"] == 0
    told = owes(client)
    assert list(told)[:2] == ["市第一中学", "思明区教育局"]  # those that still owe it come first
    assert (told["市教育局"], told["市财政局"]) == ((1, 1), (1, 1))
    with as_(SYSTEM):
        assert sorted(Finding.objects.values_list("state", flat=True)) == [
            "assigned",
            "assigned",
            "rectifying",
            "rectifying",
        ]
    again = client.post("/desk/unit-sheets/batch/commit/", {"of": of}, follow=True)
    assert len(again.context["rows"]) == 3  # a second click writes nothing twice
    with as_(SYSTEM):
        assert Job.objects.filter(kind=jobs.TAKE).count() == 2


def test_who_owes_is_asked_of_an_office_a_project_and_a_day(world: World) -> None:
    client = client_of(world)
    mine, other = assigned(world), assigned(world, unit="市财政局", office="第二监督检查室")
    assigned(world, unit="思明区教育局", level=2)
    with as_(SYSTEM) as by:
        moves.receive(finding=mine, by=by, on=date(2022, 3, 2), rectifier=Who("甲"), note="补录")
        moves.report_plan(finding=mine, by=by, on=date(2022, 3, 5), measures=[("建账", None)], note="补录")
    assert owes(client) == {"市教育局": (1, 1)}  # neither another office's nor what is sensitive
    assert owes(client, "2022-03-06") == {"市教育局": (1, 0)}
    assert owes(client, query=f"&activity={mine.activity_id}") == {"市教育局": (1, 1)}
    assert owes(client, query=f"&activity={other.activity_id}") == {}
    second = f"&office={world.offices['第二监督检查室'].pk}"
    assert (owes(client, query=second), owes(client_of(world, "主任乙"), query=second)) == ({}, {"市财政局": (1, 0)})
    for name in ("书记", "系统管理员"):  # who may not report for a unit
        assert client_of(world, name).get("/desk/unit-sheets/owing/").status_code == 404


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
