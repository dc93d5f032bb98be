"""Whatever is written is read again, and whatever is broken is refused or located."""

import io
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.sheets.forge import book
from tests.core.sheets.here import here

from jiandu.base.core.sheets import (
    SMALL,
    Column,
    OutColumn,
    OutValue,
    Plan,
    SheetRefused,
    find_table,
    read_rows,
    write_csv,
    write_xlsx,
)
from jiandu.base.core.sheets.cells import column_index, letters, printable
from jiandu.base.core.sheets.precheck import inspect
from jiandu.base.core.sheets.process import scratch
from jiandu.base.core.sheets.reasons import REASONS

texts = st.text(max_size=40)
moments = st.datetimes(datetime.fromisoformat("1900-03-01"), datetime.fromisoformat("9999-12-30"))
values = st.one_of(
    st.none(),
    texts,
    st.integers(-(10**14), 10**14),
    st.floats(-1e14, 1e14),
    st.dates(date(1900, 3, 1)),
    moments.map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)),
)
tables = st.lists(st.lists(values, min_size=3, max_size=3), max_size=6)
many = settings(deadline=None, max_examples=150)


def _expected(value: OutValue) -> OutValue:
    if isinstance(value, str):
        return printable(value) or None
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value


def _filled(rows: Mapping[int, list[OutValue]]) -> dict[int, list[OutValue]]:
    trimmed = {}
    for number, row in rows.items():
        cells = list(row)
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            trimmed[number] = cells
    return trimmed


@many
@given(tables)
def test_reads_what_was_written_as_workbook(table: list[list[OutValue]]) -> None:
    out = io.BytesIO()
    write_xlsx(out, Plan("", [OutColumn(title, "number") for title in "甲乙丙"]), table)
    found = {row.number: row.values for row in here(out.getvalue()) if row.number > 1}
    assert found == _filled({at: [_expected(value) for value in row] for at, row in enumerate(table, start=2)})


@many
@given(st.lists(st.lists(texts, min_size=3, max_size=3), max_size=6))
def test_reads_what_was_written_as_csv(table: list[list[OutValue]]) -> None:
    out = io.BytesIO()
    write_csv(out, Plan("", [OutColumn(title) for title in ("甲", "乙", "丙")]), table)
    found = {row.number: row.values for row in here(out.getvalue()) if row.number > 1}
    assert found == _filled({at: [_expected(value) for value in row] for at, row in enumerate(table, start=2)})


@many
@given(
    above=st.integers(0, 8),
    order=st.permutations(["编号", "登记日期", "金额(元)", "备注", ""]),
    wrong=st.lists(st.integers(0, 11), unique=True),
    blanks=st.sets(st.integers(0, 11)),
)
def test_locates_each_wrong_cell(above: int, order: list[str], wrong: list[int], blanks: set[int]) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    header = above + 1
    for column, title in enumerate(order, start=1):
        sheet.cell(header, column, title or None)
    number = header
    for at in range(12):
        number += 2 if at in blanks else 1
        record = {
            "编号": f"A-{at}",
            "登记日期": f"坏{at}" if at in wrong else date(2022, 1, 1) + timedelta(at),
            "金额(元)": at,
        }
        for column, title in enumerate(order, start=1):
            sheet.cell(number, column, record.get(title))
    out = io.BytesIO()
    workbook.save(out)
    wanted = (
        Column("code", ("编号",), required=True),
        Column("on", ("登记日期",), required=True),
        Column("sum", ("金额",)),
    )
    table = find_table(here(out.getvalue()), wanted)
    problems = [row.problem("on", "不是日期") for row in table if isinstance(row.cells["on"].value, str)]
    assert table.header_row == header
    assert [sheet[f"{problem.column}{problem.row}"].value for problem in problems] == [
        f"坏{at}" for at in sorted(wrong)
    ]
    assert [problem.value for problem in problems] == [f"坏{at}" for at in sorted(wrong)]


HONEST = book('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
changes = st.lists(
    st.tuples(st.integers(0, len(HONEST) - 1), st.integers(0, 8), st.binary(max_size=8)), min_size=1, max_size=4
)


def _changed(edits: list[tuple[int, int, bytes]]) -> bytes:
    data = HONEST
    for at, length, put in edits:
        data = data[:at] + put + data[at + length :]
    return data


@settings(deadline=None, max_examples=500)
@given(edits=changes)
def test_checks_any_changed_archive_without_failing(edits: list[tuple[int, int, bytes]]) -> None:
    with scratch() as file:
        file.write(_changed(edits))
        file.flush()
        with suppress(SheetRefused):
            inspect(file.fileno(), SMALL)


def _outcome(data: bytes) -> str:
    try:
        with read_rows(data) as rows:
            return "".join(str(row.values) for row in rows)
    except SheetRefused as refused:
        return refused.code


@settings(deadline=None, max_examples=40)
@given(edits=changes)
def test_reads_or_refuses_any_changed_workbook(edits: list[tuple[int, int, bytes]]) -> None:
    outcome = _outcome(_changed(edits))
    assert outcome in ("", "['甲']") or outcome in REASONS.keys() - {"crashed"}


@settings(deadline=None, max_examples=40)
@given(st.binary(max_size=300))
def test_reads_or_refuses_any_bytes(data: bytes) -> None:
    assert _outcome(data) != "crashed"


@given(st.integers(1, 16_384))
def test_names_columns_as_excel_does(index: int) -> None:
    assert letters(index) == openpyxl.utils.get_column_letter(index)
    assert column_index(letters(index)) == index
