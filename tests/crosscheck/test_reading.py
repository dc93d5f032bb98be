"""Tables as people send them: every way of writing a value, and every wrong cell told, with nothing half loaded."""

import sqlite3
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import ibis
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jiandu.base.core.errors import Refused
from jiandu.base.core.ids import identity_number_18, identity_number_problem
from jiandu.base.engine import parquet
from jiandu.sources.crosscheck import reading, running, tables

CONTRACT = tables.named("contract")
HEAD = "contract_id,village,start_on,end_on,status,rent_fen,lessee_id,is_member\n"
GOOD = "C1,甲村,2023-01-01,2026-12-31,履行中,2400000,,是\n"


def bring(tmp_path: Path, text: str | bytes, name: str = "contract", suffix: str = ".csv") -> list[dict[str, Any]]:
    source = tmp_path / f"{name}{suffix}"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    into = tmp_path / "in" / f"{name}.parquet"
    reading.bring(tables.named(name), source, into, scratch=tmp_path / "scratch")
    return pq.read_table(into).to_pylist()


def refused(tmp_path: Path, text: str | bytes, name: str = "contract", suffix: str = ".csv") -> reading.Unreadable:
    with pytest.raises(reading.Unreadable) as caught:
        bring(tmp_path, text, name, suffix)
    assert not list((tmp_path / "in").glob("*")), "nothing is half loaded"
    return caught.value


def test_dates_money_and_flags_as_people_write_them(tmp_path: Path) -> None:
    head = "合同编号,村居,起始日期,终止日期,状态,年租金(万元),本集体成员,面积\n"
    lines = (
        'C1,甲村,2023-1-5,2026/12/31,履行中,2.4,是,"1,234.50"\n'
        'C2,甲村,2023年1月5日,20261231,履行中,"￥1,000",否,2\n'
        " C3 ,甲村,2023.01.05,2026-12-31 00:00:00,履行中,,,\n"
    )
    rows = bring(tmp_path, head + lines)
    assert [row["start_on"] for row in rows] == [date(2023, 1, 5)] * 3
    assert [row["end_on"] for row in rows] == [date(2026, 12, 31)] * 3
    assert [row["rent_fen"] for row in rows] == [2_400_000, 1_000_000_000, None]
    assert [row["is_member"] for row in rows] == [True, False, None]
    assert [row["area_mu"] for row in rows] == [1234.5, 2.0, None]
    assert rows[2]["contract_id"] == "C3"
    assert list(rows[0]) == list(CONTRACT.by_name), "columns that did not come are there, empty"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("11010519491231002X", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２ｘ", "11010519491231002X"),
        ("110105 19491231 002x", "11010519491231002X"),
        ("110105491231002", "11010519491231002X"),
        ("110105991231997", "110105189912319976"),  # order numbers from 996: born before 1900
    ],
)
def test_an_identity_number_has_one_writing(tmp_path: Path, written: str, kept: str) -> None:
    rows = bring(tmp_path, f"id_no,name\n{written},某甲\n", "person")
    assert rows[0]["id_no"] == kept == identity_number_18(written)


