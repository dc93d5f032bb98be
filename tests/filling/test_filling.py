"""A superior's form is bound by its heads, filled for a month, and filled again for another: each number is its rows."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.core.sheets.test_filling import entries
from tests.filling.forms import by_months, monthly
from tests.world import SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import fill_form, read_form
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.outcomes.services import NewMoney, record_recovery
from jiandu.results.analysis.measures.registry import Ask, all_measures
from jiandu.results.analysis.points import Point, counted_at, rows_at
from jiandu.results.analysis.selectors import figure
from jiandu.results.filling.answering import remark, tell
from jiandu.results.filling.bindings import Binding, Period, packed, unpacked
from jiandu.results.filling.services import filled, proposed

FIRST, SECOND, DISTRICT = "第一监督检查室", "第二监督检查室", "思明区纪委监委"
OCTOBER, NOVEMBER, END = date(2022, 10, 12), date(2022, 11, 3), date(2022, 11, 30)
NAMES = ("市财政局", "市卫健委", "市住建局", "市交通局", "市水利局", "市农业局", "市商务局", "市文旅局", "市应急局", "市审计局", "市国资委",
         "市市场局", "市体育局", "市统计局", "市医保局", "市信访局", "市林业局", "市海洋局", "市民政局", "市人社局", "市资规局", "市生态局", "市气象局")  # fmt: skip


@pytest.fixture
def net(world: World) -> World:
    """The small net, and findings of two offices in two months."""
    with as_(SYSTEM) as by:
        load_defaults(by=by)
    project = world.project(members=(SECOND,))
    for on, office in ((OCTOBER, FIRST), (NOVEMBER, FIRST), (NOVEMBER, FIRST), (NOVEMBER, SECOND)):
        world.rectifying(activity=project, on=on, office=office)
    closed = world.closed(activity=project, on=OCTOBER, closed_on=NOVEMBER)
    with as_(SYSTEM) as by:
        record_recovery(finding=closed, by=by, new=NewMoney(1_234_500, NOVEMBER))
    return world


def offices(world: World) -> list[str]:
    """At most 28 that are ours, and one that is not: with the row of 合计, thirty rows."""
    there = [name for name in world.offices if name != "市纪委监委"]
    return [*there[:28], "其他单位"]


def page(content: bytes, title: str = "月报") -> Any:
    return load_workbook(io.BytesIO(content))[title]


def test_thirty_by_twelve_is_bound_by_its_heads_filled_and_filled_again(net: World) -> None:
    for name in NAMES:
        net.office(f"驻{name}纪检监察组", "stationed", "市纪委监委")
    blank = monthly(offices(net))
    with as_(SYSTEM) as by:
        bound, found = proposed(by, blank)
        first, told = filled(by, bound, Period(2022, 11), END)
        again, _ = filled(by, first.content if first else b"", Period(2022, 10), date(2022, 10, 31))
    assert first
    assert again
    rows = len(offices(net)) + 1
    # 360 cells: 41 by formula; of the rest, a column of another year and the row of somebody who is none of ours stay.
    formulas = sum(cell.data_type == "f" for row in page(blank)["B6:M35"] for cell in row)
    assert (rows * 12, formulas, len(found), len(told.answers), len(told.left)) == (360, 41, 280, 280, 39)
    sheet = page(first.content)
    told_columns = (2, 3, 4, 5, 6, 8)
    assert [sheet.cell(6, column).value for column in told_columns] == [2, 4, None, 0, 1, 1.2345]
    assert [sheet.cell(7, column).value for column in told_columns] == [1, 1, None, 0, 0, 0]
    assert [page(again.content).cell(6, column).value for column in told_columns] == [2, 2, None, 0, 0, 0]
    assert (sheet["D6"].fill.fgColor.rgb, sheet["B6"].fill.fgColor.rgb, sheet["M6"].value) == (
        "FFFFF2AB",
        "00000000",
        "=C6+J6",
    )
    touched = {"xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml",
               "xl/_rels/workbook.xml.rels"}  # fmt: skip
    before = entries(blank)
    for content in (first.content, again.content):
        assert {name for name, data in before.items() if entries(content)[name] != data} == touched
    with zipfile.ZipFile(io.BytesIO(blank)) as old, zipfile.ZipFile(io.BytesIO(first.content)) as new:
        name = "xl/worksheets/sheet1.xml"
        assert old.read(name).split(b"<sheetData>")[0] == new.read(name).split(b"<sheetData>")[0]
        assert old.read(name).split(b"<mergeCells")[1].split(b"</mergeCells>")[0] in new.read(name)


def test_a_protected_sheet_is_filled_and_stays_protected(net: World) -> None:
    """Superiors lock heads and formulas against slips of the hand; neither is ever written."""
    guarded: Any = load_workbook(io.BytesIO(monthly(offices(net))))
    guarded["月报"].protection.set_password("上级")
    guarded["月报"].protection.enable()
    out = io.BytesIO()
    guarded.save(out)
    with as_(SYSTEM) as by:
        done, _told = filled(by, proposed(by, out.getvalue())[0], Period(2022, 11), END)
    assert done
    sheet, before = page(done.content), page(out.getvalue())
    assert (sheet["B6"].value, sheet["M6"].value) == (2, "=C6+J6")
    assert (sheet.protection.sheet, sheet.protection.password) == (True, before.protection.password)


def test_each_comment_names_definition_and_date(net: World) -> None:
    with as_(SYSTEM) as by:
        done, _ = filled(by, proposed(by, monthly(offices(net)))[0], Period(2022, 11), END)
    assert done
    said = page(done.content)["B6"].comment.text.splitlines()
    definition = all_measures()["project_findings"].definition
    assert said == [
        f"项目发现问题（{FIRST}）",
        "期间：2022年11月（本月，同批）",
        f"口径：{definition}",
        "统计截止日：2022-11-30",
        "统计范围：全市；单位：个",
    ]
    assert page(done.content)["D6"].comment is None


def test_every_number_is_its_rows_and_in_the_viewers_scope(net: World) -> None:
    seen = {}
    with as_(SYSTEM) as by:
        form = read_form(proposed(by, monthly(offices(net)))[0])
    for viewer in (SYSTEM, net.viewer("区纪委书记")):
        with as_(viewer) as by:
            told = tell(by, form, unpacked(form.kept), Period(2022, 11), END)
            for answer in list(told.answers.values())[:20]:
                point = Point(answer.binding.key, answer.ask, answer.binding.within)
                assert rows_at(by, point).count() == answer.counted.rows
            first = told.answers["月报", (6, 3)]
            seen[told.scope] = (first.counted.value == 4, remark(told, first).splitlines()[-1])
    assert seen == {"全市": (True, "统计范围：全市；单位：个"), DISTRICT: (False, f"统计范围：{DISTRICT}；单位：个")}


def test_a_table_of_one_figure_by_months_is_bound_and_the_future_stays_empty(net: World) -> None:
    blank = by_months("2022年项目发现问题分月统计表", [FIRST, SECOND])
    with as_(SYSTEM) as by:
        bound, found = proposed(by, blank)
        done, told = filled(by, bound, Period(2022, 11), END)
    assert done
    assert {(one.key, one.within) for one in found} == {
        ("project_findings", (("office", name),)) for name in (FIRST, SECOND)
    }
    assert (len(found), len(told.answers), len(told.later), told.left) == (24, 22, 2, [])
    assert [page(done.content, "分月").cell(3, column).value for column in (10, 11, 12, 13)] == [0, 2, 2, None]


def test_what_is_not_understood_to_the_last_word_is_not_bound(net: World) -> None:
    blank = by_months("2022年项目发现问题分月统计表", [FIRST, f"{FIRST}（女干部）", "发现问题"])
    with as_(SYSTEM) as by:
        found = proposed(by, blank)[1]
    assert {one.at[0] for one in found} == {3, 5}  # the last names the figure once more


def bound_to(blank: bytes, *bindings: Binding) -> bytes:
    return fill_form(blank, [], kept=packed(bindings)).content


@pytest.mark.parametrize(
    ("binding", "rule"),
    [
        (Binding("月报", (6, 13), "project_findings", "month"), "此格是文字或公式，不能填数，请取消绑定"),
        (Binding("月报", (1, 2), "project_findings", "month"), "此格被合并单元格盖住，请绑定左上角的一格"),
        (Binding("没有", (6, 2), "project_findings", "month"), "没有这张工作表，或已隐藏"),
        (Binding("月报", (6, 2), "no_such", "month"), "没有这个统计指标:no_such"),
        (
            Binding("月报", (6, 2), "topics_concluded", "month"),
            "“结题完成的点题项目”是年度指标，没有当月数，请用本年累计",
        ),
        (Binding("月报", (6, 2), "projects", "month", (("aspect", "其他"),)), "“年度政治监督项目”不能按此分类:aspect"),
    ],
)
def test_a_cell_that_cannot_be_answered_is_named_and_nothing_is_filled(net: World, binding: Binding, rule: str) -> None:
    content = bound_to(monthly(offices(net)), binding, Binding("月报", (7, 2), "project_findings", "month"))
    with as_(SYSTEM) as by:
        done, told = filled(by, content, Period(2022, 11), END)
    (problem,) = told.problems
    assert (done, problem.sheet, problem.row, problem.value, problem.reason) == (
        None,
        binding.sheet,
        binding.at[0],
        binding.key,
        rule,
    )


def test_an_unbound_form_and_foreign_bindings_are_refused(net: World) -> None:
    blank = monthly(offices(net))
    for content, rule in ((blank, "unbound"), (fill_form(blank, [], kept='{"cells": [{}]}').content, "bindings")):
        with as_(SYSTEM) as by, pytest.raises(Refused) as refused:
            filled(by, content, Period(2022, 11), END)
        assert refused.value.rule == rule


@pytest.mark.parametrize("text", ["2022-13", "2022-0", "22-1", "2022年11月", "", "2200-01"])
def test_other_words_are_no_period(text: str) -> None:
    with pytest.raises(Refused):
        Period.read(text)


def test_a_period_has_its_days() -> None:
    assert (Period.read("2022-11"), Period.read("2022"), Period(2022, 2).end) == (
        Period(2022, 11), Period(2022, 12), date(2022, 2, 28))  # fmt: skip
    assert (Period(2022, 11).as_of(None), Period(2022, 11).as_of(date(2022, 12, 2))) == (END, date(2022, 12, 2))
    for period, day in (
        (Period(2022, 11), date(2022, 10, 31)),
        (Period(2022, 11), date(2099, 1, 1)),
        (Period(2099, 1), None),
    ):
        with pytest.raises(Refused):
            period.as_of(day)


def test_months_of_a_year_add_up_and_the_whole_is_the_year(net: World) -> None:
    """Every figure: from January to December is the year; a count of what happened is the sum of its months."""
    with as_(SYSTEM) as by:
        for one in all_measures().values():
            whole = Ask(2022, date(2022, 12, 31))
            value = figure(by, one.key, whole).value
            assert figure(by, one.key, Ask(2022, date(2022, 12, 31), first=1, last=12)).value == value
            if one.key in {"project_findings", "project_findings_rectified", "project_money_recovered", "projects"}:
                parts = [
                    figure(by, one.key, Ask(2022, date(2022, 12, 31), first=month, last=month)).value
                    for month in range(1, 13)
                ]
                assert (sum(parts), value > 0) == (value, True)


def test_money_of_a_month_counts_though_its_finding_is_of_an_earlier_one(net: World) -> None:
    ask = Ask(2022, END, first=11, last=11)
    points = [Point("project_money_recovered", ask), Point("project_findings_overdue", ask)]
    with as_(SYSTEM) as by:
        said = counted_at(by, points)
        whole = figure(by, "project_findings_overdue", ask.of_year)
        with pytest.raises(Refused):
            counted_at(by, [Point("project_findings", ask, (("street", "x"),))])
    assert (said[points[0]].value, said[points[1]].value) == (12_345, whole.value)


def test_bindings_are_read_as_they_were_written() -> None:
    those = [
        Binding("月报", (6, 2), "project_findings", "month", (("office", FIRST), ("aspect", "甲<&>")), 10_000),
        Binding("月报", (7, 2), "projects", "m3"),
    ]
    assert list(unpacked(packed(those)).values()) == those
    assert unpacked("") == {}
