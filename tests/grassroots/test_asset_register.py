"""资产回头看登记表: looks taken in from a sheet, the assets still to be looked at leaving in it, back as they left."""

from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from tests.grassroots.test_checks import DAY, TOWN, check
from tests.sheets_of import counts, file_of, look_at, take_in
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.books import sheets
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.asset_sheet import ASSETS, BOOK, rows_of
from jiandu.loop.grassroots.models import AssetLookBack
from jiandu.loop.grassroots.selectors import findings_of
from jiandu.net.access.models import Level
from jiandu.sources.activities.models import Activity

HEAD = ("问题编号", "资产名称", "环节", "结果", "日期", "办理人", "情况")
CLERK, FOREIGN = "街道干部", "干部乙"
look, take = partial(look_at, ASSETS), partial(take_in, ASSETS)


@pytest.fixture
def asked(world: World) -> Activity:
    """A check with two problems of a village."""
    world.unit("西滨村")
    one = check(world, "assets")
    for place in (1, 2):
        world.finding(activity=one, unit="西滨村", office=TOWN, on=DAY, problem=f"店面{place}号被占用")
    return one


def codes(activity: Activity) -> list[str]:
    with as_(SYSTEM):
        return list(Finding.objects.filter(activity=activity).order_by("pk").values_list("code", flat=True))


def sheet(folder: Path, *rows: Any) -> Path:
    return file_of(folder / "assets.xlsx", (HEAD, *rows))


def looks() -> list[tuple[object, ...]]:
    with as_(SYSTEM):
        rows = AssetLookBack.objects.filter(withdrawn_on__isnull=True).order_by("pk")
        return [(row.finding.code, row.asset, row.stage, row.result, row.on, row.by_name, row.note) for row in rows]


def cells(sheet: sheets.Sheet) -> list[tuple[int, str]]:
    return [(one.row, one.title) for one in sheet.problems]


def town(code: str, asset: str = "一号店面", result: str = "已清退", on: str = "2022.8.1", who: str = "林某") -> Any:
    return code, asset, "镇街核实", result, on, who, ""


def district(
    code: str, asset: str = "一号店面", result: str = "已清退", on: str = "2022年9月1日", who: str = "陈某"
) -> Any:
    return code, asset, "区级回头看", result, on, who, ""


def test_looks_are_entered_once_and_the_town_comes_first_however_the_sheet_is_sorted(
    world: World, asked: Activity, tmp_path: Path
) -> None:
    first, second = codes(asked)
    path = sheet(tmp_path, district(first), town(first), town(second, "二号店面", "诉讼中"))
    assert take(world, path, CLERK) == counts(create=3)
    assert looks() == [
        (first, "一号店面", "town", "cleared", date(2022, 8, 1), "林某", ""),
        (second, "二号店面", "town", "litigation", date(2022, 8, 1), "林某", ""),
        (first, "一号店面", "district", "cleared", date(2022, 9, 1), "陈某", ""),
    ]
    assert take(world, path, CLERK) == counts(unchanged=3)
    assert len(looks()) == 3


def test_what_has_not_been_looked_at_is_left_and_what_is_known_is_not_changed(
    world: World, asked: Activity, tmp_path: Path
) -> None:
    first, second = codes(asked)
    take(world, sheet(tmp_path, town(first)), CLERK)
    waiting = (second, "二号店面", "镇街核实", "", "", "", "")
    assert take(world, sheet(tmp_path, town(first), waiting), CLERK) == counts(unchanged=2)
    other = (first, "一号店面", "镇街核实", "未清退", "2022-08-01", "林某", "仍被占用")
    assert take(world, sheet(tmp_path, other), CLERK) == counts(conflict=1)
    assert looks() == [(first, "一号店面", "town", "cleared", date(2022, 8, 1), "林某", "")]


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        (lambda code: district(code), "环节"),  # the town has not verified it
        (lambda code: town(code, on="2022-05-01"), "日期"),  # before the problem was registered
        (lambda _code: town("没有这个编号"), "问题编号"),
        (lambda code: town(code, result="收回了"), "结果"),
        (lambda code: (code, "一号店面", "镇街核实", "", "2022-08-01", "林某", ""), "结果"),
        (lambda code: (code, "一号店面", "镇街核实", "已清退", "", "林某", ""), "日期"),
        (lambda code: town(code, who=""), "办理人"),
    ],
)
def test_a_row_that_cannot_be_entered_is_told_at_its_cell_and_nothing_is_written(
    world: World, asked: Activity, tmp_path: Path, row: Any, cell: str
) -> None:
    first, second = codes(asked)
    path = sheet(tmp_path, town(second, "二号店面"), row(first))
    assert cells(look(world, path, CLERK)) == [(3, cell)]
    with pytest.raises(sheets.Refused):
        take(world, path, CLERK)
    assert looks() == []


def test_the_district_is_not_the_one_who_verified(world: World, asked: Activity, tmp_path: Path) -> None:
    first, _second = codes(asked)
    path = sheet(tmp_path, town(first), district(first, who="林某"))
    assert cells(look(world, path, CLERK)) == [(3, "办理人")]


def test_another_office_reaches_no_problem_by_its_number(world: World, asked: Activity, tmp_path: Path) -> None:
    path = sheet(tmp_path, town(codes(asked)[0]))
    assert cells(look(world, path, CLERK)) == []  # the control: whose problem it is finds it
    assert cells(look(world, path, FOREIGN)) == [(2, "问题编号")]


def test_what_left_comes_back_unchanged_and_filled_in_is_taken(world: World, asked: Activity, tmp_path: Path) -> None:
    first, second = codes(asked)
    take(world, sheet(tmp_path, town(first)), CLERK)
    back = tmp_path / "back.xlsx"
    with as_(world.viewer(CLERK)) as by, back.open("wb") as file:
        write_xlsx(file, Plan("登记表", sheets.columns_of(BOOK)), rows_of(by, asked, "town"))
    assert take(world, back, CLERK) == counts(unchanged=2)
    book = openpyxl.load_workbook(back)
    row = next(cells for cells in book.active.iter_rows() if cells[0].value == second)
    assert [cell.value for cell in row[1:4]] == ["店面2号被占用", "镇街核实", None]
    row[3].value, row[4].value, row[5].value = "部分清退", date(2022, 8, 2), "林某"
    book.save(back)
    assert take(world, back, CLERK) == counts(create=1, unchanged=1)
    assert looks()[-1] == (second, "店面2号被占用", "town", "partly", date(2022, 8, 2), "林某", "")


def test_the_page_gives_the_sheet_to_who_proves_himself_and_it_says_nothing_of_a_higher_level(
    world: World, asked: Activity
) -> None:
    first, second = codes(asked)
    with as_(SYSTEM) as by:
        Finding.objects.filter(code=second).update(level=Level.SENSITIVE)
        assert findings_of(by, asked).count() == 2
    client = Client()
    client.force_login(world.users[CLERK])
    place = f"/desk/checks/{asked.uid}/assets/town/"
    assert "?format=xlsx" in client.get(place).content.decode()
    answer = client.get(f"{place}?format=xlsx")
    assert answer.status_code == 200
    told = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert [row[0] for row in told if row[0] in {first, second}] == [first]
    assert Entry.objects.filter(verb="list.export").count() == 1
