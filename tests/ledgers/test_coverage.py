"""A department's monthly sheet: taken in whole or not at all, corrected by the next one, in Excel both ways."""

import io
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.ledgers.estates import NOVEMBER, OFFICE, Q3, estate, new, rule_of, shown, street, value
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import OutColumn, Plan, find_table, read_rows, write_xlsx
from jiandu.results.analysis.measures.registry import Ask
from jiandu.sources.ledgers import duty
from jiandu.sources.ledgers.models import Estate, Posting, Statement
from jiandu.sources.ledgers.selectors import Narrowed, coverage, estates, reports
from jiandu.sources.ledgers.services.coverage import NewReport, Shown, Told, confirm_report, take_report
from jiandu.sources.ledgers.services.publishing import Sums
from jiandu.sources.ledgers.sheet import COLUMNS, Sent, take_sheet, write_sheet

UP = (Shown("online", date(2022, 10, 20)),)


def told(world: World, number: int, **more: Any) -> Told:
    said: dict[str, Any] = {"is_detailed": True, "shown": UP, **more}
    return Told(new(world, f"XQ{number:04d}"), **said)


def report(world: World, name: str = "甲", **more: Any) -> NewReport:
    said: dict[str, Any] = {"period": Q3, "as_of": NOVEMBER, "name": f"{name}.xlsx", "sha256": name, **more}
    return NewReport(office=world.offices[OFFICE], **said)


def test_a_months_sheet_of_fifteen_hundred_estates_is_taken_at_once(city: World) -> None:
    rows = [told(city, number, shown=UP if number < 1293 else ()) for number in range(1500)]
    begun = time.perf_counter()
    with as_(SYSTEM) as by:
        made, change = take_report(new=report(city), rows=rows, by=by)
    assert time.perf_counter() - begun < 30
    assert (made.rows, change.estates, change.postings, change.corrected) == (1500, 1500, 1293, 0)
    assert (value(), value("estates_due")) == (1293, 1500)
    with as_(SYSTEM) as by:
        _, again = take_report(new=report(city, "乙"), rows=rows, by=by)
        assert again.total == 0
        places = [(one.place, one.due, one.detailed, one.both, one.missing) for one in coverage(by, NOVEMBER)]
        assert places == [("思明区", 1500, 1293, 0, 207)]
        assert estates(by, NOVEMBER, Narrowed(gap="missing")).count() == 207


def test_a_later_sheet_corrects_and_never_deletes(city: World) -> None:
    with as_(SYSTEM) as by:
        take_report(new=report(city), rows=[told(city, 1, sums=Sums(0, 100, 0, 100)), told(city, 2)], by=by)
        only_totals = told(city, 1, is_detailed=False, sums=Sums(0, 90, 0, 90))
        lapsed = told(city, 2, shown=(Shown("online", date(2022, 10, 20), date(2022, 11, 20)),))
        _, change = take_report(new=report(city, "乙"), rows=[only_totals, lapsed], by=by)
        assert (change.estates, change.postings, change.statements, change.corrected) == (0, 0, 0, 3)
        assert (Posting.objects.count(), Statement.objects.count()) == (3, 2)
    days = (date(2022, 11, 19), date(2022, 11, 29), NOVEMBER)  # what a sheet corrects, it corrects from its own day on
    assert [value(ask=Ask(2022, day)) for day in days] == [2, 1, 0]
    with as_(SYSTEM) as by:
        ended = told(city, 1, shown=(), until=date(2022, 11, 1))
        take_report(new=report(city, "丙"), rows=[ended], by=by)
    assert value("estates_due") == 1


def test_a_sheet_is_taken_once_and_has_each_estate_once(city: World) -> None:
    with as_(SYSTEM) as by:
        take_report(new=report(city), rows=[told(city, 1)], by=by)
        assert rule_of(lambda: take_report(new=report(city), rows=[told(city, 1)], by=by)) == "report-once"
        twice = [told(city, 3), told(city, 3)]
        assert rule_of(lambda: take_report(new=report(city, "乙"), rows=twice, by=by)) == "estate-twice"
        assert Estate.objects.count() == 1
    with as_(city.viewer("经办人丁")) as by:
        assert rule_of(lambda: take_report(new=report(city, "乙"), rows=[told(city, 4)], by=by)) == "not-allowed"


