"""What the writer writes the reader reads: texts, numbers, days, moments; and what stands above the table is found again."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.core.sheets.here import here

from jiandu.base.core.sheets import Column, OutColumn, Plan, find_table, write_csv, write_xlsx
from jiandu.base.core.sheets.cells import column_index, letters, printable

TEXT = OutColumn("文字")
#: What a cell can hold: no control characters, which are removed; blanks at the ends are a matter for the importer.
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"], include_characters="\n"), min_size=1, max_size=60)
ACTIVE = "=+-@＝＋－＠"


def written(plan: Plan, *rows: tuple[object, ...]) -> bytes:
    out = io.BytesIO()
    assert write_xlsx(out, plan, rows) == len(rows)  # type: ignore[arg-type]
    return out.getvalue()


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5))
def test_texts_come_back_as_they_went(texts: list[str]) -> None:
    data = written(Plan("表", [TEXT]), *((text,) for text in texts))
    values = [row.values[0] if row.values else None for row in here(data)[2:]]
    assert values == [printable(text) for text in texts]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ACTIVE), WORDS)
def test_active_texts_are_texts_to_a_spreadsheet_and_themselves_to_us(sign: str, rest: str) -> None:
    data = written(Plan("表", [TEXT]), (sign + rest,))
    cell = load_workbook(io.BytesIO(data)).active["A3"]
    assert (cell.data_type, str(cell.value)[0]) == ("s", "'")
    assert here(data)[2].values == [printable(sign + rest)]


@settings(max_examples=150, deadline=None)
@given(st.integers(-(10**15) + 1, 10**15 - 1), st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_numbers_and_days_come_back_exactly(number: int, day: date) -> None:
    plan = Plan("表", [OutColumn("数", "number"), OutColumn("额", "money"), OutColumn("日", "date")])
    data = written(plan, (number, Decimal(number) / 100, day))
    whole, money, back = here(data)[2].values
    assert (whole, back) == (number, day)
    assert abs(Decimal(str(money)) - Decimal(number) / 100) < Decimal("0.01")


@settings(max_examples=100, deadline=None)
@given(st.datetimes(datetime(1901, 1, 1), datetime(2199, 12, 31)))
def test_moments_come_back_to_the_second(moment: datetime) -> None:
    (_, _, row) = here(written(Plan("表", [OutColumn("时刻", "date")]), (moment,)))
    (back,) = row.values
    stands_for = back if isinstance(back, datetime) else datetime.combine(back, datetime.min.time())  # type: ignore[arg-type]
    assert abs(stands_for - moment) <= timedelta(seconds=1)


@given(st.integers(1, 16_384))
def test_column_letters_are_numbers_and_back(index: int) -> None:
    assert column_index(letters(index)) == index


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4))
def test_csv_says_what_the_workbook_says(texts: list[str]) -> None:
    plan = Plan("表", [TEXT, OutColumn("又")])
    rows = [(text, "尾") for text in texts]
    out = io.BytesIO()
    write_csv(out, plan, rows)
    assert out.getvalue().startswith(b"\xef\xbb\xbf")
    from_csv = [row.values for row in here(out.getvalue())[2:]]
    assert from_csv == [row.values for row in here(written(plan, *rows))[2:]]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.booleans(), st.booleans(), st.integers(0, 6))
def test_the_table_is_found_under_whatever_stands_above(count: int, marked: bool, told: bool, rows: int) -> None:
    titles = [f"栏目{letters(at + 1)}" for at in range(count)]
    plan = Plan(
        "二〇二二年度台账",
        [*(OutColumn(title) for title in titles), OutColumn.row_id()],
        facts=(("单位", "市教育局"), ("年度", "2022")) if told else (),
        watermark="张三 2022-01-01 导出编号 7" if marked else "",
    )
    data = written(plan, *((*(f"{at}-{row}" for at in range(count)), f"id{row}") for row in range(rows)))
    table = find_table(here(data), [Column(title, (title,), required=True) for title in titles])
    assert (table.title, table.facts.get("单位")) == ("二〇二二年度台账", "市教育局" if told else None)
    found = list(table)
    assert [row.row_id for row in found] == [f"id{row}" for row in range(rows)]
    assert [[cell.text for cell in row.cells.values()] for row in found] == [
        [f"{at}-{row}" for at in range(count)] for row in range(rows)
    ]


FORM = Plan(
    "反馈表",
    [
        OutColumn("编号"),
        OutColumn("进展", "number", is_asked=True, most=100),
        OutColumn("结果", is_asked=True, choices=("是", "否")),
        OutColumn("日期", "date", is_asked=True),
        OutColumn.row_id(),
    ],
    asks=("填报人",),
    is_wide=True,
)


def test_a_form_locks_what_is_not_asked_and_checks_what_is() -> None:
    sheet = load_workbook(io.BytesIO(written(FORM, ("一", None, "", None, "x")))).active
    assert sheet.protection.sheet
    assert [sheet.cell(4, column).protection.locked for column in range(1, 6)] == [True, False, False, False, True]
    rules = {
        str(rule.sqref): (rule.type, rule.formula1, rule.formula2) for rule in sheet.data_validations.dataValidation
    }
    assert rules == {"B4": ("whole", "0", "100"), "C4": ("list", '"是,否"', None), "D4": ("date", "61", None)}
    assert (sheet.page_setup.paperSize, sheet.column_dimensions["E"].hidden) == (8, True)
    assert sheet.print_title_rows == "$1:$3"


@pytest.mark.parametrize(("answer", "told"), [("张三", "张三"), (None, "")])
def test_what_is_asked_above_a_form_is_read_as_a_fact(answer: str | None, told: str) -> None:
    workbook = load_workbook(io.BytesIO(written(FORM, ("一", 5, "是", None, "x"))))
    sheet = workbook.active
    asked = next(cell for cell in sheet[2] if cell.value == "填报人:")
    sheet.cell(asked.row, asked.column + 1).value = answer
    out = io.BytesIO()
    workbook.save(out)
    table = find_table(here(out.getvalue()), [Column("编号", ("编号",), required=True), Column("进展", ("进展",))])
    assert table.facts.get("填报人", "") == told
    assert [row.cells["进展"].value for row in table] == [5]


def test_a_row_is_as_tall_as_its_longest_text() -> None:
    plan = Plan("表", [OutColumn("文字", width=20)])
    sheet = load_workbook(io.BytesIO(written(plan, ("短",), ("长" * 45,), ("一\n二\n三",)))).active
    assert [sheet.row_dimensions[number].height for number in (3, 4, 5)] == [None, 75, 45]


def test_a_row_of_another_length_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="argument"):
        written(Plan("表", [TEXT, TEXT]), ("一",))
