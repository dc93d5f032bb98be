"""Anyone's table: how it is read, and what is said of one that cannot be."""

import resource
import subprocess
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiandu.results.warnings import tables
from jiandu.results.warnings.tables import Table, Unreadable


def read(content: bytes) -> Table:
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return tables.read(Path(file.name))


def table(*lines: str, head: str = "series,t,count") -> Table:
    return read("\n".join([head, *lines]).encode())


def wrong(*lines: str, head: str = "series,t,count") -> list[tuple[object, object, object]]:
    with pytest.raises(Unreadable) as refused:
        table(*lines, head=head)
    assert all(" · " in each["reason"] for each in refused.value.errors)
    return [(each.get("row"), each.get("column"), each.get("value")) for each in refused.value.errors]


def test_rows_in_any_order_missing_weeks_are_zeros_inside_a_span() -> None:
    found = table("乙,7,1", "甲,12,3", "甲,10,5", "", "乙,8,2.0")
    assert (found.names, found.first.tolist(), found.begins.tolist()) == (["乙", "甲"], [7, 10], [0, 2, 5])
    assert found.counts.tolist() == [1, 2, 5, 0, 3]
    assert [found.written(week) for week in (7, 12)] == ["7", "12"]


def test_other_columns_quotes_and_chinese_heads_are_read() -> None:
    found = table('1,"甲,乙",2022-W05,3', '2,"甲,乙",2022W06,4', head=',系列,周,"件数"')
    assert (found.names, found.counts.tolist(), found.kind) == (["甲,乙"], [3, 4], "week")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("2022-01-30", "2022-02-06"), ["2022-01-30", "2022-02-06"]),  # Sundays stay Sundays
        (("2022-01-31", "2022-02-12"), ["2022-01-31", "2022-02-07"]),  # any day: told as Mondays
        (("2020-W53", "2021-w01"), ["2020-W53", "2021-W01"]),
        (("2021-W1", "2021-W02"), ["2021-W01", "2021-W02"]),
        (("2022/1/30", "2022/2/6 0:00"), ["2022-01-30", "2022-02-06"]),  # as a spreadsheet saves them
        (("2022年1月31日", "20220207"), ["2022-01-31", "2022-02-07"]),
    ],
)
def test_weeks_are_told_as_they_were_written(days: tuple[str, str], said: list[str]) -> None:
    found = table(f"甲,{days[0]},1", f"甲,{days[1]},2")
    assert found.counts.tolist() == [1, 2]
    assert [found.written(int(found.first[0]) + step) for step in (0, 1)] == said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_and_line_ends(encoding: str) -> None:
    found = read("series,t,count\r\n集美区/低保,1,2\r\n".encode(encoding))
    assert (found.names, found.counts.tolist()) == (["集美区/低保"], [2])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["甲,1,2", "甲,2,-1"], [(3, "count", "-1")]),
        (["甲,1,2.5"], [(2, "count", "2.5")]),
        (["甲,1,"], [(2, "count", "")]),
        (["甲,1,NaN", " ,2,1"], [(2, "count", "NaN"), (3, "series", " ")]),
        (["甲,1,1e9"], [(2, "count", "1e9")]),
        (["甲,1,9999999999"], [(2, "count", "9999999999")]),
        (["甲,202205,1"], [(2, "t", "202205")]),  # zeros would fill 202253 to 202300
        (["甲,2022-13-01,1"], [(2, "t", "2022-13-01")]),
        (["甲,2022-W54,1"], [(2, "t", "2022-W54")]),
        (
            ["甲,2022/2/30,1", "甲,20221301,1", "甲,22/1/3,1"],
            [(2, "t", "2022/2/30"), (3, "t", "20221301"), (4, "t", "22/1/3")],
        ),
        (["甲,1900-01-01,1", "甲,2024/1/1,1"], [(3, "t", "2024/1/1")]),  # more than a hundred years
        (["甲,2022-W05,1", "甲,6,1", "甲,2022-W07,1"], [(3, "t", "6")]),
        (["甲,0,1", "甲,99999,1"], [(3, "t", "99999")]),
        (["甲,1"], [(2, "count", None)]),
        (["甲,1,2", "乙,1,2", "甲,2,1", "甲,1,5"], [(5, "series,t", "甲")]),
        (["甲,2022-01-31,1", "甲,2022-02-06,1"], [(3, "series,t", "甲")]),  # one week twice
        (['"甲,1,2'], [(2, None, None)]),
        ([], [(None, None, None)]),
    ],
)
def test_bad_rows_name_line_column_and_value(lines: list[str], said: list[tuple[object, object, object]]) -> None:
    assert wrong(*lines) == said


def test_lines_count_those_inside_quotes() -> None:
    assert wrong('"甲\n乙",1,2', "甲,1,x") == [(4, "count", "x")]


def test_twenty_errors_are_named_at_most() -> None:
    assert len(wrong(*(f"甲,{week},x" for week in range(50)))) == 20


@pytest.mark.parametrize("head", ["series,week,count", "series,t,count,count", "", "甲,1,2"])
def test_heads_that_are_not_there_or_twice(head: str) -> None:
    assert [each[0] for each in wrong("甲,1,2", head=head)] == [1]


@pytest.mark.parametrize("content", [b"", b"\xff\xff\xff", b"series,t,count\n\0,1,1", b"PK\x03\x04\x00\x00"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)


LIKELY = st.sampled_from(
    [
        "series,t,count",
        "甲",
        "乙",
        ",",
        ",",
        "\n",
        "\n",
        "1",
        "7",
        "2022-W05",
        "2022-01-31",
        '"',
        "\r",
        "-",
        "\0",
        "\ufeff",
    ]
)


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(LIKELY, max_size=40).map(lambda each: "".join(["series,t,count\n", *each]).encode()),
    )
)
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        found = read(content)
    except Unreadable as refused:
        assert refused.errors
        assert all(" · " in each["reason"] for each in refused.errors)
    else:
        assert found.begins[-1] == len(found.counts)
        assert (found.counts >= 0).all()


def test_many_blocks_are_one_table() -> None:
    found = table(*(f"{name},{week},{week}" for week in range(1, 4001) for name in "甲乙丙"))
    assert np.array_equal(found.counts, np.tile(np.arange(1.0, 4001), 3))


def test_a_line_without_end_is_told_and_fills_no_memory(tmp_path: Path) -> None:
    """Half a gigabyte in one line, in a process that may take less than that."""
    file = tmp_path / "long.csv"
    with file.open("wb") as out:
        out.write(b"series,t,count\na,1,1\nb,1,")
        out.seek(2**29)
        out.write(b"1\n")
    code = (
        "import sys; from pathlib import Path; from jiandu.results.warnings import tables\n"
        "try: tables.read(Path(sys.argv[1]))\n"
        "except tables.Unreadable as wrong: print(wrong.errors[0]['row'])"
    )

    def confined() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (2**28, 2**28))

    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, preexec_fn=confined, check=True
    )
    assert done.stdout.strip() == "3"


def test_wide_text_that_is_broken_is_told() -> None:
    with pytest.raises(Unreadable):
        read("series,t,count\n甲,1,1\n".encode("utf-16") + b"\x00\xd8\x00\x00")
