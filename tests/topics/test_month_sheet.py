"""Months of topics by sheet: told once, counted once, back as they left; a figure that was told changes by no sheet."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.sheets_of import OFFICER, counts, file_of, look_at, take_in
from tests.surfaces.desk.test_accounts import client_of
from tests.topics.test_topics import topic, value
from tests.world import SYSTEM, World, as_

from jiandu.base.books import sheets
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.sources.activities import selectors as activities
from jiandu.sources.activities.models import Activity
from jiandu.sources.topics.models import MonthlyCount, Progress
from jiandu.sources.topics.month_sheet import BOOK, MONTHS, rows_of
from jiandu.sources.topics.services import topics

HEAD = ("编号", "月份", "进展", "留言受理", "留言办结", "自查受理", "自查办结")
ROWS = (
    HEAD,
    ("DT1", "2022年4月", "", 10, 20, 500, "480件"),
    ("", "2022-03", "开展联合检查", 40, 30, "", ""),
    ("DT1", date(2022, 5, 1), "通报典型案例", "", "", "", ""),
)
KEYS = ("topic_messages", "topic_messages_closed", "topic_own_list", "topic_own_list_closed")
PLACE = "/desk/topics/import/"
look, take = partial(look_at, MONTHS), partial(take_in, MONTHS)


@pytest.fixture(autouse=True)
def begun(world: World) -> None:
    with as_(SYSTEM) as by:
        new = topics.NewYear(2022, "DT1", date(2022, 1, 10))
        topics.begin_year(topic=topic(world), by=by, new=new)


def out_of(world: World, path: Path) -> Path:
    with as_(world.viewer(OFFICER)) as by, path.open("wb") as file:
        works = activities.activities(by, kind=Activity.Kind.TOPIC)
        write_xlsx(file, Plan("月报", sheets.columns_of(BOOK)), rows_of(by, works))
    return path


def told() -> tuple[list[Any], list[Any]]:
    with as_(SYSTEM):
        numbers = MonthlyCount.objects.order_by("kind", "month").values_list("kind", "month", "received", "closed")
        return list(Progress.objects.order_by("month").values_list("month", "text")), list(numbers)


def test_months_are_taken_in_once_in_their_order_and_come_back_as_they_left(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", ROWS)
    assert take(world, path) == counts(create=3)
    before = told()
    assert before == (
        [(date(2022, 3, 1), "开展联合检查"), (date(2022, 5, 1), "通报典型案例")],
        [
            ("messages", date(2022, 3, 1), 40, 30),
            ("messages", date(2022, 4, 1), 10, 20),
            ("own_list", date(2022, 4, 1), 500, 480),
        ],
    )
    assert [value(key) for key in KEYS] == [50, 50, 500, 480]
    assert take(world, path) == counts(unchanged=3)
    assert take(world, out_of(world, tmp_path / "b.xlsx")) == counts(unchanged=3)
    assert (told(), [value(key) for key in KEYS]) == (before, [50, 50, 500, 480])


def test_what_is_missing_is_added_and_what_was_told_is_not_changed(world: World, tmp_path: Path) -> None:
    take(world, file_of(tmp_path / "a.xlsx", ROWS))
    more = (HEAD, ("DT1", "2022-04", "逐户核查", 10, 20, "", ""), ("DT1", "2022-05", "", 5, 4, "", ""))
    assert take(world, file_of(tmp_path / "b.xlsx", more)) == counts(update=2)
    before = told()
    for row in (("DT1", "2022-03", "开展联合检查", 41, 30, "", ""), ("DT1", "2022-04", "改写", "", "", "", "")):
        assert take(world, file_of(tmp_path / "c.xlsx", (HEAD, row))) == counts(conflict=1)
    assert (told(), value("topic_messages")) == (before, 55)


def test_one_wrong_cell_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    wrong = (
        HEAD,
        ("DT1", "2022-03", "一", 5, 5, "", ""),
        ("DT9", "2022-03", "一", "", "", "", ""),
        ("DT1", "三月", "一", "", "", "", ""),
        ("DT1", "2021-03", "一", "", "", "", ""),
        ("DT1", "2022-13", "一", "", "", "", ""),
        ("DT1", "2022-04", "", "", "", "", ""),
        ("DT1", "2022-05", "", 5, "", "", ""),
        ("DT1", "2022-06", "", "若干", 1, "", ""),
        ("DT1", "2022-07", "", "", "", 5, 6),
    )
    path = file_of(tmp_path / "a.xlsx", wrong)
    seen = look(world, path)
    places = "3A 4B 5B 6B 7C 8E 9D 10G"
    assert " ".join(f"{each.row}{each.column}" for each in seen.problems) == places
    with pytest.raises(Refused) as refused, as_(world.viewer(OFFICER)) as by:
        sheets.commit(by, sheets.read(path, MONTHS), digest=sheets.digest_of(seen))
    assert (refused.value.rule, told()) == ("import-has-errors", ([], []))
    assert take(world, file_of(tmp_path / "b.xlsx", wrong[:2])) == counts(create=1)  # the control


def test_whose_topic_it_is_not_tells_no_month(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", (HEAD, ("DT1", "2022-03", "开展联合检查", 40, 30, "", "")))
    assert [(each.row, each.column) for each in look(world, path, "干部乙").problems] == [(2, "A")]
    assert look(world, path).problems == []  # the control
    for name in ("经办人丁", "安全管理员"):
        with as_(world.viewer(name)) as by, pytest.raises(Refused) as refused:
            sheets.judge(by, sheets.read(path, MONTHS))
        assert refused.value.rule == "not-allowed"


def test_the_months_leave_and_come_in_by_the_pages(world: World, tmp_path: Path) -> None:
    client = client_of(world, OFFICER)
    upload = SimpleUploadedFile("月报.xlsx", file_of(tmp_path / "a.xlsx", ROWS).read_bytes())
    shown = client.post(PLACE, {"book": "topic-months", "file": upload}, follow=True)
    assert ("开展联合检查" in shown.content.decode(), told()) == (True, ([], []))
    done = client.post(f"{PLACE}{shown.context['job'].uid}/commit/", follow=True)
    assert ("全部写入" in done.content.decode(), value("topic_messages")) == (True, 50)
    assert "months=1" in client.get("/desk/topics/?year=2022").content.decode()
    path = tmp_path / "b.xlsx"
    path.write_bytes(client.get("/desk/topics/?year=2022&format=xlsx&months=1").content)
    cells = [cell.value for row in openpyxl.load_workbook(path).active for cell in row]
    assert ("2022-04" in cells, "定措施" in cells) == (True, False)
    assert take(world, path) == counts(unchanged=3)
