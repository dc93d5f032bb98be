"""The import wizard as a clerk uses it: upload, preview with errors in place, import; what the page says is what is done."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from tests.workbooks.books import book, closed, line
from tests.world import SYSTEM, World, as_

from jiandu.base.jobs import folder
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.services import KEEP, expire_jobs
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import moves
from jiandu.loop.workbooks import jobs, parting, showing

CLERK = "内勤甲"


@pytest.fixture
def net(world: World) -> World:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    return world


def client_of(net: World, name: str = CLERK) -> Client:
    client = Client()
    client.force_login(net.users[name])
    return client


def upload(client: Client, content: bytes, name: str = "台账.xlsx") -> HttpResponse:
    """The page that follows the upload."""
    response = client.post("/desk/import/", {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 303, response.content.decode()
    return client.get(response["Location"])


def confirm(client: Client, previewed: HttpResponse, **said: Any) -> HttpResponse:
    """The page that follows 确认导入."""
    uid = previewed.context["job"].uid
    response = client.post(f"/desk/import/{uid}/commit/", said)
    assert response.status_code == 303
    return client.get(response["Location"])


def fetched(client: Client, job: Job) -> bytes:
    """The result file."""
    response = client.get(f"/desk/jobs/{job.uid}/file/")
    assert response.status_code == 200
    return b"".join(response)  # type: ignore[arg-type]


def codes() -> list[str]:
    with as_(SYSTEM):
        return sorted(Finding.objects.values_list("code", flat=True))


def test_import_creates_what_the_preview_promised(net: World) -> None:
    client = client_of(net)
    previewed = upload(client, book(line(1), closed(2)))
    assert previewed.context["said"]["counts"] == {"create": 2, "update": 0, "unchanged": 0, "conflict": 0, "error": 0}
    assert codes() == []
    done = confirm(client, previewed)
    assert (done.context["job"].status, done.context["said"]["create"]) == ("done", 2)
    assert codes() == ["TS2022-0001", "TS2022-0002"]


def test_the_same_file_again_offers_nothing_to_import(net: World) -> None:
    client, content = client_of(net), book(line(1), closed(2))
    confirm(client, upload(client, content))
    again = upload(client, content)
    assert again.context["said"]["counts"]["unchanged"] == 2
    assert not again.context["may_commit"]


def test_a_changed_cell_is_shown_old_and_new_before_it_is_written(net: World) -> None:
    client = client_of(net)
    confirm(client, upload(client, book(line(1, 具体事实="三件"), closed(2))))
    changed = upload(client, book(line(1, 具体事实="五件"), closed(2)))
    (row,) = [row for row in changed.context["rows"] if row["act"] == "update"]
    assert row["cells"] == [["具体事实", "三件", "五件"]]
    confirm(client, changed)
    with as_(SYSTEM):
        assert Finding.objects.get(code="TS2022-0001").facts == "五件"


def test_what_is_not_written_stands_in_the_preview_with_the_way_and_is_no_update(net: World) -> None:
    client = client_of(net)
    confirm(client, upload(client, book(line(1, 整改时限="2022-04-30", 整改类型="限期整改"), line(2))))
    content = book(line(1, 整改时限="2022-06-30", 整改类型="限期整改"), line(2, 具体事实="五件"))
    changed = upload(client, content)
    assert changed.context["said"]["counts"] == {"create": 0, "update": 1, "unchanged": 1, "conflict": 0, "error": 0}
    (row,) = client.get(f"{changed.request['PATH_INFO']}?show=left").context["rows"]
    assert (row["act"], row["cells"]) == ("unchanged", [])
    assert [(cell["title"], cell["value"], cell["reason"]) for cell in row["left"]] == [
        ("整改时限", "2022-06-30", parting.EXTENDED)
    ]
    assert f'O3 整改时限</b> 2022-06-30 <span class="mark tone-warn">未写入</span> {parting.EXTENDED}' in page(changed)
    done = confirm(client, changed)
    assert (done.context["said"]["update_count"], done.context["said"]["left_count"]) == (1, 1)
    assert parting.EXTENDED in page(done)
    again = upload(client, content)
    assert (again.context["said"]["counts"]["update"], again.context["may_commit"]) == (0, 0)


def page(response: HttpResponse) -> str:
    return response.content.decode()


def test_all_that_an_import_points_out_is_downloaded_however_much_it_is(
    net: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "SHOWN", 2)
    rows = [closed(number, 责任人="李四") for number in range(1, 6)]  # each verified by its rectifier
    client, said = client_of(net), "核验人与责任人同名:李四(须核实是否同一人)"
    told = [("数据提示", f"TS2022-{number:04d}", None, None, None, said) for number in range(1, 6)]
    previewed = upload(client, book(*rows, line(6, 核验人="李四")))
    assert (len(previewed.context["said"]["warnings"]), previewed.context["said"]["warning_count"]) == (2, 5)
    assert "显示前 2 条，共 5 条" in page(previewed)
    left = ("未写入", "TS2022-0006", "R8", "核验人", "李四", parting.UNSETTLED)
    done = confirm(client, previewed)
    assert done.context["job"].status == "done"
    for answer in (previewed, done):
        sheet = load_workbook(io.BytesIO(fetched(client, answer.context["job"]))).active
        listed = list(sheet.iter_rows(values_only=True))
        head = listed.index(("类别", "问题编号", "单元格", "栏目", "表中的值", "说明"))
        assert listed[head + 1 :] == [left, *told]
    plain = upload(client, book(line(7)))
    assert client.get(f"/desk/jobs/{plain.context['job'].uid}/file/").status_code == 404  # nothing to point out


def test_what_broke_a_rule_is_listed_by_rule_and_found_in_the_ledger(net: World) -> None:
    client = client_of(net)
    breaking = (closed(2, 核验人="张三"), closed(3, 核验人="张三", 审批人="张三"))
    confirm(client, upload(client, book(line(1), closed(4), *breaking)))
    listed = {
        rule: [row.finding.code for row in client.get(f"/desk/breaches/?tab={rule}").context["rows"]]
        for rule in ("", "verify-independent", "approve-other-person", "dates-in-order")
    }
    same, approved = ["TS2022-0003", "TS2022-0002"], ["TS2022-0003"]
    assert (listed["verify-independent"], listed["approve-other-person"], listed["dates-in-order"]) == (
        same,
        approved,
        [],
    )
    assert sorted(listed[""]) == sorted(same + approved)
    found = client.get("/desk/findings/?breaches=any").context["shown"]
    assert [row.code for row in found.rows] == same
    confirm(client, upload(client, book(line(1), closed(4, 回头看日期="2022-05-01", 回头看结论="整改到位"), *breaking)))
    found = client.get("/desk/findings/?breaches=any").context["shown"]
    assert ([row.code for row in found.rows], found.count) == ([*same, "TS2022-0004"], 3)
    assert client.get("/desk/breaches/?unit=财政").context["rows"] == []
    with as_(SYSTEM):
        assert all(row.breach_count == (row.breaches.count() or None) for row in Finding.objects.all())


def test_a_record_worked_on_here_is_a_conflict_and_stays(net: World) -> None:
    client = client_of(net)
    confirm(client, upload(client, book(line(1, 具体事实="三件"), line(2))))
    with as_(net.viewer("干部甲")) as by:
        moves.correct(finding=Finding.objects.get(code="TS2022-0001"), by=by, note="核实", facts="四件")
    changed = upload(client, book(line(1, 具体事实="五件"), line(2), line(3)))
    counts = changed.context["said"]["counts"]
    assert (counts["conflict"], counts["create"], counts["unchanged"]) == (1, 1, 1)
    done = confirm(client, changed)
    assert [row["code"] for row in done.context["said"]["conflict"]] == ["TS2022-0001"]
    with as_(SYSTEM):
        assert Finding.objects.get(code="TS2022-0001").facts == "四件"


WRONG = [
    ({"登记日期": "三月二日"}, "B", "登记日期", "三月二日"),
    ({"涉及金额(元)": "若干"}, "L", "涉及金额(元)", "若干"),
    ({"整改类型": "马上改"}, "M", "整改类型", "马上改"),
    ({"问题类别": "没有的方面"}, "I", "问题类别", "没有的方面"),
    ({"销号日期": "2099-01-01"}, "V", "销号日期", "2099-01-01"),
    ({"问题表现": None}, "J", "问题表现", ""),
    ({"牵头监督检查室": "第二监督检查室"}, "F", "牵头监督检查室", "第二监督检查室"),
]


@pytest.mark.parametrize(("cells", "column", "title", "value"), WRONG, ids=[each[2] for each in WRONG])
def test_an_error_is_shown_at_its_cell_and_nothing_is_written(
    net: World, cells: dict[str, Any], column: str, title: str, value: str
) -> None:
    client = client_of(net)
    previewed = upload(client, book(line(1), line(2, **cells)))
    (problem,) = previewed.context["said"]["problems"]
    place = (problem["sheet"], problem["row"], problem["column"], problem["title"], problem["value"])
    assert place == ("台账", 4, column, title, value)
    assert " · " in problem["reason"]  # both languages
    (marked,) = previewed.context["said"]["marked"]
    assert [cell[0] for cell in marked["cells"] if cell[3]] == [column]
    uid = previewed.context["job"].uid
    refused = client.get(client.post(f"/desk/import/{uid}/commit/")["Location"])
    assert refused.context["job"].status == "failed"
    assert codes() == []


def test_the_error_workbook_is_the_users_own_with_the_cell_marked(net: World) -> None:
    client = client_of(net)
    previewed = upload(client, book(line(1), line(2, 登记日期="三月二日")), "我的台账.xlsx")
    response = client.get(f"/desk/jobs/{previewed.context['job'].uid}/file/")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%88%91")
    marked = load_workbook(io.BytesIO(b"".join(response)))  # type: ignore[arg-type]
    assert marked.sheetnames == ["错误清单", "台账"]
    cell = marked["台账"]["B4"]
    assert (cell.value, cell.fill.fgColor.rgb) == ("三月二日", "FFFFC7CE")
    assert "不是可识别的日期" in cell.comment.text
    assert marked["台账"]["B3"].comment is None


def test_names_that_are_missing_are_told_and_created_with_the_tick_by_who_may(net: World) -> None:
    content = book(line(1, 来源类型="项目化监督", 项目编号="XM2022-900", 项目名称="新项目"))
    client = client_of(net)
    previewed = upload(client, content)
    assert previewed.context["said"]["missing"]["projects"] == ["XM2022-900"]
    refused = confirm(client, previewed)
    assert (refused.context["job"].status, codes()) == ("failed", [])
    assert confirm(client, previewed, create_missing="on").context["job"].status == "done"
    unknown = upload(client, book(line(2, 责任单位="市教育")))
    assert unknown.context["barred"] == {"units"}
    assert unknown.context["said"]["alike"] == {"市教育": "市教育局"}
    assert confirm(client, unknown, create_missing="on").context["job"].status == "failed"
    assert codes() == ["TS2022-0001"]


def test_units_that_are_missing_go_to_the_administrator_as_a_roster_that_he_takes_in(net: World) -> None:
    content = book(line(1, 责任单位="市城市更新局"), line(2, 责任单位="市房管局"), line(3))
    client, admin = client_of(net), client_of(net, "系统管理员")
    previewed = upload(client, content)
    assert previewed.context["barred"] == {"units"}
    assert "交给系统管理员" in page(previewed)
    place = f"/desk/import/{previewed.context['job'].uid}/missing/"
    assert client_of(net, "干部甲").get(place).status_code == 404
    roster = b"".join(client.get(place))  # type: ignore[arg-type]
    rows = [row[0] for row in load_workbook(io.BytesIO(roster)).active.iter_rows(values_only=True)]
    assert rows[-2:] == ["市城市更新局", "市房管局"]
    said = {"file": SimpleUploadedFile("名册.xlsx", roster), "book": "units"}
    looked = admin.get(admin.post("/desk/directory/import/", said)["Location"])
    assert looked.context["said"]["counts"]["create"] == 2
    assert admin.post(f"/desk/directory/import/{looked.context['job'].uid}/commit/").status_code == 303
    again = upload(client, content)
    assert (again.context["barred"], bool(again.context["may_commit"])) == (set(), True)
    assert client.get(f"/desk/import/{again.context['job'].uid}/missing/").status_code == 404


def test_offices_that_are_missing_say_who_registers_them_and_where(net: World) -> None:
    """The administrator opens one under just that name where the words send him; then the ledger comes in."""
    name = "第九监督检查室"
    client, admin = client_of(net), client_of(net, "系统管理员")
    previewed = upload(client, book(line(1, 牵头监督检查室=name)))
    assert (previewed.context["barred"], name in page(previewed)) == ({"offices"}, True)
    assert "“单位档案—监督机构”用“设立机构”登记" in page(previewed)
    assert "按名册登记" not in page(previewed)
    assert 'href="/desk/offices/">查看已登记的机构' in page(previewed)
    assert "设立机构" in admin.get("/desk/offices/").content.decode()
    net.office(name, "supervision", "市纪委监委")
    assert upload(client, book(line(1, 牵头监督检查室=name))).context["barred"] == set()


def test_what_changed_since_the_preview_is_looked_at_again(net: World) -> None:
    client, content = client_of(net), book(line(1), line(2))
    first, second = upload(client, content), upload(client, content)
    assert confirm(client, first).context["job"].status == "done"
    late = confirm(client, second)
    assert (late.context["job"].status, "重新预览" in late.context["reason"]) == ("failed", True)


def test_nobody_else_sees_a_job_its_file_or_its_commit(net: World) -> None:
    job = upload(client_of(net), book(line(1, 登记日期="三月二日"))).context["job"]
    for name in ("主任甲", "书记", "审计管理员"):
        other = client_of(net, name)
        assert other.get(f"/desk/jobs/{job.uid}/").status_code == 404
        assert other.get(f"/desk/jobs/{job.uid}/progress/").status_code == 404
        assert other.get(f"/desk/jobs/{job.uid}/file/").status_code == 404
        assert other.post(f"/desk/import/{job.uid}/commit/").status_code == 404
        assert list(other.get("/desk/jobs/").context["rows"]) == []
    assert fetched(client_of(net), job)[:2] == b"PK"


def test_a_file_that_cannot_be_read_says_why(net: World) -> None:
    page = upload(client_of(net), b"PK\x03\x04 nonsense", "a.xlsx")
    assert page.context["job"].status == "failed"
    assert "文件已损坏" in page.context["reason"]
    assert "damaged" in page.context["reason"]


def test_results_expire_with_their_files(net: World) -> None:
    client = client_of(net)
    job = upload(client, book(line(1, 登记日期="三月二日"))).context["job"]
    assert expire_jobs() == 0
    with as_(SYSTEM):
        Job.objects.filter(pk=job.pk).update(expires_at=timezone.now() - KEEP)
    assert client.get(f"/desk/jobs/{job.uid}/file/").status_code == 404  # also before the clock has swept
    place = folder.result(job)
    assert place.exists()
    assert expire_jobs() == 1
    assert not place.exists()
    page = client.get(f"/desk/jobs/{job.uid}/")
    assert (page.context["job"].status, page.context["job"].said) == ("expired", {})


def test_a_large_file_waits_for_the_worker_and_its_bar_answers_204(net: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LARGE_ROWS", 3)
    client = client_of(net)
    page = upload(client, book(*(line(number) for number in range(6))))
    job = page.context["job"]
    assert (job.status, page.context["seen"]) == ("waiting", "waiting-0-0")
    bar = f"/desk/jobs/{job.uid}/progress/"
    assert client.get(f"{bar}?seen=waiting-0-0").status_code == 204
    folder.Progress(job)(3, 6)
    moved = client.get(f"{bar}?seen=waiting-0-0")
    assert (moved.status_code, b'value="3" max="6"' in moved.content) == (200, True)
    jobs.run_job.func(job.pk)
    assert client.get(f"{bar}?seen=waiting-0-0")["HX-Refresh"] == "true"
    previewed = client.get(f"/desk/jobs/{job.uid}/")
    assert previewed.context["said"]["counts"]["create"] == 6
    waiting = confirm(client, previewed)
    assert waiting.context["job"].status == "waiting"
    jobs.run_job.func(waiting.context["job"].pk)
    assert len(codes()) == 6


def test_a_right_revoked_meanwhile_stops_the_job(net: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LARGE_ROWS", 3)
    client = client_of(net)
    job = upload(client, book(*(line(number) for number in range(6)))).context["job"]
    jobs.run_job.func(job.pk)
    waiting = confirm(client, client.get(f"/desk/jobs/{job.uid}/")).context["job"]
    net.users[CLERK].is_active = False
    net.users[CLERK].save()
    jobs.run_job.func(waiting.pk)
    with as_(SYSTEM):
        assert Job.objects.get(pk=waiting.pk).status == "failed"
    assert codes() == []
