"""Contact points by Excel: the list comes back as it left, a changed cell puts right, a wrong cell stops everything."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.services import load_defaults
from jiandu.sources.contactpoints.models import ContactPoint
from jiandu.sources.contactpoints.sheet import Taken, take_points

HEADS = ["企业名称", "简称", "类别", "级别", "行业", "联系人", "任期起", "任期止"]
GOOD = [
    ["厦海一号贸易公司", "一号", "民营企业", "市级", "制造业", "干部甲", "2022-01-01", "2024-12-31"],
    ["厦海茶业商会", "", "商会协会", "区级", "商贸", "", "2022/3/1", ""],
]


def book(folder: Path, rows: list[list[str]], heads: list[str] | None = None) -> Path:
    made = Workbook()
    for row in [heads or HEADS, *rows]:
        made.active.append(row)
    path = folder / "points.xlsx"
    made.save(path)
    return path


@pytest.fixture
def loaded(world: World) -> World:
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    return world


def take(world: World, path: Path) -> Taken:
    with as_(world.viewer("干部甲")) as by:
        return take_points(path=path, office=world.offices["第一监督检查室"], by=by)


def told() -> list[tuple[Any, ...]]:
    with as_(SYSTEM):
        rows = ContactPoint.objects.order_by("pk")
        return list(rows.values_list("name", "short_name", "kind", "tier", "industry__code", "since", "until"))


def test_a_sheet_is_taken_in_once(loaded: World, tmp_path: Path) -> None:
    path = book(tmp_path, GOOD)
    assert take(loaded, path) == Taken(invited=2)
    assert told() == [
        ("厦海一号贸易公司", "一号", "enterprise", "city", "manufacturing", date(2022, 1, 1), date(2024, 12, 31)),
        ("厦海茶业商会", "", "association", "district", "trade", date(2022, 3, 1), None),
    ]
    assert take(loaded, path) == Taken(same=2)


def test_a_wrong_cell_stops_everything_and_is_named(loaded: World, tmp_path: Path) -> None:
    wrong = ["厦海二号公司", "", "国企", "市级", "炼金", "无此人", "昨天", ""]
    with pytest.raises(Refused) as refused:
        take(loaded, book(tmp_path, [GOOD[0], wrong]))
    assert (refused.value.rule, refused.value.details["count"]) == ("sheet-problems", 4)
    assert "第3行“类别”应为民营企业、商会协会之一" in refused.value.details["first"]
    assert told() == []
    with pytest.raises(Refused) as refused:
        take(loaded, book(tmp_path, [["市级"]], ["级别"]))
    assert told() == []


def test_the_list_comes_back_as_it_left(loaded: World, tmp_path: Path) -> None:
    take(loaded, book(tmp_path, GOOD))
    client = client_of(loaded, "干部甲")
    out = client.get("/desk/contact/points/?format=xlsx").content
    office = loaded.offices["第一监督检查室"].pk
    before = told()

    def back(content: bytes) -> Any:
        file = SimpleUploadedFile("名单.xlsx", content)
        return client.post("/desk/contact/points/take/", {"office": office, "file": file})

    assert (back(out).status_code, told()) == (303, before)
    sheet = load_workbook(io.BytesIO(out))
    (cell,) = [cell for row in sheet.active for cell in row if cell.value == "厦海茶业商会"]
    cell.value = "厦海茶叶商会"
    changed = io.BytesIO()
    sheet.save(changed)
    assert back(changed.getvalue()).status_code == 303
    assert [row[0] for row in told()] == ["厦海一号贸易公司", "厦海茶叶商会"]  # known by its row id