@given(
    st.text("0123456789Xx", min_size=15, max_size=18) | st.from_regex(r"\A[1-9]\d{5}(19|20)\d{9}[\dX]\Z"),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_write_an_identity_number_alike(tmp_path: Path, number: str) -> None:
    rows = bring(tmp_path, f"id_no,name\n{number},某甲\n", "person")
    if identity_number_problem(number) is None:
        assert rows[0]["id_no"] == identity_number_18(number)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert bring(tmp_path, (HEAD + GOOD).encode(encoding))[0]["village"] == "甲村"


def test_tabs_quotes_and_line_breaks_inside_a_cell(tmp_path: Path) -> None:
    text = HEAD.replace(",", "\t") + GOOD.replace(",", "\t").replace("甲村", '"甲\n""村"""')
    assert bring(tmp_path, text)[0]["village"] == '甲\n"村"'


def test_every_wrong_cell_is_told_with_its_row_column_and_reason(tmp_path: Path) -> None:
    text = HEAD + GOOD + "C2,,2023-13-01,2026-12-31,履行中,很多,123,或许\nC3,甲村,2023-01-01,=1+1,履行中,1,,是\n"
    told = refused(tmp_path, text)
    assert [(each["row"], each["column"], each["reason"].split(" · ")[0]) for each in told.errors] == [
        (3, "village", "不能为空"),
        (3, "start_on", "应为日期"),
        (3, "rent_fen", "应为金额"),
        (3, "is_member", "应为是或否"),
        (4, "end_on", "是公式，请改为数值"),
    ]
    assert told.total == 5
    assert all(" · " in each["reason"] for each in told.errors)


def test_ten_thousand_malformed_rows_are_all_told(tmp_path: Path) -> None:
    wrong = "".join(f"C{n},甲村,昨天,2026-12-31,履行中,1,,是\n" for n in range(10_000))
    told = refused(tmp_path, HEAD + wrong)
    assert (told.total, [each["row"] for each in told.errors]) == (10_000, list(range(2, 10_002)))


def test_torn_rows_and_wrong_cells_are_told_together_each_in_its_row(tmp_path: Path) -> None:
    bad, short, long = GOOD.replace("2023-01-01", "昨天"), "C2,甲村\n", GOOD.replace("是", "是,多,余")
    told = refused(tmp_path, HEAD + bad + short + short + GOOD + long + bad + GOOD + bad)
    assert [(each["row"], each["reason"].split(" · ")[0]) for each in told.errors] == [
        (2, "应为日期"),
        (3, "列数不够"),
        (4, "列数不够"),
        (6, "列数过多"),
        (7, "应为日期"),
        (9, "应为日期"),
    ]
    assert told.total == 6


@pytest.mark.parametrize("heads", ["contract_id,村居,合同编号", "合同编号,村居, 合同编号 "])
def test_a_column_that_is_there_twice_is_refused(tmp_path: Path, heads: str) -> None:
    told = refused(tmp_path, f"{heads},起始日期,终止日期,状态,备注,备注\nC1,甲村,C2,2023-01-01,2026-12-31,履行中,,\n")
    assert [(each["row"], each["reason"]) for each in told.errors] == [
        (1, "列“合同编号”有两栏 · two columns are contract_id")
    ]


def test_rows_of_another_width_are_all_told(tmp_path: Path) -> None:
    text = HEAD + GOOD + "C2,甲村\n" + GOOD + "C4,甲村,2023-01-01,2026-12-31,履行中,1,,是,多,余\n"
    told = refused(tmp_path, text)
    assert [(each["row"], each["reason"].split(" · ")[0]) for each in told.errors] == [
        (3, "列数不够"),
        (5, "列数过多"),
    ]


def test_a_line_without_end_is_told_and_never_held(tmp_path: Path) -> None:
    """64 MiB stand for 2 GB: the line is given up after one."""
    source = tmp_path / "contract.csv"
    with source.open("w") as file:
        file.write(HEAD + GOOD)
        for _ in range(64):
            file.write("x" * (1 << 20))
    with pytest.raises(reading.Unreadable) as caught:
        reading.bring(CONTRACT, source, tmp_path / "in.parquet", scratch=tmp_path / "scratch")
    assert (caught.value.errors[0]["row"], caught.value.errors[0]["reason"][:7]) == (3, "一行超过1 M")
    assert not (tmp_path / "in.parquet").exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "文件是空的"),
        (b"a,b\n1,2\n", "缺少必需的列"),
        (b"\xff\xfe\xfa\x00\x80", "不是 UTF-8"),
        (b"contract_id,village\n\x00\x00\x00,1\n", "有空字节"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "不是 UTF-8"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, reason: str) -> None:
    assert reason in refused(tmp_path, content).errors[0]["reason"]


def test_excel_in_with_titles_above_and_a_formula_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["甲镇集体合同台账"])
    sheet.append(["合同编号", "村居", "起始日期", "终止日期", "状态", "年租金(元)"])
    sheet.append(["C1", "甲村", date(2023, 1, 1), date(2026, 12, 31), "履行中", 24000])
    book.save(tmp_path / "good.xlsx")
    into = tmp_path / "in.parquet"
    reading.bring(CONTRACT, tmp_path / "good.xlsx", into, scratch=tmp_path / "scratch")
    row = pq.read_table(into).to_pylist()[0]
    assert (row["contract_id"], row["start_on"], row["rent_fen"]) == ("C1", date(2023, 1, 1), 2_400_000)
    sheet.append(["C2", "甲村", date(2023, 1, 1), date(2026, 12, 31), "履行中", "=1/0"])
    book.save(tmp_path / "bad.xlsx")
    with pytest.raises(reading.Unreadable):
        reading.bring(CONTRACT, tmp_path / "bad.xlsx", tmp_path / "bad.parquet", scratch=tmp_path / "scratch")
    assert not (tmp_path / "bad.parquet").exists()


