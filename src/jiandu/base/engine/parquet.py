"""Tables of Parquet, a file or a folder of files, read from Python a batch at a time.

Arrow's own datasets do this too, but to load them draws in pandas: 40 MiB of every run.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Rows that are held at once.
BATCH = 1 << 16


def files(path: Path) -> list[Path]:
    """The files of a table, always in the same order."""
    path = path.resolve()
    return sorted(path.rglob("*.parquet")) if path.is_dir() else [path]


def opened(path: Path) -> Iterator[Any]:
    """Each file as a pyarrow.parquet.ParquetFile. Raises OSError or ValueError where one is no Parquet."""
    import pyarrow.parquet as pq  # noqa: PLC0415 -- slow import

    for file in files(path):
        with pq.ParquetFile(file) as one:
            yield one


def batches(path: Path, columns: list[str] | None = None, *, size: int = BATCH, threads: bool = True) -> Iterator[Any]:
    """The rows as Arrow's record batches, in one order, their columns as the first file has them."""
    first = None
    for one in opened(path):
        first = first or one.schema_arrow
        for batch in one.iter_batches(size, columns=columns, use_threads=threads):
            yield _like(first, batch)


def _like(first: Any, batch: Any) -> Any:
    """Files of one table may have their columns in another order, or text and what may be empty in another form of the same."""
    import pyarrow as pa  # noqa: PLC0415 -- slow import

    if batch.schema.equals(first):
        return batch
    fields = [field for field in first if field.name in batch.schema.names]
    return batch.select([field.name for field in fields]).cast(pa.schema(fields))


def schema(path: Path) -> Any:
    """The Arrow schema of the first file."""
    return next(opened(path)).schema_arrow


def whole(path: Path) -> Any:
    """The rows as one Arrow table."""
    import pyarrow as pa  # noqa: PLC0415 -- slow import

    return pa.Table.from_batches(batches(path), schema(path))


def head(path: Path, limit: int | None) -> list[dict[str, Any]]:
    """The first rows, or all of them, as plain values."""
    rows: list[dict[str, Any]] = []
    for batch in batches(path):
        rows += batch.to_pylist() if limit is None else batch.slice(0, limit - len(rows)).to_pylist()
        if limit is not None and len(rows) >= limit:
            break
    return rows
