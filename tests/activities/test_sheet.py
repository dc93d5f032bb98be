"""The division of work of a round by sheet: teams and units; a copied round is changed by it; nothing half done."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.activities.test_rounds import go
from tests.sheets_of import OFFICER, counts, file_of, look_at, take_in
from tests.world import SYSTEM, World, as_

from jiandu.base.books import sheets
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.sources.activities.models import Activity, LinkedUnit, Team
from jiandu.sources.activities.services.rounds import copy_round
from jiandu.sources.activities.sheet import BOOK, DIVISION, divisions, rows_of

HEAD = ("序号", "组别", "组长", "组员", "挂钩单位", "走访时间")


def table(activity: Activity, *rows: Any) -> list[Any]:
    return [("挂钩监督分工表",), (f"轮次：{activity.code}",), HEAD, *rows]


def usual(activity: Activity) -> list[Any]:
    """Two teams; the first with merged cells over its two units."""
    return table(
        activity,
        (1, "第一组", "书记", "干部甲、干部丙", "市教育局", "2022.3.10"),
        (2, "", "", "", "市财政局", date(2022, 3, 11)),
        (3, "第二组", "主任甲", "", "市第一中学", ""),
    )


look, take = partial(look_at, DIVISION), partial(take_in, DIVISION)


def standing(activity: Activity) -> list[tuple[Any, ...]]:
    with as_(SYSTEM) as by:
        return [row for row in rows_of(by, divisions(by)) if row[0] == activity.code]


def test_teams_and_units_come_in_and_the_same_again_changes_nothing(world: World, tmp_path: Path) -> None:
    activity = world.round()
    path = file_of(tmp_path / "a.xlsx", usual(activity))
    assert take(world, path) == counts(create=3)
    assert standing(activity) == [
        (activity.code, "第一组", "书记", "干部甲、干部丙", "市教育局", date(2022, 3, 10)),
        (activity.code, "第一组", "书记", "干部甲、干部丙", "市财政局", date(2022, 3, 11)),
        (activity.code, "第二组", "主任甲", "", "市第一中学", None),
    ]
    assert take(world, path) == counts(unchanged=3)
    with (tmp_path / "b.xlsx").open("wb") as out, as_(world.viewer(OFFICER)) as by:
        write_xlsx(out, Plan("分工", sheets.columns_of(BOOK)), rows_of(by, divisions(by)))
    assert take(world, tmp_path / "b.xlsx") == counts(unchanged=3)


def test_a_copied_round_is_changed_by_the_sheet(world: World, tmp_path: Path) -> None:
    first, second = world.round(), world.round()
    take(world, file_of(tmp_path / "a.xlsx", usual(first)))
    with as_(world.viewer(OFFICER)) as by:
        copy_round(source=first, target=second, by=by, on=date(2022, 3, 1))
    go(world, second, "市教育局")
    changed = table(
        second,
        (1, "第一组", "主任甲", "干部甲", "市财政局", "2022-09-01"),
        (2, "第二组", "主任甲", "", "市教育局", ""),  # it has been visited by the first team
        (3, "第一组", "", "", "市第一中学", ""),
    )
    assert take(world, file_of(tmp_path / "b.xlsx", changed)) == counts(update=2, conflict=1)
    assert sorted(standing(second), key=lambda row: row[4]) == [
        (second.code, "第一组", "主任甲", "干部甲", "市教育局", None),
        (second.code, "第一组", "主任甲", "干部甲", "市第一中学", None),
        (second.code, "第一组", "主任甲", "干部甲", "市财政局", date(2022, 9, 1)),
    ]
    assert [row[1:3] for row in standing(first)] == [("第一组", "书记"), ("第一组", "书记"), ("第二组", "主任甲")]


def test_one_wrong_cell_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    activity = world.round()
    rows = [
        *usual(activity),
        (4, "第三组", "没有此人", "", "市卫健委", ""),
        (5, "第三组", "书记", "", "市水利局", "下周"),
    ]
    seen = look(world, file_of(tmp_path / "a.xlsx", rows))
    assert [(one.row, one.column) for one in seen.problems] == [(7, "E"), (8, "F")]
    assert seen.problems[1].reason == "不是可识别的日期，请写成 2022-03-22：下周 · not a date; write 2022-03-22"
    with pytest.raises(Refused) as refused, as_(world.viewer(OFFICER)) as by:
        sheets.commit(by, sheets.read(tmp_path / "a.xlsx", DIVISION), digest=sheets.digest_of(seen))
    with as_(SYSTEM):
        left = (refused.value.rule, Team.objects.count(), LinkedUnit.objects.count())
    assert left == ("import-has-errors", 0, 0)
    assert take(world, file_of(tmp_path / "b.xlsx", rows[:-2])) == counts(create=3)  # the control


def test_who_may_not_keep_rounds_changes_none(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", usual(world.round()))
    with as_(world.viewer("经办人丁")) as by, pytest.raises(Refused) as refused:
        sheets.judge(by, sheets.read(path, DIVISION))
    assert refused.value.rule == "not-allowed"
    client = Client()
    client.force_login(world.users["经办人丁"])
    assert client.get("/desk/rounds/import/").status_code == 404
    client.force_login(world.users[OFFICER])
    assert client.get("/desk/rounds/import/").status_code == 200
    assert "/desk/rounds/import/" in client.get("/desk/rounds/?tab=division").content.decode()
