"""Contact points by sheet: invited, put right, back as they left; the name is told to nobody who does not look after the point."""

import json
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

from jiandu.base.audit.models import Entry, Payload
from jiandu.base.books import sheets
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.base.lexicon.services import load_defaults
from jiandu.sources.contactpoints.models import ContactPoint
from jiandu.sources.contactpoints.selectors import points
from jiandu.sources.contactpoints.services.points import leave
from jiandu.sources.contactpoints.sheet import BOOK, POINTS, rows_of

HEAD = ("企业名称", "简称", "类别", "级别", "行业", "联系人", "任期起", "任期止")
ROWS = (
    HEAD,
    ("厦海一号贸易公司", "一号", "民营企业", "市级", "制造业", "干部甲", "2022-01-01", "2024-12-31"),
    ("厦海茶业商会", "", "商会协会", "区级", "商贸", "", "2022/3/1", ""),
)
PLACE = "/desk/contact/points/import/"
look, take = partial(look_at, POINTS), partial(take_in, POINTS)


@pytest.fixture(autouse=True)
def lexicon(world: World) -> None:
    with as_(SYSTEM) as by:
        load_defaults(by=by)


def out_of(world: World, path: Path) -> Path:
    with as_(world.viewer(OFFICER)) as by, path.open("wb") as file:
        write_xlsx(file, Plan("名单", sheets.columns_of(BOOK)), rows_of(by, points(by)))
    return path


def told() -> list[tuple[Any, ...]]:
    with as_(SYSTEM):
        rows = ContactPoint.objects.order_by("pk")
        return list(rows.values_list("name", "short_name", "kind", "tier", "industry__code", "since", "until"))


def test_a_sheet_is_taken_in_once_and_comes_back_as_it_left(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", ROWS)
    assert take(world, path) == counts(create=2)
    before = told()
    assert before == [
        ("厦海一号贸易公司", "一号", "enterprise", "city", "manufacturing", date(2022, 1, 1), date(2024, 12, 31)),
        ("厦海茶业商会", "", "association", "district", "trade", date(2022, 3, 1), None),
    ]
    assert take(world, path) == counts(unchanged=2)
    assert take(world, out_of(world, tmp_path / "b.xlsx")) == counts(unchanged=2)
    assert told() == before


def test_a_changed_name_is_put_right_and_a_changed_term_is_a_conflict(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS))
    book = openpyxl.load_workbook(out_of(world, tmp_path / "b.xlsx"))
    cells = {cell.value: cell for row in book.active for cell in row if cell.value}
    cells["厦海茶业商会"].value = "厦海茶叶商会"  # known by its number
    until = next(cell for row in book.active for cell in row if str(cell.value).startswith("2024-12-31"))
    until.value = date(2030, 12, 31)
    book.save(tmp_path / "c.xlsx")
    assert take(world, tmp_path / "c.xlsx") == counts(update=1, conflict=1)
    assert [(row[0], row[-1]) for row in told()] == [("厦海一号贸易公司", date(2024, 12, 31)), ("厦海茶叶商会", None)]


def test_what_has_left_is_not_changed(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS))
    with as_(SYSTEM) as by:
        leave(point=ContactPoint.objects.get(tier="city"), by=by, on=date(2022, 5, 20), note="外迁")
    path = out_of(world, tmp_path / "b.xlsx")
    assert take(world, path) == counts(unchanged=2)
    book = openpyxl.load_workbook(path)
    next(cell for row in book.active for cell in row if cell.value == "一号").value = "另称"
    book.save(tmp_path / "c.xlsx")
    assert take(world, tmp_path / "c.xlsx") == counts(unchanged=1, conflict=1)


def test_one_wrong_cell_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    wrong = (
        *ROWS[:2],
        ("二号", "", "国企", "市级", "", "", "", ""),
        ("三号", "", "", "", "炼金", "", "", ""),
        ("四号", "", "", "", "", "无此人", "", ""),
        ("五号", "", "", "", "", "", "昨天", ""),
        ("六号", "", "", "", "", "", "2022-02-01", "2022-01-01"),
    )
    path = file_of(tmp_path / "a.xlsx", wrong)
    seen = look(world, path)
    assert [(each.row, each.column) for each in seen.problems] == [(3, "C"), (4, "E"), (5, "F"), (6, "G"), (7, "H")]
    with pytest.raises(Refused) as refused, as_(world.viewer(OFFICER)) as by:
        sheets.commit(by, sheets.read(path, POINTS), digest=sheets.digest_of(seen))
    assert (refused.value.rule, told()) == ("import-has-errors", [])
    assert take(world, file_of(tmp_path / "b.xlsx", wrong[:2])) == counts(create=1)  # the control


def test_the_preview_is_its_makers_and_no_log_holds_a_name(world: World, tmp_path: Path) -> None:
    client = Client()
    client.force_login(world.users[OFFICER])
    assert PLACE in client.get("/desk/contact/points/").content.decode()
    upload = SimpleUploadedFile("名单.xlsx", file_of(tmp_path / "a.xlsx", ROWS).read_bytes())
    shown = client.post(PLACE, {"book": "points", "file": upload}, follow=True)
    job = shown.context["job"]
    assert ("厦海茶业商会" in shown.content.decode(), told()) == (True, [])
    done = client.post(f"{PLACE}{job.uid}/commit/", follow=True)
    assert ("全部写入" in done.content.decode(), len(told())) == (True, 2)
    for name in ("干部丙", "书记", "经办人丁", "安全管理员"):
        other = Client()
        other.force_login(world.users[name])
        for address in (shown.request["PATH_INFO"], done.request["PATH_INFO"]):
            answer = other.get(address)
            assert (answer.status_code, "厦海" in answer.content.decode()) == (404, False), name
    with as_(SYSTEM):
        written = [json.dumps(json.loads(one.body), ensure_ascii=False) for one in Payload.objects.all()]
        assert [text for text in written if "厦海" in text] == []
        assert Entry.objects.filter(verb="contact_point.import").count() == 1


@pytest.mark.parametrize("name", ["经办人丁", "安全管理员"])
def test_who_may_not_invite_takes_none_in(world: World, tmp_path: Path, name: str) -> None:
    with as_(world.viewer(name)) as by, pytest.raises(Refused) as refused:
        sheets.judge(by, sheets.read(file_of(tmp_path / "a.xlsx", ROWS), POINTS))
    assert refused.value.rule == "not-allowed"
    client = Client()
    client.force_login(world.users[name])
    assert client.get(PLACE).status_code == 404
