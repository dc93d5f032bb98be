"""套表 as an officer uses it: a blank uploaded, bound by rows and columns, accepted, filled for a month, each number its rows."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.filling.forms import monthly
from tests.filling.test_filling import FIRST, SECOND, net, page  # noqa: F401 -- a fixture
from tests.filling.test_forms import BAD, files, now_is
from tests.surfaces.counting import MOST, grown, questions
from tests.surfaces.desk.test_accounts import client_of as proved
from tests.surfaces.desk.test_findings import client_of
from tests.surfaces.desk.test_proof import prove
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.sheets import fill_form, read_form
from jiandu.base.files import store
from jiandu.results.filling.bindings import Binding, packed, unpacked
from jiandu.results.filling.models import SuperiorForm

PLACE = "/desk/forms/"
OFFICER = "干部甲"


def upload(world: World, client: Client, content: bytes | None = None, *, file: str = "月报.xlsx", **more: Any) -> Any:
    content = content or monthly([FIRST, SECOND, "其他单位"])
    said = {"name": "", "office": world.offices[FIRST].pk, **more}
    return client.post(f"{PLACE}new/", {**said, "file": SimpleUploadedFile(file, content)})


def brought(world: World, client: Client) -> tuple[SuperiorForm, str]:
    """The form, and the address of its page."""
    answer = upload(world, client)
    assert answer.status_code == 303, answer.content.decode()[-3000:]
    with as_(SYSTEM):
        form = SuperiorForm.objects.get()
    assert answer["Location"] == f"{PLACE}{form.uid}/bind/"
    return form, f"{PLACE}{form.uid}/"


def accepted(world: World, client: Client) -> tuple[SuperiorForm, str]:
    form, place = brought(world, client)
    assert client.post(f"{place}accept/", {"seen": form.sha256}).status_code == 303
    return now_is(form), place


def texts(answer: Any) -> dict[str, Any]:
    """What stands in the cells of the table, by row and place in it."""
    rows = answer.context["table"].rows
    return {f"{row['number']}.{place}": cell for row in rows for place, cell in enumerate(row["cells"])}


def test_a_form_is_uploaded_bound_accepted_and_filled(net: World) -> None:
    client = client_of(net, OFFICER)
    form, place = brought(net, client)
    shown = client.get(f"{place}bind/")
    table = shown.context["table"]
    assert [one["said"] for one in table.letters][1:4] == [
        "项目发现问题 · 本月",
        "项目发现问题 · 本年累计",
        "",
    ]
    assert [row["said"] for row in table.rows][5:8] == [FIRST, SECOND, ""]
    cells = texts(shown)
    assert [(cells[key]["text"], cells[key]["kind"]) for key in ("6.1", "6.3", "6.12", "8.1")] == [
        ("✓", "bound"), ("?", "open"), ("∑", "sum"), ("?", "open"),
    ]  # fmt: skip
    assert {(one["at"], one["why"]) for one in shown.context["unread"]} == {
        ("D6:D8", "“上年同期”不是本系统统计的数"), ("8", "没有读懂“其他单位”"),
    }  # fmt: skip
    assert "绑定建议还没有采用" in client.get(place).content.decode()
    asked = {"sheet": "月报", "at": "8", "measure": "", "span": "", "words": SECOND}
    done = client.post(f"{place}bind/", asked, follow=True)
    assert "已设定 10 格，1 格没有读懂，仍留空" in done.content.decode()
    gone = client.post(f"{place}accept/", {"seen": form.sha256})
    assert (gone.status_code, "口径刚被改动" in gone.content.decode()) == (409, True)
    assert client.post(f"{place}accept/", {"seen": now_is(form).sha256}).status_code == 303
    filled = texts(client.get(f"{place}?period=2022-11"))
    assert [filled[f"6.{column}"]["text"] for column in (1, 2, 4, 5, 7)] == ["2", "4", "0", "1", "1.2345"]
    listed = client.get(PLACE).content.decode()
    assert ("30 / 33" in listed, "已采用" in listed) == (True, True)


def test_each_number_opens_the_rows_that_it_counts(net: World) -> None:
    client = client_of(net, OFFICER)
    _form, place = accepted(net, client)
    for period in ("2022-10", "2022-11"):
        shown = texts(client.get(f"{place}?period={period}"))
        numbers = [cell for key, cell in shown.items() if cell["kind"] == "number" and key.startswith(("6.", "7."))]
        assert len(numbers) == 20
        for cell in numbers[:6]:
            opened = client.get(cell["href"])
            assert (opened.status_code, len(opened.context["rows"])) == (200, opened.context["answer"].counted.rows)
            if "金额" not in cell["title"]:
                assert str(len(opened.context["rows"])) == cell["text"]
    assert client.get(f"{place}cell/?sheet=月报&at=D6&period=2022-11").status_code == 404
    assert client.get(f"{place}cell/?sheet=月报&at=xx&period=2022-11").status_code == 404


def test_the_filled_workbook_leaves_to_whoever_has_proved_who_he_is(net: World) -> None:
    client = proved(net, OFFICER, proved=False)
    form, place = accepted(net, client)
    answer = client.get(f"{place}file/?period=2022-11")
    assert (answer.status_code, "/account/confirm/" in answer["Location"]) == (302, True)
    assert Entry.objects.filter(verb="superior_form.fill").count() == 0
    prove(client, answer)
    out = client.get(f"{place}file/?period=2022-11")
    sheet = page(out.content)
    assert [sheet["B6"].value, sheet["M6"].value, sheet["D6"].fill.fgColor.rgb] == [2, "=C6+J6", "FFFFF2AB"]
    assert "2022-11" in out["Content-Disposition"]
    assert (now_is(form).filled_for, Entry.objects.filter(verb="superior_form.fill").count()) == ("2022-11", 1)
    assert "2022-11" in client.get(PLACE).content.decode()


def test_another_as_of_date_is_asked_and_goes_along(net: World) -> None:
    client = proved(net, OFFICER)
    form, place = accepted(net, client)
    shown = client.get(f"{place}?period=2022-11&as_of=2022-11-20")
    assert ("统计截止日 2022-11-20" in shown.content.decode(), shown.context["is_usual"]) == (True, False)
    number = next(cell for cell in texts(shown).values() if cell["kind"] == "number")
    assert client.get(number["href"]).context["answer"].ask.as_of == date(2022, 11, 20)
    assert client.get(f"{place}?period=2022-11").context["as_of"] == date(2022, 11, 30)
    for wrong in ("2022-10-31", "2999-01-01", "昨天"):
        assert client.get(f"{place}?period=2022-11&as_of={wrong}").status_code == 422
    out = client.get(f"{place}file/?period=2022-11&as_of=2022-11-20")
    assert "统计截止日：2022-11-20" in page(out.content)["B6"].comment.text
    assert now_is(form).filled_as_of == date(2022, 11, 20)
    assert "最近一次填报：2022-11，统计截止日 2022-11-20" in client.get(place).content.decode()
    assert "统计截止日 2022-11-20" in client.get(PLACE).content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_told_in_the_readers_language_and_not_kept(net: World, kind: str, language: str) -> None:
    client, before = client_of(net, OFFICER), files()
    client.cookies["django_language"] = language
    answer = upload(net, client, BAD[kind][0]())
    words = {
        "old": ("旧版 Excel", "old .xls"), "picture": ("而是图片", "but a picture"), "many": ("表格超过", "more than 6000 cells"),
        "macros": ("文件含有宏程序", "carries macros"), "text": ("这里只收 Excel 工作簿", "Only an Excel workbook"),
        "nothing": ("没有找到要填数的格", "No cell wants a number"),
    }[kind][language == "en"]  # fmt: skip
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    with as_(SYSTEM):
        assert (SuperiorForm.objects.count(), files()) == (0, before)


def test_a_macro_workbook_is_refused_by_its_name(net: World) -> None:
    answer = upload(net, client_of(net, OFFICER), file="月报.xlsm")
    assert (answer.status_code, "不支持的文件类型" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"at": "M6", "measure": "项目化监督发现问题"}, "没有要填数的格"),
        ({"at": "B", "measure": "没有这个"}, "没有叫“没有这个”的指标"),
        ({"at": "B", "measure": "发现问题"}, "“发现问题”可能是"),
        ({"at": "B", "span": "某月"}, "选择一个有效的选项"),
        ({"at": "B", "words": "某某办"}, "不是“项目发现问题”的分类"),
        ({"at": ""}, "这个字段是必填项"),
    ],
)
def test_what_cannot_be_bound_comes_back_as_it_was_typed(net: World, said: dict[str, str], words: str) -> None:
    client = client_of(net, OFFICER)
    form, place = brought(net, client)
    answer = client.post(f"{place}bind/", {"sheet": "月报", "measure": "", "span": "", "words": "", **said})
    assert (answer.status_code, words in answer.content.decode()) == (422, True), answer.context["form"].errors
    assert now_is(form).sha256 == form.sha256


@pytest.mark.parametrize("said", ["2022-13", "月", "2099-01"])
def test_a_period_that_is_none_is_told_on_the_page(net: World, said: str) -> None:
    client = client_of(net, OFFICER)
    _form, place = accepted(net, client)
    assert client.get(f"{place}?period={said}").status_code == 422
    assert client.get(f"{place}?period=2022").context["period"].month == 12


def test_a_forged_request_sets_no_column_of_the_record(net: World) -> None:
    """Every column beside what the forms ask: none of them moves. The control: what the form asks does."""
    client = client_of(net, OFFICER)
    form, place = brought(net, client)
    hostile = {
        "owner_office": str(net.offices[SECOND].pk), "owner_office_id": str(net.offices[SECOND].pk), "owner_path": "x", "level": "0",
        "accepted_on": "2022-01-01", "accepted_by": "某人", "bound_count": "99", "cell_count": "99", "sha256": "0" * 64,
        "brought_by": "某人", "filled_for": "2022-01", "filled_at": "2022-01-01", "filled_as_of": "2022-01-01", "uid": str(form.uid), "id": "7", "pk": "7",
        "unread": "{}", "file_name": "x", "withdrawn_on": "2022-01-01", "unit_sees": "on", "subject": "1", "name": "改名",
    }  # fmt: skip
    columns = {field.name for field in SuperiorForm._meta.concrete_fields}
    assert columns - set(hostile) == {
        *("created_at", "subject_path", "source_uid", "withdrawn_at", "withdrawn_for"),
    }, "a new column: say above what a form may not set"
    asked = {"sheet": "月报", "at": "B6", "measure": "", "span": "year", "words": ""}
    assert client.post(f"{place}bind/", {**hostile, **asked}).status_code == 303
    after = now_is(form)
    moved = {name for name in columns if getattr(after, name) != getattr(form, name)}
    assert moved == {"sha256"}
    assert after.sha256 != "0" * 64


def test_another_office_finds_nothing(net: World) -> None:
    form, place = accepted(net, client_of(net, OFFICER))
    other = client_of(net, "干部乙")
    assert str(form.uid) not in other.get(PLACE).content.decode()
    foreign = upload(net, other, name="外室")  # an office that is not one's own
    assert (foreign.status_code, "office" in foreign.context["form"].errors) == (422, True)
    for below in ("", "bind/", "cell/?sheet=月报&at=B6", "file/?period=2022-11"):
        assert proved(net, "干部乙").get(place + below).status_code == 404


def test_a_form_is_taken_back(net: World) -> None:
    client = client_of(net, OFFICER)
    form, place = accepted(net, client)
    assert client.post(f"{place}withdraw/", {"reason": "换了新表", "on": today().isoformat()}).status_code == 303
    assert "已撤下：换了新表" in client.get(place).content.decode()
    assert str(form.uid) not in client.get(PLACE).content.decode()


def test_the_pages_ask_little_and_no_more_with_more_records(net: World) -> None:
    client = client_of(net, OFFICER)
    _form, place = accepted(net, client)
    pages = [PLACE, place + "?period=2022-11", f"{place}bind/", f"{place}cell/?sheet=月报&at=B6&period=2022-11"]
    few = questions(client, pages)
    upload(net, client, name="另一张")
    project = net.project(members=(SECOND,))
    for _time in range(3):
        net.rectifying(activity=project, office=FIRST)
    assert grown(few, questions(client, pages), MOST) == {}


def test_a_measure_that_is_no_longer_counted_is_named_and_can_be_changed(net: World) -> None:
    client = client_of(net, OFFICER)
    form, place = accepted(net, client)
    with as_(SYSTEM):  # as an installation of another version has bound it
        read = read_form(store.read(form.sha256))
        old = [Binding(one.sheet, one.at, "gone", one.span) for one in unpacked(read.kept).values()]
        content = fill_form(store.read(form.sha256), [], kept=packed(old)).content
        SuperiorForm.objects.filter(pk=form.pk).update(sha256=store.keep([content]).sha256)
    filled = client.get(f"{place}?period=2022-11")
    assert (filled.status_code, len(filled.context["told"].problems)) == (200, 20)
    assert "没有这个统计指标" in filled.content.decode()
    shown = client.get(f"{place}bind/")
    assert [one["said"] for one in shown.context["table"].letters][1:4] == [
        "gone · 本月 · 全部",
        "gone · 本年累计 · 全部",
        "",
    ]
    said = {"sheet": "月报", "at": "B", "measure": "项目发现问题", "span": "", "words": ""}
    assert client.post(f"{place}bind/", said).status_code == 303
    assert len(client.get(f"{place}?period=2022-11").context["told"].problems) == 18
