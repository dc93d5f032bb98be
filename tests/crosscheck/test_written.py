"""What an engine writes has the types that the expression says, and is in the order that was asked for."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jiandu.base.engine.engines import Engine


def test_a_sum_of_money_is_a_whole_number_on_disk(duckdb: Engine, tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"village": ["b", "a", "b"], "fen": [9_007_199_254_740_993, 2, 0]}), tmp_path / "in.parquet"
    )
    paid = duckdb.table("written_in", tmp_path / "in.parquet")
    summed = paid.group_by("village").agg(fen=paid.fen.sum())
    duckdb.write(duckdb.sql(summed, order=("village",)), tmp_path / "out.parquet")
    assert pq.read_schema(tmp_path / "out.parquet").field("fen").type == pa.int64()
    assert pq.read_table(tmp_path / "out.parquet").to_pylist() == [
        {"village": "a", "fen": 2},
        {"village": "b", "fen": 9_007_199_254_740_993},
    ]
