"""What we write is what we meant, in every program, and never a formula."""

import csv
import io
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from tests.core.sheets.here import here

from jiandu.base.core.sheets import (
    Column,
    Fault,
    OutColumn,
    OutValue,
    Plan,
    find_table,
    read_rows,
    write_csv,
    write_xlsx,
)

ACTIVE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\x00=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "=cmd|'/c calc'!A0",
)
COLUMNS = (OutColumn.row_id(), OutColumn("编号"), OutColumn("登记日期", "date"), OutColumn("金额(元)", "money", 20))
PLAN = Plan("问题台账", COLUMNS, facts=[("填报单位", "市纪委")], notes=["一个问题一行", "=1"], watermark="张三 & 2026")


def written(plan: Plan, *rows: Sequence[OutValue]) -> io.BytesIO:
    """The workbook with these rows."""
    out = io.BytesIO()
    assert write_xlsx(out, plan, rows) == len(rows)
    out.seek(0)
    return out


def test_writes_what_find_table_reads() -> None:
    out = written(PLAN, ("k1", "A-1", date(2022, 3, 22), Decimal("37900.50")), ("k2", "A-2", "待定", None))
    with read_rows(out) as rows:
        table = find_table(
            rows, [Column("code", ("编号",), required=True), Column("on", ("登记日期",)), Column("sum", ("金额",))]
        )
        data = list(table)
    assert (table.title, table.facts) == ("问题台账", {"水印": "张三 & 2026", "填报单位": "市纪委"})
    assert table.placed["sum"].unit == "元"
    assert [row.row_id for row in data] == ["k1", "k2"]
    assert [[cell.value for cell in row.cells.values()] for row in data] == [
        ["A-1", date(2022, 3, 22), 37900.5],
        ["A-2", "待定", None],
    ]


def test_writes_formats_widths_and_panes() -> None:
    book = openpyxl.load_workbook(written(PLAN, ("k1", "A-1", date(2022, 3, 22), 37900)))
    sheet = book["问题台账"]
    assert [cell.value for cell in sheet["A"]] == [
        "水印:张三 & 2026",
        "问题台账",
        "填报单位:市纪委",
        "行标识(勿改)",
        "k1",
    ]
    assert (sheet["C5"].number_format, sheet["C5"].is_date) == (r"yyyy\-mm\-dd", True)
    assert (sheet["D5"].number_format, sheet["D5"].data_type) == ("#,##0.00", "n")
    assert (sheet["B5"].number_format, sheet["B5"].data_type) == ("@", "s")
    assert sheet["B4"].font.bold
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:D5"
    assert sheet.print_title_rows == "$1:$4"
    assert sheet.oddHeader.right.text == "张三 && 2026"
    assert [sheet.column_dimensions[letter].width for letter in "ABCD"] == [4, 18, 12, 20]
    assert sheet.column_dimensions["A"].hidden
    assert sorted(str(merged) for merged in sheet.merged_cells.ranges) == ["A1:D1", "A2:D2", "A3:D3"]
    assert [cell.value for cell in book["填表说明"]["A"]] == ["一个问题一行", "'=1"]


def test_writes_a_plain_table_without_the_lines_above() -> None:
    out = written(Plan("", [OutColumn("甲")]), ("一",))
    sheet = openpyxl.load_workbook(out).active
    assert (sheet.title, sheet["A1"].value, sheet["A2"].value, sheet.freeze_panes) == ("Sheet", "甲", "一", "A2")


