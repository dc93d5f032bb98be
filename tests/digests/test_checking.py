"""A typed bulletin: which figures do not add up."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from jiandu.results.digests.agreeing import Cell
from jiandu.results.digests.checking import Checked, check
from jiandu.results.digests.shares import percentages
from jiandu.results.digests.typed import Unreadable, read

# The quarterly text of Wenshan, 2018, as it was printed: 401 of formerly 687 is called 268 fewer.
WENSHAN = """表,行,列,数
总体,总量,本期,550
总体,其中上级转办,本期,246
业务范围,业务范围内,本期,401
业务范围,业务范围内,上年同期,687
业务范围,业务范围内,增减,-268
次数,初次,件数,362
次数,重复,件数,39
次数,合计,件数,401
方式,来信,占比,73%
方式,来访,占比,7%
方式,来电,占比,2%
方式,网络,占比,18%
"""


def typed(folder: Path, text: str) -> Checked:
    path = folder / "bulletin.csv"
    path.write_text(text, encoding="utf-8")
    return check(read(path))


def lines(folder: Path, *rows: str) -> Checked:
    return typed(folder, "\n".join(["row,column,figure", *rows]))


def told(checked: Checked) -> list[tuple[str, str, str]]:
    return [(fault.rule, fault.said, fault.should) for fault in checked.faults]


def test_the_printed_quarter_is_found_wrong_where_it_is(tmp_path: Path) -> None:
    checked = typed(tmp_path, WENSHAN)
    (fault,) = checked.faults
    assert (fault.rule, fault.said, fault.should) == ("change", "-268", "-286")
    assert [(cell.place, cell.line) for cell in fault.cells] == [
        ("业务范围内·增减", 6),
        ("业务范围内·本期", 4),
        ("业务范围内·上年同期", 5),
    ]
    assert "687到401应为-286" in fault.chinese
    assert (checked.pairs, checked.unchecked) == (4, [])
    assert typed(tmp_path, WENSHAN.replace("-268", "-286")).faults == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["来信,件数,3", "来访,件数,4", "合计,件数,8"], [("sum", "8", "7")]),
        (["甲,初次,3", "甲,重复,4", "甲,合计,8"], [("sum", "8", "7")]),
        (["甲,件,1", "乙,件,2", "业务内小计,件,4", "丙,件,5", "业务外小计,件,5", "合计,件,8"], [("sum", "4", "3")]),
        (["来信,件数,3", "来访,件数,4", "署名率,件数,40%", "人均,件数,2", "信访总量,件数,7"], []),
        (["总量,件数,550", "业务范围内,件数,401"], []),  # one part is not all
        (["总量,件数,400", "业务范围内,件数,401"], [("part", "401", "<= 400")]),
        (["本期,来信,80", "上年同期,来信,100", "同比,来信,-21%"], [("rate", "-21%", "-20%")]),  # turned
        (["甲,占用面积,3", "乙,占用面积,4", "合计,占用面积,7"], []),
        (["合计,件数,8", "其中署名,件数,9"], [("part", "9", "<= 8")]),
        (["甲,件数,8", "甲,其中署名,9"], [("part", "9", "<= 8")]),
        (["甲,件数,3", "甲,占比,31%", "乙,件数,7", "乙,占比,69%"], [("share", "31%", "30%"), ("share", "69%", "70%")]),
        (["甲,件数,3", "合计,件数,10", "乙,件数,7", "甲,占比,30.0%", "乙,占比,70.0%"], []),
        (["甲,占比,50%", "乙,占比,49%"], [("shares", "99%", "100%")]),
        (["甲,占比,50%", "乙,占比,48%"], [("shares", "98%", "100%")]),
        (["甲,本期,120", "甲,上年同期,100", "甲,同比,21%"], [("rate", "21%", "+20%")]),
        (["甲,本期,120", "甲,上期,110", "甲,上年同期,100", "甲,同比,20%", "甲,环比,9.1%"], []),
        (["甲,本期,120", "甲,上期,110", "甲,上年同期,100", "甲,同比,9.1%"], [("rate", "9.1%", "+20.0%")]),
        (["甲,本期,80", "甲,上年同期,100", "甲,下降,20"], []),
        (["甲,本期,80", "甲,上年同期,100", "甲,下降,20%"], []),
        (["甲,本期,80", "甲,上年同期,100", "甲,同比增减,20"], [("change", "20", "-20")]),
        (["甲,本期,80", "甲,上年同期,0", "甲,同比,80%"], [("rate", "80%", "–")]),
        (["甲,本期,1203", '甲,上年同期,"1,000"', "甲,同比,20.3"], []),  # without a sign
        (["甲,办结率,95%", "乙,办结率,100%", "甲,满意度,90%", "乙,满意度,80%"], []),  # of no whole together
        (["甲,应办,20", "甲,办结,19", "甲,办结率,95%"], []),
        (["甲,应办,20", "甲,办结,19", "甲,办结率,96%"], [("share", "96%", "95%")]),
        (["甲,实名,35", "甲,匿名,65", "甲,实名率,35%"], []),
        (["甲,实名,35", "甲,匿名,65", "甲,实名率,40%"], [("share", "40%", "54%")]),
        (["甲,本期,890", "甲,上年同期,887", "甲,同比,持平", "乙,本期,9", "乙,上年同期,6", "乙,同比,上升50%"], []),
        (
            ["甲,本期,8", "甲,上年同期,6", "甲,同比,持平", "乙,本期,9", "乙,上年同期,6", "乙,同比,上升50%"],
            [("rate", "0%", "+33%")],
        ),
        (["甲,占比,50%", "乙,占比,50%", "合计,占比,100%"], []),
        (["甲,占比,50%", "乙,占比,50%", "合计,占比,98%"], [("shares", "98%", "100%")]),
        (["总量,增减,20", "检举控告,增减,50"], []),  # a part may rise by more than the whole
        (["总量,增减,-20", "其中检举控告,增减,-10"], []),
        (["甲,2024年,120", "甲,2023年,100", "甲,同比,20%"], []),
        (["甲,2024年,120", "甲,2023年,100", "甲,同比,25%"], [("rate", "25%", "+20%")]),
        (["甲,2024年1-6月,120", "甲,2023年上半年,100", "甲,同比增长,20%"], []),
        (["甲,2024年3月件数,120", "甲,2024年2月件数,100", "甲,环比,21%"], [("rate", "21%", "+20%")]),
        (["甲,2024年一季度,120", "甲,2023年四季度,100", "甲,增减,20"], []),
        (["甲,2024年一季度,120", "甲,2023年全年,100", "甲,同比,20%"], [("period", "20%", "–")]),
        (["甲,2024年3月,120", "甲,2024年2月,100", "甲,同比,20%"], [("period", "20%", "–")]),
        (["甲,2024年下半年,120", "甲,2023年,100", "甲,同比,20%"], []),  # not known: told as not reached
        (["甲,本期,401", "甲,上年同期,687", "甲,同比,下降41.6%"], []),
        (["甲,本期,401", "甲,上年同期,687", "甲,同比,下降40%"], [("rate", "-40%", "-42%")]),
        (["甲,本期,80", "甲,上年同期,100", "甲,下降,下降20%"], []),
        (["甲,本期,30", "甲,上年同期,30", "甲,增减,持平"], []),
        (["实名率,本期,35.2%", "实名率,上年同期,30%", "实名率,同比,上升5.2个百分点"], []),
        (["实名率,本期,35.2%", "实名率,上年同期,30.0%", "实名率,同比,17.3%"], []),  # the rate of the rate
        (
            ["实名率,本期,35.2%", "实名率,上年同期,30.0%", "实名率,同比,上升4.2个百分点"],
            [("change", "4.2个百分点", "+5.2个百分点")],
        ),
        (["甲,件数,1.2万件", "乙,件数,8000", "丙,件数,—", "合计,件数,2万"], []),
    ],
)  # fmt: skip
def test_each_rule_tells_right_from_wrong(
    tmp_path: Path, rows: Sequence[str], said: list[tuple[str, str, str]]
) -> None:
    assert told(lines(tmp_path, *rows)) == said


def test_shares_that_miss_a_hundred_by_rounding_are_told_apart(tmp_path: Path) -> None:
    thirds = ["甲,占比,33.3%", "乙,占比,33.3%", "丙,占比,33.3%"]
    assert [(fault.said, fault.rounding) for fault in lines(tmp_path, *thirds).faults] == [("99.9%", True)]
    assert [fault.rounding for fault in lines(tmp_path, *thirds[:2], "丙,占比,32.3%").faults] == [False]


def test_figures_that_no_rule_reaches_are_told(tmp_path: Path) -> None:
    checked = lines(tmp_path, "署名,件数,99", "甲,同比,5%")
    assert (checked.pairs, [cell.place for cell in checked.unchecked]) == (0, ["署名·件数", "甲·同比"])


def test_percentages_of_a_spreadsheet_are_read_as_they_show(tmp_path: Path) -> None:
    book, content = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in [("行", "列", "数"), ("甲", "件数", 3), ("乙", "件数", 6), ("甲", "占比", 1 / 3), ("乙", "占比", 2 / 3)]:
        sheet.append(row)
    book.save(content)
    path = tmp_path / "bulletin.xlsx"
    path.write_bytes(content.getvalue())
    checked = check(read(path))
    assert (checked.faults, checked.pairs) == ([], 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("row,column\n甲,件数\n", [(1, None)]),
        ("row,column,figure,figure\n甲,件数,1,2\n", [(1, None)]),
        ("row,column,figure\n", [(None, None)]),
        ("", [(None, None)]),
        ("row,column,figure\n甲,件数,三\n,件数,4\n甲,,5\n", [(2, "C"), (3, "A"), (4, "B")]),
        ("row,column,figure\n甲,件数,3\n甲,件数,4\n", [(3, "B")]),
        ("row,column,figure\n甲,件数,1e9\n", [(2, "C")]),
        ("row,column,figure\n甲,件数\n", [(2, "C")]),
        ("row,column,figure\n甲,件数,1,234\n", [(2, "D")]),
        ("row,column,figure\n甲,同比,下降-5%\n", [(2, "C")]),
    ],
)
def test_what_cannot_be_read_names_row_and_column(tmp_path: Path, text: str, said: list[tuple[object, object]]) -> None:
    with pytest.raises(Unreadable) as refused:
        typed(tmp_path, text)
    assert [(each.get("row"), each.get("column")) for each in refused.value.errors] == said
    assert all(" · " in each["reason"] for each in refused.value.errors)


def quarter(counts: list[int], former: list[int]) -> list[tuple[str, str, str]]:
    """A bulletin whose figures the house's own arithmetic made."""
    names = [f"来源{place}" for place in range(len(counts))]
    rows = [
        (name, column, str(value))
        for column, values in (("本期", counts), ("上年同期", former))
        for name, value in zip(names, values, strict=True)
    ]
    rows += [("合计", "本期", str(sum(counts))), ("合计", "上年同期", str(sum(former)))]
    rows += [(name, "增减", str(now - before)) for name, now, before in zip(names, counts, former, strict=True)]
    shares = percentages(counts) or []
    return rows + [(name, "占比", f"{share}%") for name, share in zip(names, shares, strict=False)]


COUNTS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), min_size=2, max_size=6)


def cells(rows: list[tuple[str, str, str]]) -> list[Cell]:
    from decimal import Decimal

    return [
        Cell("", row, column, Decimal(figure.rstrip("%")), figure.endswith("%"), line)
        for line, (row, column, figure) in enumerate(rows, start=2)
    ]


@given(COUNTS)
def test_what_the_house_counts_adds_up(pairs: list[tuple[int, int]]) -> None:
    assert check(cells(quarter([now for now, _before in pairs], [before for _now, before in pairs]))).faults == []


@given(COUNTS, st.data(), st.integers(2, 50))
def test_control_any_one_figure_changed_is_found(pairs: list[tuple[int, int]], data: st.DataObject, more: int) -> None:
    rows = quarter([now for now, _before in pairs], [before for _now, before in pairs])
    place = data.draw(st.integers(0, len(rows) - 1))
    row, column, figure = rows[place]
    number, sign = (figure.rstrip("%"), "%") if figure.endswith("%") else (figure, "")
    rows[place] = (row, column, f"{float(number) + more:.1f}%" if sign else str(int(number) + more))
    faults = check(cells(rows)).faults
    assert any((row, column) in {(cell.row, cell.column) for cell in fault.cells} for fault in faults)
