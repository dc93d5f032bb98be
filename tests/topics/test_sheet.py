"""Topics by sheet: a year begun with its plan, carried on by the next, back as it left; nothing is struck out by a sheet."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.sheets_of import OFFICER, counts, file_of, look_at, take_in
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.books import sheets
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure
from jiandu.sources.activities import selectors as activities
from jiandu.sources.activities.models import Activity
from jiandu.sources.topics.models import LeadDepartment, Target, Topic
from jiandu.sources.topics.sheet import BOOK, TOPICS, rows_of

HEAD = ("编号", "点题事项", "年度", "选题来源", "立题日期", "牵头部门", "责任部门", "量化目标", "定措施", "年度去向", "评定日期")  # fmt: skip
GOALS = "清欠项目 30个（2022-11-30前）；培训班 2期"
ROWS = (
    HEAD,
    ("DT23-1", "拖欠工资", "2023年", "", "2023-01-20", "市财政局", "", "", "", "", ""),
    ("DT22-1", "拖欠工资", 2022, "媒体征集", "2022.1.10", "市教育局、市财政局", "", GOALS, "联合执法", "深化推进", "2023/1/15"),
    ("DT22-2", "校园餐", 2022, "", "2022-02-01", "市教育局", "市财政局", "", "", "进行中", "2022-12-30"),
)  # fmt: skip
PLACE, HEAD_OF = "/desk/topics/import/", "主任甲"
look, take = partial(look_at, TOPICS), partial(take_in, TOPICS)


def out_of(world: World, path: Path) -> Path:
    with as_(world.viewer(OFFICER)) as by, path.open("wb") as file:
        works = activities.activities(by, kind=Activity.Kind.TOPIC).select_related("owner_office")
        write_xlsx(file, Plan("清单", sheets.columns_of(BOOK)), rows_of(by, works))
    return path


def changed(path: Path, to: Path, **said: str) -> Path:
    """The sheet with the cells under these words, in the row of DT22-1, saying something else."""
    book = openpyxl.load_workbook(path)
    rows = [list(row) for row in book.active]
    head = next(row for row in rows if any(cell.value == "点题事项" for cell in row))
    columns = {cell.value: index for index, cell in enumerate(head)}
    row = next(row for row in rows if row[0].value == "DT22-1")
    for title, value in said.items():
        row[columns[title]].value = value
    book.save(to)
    return to


def told() -> dict[str, Any]:
    with as_(SYSTEM):
        works = Activity.objects.filter(kind="topic").order_by("code")
        return {
            one.code: (
                one.name,
                one.year,
                one.approved_on,
                [str(row) for row in LeadDepartment.objects.filter(activity=one).order_by("role", "pk")],
                [(row.name, row.planned, row.unit, row.due_on) for row in Target.objects.filter(activity=one)],
            )
            for one in works
        }


def carried_on() -> object:
    with as_(SYSTEM) as by:
        return figure(by, "topics_carried_on", Ask(2022, date(2023, 3, 31))).value


def test_years_are_taken_in_once_in_their_order_and_come_back_as_they_left(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", ROWS)
    assert take(world, path, HEAD_OF) == counts(create=3)
    before = told()
    goals = [("清欠项目", 30, "个", date(2022, 11, 30)), ("培训班", 2, "期", None)]
    assert before == {
        "DT22-1": ("拖欠工资", 2022, date(2022, 1, 10), ["市教育局", "市财政局"], goals),
        "DT22-2": ("校园餐", 2022, date(2022, 2, 1), ["市教育局", "市财政局"], []),
        "DT23-1": ("拖欠工资", 2023, date(2023, 1, 20), ["市财政局"], []),
    }
    with as_(SYSTEM):
        named = list(Topic.objects.order_by("pk").values_list("code", "name", "chosen_by"))
    assert named == [("DT22-1", "拖欠工资", "媒体征集"), ("DT22-2", "校园餐", "")]
    assert carried_on() == 1
    assert take(world, path, HEAD_OF) == counts(unchanged=3)
    out = out_of(world, tmp_path / "b.xlsx")
    assert take(world, out, HEAD_OF) == counts(unchanged=3)
    assert take(world, out) == counts(unchanged=3)  # who does not decide may bring it back all the same
    assert told() == before


def test_what_the_sheet_adds_is_added_and_what_it_leaves_out_stands(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS), HEAD_OF)
    out = out_of(world, tmp_path / "b.xlsx")
    more = {"责任部门": "思明区教育局", "量化目标": f"{GOALS}；约谈 5次", "定措施": "联合执法，逐月通报"}
    assert take(world, changed(out, tmp_path / "c.xlsx", **more)) == counts(update=1, unchanged=2)
    after = told()["DT22-1"]
    assert after[3] == ["市教育局", "市财政局", "思明区教育局"]
    assert after[4][-1] == ("约谈", 5, "次", None)
    out = out_of(world, tmp_path / "d.xlsx")
    for title, value in (
        ("牵头部门", "市教育局"),
        ("责任部门", "思明区教育局、市财政局"),
        ("量化目标", "清欠项目 40个（2022-11-30前）"),
        ("立题日期", "2022-01-11"),
        ("年度去向", "结题完成"),
        ("选题来源", "来电"),
    ):
        path = changed(out, tmp_path / "e.xlsx", **{title: value})
        assert take(world, path, HEAD_OF) == counts(conflict=1, unchanged=2), title
    assert (told()["DT22-1"], carried_on()) == (after, 1)


def test_one_wrong_cell_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    def row(code: str, **said: Any) -> tuple[Any, ...]:
        good = {"name": code, "year": 2022, "from": "", "on": "2022-01-10", "leads": "市教育局"}
        rest = {"members": "", "goals": "", "measures": "", "went": "", "day": ""}
        return (code, *{**good, **rest, **said}.values())

    wrong = (
        HEAD,
        row("A"),
        row("B", year="去年"),
        row("C", on="2999-01-01"),
        row("D", leads="市教育局、无此局"),
        row("E", members="市教育局"),
        row("F", goals="越多越好"),
        row("G", goals="清欠 3个（下月前）"),
        row("H", went="搁置"),
        row("I", went="结题完成"),
        row("J", went="结题完成", day="2022-01-09"),
        row("K" * 33),
        row("L", name="A", year=2023),
    )
    path = file_of(tmp_path / "a.xlsx", wrong)
    seen = look(world, path, HEAD_OF)
    places = [(each.row, each.column) for each in seen.problems]
    wanted = [(3, "C"), (4, "E"), (5, "F"), (6, "G"), (7, "H"), (8, "H"), (9, "J"), (10, "K"), (11, "K"), (12, "A"), (13, "C")]  # fmt: skip
    assert places == wanted
    with pytest.raises(Refused) as refused, as_(world.viewer(HEAD_OF)) as by:
        sheets.commit(by, sheets.read(path, TOPICS), digest=sheets.digest_of(seen))
    assert (refused.value.rule, told()) == ("import-has-errors", {})
    assert take(world, file_of(tmp_path / "b.xlsx", wrong[:2])) == counts(create=1)  # the control


def test_who_does_not_decide_cannot_decide_by_sheet(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", (HEAD, ROWS[2]))
    assert [(each.row, each.column) for each in look(world, path).problems] == [(2, "J")]
    assert look(world, path, HEAD_OF).problems == []  # the control


def test_the_preview_is_its_makers_and_the_log_tells_of_one_import(world: World, tmp_path: Path) -> None:
    client = Client()
    client.force_login(world.users[OFFICER])
    assert PLACE in client.get("/desk/topics/").content.decode()
    upload = SimpleUploadedFile("清单.xlsx", file_of(tmp_path / "a.xlsx", (HEAD, ROWS[3])).read_bytes())
    shown = client.post(PLACE, {"book": "topics", "file": upload}, follow=True)
    assert ("校园餐" in shown.content.decode(), told()) == (True, {})
    done = client.post(f"{PLACE}{shown.context['job'].uid}/commit/", follow=True)
    assert ("全部写入" in done.content.decode(), list(told())) == (True, ["DT22-2"])
    other = Client()
    other.force_login(world.users["干部丙"])
    assert other.get(shown.request["PATH_INFO"]).status_code == 404
    with as_(SYSTEM):
        assert Entry.objects.filter(verb="topic.import").count() == 1


@pytest.mark.parametrize("name", ["经办人丁", "安全管理员"])
def test_who_may_not_name_topics_takes_none_in(world: World, tmp_path: Path, name: str) -> None:
    with as_(world.viewer(name)) as by, pytest.raises(Refused) as refused:
        sheets.judge(by, sheets.read(file_of(tmp_path / "a.xlsx", ROWS), TOPICS))
    assert refused.value.rule == "not-allowed"
    client = Client()
    client.force_login(world.users[name])
    assert client.get(PLACE).status_code == 404
