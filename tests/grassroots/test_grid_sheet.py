"""Who watches in the grid, by sheet: cells opened, terms begun and ended, back as they left."""

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from tests.sheets_of import counts, file_of, look_at, take_in
from tests.world import SYSTEM, World, as_

from jiandu.base.books import sheets
from jiandu.base.core.clock import today
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.grassroots.grid_sheet import BOOK, GRID, rows_of
from jiandu.loop.grassroots.models import GridCell, GridWorker
from jiandu.loop.grassroots.selectors import cells

HEAD = ("网格名称", "网格类别", "村居", "设立日期", "姓名", "人员类别", "任期起", "任期止", "电话")
FIRST = ("第一网格", "", "西滨村", "2022.1.1", "林某", "观察员", "2022年1月1日", "", "")
SECOND = ("", "", "", "", "陈某", "特约监察员", "2022-02-01", "2022-12-31", "13800000000")
POINT = ("西滨联系点", "工作联系点", "", "2022-03-01", "", "", "", "", "")
WHO = "街道干部"
look, take = partial(look_at, GRID), partial(take_in, GRID)


@pytest.fixture(autouse=True)
def village(world: World) -> None:
    world.unit("西滨村")
    with as_(SYSTEM) as by:
        load_defaults(by=by)


def sheet(folder: Path, *rows: tuple[str, ...]) -> Path:
    return file_of(folder / "grid.xlsx", (HEAD, *rows))


def told() -> list[tuple[object, ...]]:
    with as_(SYSTEM):
        rows = GridWorker.objects.select_related("kind").order_by("pk")
        return [(row.name, row.kind.label_zh, row.since, row.until, row.contact) for row in rows]


def opened() -> list[tuple[object, ...]]:
    with as_(SYSTEM):
        rows = GridCell.objects.select_related("subject").order_by("pk")
        return [(row.name, row.is_contact_point, str(row.subject or ""), row.since) for row in rows]


def test_cells_are_opened_and_people_engaged_once(world: World, tmp_path: Path) -> None:
    path = sheet(tmp_path, FIRST, SECOND, POINT)
    assert take(world, path, WHO) == counts(create=3)
    assert opened() == [("第一网格", False, "西滨村", date(2022, 1, 1)), ("西滨联系点", True, "", date(2022, 3, 1))]
    assert told() == [
        ("林某", "观察员", date(2022, 1, 1), None, ""),
        ("陈某", "特约监察员", date(2022, 2, 1), date(2022, 12, 31), "13800000000"),
    ]
    assert take(world, path, WHO) == counts(unchanged=3)


def test_a_term_is_ended_by_the_sheet_and_a_new_one_begins(world: World, tmp_path: Path) -> None:
    take(world, sheet(tmp_path, FIRST), WHO)
    ended = (*FIRST[:7], "2022-06-30", "")
    again = (*FIRST[:6], "2022-09-01", "", "")
    assert take(world, sheet(tmp_path, ended, again), WHO) == counts(create=1, update=1)
    assert [row[2:4] for row in told()] == [(date(2022, 1, 1), date(2022, 6, 30)), (date(2022, 9, 1), None)]


def test_what_left_comes_back_unchanged(world: World, tmp_path: Path) -> None:
    take(world, sheet(tmp_path, FIRST, SECOND, POINT), WHO)
    back = tmp_path / "back.xlsx"
    with as_(world.viewer(WHO)) as by, back.open("wb") as file:
        write_xlsx(file, Plan("名册", sheets.columns_of(BOOK)), rows_of(by, cells(by, today())))
    before = told(), opened()
    assert take(world, back, WHO) == counts(unchanged=3)
    assert (told(), opened()) == before


@pytest.mark.parametrize(
    "row",
    [
        (*FIRST[:2], "市教育局", *FIRST[3:]),
        (FIRST[0], "工作联系点", *FIRST[2:]),
        (*FIRST[:3], "2022-01-02", *FIRST[4:]),
        (*FIRST[:5], "特约监察员", *FIRST[6:]),
        (*FIRST[:7], "2099-01-01", ""),
        (*FIRST[:8], "139"),
    ],
)
def test_what_no_sheet_changes_is_a_conflict(world: World, tmp_path: Path, row: tuple[str, ...]) -> None:
    take(world, sheet(tmp_path, FIRST), WHO)
    before = told(), opened()
    assert take(world, sheet(tmp_path, row), WHO) == counts(conflict=1)
    assert (told(), opened()) == before


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        ((*FIRST[:5], "热心居民", *FIRST[6:]), "F2", "字典中没有这个人员类别"),
        ((*FIRST[:5], "", *FIRST[6:]), "F2", "必填"),
        ((*FIRST[:2], "没有这个村", *FIRST[3:]), "C2", "没有叫“没有这个村”的单位"),
        ((*FIRST[:6], "2021-12-31", "", ""), "G2", "任期应在网格设立之后"),
        ((*FIRST[:7], "2021-12-31", ""), "H2", "止日不早于起日"),
        ((*FIRST[:3], "2099-01-01", *FIRST[4:]), "D2", "日期晚于今天"),
    ],
)
def test_an_error_stands_at_its_cell_and_nothing_is_taken(
    world: World, tmp_path: Path, row: tuple[str, ...], place: str, reason: str
) -> None:
    seen = look(world, sheet(tmp_path, row, POINT), WHO)
    assert [(f"{each.column}{each.row}", reason in each.reason) for each in seen.problems] == [(place, True)]
    assert opened() == []


def test_another_office_opens_its_own_cell_of_that_name(world: World, tmp_path: Path) -> None:
    take(world, sheet(tmp_path, FIRST), WHO)
    assert take(world, sheet(tmp_path, FIRST), "干部甲") == counts(create=1)
    with as_(world.viewer("干部乙")) as by:
        assert cells(by, today()).count() == 0