def test_the_department_confirms_its_sheet_once(city: World) -> None:
    with as_(SYSTEM) as by:
        made, _ = take_report(new=report(city), rows=[told(city, 1)], by=by)
        assert made.confirmed_on is None
        said = {"report": made, "by": by, "on": date(2022, 12, 2), "name": "王某"}
        confirm_report(**said)
        assert rule_of(lambda: confirm_report(**said)) == "already-decided"
        assert [row.confirmed_by for row in reports(by)] == ["王某"]


HEAD = (
    "小区编号",
    "小区名称",
    "区",
    "镇(街道)",
    "公示内容",
    "线上公示日期",
    "线下公示日期",
    "期初余额(元)",
    "本期收入(元)",
    "本期支出(元)",
    "期末余额(元)",
    "在册起",
)
PERIOD = ("公示周期末日", "2022-09-30")


def good() -> tuple[Any, ...]:
    place = ("A1", "甲小区", "思明区", street().name)
    return (*place, "明细", date(2022, 10, 20), None, 100, 50.5, 10, 140.5, date(2021, 1, 1))


def book(path: Path, *rows: tuple[Any, ...], facts: tuple[tuple[str, str], ...] = (PERIOD,)) -> Path:
    with path.open("wb") as out:
        write_xlsx(out, Plan("公示情况", [OutColumn(title) for title in HEAD], facts=facts), rows)
    return path


def sent(world: World) -> Sent:
    return Sent(world.offices[OFFICE], NOVEMBER, world.units["市财政局"])


def test_excel_in(city: World, tmp_path: Path) -> None:
    facts = (PERIOD, ("部门确认人", "王某"), ("部门确认日期", "2022-12-02"))
    with as_(SYSTEM) as by:
        path = book(tmp_path / "a.xlsx", good(), facts=facts)
        made, change = take_sheet(path=path, name="a.xlsx", sent=sent(city), by=by)
        one = Estate.objects.get()
        assert (change.total, made.confirmed_by) == (3, "王某")
        assert (one.subject, one.since) == (city.units["市财政局"], date(2021, 1, 1))
        statement = Statement.objects.get()
        assert (statement.income_fen, statement.off_fen) == (50_50, 0)
    assert value() == 1


@pytest.mark.parametrize(
    ("place", "wrong", "words"),
    [
        (2, "无此区", "“区”没有登记过这个区"),
        (3, "无此街道", "“镇(街道)”没有登记过"),
        (4, "部分", "“公示内容”应为明细或仅总额"),
        (5, "上月", "“线上公示日期”"),
        (5, "2099-01-01", "“线上公示日期”日期晚于今天"),
        (0, None, "“小区编号”必填"),
        (7, None, "“期初余额(元)”余额和收支四项应同时填写"),
    ],
)
def test_excel_with_a_wrong_cell_is_refused_whole(
    city: World, tmp_path: Path, place: int, wrong: Any, words: str
) -> None:
    right = good()
    bad = [*right]
    bad[0], bad[place] = "A2", wrong
    with as_(SYSTEM) as by:
        path = book(tmp_path / "a.xlsx", right, tuple(bad))
        with pytest.raises(Refused) as refused:
            take_sheet(path=path, name="a.xlsx", sent=sent(city), by=by)
        assert (refused.value.rule, words in str(refused.value)) == ("sheet-problems", True), str(refused.value)
        assert Estate.objects.count() == 0


def test_excel_out_comes_back_unchanged(city: World, tmp_path: Path) -> None:
    for number in range(3):
        one = estate(city, f"XQ{number}")
        if number:
            period = duty.latest_due(today())
            shown(one, on=duty.due_on(period), period=period)
    out, path = io.BytesIO(), tmp_path / "out.xlsx"
    with as_(SYSTEM) as by:
        assert write_sheet(by, today(), out) == 3
        path.write_bytes(out.getvalue())
        with read_rows(path) as rows:
            table = find_table(rows, COLUMNS)
            assert ([row.cells["code"].text for row in table], list(table.missing)) == (["XQ0", "XQ1", "XQ2"], [])
        _, change = take_sheet(path=path, name="out.xlsx", sent=sent(city), by=by)
        assert change.total == 0