def sheet(*rows: tuple[Any, ...], more: tuple[str, ...] = ()) -> bytes:
    book, content = openpyxl.Workbook(), BytesIO()
    for title in ("一月", *more):
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    del book["Sheet"]
    book.save(content)
    return content.getvalue()


TITLES = ("合同编号", "村居", "起始日期", "终止日期", "状态", "年租金")
LEASE = ("C1", "甲村", "2023-01-01", "2026-12-31", "履行中", 24000)


def test_an_error_in_excel_stands_where_the_file_has_it(tmp_path: Path) -> None:
    """Titles above, a blank row between and a total are no data, and are counted all the same."""
    wrong = ("C2", "甲村", "昨天", "2026-12-31", "履行中", "很多")
    content = sheet(
        ("某镇集体合同台账",), ("填报：某镇",), TITLES, LEASE, (), wrong, ("合计", None, None, None, None, 1), wrong
    )
    told = refused(tmp_path, content, suffix=".xlsx")
    assert [(each["row"], each["column"]) for each in told.errors] == [
        (6, "起始日期"),
        (6, "年租金"),
        (8, "起始日期"),
        (8, "年租金"),
    ]


def test_a_sheet_that_would_be_left_out_is_told(tmp_path: Path) -> None:
    told = refused(tmp_path, sheet(TITLES, LEASE, more=("二月",)), suffix=".xlsx")
    assert "二月" in told.errors[0]["reason"]
    told = refused(tmp_path, sheet((*TITLES, "合同编号"), (*LEASE, "C9")), suffix=".xlsx")
    assert "有两栏" in told.errors[0]["reason"]
    assert len(bring(tmp_path, sheet(TITLES, LEASE), suffix=".xlsx")) == 1  # control


def test_parquet_of_other_types_is_converted_or_refused(tmp_path: Path) -> None:
    made = {"id_no": ["11010519491231002X"], "name": ["某甲"], "birth": ["1949-12-31"], "died_on": [None]}
    pq.write_table(pa.table(made), tmp_path / "person.parquet")
    into = tmp_path / "in.parquet"
    reading.bring(tables.named("person"), tmp_path / "person.parquet", into, scratch=tmp_path / "s")
    assert pq.read_table(into).to_pylist()[0]["birth"] == date(1949, 12, 31)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(reading.Unreadable, match="Parquet"):
        reading.bring(tables.named("person"), tmp_path / "broken.parquet", into, scratch=tmp_path / "s")


def test_a_column_that_a_file_of_a_folder_lacks_is_empty_there(tmp_path: Path) -> None:
    data = tmp_path / "data"
    full = {"id_no": ["11010519491231002X"], "name": ["某甲"], "birth": ["1949-12-31"]}
    for name, made in {"1": full, "2": {"name": ["某乙"], "id_no": ["440524188001010014"]}}.items():
        (data / "person").mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(made), data / "person" / f"{name}.parquet")
    source = running.found(data, ["person"])["person"]
    told = {row["name"]: row["birth"] for row in parquet.whole(source.path).to_pylist()}
    assert told == {"某甲": date(1949, 12, 31), "某乙": None}
    pq.write_table(pa.table({"name": ["某丙"]}), data / "person" / "3.parquet")
    with pytest.raises(reading.Unreadable, match="不能为空"):
        running.found(data, ["person"])


@pytest.mark.parametrize(("suffix", "head"), [("csv", "合同编号,村居\r\n"), ("parquet", "")])
def test_what_the_engine_says_names_no_folder(tmp_path: Path, suffix: str, head: str) -> None:
    path = tmp_path / f"contract.{suffix}"
    path.write_bytes(f"{head}甲,乙\n丙,丁\r\n".encode())
    with pytest.raises(reading.Unreadable) as refused:
        reading.bring(CONTRACT, path, tmp_path / "in.parquet", scratch=tmp_path / "s")
    [error] = refused.value.errors
    assert (str(tmp_path) in error["reason"], path.name in error["reason"]) == (False, True)


def test_a_folder_whose_files_call_one_column_otherwise_is_refused(tmp_path: Path) -> None:
    """Each file alone is right; together the second's days would be a column that nobody knows."""
    folder = tmp_path / "data" / "person"
    folder.mkdir(parents=True)
    row = {"id_no": "11010519491231002X", "name": "某甲", "birth": date(1949, 12, 31)}
    pq.write_table(pa.Table.from_pylist([row]), folder / "1.parquet")
    running.found(tmp_path / "data", ["person"])  # the control
    words = tables.named("person").by_name["birth"].words
    pq.write_table(pa.Table.from_pylist([row | {words: row.pop("birth")}]), folder / "2.parquet")
    with pytest.raises(reading.Unreadable, match="有两栏"):
        running.found(tmp_path / "data", ["person"])


