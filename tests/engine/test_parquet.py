"""Tables of Parquet are read whole and in one order, whether they are a file or a folder of files."""

from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from jiandu.base.engine import parquet

ROWS = [{"n": n, "name": None if n % 3 else f"村{n}"} for n in range(10)]


@pytest.fixture(params=["file", "folder", "link"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The rows in a file, in files of a folder and of folders in it, and behind a link."""
    whole = tmp_path / "whole.parquet"
    pq.write_table(pa.Table.from_pylist(ROWS), whole)
    if request.param == "file":
        return whole
    if request.param == "link":
        (tmp_path / "link.parquet").symlink_to(whole)
        return tmp_path / "link.parquet"
    folder = tmp_path / "folder"
    for name, rows in {"1.parquet": ROWS[:4], "2/a.parquet": ROWS[4:5], "3.parquet": ROWS[5:]}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, schema=pq.read_schema(whole)), folder / name)
    return folder


def test_a_table_is_what_arrow_reads(table: Path) -> None:
    assert parquet.whole(table) == ds.dataset(table.resolve(), format="parquet").to_table()
    assert parquet.whole(table).to_pylist() == ROWS


def test_rows_come_in_batches_of_the_columns_asked_for(table: Path) -> None:
    found = list(parquet.batches(table, ["n"], size=3))
    assert max(batch.num_rows for batch in found) <= 3
    assert [row for batch in found for row in batch.to_pylist()] == [{"n": row["n"]} for row in ROWS]


@pytest.mark.parametrize("limit", [0, 1, 4, 5, 9, 10, 11])
def test_the_first_rows_are_the_first(table: Path, limit: int) -> None:
    assert parquet.head(table, limit) == ROWS[:limit]


def test_all_rows_where_no_limit_is(table: Path) -> None:
    assert parquet.head(table, None) == ROWS


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.parquet").write_text("id,name")
    with pytest.raises(ValueError, match="Parquet"):
        parquet.schema(tmp_path / "text.parquet")


def test_files_in_other_forms_of_the_same_columns_are_one_table(tmp_path: Path) -> None:
    """As different programs write them: another order, long text, what may not be empty."""
    schemas = [
        [pa.field("n", pa.int64()), pa.field("name", pa.string())],
        [pa.field("name", pa.string()), pa.field("n", pa.int64())],
        [pa.field("n", pa.int64(), nullable=False), pa.field("name", pa.large_string())],
    ]
    for number, fields in enumerate(schemas):
        rows = [{"n": number, "name": f"村{number}"}]
        pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(fields)), tmp_path / f"{number}.parquet")
    assert parquet.whole(tmp_path).to_pylist() == [{"n": n, "name": f"村{n}"} for n in range(3)]
    assert {tuple(batch.schema.names) for batch in parquet.batches(tmp_path)} == {("n", "name")}
    assert [batch.schema.names for batch in parquet.batches(tmp_path, ["name"])] == [["name"]] * 3
