"""Talks by sheet: a row a person, the rows of one talk together; what has left comes back unchanged; all or nothing."""

import io
import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sheets_of import OFFICER, counts, file_of, look_at, take_in
from tests.talks.test_talks import END, staff, value
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.books import sheets
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.results.analysis.measures.registry import Ask
from jiandu.sources.talks.models import Attendee, Talk
from jiandu.sources.talks.selectors import talks
from jiandu.sources.talks.services import drop_attendee
from jiandu.sources.talks.sheet import BOOK, TALKS, rows_of

__all__ = ["staff"]
TITLE = ("2022年约谈登记表", *[""] * 9)
HEAD = ("序号", "约谈类型", "约谈时间", "被约谈人", "所在单位", "职务", "约谈事由", "约谈人", "地 点", "承办部门")
WHO = "干部甲、干部丙"
OFFICE = "第一监督检查室"


def row(number: int, name: str, on: Any, theme: str = "履行主体责任", kind: str = "主动约谈") -> tuple[Any, ...]:
    return (number, kind, on, name, "市教育局", "", theme, WHO, "谈话室", OFFICE)


#: A group of two in merged cells, two talks with one person each, one of another kind, and a total.
ROWS = (
    TITLE,
    HEAD,
    row(1, "教育局长", "2022.3.11"),
    (2, "", "", "教育副局长", "市教育局", "", "", "", "", ""),
    row(3, "教育采购科长", date(2022, 4, 2), "采购管理"),
    row(4, "教育局长", "2022年5月6日", "提醒", "提醒谈话"),
    ("合计", "", "", "4人", "", "", "", "", "", ""),
)


look, take = partial(look_at, TALKS), partial(take_in, TALKS)


def out_of(world: World, path: Path) -> Path:
    with as_(world.viewer(OFFICER)) as by, path.open("wb") as file:
        write_xlsx(file, Plan("谈话登记", sheets.columns_of(BOOK)), rows_of(by, list(talks(by))))
    return path


def told() -> tuple[int, int, int]:
    with as_(SYSTEM):
        return Talk.objects.count(), Attendee.objects.count(), Entry.objects.exclude(verb="talk.import").count()


@pytest.mark.usefixtures("staff")
def test_a_group_is_one_talk_and_the_figure_moves_by_those_who_were_talked_to(world: World, tmp_path: Path) -> None:
    before = value("proactive_talks")
    assert take(world, file_of(tmp_path / "a.xlsx", ROWS)) == counts(create=4)
    with as_(SYSTEM):
        heads = list(Talk.objects.order_by("on").values_list("kind", "on", "theme", "place"))
    assert heads == [
        ("proactive", date(2022, 3, 11), "履行主体责任", "谈话室"),
        ("proactive", date(2022, 4, 2), "采购管理", "谈话室"),
        ("reminder", date(2022, 5, 6), "提醒", "谈话室"),
    ]
    assert told()[:2] == (3, 4)
    assert (before, value("proactive_talks"), value("proactive_talks", Ask(2022, date(2022, 3, 31)))) == (0, 3, 2)


@pytest.mark.usefixtures("staff")
def test_the_same_sheet_again_changes_nothing(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", ROWS)
    take(world, path)
    before = told()
    assert take(world, path) == counts(unchanged=4)
    assert told() == before


@pytest.mark.usefixtures("staff")
def test_what_has_left_comes_back_unchanged(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS))
    before = told()
    assert take(world, out_of(world, tmp_path / "b.xlsx")) == counts(unchanged=4)
    assert told() == before


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.text(alphabet="谈话室=+@'“，\nA 1", max_size=8),
    theme=st.text(alphabet="责任=-@'、：\nB 2", min_size=1, max_size=12).filter(lambda text: text.strip(" \n'-")),
)
@pytest.mark.usefixtures("staff")
def test_whatever_words_leave_come_back_unchanged(world: World, tmp_path: Path, place: str, theme: str) -> None:
    said = ("", "", "主动约谈", "2022-05-06", "教育局长", "市教育局", "", theme, WHO, place, OFFICE)
    with transaction.atomic():
        take(world, file_of(tmp_path / "a.xlsx", [("编号", *HEAD), said]))
        assert take(world, out_of(world, tmp_path / "b.xlsx")) == counts(unchanged=1)
        transaction.set_rollback(True)  # the next words may be the same


