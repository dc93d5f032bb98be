"""Visits of a round by sheet: entered, corrected, never doubled; the register tells how often a unit was visited in the year."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.activities.test_rounds import go, manned, rule_of, value
from tests.sheets_of import OFFICER, counts, file_of, look_at, take_in
from tests.surfaces.counting import grown, questions
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.books import sheets
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import Plan, write_xlsx
from jiandu.sources.activities.models import Activity, Visit
from jiandu.sources.activities.selectors import times_visited
from jiandu.sources.activities.services.finishing import finish_round
from jiandu.sources.activities.services.rounds import withdraw_visit
from jiandu.sources.activities.services.visits import amend_visit
from jiandu.sources.activities.visit_sheet import BOOK, VISITS, rows_of, visits

HEAD = ("走访日期", "走访单位", "地点", "走访人员", "单位人员", "走访情况")
look, take = partial(look_at, VISITS), partial(take_in, VISITS)


def table(activity: Activity, *rows: Any) -> list[Any]:
    return [("挂钩监督走访登记表",), (f"轮次：{activity.code}",), HEAD, *rows]


def usual(activity: Activity) -> list[Any]:
    return table(
        activity,
        ("2022.3.10", "市教育局", "市教育局三楼", "干部甲、干部丙", "局长", "台账不全\n账实不符"),
        (date(2022, 3, 11), "市财政局", "", "", "", ""),
    )


def standing() -> list[tuple[Any, ...]]:
    with as_(SYSTEM) as by:
        return list(rows_of(by, visits(by)))


def test_visits_come_in_and_the_same_again_changes_nothing(world: World, tmp_path: Path) -> None:
    activity = manned(world, "市教育局", "市财政局")
    path = file_of(tmp_path / "a.xlsx", usual(activity))
    assert take(world, path) == counts(create=2)
    assert standing() == [
        (activity.code, "市财政局", date(2022, 3, 11), "", "干部甲、干部丙", "", ""),  # the members of its team
        (activity.code, "市教育局", date(2022, 3, 10), "市教育局三楼", "干部甲、干部丙", "局长", "台账不全\n账实不符"),
    ]
    assert (value("linked_units_visited"), value("linked_visits")) == (2, 2)
    assert take(world, path) == counts(unchanged=2)
    with (tmp_path / "b.xlsx").open("wb") as out, as_(world.viewer(OFFICER)) as by:
        write_xlsx(out, Plan("走访", sheets.columns_of(BOOK)), rows_of(by, visits(by)))
    assert take(world, tmp_path / "b.xlsx") == counts(unchanged=2)


def test_what_is_known_of_a_visit_is_corrected_and_what_was_taken_back_does_not_return(
    world: World, tmp_path: Path
) -> None:
    activity = manned(world, "市教育局", "市财政局")
    take(world, file_of(tmp_path / "a.xlsx", usual(activity)))
    with as_(world.viewer(OFFICER)) as by:
        withdraw_visit(visit=Visit.objects.get(organisation=world.units["市财政局"]), by=by, reason="未成行")
    changed = table(
        activity,
        ("2022-03-10", "市教育局", "", "", "局长、副局长", ""),  # an empty cell says nothing
        ("2022-03-11", "市财政局", "", "", "", ""),
    )
    assert take(world, file_of(tmp_path / "b.xlsx", changed)) == counts(update=1, conflict=1)
    assert [row[3:6] for row in standing()] == [("市教育局三楼", "干部甲、干部丙", "局长、副局长")]
    with as_(SYSTEM):
        assert Entry.objects.filter(verb="activity.amend_visit").count() == 1


def test_what_cannot_be_a_visit_is_refused_in_its_cell_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    activity = manned(world, "市教育局")
    with as_(world.viewer(OFFICER)) as by:
        finish_round(activity=activity, by=by, on=date(2022, 4, 30), note="未走访")
    rows = table(
        activity,
        ("2022-03-10", "市教育局", "", "", "", ""),
        ("2022-03-10", "市财政局", "", "", "", ""),  # not linked
        ("2022-05-06", "市教育局", "", "", "", ""),  # the round had ended
        ("2099-01-01", "市教育局", "", "", "", ""),
    )
    seen = look(world, file_of(tmp_path / "a.xlsx", rows))
    assert [(one.row, one.column) for one in seen.problems] == [(5, "B"), (6, "B"), (7, "A")]
    with pytest.raises(Refused) as refused, as_(world.viewer(OFFICER)) as by:
        sheets.commit(by, sheets.read(tmp_path / "a.xlsx", VISITS), digest=sheets.digest_of(seen))
    assert (refused.value.rule, standing()) == ("import-has-errors", [])
    assert take(world, file_of(tmp_path / "b.xlsx", rows[:-3])) == counts(create=1)  # the control


def test_another_office_neither_takes_visits_in_nor_out(world: World, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.xlsx", usual(manned(world, "市教育局", "市财政局")))
    seen = look(world, path, "干部乙")
    assert {one.row for one in seen.problems} == {4, 5}  # no such round for him
    take(world, path)
    with as_(world.viewer("干部乙")) as by:
        assert list(rows_of(by, visits(by))) == []


def test_a_visit_is_corrected_with_a_reason(world: World) -> None:
    row = go(world, manned(world, "市教育局"), "市教育局")
    assert isinstance(row, Visit)
    with as_(world.viewer(OFFICER)) as by:
        assert rule_of(partial(amend_visit, visit=row, by=by, said={"note": "改"}, reason=" ")) == "reason-needed"
        assert amend_visit(visit=row, by=by, said={"note": " 已核 "}, reason="笔误").note == "已核"
        withdraw_visit(visit=Visit.objects.get(pk=row.pk), by=by, reason="未成行")
        assert rule_of(partial(amend_visit, visit=row, by=by, said={"note": "改"}, reason="改")) == "visit-withdrawn"
    with as_(world.viewer("书记")) as by:
        assert rule_of(partial(amend_visit, visit=row, by=by, said={"note": "改"}, reason="改")) == "not-allowed"


def test_a_unit_that_is_visited_again_says_so(world: World) -> None:
    first, second = manned(world, "市教育局", "市财政局"), manned(world, "市教育局", started_on=date(2022, 6, 1))
    go(world, first, "市教育局", date(2022, 3, 10))
    go(world, first, "市财政局", date(2022, 3, 10))
    again = go(world, first, "市教育局", date(2022, 4, 2))
    go(world, second, "市教育局", date(2022, 6, 20))
    with as_(world.viewer(OFFICER)) as by:
        listed = list(visits(by))
        assert [(row.on, times_visited(by, listed)[row.pk]) for row in listed if row.organisation.name == "市教育局"] == [
            (date(2022, 6, 20), 3), (date(2022, 4, 2), 2), (date(2022, 3, 10), 1),
        ]  # fmt: skip
    client = Client()
    client.force_login(world.users[OFFICER])
    shown = client.get(f"/desk/rounds/{first.uid}/").content.decode()
    assert isinstance(again, Visit)
    assert ("走访2次" in shown, shown.count("本轮第2次"), f"act=amend-visit&amp;on={again.pk}" in shown) == (
        True,
        1,
        True,
    )
    assert "走访2次" not in client.get(f"/desk/rounds/{second.uid}/").content.decode()
    with as_(world.viewer(OFFICER)) as by:
        withdraw_visit(visit=again, by=by, reason="未成行")
        assert max(times_visited(by, list(visits(by))).values()) == 2


def test_the_register_of_visits_asks_no_more_for_more_rows(world: World) -> None:
    activity, client = manned(world, "市教育局", "市财政局"), Client()
    client.force_login(world.users[OFFICER])
    go(world, activity, "市教育局")
    place = "/desk/rounds/?tab=visits&year=2022"
    few = questions(client, [place])
    for number in (1, 2, 3):
        go(world, activity, "市财政局", date(2022, 4, number))
        go(world, manned(world, "市教育局"), "市教育局", date(2022, 5, number))
    shown = client.get(place).content.decode()
    assert (shown.count("市财政局") >= 3, "/desk/rounds/import/" in shown) == (True, True)
    assert grown(few, questions(client, few)) == {}