@pytest.mark.parametrize("text", ACTIVE)
def test_never_writes_a_formula(text: str) -> None:
    plan = Plan(text, [OutColumn(text), OutColumn("乙", "money")], facts=[(text, text)], notes=[text], watermark=text)
    book = openpyxl.load_workbook(written(plan, (text, text), (Fault("formula", text), None)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix or cell.value[0] not in "=+-@\t\r\n＝＋－＠" for cell in cells)
    out = io.BytesIO()
    write_csv(out, plan, [(text, text), (Fault("formula", text), None)])
    shown = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert all(field[:1] not in set("=+-@\t\r\n＝＋－＠") for record in shown for field in record)


@pytest.mark.parametrize("text", [*ACTIVE, "'=1", "''=1", "'twas", "_x000D_", "<&>\"'", "  甲  ", "一\n二", "林䶮𠮷😀"])
def test_reads_back_every_text(text: str) -> None:
    expected = text.replace("\x00", "").replace("\r", "\n")
    workbook = written(Plan("表", [OutColumn("甲")]), (text,))
    assert [row.values for row in here(workbook.getvalue())] == [["表"], ["甲"], [expected]]
    out = io.BytesIO()
    write_csv(out, Plan("", [OutColumn("甲")]), [(text,)])
    assert [row.values for row in here(out.getvalue())] == [["甲"], [expected]]


@pytest.mark.parametrize(
    ("value", "kind", "read"),
    [
        (True, "number", "是"),
        (False, "text", "否"),
        (12, "text", "12"),
        (12, "number", 12),
        (10**15, "number", "1000000000000000"),
        (350200199001011234, "number", "350200199001011234"),
        (-5, "money", -5),
        (1e-7, "money", 1e-7),
        (float("nan"), "number", "nan"),
        (float("inf"), "number", "inf"),
        (Decimal("1E+2"), "money", 100),
        (date(1899, 1, 1), "date", "1899-01-01"),
        (date(1900, 3, 1), "date", date(1900, 3, 1)),
        (datetime.fromisoformat("2022-03-22T10:20:30.123"), "date", datetime.fromisoformat("2022-03-22T10:20:30.123")),
        (time(10, 20, 30), "date", time(10, 20, 30)),
        (Fault("error", "#N/A"), "money", "#N/A"),
        ("x" * 40_000, "text", "x" * 32_700 + "…（超长，已截断）"),
        ("\ud800甲", "text", "甲"),
        ("", "text", None),
    ],
)
def test_writes_a_value(value: OutValue, kind: str, read: object) -> None:
    plan = Plan("", [OutColumn("甲", kind), OutColumn("乙")])  # type: ignore[arg-type]
    assert here(written(plan, (value, "乙")).getvalue())[1].values == [read, "乙"]


def test_refuses_rows_of_another_length_and_moments_with_a_zone() -> None:
    plan = Plan("", [OutColumn("甲")])
    with pytest.raises(ValueError, match="zip"):
        write_xlsx(io.BytesIO(), plan, [("一", "二")])
    with pytest.raises(ValueError, match="another number of values"):
        write_csv(io.BytesIO(), plan, [("一", "二")])
    with pytest.raises(ValueError, match="time zone"):
        write_xlsx(io.BytesIO(), plan, [(datetime.fromisoformat("2022-03-22T10:20:30+08:00"),)])


def test_writes_a_title_that_excel_accepts() -> None:
    book = openpyxl.load_workbook(written(Plan("'[台账]:2022/一*?\\" + "长" * 40, [OutColumn("甲")])))
    assert book.sheetnames == ["台账  2022 一   " + "长" * 16]
    assert book.active["A2"].value == "甲"


def test_writes_the_same_bytes_for_the_same_table() -> None:
    assert written(PLAN).getvalue() == written(PLAN).getvalue()


def test_writes_to_a_stream_that_cannot_seek() -> None:
    class Pipe(io.RawIOBase):
        """Takes bytes and nothing else."""

        def __init__(self) -> None:
            self.taken = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.taken += bytes(data)  # type: ignore[call-overload]
            return len(data)  # type: ignore[arg-type]

    pipe = Pipe()
    write_xlsx(pipe, Plan("表", [OutColumn("甲")]), [("一",)])  # type: ignore[arg-type]
    with read_rows(pipe.taken) as rows:
        assert [row.values for row in rows] == [["表"], ["甲"], ["一"]]


MEASURE = """
import resource, sys
from datetime import date
from jiandu.base.core.sheets import OutColumn, Plan, write_csv, write_xlsx

def rows():
    for at in range(int(sys.argv[1])):
        yield [date(2022, 3, 4), at * 1.5, *(f"第{at}件事项办理不规范{place}" for place in range(25))]

plan = Plan("表", [OutColumn(f"列{place}") for place in range(27)])
with open("/dev/null", "wb") as out:
    write_xlsx(out, plan, rows())
    write_csv(out, plan, rows())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_writes_in_constant_memory() -> None:
    def kibibytes(count: int) -> int:
        command = [sys.executable, "-c", MEASURE, str(count)]
        source = Path(__file__).parents[3] / "src"
        done = subprocess.run(command, capture_output=True, check=True, env={"PYTHONPATH": str(source)})
        return int(done.stdout)

    assert kibibytes(20_000) - kibibytes(2_000) <= 2_048
