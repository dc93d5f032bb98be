"""One row of a ledger into values: money counts in the unit of its header."""

import pytest

from jiandu.base.core.sheets.layout import Cell, Row
from jiandu.loop.workbooks.reading import read_line


@pytest.mark.parametrize(
    ("title", "value", "fen"),
    [
        ("涉及金额(元)", "3700", 3700_00),
        ("涉及金额", 3700, 3700_00),
        ("涉及金额(万元)", "0.37", 3700_00),
        ("涉及金额（万元）", 12.5, 125_000_00),
        ("涉及金额【万】", 3, 30_000_00),
        ("涉及金额(万元)", "3700元", 3700_00),  # the cell names its own unit
        ("涉及金额(万元)", "0.37万元", 3700_00),
        ("涉及金额(万元)", None, None),
    ],
)
def test_money_counts_in_the_unit_of_its_header(title: str, value: object, fen: int | None) -> None:
    row = Row("台账", 3, {"amount": Cell(value, "L", title)})  # type: ignore[arg-type]
    line = read_line(row, {"amount": "L"}, required=())
    wrong = [problem.reason for problem in line.problems if problem.column == "L"]
    assert (line.amount_fen, wrong) == (fen, [])