def test_a_folder_is_read_where_it_lies_only_if_each_of_its_files_is_canonical(tmp_path: Path) -> None:
    schema, folder = ibis.schema(tables.named("person").schema).to_pyarrow(), tmp_path / "data" / "person"
    folder.mkdir(parents=True)
    row = {"id_no": "11010519491231002X", "name": "某甲", "birth": date(1949, 12, 31)}
    pq.write_table(pa.Table.from_pylist([row], schema=schema), folder / "1.parquet")
    assert running.found(tmp_path / "data", ["person"])["person"].path == folder
    pq.write_table(pa.table({"id_no": ["440524188001010014"], "name": ["某乙"]}), folder / "2.parquet")
    assert running.found(tmp_path / "data", ["person"])["person"].path != folder


def test_straight_from_a_database(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE ht (bh TEXT, cun TEXT, q TEXT, z TEXT, zt TEXT)")
        connection.execute("INSERT INTO ht VALUES ('C1', '甲村', '2023-01-01', '2026-12-31', '履行中')")
    query = "SELECT bh AS contract_id, cun AS village, q AS start_on, z AS end_on, zt AS status FROM ht"
    into = tmp_path / "in.parquet"
    reading.bring(CONTRACT, f"sqlite:///{path}", into, scratch=tmp_path / "s", query=query)
    assert pq.read_table(into).to_pylist()[0]["village"] == "甲村"
    with pytest.raises(Refused, match="数据库读不出"):
        reading.bring(CONTRACT, f"sqlite:///{path}", into, scratch=tmp_path / "s", query="DROP TABLE ht")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM ht").fetchone() == (1,), "read only"
    with pytest.raises(Refused, match="只能读取"):
        reading.bring(CONTRACT, "mysql://x/y", into, scratch=tmp_path / "s", query="SELECT 1")


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6))
@example([("0", "", "INFINITY")])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_the_cells_it_is_taken_whole_or_refused_whole(
    tmp_path: Path, cells: list[tuple[str, str, str]]
) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    text = "village,town,since\n" + "".join(",".join(map(quoted, row)) + "\n" for row in cells)
    into = tmp_path / "in" / "village.parquet"
    into.unlink(missing_ok=True)
    try:
        rows = bring(tmp_path, text, "village")
    except reading.Unreadable as unreadable:
        assert unreadable.errors
        assert not into.exists()
    else:
        assert [row["village"] for row in rows] == [cell.strip(" ") for cell, _, _ in cells]


@pytest.mark.parametrize("word", ["infinity", "-infinity", "Infinity", "epoch"])
def test_words_that_the_engine_takes_for_days_are_none(tmp_path: Path, word: str) -> None:
    with pytest.raises(reading.Unreadable, match="应为日期"):
        bring(tmp_path, f"village,town,since\n甲村,乙镇,{word}\n", "village")


@pytest.mark.parametrize("word", ["inf", "-inf", "nan", "Infinity"])
def test_words_that_the_engine_takes_for_numbers_are_none(tmp_path: Path, word: str) -> None:
    with pytest.raises(reading.Unreadable):
        bring(tmp_path, f"plate,at,lat,lon\n闽D1,2024-03-05 10:00:07,{word},118.1\n", "gps")


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_too_little_memory_is_no_fault_of_the_table(tmp_path: Path, suffix: str) -> None:
    source, into = tmp_path / f"person{suffix}", tmp_path / "in" / "person.parquet"
    people = [{"id_no": f"{number}", "name": f"陈某{number}"} for number in range(200_000)]
    if suffix == ".csv":
        source.write_text("id_no,name\n" + "".join(f"{one['id_no']},{one['name']}\n" for one in people), "utf-8")
    else:
        pq.write_table(pa.Table.from_pylist(people), source)
    with pytest.raises(Refused) as caught:
        reading.bring(tables.named("person"), source, into, scratch=tmp_path / "scratch", memory="1MB")
    assert (caught.value.rule, list((tmp_path / "in").glob("*"))) == ("memory", [])
    enough = reading.bring(tables.named("person"), source, into, scratch=tmp_path / "scratch", memory="200MB")
    assert enough.rows == len(people)


def test_a_moment_keeps_its_seconds(tmp_path: Path) -> None:
    rows = bring(tmp_path, "plate,at,lat,lon\n闽D1,2024-03-05 10:00:07,24.5,118.1\n", "gps")
    assert rows[0]["at"] == datetime(2024, 3, 5, 10, 0, 7)