@pytest.mark.usefixtures("staff")
def test_a_changed_sheet_says_what_is_new_corrected_and_in_conflict(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS))
    book = openpyxl.load_workbook(out_of(world, tmp_path / "b.xlsx"))
    sheet = book.active
    places = {sheet.cell(2, at).value: at for at in range(1, sheet.max_column + 1)}
    by_theme = {sheet.cell(at, places["主题"]).value: at for at in range(3, sheet.max_row + 1)}
    sheet.cell(by_theme["采购管理"], places["地点"]).value = "局会议室"
    sheet.cell(by_theme["提醒"], places["谈话日期"]).value = date(2022, 5, 7)
    new = [cell.value for cell in sheet[by_theme["采购管理"]]]
    new[places["谈话对象"] - 1], new[places["职务"] - 1], new[places["类别"] - 1] = "教育科员", "科员", "一般岗位"
    sheet.append(new)
    book.save(tmp_path / "c.xlsx")
    assert take(world, tmp_path / "c.xlsx") == counts(create=1, update=1, unchanged=2, conflict=1)
    with as_(SYSTEM):
        talk = Talk.objects.get(theme="采购管理")
        assert (talk.place, Attendee.objects.filter(talk=talk).count()) == ("局会议室", 2)
        assert Talk.objects.get(theme="提醒").on == date(2022, 5, 6)


@pytest.mark.usefixtures("staff")
def test_a_corrected_sheet_puts_right_what_was_noted_of_a_person(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS))
    book = openpyxl.load_workbook(out_of(world, tmp_path / "b.xlsx"))
    sheet = book.active
    places = {sheet.cell(2, at).value: at for at in range(1, sheet.max_column + 1)}
    at = next(at for at in range(3, sheet.max_row + 1) if sheet.cell(at, places["主题"]).value == "采购管理")
    for title, word in (("职务", "副科长"), ("类别", "一般岗位"), ("表态承诺", "立即整改"), ("对象已签字", "是")):
        sheet.cell(at, places[title]).value = word
    book.save(tmp_path / "c.xlsx")
    assert take(world, tmp_path / "c.xlsx") == counts(update=1, unchanged=3)
    with as_(SYSTEM):
        seat = Attendee.objects.get(title="副科长")
        assert (seat.category, seat.promise, seat.has_signed) == ("staff", "立即整改", True)
        said = json.loads(Entry.objects.get(verb="talk.correct_attendee").payload.body)
        assert (said["reason"], said["before"]["promise"], said["after"]["promise"]) == ("按登记表更正", "", "立即整改")
    assert take(world, tmp_path / "c.xlsx") == counts(unchanged=4)
    sheet.cell(at, places["单位"]).value = "市财政局"
    book.save(tmp_path / "d.xlsx")
    assert [problem.value for problem in look(world, tmp_path / "d.xlsx").problems] == ["教育采购科长"]


@pytest.mark.usefixtures("staff")
def test_a_seat_is_put_right_on_the_page_with_a_reason(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS))
    with as_(SYSTEM):
        talk = Talk.objects.get(theme="采购管理")
        seat = Attendee.objects.get(talk=talk)
    client, place = Client(), f"/desk/talks/{talk.uid}/"
    client.force_login(world.users[OFFICER])
    text = client.get(place).content.decode()
    assert all(f"{place}papers/{slug}/?format=pdf" in text for slug in ("outline", "record"))
    assert f"?act=promise&amp;on={seat.pk}" in text
    assert client.post(f"{place}promise/?on={seat.pk}", {"promise": " "}).status_code == 422  # says nothing
    assert client.post(f"{place}promise/?on={seat.pk}", {"promise": "立即整改", "has_signed": "on"}).status_code == 303
    again = client.post(f"{place}promise/?on={seat.pk}", {"promise": "另说"})
    assert (again.status_code, "的表态已登记，请用更正" in again.content.decode()) == (422, True)
    noted = client.get(place).content.decode()
    assert ("立即整改" in noted, "?act=promise" in noted) == (True, False)
    said = {"title": "科长", "category": "key", "promise": "限期整改", "has_signed": "on"}
    assert client.post(f"{place}correct/?on={seat.pk}", said).status_code == 422  # no reason
    assert client.post(f"{place}correct/?on={seat.pk}", {**said, "reason": "录入有误"}).status_code == 303
    with as_(SYSTEM):
        now = Attendee.objects.get(pk=seat.pk)
        assert (now.title, now.category, now.promise, now.has_signed) == ("科长", "key", "限期整改", True)
        drop_attendee(attendee=now, by=SYSTEM, reason="请假")
    assert client.post(f"{place}correct/?on={seat.pk}", {**said, "reason": "又改"}).status_code == 404


