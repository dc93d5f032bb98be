"""Analyses of political ecology by sheet: registered, approved where it may be, back as they left; another office's stays hidden."""

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from tests.sheets_of import counts, file_of, look_at, take_in
from tests.world import SYSTEM, World, as_

from jiandu.base.books import sheets
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.base.files.store import keep
from jiandu.base.lexicon.services import load_defaults
from jiandu.net.subjects.divisions import load_divisions
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure
from jiandu.results.portraits import selectors
from jiandu.results.portraits.models import Portrait
from jiandu.results.portraits.services import attach
from jiandu.results.portraits.sheet import BOOK, PORTRAITS, rows_of

HEAD = ("单位", "地区", "分析期起", "分析期止", "标题", "审核人", "审定日期", "审定人", "总体评价")
UNIT = ("市教育局", "", "2022.1.1", "2022年6月30日", "", "干部丙", "2022-07-20", "书记", "总体平稳")
DISTRICT = ("", "思明区", "2022-01-01", "2022-12-31", "思明区政治生态分析", "", "", "", "")
HEAD_OF = "主任甲"
look, take = partial(look_at, PORTRAITS), partial(take_in, PORTRAITS)


@pytest.fixture(autouse=True)
def scheme(db: None) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
        load_divisions(by=by)


def told() -> list[tuple[object, ...]]:
    with as_(SYSTEM):
        rows = Portrait.objects.order_by("period_to")
        return [(row.about, row.title, row.year, row.reviewers, row.approved_on, row.summary) for row in rows]


def approved(year: int = 2022) -> object:
    with as_(SYSTEM) as by:
        return figure(by, "portrait_reports", Ask(year, date(year, 12, 31))).value


def with_file(about: str) -> None:
    with as_(SYSTEM) as by:
        one = next(row for row in Portrait.objects.all() if row.about == about)
        attach(portrait=one, by=by, stored=keep([b"PK1"]), name="报告.docx")


def test_reports_are_registered_once_and_approved_when_their_file_is_there(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", (HEAD, UNIT, DISTRICT))
    seen = look(world, path, HEAD_OF)
    left = [(column, reason) for _line, row in seen.taken for column, reason in row.left]
    assert [(column, "尚缺5个维度" in str(reason)) for column, reason in left] == [("approved_on", True)]
    assert take(world, path, HEAD_OF) == counts(create=2)
    assert told() == [
        ("市教育局", "关于市教育局政治生态的分析报告", 2022, "干部丙", None, "总体平稳"),
        ("思明区", "思明区政治生态分析", 2022, "", None, ""),
    ]
    assert approved() == 0
    with_file("市教育局")
    assert take(world, path, HEAD_OF) == counts(update=1, unchanged=1)
    assert (told()[0][4], approved()) == (date(2022, 7, 20), 1)
    assert take(world, path, HEAD_OF) == counts(unchanged=2)


def test_an_officer_registers_and_the_head_approves(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", (HEAD, UNIT))
    assert take(world, path) == counts(create=1)
    with_file("市教育局")
    ((_line, row),) = look(world, path).taken
    assert (row.act, [(key, str(why)) for key, why in row.left]) == (
        "unchanged",
        [("approved_on", "您没有审定的权限")],
    )
    assert take(world, path, HEAD_OF) == counts(update=1)


def test_what_left_comes_back_unchanged(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", (HEAD, UNIT, DISTRICT)), HEAD_OF)
    with_file("市教育局")
    take(world, file_of(tmp_path / "a.xlsx", (HEAD, UNIT)), HEAD_OF)
    back = tmp_path / "b.xlsx"
    with as_(world.viewer(HEAD_OF)) as by, back.open("wb") as file:
        write_xlsx(file, Plan("登记表", sheets.columns_of(BOOK)), rows_of(by, selectors.portraits(by)))
    before = told()
    assert take(world, back, HEAD_OF) == counts(unchanged=2)
    assert told() == before


def test_what_no_sheet_changes_is_a_conflict(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", (HEAD, UNIT)), HEAD_OF)
    other = (*UNIT[:4], "另一标题", *UNIT[5:])
    assert take(world, file_of(tmp_path / "b.xlsx", (HEAD, other)), HEAD_OF) == counts(conflict=1)
    reviewed = (*UNIT[:5], "干部乙", "", "", "总体平稳，个别问题突出")
    assert take(world, file_of(tmp_path / "c.xlsx", (HEAD, reviewed)), HEAD_OF) == counts(update=1)
    with_file("市教育局")
    take(world, file_of(tmp_path / "d.xlsx", (HEAD, (*reviewed[:6], "2022-07-20", "书记", ""))), HEAD_OF)
    assert take(world, file_of(tmp_path / "e.xlsx", (HEAD, UNIT)), HEAD_OF) == counts(conflict=1)
    assert told()[0][3:] == ("干部乙", date(2022, 7, 20), "总体平稳，个别问题突出")


@pytest.mark.parametrize(
    ("changed", "place", "reason"),
    [
        ({0: "", 1: ""}, "A3", "只能填一项"),
        ({1: "思明区"}, "A3", "只能填一项"),
        ({0: "没有这个局"}, "A3", "没有叫“没有这个局”的单位"),
        ({0: "", 1: "没有这个区"}, "B3", "没有登记过这个区划"),
        ({3: "2021-06-30"}, "A3", "止日应不早于起日"),
        ({3: "2099-06-30"}, "D3", "日期晚于今天"),
        ({6: "2022-06-01"}, "G3", "审定日期应不早于分析期止日"),
    ],
)
def test_an_error_stands_at_its_cell_and_nothing_is_taken(
    world: World, tmp_path: Path, changed: dict[int, str], place: str, reason: str
) -> None:
    wrong = tuple(changed.get(number, cell) for number, cell in enumerate(UNIT))
    seen = look(world, file_of(tmp_path / "a.xlsx", (HEAD, DISTRICT, wrong)), HEAD_OF)
    assert [(f"{each.column}{each.row}", reason in each.reason) for each in seen.problems] == [(place, True)]
    assert told() == []


def test_a_report_of_another_office_is_neither_shown_nor_registered_twice(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", (HEAD, UNIT)), HEAD_OF)
    seen = look(world, file_of(tmp_path / "b.xlsx", (HEAD, (*UNIT[:5], "", "", "", ""))), "主任乙")
    assert [str(each.reason) for each in seen.problems] == ["该单位(地区)该分析期的报告已登记，如有修改请用“修订”"]
    assert "干部丙" not in str(seen)  # what the other office wrote
