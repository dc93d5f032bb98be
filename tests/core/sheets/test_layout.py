"""Tables are found where people put them, and every cell knows its place."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from jiandu.base.core.sheets import (
    LARGE,
    CellProblem,
    Column,
    Fault,
    RawRow,
    SheetRefused,
    Table,
    Value,
    find_table,
    read_rows,
)

SAMPLE = Path("/work/shared/reference/project_ledger_2022.xlsx")
CODE = Column("code", ("问题编号", "编号"), required=True)
FOUND = Column("found_on", ("登记日期", "发现时间"), required=True)
AMOUNT = Column("amount", ("涉及金额(元)", "金额"))
COLUMNS = (CODE, FOUND, AMOUNT)


def _table(*rows: Sequence[Value], columns: Sequence[Column] = COLUMNS, sheet: str = "表") -> Table:
    return find_table((RawRow(sheet, at, list(row)) for at, row in enumerate(rows, start=1)), columns)


HEADER = ("问题编号", "登记日期", "涉及金额(元)")


@pytest.mark.skipif(not SAMPLE.exists(), reason="the reference ledger is not here")
def test_reads_the_reference_ledger() -> None:
    columns = [*COLUMNS, Column("unit", ("责任单位",), required=True), Column("rules", ("建章立制",))]
    with read_rows(SAMPLE) as rows:
        table = find_table(rows, columns)
        data = list(table)
    assert (table.sheet, table.header_row, table.title) == ("问题台账", 3, "2022年度政治监督项目问题台账")
    assert table.facts == {"填报单位": "市纪委监委", "统计截止": "2022年12月31日"}
    assert {key: place.letter for key, place in table.placed.items()} == {
        "code": "B",
        "found_on": "C",
        "unit": "I",
        "amount": "M",
        "rules": "X",
    }
    assert len(table.unknown) == 23
    assert table.unknown[0] == ("A", "序号")
    assert (len(data), data[0].number, data[-1].number) == (256, 4, 259)
    assert data[1].cells["amount"] == ("37,900", "M", "涉及金额(元)")
    assert data[2].cells["found_on"].value == date(2022, 4, 22)
    assert [skipped.kind for skipped in table.skipped] == ["total"]
    assert table.also == []


@pytest.mark.parametrize(
    "header",
    [
        ("问题编号", "登记日期", "涉及金额（元）"),
        (" 问题 编号 ", "登记\n日期", "涉及金额( 元 )"),
        ("*编号", "发现时间(必填)", "涉及金额（万元）"),
        ("问题编号*", "登记日期（选填）", "金额【元】"),
        ("问题\u200b编号", "发现时间", "ｶ金额"),
    ],
)
def test_matches_titles_as_people_write_them(header: tuple[str, ...]) -> None:
    table = _table(header, ("A-1", "2022-01-01", 5))
    assert [place.letter for place in table.placed.values()][:2] == ["A", "B"]
    assert [row.cells["code"].value for row in table] == ["A-1"]


def test_tells_the_unit_of_a_column() -> None:
    assert _table(("编号", "登记日期", "金额（万元）")).placed["amount"].unit == "万元"
    assert _table(("编号", "登记日期", "金额")).placed["amount"].unit == ""


def test_prefers_the_column_that_is_asked_for_by_its_unit() -> None:
    table = _table(("编号", "登记日期", "涉及金额(万元)", "涉及金额(元)"))
    assert table.placed["amount"].letter == "D"
    assert table.unknown == (("C", "涉及金额(万元)"),)


def test_reads_a_header_of_two_rows() -> None:
    columns = (CODE, Column("due", ("整改时限",)), Column("owner", ("责任人",)), Column("back", ("回头看日期",)))
    table = _table(
        ("编号", "整改", None, "回头看", None),
        (None, "时限", "责任人", "日期", "备注"),
        ("A-1", "2022-05-01", "林䶮", "2022-09-01", None),
        columns=columns,
    )
    assert {key: place.title for key, place in table.placed.items()} == {
        "code": "编号",
        "due": "整改/时限",
        "owner": "整改/责任人",
        "back": "回头看/日期",
    }
    assert table.unknown == (("E", "回头看/备注"),)
    (row,) = table
    assert (row.number, row.cells["due"].value, row.cells["due"].column) == (3, "2022-05-01", "B")


def test_reads_facts_and_title_above() -> None:
    table = _table(
        ("水印:张三 2026-11-23 12:30",),
        ("2022年台账",),
        ("填报 单位：市纪委  统计截止:2022年12月31日",),
        ("联系人:", None, "林䶮", "单位:万元"),
        HEADER,
    )
    assert table.title == "2022年台账"
    assert table.facts == {
        "水印": "张三 2026-11-23 12:30",
        "填报单位": "市纪委",
        "统计截止": "2022年12月31日",
        "联系人": "林䶮",
        "单位": "万元",
    }


def test_reports_missing_columns_and_gives_no_rows() -> None:
    table = _table(("编号", "金额", "备注"), ("A-1", 3, "x"))
    assert table.missing == (FOUND,)
    assert list(table) == []


def test_refuses_a_file_without_header() -> None:
    with pytest.raises(SheetRefused) as refused:
        _table(("随便", "写写"), ("编号", "x"))
    assert refused.value.message == (
        "没有找到表头。前 30 行内应有一行包含这些列名：问题编号、登记日期。请使用下载的模板填写。"
    )


def test_finds_a_single_column() -> None:
    assert [row.cells["code"].text for row in _table(("编号",), ("A",), columns=[CODE])] == ["A"]


def test_looks_at_thirty_rows() -> None:
    above = [("说明",)] * 29
    assert _table(*above, HEADER).header_row == 30
    with pytest.raises(SheetRefused):
        _table(*above, ("说明",), HEADER)


def test_skips_totals_footers_and_empty_rows() -> None:
    table = _table(
        HEADER,
        ("A-1", "2022-01-01", 5),
        ("小 计", None, 5),
        (None, " ", None),
        (None, "合计：", 5),
        ("A-2", "2022-01-02", 5),
        ("总计(元)", 1),
        ("填表人：林䶮", None, "审核人：张三"),
        ("合计表编制不规范", "2022-01-03"),
    )
    assert [row.number for row in table] == [2, 6, 9]
    assert [(skipped.number, skipped.kind, skipped.text) for skipped in table.skipped] == [
        (3, "total", "小 计 5"),
        (5, "total", "合计： 5"),
        (7, "total", "总计(元) 1"),
        (8, "footer", "填表人：林䶮 审核人：张三"),
    ]


@pytest.mark.parametrize("title", ["行标识(勿改)", "行标识（勿改）", "_jiandu_id"])
def test_keeps_the_stable_row_id(title: str) -> None:
    first, second = _table((*HEADER, title), ("A-1", "2022-01-01", 5, "k7"), ("A-2", "2022-01-01", 5))
    assert (first.row_id, second.row_id) == ("k7", "")
    assert list(first.cells) == ["code", "found_on", "amount"]


def test_takes_the_sheet_with_all_columns_and_names_the_others() -> None:
    rows = [
        RawRow("说明", 1, ["一个问题一行"]),
        RawRow("错误清单", 1, list(HEADER)),
        RawRow("半张", 1, ["编号", "金额"]),
        *(RawRow("半张", at, ["x", at]) for at in range(2, 50)),
        RawRow("一月", 3, list(HEADER)),
        RawRow("一月", 4, ["A-1", "2022-01-01"]),
        RawRow("二月", 1, list(HEADER)),
        RawRow("二月", 2, ["A-2", "2022-02-01"]),
        RawRow("三月", 1, ["无关"]),
    ]
    table = find_table(iter(rows), COLUMNS)
    assert [(row.sheet, row.number) for row in table] == [("一月", 4)]
    assert table.also == ["二月"]


def test_locates_a_problem() -> None:
    (row,) = _table(HEADER, ("A-1", Fault("error", "#REF!"), True))
    assert row.problem("found_on", "日期不可读") == CellProblem("表", 2, "B", "登记日期", "#REF!", "日期不可读")
    assert row.problem("amount", "x").value == "是"
    assert row.problem("nowhere", "x") == CellProblem("表", 2, "", "nowhere", "", "x")
    assert row.cells["found_on"].value.reason == "单元格是错误值 #REF!，请改正公式或填入数值"


def test_goes_through_json() -> None:
    problem = CellProblem("表", 2, "B", "登记日期", "x", "日期不可读")
    assert CellProblem.from_dict(problem.as_dict()) == problem


def test_finds_every_one_of_10000_malformed_rows() -> None:
    lines = ["问题编号,登记日期,金额"] + [f"A-{at},2022-13-{at % 40:02d},x{at}" for at in range(10_000)]
    with read_rows("\n".join(lines).encode(), limits=LARGE) as rows:
        problems = [row.problem("found_on", "日期不存在") for row in find_table(rows, COLUMNS)]
    assert [(problem.row, problem.column) for problem in problems] == [(at, "B") for at in range(2, 10_002)]
    assert problems[-1].value == "2022-13-39"