@pytest.mark.usefixtures("staff")
def test_who_did_not_come_is_not_brought_back(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", ROWS)
    take(world, path)
    with as_(world.viewer(OFFICER)) as by:
        seat = Attendee.objects.get(person__name="教育副局长")
        drop_attendee(attendee=seat, by=by, reason="请假", on=date(2022, 12, 1))
    assert take(world, path) == counts(unchanged=3, conflict=1)
    assert value("proactive_talks") == 2


@pytest.mark.usefixtures("staff")
def test_one_wrong_cell_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    wrong = [
        *ROWS[:4],
        row(3, "没有此人", "2022-04-02"),
        row(4, "教育局长", "2022-13-40", "提醒"),
        row(5, "教育局长", "2022-06-01", kind="聊天"),
        (*row(6, "教育局长", "2022-06-02")[:7], "干部甲", "谈话室", OFFICE),
        (*row(7, "教育局长", "2022-06-03")[:9], "第二监督检查室"),
        row(8, "教育局长", "2099-06-03"),
    ]
    path, before = file_of(tmp_path / "a.xlsx", wrong), told()
    seen = look(world, path)
    places = [(problem.row, problem.column, problem.value) for problem in seen.problems]
    assert places == [
        (5, "D", "没有此人"),
        (6, "C", "2022-13-40"),
        (7, "B", "聊天"),
        (8, "D", "教育局长"),
        (9, "J", "第二监督检查室"),
        (10, "C", "2099-06-03"),
    ]
    with pytest.raises(Refused) as refused, as_(world.viewer(OFFICER)) as by:
        sheets.commit(by, sheets.read(path, TALKS), digest=sheets.digest_of(seen))
    assert (refused.value.rule, told()) == ("import-has-errors", before)
    assert take(world, file_of(tmp_path / "b.xlsx", wrong[:4])) == counts(create=2)  # the control


@pytest.mark.parametrize("name", ["经办人丁", "安全管理员", "系统管理员"])
def test_who_may_not_hold_talks_takes_none_in(world: World, tmp_path: Path, name: str) -> None:
    with as_(world.viewer(name)) as by, pytest.raises(Refused) as refused:
        sheets.judge(by, sheets.read(file_of(tmp_path / "a.xlsx", ROWS), TALKS))
    assert refused.value.rule == "not-allowed"
    client = Client()
    client.force_login(world.users[name])
    assert client.get("/desk/talks/import/").status_code == 404


@pytest.mark.usefixtures("staff")
def test_the_pages_lead_from_the_list_to_what_was_done(world: World, tmp_path: Path) -> None:
    client = Client()
    client.force_login(world.users[OFFICER])
    assert "/desk/talks/import/" in client.get("/desk/talks/").content.decode()
    empty = b"".join(client.get("/desk/talks/import/talks/"))
    assert openpyxl.load_workbook(io.BytesIO(empty)).sheetnames == ["约谈登记表", "填表说明"]
    upload = SimpleUploadedFile("约谈.xlsx", file_of(tmp_path / "a.xlsx", ROWS).read_bytes())
    shown = client.post("/desk/talks/import/", {"book": "talks", "file": upload}, follow=True)
    assert shown.context["said"]["counts"] == {**counts(create=4), "error": 0}
    assert told()[:2] == (0, 0)
    place = f"/desk/talks/import/{shown.context['job'].uid}/commit/"
    assert client.post(place.replace("talks", "directory")).status_code == 404
    assert "全部写入" in client.post(place, follow=True).content.decode()
    assert (told()[0], value("proactive_talks", END)) == (3, 3)
    with as_(SYSTEM):
        assert Entry.objects.filter(verb="talk.import").count() == 1
